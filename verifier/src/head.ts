// Heads: a checkpoint whose signatures were verified. Knows notes and checkpoints.
import { concat, same, utf8 } from "./bytes";
import { type Checkpoint, parseCheckpoint } from "./checkpoint";
import type { SignerKeys } from "./keys";
import { parseNote, type Verified, verifySignatures } from "./note";
import { quoted, Refusal, refused } from "./refusal";

export interface SignedHead {
  checkpoint: Checkpoint;
  cosigned: Verified[];
  /** When the log signed it, by its own clock, as its ML-DSA-44 line says; 0 without one. */
  stampedS: bigint;
  /** Nothing stands in the note but the text and the signatures that were verified, each once. */
  bare: boolean;
}

/** The signatures of one signer among those that verified; refuses with not-hybrid when some are missing. */
function signedBy(verified: Verified[], keys: SignerKeys): Verified[] | Refusal {
  const found = keys.map((key) => verified.find((one) => one.key === key));
  const made = found.filter((one) => one !== undefined);
  if (made.length === 0) return [];
  const name = keys[0].name;
  if (made.length < keys.length) {
    const missing = found[0] === undefined ? "Ed25519" : "ML-DSA-44";
    return new Refusal("not-hybrid", name, `the ${missing} signature is missing`);
  }
  const [first, second] = made.map((one) => one.atS);
  if (second !== undefined && first !== null && first !== second) {
    return new Refusal("not-hybrid", name, `signed at ${first} s and at ${second} s`);
  }
  return made;
}

/** A signed checkpoint, verified with the log's keys; cosignatures of `witnesses` are verified and collected. */
export function openHead(data: Uint8Array, log: SignerKeys, witnesses: SignerKeys[]): SignedHead | Refusal {
  const note = parseNote(data);
  if (refused(note)) return note;
  const checkpoint = parseCheckpoint(note.text);
  if (refused(checkpoint)) return checkpoint;
  const name = log[0].name;
  if (checkpoint.origin !== name) {
    return new Refusal("wrong-origin", "origin", `${quoted(checkpoint.origin)}, expected ${quoted(name)}`);
  }
  const verified = verifySignatures(note.text, note.signatures, [...log, ...witnesses.flat()]);
  if (refused(verified)) return verified;
  let stampedS = 0n;
  for (const [at, signer] of [log, ...witnesses].entries()) {
    const own = signedBy(verified, signer);
    if (refused(own)) return own;
    if (at === 0 && own.length === 0) return new Refusal("bad-signature", name, "the log itself did not sign");
    if (at === 0) stampedS = own.at(-1)?.atS ?? 0n;
  }
  const kept = concat(note.text, utf8("\n"), ...verified.map((found) => found.signature.line));
  return { checkpoint, cosigned: verified.filter((found) => !log.includes(found.key)), stampedS, bare: same(kept, data) };
}
