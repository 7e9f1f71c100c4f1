// Zip: the files of a record (REC-14), bounded before anything is unpacked. Knows fflate, which inflates.
//
// The directory is read here, strictly, because fflate checks no CRC and tells nothing of names that occur twice.
import { inflateSync } from "fflate";
import { textOf } from "./bytes";
import { RECORD_BYTES, RECORD_FILES } from "./limits";

/** What is no zip of a record: it can not be read, and nothing is said of what it might hold. */
export class Unreadable extends Error {}

const END = 0x06054b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(data: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of data) c = (TABLE[(c ^ byte) & 0xff] as number) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

interface Entry {
  name: string;
  method: number;
  crc: number;
  packed: number;
  size: number;
  at: number;
}

function directoryOf(view: DataView, data: Uint8Array): Entry[] {
  let end = data.length - 22;
  while (end >= 0 && end > data.length - 65_558 && view.getUint32(end, true) !== END) end--;
  if (end < 0 || view.getUint32(end, true) !== END) throw new Unreadable("File is not a zip file");
  const count = view.getUint16(end + 10, true);
  const bytes = view.getUint32(end + 12, true);
  const begin = view.getUint32(end + 16, true);
  if (count === 0xffff || begin === 0xffffffff) throw new Unreadable("a zip64 file; unpack it and bring the files");
  if (begin + bytes > end) throw new Unreadable("the directory of the zip file is damaged");
  const entries: Entry[] = [];
  for (let at = begin; at < begin + bytes; ) {
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const name = textOf(data.subarray(at + 46, at + 46 + (nameLength as number)));
    if (view.getUint32(at, true) !== DIRECTORY || name === null) throw new Unreadable("the directory is damaged");
    if (view.getUint16(at + 8, true) & 0x2041) throw new Unreadable(`${name} is encrypted`);
    entries.push({
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at += 46 + (nameLength as number) + (extra as number) + (comment as number);
  }
  if (entries.length !== count) throw new Unreadable("the directory of the zip file is damaged");
  return entries.filter((entry) => !entry.name.endsWith("/"));
}

function unpack(entry: Entry, view: DataView, data: Uint8Array): Uint8Array {
  if (view.getUint32(entry.at, true) !== LOCAL) throw new Unreadable(`${entry.name} is not where the directory says`);
  const begin = entry.at + 30 + view.getUint16(entry.at + 26, true) + view.getUint16(entry.at + 28, true);
  const packed = data.subarray(begin, begin + entry.packed);
  let content: Uint8Array;
  if (entry.method === 0) content = packed.slice();
  else if (entry.method === 8) content = inflateSync(packed, { out: new Uint8Array(entry.size) });
  else throw new Unreadable(`${entry.name} is packed by a method that records do not use`);
  if (content.length !== entry.size || crc32(content) !== entry.crc) {
    throw new Unreadable(`Bad CRC-32 for file '${entry.name}'`);
  }
  return content;
}

/** The files in a zip. Throws Unreadable. */
export function readZip(data: Uint8Array): Map<string, Uint8Array> {
  try {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const entries = directoryOf(view, data);
    if (entries.length > RECORD_FILES || entries.reduce((sum, entry) => sum + entry.size, 0) > RECORD_BYTES) {
      throw new Unreadable(`larger than ${RECORD_BYTES} bytes or ${RECORD_FILES} files`);
    }
    if (new Set(entries.map((entry) => entry.name)).size !== entries.length) throw new Unreadable("a name occurs twice");
    return new Map(entries.map((entry) => [entry.name, unpack(entry, view, data)]));
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(`the zip file is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}
