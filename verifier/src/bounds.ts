// Bounds: what each field of a message may hold (MSG-9 to MSG-14, MSG-22 to MSG-26). Knows the forms.
import type { Members, Value } from "./json";
import type { MessageType } from "./forms";
import {
  DISTRICTS_PER_MESSAGE, DISTRICTS_WARNED, END_AHEAD_MS, LIVES, EVIDENCE_ITEM_BYTES, FLIGHT_END_MS, LOG_ENTRIES, LOG_GENERATIONS,
  MESSAGE_AHEAD_MS, MESSAGE_TEXT_CHARS, STATED_PAST_MS, STATED_SPAN_MS,
} from "./limits";
import type { Message } from "./message";
import { quoted, Refusal } from "./refusal";

const INTEGER_MAX = 2n ** 53n - 1n;
const INCIDENT = /^[A-Z]{2}-[0-9]{4}-[0-9]{6}$/;
const CODE = /^[A-Za-z0-9][A-Za-z0-9_.:|-]{0,31}$/;
const TEXT_REFUSED =
  /[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff\ufeff\ufff0-\uffff]/;

/** Types that are about the agreement itself (AGR-1). */
export const OF_LIFE: readonly string[] = ["ACTIVATE", "SUSPEND", "RESUME", "END"];

const bad = (field: string, detail: string): Refusal => new Refusal("value-not-plausible", field, detail);

function ranged(field: string, value: Value | undefined, low: bigint, high: bigint): Refusal | null {
  const number = value as bigint;
  return low <= number && number <= high ? null : bad(field, `allowed ${low}..${high}`);
}

/** Null when every field is within bounds, else the first refusal. There is no clock to hold times against. */
export function checkMessage(message: Message): Refusal | null {
  return checkTimes(message) ?? checkReferences(message) ?? checkText(message.text) ?? checkBody(message, message.type, message.body) ?? checkLife(message);
}

function checkTimes({ stated_ms: stated, observed_ms: observed }: Message): Refusal | null {
  const wrong = ranged("stated_ms", stated, 0n, INTEGER_MAX);
  if (wrong || observed === null) return wrong;
  const late = observed > stated + MESSAGE_AHEAD_MS;
  return (
    ranged("observed_ms", observed, 0n, INTEGER_MAX) ??
    (late ? new Refusal("time-not-plausible", "observed_ms", "observed after it was stated") : null)
  );
}

function checkReferences(message: Message): Refusal | null {
  const { type, incident, in_reply_to: reply } = message;
  const ofLog = type === "LOG-END" || type === "LOG-OPEN";
  const none = type === "TEST" || type === "TEST-REPLY" || ofLog || OF_LIFE.includes(type);
  if (incident === null && !none && type !== "ACK") return bad("incident", `${type} needs one`);
  if (incident !== null && (none || !INCIDENT.test(incident))) {
    return bad("incident", `not for ${type}, or not <party>-<year>-<six digits>: ${quoted(incident, 20)}`);
  }
  if (ofLog) return checkPlaceOfLog(message);
  const answers = reply !== null || message.reply_generation !== null;
  if (answers && (OF_LIFE.includes(type) || type === "EVIDENCE" || type === "CORRECT" || type === "CANCEL")) {
    return bad("in_reply_to", `not for ${type}`);
  }
  if (reply !== null) {
    return ranged("in_reply_to", reply, 0n, BigInt(LOG_ENTRIES - 1)) ?? checkReplyGeneration(message);
  }
  if (message.reply_generation !== null) {
    return bad("reply_generation", "says of which log a serial is that is not there");
  }
  return type === "TEST-REPLY" || type === "REPLY" || type === "ACK" ? bad("in_reply_to", `${type} needs one`) : null;
}

/** LOG-END names the generation that follows its own; LOG-OPEN stands first in a log that follows another. */
function checkPlaceOfLog(message: Message): Refusal | null {
  const { type, body, serial, generation } = message;
  if (message.in_reply_to !== null || message.reply_generation !== null) return bad("in_reply_to", `not for ${type}`);
  if (type === "LOG-END" && body.generation !== BigInt(generation + 1)) {
    return bad("generation", `${body.generation} does not follow ${generation}`);
  }
  if (type === "LOG-OPEN" && (serial > 0 || generation === 0)) {
    return bad("serial", "stands first in a log that follows another, and nowhere else");
  }
  return null;
}

/** Left out for the own generation, so that a reference has one spelling. */
function checkReplyGeneration({ reply_generation: of, generation }: Message): Refusal | null {
  if (of === null || (of >= 0n && of < BigInt(generation))) return null;
  return bad("reply_generation", "an earlier one than that of the message, or none");
}

function checkText(text: string | null): Refusal | null {
  if (text === null) return null;
  const length = [...text].length;
  if (length < 1 || length > MESSAGE_TEXT_CHARS) {
    return new Refusal("too-large", "text", `${length} characters, allowed 1..${MESSAGE_TEXT_CHARS}`);
  }
  if (TEXT_REFUSED.test(text)) return bad("text", "a control, invisible, private or supplementary character");
  return text === text.normalize("NFC")
    ? null
    : new Refusal("not-canonical", "text", "not in Unicode normalisation form C");
}

/** `body` is the message's own, or the one that its CORRECT puts in the place of an earlier one. */
function checkBody(message: Message, type: MessageType, body: Members): Refusal | null {
  switch (type) {
    case "NOTICE":
    case "UPDATE":
      return checkNotice(body);
    case "LOST":
      return checkObject(body.object as Members) ?? checkDisc("search_", body);
    case "QUERY":
      return ranged("object", body.object, 1n, 999_999n);
    case "CLOSE":
      return (
        ranged("objects", body.objects, 0n, 999_999n) ??
        checkOrder("observed_ms", [body.first_observed_ms, body.last_observed_ms])
      );
    case "ACK":
      return checkCode("role", body.role);
    case "AGREE-CLOSE":
      return body.agrees === "yes" || body.agrees === "no" ? null : bad("agrees", "yes or no");
    case "TEST":
    case "TEST-REPLY":
      return ranged("number", body.number, 0n, INTEGER_MAX);
    case "REPLY":
    case "ACTIVATE":
    case "SUSPEND":
    case "RESUME":
    case "END":
      return null;
    case "LOG-END":
      return checkEnd(body);
    case "LOG-OPEN":
      return checkClaim("end", body.end as Members) ?? checkClaim("partner_end", body.partner_end as Members);
    case "OWN-OBJECT":
      return checkObject(body.object as Members) ?? checkFlightEnd(message.stated_ms, body.until_ms);
    case "MEASURE":
      return checkSpan(message.stated_ms, body) ?? checkDisc("", body) ?? checkHeights(body);
    case "NEGATIVE":
      return checkSpan(message.stated_ms, body) ?? checkDisc("", body);
    case "WARNING":
      return checkSpan(message.stated_ms, body) ?? checkWarned(message.sender, body.districts as string[]);
    case "FIND":
      return (
        ranged("accuracy_m", body.accuracy_m, 0n, 200_000n) ??
        checkPoint("at", body.at as Members) ??
        (body.object === undefined ? null : ranged("object", body.object, 1n, 999_999n)) ??
        checkPast("found_ms", message.stated_ms, body.found_ms)
      );
    case "EVIDENCE":
      return checkItem(message, body);
    case "CANCEL":
      return checkOwnSerial("serial", message, body.serial, body.generation);
    case "CORRECT":
      return (
        checkOwnSerial("serial", message, body.serial, body.generation) ??
        checkBody(message, body.type as MessageType, body.body as Members)
      );
  }
}

/** AGR-3: which text, which life, how far the sender had read, and when an end takes effect. */
function checkLife({ type, body, stated_ms: stated }: Message): Refusal | null {
  if (!OF_LIFE.includes(type)) return null;
  if (!/^[0-9a-f]{64}$/.test(body.agreement as string)) {
    return bad("agreement", "64 hexadecimal digits, in small letters");
  }
  const wrong =
    ranged("life", body.life, 1n, BigInt(LIVES)) ?? ranged("taken", body.taken, 0n, BigInt(LOG_ENTRIES));
  if (wrong || type !== "END") return wrong;
  const latest = stated + END_AHEAD_MS;
  return ranged("from_ms", body.from_ms, stated, latest < INTEGER_MAX ? latest : INTEGER_MAX);
}

function checkItem(message: Message, body: Members): Refusal | null {
  if (!/^[0-9a-f]{64}$/.test(body.sha256 as string)) return bad("sha256", "64 hexadecimal digits, in small letters");
  return (
    ranged("bytes", body.bytes, 0n, EVIDENCE_ITEM_BYTES - 1n) ??
    checkPast("obtained_ms", message.stated_ms, body.obtained_ms) ??
    checkOwnSerial("find", message, body.find, body.generation)
  );
}

function checkHeights(body: Members): Refusal | null {
  for (const field of ["floor_m", "ceiling_m"]) {
    const found = body[field] === undefined ? null : ranged(field, body[field], -500n, 30_000n);
    if (found) return found;
  }
  const [floor, ceiling] = [body.floor_m as bigint | undefined, body.ceiling_m as bigint | undefined];
  return floor !== undefined && ceiling !== undefined && floor > ceiling ? bad("floor_m", "above the ceiling") : null;
}

/** Own districts only, each once, in the order of their codes. */
function checkWarned(sender: string, districts: string[]): Refusal | null {
  if (districts.length < 1 || districts.length > DISTRICTS_WARNED) {
    return new Refusal("too-large", "districts", `${districts.length} districts, allowed 1..${DISTRICTS_WARNED}`);
  }
  for (const code of districts) {
    const found = checkCode("districts", code);
    if (found) return found;
  }
  if (!districts.every((code) => code.startsWith(`${sender}-`))) {
    return bad("districts", `a district that is not of ${sender}`);
  }
  const rising = districts.every((code, at) => at === 0 || (districts[at - 1] as string) < code);
  return rising ? null : new Refusal("not-canonical", "districts", "not in rising order, or one twice");
}

/** An earlier message of the same log, or any of the log of an earlier generation. */
function checkOwnSerial(
  field: string, message: Message, serial: Value | undefined, generation: Value | undefined,
): Refusal | null {
  if (serial === undefined) {
    return generation === undefined ? null : bad("generation", "says of which log a serial is that is not there");
  }
  if (generation === undefined) return ranged(field, serial, 0n, BigInt(message.serial - 1));
  const earlier = (generation as bigint) >= 0n && (generation as bigint) < BigInt(message.generation);
  if (!earlier) return bad("generation", "an earlier one than that of the message, or none");
  return ranged(field, serial, 0n, BigInt(LOG_ENTRIES - 1));
}

function checkSpan(stated: bigint, body: Members): Refusal | null {
  const [from, until] = [body.from_ms as bigint, body.until_ms as bigint];
  const wrong = checkOrder("until_ms", [from, until]);
  if (wrong) return wrong;
  const away = from < stated ? stated - from : from - stated;
  if (away > STATED_SPAN_MS) {
    return new Refusal("time-not-plausible", "from_ms", "more than 31 days from the statement");
  }
  return until - from > STATED_SPAN_MS
    ? new Refusal("time-not-plausible", "until_ms", "more than 31 days after its beginning")
    : null;
}

function checkPast(field: string, stated: bigint, time: Value | undefined): Refusal | null {
  const at = time as bigint;
  if (at < 0n || at > INTEGER_MAX) return new Refusal("bad-time", field, "out of range");
  if (at > stated + MESSAGE_AHEAD_MS) return new Refusal("time-not-plausible", field, "after it was stated");
  return at < stated - STATED_PAST_MS
    ? new Refusal("time-not-plausible", field, "more than 366 days before it was stated")
    : null;
}

function checkFlightEnd(stated: bigint, time: Value | undefined): Refusal | null {
  if (time === undefined) return null;
  const late = (time as bigint) > stated + FLIGHT_END_MS;
  return (
    checkOrder("until_ms", [stated, time]) ??
    (late ? new Refusal("time-not-plausible", "until_ms", "more than 7 days after it was stated") : null)
  );
}

function checkDisc(name: "" | "search_", body: Members): Refusal | null {
  const radius = `${name}radius_m`;
  return checkPoint(`${name}centre`, body[`${name}centre`] as Members) ?? ranged(radius, body[radius], 0n, 1_000_000n);
}

function checkEnd(body: Members): Refusal | null {
  for (const field of ["keys", "partner_keys"]) {
    if (!/^[0-9a-f]{64}$/.test(body[field] as string)) return bad(field, "64 hexadecimal digits, in small letters");
  }
  if (body.why === "revoked" || body.why === "lost") return bad("why", `keys that are ${body.why} end no log`);
  return ranged("generation", body.generation, 1n, BigInt(LOG_GENERATIONS - 1));
}

function checkClaim(field: string, claim: Members): Refusal | null {
  const origin = claim.origin as string;
  if (!/^[ -~]{1,80}$/.test(origin)) return bad(`${field}.origin`, "no origin of a log");
  if (!/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(claim.root as string)) {
    return bad(`${field}.root`, "not the base64 of 32 bytes");
  }
  return ranged(`${field}.size`, claim.size, 0n, BigInt(LOG_ENTRIES));
}

function checkNotice(body: Members): Refusal | null {
  const wrong = checkObject(body.object as Members) ?? (body.crossing ? checkCrossing(body.crossing as Members) : null);
  if (wrong) return wrong;
  const districts = (body.districts ?? []) as Members[];
  if (districts.length > DISTRICTS_PER_MESSAGE) {
    return new Refusal("too-large", "districts", `more than ${DISTRICTS_PER_MESSAGE}`);
  }
  for (const claim of districts) {
    const found =
      checkCode("districts.district", claim.district) ??
      ranged("districts.permille", claim.permille, 0n, 1000n) ??
      checkOrder("districts", [claim.p10_ms, claim.p50_ms, claim.p90_ms]);
    if (found) return found;
  }
  return null;
}

const OBJECT_RANGES: [string, bigint, bigint][] = [
  ["object", 1n, 999_999n],
  ["accuracy_m", 0n, 200_000n],
  ["count", 1n, 10_000n],
  ["altitude_m", -500n, 30_000n],
  ["course_deg", 0n, 359n],
  ["speed_kmh", 0n, 3_600n],
];

function checkObject(state: Members): Refusal | null {
  for (const [name, low, high] of OBJECT_RANGES) {
    const found = state[name] === undefined ? null : ranged(`object.${name}`, state[name], low, high);
    if (found) return found;
  }
  return checkPoint("object.at", state.at as Members);
}

function checkCrossing(claim: Members): Refusal | null {
  return (
    checkCode("crossing.border", claim.border) ??
    checkCode("crossing.out_of", claim.out_of) ??
    checkCode("crossing.into", claim.into) ??
    ranged("crossing.permille", claim.permille, 0n, 1000n) ??
    checkOrder("crossing", [claim.p10_ms, claim.p50_ms, claim.p90_ms]) ??
    checkPoint("crossing.stretch_from", claim.stretch_from as Members) ??
    checkPoint("crossing.stretch_to", claim.stretch_to as Members)
  );
}

function checkPoint(field: string, point: Members): Refusal | null {
  const [lat, lon] = [point.lat_e7 as bigint, point.lon_e7 as bigint];
  const inside = lat >= 470_000_000n && lat <= 620_000_000n && lon >= 100_000_000n && lon <= 360_000_000n;
  return inside ? null : new Refusal("position-not-plausible", field, "outside the region of the channel");
}

function checkOrder(field: string, times: (Value | undefined)[]): Refusal | null {
  let before = 0n;
  for (const time of times as bigint[]) {
    if (time < before || time > INTEGER_MAX) {
      return new Refusal("bad-time", field, "times out of order or out of range");
    }
    before = time;
  }
  return null;
}

function checkCode(field: string, code: Value | undefined): Refusal | null {
  return CODE.test(code as string) ? null : bad(field, `not a code: ${quoted(code as string, 40)}`);
}
