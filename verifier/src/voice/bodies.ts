// Bodies: the fields of each body, writing and reading side by side (VOICE-8 to VOICE-10). Knows bits, codes, steps.
//
// The twin of src/redshank/exchange/voice/bodies.py. Members stand in the order in which differences are told.
import type { Members, Value } from "../json";
import { DISTRICTS_PER_MESSAGE } from "../limits";
import { type Reader, refuse, Writer } from "./bits";
import { borderOf, borderOrder, type Both, putCountry, putDistrict, takeCountry, takeDistrict } from "./codes";
import * as coarse from "./coarse";

const PHASES = ["possible", "crossing", "crossed"];
const STATUSES = ["unknown", "unidentified", "strayed", "uav", "balloon", "aircraft", "helicopter", "birds"];
const QUESTIONS = ["yours-or-known"];
const ANSWERS = ["ours", "known", "unknown", "no-information", "cannot-say"];
const OUTCOMES = ["crossed", "did-not-cross", "identified", "lost", "found", "no-further-information"];
const ROLES = ["observer", "duty-officer", "releasing-authority", "administrator"];
const OTHER_ROLE = 7;
const UNSPOKEN_ROLE = "not-spoken";
const [ABSENT, SPOKEN, UNSPOKEN] = [0, 1, 2];
export const OBJECT_BITS = 21;
const COUNT_BITS = 14;
const DISTRICTS_SPOKEN = 7;

/** Members without those that are not there. */
export function present(members: Record<string, Value | null>): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as Members;
}

// --- NOTICE and UPDATE -------------------------------------------------------------------------------------

/** As much as fits into `room` bits: the object always, then the crossing, then districts from the first on. */
export function putNotice(header: Writer, body: Members, both: Both, statedS: bigint, room: number): Writer {
  const districts = (body.districts ?? []) as Members[];
  let best = noticeWith(header, body, both, statedS, false, 0) as Writer;
  for (let count = 0; count <= Math.min(districts.length, DISTRICTS_SPOKEN); count++) {
    const more = noticeWith(header, body, both, statedS, true, count);
    if (more === null || more.size > room) break;
    best = more;
  }
  return best;
}

function noticeWith(
  header: Writer, body: Members, both: Both, statedS: bigint, saysCrossing: boolean, count: number,
): Writer | null {
  const out = header.copy();
  const districts = (body.districts ?? []) as Members[];
  const crossing = body.crossing as Members | undefined;
  out.put(PHASES.indexOf(body.phase as string), 2);
  putObject(out, body.object as Members);
  putCrossing(out, saysCrossing ? crossing : undefined, both, statedS, crossing !== undefined);
  out.put(count, 3);
  out.put(districts.length - count, 6);
  for (const claim of districts.slice(0, count)) {
    const window = coarse.windowSteps(claim, statedS);
    if (window === null || !putDistrict(out, claim.district as string, both)) return null;
    out.put(coarse.percent(claim.permille as bigint), 7);
    putWindow(out, window);
  }
  return out;
}

function putCrossing(out: Writer, claim: Members | undefined, both: Both, statedS: bigint, exists: boolean): void {
  if (claim === undefined) return out.put(exists ? UNSPOKEN : ABSENT, 2);
  const [outOf, into] = [claim.out_of as string, claim.into as string];
  const order = borderOrder(claim.border as string, outOf, into);
  const window = coarse.windowSteps(claim, statedS);
  const places = new Writer();
  const codes = putCountry(places, outOf, both) && putCountry(places, into, both);
  if (order === null || window === null || !codes) return out.put(UNSPOKEN, 2);
  out.put(SPOKEN, 2);
  out.put(places.value, places.size);
  out.put(order, 1);
  out.put(coarse.percent(claim.permille as bigint), 7);
  putWindow(out, window);
  putPlace(out, claim.stretch_from as Members);
  putPlace(out, claim.stretch_to as Members);
}

/** What was said, and the names of what was not. */
export function takeNotice(bits: Reader, both: Both, statedS: bigint, unspoken: string[]): Members {
  const phase = bits.takeCode(2, "phase", PHASES);
  const object = takeObject(bits);
  const presence = Number(bits.take(2, "crossing", UNSPOKEN));
  const crossing = presence === SPOKEN ? takeCrossing(bits, both, statedS) : null;
  if (presence === UNSPOKEN) unspoken.push("crossing");
  const count = Number(bits.take(3, "districts"));
  const rest = bits.take(6, "districts", DISTRICTS_PER_MESSAGE - count);
  const districts = Array.from({ length: count }, () => takeClaim(bits, both, statedS));
  if (rest) unspoken.push(`districts ${rest}`);
  return present({ phase, object, crossing, districts: count ? districts : null });
}

function takeCrossing(bits: Reader, both: Both, statedS: bigint): Members {
  const outOf = takeCountry(bits, both, "crossing.out_of");
  const into = takeCountry(bits, both, "crossing.into");
  const order = bits.take(1, "crossing.border");
  if (outOf === into) refuse("value-not-plausible", "crossing.border", "has two sides");
  const permille = 10n * bits.take(7, "crossing.permille", 100);
  const window = takeWindow(bits, statedS, "crossing");
  const [from, to] = [takePlace(bits, "crossing.stretch_from"), takePlace(bits, "crossing.stretch_to")];
  const border = borderOf(order, outOf, into);
  return { border, out_of: outOf, into, permille, ...window, stretch_from: from, stretch_to: to };
}

function takeClaim(bits: Reader, both: Both, statedS: bigint): Members {
  const district = takeDistrict(bits, both, "districts");
  const permille = 10n * bits.take(7, "districts", 100);
  return { district, permille, ...takeWindow(bits, statedS, "districts") };
}

function putWindow(out: Writer, [offset, before, after]: [bigint, bigint, bigint]): void {
  out.put(offset, 11);
  out.put(before, 9);
  out.put(after, 9);
}

function takeWindow(bits: Reader, statedS: bigint, field: string): Members {
  const [offset, before, after] = [bits.take(11, field), bits.take(9, field), bits.take(9, field)];
  return coarse.windowOf(offset, before, after, statedS);
}

export function putPlace(out: Writer, point: Members): void {
  for (const steps of coarse.placeSteps(point)) out.put(steps, 14);
}

export function takePlace(bits: Reader, field: string): Members {
  const north = bits.take(14, field, coarse.LAT_STEPS);
  return coarse.placeOf(north, bits.take(14, field, coarse.LON_STEPS));
}

// --- objects, LOST -----------------------------------------------------------------------------------------

export function putObject(out: Writer, state: Members): void {
  const at = state.at as Members;
  const altitude = state.altitude_m as bigint | undefined;
  out.putNumber(state.object as bigint, OBJECT_BITS);
  out.put(STATUSES.indexOf(state.status as string), 3);
  putPlace(out, at);
  out.put(coarse.accuracySteps(state.accuracy_m as bigint, coarse.movedM(at)), 11);
  out.putOptional(state.count === 1n ? null : (state.count as bigint | undefined), COUNT_BITS);
  out.putOptional(altitude === undefined ? null : coarse.altitudeSteps(altitude), 10);
  out.putOptional(state.course_deg as bigint | undefined, 9);
  out.putOptional(state.speed_kmh as bigint | undefined, 12);
}

export function takeObject(bits: Reader): Members {
  const object = bits.takeNumber(OBJECT_BITS, "object");
  const status = bits.takeCode(3, "status", STATUSES);
  const at = takePlace(bits, "at");
  const accuracy_m = bits.take(11, "accuracy_m", 2_000) * coarse.RADIUS_STEP_M;
  const count = bits.takeOptional(COUNT_BITS, "count");
  if (count === 1n) refuse("not-canonical", "count", "one needs no digits");
  const steps = bits.takeOptional(10, "altitude_m", 610);
  const altitude_m = steps === null ? null : steps * coarse.ALTITUDE_STEP_M + coarse.ALTITUDE_FIRST_M;
  const course_deg = bits.takeOptional(9, "course_deg", 359);
  const speed_kmh = bits.takeOptional(12, "speed_kmh", 3_600);
  return present({ object, status, at, accuracy_m, count, altitude_m, course_deg, speed_kmh });
}

export function putLost(out: Writer, body: Members): void {
  const centre = body.search_centre as Members;
  putObject(out, body.object as Members);
  putPlace(out, centre);
  out.put(coarse.searchSteps(body.search_radius_m as bigint, coarse.movedM(centre)), 14);
}

export function takeLost(bits: Reader): Members {
  const [object, search_centre] = [takeObject(bits), takePlace(bits, "search_centre")];
  return { object, search_centre, search_radius_m: bits.take(14, "search_radius_m", 10_000) * coarse.RADIUS_STEP_M };
}

// --- forms of codes ----------------------------------------------------------------------------------------

export function putQuery(out: Writer, body: Members): void {
  out.putNumber(body.object as bigint, OBJECT_BITS);
  out.put(QUESTIONS.indexOf(body.question as string), 2);
}

export function takeQuery(bits: Reader): Members {
  const object = bits.takeNumber(OBJECT_BITS, "object");
  return { object, question: bits.takeCode(2, "question", QUESTIONS) };
}

export const putReply = (out: Writer, body: Members): void => out.put(ANSWERS.indexOf(body.answer as string), 3);
export const takeReply = (bits: Reader): Members => ({ answer: bits.takeCode(3, "answer", ANSWERS) });

export function putAck(out: Writer, body: Members): void {
  const role = ROLES.indexOf(body.role as string);
  out.put(role < 0 ? OTHER_ROLE : role, 3);
}

export function takeAck(bits: Reader, unspoken: string[]): Members {
  const role = Number(bits.take(3, "role"));
  if (role === OTHER_ROLE) {
    unspoken.push("role");
    return { role: UNSPOKEN_ROLE };
  }
  const known = ROLES[role];
  return { role: known ?? refuse("value-not-plausible", "role", `${role} is no code of this field`) };
}

export function putClose(out: Writer, body: Members): void {
  out.put(OUTCOMES.indexOf(body.outcome as string), 3);
  out.putNumber(body.objects as bigint, OBJECT_BITS);
}

export function takeClose(bits: Reader): Members {
  const outcome = bits.takeCode(3, "outcome", OUTCOMES);
  return { outcome, objects: bits.takeNumber(OBJECT_BITS, "objects") };
}
