// Evidence: what one party signed against itself, as a file that stands by itself (EVI-1 to EVI-5). Knows heads, messages.
//
// The twin of src/redshank/exchange/evidence.py: the same checks in the same order, the same codes, the same words.
import { fromBase64, same, textOf, toBase64, utf8 } from "./bytes";
import { openHead, type SignedHead } from "./head";
import { decode, encode, JsonFault, type Members, type Schema } from "./json";
import { hybridOf, type SignerKeys } from "./keys";
import { EVIDENCE_BYTES, MESSAGE_AHEAD_MS, MESSAGE_BACK_MS } from "./limits";
import { leafHash, verifyConsistency, verifyInclusion } from "./merkle";
import { type Message, parseEntry } from "./message";
import { checkChannel, checkLogKey, generationOf, partiesOf, type PublicKeys, pinnedLogKeys } from "./parties";
import { Refusal, refused } from "./refusal";

const KINDS = [
  "forked", "rewritten", "misplaced", "back-dated", "continued", "future-dated", "wrong-opening", "shrunken", "unproven",
] as const;
type Kind = (typeof KINDS)[number];
const MISPLACED = ["wrong-channel", "wrong-sender", "wrong-year", "wrong-generation", "wrong-serial"];

/** Heads and entries that each kind is shown by. */
const NEEDS: Record<Kind, [number, number]> = {
  forked: [2, 0], rewritten: [2, 2], misplaced: [1, 1], "back-dated": [1, 2], continued: [1, 2],
  "future-dated": [1, 1], "wrong-opening": [2, 1], shrunken: [2, 0], unproven: [2, 0],
};

interface Leaf {
  head: bigint;
  index: bigint;
  entry: string;
  proof: string[];
}

export interface Evidence {
  v: bigint;
  kind: Kind;
  prefix: string;
  channel: string;
  year: bigint;
  accused: string;
  reporter: string;
  found_ms: bigint;
  key: string;
  key_mldsa: string;
  heads: string[];
  leaves: Leaf[];
  /** Of the log; absent for the first one. */
  generation?: bigint;
  /** Keys of the log that the first of `heads` is of, where that is the one before. */
  earlier?: { key: string; key_mldsa: string };
  consistency: string[];
}

/** What a file shows. `convicts`: by the accused party's own signatures; else `clears` says what would settle it. */
export interface EvidenceReport {
  evidence: Evidence | null;
  pinned: boolean;
  refusal: Refusal | null;
  convicts: boolean;
  words: string;
  clears: string;
}

/** The keys of a party's log that somebody knows: of each set of that party. */
export type KnownKeys = (evidence: Evidence) => SignerKeys[];

const str: Schema = { is: "str" };
const int: Schema = { is: "int" };
const texts: Schema = { is: "array", of: str };
const leaf: Schema = {
  is: "object",
  fields: { head: { schema: int }, index: { schema: int }, entry: { schema: str }, proof: { schema: texts } },
};
const earlier: Schema = { is: "object", fields: { key: { schema: str }, key_mldsa: { schema: str } } };
const FORM: Schema = {
  is: "object",
  fields: {
    v: { schema: int }, kind: { schema: { is: "str", codes: KINDS } }, prefix: { schema: str },
    channel: { schema: str }, year: { schema: int }, accused: { schema: str }, reporter: { schema: str },
    found_ms: { schema: int }, key: { schema: str }, key_mldsa: { schema: str }, heads: { schema: texts },
    leaves: { schema: { is: "array", of: leaf }, optional: "absent" }, generation: { schema: int, optional: "absent" },
    earlier: { schema: earlier, optional: "absent" }, consistency: { schema: texts, optional: "absent" },
  },
};

/** Checks a file, with the keys that somebody brought or with those that it claims. */
export function checkEvidence(data: Uint8Array, known: KnownKeys | null): EvidenceReport {
  const nothing = { pinned: known !== null, convicts: false, words: "", clears: "" };
  const evidence = parsed(data);
  if (refused(evidence)) return { ...nothing, evidence: null, refusal: evidence };
  const shown = shownBy(evidence, known);
  if (refused(shown)) return { ...nothing, evidence, refusal: shown };
  return { ...nothing, ...shown, evidence, refusal: null };
}

/** Keys that a user brought as public.json, under the names of the evidence's channel. */
export const broughtKeys = (brought: PublicKeys[]): KnownKeys => (evidence) =>
  pinnedLogKeys(evidence, evidence.accused, brought);

function parsed(data: Uint8Array): Evidence | Refusal {
  if (data.length > EVIDENCE_BYTES) {
    return new Refusal("too-large", "evidence", `${data.length} bytes, allowed ${EVIDENCE_BYTES}`);
  }
  let members: Members;
  try {
    members = { leaves: [], consistency: [], ...(decode(data, FORM) as Members) };
  } catch (fault) {
    if (fault instanceof JsonFault) return new Refusal("malformed", "evidence", fault.message.slice(0, 200));
    throw fault;
  }
  if (!same(encode(members, FORM), data)) return new Refusal("not-canonical", "evidence", "spelled otherwise");
  const evidence = members as unknown as Evidence;
  return evidence.v === 1n ? evidence : new Refusal("unknown-type", "v", `version ${evidence.v}, this is 1`);
}

interface Shown {
  convicts: boolean;
  words: string;
  clears: string;
}

function shownBy(evidence: Evidence, known: KnownKeys | null): Shown | Refusal {
  const key = keyOf(evidence, known);
  if (refused(key)) return key;
  const before = earlierKeyOf(evidence);
  if (refused(before)) return before;
  const heads: SignedHead[] = [];
  for (const [number, note] of evidence.heads.entries()) {
    const head = openHead(utf8(note), number === 0 ? (before ?? key) : key, []);
    if (refused(head)) return head;
    heads.push(head);
  }
  const entries = entriesOf(evidence, heads);
  if (refused(entries)) return entries;
  const [wantedHeads, wantedEntries] = NEEDS[evidence.kind];
  if (heads.length !== wantedHeads || entries.length !== wantedEntries) {
    return new Refusal("malformed", "heads", `${evidence.kind} needs ${wantedHeads} heads and ${wantedEntries} entries`);
  }
  return judged(evidence, heads, entries);
}

function keyOf(evidence: Evidence, known: KnownKeys | null): SignerKeys | Refusal {
  const { accused, channel, reporter } = evidence;
  if (evidence.generation === 0n) return new Refusal("not-canonical", "generation", "is left out for the first log");
  const bad = checkChannel(evidence);
  if (bad) return bad;
  if ([accused, reporter].sort().join("-") !== partiesOf(channel).join("-")) {
    return new Refusal("wrong-channel", "accused", "accused and reporter are not the two parties of the channel");
  }
  const key = hybridOf([evidence.key, evidence.key_mldsa]);
  if (refused(key)) return key;
  if (known !== null) {
    const spelling = (keys: SignerKeys): string => keys.map((one) => one.vkey).join(" ");
    if (!known(evidence).some((wanted) => spelling(wanted) === spelling(key))) {
      return new Refusal("bad-key", "key", `are not the pinned log keys of ${accused}`);
    }
  }
  return checkLogKey(evidence, accused, key) ?? key;
}

/** The keys of the log before; only for the kind that needs them. */
function earlierKeyOf(evidence: Evidence): SignerKeys | null | Refusal {
  const { accused, earlier, kind } = evidence;
  if ((earlier === undefined) === (kind === "wrong-opening")) {
    return new Refusal("malformed", "earlier", "stands with wrong-opening and with no other kind");
  }
  if (earlier === undefined) return null;
  const generation = generationOf(evidence) - 1;
  if (generation < 0) return new Refusal("wrong-generation", "generation", "there is no log before the first one");
  const key = hybridOf([earlier.key, earlier.key_mldsa]);
  if (refused(key)) return key;
  const { prefix, channel, year } = evidence;
  const of = { prefix, channel, year, ...(generation > 0 ? { generation: BigInt(generation) } : {}) };
  return checkLogKey(of, accused, key) ?? key;
}

/** The entries, each proven to stand where the file says. */
function entriesOf(evidence: Evidence, heads: SignedHead[]): Uint8Array[] | Refusal {
  const found: Uint8Array[] = [];
  for (const { head, index, entry: text, proof } of evidence.leaves) {
    const under = head < 0n ? undefined : heads[Number(head)]?.checkpoint;
    const [entry, hashes] = [fromBase64(text), proof.map(fromBase64)];
    if (under === undefined || entry === null || hashes.includes(null)) {
      return new Refusal("malformed", "leaves", "names no head, or is not base64");
    }
    const bad = verifyInclusion(index, BigInt(under.size), leafHash(entry), under.root, hashes as Uint8Array[]);
    if (bad) return bad;
    found.push(entry);
  }
  return found;
}

const nothing = (detail: string): Refusal => new Refusal("no-contradiction", "evidence", detail);
const convicting = (words: string): Shown => ({ convicts: true, words, clears: "" });

function judged(evidence: Evidence, heads: SignedHead[], entries: Uint8Array[]): Shown | Refusal {
  switch (evidence.kind) {
    case "forked":
      return forked(evidence, heads);
    case "rewritten":
      return rewritten(evidence, entries);
    case "misplaced":
      return misplaced(evidence, entries);
    case "back-dated":
      return backDated(evidence, entries);
    case "continued":
      return continued(evidence, entries);
    case "future-dated":
      return futureDated(evidence, entries);
    case "wrong-opening":
      return wrongOpening(evidence, heads, entries);
    default:
      return disputed(evidence, heads);
  }
}

function forked({ accused, channel }: Evidence, heads: SignedHead[]): Shown | Refusal {
  const [one, other] = heads.map((head) => head.checkpoint);
  if (!one || !other || one.size !== other.size || same(one.root, other.root)) {
    return nothing("the two heads do not contradict one another");
  }
  return convicting(`${accused} signed two different logs of ${one.size} messages on ${channel}`);
}

function rewritten({ accused, channel, leaves }: Evidence, entries: Uint8Array[]): Shown | Refusal {
  const [one, other] = leaves as [Leaf, Leaf];
  const apart = one.head !== other.head && one.index === other.index;
  if (!apart || same(entries[0] as Uint8Array, entries[1] as Uint8Array)) {
    return nothing("the two entries are not two contents of one serial under the two heads");
  }
  return convicting(`${accused} signed two different messages with serial ${one.index} on ${channel}`);
}

function misplaced(evidence: Evidence, entries: Uint8Array[]): Shown | Refusal {
  const content = contentOf(evidence, entries, 0);
  if (!refused(content) || !MISPLACED.includes(content.reason)) {
    return nothing("the entry says the place that it stands at");
  }
  const index = (evidence.leaves[0] as Leaf).index;
  return convicting(`${evidence.accused} signed at serial ${index} an entry that belongs elsewhere (${content})`);
}

function backDated(evidence: Evidence, entries: Uint8Array[]): Shown | Refusal {
  const [first, second] = [contentOf(evidence, entries, 0), contentOf(evidence, entries, 1)];
  const [one, other] = evidence.leaves as [Leaf, Leaf];
  if (one.index >= other.index || refused(first) || refused(second)) {
    return nothing("needs an earlier and a later message of one log");
  }
  const behind = first.stated_ms - second.stated_ms;
  if (behind <= MESSAGE_BACK_MS) return nothing("the later message is not dated before the earlier one");
  const words = `${evidence.accused} dated serial ${second.serial} ${behind / 1000n} s before its own serial ${first.serial}`;
  return convicting(words);
}

function continued(evidence: Evidence, entries: Uint8Array[]): Shown | Refusal {
  const end = contentOf(evidence, entries, 0);
  const later = (evidence.leaves[1] as Leaf).index;
  if (refused(end) || end.type !== "LOG-END" || later <= BigInt(end.serial)) {
    return nothing("needs the LOG-END of a log, and an entry after it");
  }
  return convicting(`${evidence.accused} ended its log with serial ${end.serial} and signed serial ${later} in it`);
}

/**
 * A log that opens with fewer entries than its log before had, or with another root. Who says that its keys were stolen
 * or lost may not have signed the head: then it is one side's word.
 */
function wrongOpening(evidence: Evidence, heads: SignedHead[], entries: Uint8Array[]): Shown | Refusal {
  const opening = contentOf(evidence, entries, 0);
  const held = (heads[0] as SignedHead).checkpoint;
  if (refused(opening) || opening.type !== "LOG-OPEN" || (evidence.leaves[0] as Leaf).head !== 1n) {
    return nothing("needs the LOG-OPEN under the second head");
  }
  const said = opening.body.end as Members;
  const [size, why] = [said.size as bigint, opening.body.why as string];
  const same = size === BigInt(held.size) && said.root === toBase64(held.root);
  if (said.origin !== held.origin || size > BigInt(held.size) || same) {
    return nothing("the opening does not contradict the head of the log before it");
  }
  const { accused } = evidence;
  const words = `${accused} opened a log after ${size} messages of the one before, of which it signed ${held.size}`;
  if (why !== "revoked" && why !== "lost") return convicting(words);
  const clears = `${accused} says that the old keys are ${why}: somebody else may have`;
  return { convicts: false, words, clears };
}

function futureDated(evidence: Evidence, entries: Uint8Array[]): Shown | Refusal {
  const content = contentOf(evidence, entries, 0);
  if (refused(content) || content.stated_ms <= evidence.found_ms + MESSAGE_AHEAD_MS) {
    return nothing("the message is not dated after it was found");
  }
  const { accused, reporter } = evidence;
  const words = `${accused} dated serial ${content.serial} ${(content.stated_ms - evidence.found_ms) / 1000n} s after ${reporter} had it`;
  const clears = `the clock of ${reporter} is its own word; a third party's witness settles the time`;
  return { convicts: false, words, clears };
}

function disputed(evidence: Evidence, heads: SignedHead[]): Shown | Refusal {
  const { accused } = evidence;
  const [first, second] = heads as [SignedHead, SignedHead];
  const [one, other] = [first.checkpoint, second.checkpoint];
  if (one.size >= other.size) return nothing("the first head is the smaller one");
  if (evidence.consistency.length > 0) {
    const proof = evidence.consistency.map(fromBase64);
    const hashes = proof.filter((hash) => hash !== null);
    const bad = verifyConsistency(BigInt(one.size), BigInt(other.size), one.root, other.root, hashes);
    if (hashes.length === proof.length && bad === null) {
      return nothing("a consistency proof is there: the larger head extends the smaller one");
    }
  }
  if (evidence.kind === "unproven") {
    const words = `${accused} signed ${other.size} messages that do not follow from the ${one.size} it signed before`;
    const clears = `a consistency proof from ${one.size} to ${other.size} would clear ${accused}`;
    return { convicts: false, words, clears };
  }
  const words = `${accused} showed a log of ${one.size} messages after it had signed ${other.size}`;
  const later = first.stampedS - second.stampedS;
  if (later > 0n) return convicting(`${words}, and signed the smaller one ${later} s later`);
  const clears = "the smaller head is stamped earlier: a network may have held it back, or its clock is wrong";
  return { convicts: false, words, clears };
}

function contentOf(evidence: Evidence, entries: Uint8Array[], number: number): Message | Refusal {
  const { channel, accused: sender, year } = evidence;
  const serial = Number((evidence.leaves[number] as Leaf).index);
  const place = { channel, sender, year: Number(year), serial, generation: generationOf(evidence) };
  return parseEntry(entries[number] as Uint8Array, place);
}

/** Whether a JSON file is meant as evidence: it names whom it accuses. */
export const isEvidence = (data: Uint8Array): boolean => /"accused"\s*:/.test(textOf(data.subarray(0, EVIDENCE_BYTES + 1)) ?? "");
