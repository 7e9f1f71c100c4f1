// The Node script: node verify.mjs RECORD [--keys public.json]…, or --cases FILE. Knows files; the checks are elsewhere.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { Judge } from "./cases";
import { follows } from "./chain";
import { RECORD_BYTES, RECORD_FILES } from "./limits";
import { readPublicKeys } from "./public_keys";
import { type Files, verifyRecord } from "./record";
import { refused } from "./refusal";
import { reportJson } from "./report";
import { readZip, Unreadable } from "./zip";

const USAGE = "usage: node verify.mjs RECORD [--keys public.json]... [--before OLDER-RECORD]   or   node verify.mjs --cases CASES.jsonl";

function readFolder(folder: string): Files {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = found.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  if (paths.length > RECORD_FILES || bytes > RECORD_BYTES) {
    throw new Unreadable(`larger than ${RECORD_BYTES} bytes or ${RECORD_FILES} files`);
  }
  return new Map(paths.map((path) => [relative(folder, path).split("\\").join("/"), readFileSync(path)]));
}

function readRecord(path: string): Files {
  const about = statSync(path);
  if (about.isDirectory()) return readFolder(path);
  if (about.size > RECORD_BYTES) throw new Unreadable(`larger than ${RECORD_BYTES} bytes`);
  return readZip(readFileSync(path));
}

function judge(path: string): number {
  const judge = new Judge();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const verdict = judge.line(line);
    if (verdict !== null) process.stdout.write(`${verdict}\n`);
  }
  return 0;
}

function verify(record: string, keys: string[], before: string | null): number {
  try {
    const files = readRecord(record);
    const brought = keys.length === 0 ? null : keys.map((path) => readPublicKeys(readFileSync(path), path));
    const report = verifyRecord(files, brought);
    process.stdout.write(`${reportJson(report)}\n`);
    if (before === null || !report.ok) return report.ok ? 0 : 1;
    const older = readRecord(before);
    const oldReport = verifyRecord(older, brought);
    process.stdout.write(`${reportJson(oldReport)}\n`);
    const links = follows({ files: older, report: oldReport }, { files, report });
    process.stdout.write(`${JSON.stringify(links)}\n`);
    return oldReport.ok && !refused(links) && links.every(({ faults }) => faults.length === 0) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Unreadable) && !(error instanceof Error && "syscall" in error)) throw error;
    process.stderr.write(`${record}: cannot be read as a record: ${(error as Error).message}\n`);
    return 2;
  }
}

function main(args: string[]): number {
  const records: string[] = [];
  const keys: string[] = [];
  let before: string | null = null;
  for (let at = 0; at < args.length; at++) {
    const next = args[at + 1];
    if (args[at] === "--keys" && next !== undefined) keys.push(args[++at] as string);
    else if (args[at] === "--before" && next !== undefined) before = args[++at] as string;
    else if (args[at] === "--cases" && next !== undefined && args.length === 2) return judge(next);
    else records.push(args[at] as string);
  }
  const record = records[0];
  if (records.length === 1 && record !== undefined && !record.startsWith("-")) return verify(record, keys, before);
  process.stderr.write(`${USAGE}\n`);
  return 2;
}

process.exitCode = main(process.argv.slice(2));
