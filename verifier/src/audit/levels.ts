// Levels: how far each message came (REC-7), replies to what is not there (REC-10, REC-20), and the order of the lines. Pure.
import type { Line } from "../report";
import { kth, type WitnessPolicy } from "../witnessing";
import { outside, ownSpans, partnerSpans, type Span } from "./agreed";
import { NONE } from "./columns";
import { FirstStatements, receivedAt } from "./cosigned";
import type { Desk } from "./desk";
import type { ProvenLog } from "./proven_log";
import type { Message } from "../message";
import type { Refusal } from "../refusal";

/** Replies of one log to messages that the other log does not hold. Where the partner has no log, they are to what it
 * said by voice, and nobody can say whether it did. */
export function checkReplies(desk: Desk, log: ProvenLog, partner: ProvenLog): void {
  if (partner.keyless) return;
  const [party, end] = [log.direction.party, partner.direction.size];
  log.columns.repliesTo.forEach((target, serial) => {
    if (target < end) return;
    const detail = `replies to serial ${target}; the partner's log ends at ${end}`;
    if (target !== NONE) desk.fault(`${party}/entry ${serial}`, "unknown-message", "in_reply_to", detail);
  });
}

/** Both logs merged by time of statement, each in the order of its own index; of equals the first log's first. */
export class Order {
  private readonly places: Float64Array;

  constructor(one: ProvenLog, other: ProvenLog) {
    const [first, second] = [timesOf(one), timesOf(other)];
    this.places = new Float64Array(first.length + second.length);
    for (let i = 0, j = 0; i + j < this.places.length; ) {
      const at = i + j;
      const takesFirst = j === second.length || (i < first.length && (first[i] as number) <= (second[j] as number));
      this.places[at] = takesFirst ? 2 * i++ : 2 * j++ + 1;
    }
  }

  get length(): number {
    return this.places.length;
  }

  /** Which log (0 or 1), and which serial of it. */
  at(place: number): { side: 0 | 1; serial: number } {
    const found = this.places[place] as number;
    return { side: (found % 2) as 0 | 1, serial: Math.floor(found / 2) };
  }
}

/** Time of statement of each entry; one that is no message has that of the one before. */
function timesOf(log: ProvenLog): Float64Array {
  let latest = 0;
  return Float64Array.from(log.columns.statedMs, (stated) => (latest = stated === NONE ? latest : stated));
}

/** What became of each message of one log. */
export class Levels {
  private readonly first: FirstStatements;
  private readonly own: Span[];
  private readonly theirs: Span[];
  private readonly replies: { acks: Int32Array; answers: Int32Array };

  constructor(
    private readonly policy: WitnessPolicy,
    private readonly log: ProvenLog,
    private readonly partner: ProvenLog,
  ) {
    this.first = new FirstStatements(log.witnessed);
    this.own = ownSpans(log.columns.acts, log.contents.generation);
    this.theirs = partnerSpans(partner.columns.acts);
    this.replies = partner.columns.firstReplies(log.direction.size);
  }

  receivedAt(serial: number): bigint | null {
    return receivedAt(this.log.receipts, serial);
  }

  readBy(serial: number): number | null {
    const found = this.replies.acks[serial] as number;
    return found === NONE ? null : found;
  }

  answeredBy(serial: number): number | null {
    const found = this.replies.answers[serial] as number;
    return found === NONE ? null : found;
  }

  witnessedBy(serial: number): [string, bigint][] {
    return this.first.of(serial);
  }

  /** The line; reads the entry again. */
  line(serial: number): Line {
    const witnessed_by = this.witnessedBy(serial);
    const content = this.log.contents.at(serial) as Message | Refusal;
    return {
      sender: this.log.direction.party,
      serial,
      content,
      witnessed_by,
      witnessed_at_s: kth(this.policy, witnessed_by.map(([, atS]) => atS), false),
      received_at_s: this.receivedAt(serial),
      read_by: this.readBy(serial),
      answered_by: this.answeredBy(serial),
      outside: outside(this.own, this.theirs, serial, content),
      to_voice: this.partner.keyless && this.log.columns.repliesTo[serial] !== NONE,
    };
  }
}
