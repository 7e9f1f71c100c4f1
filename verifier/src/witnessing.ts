// Witnessing: the third-party witnesses that a record names, and what they say of a head (witness.md). Knows notes.
import { toBase64 } from "./bytes";
import { type Checkpoint, parseCheckpoint } from "./checkpoint";
import { CALENDAR_MAX_S, WITNESSES } from "./limits";
import { LOG, parseNote, parseVkey, type Signature, type VerifierKey, verifySignatures } from "./note";
import { Refusal, refused } from "./refusal";

export interface Witness {
  name: string;
  keys: VerifierKey[];
}

export interface WitnessPolicy {
  required: number;
  witnesses: Witness[];
}

/** One witness has cosigned one head, at this time of its own clock. */
export interface Statement {
  size: number;
  witness: string;
  atS: bigint;
}

export const NOBODY: WitnessPolicy = { required: 0, witnesses: [] };

/** Witnesses from their verifier keys; refuses with bad-key or value-not-plausible. */
export function parseWitnesses(required: bigint, given: string[][]): WitnessPolicy | Refusal {
  const witnesses: Witness[] = [];
  const seen = new Set<string>();
  for (const vkeys of given) {
    const keys = vkeys.map(parseVkey).filter((key): key is VerifierKey => !refused(key) && key.kind !== LOG);
    if (vkeys.length === 0 || keys.length !== vkeys.length || new Set(keys.map((key) => key.name)).size !== 1) {
      return new Refusal("bad-key", "witnesses", "needs keys of cosigners (type 0x04 or 0x06) under one name");
    }
    const publics = keys.map((key) => toBase64(key.publicKey));
    if (publics.some((key) => seen.has(key)) || new Set(keys.map((key) => key.kind)).size !== keys.length) {
      return new Refusal("bad-key", "witnesses", "one key twice, or two of one type");
    }
    for (const key of publics) seen.add(key);
    witnesses.push({ name: (keys[0] as VerifierKey).name, keys });
  }
  const count = witnesses.length;
  const least = count > 0 ? 1n : 0n;
  const names = new Set(witnesses.map((one) => one.name)).size;
  if (names !== count || count > WITNESSES || required < least || required > BigInt(count)) {
    const detail = `${required} of ${count}; at most ${WITNESSES}, each name once`;
    return new Refusal("value-not-plausible", "required", detail);
  }
  return { required: Number(required), witnesses };
}

/** The k-th of the witnesses' values in the given order; null when there are fewer than are required. */
export function kth<T extends number | bigint>(policy: WitnessPolicy, values: T[], largest: boolean): T | null {
  if (policy.required < 1 || policy.required > values.length) return null;
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (largest) sorted.reverse();
  return sorted[policy.required - 1] ?? null;
}

function statementOf(text: Uint8Array, witness: Witness, signatures: Signature[]): bigint | Refusal {
  const verified = verifySignatures(text, signatures, witness.keys);
  if (refused(verified)) return verified;
  if (verified.length !== witness.keys.length) {
    return new Refusal("not-hybrid", witness.name, `${verified.length} of its ${witness.keys.length} keys signed`);
  }
  const atS = verified.map((found) => found.atS ?? 0n).reduce((a, b) => (a > b ? a : b));
  return atS > CALENDAR_MAX_S ? new Refusal("bad-time", witness.name, `cosigned ${atS} s after 1970`) : atS;
}

/** What a note with cosignatures alone proves: the head, and the statement of each witness in it. */
export function statementsIn(
  note: Uint8Array, policy: WitnessPolicy,
): { head: Checkpoint; statements: Statement[] } | Refusal {
  const parsed = parseNote(note);
  if (refused(parsed)) return parsed;
  const head = parseCheckpoint(parsed.text);
  if (refused(head)) return head;
  const statements: Statement[] = [];
  let lines = 0;
  for (const witness of policy.witnesses) {
    if (!parsed.signatures.some((one) => one.name === witness.name)) continue;
    const atS = statementOf(parsed.text, witness, parsed.signatures);
    if (refused(atS)) return atS;
    statements.push({ size: head.size, witness: witness.name, atS });
    lines += witness.keys.length;
  }
  if (lines !== parsed.signatures.length) {
    return new Refusal("bad-signature", "note", "a signature of an unknown key, or one twice");
  }
  return { head, statements };
}

/** Entries that as many witnesses as are required have cosigned. */
export function quorumSize(policy: WitnessPolicy, statements: Statement[]): number {
  const newest = new Map<string, number>();
  for (const { size, witness } of statements) newest.set(witness, size);
  return kth(policy, [...newest.values()], true) ?? 0;
}

/** The policy as `redshank verify --json` has it. */
export const plainPolicy = (policy: WitnessPolicy): object => ({
  required: policy.required,
  witnesses: policy.witnesses.map(({ keys }) => ({
    keys: keys.map(({ name, id, kind, publicKey }) => ({
      name, id: Number.parseInt(id, 16), kind, public_key: publicKey,
    })),
    url: "witnesses",
  })),
});
