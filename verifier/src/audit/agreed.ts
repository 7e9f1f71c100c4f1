// Agreed: which messages of an incident were stated outside an agreement in force (AGR-15). Pure.
//
// The twin of src/redshank/exchange/audit/agreed.py. By index; only an end that was said beforehand counts by a clock.
import { OF_LIFE } from "../bounds";
import type { Message } from "../message";
import { type Refusal, refused } from "../refusal";

const NO_INCIDENT: readonly string[] = ["TEST", "TEST-REPLY", "LOG-END", "LOG-OPEN", "ACK", ...OF_LIFE];
const CLOSING: readonly string[] = ["CLOSE", "AGREE-CLOSE"];

export type Outside = "before-activation" | "own-suspension" | "own-end" | "not-taken";

/** An act about the agreement: what its marks are made of. */
export interface Act {
  serial: number;
  type: string;
  life: bigint;
  taken: number;
  fromMs: bigint;
}

/** Serials from `first` to before `end`; of an end that was said beforehand, those stated from `fromMs` on. */
export interface Span {
  first: number;
  end: number;
  mark: Outside;
  fromMs: bigint;
}

/** The act in an entry, if it is one. */
export function actOf(serial: number, { type, body }: Message): Act | null {
  if (!OF_LIFE.includes(type)) return null;
  const fromMs = type === "END" ? (body.from_ms as bigint) : 0n;
  return { serial, type, life: body.life as bigint, taken: Number(body.taken as bigint), fromMs };
}

/** What the sender's own acts say of its messages; a later log follows acts that stand in earlier ones. */
export function ownSpans(acts: readonly Act[], generation: number): Span[] {
  const spans: Span[] = [];
  let opened: Span | null = null;
  const begins = acts[0];
  if (begins && generation === 0 && begins.type === "ACTIVATE" && begins.life === 1n) {
    spans.push({ first: 0, end: begins.serial, mark: "before-activation", fromMs: 0n });
  }
  for (const { serial, type, fromMs } of acts) {
    const mark: Outside | undefined = opened?.mark;
    const closes = mark === "own-suspension" ? type === "RESUME" || type === "END" : type === "ACTIVATE";
    if (opened && closes) {
      spans.push({ ...opened, end: serial });
      opened = null;
    }
    if (!opened && type === "SUSPEND") opened = { first: serial, end: Infinity, mark: "own-suspension", fromMs: 0n };
    if (!opened && type === "END") opened = { first: serial, end: Infinity, mark: "own-end", fromMs };
  }
  return opened ? [...spans, opened] : spans;
}

/** What the receiver's acts say of the messages that it had not taken by then; until it resumed, or began again. */
export function partnerSpans(acts: readonly Act[]): Span[] {
  const spans: Span[] = [];
  let opened: Span | null = null;
  let upto = 0;
  for (const { type, taken } of acts) {
    upto = Math.max(upto, taken);
    if (!opened && type === "SUSPEND") opened = { first: upto, end: Infinity, mark: "not-taken", fromMs: 0n };
    else if (opened && (type === "RESUME" || type === "ACTIVATE")) {
      spans.push({ ...opened, end: upto });
      opened = null;
    }
  }
  return opened ? [...spans, opened] : spans;
}

/** The mark of an entry, if it has one. What its own sender's acts say comes first. */
export function outside(
  own: readonly Span[], partner: readonly Span[], serial: number, content: Message | Refusal,
): Outside | null {
  if (refused(content) || NO_INCIDENT.includes(content.type)) return null;
  const said = around(own, serial);
  if (said && content.stated_ms >= said.fromMs) {
    return said.mark === "own-end" && CLOSING.includes(content.type) ? null : said.mark;
  }
  return around(partner, serial)?.mark ?? null;
}

/** The last span that begins at or before the serial, if it holds it. */
function around(spans: readonly Span[], serial: number): Span | null {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).first <= serial) low = middle + 1;
    else high = middle;
  }
  const found = spans[low - 1];
  return found && serial < found.end ? found : null;
}
