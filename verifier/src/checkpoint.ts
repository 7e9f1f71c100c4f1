// Checkpoints: the text of a head, C2SP tlog-checkpoint, exactly three lines (LOG-5). Knows merkle.
import { fromBase64, same, textOf } from "./bytes";
import { LOG_ENTRIES } from "./limits";
import { EMPTY_ROOT, HASH_BYTES } from "./merkle";
import { quoted, Refusal } from "./refusal";

export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
}

const bad = (field: string, detail: string): Refusal => new Refusal("bad-note", field, detail);

/** A tree size: ASCII decimal without leading zeros, at most LOG_ENTRIES; else null. */
export function parseSize(digits: string): number | null {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(digits)) return null;
  const size = BigInt(digits);
  return size <= BigInt(LOG_ENTRIES) ? Number(size) : null;
}

export function parseCheckpoint(data: Uint8Array): Checkpoint | Refusal {
  const text = textOf(data);
  if (text === null) return bad("text", "not UTF-8");
  const lines = text.split("\n");
  const [origin, digits, encoded, rest] = lines;
  if (lines.length !== 4 || origin === undefined || digits === undefined || encoded === undefined || rest !== "") {
    return bad("text", `needs exactly three lines (origin, size, root), has ${lines.length - 1}`);
  }
  if (origin === "") return bad("origin", "empty");
  const size = parseSize(digits);
  if (size === null) return bad("size", `not a size without leading zeros: ${quoted(digits, 40)}`);
  const root = fromBase64(encoded);
  if (root === null || root.length !== HASH_BYTES) {
    return bad("root", `not the base64 of ${HASH_BYTES} bytes: ${quoted(encoded, 60)}`);
  }
  if (size === 0 && !same(root, EMPTY_ROOT)) return bad("root", "an empty log has the hash of the empty string");
  return { origin, size, root };
}
