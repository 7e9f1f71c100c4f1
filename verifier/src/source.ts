// Source: where a record's bytes lie, read in pieces: a file in a browser's worker, a file of Node, bytes in memory.

/** What is no record: it can not be read, and nothing is said of what it might hold. */
export class Unreadable extends Error {}

export interface Source {
  readonly size: number;
  /** The bytes [begin, end); fewer where the source ends. Throws what the disk throws. */
  slice(begin: number, end: number): Uint8Array;
}

const WINDOW_BYTES = 2 ** 20;

/** The same source, read in larger pieces: most files of a record are small and lie beside one another. */
export function windowed(source: Source): Source {
  let [from, held] = [0, new Uint8Array() as Uint8Array];
  const slice = (begin: number, end: number): Uint8Array => {
    if (begin < from || end > from + held.length) {
      held = source.slice(begin, Math.min(source.size, Math.max(end, begin + WINDOW_BYTES)));
      from = begin;
    }
    return held.slice(begin - from, end - from);
  };
  return { size: source.size, slice };
}
