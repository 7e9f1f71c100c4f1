// Report: what a record proves, in the members of `redshank verify --json`. Data, and its JSON. Knows messages.
import type { Outside } from "./audit/agreed";
import { toBase64 } from "./bytes";
import type { Message } from "./message";
import type { Manifest } from "./parties";
import { Refusal } from "./refusal";
import type { VoiceLine } from "./voice/notes";
import { plainPolicy, type WitnessPolicy } from "./witnessing";

export interface Finding {
  path: string;
  refusal: Refusal;
}

/** Something that a reader should know and that is no fault: of two clocks one is off, and nobody knows which. */
export interface Caution {
  path: string;
  code: "dated-before-statement" | "dated-after-next";
  detail: string;
}

/** What a file of evidence in the record shows. */
export interface Contradiction {
  path: string;
  kind: string;
  accused: string;
  reporter: string;
  found_ms: bigint;
  convicts: boolean;
  words: string;
  clears: string;
}

export interface Direction {
  party: string;
  origin: string;
  size: number;
  root: Uint8Array;
  receipts: number;
  receipted: number;
  witnessed: number;
  serial_gaps: number[];
}

export interface Line {
  sender: string;
  serial: number;
  content: Message | Refusal;
  witnessed_by: [string, bigint][];
  witnessed_at_s: bigint | null;
  received_at_s: bigint | null;
  read_by: number | null;
  answered_by: number | null;
  /** It replies to something that its receiver, who has no keys, said by voice alone. */
  to_voice: boolean;
  /** Why it stands outside an agreement in force, if it does: no fault of the record. */
  outside: Outside | null;
}

/** All but the lines, which are read one by one (record.ts). */
export interface RecordReport {
  ok: boolean;
  pinned: boolean;
  /** The third-party witnesses by which it was checked. */
  witnesses: WitnessPolicy;
  /** Whether the user brought them. */
  witnesses_pinned: boolean;
  manifest: Manifest | null;
  directions: Direction[];
  /** Notes of the exporter on what was said by voice: unsigned, and no part of what the record proves. */
  voice: VoiceLine[];
  /** Who contradicted whom. A record with such files is in order: they are proofs, and not faults of it. */
  evidence: Contradiction[];
  cautions: Caution[];
  findings: Finding[];
}

/** JSON of anything in a report: integers whole whatever their size, bytes in base64. */
export function toJson(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return `"${toBase64(value)}"`;
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${toJson(member)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

const PIECE_CHARS = 65_536;

/** The report as JSON, as `redshank verify --json` prints it, in pieces: the lines are not all in memory at any time. */
export function* reportJson(report: RecordReport, lines: Iterable<Line>): Generator<string> {
  const { voice, evidence, cautions, findings, ...first } = { ...report, witnesses: plainPolicy(report.witnesses) };
  let piece = `${toJson(first).slice(0, -1)},"lines":[`;
  let comma = "";
  for (const line of lines) {
    piece += comma + toJson(line);
    comma = ",";
    if (piece.length > PIECE_CHARS) {
      yield piece;
      piece = "";
    }
  }
  yield `${piece}],${toJson({ voice, evidence, cautions, findings }).slice(1)}\n`;
}
