// Memo: remembers verdicts on signatures, for a record holds the same head and its signatures more than once. Knows @noble.
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, toHex } from "./bytes";

const KEPT = 4096;

/** `verify`, asked once for the same parts; the last few thousand verdicts are kept. */
export function remembered(
  verify: (key: Uint8Array, signature: Uint8Array, message: Uint8Array) => boolean,
): typeof verify {
  const verdicts = new Map<string, boolean>();
  return (key, signature, message) => {
    const name = toHex(sha256(concat(sha256(key), sha256(signature), sha256(message))));
    let verdict = verdicts.get(name);
    if (verdict === undefined) {
      verdict = verify(key, signature, message);
      if (verdicts.size >= KEPT) verdicts.delete(verdicts.keys().next().value as string);
      verdicts.set(name, verdict);
    }
    return verdict;
  };
}
