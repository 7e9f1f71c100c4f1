// Zip: the files of a record (REC-14), unpacked one at a time from where they lie. Knows fflate, which inflates.
//
// The directory is read here, strictly, because fflate checks no CRC and tells nothing of names that occur twice; zip64
// too, for a record may have more than 65,535 files. Every file is unpacked once before any is given out, so that a
// damaged record is no record at all; what is given out later has to fit the same CRC-32.
import { inflateSync } from "fflate";
import { textOf } from "./bytes";
import type { Files } from "./files";
import {
  RECORD_BYTES, RECORD_FILES, RECORD_INFLATION, RECORD_INFLATION_FROM_BYTES, RECORD_PATH_CHARS,
} from "./limits";
import { type Source, Unreadable } from "./source";

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const COMMENT_BYTES = 65_535;
const LOCATOR_BYTES = 20;
const TOLD_EVERY = 256; // files
const DAMAGED = "the directory of the zip file is damaged";
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(data: Uint8Array): number {
  let c = 0xffffffff;
  for (let i = 0; i < data.length; i++) c = (TABLE[(c ^ (data[i] as number)) & 0xff] as number) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

interface Entry {
  method: number;
  crc: number;
  packed: number;
  size: number;
  at: number;
}

const viewOf = (data: Uint8Array): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength);

/** A number of 64 bits that has to be one of a file's places. */
function place(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Unreadable(DAMAGED);
  return Number(value);
}

interface Directory {
  count: number;
  bytes: number;
  begin: number;
  /** Where the directory has to have ended. */
  before: number;
}

function directoryOf(source: Source): Directory {
  const from = Math.max(0, source.size - END_BYTES - COMMENT_BYTES);
  const tail = source.slice(from, source.size);
  const view = viewOf(tail);
  let end = tail.length - END_BYTES;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) throw new Unreadable("File is not a zip file");
  const count = view.getUint16(end + 10, true);
  const [bytes, begin] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  const before = from + end;
  if (count === 0xffff || bytes === 0xffffffff || begin === 0xffffffff) {
    const found = directory64(source, before);
    if (found) return found;
  }
  return { count, bytes, begin, before };
}

/** Of a zip64 file; null when there is none of its records where one belongs. */
function directory64(source: Source, before: number): Directory | null {
  if (before < LOCATOR_BYTES) return null;
  const locator = viewOf(source.slice(before - LOCATOR_BYTES, before));
  if (locator.getUint32(0, true) !== LOCATOR64) return null;
  const at = place(locator, 8);
  if (at + 56 > before) throw new Unreadable(DAMAGED);
  const record = viewOf(source.slice(at, at + 56));
  if (record.getUint32(0, true) !== END64) throw new Unreadable(DAMAGED);
  return { count: place(record, 32), bytes: place(record, 40), begin: place(record, 48), before: at };
}

/** Sizes and place from the extra field 0x0001, where the directory has no room for them. */
function widened(entry: Entry, extra: DataView): void {
  const wide = (["size", "packed", "at"] as const).filter((name) => entry[name] === 0xffffffff);
  for (let at = 0; wide.length > 0 && at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue;
    wide.forEach((name, number) => (entry[name] = place(extra, at + 4 + 8 * number)));
    return;
  }
}

function entriesOf(source: Source): Map<string, Entry> {
  const { count, bytes, begin, before } = directoryOf(source);
  if (begin + bytes > before) throw new Unreadable(DAMAGED);
  if (count > RECORD_FILES) throw new Unreadable(`more than ${RECORD_FILES} files`);
  const data = source.slice(begin, begin + bytes);
  const view = viewOf(data);
  const entries = new Map<string, Entry>();
  let seen = 0;
  for (let at = 0; at < data.length; seen++) {
    const [nameBytes, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [number, number, number];
    const name = textOf(data.subarray(at + 46, at + 46 + nameBytes));
    if (view.getUint32(at, true) !== DIRECTORY || name === null) throw new Unreadable("the directory is damaged");
    if (view.getUint16(at + 8, true) & 0x2041) throw new Unreadable(`${name} is encrypted`);
    const entry = {
      method: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true), at: view.getUint32(at + 42, true),
    };
    widened(entry, viewOf(data.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extra)));
    if (!name.endsWith("/")) keep(entries, name, entry);
    at += 46 + nameBytes + extra + comment;
  }
  if (seen !== count) throw new Unreadable(DAMAGED);
  return entries;
}

function keep(entries: Map<string, Entry>, name: string, entry: Entry): void {
  if (entries.has(name)) throw new Unreadable("a name occurs twice");
  const length = [...name].length;
  if (length < 1 || length > RECORD_PATH_CHARS) throw new Unreadable(`a path of ${length} characters`);
  if (entry.method !== 0 && entry.method !== 8) {
    throw new Unreadable(`${name} is packed by a method that records do not use`);
  }
  entries.set(name, entry);
}

/** Throws Unreadable when the directory promises more than a record may unpack to. What comes out has to fit it. */
function checkSizes(source: Source, entries: Map<string, Entry>): void {
  const allowed = Math.min(RECORD_BYTES, RECORD_INFLATION_FROM_BYTES + RECORD_INFLATION * source.size);
  let bytes = 0;
  for (const { size } of entries.values()) bytes += size;
  if (source.size > RECORD_BYTES || bytes > allowed) throw new Unreadable(`unpacks to more than ${allowed} bytes`);
}

function unpack(source: Source, name: string, entry: Entry): Uint8Array {
  const local = viewOf(source.slice(entry.at, entry.at + 30));
  if (local.getUint32(0, true) !== LOCAL) throw new Unreadable(`${name} is not where the directory says`);
  const begin = entry.at + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  const packed = source.slice(begin, begin + entry.packed);
  const content = entry.method === 0 ? packed : inflateSync(packed, { out: new Uint8Array(entry.size) });
  if (content.length !== entry.size || crc32(content) !== entry.crc) {
    throw new Unreadable(`Bad CRC-32 for file '${name}'`);
  }
  return content;
}

function orUnreadable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(`the zip file is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The files in a zip, each unpacked when it is asked for; `told` hears how many were looked through. Throws Unreadable. */
export function openZip(source: Source, told: (done: number, files: number) => void = () => {}): Files {
  return orUnreadable(() => {
    const entries = entriesOf(source);
    checkSizes(source, entries);
    let done = 0;
    for (const [name, entry] of entries) {
      unpack(source, name, entry);
      if (++done % TOLD_EVERY === 0) told(done, entries.size);
    }
    const get = (path: string): Uint8Array | undefined => {
      const entry = entries.get(path);
      return entry && orUnreadable(() => unpack(source, path, entry));
    };
    return { has: (path: string) => entries.has(path), get, keys: () => entries.keys(), size: entries.size };
  });
}
