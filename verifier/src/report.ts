// Report: what a record proves, in the members of `redshank verify --json`. Data, and its JSON. Knows messages.
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
}

export interface RecordReport {
  ok: boolean;
  pinned: boolean;
  /** The third-party witnesses by which it was checked. */
  witnesses: WitnessPolicy;
  /** Whether the user brought them; here, never: they are those that the record claims. */
  witnesses_pinned: boolean;
  manifest: Manifest | null;
  directions: Direction[];
  lines: Line[];
  /** Notes of the exporter on what was said by voice: unsigned, and no part of what the record proves. */
  voice: VoiceLine[];
  findings: Finding[];
}

/** JSON of anything in a report: integers whole whatever their size, bytes in base64. */
function toJson(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return `"${toBase64(value)}"`;
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${toJson(member)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** The report as JSON, as `redshank verify --json` prints it. */
export const reportJson = (report: RecordReport): string =>
  toJson({ ...report, witnesses: plainPolicy(report.witnesses) });
