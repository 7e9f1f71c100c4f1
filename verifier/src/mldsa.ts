// ML-DSA (FIPS 204), pure, with a context string. Knows @noble. Redshank signs with ML-DSA-44; the other two are here so
// that the same code meets all of Wycheproof's vectors.
import { ml_dsa44, ml_dsa65, ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";

const SETS = { 44: ml_dsa44, 65: ml_dsa65, 87: ml_dsa87 };
export type ParameterSet = keyof typeof SETS;
export const PUBLIC_KEY_BYTES_44 = 1312;
export const SIGNATURE_BYTES_44 = 2420;
const NO_CONTEXT: Uint8Array = new Uint8Array();

/** Whether the signature is valid. False for any malformed input. */
export function verifyMlDsa(
  set: ParameterSet, key: Uint8Array, signature: Uint8Array, message: Uint8Array, context = NO_CONTEXT,
): boolean {
  const scheme = SETS[set];
  if (key.length !== scheme.lengths.publicKey || signature.length !== scheme.lengths.signature) return false;
  if (context.length > 255) return false;
  return scheme.verify(signature, message, key, { context });
}
