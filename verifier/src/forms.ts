// Forms: the closed set of message types, the members of each and their codes (MSG-3, MSG-6, MSG-7). Data only.
import type { Field, Schema } from "./json";

export const TYPES = [
  "TEST", "TEST-REPLY", "NOTICE", "UPDATE", "LOST", "QUERY", "REPLY", "ACK", "CLOSE", "AGREE-CLOSE",
  "LOG-END", "LOG-OPEN", "OWN-OBJECT", "MEASURE", "FIND", "EVIDENCE", "NEGATIVE", "WARNING", "CORRECT", "CANCEL",
] as const;
export type MessageType = (typeof TYPES)[number];

const int: Field = { schema: { is: "int" } };
const str: Field = { schema: { is: "str" } };
const maybeInt: Field = { schema: { is: "int" }, optional: "null" };
const maybeStr: Field = { schema: { is: "str" }, optional: "null" };
const codes = (...of: string[]): Field => ({ schema: { is: "str", codes: of } });
const object = (fields: Record<string, Field>): Schema => ({ is: "object", fields });

export const HEADER = object({
  v: int, type: str, channel: str, sender: str, year: int, serial: int, form: str, stated_ms: int,
  observed_ms: maybeInt, incident: maybeStr, in_reply_to: maybeInt,
  generation: { schema: { is: "int" }, optional: "absent", omit: 0n }, reply_generation: maybeInt,
  body: { schema: { is: "raw" } }, text: maybeStr,
});

const point = object({ lat_e7: int, lon_e7: int });
const state = object({
  object: int,
  status: codes("unknown", "unidentified", "strayed", "uav", "balloon", "aircraft", "helicopter", "birds"),
  at: { schema: point },
  accuracy_m: int,
  count: { schema: { is: "int" }, optional: "absent", omit: 1n },
  altitude_m: maybeInt,
  course_deg: maybeInt,
  speed_kmh: maybeInt,
});
const times = { permille: int, p10_ms: int, p50_ms: int, p90_ms: int };
const crossing = object({
  border: str, out_of: str, into: str, ...times, stretch_from: { schema: point }, stretch_to: { schema: point },
});
const districts: Schema = { is: "array", of: object({ district: str, ...times }) };
const notice = object({
  phase: codes("possible", "crossing", "crossed"),
  object: { schema: state },
  crossing: { schema: crossing, optional: "null" },
  districts: { schema: districts, optional: "absent", omit: "empty" },
});
const claim: Field = { schema: object({ origin: str, size: int, root: str }) };
const why = codes("planned", "expiry", "revoked", "lost", "partner");
const test = object({ number: int });
const span = { from_ms: int, until_ms: int };
const area = { centre: { schema: point }, radius_m: int };

export const BODIES: Record<MessageType, Schema> = {
  TEST: test,
  "TEST-REPLY": test,
  NOTICE: notice,
  UPDATE: notice,
  LOST: object({ object: { schema: state }, search_centre: { schema: point }, search_radius_m: int }),
  QUERY: object({ object: int, question: codes("yours-or-known") }),
  REPLY: object({ answer: codes("ours", "known", "unknown", "no-information", "cannot-say") }),
  ACK: object({ role: str }),
  CLOSE: object({
    outcome: codes("crossed", "did-not-cross", "identified", "lost", "found", "no-further-information"),
    objects: int, first_observed_ms: int, last_observed_ms: int,
  }),
  "AGREE-CLOSE": object({ agrees: str }),
  "LOG-END": object({ generation: int, keys: str, partner_keys: str, why }),
  "LOG-OPEN": object({ end: claim, partner_end: claim, why }),
  "OWN-OBJECT": object({
    condition: codes("out-of-control", "in-flight", "under-control", "landed"),
    object: { schema: state }, until_ms: maybeInt,
  }),
  MEASURE: object({
    measure: codes("airspace-closed", "airspace-restricted", "response-flight", "search-flight"),
    ...area, ...span, floor_m: maybeInt, ceiling_m: maybeInt,
  }),
  FIND: object({
    what: codes("debris", "whole-object", "balloon", "payload"), at: { schema: point }, accuracy_m: int, found_ms: int,
    hazard: codes("none-seen", "possible", "confirmed"), secured: codes("yes", "no"), object: maybeInt,
  }),
  EVIDENCE: object({
    kind: codes("photograph", "document", "data", "part"), sha256: str, bytes: int, obtained_ms: int,
    find: maybeInt, generation: maybeInt,
  }),
  NEGATIVE: object({ ...area, ...span, means: codes("radar", "air", "ground", "water") }),
  WARNING: object({
    level: codes("possible", "shelter", "all-clear"), districts: { schema: { is: "array", of: { is: "str" } } }, ...span,
  }),
  CORRECT: object({ serial: int, type: str, body: { schema: { is: "raw" } }, generation: maybeInt }),
  CANCEL: object({
    serial: int, why: codes("sent-in-error", "wrong-object", "wrong-partner", "superseded"), generation: maybeInt,
  }),
};

/** Types that CORRECT and CANCEL can not name (MSG-26). */
export const NOT_CORRECTABLE: readonly string[] = ["TEST", "TEST-REPLY", "LOG-END", "LOG-OPEN", "CORRECT", "CANCEL"];

/** The schema of a CORRECT whose body is of this type. */
export function correctionOf(type: MessageType): Schema {
  const fields = (BODIES.CORRECT as Schema & { is: "object" }).fields;
  return object({ ...fields, body: { schema: BODIES[type] } });
}
