// Cosigned: the partner's receipts for one log, and what third parties say of it (REC-5, REC-13, WIT-9). Knows heads.
import { byCodePoint, same } from "../bytes";
import { type Checkpoint, parseSize } from "../checkpoint";
import { openHead, type SignedHead } from "../head";
import type { SignerKeys } from "../keys";
import { type ReadHash, rootAt } from "../merkle";
import { quoted, Refusal, refused } from "../refusal";
import { type Statement, statementsIn } from "../witnessing";
import type { Desk } from "./desk";

/** Whose log, and the keys of its owner and of the partner's witness. */
export interface LogKeys {
  party: string;
  key: SignerKeys;
  /** Null: the partner has no keys, so nobody gives a receipt. */
  witness: SignerKeys | null;
}

export interface Receipt {
  size: number;
  atS: bigint;
}

/** A head with no signature beside the log's and the witness's: nothing in a record goes unchecked. */
export function bareHead(data: Uint8Array, log: LogKeys): SignedHead | Refusal {
  const head = openHead(data, log.key, log.witness === null ? [] : [log.witness]);
  if (!refused(head) && !head.bare) {
    return new Refusal("bad-signature", "note", "a signature of an unknown key, or one twice");
  }
  return head;
}

// --- receipts ----------------------------------------------------------------------------------------------

/** Each receipt that holds, sorted. `read` null: the entries are not those under the signed head, so nothing follows. */
export function receiptsOf(desk: Desk, log: LogKeys, head: SignedHead, read: ReadHash | null): Receipt[] {
  const prefix = `${log.party}/receipts/`;
  const found = new Map<string, Receipt>();
  const keep = (size: number, atS: bigint): void => void found.set(`${size} ${atS}`, { size, atS });
  for (const cosigned of head.cosigned) keep(head.checkpoint.size, cosigned.atS ?? 0n);
  for (const path of desk.takeAll(prefix)) {
    const receipt = receiptOf(desk.read(path), path.slice(prefix.length), head.checkpoint, read, log);
    if (refused(receipt)) desk.find(path, receipt);
    else keep(receipt.size, receipt.atS);
  }
  return [...found.values()].sort((a, b) => a.size - b.size || (a.atS < b.atS ? -1 : a.atS > b.atS ? 1 : 0));
}

function receiptOf(
  data: Uint8Array, name: string, newest: Checkpoint, read: ReadHash | null, log: LogKeys,
): Receipt | Refusal {
  const head = bareHead(data, log);
  if (refused(head)) return head;
  const { checkpoint, cosigned } = head;
  const first = cosigned[0];
  if (first === undefined) return new Refusal("not-witnessed", "receipt", "no cosignature of the partner");
  return misfit(checkpoint, name, newest, read) ?? { size: checkpoint.size, atS: first.atS ?? 0n };
}

/** Null when a cosigned head is one of this log, and the one that its path names. */
function misfit(found: Checkpoint, name: string, newest: Checkpoint, read: ReadHash | null): Refusal | null {
  if (parseSize(name) !== found.size) return new Refusal("wrong-size", "path", `it is for size ${found.size}`);
  if (found.size > newest.size) {
    return new Refusal("shrunken", "size", `cosigned for ${found.size}, but the log ends at ${newest.size}`);
  }
  return off(found, newest, read);
}

/** Whether the receipt's root is another one. `forked` convicts: two signatures of the log have to contradict. */
function off(receipt: Checkpoint, newest: Checkpoint, read: ReadHash | null): Refusal | null {
  if (receipt.size === newest.size) {
    const fits = same(receipt.root, newest.root);
    return fits ? null : new Refusal("forked", "root", "two signed heads of one size, and two roots");
  }
  if (read === null) {
    return new Refusal("bad-proof", "root", "the entries are not those that were signed, so it proves nothing");
  }
  const fits = same(rootAt(receipt.size, read), receipt.root);
  return fits ? null : new Refusal("forked", "root", "signed and cosigned, but not the root of these entries");
}

/** Time of the receipt with the smallest size that covers the serial; receipts are sorted. */
export function receivedAt(receipts: Receipt[], serial: number): bigint | null {
  return receipts[firstAbove(receipts, serial)]?.atS ?? null;
}

/** Place of the first one whose size is larger; they are sorted by size. */
function firstAbove(sized: { size: number }[], serial: number): number {
  let [low, high] = [0, sized.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sized[middle] as { size: number }).size > serial) high = middle;
    else low = middle + 1;
  }
  return low;
}

// --- third parties -----------------------------------------------------------------------------------------

/** Each statement of a third party that holds, sorted by size. */
export function witnessedIn(desk: Desk, log: LogKeys, newest: Checkpoint, read: ReadHash | null): Statement[] {
  const prefix = `${log.party}/witnessed/`;
  const found: Statement[] = [];
  for (const path of desk.takeAll(prefix)) {
    const said = statementsIn(desk.read(path), desk.witnesses);
    const bad = refused(said)
      ? said
      : (foreign(said.head, log) ?? misfit(said.head, path.slice(prefix.length), newest, read));
    if (bad) desk.find(path, bad);
    else if (!refused(said)) found.push(...said.statements);
  }
  return found.sort((a, b) => a.size - b.size || byCodePoint(a.witness, b.witness));
}

/** First of all: what a witness said of another log must not accuse the owner of this one. */
function foreign(head: Checkpoint, log: LogKeys): Refusal | null {
  const name = log.key[0].name;
  if (head.origin === name) return null;
  return new Refusal("wrong-origin", "origin", `${quoted(head.origin)}, expected ${quoted(name)}`);
}

/** Each witness's first statement for a size that covers a serial, by time. */
export class FirstStatements {
  private readonly first: [string, bigint][][] = [[]];

  constructor(private readonly statements: Statement[]) {
    const first = new Map<string, [string, bigint]>();
    for (const { witness, atS } of [...statements].reverse()) {
      first.set(witness, [witness, atS]); // the smaller size overrides the larger
      this.first.push([...first.values()].sort(([one, a], [other, b]) => (a < b ? -1 : a > b ? 1 : one < other ? -1 : 1)));
    }
    this.first.reverse();
  }

  of(serial: number): [string, bigint][] {
    return this.first[firstAbove(this.statements, serial)] as [string, bigint][];
  }
}
