// Files: a record's files, asked for by name; the same bytes each time. Knows nothing.

/** A Map is one; so is a zip file or a folder that is read as it is asked. */
export interface Files {
  has(path: string): boolean;
  get(path: string): Uint8Array | undefined;
  keys(): Iterable<string>;
  readonly size: number;
}
