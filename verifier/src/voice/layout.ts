// Layout: which fields of a message are said, in which order and in how many bits (VOICE-7). Knows bits and bodies.
//
// The twin of src/redshank/exchange/voice/layout.py.
import type { Members } from "../json";
import { LOG_GENERATIONS } from "../limits";
import type { Message } from "../message";
import { partiesOf } from "../parties";
import { type Reader, refuse, Writer } from "./bits";
import * as bodies from "./bodies";
import * as statements from "./statements";
import { type Both, putIncident, putLetters, takeIncident, takeLetters } from "./codes";

const VERSION = 0;
const VERSION_LATER = 1; // of a log that follows another: its generation is said, and that of the log answered
const GENERATION_BITS = 10;
const TYPES: readonly Message["type"][] = [
  "TEST", "TEST-REPLY", "NOTICE", "UPDATE", "LOST", "QUERY", "REPLY", "ACK", "CLOSE", "AGREE-CLOSE",
  "CORRECT", "OWN-OBJECT", "EVIDENCE", "WARNING", "MEASURE", "FIND", "NEGATIVE", "CANCEL",
];
const MORE_TYPES = 15; // says that four bits more follow: the type's place from here on
const CORRECTABLE: readonly Message["type"][] = [
  "NOTICE", "UPDATE", "LOST", "QUERY", "REPLY", "ACK", "CLOSE", "AGREE-CLOSE",
  "OWN-OBJECT", "EVIDENCE", "WARNING", "MEASURE", "FIND", "NEGATIVE",
];
const WHYS = ["sent-in-error", "wrong-object", "wrong-partner", "superseded"];
const SERIAL_BITS = 40;
const NUMBER_BITS = 53;
const YEAR_BITS = 14;
const AGE_BITS = 12;
const SECONDS_BITS: [number, number] = [32, 44];
const YEAR_LAST_S = 253_402_300_800n; // 10000-01-01: from then on a second has no calendar year

/** A message in the steps of the voice form, and what the signed message holds beside it. */
export interface Heard {
  message: Message;
  unspoken: string[];
}

/** The fields of a message within bounds. Of a body that may be longer as much as fits into `room` bits. */
export function write(message: Message, room: number): Writer {
  const [one, other] = partiesOf(message.channel);
  const both: Both = [message.sender, message.sender === one ? other : one];
  const out = new Writer();
  putHeader(out, message, both, message.stated_ms / 1000n);
  return putBody(out, message, both, message.type, message.body, room);
}

/** `body` is the message's own, or what its CORRECT puts in the place of an earlier one. */
function putBody(
  out: Writer, message: Message, both: Both, type: Message["type"], body: Members, room: number,
): Writer {
  const [statedS, later] = [message.stated_ms / 1000n, message.generation > 0];
  switch (type) {
    case "NOTICE":
    case "UPDATE":
      return bodies.putNotice(out, body, both, statedS, room);
    case "WARNING":
      return statements.putWarning(out, body, both, statedS, room);
    case "EVIDENCE":
      return statements.putEvidence(out, body, statedS, later, room);
    case "CORRECT": {
      const named = body.type as Message["type"];
      out.put(CORRECTABLE.indexOf(named), 4);
      statements.putOwnSerial(out, body.serial as bigint, body.generation as bigint | undefined, later);
      return putBody(out, message, both, named, body.body as Members, room);
    }
    case "CANCEL":
      statements.putOwnSerial(out, body.serial as bigint, body.generation as bigint | undefined, later);
      out.put(WHYS.indexOf(body.why as string), 2);
      break;
    case "OWN-OBJECT":
      statements.putOwnObject(out, body, statedS);
      break;
    case "MEASURE":
      statements.putMeasure(out, body, statedS);
      break;
    case "FIND":
      statements.putFind(out, body, statedS);
      break;
    case "NEGATIVE":
      statements.putNegative(out, body, statedS);
      break;
    default:
      putShort(out, type, body);
  }
  return out;
}

type Short = Exclude<
  Message["type"],
  "NOTICE" | "UPDATE" | "WARNING" | "EVIDENCE" | "CORRECT" | "CANCEL" | "OWN-OBJECT" | "MEASURE" | "FIND" | "NEGATIVE"
>;

function putShort(out: Writer, type: Short, body: Members): void {
  switch (type) {
    case "LOST":
      bodies.putLost(out, body);
      break;
    case "QUERY":
      bodies.putQuery(out, body);
      break;
    case "REPLY":
      bodies.putReply(out, body);
      break;
    case "ACK":
      bodies.putAck(out, body);
      break;
    case "CLOSE":
      bodies.putClose(out, body);
      for (const at of [body.first_observed_ms, body.last_observed_ms]) putSeconds(out, (at as bigint) / 1000n);
      break;
    case "AGREE-CLOSE":
      out.put(body.agrees === "yes", 1);
      break;
    case "TEST":
    case "TEST-REPLY":
      out.putNumber(body.number as bigint, NUMBER_BITS);
      break;
    case "LOG-END":
    case "LOG-OPEN":
      throw new Error("what is about the log itself is not said by voice");
  }
}

/** The message behind the bits. Throws UnreadableForm. */
export function read(bits: Reader): Heard {
  const later = Number(bits.take(2, "version", VERSION_LATER)) === VERSION_LATER;
  const type = takeType(bits);
  const both: Both = [takeLetters(bits, 2, "sender"), takeLetters(bits, 2, "receiver")];
  const [sender, receiver] = both;
  if (sender === receiver) refuse("wrong-channel", "receiver", `${sender} does not speak to itself`);
  const unspoken: string[] = bits.take(1, "text") ? ["text"] : [];
  const statedS = takeSeconds(bits, "stated_ms");
  const year = takeYear(bits, statedS);
  const serial = Number(bits.takeNumber(SERIAL_BITS, "serial"));
  const generation = later ? takeGeneration(bits) : 0;
  const incident = takeIncident(bits, both, year);
  const observedS = takeObserved(bits, statedS);
  const in_reply_to = bits.take(1, "in_reply_to") ? bits.takeNumber(SERIAL_BITS, "in_reply_to") : null;
  const reply_generation = later ? bits.takeOptional(GENERATION_BITS, "reply_generation", LOG_GENERATIONS - 1) : null;
  const body = takeBody(bits, type, { both, statedS, later, unspoken });
  const message: Message = {
    type, channel: [...both].sort().join("-"), sender, year, serial, stated_ms: statedS * 1000n, body, incident,
    observed_ms: observedS === null ? null : observedS * 1000n, in_reply_to, generation, reply_generation, text: null,
  };
  return { message, unspoken };
}

function takeType(bits: Reader): Message["type"] {
  const number = Number(bits.take(4, "type"));
  if (number === MORE_TYPES) return bits.takeCode(4, "type", TYPES.slice(MORE_TYPES));
  return TYPES[number] as Message["type"];
}

/** What the header says that a body needs, and where to note what is not spoken. */
interface Spoken {
  both: Both;
  statedS: bigint;
  later: boolean;
  unspoken: string[];
}

function takeBody(bits: Reader, type: Message["type"], spoken: Spoken): Members {
  const { both, statedS, later, unspoken } = spoken;
  switch (type) {
    case "WARNING":
      return statements.takeWarning(bits, both, statedS, unspoken);
    case "EVIDENCE":
      return statements.takeEvidence(bits, statedS, later, unspoken);
    case "OWN-OBJECT":
      return statements.takeOwnObject(bits, statedS);
    case "MEASURE":
      return statements.takeMeasure(bits, statedS);
    case "FIND":
      return statements.takeFind(bits, statedS);
    case "NEGATIVE":
      return statements.takeNegative(bits, statedS);
    case "CANCEL": {
      const { serial, generation } = statements.takeOwnSerial(bits, "serial", later);
      return bodies.present({ serial, why: bits.takeCode(2, "why", WHYS), generation });
    }
    case "CORRECT": {
      const named = bits.takeCode(4, "type", CORRECTABLE);
      const { serial, generation } = statements.takeOwnSerial(bits, "serial", later);
      return bodies.present({ serial, type: named, body: takeBody(bits, named, spoken), generation });
    }
    case "NOTICE":
    case "UPDATE":
      return bodies.takeNotice(bits, both, statedS, unspoken);
    case "LOST":
      return bodies.takeLost(bits);
    case "QUERY":
      return bodies.takeQuery(bits);
    case "REPLY":
      return bodies.takeReply(bits);
    case "ACK":
      return bodies.takeAck(bits, unspoken);
    case "CLOSE": {
      const [first, last] = ["first_observed_ms", "last_observed_ms"] as const;
      const summary = bodies.takeClose(bits);
      const from = takeSeconds(bits, first) * 1000n;
      return { ...summary, [first]: from, [last]: takeSeconds(bits, last) * 1000n };
    }
    case "AGREE-CLOSE":
      return { agrees: bits.take(1, "agrees") ? "yes" : "no" };
    case "LOG-END":
    case "LOG-OPEN":
      throw new Error("no number of the form stands for these types");
    case "TEST":
    case "TEST-REPLY":
      return { number: bits.takeNumber(NUMBER_BITS, "number") };
  }
}

// --- header ------------------------------------------------------------------------------------------------

function putHeader(out: Writer, message: Message, both: Both, statedS: bigint): void {
  const { type, text, year, serial, incident, observed_ms: observed, in_reply_to: reply } = message;
  out.put(message.generation > 0 ? VERSION_LATER : VERSION, 2);
  const number = TYPES.indexOf(type);
  out.put(Math.min(number, MORE_TYPES), 4);
  if (number >= MORE_TYPES) out.put(number - MORE_TYPES, 4);
  for (const party of both) putLetters(out, party);
  out.put(text !== null, 1);
  putSeconds(out, statedS);
  out.putOptional(year === yearAt(statedS) ? null : year, YEAR_BITS);
  out.putNumber(serial, SERIAL_BITS);
  if (message.generation > 0) out.put(message.generation, GENERATION_BITS);
  putIncident(out, incident, both, year);
  putObserved(out, observed, statedS);
  out.put(reply !== null, 1);
  if (reply !== null) out.putNumber(reply, SERIAL_BITS);
  if (message.generation > 0) out.putOptional(message.reply_generation, GENERATION_BITS);
}

const yearAt = (s: bigint): number => (s < YEAR_LAST_S ? new Date(Number(s) * 1000).getUTCFullYear() : -1);

function takeYear(bits: Reader, statedS: bigint): number {
  const other = bits.takeOptional(YEAR_BITS, "year", 9_999);
  const same = yearAt(statedS);
  if (other === null ? same < 0 : Number(other) === same) {
    refuse("not-canonical", "year", "the year of the statement needs no digits, another needs them");
  }
  return other === null ? same : Number(other);
}

function takeGeneration(bits: Reader): number {
  const generation = Number(bits.take(GENERATION_BITS, "generation", LOG_GENERATIONS - 1));
  if (generation === 0) refuse("not-canonical", "generation", "the first log has no such digits");
  return generation;
}

function putSeconds(out: Writer, seconds: bigint): void {
  const long = seconds >> BigInt(SECONDS_BITS[0]) ? 1 : 0;
  out.put(long, 1);
  out.put(seconds, SECONDS_BITS[long]);
}

function takeSeconds(bits: Reader, field: string): bigint {
  const long = bits.take(1, field) ? 1 : 0;
  const seconds = bits.take(SECONDS_BITS[long], field);
  if (long && !(seconds >> BigInt(SECONDS_BITS[0]))) refuse("not-canonical", field, "written wider than it needs");
  return seconds;
}

const isAge = (seconds: bigint): boolean => seconds >= 0n && seconds >> BigInt(AGE_BITS) === 0n;

/** 0 none, 1 so many seconds before the statement, 2 a time. */
function putObserved(out: Writer, observed: bigint | null, statedS: bigint): void {
  if (observed === null) return out.put(0, 2);
  const age = statedS - observed / 1000n;
  out.put(isAge(age) ? 1 : 2, 2);
  if (isAge(age)) out.put(age, AGE_BITS);
  else putSeconds(out, observed / 1000n);
}

function takeObserved(bits: Reader, statedS: bigint): bigint | null {
  const form = Number(bits.take(2, "observed_ms", 2));
  if (form === 0) return null;
  if (form === 1) return statedS - bits.take(AGE_BITS, "observed_ms");
  const seconds = takeSeconds(bits, "observed_ms");
  if (isAge(statedS - seconds)) refuse("not-canonical", "observed_ms", "written wider than it needs");
  return seconds;
}
