// Desk: the record on the desk, which of its files were looked at, and what was found. Lives for one verification.
import { byCodePoint } from "../bytes";
import type { Files } from "../files";
import { MANIFEST, type Manifest } from "../parties";
import { type Reason, Refusal } from "../refusal";
import type { Finding } from "../report";
import type { WitnessPolicy } from "../witnessing";

/** Told now and then how many of the record's files were read. */
export type Progress = (done: number, files: number) => void;

export class Desk {
  readonly findings: Finding[] = [];
  private readonly lookedAt = new Set([MANIFEST]);

  constructor(
    private readonly files: Files,
    readonly manifest: Manifest,
    readonly witnesses: WitnessPolicy,
    private readonly progress: Progress,
  ) {}

  get fileCount(): number {
    return this.files.size;
  }

  has(path: string): boolean {
    return this.files.has(path);
  }

  /** A file that is known to be there. */
  read(path: string): Uint8Array {
    this.progress(this.lookedAt.size, this.files.size);
    return this.files.get(path) as Uint8Array;
  }

  find(path: string, refusal: Refusal): void {
    this.findings.push({ path, refusal });
  }

  fault(path: string, reason: Reason, field: string, detail: string): void {
    this.find(path, new Refusal(reason, field, detail));
  }

  /** A file that a record must have; its absence is a finding. */
  take(path: string): Uint8Array | undefined {
    this.lookedAt.add(path);
    if (this.files.has(path)) return this.read(path);
    this.fault(path, "truncated", "path", "missing");
    return undefined;
  }

  /** The paths below a folder. Reading them counts as progress one by one. */
  *takeAll(prefix: string): Generator<string> {
    for (const path of [...this.files.keys()].filter((one) => one.startsWith(prefix))) {
      this.lookedAt.add(path);
      yield path;
    }
  }

  /** All findings in one order, with the files that nobody asked for. */
  close(): Finding[] {
    for (const path of this.files.keys()) {
      if (!this.lookedAt.has(path)) this.fault(path, "unknown-field", "path", "no part of a record");
    }
    return this.findings.sort(
      (a, b) => byCodePoint(a.path, b.path) || byCodePoint(a.refusal.toString(), b.refusal.toString()),
    );
  }
}
