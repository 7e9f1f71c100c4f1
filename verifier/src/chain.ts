// Chain: how the records of a channel's generations hang together (REC-21 to REC-23). Knows messages and reports.
//
// The twin of src/redshank/exchange/chain.py.
import type { ProvenLog } from "./audit/proven_log";
import { toBase64, toHex, utf8 } from "./bytes";
import type { Files } from "./files";
import { sha256 } from "@noble/hashes/sha2.js";
import { leafHash, PackedHashes, rootAt } from "./merkle";
import type { Members } from "./json";
import type { Message } from "./message";
import { generationOf, type Manifest } from "./parties";
import { Refusal, refused } from "./refusal";
import type { Examined } from "./record";
import type { Direction } from "./report";
import { entryBundles, parseBundle, tilePath } from "./tiles";

/** (serial, what is wrong) where one log of a record, by its types, does not begin or end as LOG-20 and LOG-22 have it. */
export function logFaults(types: (string | undefined)[], generation: number): [number, Refusal][] {
  const faults: [number, Refusal][] = [];
  if (generation > 0 && types.length > 0 && types[0] !== "LOG-OPEN") {
    faults.push([0, new Refusal("wrong-opening", "type", "does not begin with a LOG-OPEN that can be read")]);
  }
  const end = types.indexOf("LOG-END");
  if (end >= 0 && end + 1 < types.length) {
    faults.push([end + 1, new Refusal("log-ended", "serial", `said after the end of the log at ${end}`)]);
  }
  return faults;
}

/** One party's step from the old log to the new one. `endorsed`: the old keys name the new ones. */
export interface Link {
  party: string;
  why: string;
  endorsed: boolean;
  faults: Refusal[];
}

/** A verified record. */
export interface Side {
  examined: Examined;
  files: Files;
}

/** Whether `after` is the generation that follows `before`; both have been verified, each by itself. */
export function follows(before: Side, after: Side): Link[] | Refusal {
  const [old, fresh] = [before.examined.report.manifest, after.examined.report.manifest];
  const unread = before.examined.logs.length === 0 || after.examined.logs.length === 0;
  if (old === null || fresh === null || unread) {
    return new Refusal("malformed", "record.json", "a record whose logs can not be read follows nothing");
  }
  return strangers(old, fresh) ?? Object.keys(old.keys).sort().map((party) => link(party, before, after, fresh));
}

function strangers(one: Manifest, other: Manifest): Refusal | null {
  if (one.prefix !== other.prefix || one.channel !== other.channel) {
    return new Refusal("wrong-channel", "channel", "the two records are of different channels");
  }
  if (one.year !== other.year) {
    return new Refusal("wrong-year", "year", "the two records are of logs that were begun in different years");
  }
  if (generationOf(other) === generationOf(one) + 1) return null;
  const detail = `generation ${generationOf(other)} does not follow ${generationOf(one)}`;
  return new Refusal("wrong-generation", "generation", detail);
}

const provenOf = ({ examined }: Side, party: string): ProvenLog =>
  examined.logs.find(({ direction }) => direction.party === party) as ProvenLog;
const logOf = (side: Side, party: string): Direction => provenOf(side, party).direction;

function messageAt(side: Side, party: string, serial: number): Message | null {
  const content = provenOf(side, party).contents.at(serial);
  return content === undefined || refused(content) ? null : content;
}

function link(party: string, before: Side, after: Side, fresh: Manifest): Link {
  const partner = Object.keys(fresh.keys).find((one) => one !== party) as string;
  const first = messageAt(after, party, 0);
  const last = messageAt(before, party, logOf(before, party).size - 1);
  if (first?.type !== "LOG-OPEN") {
    const fault = new Refusal("wrong-opening", "opening", "the new log does not begin with a LOG-OPEN");
    return { party, why: "", endorsed: false, faults: [fault] };
  }
  const opening = first.body;
  const end = last?.type === "LOG-END" ? last.body : null;
  const faults = [
    endFault(party, opening, end, before),
    headFault("partner_end", opening.partner_end as Members, partner, before),
    end === null ? null : keyFault(end, fresh, party, partner),
  ];
  return {
    party, why: opening.why as string, endorsed: end !== null,
    faults: faults.filter((fault): fault is Refusal => fault !== null),
  };
}

function endFault(party: string, opening: Members, end: Members | null, before: Side): Refusal | null {
  const [old, said] = [logOf(before, party), opening.end as Members];
  if (opening.why === "revoked" || opening.why === "lost") return headFault("end", said, party, before);
  if (end === null) return new Refusal("wrong-opening", "end", "the old log has no LOG-END at its end");
  if (isClaim(said, old.origin, old.size, old.root)) return null;
  const detail = `names size ${said.size}; the old log ends with ${old.size}, or has another root`;
  return new Refusal("wrong-opening", "end", detail);
}

/** A head that the opening names must be one of the old log, as far as the record shows it. */
function headFault(field: string, said: Members, party: string, before: Side): Refusal | null {
  const old = logOf(before, party);
  if (said.origin !== old.origin) return new Refusal("wrong-opening", field, "names another log");
  if ((said.size as bigint) > BigInt(old.size)) {
    return new Refusal("shrunken", field, `names size ${said.size}; the old record ends at ${old.size}`);
  }
  const size = Number(said.size);
  const root = size === old.size ? old.root : rootOf(before.files, party, size, old.size);
  if (isClaim(said, old.origin, size, root)) return null;
  return new Refusal("wrong-opening", field, `another root at size ${size}`);
}

function rootOf(files: Files, party: string, size: number, whole: number): Uint8Array {
  const entries: Uint8Array[] = [];
  for (const tile of entryBundles(whole)) {
    if (entries.length >= size) break;
    const found = parseBundle(files.get(`${party}/${tilePath(tile)}`) ?? new Uint8Array());
    if (!refused(found)) for (const entry of found) entries.push(entry);
  }
  const hashes = new PackedHashes();
  hashes.extend(entries.slice(0, size).map(leafHash));
  return rootAt(size, hashes.read);
}

/** The old log names the keys of the new record, the party's and the partner's. */
function keyFault(end: Members, fresh: Manifest, party: string, partner: string): Refusal | null {
  for (const [field, whose] of [["keys", party], ["partner_keys", partner]] as const) {
    if (end[field] !== markOf(fresh.keys[whose] as Members)) {
      return new Refusal("bad-key", field, `the old log names other keys of ${whose} than the new record has`);
    }
  }
  return null;
}

/** SHA-256 of a party's four verifier keys, each with a newline: hexadecimal digits (LOG-19). */
function markOf(keys: Members): string {
  const vkeys = ["log", "log_mldsa", "witness", "witness_mldsa"].map((role) => `${keys[role] as string}\n`);
  return toHex(sha256(utf8(vkeys.join(""))));
}

const isClaim = (said: Members, origin: string, size: number, root: Uint8Array): boolean =>
  said.origin === origin && said.size === BigInt(size) && said.root === toBase64(root);
