// Record: checks a record without a node, a network or a clock (REC-1 to REC-15). Knows logs, messages and parties.
//
// The twin of src/redshank/exchange/verifier.py: the same checks in the same order, the same codes, the same report.
import { byCodePoint, same } from "./bytes";
import { type Checkpoint, parseSize } from "./checkpoint";
import { openHead, type SignedHead } from "./head";
import { EMPTY_ROOT, leafHash, perfectHashes, type ReadHash, rootAt } from "./merkle";
import { type Message, parseEntry } from "./message";
import type { SignerKeys } from "./keys";
import { logFaults } from "./chain";
import { EXERCISE_PREFIX, generationOf, keysOf, MANIFEST, type Manifest, partiesOf, type PartyKeys, policyOf, type PublicKeys, readManifest } from "./parties";
import { quoted, type Reason, Refusal, refused } from "./refusal";
import type { Direction, Finding, Line, RecordReport } from "./report";
import { entryBundles, hashTiles, parseBundle, TILE_WIDTH, tileBytes, tilePath } from "./tiles";
import { VOICE_FILE, type VoiceLine, voiceLines } from "./voice/notes";
import { firstStatements, kth, NOBODY, quorumSize, type Statement, statementsIn, type WitnessPolicy } from "./witnessing";

export type Files = Map<string, Uint8Array>;

interface Log {
  party: string;
  key: SignerKeys;
  witness: SignerKeys;
}

interface Receipt {
  size: number;
  atS: bigint;
}

interface Read {
  direction: Direction;
  contents: (Message | Refusal)[];
  receipts: Receipt[];
  witnessed: Statement[];
}

/** The record on the desk: which files were looked at, and what was found. */
class Desk {
  readonly findings: Finding[] = [];
  private readonly lookedAt = new Set([MANIFEST]);

  constructor(
    readonly files: Files,
    readonly manifest: Manifest,
    readonly witnesses: WitnessPolicy,
  ) {}

  fault(path: string, reason: Reason, field: string, detail: string): void {
    this.findings.push({ path, refusal: new Refusal(reason, field, detail) });
  }

  take(path: string): Uint8Array | undefined {
    this.lookedAt.add(path);
    if (!this.files.has(path)) this.fault(path, "truncated", "path", "missing");
    return this.files.get(path);
  }

  takeAll(prefix: string): string[] {
    const paths = [...this.files.keys()].filter((path) => path.startsWith(prefix));
    for (const path of paths) this.lookedAt.add(path);
    return paths;
  }

  close(): Finding[] {
    for (const path of this.files.keys()) {
      if (!this.lookedAt.has(path)) this.fault(path, "unknown-field", "path", "no part of a record");
    }
    return this.findings.sort(
      (a, b) => byCodePoint(a.path, b.path) || byCodePoint(a.refusal.toString(), b.refusal.toString()),
    );
  }
}

/** Checks a record; with the keys of both parties that the user brought, or with those that it claims. */
export function verifyRecord(files: Files, brought: PublicKeys[] | null = null): RecordReport {
  const manifest = readManifest(files.get(MANIFEST));
  if (refused(manifest)) return faulty(null, brought, manifest);
  const keys = keysOf(manifest, brought);
  if (refused(keys)) return faulty(manifest, brought, keys);
  const policy = policyOf(manifest, keys);
  if (refused(policy)) return faulty(manifest, brought, policy);
  const desk = new Desk(files, manifest, policy);
  const [one, other] = partiesOf(manifest.channel);
  const [ofOne, ofOther] = [keys.get(one) as PartyKeys, keys.get(other) as PartyKeys];
  const first = verifyLog(desk, { party: one, key: ofOne.log, witness: ofOther.witness });
  const second = verifyLog(desk, { party: other, key: ofOther.log, witness: ofOne.witness });
  const lines = merged(timed(desk, first, second), timed(desk, second, first));
  const voice = voiceIn(desk, new Map([[one, first.contents], [other, second.contents]]));
  const findings = desk.close();
  return {
    ok: findings.length === 0,
    pinned: brought !== null,
    witnesses: policy,
    witnesses_pinned: false,
    manifest,
    directions: [first.direction, second.direction],
    lines,
    voice,
    findings,
  };
}

/** What the exporter notes of statements by voice. A record without such notes is as good as one with them. */
function voiceIn(desk: Desk, contents: Map<string, (Message | Refusal)[]>): VoiceLine[] {
  if (!desk.files.has(VOICE_FILE)) return [];
  const found = voiceLines(desk.take(VOICE_FILE) as Uint8Array, desk.manifest.prefix === EXERCISE_PREFIX, contents);
  if (!refused(found)) return found;
  desk.findings.push({ path: VOICE_FILE, refusal: found });
  return [];
}

function faulty(manifest: Manifest | null, brought: PublicKeys[] | null, refusal: Refusal): RecordReport {
  const findings = [{ path: MANIFEST, refusal }];
  const known = { ok: false, pinned: brought !== null, witnesses: NOBODY, witnesses_pinned: false };
  return { ...known, manifest, directions: [], lines: [], voice: [], findings };
}

// --- one log -----------------------------------------------------------------------------------------------

function verifyLog(desk: Desk, log: Log): Read {
  const path = `${log.party}/checkpoint`;
  const direction: Direction = {
    party: log.party, origin: log.key[0].name, size: 0, root: EMPTY_ROOT, receipts: 0, receipted: 0, witnessed: 0,
    serial_gaps: [],
  };
  const nothing: Read = { direction, contents: [], receipts: [], witnessed: [] };
  if (!desk.files.has(path)) return nothing;
  const head = bareHead(desk.take(path) as Uint8Array, log);
  if (refused(head)) {
    desk.findings.push({ path, refusal: head });
    return nothing;
  }
  const entries = entriesOf(desk, log.party, head.checkpoint.size);
  if (entries === null) return nothing;
  const read = perfectHashes(entries.map(leafHash));
  const sound = same(rootAt(entries.length, read), head.checkpoint.root);
  if (!sound) {
    desk.fault(path, "bad-proof", "root", "the entries do not give the signed root");
  }
  checkTiles(desk, log.party, entries.length, read);
  const receipts = receiptsOf(desk, log, head, sound ? read : null);
  const witnessed = witnessedIn(desk, log, head.checkpoint, sound ? read : null);
  const contents = contentsOf(desk, log.party, entries);
  direction.size = entries.length;
  direction.root = head.checkpoint.root;
  direction.receipts = receipts.length;
  direction.receipted = receipts.reduce((most, receipt) => Math.max(most, receipt.size), 0);
  direction.witnessed = quorumSize(desk.witnesses, witnessed);
  direction.serial_gaps = contents.flatMap((content, serial) => (isGap(content) ? [serial] : []));
  return { direction, contents, receipts, witnessed };
}

/** A head with no signature beside the log's and the witness's: nothing in a record goes unchecked. */
function bareHead(data: Uint8Array, log: Log): SignedHead | Refusal {
  const head = openHead(data, log.key, [log.witness]);
  if (!refused(head) && !head.bare) {
    return new Refusal("bad-signature", "note", "a signature of an unknown key, or one twice");
  }
  return head;
}

const isGap = (content: Message | Refusal): boolean => refused(content) && content.reason === "wrong-serial";

function contentsOf(desk: Desk, party: string, entries: Uint8Array[]): (Message | Refusal)[] {
  const place = { channel: desk.manifest.channel, sender: party, year: Number(desk.manifest.year), generation: generationOf(desk.manifest) };
  const contents = entries.map((entry, serial) => parseEntry(entry, { ...place, serial }));
  contents.forEach((content, serial) => {
    if (isGap(content)) desk.fault(`${party}/entry ${serial}`, "wrong-serial", "serial", "says another serial");
  });
  for (const [serial, refusal] of logFaults(contents, place.generation)) {
    desk.findings.push({ path: `${party}/entry ${serial}`, refusal });
  }
  return contents;
}

/** All entries, or null when a bundle is missing or damaged: then nothing can be said of the log. */
function entriesOf(desk: Desk, party: string, size: number): Uint8Array[] | null {
  if (size > TILE_WIDTH * desk.files.size) {
    desk.fault(`${party}/checkpoint`, "truncated", "size", `most of ${size} entries are missing`);
    return null;
  }
  const entries: Uint8Array[] = [];
  for (const tile of entryBundles(size)) {
    const path = `${party}/${tilePath(tile)}`;
    const data = desk.take(path);
    const found = data === undefined ? [] : parseBundle(data);
    if (refused(found)) {
      desk.findings.push({ path, refusal: found });
    } else if (data !== undefined && found.length !== tile.width) {
      desk.fault(path, "truncated", "bundle", `${found.length} entries, needs ${tile.width}`);
    } else {
      for (const entry of found) entries.push(entry);
    }
  }
  return entries.length === size ? entries : null;
}

function checkTiles(desk: Desk, party: string, size: number, read: ReadHash): void {
  for (const tile of hashTiles(size)) {
    const path = `${party}/${tilePath(tile)}`;
    const data = desk.take(path);
    if (data !== undefined && !same(data, tileBytes(tile, read))) {
      desk.fault(path, "bad-proof", "tile", "not the hashes of the entries");
    }
  }
}

// --- receipts ----------------------------------------------------------------------------------------------

/** `read` null: the entries are not those under the signed head, so nothing follows from them. */
function receiptsOf(desk: Desk, log: Log, head: SignedHead, read: ReadHash | null): Receipt[] {
  const prefix = `${log.party}/receipts/`;
  const found = new Map<string, Receipt>();
  const keep = (size: number, atS: bigint): void => void found.set(`${size} ${atS}`, { size, atS });
  for (const cosigned of head.cosigned) keep(head.checkpoint.size, cosigned.atS ?? 0n);
  for (const path of desk.takeAll(prefix)) {
    const data = desk.files.get(path) as Uint8Array;
    const receipt = receiptOf(data, path.slice(prefix.length), head.checkpoint, read, log);
    if (refused(receipt)) desk.findings.push({ path, refusal: receipt });
    else keep(receipt.size, receipt.atS);
  }
  return [...found.values()].sort((a, b) => a.size - b.size || (a.atS < b.atS ? -1 : a.atS > b.atS ? 1 : 0));
}

function receiptOf(
  data: Uint8Array, name: string, newest: Checkpoint, read: ReadHash | null, log: Log,
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

// --- third parties -----------------------------------------------------------------------------------------

function witnessedIn(desk: Desk, log: Log, newest: Checkpoint, read: ReadHash | null): Statement[] {
  const prefix = `${log.party}/witnessed/`;
  const found: Statement[] = [];
  for (const path of desk.takeAll(prefix)) {
    const said = statementsIn(desk.files.get(path) as Uint8Array, desk.witnesses);
    const bad = refused(said)
      ? said
      : (foreign(said.head, log) ?? misfit(said.head, path.slice(prefix.length), newest, read));
    if (bad) desk.findings.push({ path, refusal: bad });
    else if (!refused(said)) found.push(...said.statements);
  }
  return found.sort((a, b) => a.size - b.size || byCodePoint(a.witness, b.witness));
}

/** First of all: what a witness said of another log must not accuse the owner of this one. */
function foreign(head: Checkpoint, log: Log): Refusal | null {
  const name = log.key[0].name;
  if (head.origin === name) return null;
  return new Refusal("wrong-origin", "origin", `${quoted(head.origin)}, expected ${quoted(name)}`);
}

// --- the lines ---------------------------------------------------------------------------------------------

interface Timed {
  at: bigint;
  line: Line;
}

/** Both logs merged by time of statement, each in the order of its own index; of equals the first log's first. */
function merged(one: Timed[], other: Timed[]): Line[] {
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    const [a, b] = [one[i], other[j]];
    if (b === undefined || (a !== undefined && a.at <= b.at)) {
      lines.push((a as Timed).line);
      i++;
    } else {
      lines.push(b.line);
      j++;
    }
  }
  return lines;
}

function timed(desk: Desk, read: Read, partner: Read): Timed[] {
  const { acks, answers } = repliesOf(partner.contents);
  const [party, end] = [read.direction.party, partner.direction.size];
  let at = 0n;
  return read.contents.map((content, serial) => {
    if (!refused(content)) {
      at = content.stated_ms;
      const answered = answersHere(content);
      if (answered !== null && answered >= BigInt(end)) {
        const detail = `replies to serial ${answered}; the partner's log ends at ${end}`;
        desk.fault(`${party}/entry ${serial}`, "unknown-message", "in_reply_to", detail);
      }
    }
    const witnessed_by = firstStatements(read.witnessed, serial);
    const line: Line = {
      sender: party,
      serial,
      content,
      witnessed_by,
      witnessed_at_s: kth(desk.witnesses, witnessed_by.map(([, atS]) => atS), false),
      received_at_s: receivedAt(read.receipts, serial),
      read_by: acks.get(BigInt(serial)) ?? null,
      answered_by: answers.get(BigInt(serial)) ?? null,
    };
    return { at, line };
  });
}

/** The serial that a message answers; null when that stands in the log of an earlier generation. */
const answersHere = (content: Message): bigint | null =>
  content.reply_generation === null ? content.in_reply_to : null;

function repliesOf(contents: (Message | Refusal)[]): Record<"acks" | "answers", Map<bigint, number>> {
  const [acks, answers] = [new Map<bigint, number>(), new Map<bigint, number>()];
  contents.forEach((content, serial) => {
    const answered = refused(content) ? null : answersHere(content);
    if (refused(content) || answered === null) return;
    const isAnswer = ["REPLY", "TEST-REPLY", "AGREE-CLOSE"].includes(content.type);
    const replies = content.type === "ACK" ? acks : isAnswer ? answers : null;
    if (replies && !replies.has(answered)) replies.set(answered, serial);
  });
  return { acks, answers };
}

/** Time of the receipt with the smallest size that covers the serial; receipts are sorted. */
function receivedAt(receipts: Receipt[], serial: number): bigint | null {
  let [low, high] = [0, receipts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((receipts[middle] as Receipt).size > serial) high = middle;
    else low = middle + 1;
  }
  return receipts[low]?.atS ?? null;
}
