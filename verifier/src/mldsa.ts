// ML-DSA (FIPS 204), pure, with a context string. Knows @noble. Redshank signs with ML-DSA-44; the other two are here so
// that the same code meets all of Wycheproof's vectors.
import { ml_dsa44, ml_dsa65, ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";
import { Refusal } from "./refusal";

const SETS = { 44: ml_dsa44, 65: ml_dsa65, 87: ml_dsa87 };
export type ParameterSet = keyof typeof SETS;
export const PUBLIC_KEY_BYTES_44 = 1312;
const SEED_BYTES = 32; // rho, before t1 (FIPS 204 algorithm 22)
const NO_CONTEXT: Uint8Array = new Uint8Array();

/** Null for a usable ML-DSA-44 key; refuses with bad-key a wrong length or a t1 of zero: with that, anybody can sign. */
export function checkMlDsaKey(key: Uint8Array, field: string): Refusal | null {
  if (key.length !== PUBLIC_KEY_BYTES_44) {
    return new Refusal("bad-key", field, `${key.length} bytes, needs ${PUBLIC_KEY_BYTES_44}`);
  }
  const zero = key.subarray(SEED_BYTES).every((byte) => byte === 0);
  return zero ? new Refusal("bad-key", field, "a key with t1 = 0 proves nothing") : null;
}

/** Whether the signature is valid. False for any malformed input. */
export function verifyMlDsa(
  set: ParameterSet, key: Uint8Array, signature: Uint8Array, message: Uint8Array, context = NO_CONTEXT,
): boolean {
  const scheme = SETS[set];
  if (key.length !== scheme.lengths.publicKey || signature.length !== scheme.lengths.signature) return false;
  if (context.length > 255) return false;
  return scheme.verify(signature, message, key, { context });
}
