// Columns: what has to be known of every entry of a log at once, a few bytes each; the entries themselves stay in their
// files and are read again for the lines. Knows messages and tiles.
import type { Files } from "../files";
import { TYPES } from "../forms";
import { type Message, parseEntry } from "../message";
import { generationOf, type Manifest } from "../parties";
import { type Refusal, refused } from "../refusal";
import { type Act, actOf } from "./agreed";
import { parseBundle, TILE_WIDTH, tilePath } from "../tiles";

export const NONE = -1;
const ANSWERS = ["REPLY", "TEST-REPLY", "AGREE-CLOSE"].map((type) => TYPES.indexOf(type as (typeof TYPES)[number]));
const ACK = TYPES.indexOf("ACK");
const AGREE_CLOSE = TYPES.indexOf("AGREE-CLOSE");

/** A row for each entry. Integers of a message have at most 53 bits (MSG-6). */
export class Columns {
  /** Time of statement; NONE where the entry is no message. */
  readonly statedMs: number[] = [];
  /** Serial of the partner's message that it replies to; NONE if to none, or to one of an earlier generation. */
  readonly repliesTo: number[] = [];
  /** Place in TYPES; NONE where the entry is no message. */
  readonly types: number[] = [];
  /** Number of its incident in `incidents`; NONE if of none. */
  readonly incidentOf: number[] = [];
  /** Serials that do not agree to a close. */
  readonly disputes: number[] = [];
  /** Acts about the agreement, in the order of the log. */
  readonly acts: Act[] = [];
  /** Indexes whose entry says another serial. */
  readonly gaps: number[] = [];

  constructor(readonly incidents: Map<string, number>) {}

  get length(): number {
    return this.statedMs.length;
  }

  add(content: Message | Refusal): void {
    if (refused(content)) {
      if (content.reason === "wrong-serial") this.gaps.push(this.length);
      this.statedMs.push(NONE);
      this.repliesTo.push(NONE);
      this.types.push(NONE);
      this.incidentOf.push(NONE);
      return;
    }
    const type = TYPES.indexOf(content.type);
    const act = actOf(this.length, content);
    if (act) this.acts.push(act);
    if (type === AGREE_CLOSE && content.body.agrees === "no") this.disputes.push(this.length);
    this.statedMs.push(Number(content.stated_ms));
    const answered = content.reply_generation === null ? content.in_reply_to : null;
    this.repliesTo.push(answered === null ? NONE : Number(answered));
    this.types.push(type);
    this.incidentOf.push(content.incident === null ? NONE : this.numberOf(content.incident));
  }

  private numberOf(incident: string): number {
    const known = this.incidents.get(incident);
    if (known !== undefined) return known;
    this.incidents.set(incident, this.incidents.size);
    return this.incidents.size - 1;
  }

  /** For each of the partner's first `size` messages the serial of the first ACK and of the first answer; NONE. */
  firstReplies(size: number): { acks: Int32Array; answers: Int32Array } {
    const [acks, answers] = [new Int32Array(size).fill(NONE), new Int32Array(size).fill(NONE)];
    this.repliesTo.forEach((target, serial) => {
      const type = this.types[serial] as number;
      const replies = type === ACK ? acks : ANSWERS.includes(type) ? answers : null;
      if (replies && replies[target] === NONE) replies[target] = serial;
    });
    return { acks, answers };
  }
}

/** The entries of a log that was proven, read from the record's files as they are asked for. */
export class Contents {
  private held = NONE;
  private bundle: Uint8Array[] = [];

  constructor(
    private readonly files: Files,
    private readonly manifest: Manifest,
    readonly party: string,
    readonly length: number,
  ) {}

  /** How many logs there were before this one. */
  get generation(): number {
    return generationOf(this.manifest);
  }

  /** What stands at a serial; undefined beyond the end. */
  at(serial: number): Message | Refusal | undefined {
    if (serial < 0 || serial >= this.length) return undefined;
    const index = Math.floor(serial / TILE_WIDTH);
    if (this.held !== index) this.open(index);
    const { channel, year } = this.manifest;
    const place = { channel, sender: this.party, year: Number(year), serial, generation: generationOf(this.manifest) };
    return parseEntry(this.bundle[serial % TILE_WIDTH] as Uint8Array, place);
  }

  private open(index: number): void {
    const width = Math.min(TILE_WIDTH, this.length - index * TILE_WIDTH);
    const path = `${this.party}/${tilePath({ level: null, index, width })}`;
    this.bundle = parseBundle(this.files.get(path) as Uint8Array) as Uint8Array[];
    this.held = index;
  }
}
