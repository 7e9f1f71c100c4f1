// The Node script: node verify.mjs RECORD [--keys public.json]… [--agreement FILE] [--before OLDER], or --cases FILE.
// Knows files; the checks are elsewhere.
import { openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { readAgreement } from "./agreement";
import { Judge } from "./cases";
import { follows, type Side } from "./chain";
import { broughtKeys, checkEvidence } from "./evidence";
import type { Files } from "./files";
import { EVIDENCE_BYTES, RECORD_BYTES, RECORD_FILES } from "./limits";
import { readPublicKeys } from "./public_keys";
import { examineRecord, type Pinned } from "./record";
import { refused } from "./refusal";
import { reportJson, toJson } from "./report";
import { type Source, Unreadable, windowed } from "./source";
import { openZip } from "./zip";

const USAGE =
  "usage: node verify.mjs RECORD [--keys public.json]... [--agreement FILE] [--before OLDER-RECORD]   " +
  "or   node verify.mjs --cases CASES.jsonl";

const OPENING_BRACE = 0x7b; // of a JSON object: then it is a file of evidence

interface Asked {
  keys: string[];
  agreement: string | null;
  before: string | null;
}

function openFolder(folder: string): Files {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  if (found.some((entry) => entry.isSymbolicLink())) throw new Unreadable("has a link: a record has files of its own");
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  if (paths.length > RECORD_FILES || bytes > RECORD_BYTES) {
    throw new Unreadable(`larger than ${RECORD_BYTES} bytes or ${RECORD_FILES} files`);
  }
  const files = new Map(paths.map((path) => [relative(folder, path).split("\\").join("/"), path]));
  const get = (name: string): Uint8Array | undefined => {
    const path = files.get(name);
    return path === undefined ? undefined : readFileSync(path);
  };
  return { has: (name: string) => files.has(name), get, keys: () => files.keys(), size: files.size };
}

function sourceOf(path: string, size: number): Source {
  const file = openSync(path, "r");
  const slice = (begin: number, end: number): Uint8Array => {
    const data = new Uint8Array(Math.max(0, Math.min(end, size) - begin));
    for (let got = 0; got < data.length; ) {
      const read = readSync(file, data, got, data.length - got, begin + got);
      if (read === 0) return data.subarray(0, got);
      got += read;
    }
    return data;
  };
  return { size, slice };
}

function openRecord(path: string): Files {
  const about = statSync(path);
  return about.isDirectory() ? openFolder(path) : openZip(windowed(sourceOf(path, about.size)));
}

function judge(path: string): number {
  const judge = new Judge();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const verdict = judge.line(line);
    if (verdict !== null) process.stdout.write(`${verdict}\n`);
  }
  return 0;
}

function verify(path: string, asked: Asked): number {
  const keys = asked.keys.length === 0 ? null : asked.keys.map((one) => readPublicKeys(readFileSync(one), one));
  const witnesses = asked.agreement === null ? null : readAgreement(readFileSync(asked.agreement, "utf8"), asked.agreement);
  const about = statSync(path);
  const data = about.isDirectory() ? null : sourceOf(path, about.size).slice(0, EVIDENCE_BYTES + 1);
  if (data?.[0] === OPENING_BRACE) {
    const shown = checkEvidence(data, keys && broughtKeys(keys));
    process.stdout.write(`${toJson(shown)}\n`);
    return shown.refusal === null ? 0 : 1;
  }
  const newer = told(path, { keys, witnesses });
  if (asked.before === null || !newer.examined.report.ok) return newer.examined.report.ok ? 0 : 1;
  const older = told(asked.before, { keys, witnesses });
  const links = follows(older, newer);
  process.stdout.write(`${toJson(links)}\n`);
  return older.examined.report.ok && !refused(links) && links.every(({ faults }) => faults.length === 0) ? 0 : 1;
}

function told(path: string, pinned: Pinned): Side {
  const files = openRecord(path);
  const examined = examineRecord(files, pinned);
  for (const piece of reportJson(examined.report, examined.lines())) process.stdout.write(piece);
  return { files, examined };
}

function tried(path: string, asked: Asked): number {
  try {
    return verify(path, asked);
  } catch (error) {
    if (!(error instanceof Unreadable) && !(error instanceof Error && "syscall" in error)) throw error;
    process.stderr.write(`${path}: cannot be read as a record: ${(error as Error).message}\n`);
    return 2;
  }
}

function main(args: string[]): number {
  const records: string[] = [];
  const asked: Asked = { keys: [], agreement: null, before: null };
  for (let at = 0; at < args.length; at++) {
    const next = args[at + 1];
    if (args[at] === "--keys" && next !== undefined) asked.keys.push(args[++at] as string);
    else if (args[at] === "--agreement" && next !== undefined) asked.agreement = args[++at] as string;
    else if (args[at] === "--before" && next !== undefined) asked.before = args[++at] as string;
    else if (args[at] === "--cases" && next !== undefined && args.length === 2) return judge(next);
    else records.push(args[at] as string);
  }
  const record = records[0];
  if (records.length === 1 && record !== undefined && !record.startsWith("-")) return tried(record, asked);
  process.stderr.write(`${USAGE}\n`);
  return 2;
}

process.exitCode = main(process.argv.slice(2));
