// Talk: what the page and its worker say to one another. Types only.
import type { Query, Rows } from "./lines";
import type { PublicKeys } from "./parties";
import type { Summary } from "./summary";
import type { WitnessPolicy } from "./witnessing";

/** A zip file, or the files of an unpacked one with their paths. */
export type Handed = File | { path: string; file: File }[];

/** What the user pins; keys and policy are plain data. */
export interface Pins {
  keys: PublicKeys[] | null;
  witnesses: WitnessPolicy | null;
}

export type Request =
  | { do: "check"; record: Handed; pins: Pins }
  | { do: "rows"; query: Query; near: number | null }
  | { do: "save" }
  | { do: "judge"; file: File };

export type Answer =
  | { told: "progress"; part: "reading" | "checking" | "judging"; done: number; all: number }
  | { told: "checked"; summary: Summary }
  | { told: "unreadable"; why: string }
  | { told: "rows"; query: Query; rows: Rows }
  | { told: "saved"; report: Blob }
  | { told: "judged"; verdicts: string }
  | { told: "failed"; why: string };
