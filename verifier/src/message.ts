// Messages: the bytes of one entry, strictly (MSG-1 to MSG-18). Knows JSON, bounds and the table of types.
import { textOf, same } from "./bytes";
import { BODIES, correctionOf, HEADER, NOT_CORRECTABLE, TYPES, type MessageType } from "./forms";
import { checkMessage } from "./bounds";
import { decode, encode, JsonFault, type Members, type Raw, type Schema } from "./json";
import { ENTRY_BRACKETS, ENTRY_BYTES } from "./limits";
import { quoted, Refusal, type Reason } from "./refusal";

export interface Place {
  channel: string;
  sender: string;
  year: number;
  serial: number;
  /** How many logs the channel and sender had before this one. */
  generation: number;
}

export interface Message {
  type: MessageType;
  channel: string;
  sender: string;
  year: number;
  serial: number;
  stated_ms: bigint;
  body: Members;
  incident: string | null;
  observed_ms: bigint | null;
  in_reply_to: bigint | null;
  generation: number;
  /** Of the log that `in_reply_to` points into, where it is an earlier one than the message's own. */
  reply_generation: bigint | null;
  text: string | null;
}

/** The message in an entry that stands at `place`, read without a clock; or the reason why it is none. */
export function parseEntry(data: Uint8Array, place: Place): Message | Refusal {
  const bad = outOfBounds(data);
  if (bad) return bad;
  let header: Members;
  let body: Members | Refusal;
  let type: MessageType;
  try {
    header = decode(data, HEADER) as Members;
    const found = kindOf(header);
    if (found instanceof Refusal) return found;
    type = found;
    body = bodyOf((header.body as Raw).bytes, type);
    if (body instanceof Refusal) return body;
  } catch (fault) {
    if (fault instanceof JsonFault) return new Refusal(fault.reason, "entry", fault.message.slice(0, 200));
    throw fault;
  }
  const message = messageOf(header, type, body);
  return misplaced(header, place) ?? checkMessage(message) ?? spelled(data, header, type, body) ?? message;
}

/** The body of a type. That of a CORRECT holds one more, of the type that it names; deeper it does not go. */
function bodyOf(data: Uint8Array, type: MessageType): Members | Refusal {
  const body = decode(data, BODIES[type]) as Members;
  if (type !== "CORRECT") return body;
  const named = body.type as MessageType;
  if (!TYPES.includes(named) || NOT_CORRECTABLE.includes(named)) {
    return new Refusal("not-correctable", "type", `${quoted(named, 20)} can not be corrected`);
  }
  return { ...body, body: decode((body.body as Raw).bytes, BODIES[named]) };
}

function outOfBounds(data: Uint8Array): Refusal | null {
  if (data.length > ENTRY_BYTES) {
    return new Refusal("too-large", "entry", `${data.length} bytes, allowed ${ENTRY_BYTES}`);
  }
  const brackets = data.reduce((count, byte) => count + (byte === 0x5b || byte === 0x7b ? 1 : 0), 0);
  if (brackets <= ENTRY_BRACKETS) return null;
  return new Refusal("malformed", "entry", `${brackets} opening brackets, allowed ${ENTRY_BRACKETS}`);
}

function kindOf(header: Members): MessageType | Refusal {
  const form = header.form as string;
  if (header.v !== 1n) return new Refusal("unknown-type", "v", `version ${header.v}, this is 1`);
  if (form === "correction" || form === "cancel") return new Refusal("unknown-type", "form", `${form} is reserved`);
  if (form !== "original") return new Refusal("malformed", "form", `unknown form ${quoted(form, 20)}`);
  const type = header.type as MessageType;
  return TYPES.includes(type) ? type : new Refusal("unknown-type", "type", `unknown type ${quoted(type, 20)}`);
}

function misplaced(header: Members, place: Place): Refusal | null {
  const pairs: [Reason, string, string, string][] = [
    ["wrong-channel", "channel", header.channel as string, place.channel],
    ["wrong-sender", "sender", header.sender as string, place.sender],
    ["wrong-year", "year", String(header.year), String(place.year)],
    ["wrong-generation", "generation", String(header.generation ?? 0n), String(place.generation)],
    ["wrong-serial", "serial", String(header.serial), String(place.serial)],
  ];
  for (const [reason, field, said, real] of pairs) {
    if (said !== real) return new Refusal(reason, field, `says ${quoted(said, 20)} in the place of ${quoted(real)}`);
  }
  return null;
}

function spelled(data: Uint8Array, header: Members, type: MessageType, body: Members): Refusal | null {
  const schema = type === "CORRECT" ? correctionOf(body.type as MessageType) : BODIES[type];
  const fields = { ...(HEADER as Schema & { is: "object" }).fields, body: { schema } };
  if (same(encode({ ...header, body }, { is: "object", fields }), data)) return null;
  return new Refusal("not-canonical", "entry", "the same message is spelled otherwise");
}

function messageOf(header: Members, type: MessageType, body: Members): Message {
  return {
    type,
    channel: header.channel as string,
    sender: header.sender as string,
    year: Number(header.year),
    serial: Number(header.serial),
    stated_ms: header.stated_ms as bigint,
    body,
    incident: (header.incident as string | undefined) ?? null,
    observed_ms: (header.observed_ms as bigint | undefined) ?? null,
    in_reply_to: (header.in_reply_to as bigint | undefined) ?? null,
    generation: Number(header.generation ?? 0n),
    reply_generation: (header.reply_generation as bigint | undefined) ?? null,
    text: (header.text as string | undefined) ?? null,
  };
}

/** The bytes as text for a reader, with what is not text made visible. */
export const entryText = (data: Uint8Array): string => textOf(data) ?? "(not UTF-8)";
