// Statements: the bodies of what one side does and finds, writing and reading side by side (VOICE-28, VOICE-29). Knows
// bits, codes, steps.
//
// The twin of src/redshank/exchange/voice/statements.py. Members stand in the order in which differences are told.
import type { Members } from "../json";
import { DISTRICTS_WARNED, LOG_GENERATIONS } from "../limits";
import { type Reader, refuse, Writer } from "./bits";
import { OBJECT_BITS, present, putObject, putPlace, takeObject, takePlace } from "./bodies";
import * as coarse from "./coarse";
import { type Both, putDistrict, takeDistrict } from "./codes";

const CONDITIONS = ["out-of-control", "in-flight", "under-control", "landed"];
const MEASURES = ["airspace-closed", "airspace-restricted", "response-flight", "search-flight"];
const FOUND = ["debris", "whole-object", "balloon", "payload"];
const HAZARDS = ["none-seen", "possible", "confirmed"];
const ITEMS = ["photograph", "document", "data", "part"];
const MEANS = ["radar", "air", "ground", "water"];
const LEVELS = ["possible", "shelter", "all-clear"];
const [BEGIN_BITS, LAST_BITS, PAST_BITS, END_BITS, RADIUS_BITS] = [17, 16, 20, 10, 14];
const RADIUS_STEPS = 10_000;
const SERIAL_BITS = 40;
const ITEM_BITS = 40;
const DISTRICTS_BITS = 6;
const HASH_DIGITS = [64, 32, 16, 8];

export function putOwnObject(out: Writer, body: Members, statedS: bigint): void {
  const until = body.until_ms as bigint | undefined;
  out.put(CONDITIONS.indexOf(body.condition as string), 2);
  putObject(out, body.object as Members);
  out.putOptional(until === undefined ? null : coarse.endSteps(until, statedS), END_BITS);
}

export function takeOwnObject(bits: Reader, statedS: bigint): Members {
  const [condition, object] = [bits.takeCode(2, "condition", CONDITIONS), takeObject(bits)];
  const steps = bits.takeOptional(END_BITS, "until_ms", Number(coarse.END_STEPS));
  return present({ condition, object, until_ms: steps === null ? null : coarse.endOf(steps, statedS) });
}

export function putMeasure(out: Writer, body: Members, statedS: bigint): void {
  const centre = body.centre as Members;
  out.put(MEASURES.indexOf(body.measure as string), 2);
  putPlace(out, centre);
  out.put(coarse.searchSteps(body.radius_m as bigint, coarse.movedM(centre)), RADIUS_BITS);
  putSpan(out, body, statedS);
  for (const height of [body.floor_m, body.ceiling_m] as (bigint | undefined)[]) {
    out.putOptional(height === undefined ? null : coarse.altitudeSteps(height), 10);
  }
}

export function takeMeasure(bits: Reader, statedS: bigint): Members {
  const measure = bits.takeCode(2, "measure", MEASURES);
  const centre = takePlace(bits, "centre");
  const radius_m = bits.take(RADIUS_BITS, "radius_m", RADIUS_STEPS) * coarse.RADIUS_STEP_M;
  const span = takeSpan(bits, statedS);
  const [floor_m, ceiling_m] = ["floor_m", "ceiling_m"].map((field) => heightOf(bits.takeOptional(10, field, 610)));
  return present({ measure, centre, radius_m, ...span, floor_m: floor_m ?? null, ceiling_m: ceiling_m ?? null });
}

const heightOf = (steps: bigint | null): bigint | null =>
  steps === null ? null : steps * coarse.ALTITUDE_STEP_M + coarse.ALTITUDE_FIRST_M;

export function putFind(out: Writer, body: Members, statedS: bigint): void {
  const at = body.at as Members;
  out.put(FOUND.indexOf(body.what as string), 2);
  putPlace(out, at);
  out.put(coarse.accuracySteps(body.accuracy_m as bigint, coarse.movedM(at)), 11);
  out.put(coarse.pastSteps(body.found_ms as bigint, statedS), PAST_BITS);
  out.put(HAZARDS.indexOf(body.hazard as string), 2);
  out.put(body.secured === "yes", 1);
  out.put(body.object !== undefined, 1);
  if (body.object !== undefined) out.putNumber(body.object as bigint, OBJECT_BITS);
}

export function takeFind(bits: Reader, statedS: bigint): Members {
  const [what, at] = [bits.takeCode(2, "what", FOUND), takePlace(bits, "at")];
  const accuracy_m = bits.take(11, "accuracy_m", 2_000) * coarse.RADIUS_STEP_M;
  const found_ms = takePast(bits, "found_ms", statedS);
  const hazard = bits.takeCode(2, "hazard", HAZARDS);
  const secured = bits.take(1, "secured") ? "yes" : "no";
  const object = bits.take(1, "object") ? bits.takeNumber(OBJECT_BITS, "object") : null;
  return present({ what, at, accuracy_m, found_ms, hazard, secured, object });
}

/** With as many digits of the hash as fit. */
export function putEvidence(header: Writer, body: Members, statedS: bigint, later: boolean, room: number): Writer {
  let out = header;
  for (const [choice, digits] of HASH_DIGITS.entries()) {
    out = header.copy();
    out.put(ITEMS.indexOf(body.kind as string), 2);
    out.put(choice, 2);
    out.put(BigInt(`0x${(body.sha256 as string).slice(0, digits)}`), 4 * digits);
    out.putNumber(body.bytes as bigint, ITEM_BITS);
    out.put(coarse.pastSteps(body.obtained_ms as bigint, statedS), PAST_BITS);
    out.put(body.find !== undefined, 1);
    if (body.find !== undefined) putOwnSerial(out, body.find as bigint, body.generation as bigint | undefined, later);
    if (out.size <= room) break;
  }
  return out;
}

export function takeEvidence(bits: Reader, statedS: bigint, later: boolean, unspoken: string[]): Members {
  const kind = bits.takeCode(2, "kind", ITEMS);
  const digits = bits.takeCode(2, "sha256", HASH_DIGITS);
  const said = bits.take(4 * digits, "sha256").toString(16).padStart(digits, "0");
  if (digits !== 64) unspoken.push(`sha256 ${64 - digits}`);
  const bytes = bits.takeNumber(ITEM_BITS, "bytes");
  const obtained_ms = takePast(bits, "obtained_ms", statedS);
  const named = bits.take(1, "find") ? takeOwnSerial(bits, "find", later) : null;
  const [find, generation] = [named?.serial ?? null, named?.generation ?? null];
  return present({ kind, sha256: said.padEnd(64, "0"), bytes, obtained_ms, find, generation });
}

export function putNegative(out: Writer, body: Members, statedS: bigint): void {
  const centre = body.centre as Members;
  putPlace(out, centre);
  out.put(coarse.lookedSteps(body.radius_m as bigint, coarse.movedM(centre)), RADIUS_BITS);
  putSpan(out, body, statedS);
  out.put(MEANS.indexOf(body.means as string), 2);
}

export function takeNegative(bits: Reader, statedS: bigint): Members {
  const centre = takePlace(bits, "centre");
  const radius_m = bits.take(RADIUS_BITS, "radius_m", RADIUS_STEPS) * coarse.RADIUS_STEP_M;
  return { centre, radius_m, ...takeSpan(bits, statedS), means: bits.takeCode(2, "means", MEANS) };
}

/** As many districts as fit, from the first on; none after one that has no short form. */
export function putWarning(header: Writer, body: Members, both: Both, statedS: bigint, room: number): Writer {
  const districts = body.districts as string[];
  let best = warningWith(header, body, both, statedS, 0);
  for (let count = 1; count <= districts.length; count++) {
    if (!districts.slice(0, count).every((code) => putDistrict(new Writer(), code, both))) break;
    const more = warningWith(header, body, both, statedS, count);
    if (more.size > room) break;
    best = more;
  }
  return best;
}

function warningWith(header: Writer, body: Members, both: Both, statedS: bigint, count: number): Writer {
  const districts = body.districts as string[];
  const out = header.copy();
  out.put(LEVELS.indexOf(body.level as string), 2);
  putSpan(out, body, statedS);
  const none = districts.length === 1 && districts[0] === unspokenOf(both);
  out.put(count, DISTRICTS_BITS);
  out.put(none ? 0 : districts.length - count, DISTRICTS_BITS);
  for (const code of districts.slice(0, count)) putDistrict(out, code, both);
  return out;
}

export function takeWarning(bits: Reader, both: Both, statedS: bigint, unspoken: string[]): Members {
  const level = bits.takeCode(2, "level", LEVELS);
  const { from_ms, until_ms } = takeSpan(bits, statedS);
  const count = Number(bits.take(DISTRICTS_BITS, "districts", DISTRICTS_WARNED));
  const rest = bits.take(DISTRICTS_BITS, "districts", DISTRICTS_WARNED - count);
  const districts = Array.from({ length: count }, () => takeDistrict(bits, both, "districts"));
  if (rest) unspoken.push(`districts ${rest}`);
  return { level, districts: count ? districts : [unspokenOf(both)], from_ms, until_ms };
}

const unspokenOf = (both: Both): string => `${both[0]}-not-spoken`;

// --- a serial of the sender's own log -----------------------------------------------------------------------

/** With the generation of the log that it points into, where there can be an earlier one. */
export function putOwnSerial(out: Writer, serial: bigint, generation: bigint | undefined, later: boolean): void {
  out.putNumber(serial, SERIAL_BITS);
  if (later) out.putOptional(generation, 10);
}

export function takeOwnSerial(
  bits: Reader, field: string, later: boolean,
): { serial: bigint; generation: bigint | null } {
  const serial = bits.takeNumber(SERIAL_BITS, field);
  return { serial, generation: later ? bits.takeOptional(10, "generation", LOG_GENERATIONS - 1) : null };
}

// --- times --------------------------------------------------------------------------------------------------

function putSpan(out: Writer, body: Members, statedS: bigint): void {
  const [early, lasts] = coarse.spanSteps(body, statedS);
  out.put(early + coarse.SPAN_MINUTES, BEGIN_BITS);
  out.put(lasts, LAST_BITS);
}

function takeSpan(bits: Reader, statedS: bigint): { from_ms: bigint; until_ms: bigint } {
  const early = bits.take(BEGIN_BITS, "from_ms", 2 * Number(coarse.SPAN_MINUTES)) - coarse.SPAN_MINUTES;
  const lasts = bits.take(LAST_BITS, "until_ms", Number(coarse.SPAN_MINUTES));
  if (statedS + 60n * early < 0n) refuse("value-not-plausible", "from_ms", "before 1970");
  return coarse.spanOf(early, lasts, statedS);
}

function takePast(bits: Reader, field: string, statedS: bigint): bigint {
  const minutes = bits.take(PAST_BITS, field, Number(coarse.PAST_MINUTES));
  if (statedS < 60n * minutes) refuse("value-not-plausible", field, "before 1970");
  return coarse.pastOf(minutes, statedS);
}
