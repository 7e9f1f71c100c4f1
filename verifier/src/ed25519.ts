// One rule for Ed25519 (LOG-3): what OpenSSL accepts, and no public key of low order. Knows @noble.
//
// noble's strict verification multiplies by the cofactor, so it accepts signatures that OpenSSL, Go and Node refuse
// (126 of the 914 vectors of C2SP/CCTV), and no others once low-order keys are out. So a signature must pass noble, and
// then the equation of RFC 8032 section 5.1.7 without the cofactor, computed with noble's points: [S]B - [k]A, encoded,
// must be the very bytes R.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, toHex } from "./bytes";
import { Refusal } from "./refusal";

export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
const Point = ed25519.Point;
const ORDER = Point.Fn.ORDER;

/** y coordinates, little-endian with the sign bit cleared, of every encoding of the eight points of low order. */
const LOW_ORDER_Y = new Set(
  [
    "0", // order 4
    "1", // order 1, the identity
    "5fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", // order 8
    "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", // order 8
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec", // p - 1, order 2
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed", // p: 0 written otherwise
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffee", // p + 1: 1 written otherwise
  ].map((y) => (y.padStart(64, "0").match(/../g) as string[]).reverse().join("")),
);

/** Null for a usable key; refuses with bad-key a wrong length or a point of low order. */
export function checkPublicKey(key: Uint8Array, field: string): Refusal | null {
  if (key.length !== PUBLIC_KEY_BYTES) {
    return new Refusal("bad-key", field, `${key.length} bytes, needs ${PUBLIC_KEY_BYTES}`);
  }
  const y = key.slice();
  y[31] = (y[31] as number) & 0x7f;
  return LOW_ORDER_Y.has(toHex(y)) ? new Refusal("bad-key", field, "a point of low order proves nothing") : null;
}

const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes.slice().reverse())}`);

function holdsWithoutCofactor(key: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  const r = signature.subarray(0, 32);
  const k = littleEndian(sha512(concat(r, key, message))) % ORDER;
  const s = littleEndian(signature.subarray(32));
  const found = Point.BASE.multiplyUnsafe(s).subtract(Point.fromBytes(key).multiplyUnsafe(k));
  return toHex(found.toBytes()) === toHex(r);
}

/** Whether `signature` is valid by the rule. False for any malformed input. */
export function verifyEd25519(key: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  if (checkPublicKey(key, "key") !== null || signature.length !== SIGNATURE_BYTES) return false;
  return ed25519.verify(signature, message, key, { zip215: false }) && holdsWithoutCofactor(key, signature, message);
}
