// Worker: checks a record beside the page, which goes on answering; then gives out its lines as they are asked for.
// Runs in a browser's worker, from the same script as the page; reads files in pieces.
import { Judge } from "./cases";
import type { Files } from "./files";
import { Lines } from "./lines";
import { type Examined, examineRecord } from "./record";
import { reportJson } from "./report";
import { RECORD_BYTES, RECORD_FILES } from "./limits";
import { type Source, Unreadable, windowed } from "./source";
import { summaryOf } from "./summary";
import type { Answer, Handed, Pins, Request } from "./talk";
import { openZip } from "./zip";

const TOLD_EVERY_MS = 100;
const CASES_CHUNK_BYTES = 2 ** 24;
const SAVED_CHARS = 2 ** 24;

const say = (answer: Answer): void => (self as unknown as { postMessage(answer: Answer): void }).postMessage(answer);

function bytesOf(file: Blob): Uint8Array {
  return new Uint8Array(new FileReaderSync().readAsArrayBuffer(file));
}

function sourceOf(file: File): Source {
  return windowed({ size: file.size, slice: (begin, end) => bytesOf(file.slice(begin, end)) });
}

function folderOf(handed: { path: string; file: File }[]): Files {
  const bytes = handed.reduce((sum, { file }) => sum + file.size, 0);
  if (handed.length > RECORD_FILES || bytes > RECORD_BYTES) {
    throw new Unreadable(`larger than ${RECORD_BYTES} bytes or ${RECORD_FILES} files`);
  }
  const files = new Map(handed.map(({ path, file }) => [path, file]));
  const get = (path: string): Uint8Array | undefined => {
    const file = files.get(path);
    return file && bytesOf(file);
  };
  return { has: (path: string) => files.has(path), get, keys: () => files.keys(), size: files.size };
}

/** Tells how far it is, not more often than an eye can follow. */
function progressOf(part: "reading" | "checking" | "judging"): (done: number, all: number) => void {
  let last = 0;
  return (done, all) => {
    const now = performance.now();
    if (now - last < TOLD_EVERY_MS) return;
    last = now;
    say({ told: "progress", part, done, all });
  };
}

let examined: Examined | null = null;
let lines: Lines | null = null;

function check(record: Handed, pins: Pins): void {
  const files = record instanceof File ? openZip(sourceOf(record), progressOf("reading")) : folderOf(record);
  examined = examineRecord(files, pins, progressOf("checking"));
  lines = new Lines(examined);
  say({ told: "checked", summary: summaryOf(examined) });
}

/** Judges a file of test cases: anybody can hold this page against public vectors. */
function judge(file: File): void {
  const judge = new Judge();
  const progress = progressOf("judging");
  const verdicts: string[] = [];
  const decoder = new TextDecoder();
  let rest = "";
  for (let at = 0; at < file.size; at += CASES_CHUNK_BYTES) {
    const end = Math.min(file.size, at + CASES_CHUNK_BYTES);
    const found = (rest + decoder.decode(bytesOf(file.slice(at, end)), { stream: end < file.size })).split("\n");
    rest = end < file.size ? (found.pop() as string) : "";
    for (const [number, line] of found.entries()) {
      const verdict = judge.line(line);
      if (verdict !== null) verdicts.push(verdict);
      progress(at + ((end - at) * number) / found.length, file.size);
    }
  }
  say({ told: "judged", verdicts: `${verdicts.join("\n")}\n` });
}

/** Text in pieces as one Blob, which a browser may keep on the disk. */
function packed(pieces: Iterable<string>): Blob {
  const parts: Blob[] = [];
  let [held, chars] = [[] as string[], 0];
  for (const piece of pieces) {
    held.push(piece);
    chars += piece.length;
    if (chars < SAVED_CHARS) continue;
    parts.push(new Blob(held));
    [held, chars] = [[], 0];
  }
  return new Blob([...parts, ...held], { type: "application/json" });
}

function answer(request: Request): void {
  if (request.do === "check") check(request.record, request.pins);
  else if (request.do === "judge") judge(request.file);
  else if (examined === null || lines === null) return;
  else if (request.do === "save") {
    say({ told: "saved", report: packed(reportJson(examined.report, examined.lines())) });
  } else {
    const { query, near } = request;
    let rows = lines.rows(query);
    if (near !== null) rows = lines.rows({ ...query, from: lines.nearest(near) });
    say({ told: "rows", query, rows });
  }
}

/** Takes requests one after the other. */
export function work(): void {
  self.addEventListener("message", ({ data }: MessageEvent<Request>) => {
    try {
      answer(data);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const disk = error instanceof DOMException;
      const hint = `${why} (for an unpacked record use “Open unpacked record”)`;
      if (error instanceof Unreadable || disk) say({ told: "unreadable", why: disk ? hint : why });
      else say({ told: "failed", why });
    }
  });
}
