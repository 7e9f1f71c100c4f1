// One log: its entries give the signed root, its tiles hold their hashes (REC-4, REC-6, REC-8). A bundle at a time: of
// the entries only their hashes and a row of Columns are kept. Knows heads, tiles and messages.
import { same } from "../bytes";
import { logFaults } from "../chain";
import type { Files } from "../files";
import { TYPES } from "../forms";
import { EMPTY_ROOT, leafHash, PackedHashes, type ReadHash, rootAt } from "../merkle";
import { parseEntry } from "../message";
import { generationOf } from "../parties";
import { refused } from "../refusal";
import type { Direction } from "../report";
import { entryBundles, hashTiles, parseBundle, TILE_WIDTH, tileBytes, tilePath } from "../tiles";
import { quorumSize, type Statement } from "../witnessing";
import { Columns, Contents } from "./columns";
import { bareHead, type LogKeys, type Receipt, receiptsOf, witnessedIn } from "./cosigned";
import type { Desk } from "./desk";

/** What is known of one log when all its files were read. */
export interface ProvenLog {
  direction: Direction;
  columns: Columns;
  contents: Contents;
  receipts: Receipt[];
  witnessed: Statement[];
  /** The party has no keys, so it has no log either (REC-20). */
  keyless: boolean;
}

/** A log of which nothing is known. */
function unknownLog(desk: Desk, files: Files, party: string, origin: string, incidents: Map<string, number>): ProvenLog {
  return {
    direction: { party, origin, size: 0, root: EMPTY_ROOT, receipts: 0, receipted: 0, witnessed: 0, serial_gaps: [] },
    columns: new Columns(incidents), contents: new Contents(files, desk.manifest, party, 0),
    receipts: [], witnessed: [], keyless: false,
  };
}

/** Of a party without keys. Any file of a log of its is then no part of the record. */
export function noLog(desk: Desk, files: Files, party: string, incidents: Map<string, number>): ProvenLog {
  return { ...unknownLog(desk, files, party, "", incidents), keyless: true };
}

/** Checks one log; its faults go to the desk. A log without a head is empty: the party signed nothing. */
export function verifyLog(desk: Desk, files: Files, log: LogKeys, incidents: Map<string, number>): ProvenLog {
  const { party } = log;
  const path = `${party}/checkpoint`;
  const nothing = unknownLog(desk, files, party, log.key[0].name, incidents);
  if (!desk.has(path)) return nothing;
  const head = bareHead(desk.take(path) as Uint8Array, log);
  if (refused(head)) {
    desk.find(path, head);
    return nothing;
  }
  const found = readEntries(desk, party, head.checkpoint.size, incidents);
  if (found === null) return nothing;
  const { columns, read } = found;
  const sound = same(rootAt(columns.length, read), head.checkpoint.root);
  if (!sound) desk.fault(path, "bad-proof", "root", "the entries do not give the signed root");
  checkTiles(desk, party, columns.length, read);
  const receipts = receiptsOf(desk, log, head, sound ? read : null);
  const witnessed = witnessedIn(desk, log, head.checkpoint, sound ? read : null);
  const direction: Direction = {
    party,
    origin: log.key[0].name,
    size: columns.length,
    root: head.checkpoint.root,
    receipts: receipts.length,
    receipted: receipts.reduce((most, receipt) => Math.max(most, receipt.size), 0),
    witnessed: quorumSize(desk.witnesses, witnessed),
    serial_gaps: columns.gaps,
  };
  const contents = new Contents(files, desk.manifest, party, columns.length);
  return { direction, columns, contents, receipts, witnessed, keyless: false };
}

/** Rows and hashes of all entries, or null when a bundle is missing or damaged: then nothing can be said of the log. */
function readEntries(
  desk: Desk, party: string, size: number, incidents: Map<string, number>,
): { columns: Columns; read: ReadHash } | null {
  if (size > TILE_WIDTH * desk.fileCount) {
    desk.fault(`${party}/checkpoint`, "truncated", "size", `most of ${size} entries are missing`);
    return null;
  }
  const columns = new Columns(incidents);
  const hashes = new PackedHashes();
  let whole = true;
  for (const tile of entryBundles(size)) {
    const entries = bundleAt(desk, `${party}/${tilePath(tile)}`, tile.width);
    whole &&= entries !== null;
    if (!whole || entries === null) continue;
    hashes.extend(entries.map(leafHash));
    addRows(desk, party, columns, entries);
  }
  if (!whole) return null;
  for (const serial of columns.gaps) {
    desk.fault(`${party}/entry ${serial}`, "wrong-serial", "serial", "says another serial");
  }
  for (const [serial, refusal] of logFaults(columns.types.map((type) => TYPES[type]), generationOf(desk.manifest))) {
    desk.find(`${party}/entry ${serial}`, refusal);
  }
  return { columns, read: hashes.read };
}

function addRows(desk: Desk, party: string, columns: Columns, entries: Uint8Array[]): void {
  const { channel, year } = desk.manifest;
  const place = { channel, sender: party, year: Number(year), generation: generationOf(desk.manifest) };
  for (const entry of entries) columns.add(parseEntry(entry, { ...place, serial: columns.length }));
}

function bundleAt(desk: Desk, path: string, width: number): Uint8Array[] | null {
  const data = desk.take(path);
  if (data === undefined) return null;
  const found = parseBundle(data);
  if (refused(found)) {
    desk.find(path, found);
    return null;
  }
  if (found.length === width) return found;
  desk.fault(path, "truncated", "bundle", `${found.length} entries, needs ${width}`);
  return null;
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
