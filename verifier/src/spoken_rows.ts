// Spoken rows: notes of statements by voice as text for a table (VOICE-17). Knows words. Pure.
import { refused } from "./refusal";
import type { VoiceLine } from "./voice/notes";
import { says, timeOf } from "./words";

/** A row of the table. */
export interface SpokenRow {
  at: string;
  by: string;
  serial: string;
  what: string;
  says: string;
  against: string;
  differs: boolean;
}

const STANDING = {
  waiting: "not in this record",
  confirmed: "the same, as far as voice says it",
  differs: "✕ differs; the signed one counts",
  unsigned: "never signed: the speaker has no keys",
};

const EARLIEST_MS = -62_135_596_800_000n; // the year 1; a note may hold any integer
const notedAt = (ms: bigint): string => (ms < EARLIEST_MS ? "before the year 1" : timeOf(ms));

function saysOf(line: VoiceLine): string {
  const { content } = line;
  const remark = line.remark === null ? "" : ` Remark: “${line.remark}”`;
  if (content === null) return `${line.read_back ? "Read out, and read back by the other officer" : "Read out"}.${remark}`;
  if (refused(content)) return `These groups say nothing: ${content.toString()}.${remark}`;
  const unspoken = content.unspoken.length > 0 ? ` Not spoken: ${content.unspoken.join(", ")}.` : "";
  return `${says(content.message)}${unspoken}${remark}`;
}

function against(line: VoiceLine): string {
  const fields = line.differences.map((one) => `${one.field}: voice ${one.voice}, signed ${one.signed}`).join("; ");
  return line.standing === null ? "–" : `${STANDING[line.standing]}${fields && ` (${fields})`}`;
}

/** Each note as a row. */
export const spokenRows = (lines: VoiceLine[]): SpokenRow[] =>
  lines.map((line) => ({
    at: notedAt(line.at_ms),
    by: `${line.by}, ${line.role}`,
    serial: line.serial < 0n ? "–" : `${line.sender} ${line.serial}`,
    what: line.what === "heard" ? `heard from ${line.sender}` : "read out",
    says: saysOf(line),
    against: against(line),
    differs: line.standing === "differs",
  }));
