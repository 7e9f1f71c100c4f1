// Keys of one signer: Ed25519, and ML-DSA-44 beside it from record version 2 on (LOG-2). Knows notes.
import { parseVkey, type VerifierKey } from "./note";
import { type Refusal, refused } from "./refusal";

/** The keys of a log or of a witness; the first is the Ed25519 key and gives the name. */
export type SignerKeys = [VerifierKey, ...VerifierKey[]];

/** Keys from their texts, Ed25519 first; refuses with bad-key. */
export function hybridOf(vkeys: string[]): SignerKeys | Refusal {
  const keys: VerifierKey[] = [];
  for (const vkey of vkeys) {
    const key = parseVkey(vkey);
    if (refused(key)) return key;
    keys.push(key);
  }
  return keys as unknown as SignerKeys;
}
