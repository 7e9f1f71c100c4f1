// Notes: C2SP signed-note with Ed25519 (0x01), cosignature/v1 (0x04) and ML-DSA-44 subtree/v1 (0x06). Knows the rules.
import { sha256 } from "@noble/hashes/sha2.js";
import { bigEndian, concat, fromBase64, textOf, toBase64, toHex, utf8 } from "./bytes";
import { type Checkpoint, parseCheckpoint } from "./checkpoint";
import { checkPublicKey, verifyEd25519 } from "./ed25519";
import { NOTE_BYTES, NOTE_SIGNATURES } from "./limits";
import { remembered } from "./memo";
import { checkMlDsaKey, verifyMlDsa } from "./mldsa";
import { quoted, Refusal, refused } from "./refusal";

export const LOG = 0x01;
export const WITNESS = 0x04;
export const SUBTREE = 0x06;
const AT_MAX_S = (1n << 63n) - 1n;
const BAD_IN_NAME = /[\x00-\x20\x7f+\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const byEd25519 = remembered(verifyEd25519);
const byMlDsa44 = remembered((key, signature, message) => verifyMlDsa(44, key, signature, message));
const DASH = "— ";

export interface VerifierKey {
  name: string;
  id: string; // 8 hexadecimal digits
  kind: number;
  publicKey: Uint8Array;
  vkey: string;
}

export interface Signature {
  name: string;
  keyId: string;
  bytes: Uint8Array;
  line: Uint8Array;
}

export interface Verified {
  key: VerifierKey;
  signature: Signature;
  atS: bigint | null;
}

const badKey = (field: string, detail: string): Refusal => new Refusal("bad-key", field, detail);
const badNote = (detail: string): Refusal => new Refusal("bad-note", "note", detail);
const length = (text: string): number => [...text].length;
const validName = (name: string): boolean => name !== "" && length(name) <= NOTE_BYTES && !BAD_IN_NAME.test(name);

/** A key with its id computed; refuses with bad-key. */
export function verifierKey(name: string, kind: number, publicKey: Uint8Array): VerifierKey | Refusal {
  if (!validName(name)) return badKey("name", `not a key name: ${quoted(name)}`);
  const bad = kind === SUBTREE ? checkMlDsaKey(publicKey, name) : checkPublicKey(publicKey, name);
  if (bad) return bad;
  const material = concat(Uint8Array.of(kind), publicKey);
  const id = toHex(sha256(concat(utf8(`${name}\n`), material)).subarray(0, 4));
  return { name, id, kind, publicKey, vkey: `${name}+${id}+${toBase64(material)}` };
}

/** A verifier key from its text; refuses with bad-key. */
export function parseVkey(text: string): VerifierKey | Refusal {
  const one = text.indexOf("+");
  const two = text.indexOf("+", one + 1);
  const material = one >= 0 && two > one && length(text) <= NOTE_BYTES ? fromBase64(text.slice(two + 1)) : null;
  const kind = material?.[0];
  if (!material || (kind !== LOG && kind !== WITNESS && kind !== SUBTREE)) {
    return badKey("vkey", `no verifier key of a known type: ${quoted(text)}`);
  }
  const key = verifierKey(text.slice(0, one), kind, material.subarray(1));
  if (!refused(key) && key.vkey !== text) return badKey("vkey", `the id does not fit the key: ${quoted(text)}`);
  return key;
}

export interface Note {
  text: Uint8Array;
  signatures: Signature[];
}

/** Where text and signatures part: the last blank line. */
function lastBlankLine(data: Uint8Array): number {
  for (let at = data.length - 2; at >= 0; at--) if (data[at] === 10 && data[at + 1] === 10) return at;
  return -1;
}

/** A note within its bounds; refuses with bad-note or too-large. Verifies nothing. */
export function parseNote(data: Uint8Array): Note | Refusal {
  if (data.length > NOTE_BYTES) return new Refusal("too-large", "note", `${data.length} bytes, allowed ${NOTE_BYTES}`);
  if (data.some((byte) => byte < 32 && byte !== 10)) return badNote("a control character other than newline");
  const at = lastBlankLine(data);
  if (at < 0) return badNote("no blank line between text and signatures");
  const signatures = parseSignatures(data.subarray(at + 2));
  if (refused(signatures)) return signatures;
  const text = data.subarray(0, at + 1);
  return textOf(text) === null ? badNote("not UTF-8") : { text, signatures };
}

function parseSignatures(block: Uint8Array): Signature[] | Refusal {
  if (block.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0) > NOTE_SIGNATURES) {
    return new Refusal("too-large", "signatures", `more than ${NOTE_SIGNATURES} signatures`);
  }
  const text = textOf(block);
  if (text === null) return badNote("not UTF-8");
  const lines = text.split("\n");
  if (lines.length < 2 || lines.pop() !== "") return badNote("the last signature line does not end in a newline");
  const signatures: Signature[] = [];
  for (const line of lines) {
    const rest = line.startsWith(DASH) ? line.slice(DASH.length) : "";
    const space = rest.indexOf(" ");
    const name = space < 0 ? rest : rest.slice(0, space);
    const data = space < 0 ? null : fromBase64(rest.slice(space + 1));
    if (!validName(name) || data === null || data.length < 5) return badNote(`not a signature line: ${quoted(line)}`);
    signatures.push({
      name, keyId: toHex(data.subarray(0, 4)), bytes: data.subarray(4), line: utf8(`${line}\n`),
    });
  }
  return signatures;
}

function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

/** The bytes that a ML-DSA-44 cosigner signs for a checkpoint, C2SP tlog-cosignature; null when a name has no room in it or the time is 0. */
export function subtreeMessage(cosigner: string, atS: bigint, checkpoint: Checkpoint): Uint8Array | null {
  const [name, origin] = [utf8(cosigner), utf8(checkpoint.origin)];
  if (![name, origin].every(({ length }) => length >= 1 && length <= 255) || atS < 1n) return null;
  return concat(
    utf8("subtree/v1\n\0"), Uint8Array.of(name.length), name, uint64(atS),
    Uint8Array.of(origin.length), origin, uint64(0n), uint64(BigInt(checkpoint.size)), checkpoint.root,
  );
}

function fits(text: Uint8Array, signature: Signature, key: VerifierKey, atS: bigint | null): boolean {
  if (signature.name !== key.name || signature.keyId !== key.id || (atS ?? 0n) > AT_MAX_S) return false;
  if (key.kind === LOG) return byEd25519(key.publicKey, signature.bytes, text);
  const raw = signature.bytes.subarray(8);
  if (key.kind === WITNESS) {
    return byEd25519(key.publicKey, raw, concat(utf8(`cosignature/v1\ntime ${atS}\n`), text));
  }
  const checkpoint = parseCheckpoint(text);
  const message = refused(checkpoint) ? null : subtreeMessage(key.name, atS ?? 0n, checkpoint);
  return message !== null && byMlDsa44(key.publicKey, raw, message);
}

/** Checks a text's signatures with the known keys, as LOG-4 says. */
export function verifySignatures(
  text: Uint8Array, signatures: Signature[], keys: VerifierKey[],
): Verified[] | Refusal {
  const known = new Map(keys.map((key) => [`${key.name} ${key.id}`, key]));
  const seen = new Map<string, Verified>();
  for (const signature of signatures) {
    const named = `${signature.name} ${signature.keyId}`;
    const key = known.get(named);
    if (key === undefined || seen.has(named)) continue;
    const atS = key.kind === LOG ? null : bigEndian(signature.bytes.subarray(0, 8));
    if (!fits(text, signature, key, atS)) {
      return new Refusal("bad-signature", key.name, "the signature does not fit the text and the key");
    }
    seen.set(named, { key, signature, atS });
  }
  if (seen.size === 0) return new Refusal("bad-signature", "note", "no signature of a known key");
  return [...seen.values()];
}
