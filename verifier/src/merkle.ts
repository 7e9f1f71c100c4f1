// Merkle trees: RFC 6962 section 2.1 hashes, RFC 9162 sections 2.1.3.2 and 2.1.4.2 checks. Knows @noble/hashes.
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, same } from "./bytes";
import { Refusal } from "./refusal";

export const HASH_BYTES = 32;
export const EMPTY_ROOT = sha256(new Uint8Array());

/** The root over the leaves [index * 2^level, (index + 1) * 2^level). */
export type ReadHash = (level: number, index: number) => Uint8Array;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
export const leafHash = (entry: Uint8Array): Uint8Array => sha256(concat(LEAF, entry));
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concat(NODE, left, right));

/** The perfect hashes of a tree to which leaves are added: 64 to 128 bytes a leaf. */
export class PackedHashes {
  private readonly rows: { bytes: Uint8Array; hashes: number }[] = [];

  /** More leaf hashes, in order. */
  extend(leaves: Uint8Array[]): void {
    for (const leaf of leaves) this.add(0, leaf);
    for (let level = 0; level < this.rows.length; level++) {
      const below = this.row(level);
      for (let at = this.rows[level + 1]?.hashes ?? 0; 2 * at + 1 < below.hashes; at++) {
        const pair = below.bytes.subarray(64 * at, 64 * (at + 1));
        this.add(level + 1, sha256(concat(NODE, pair)));
      }
    }
  }

  /** The perfect hash; throws RangeError for one that the tree does not have. */
  readonly read: ReadHash = (level, index) => {
    const row = this.rows[level];
    if (row === undefined || index >= row.hashes) throw new RangeError(`no hash ${level}/${index}`);
    return row.bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  };

  private row(level: number): { bytes: Uint8Array; hashes: number } {
    return (this.rows[level] ??= { bytes: new Uint8Array(1024), hashes: 0 });
  }

  private add(level: number, hash: Uint8Array): void {
    const row = this.row(level);
    const end = row.hashes * HASH_BYTES;
    if (end === row.bytes.length) {
      const grown = new Uint8Array(2 * end);
      grown.set(row.bytes);
      row.bytes = grown;
    }
    row.bytes.set(hash, end);
    row.hashes++;
  }
}

/** Root of the first `size` leaves. */
export function rootAt(size: number, read: ReadHash): Uint8Array {
  if (size === 0) return EMPTY_ROOT;
  const parts: Uint8Array[] = [];
  for (let at = 0, level = Math.floor(Math.log2(size)); at < size; level--) {
    const width = 2 ** level;
    if (size - at >= width) {
      parts.push(read(level, at / width));
      at += width;
    }
  }
  return parts.reduceRight((right, left) => nodeHash(left, right));
}

const bad = (detail: string): Refusal => new Refusal("bad-proof", "proof", detail);
const hashes = (...all: Uint8Array[]): boolean => all.every((hash) => hash.length === HASH_BYTES);
const odd = (n: bigint): boolean => (n & 1n) === 1n;

/** Null when `proof` shows the leaf hash at `index` in the tree of `size`, else bad-proof. */
export function verifyInclusion(
  index: bigint, size: bigint, leaf: Uint8Array, root: Uint8Array, proof: Uint8Array[],
): Refusal | null {
  if (index < 0n || index >= size) return bad(`no leaf ${index} in a tree of ${size}`);
  if (!hashes(leaf, root, ...proof)) return bad("not all are hashes of 32 bytes");
  let fn = index;
  let sn = size - 1n;
  let node = leaf;
  for (const step of proof) {
    if (sn === 0n) return bad("the inclusion proof is too long");
    if (odd(fn) || fn === sn) {
      node = nodeHash(step, node);
      for (; !odd(fn) && fn > 0n; fn >>= 1n) sn >>= 1n;
    } else {
      node = nodeHash(node, step);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  if (sn > 0n) return bad("the inclusion proof is too short");
  return same(node, root) ? null : bad("the inclusion proof leads to another root");
}

/** Null when `proof` shows the tree of `oldSize` to be a prefix of that of `size`, else bad-proof. */
export function verifyConsistency(
  oldSize: bigint, size: bigint, oldRoot: Uint8Array, root: Uint8Array, proof: Uint8Array[],
): Refusal | null {
  if (oldSize < 1n || oldSize > size) return bad(`old size ${oldSize} is not in 1..${size}`);
  if (oldSize === size) {
    const fits = proof.length === 0 && same(oldRoot, root);
    return fits ? null : bad("one size, but another root or a proof that is not empty");
  }
  if (!hashes(oldRoot, root, ...proof)) return bad("not all are hashes of 32 bytes");
  const steps = (oldSize & (oldSize - 1n)) === 0n ? [oldRoot, ...proof] : proof;
  const first = steps[0];
  if (first === undefined) return bad("the consistency proof is empty");
  let fn = oldSize - 1n;
  let sn = size - 1n;
  for (; odd(fn); fn >>= 1n) sn >>= 1n;
  let oldNode = first;
  let node = first;
  for (const step of steps.slice(1)) {
    if (sn === 0n) return bad("the consistency proof is too long");
    if (odd(fn) || fn === sn) {
      oldNode = nodeHash(step, oldNode);
      node = nodeHash(step, node);
      for (; !odd(fn) && fn > 0n; fn >>= 1n) sn >>= 1n;
    } else {
      node = nodeHash(node, step);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  const fits = sn === 0n && same(oldNode, oldRoot) && same(node, root);
  return fits ? null : bad("the consistency proof leads to other roots or is too short");
}
