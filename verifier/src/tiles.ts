// Tiles: a log as static files, C2SP tlog-tiles. Paths, which tiles a tree has, contents, bundles. Knows merkle.
import { concat } from "./bytes";
import { ENTRY_BYTES } from "./limits";
import type { ReadHash } from "./merkle";
import { Refusal } from "./refusal";

export const TILE_WIDTH = 256;

/** `level` null means an entry bundle. */
export interface Tile {
  level: number | null;
  index: number;
  width: number;
}

export function tilePath(tile: Tile): string {
  const digits = String(tile.index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/\d{3}/g) as string[];
  const name = groups.map((group, at) => (at + 1 < groups.length ? `x${group}` : group)).join("/");
  return `tile/${tile.level ?? "entries"}/${name}${tile.width === TILE_WIDTH ? "" : `.p/${tile.width}`}`;
}

function tilesOf(level: number | null, width: number): Tile[] {
  const full = Math.floor(width / TILE_WIDTH);
  const tiles: Tile[] = [];
  for (let index = 0; index < full; index++) tiles.push({ level, index, width: TILE_WIDTH });
  if (width % TILE_WIDTH) tiles.push({ level, index: full, width: width % TILE_WIDTH });
  return tiles;
}

export const entryBundles = (size: number): Tile[] => tilesOf(null, size);

export function hashTiles(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0, width = size; width > 0; level++, width = Math.floor(width / TILE_WIDTH)) {
    for (const tile of tilesOf(level, width)) tiles.push(tile);
  }
  return tiles;
}

export function tileBytes(tile: Tile, read: ReadHash): Uint8Array {
  const first = tile.index * TILE_WIDTH;
  return concat(...Array.from({ length: tile.width }, (_, i) => read(8 * (tile.level ?? 0), first + i)));
}

/** The entries of a bundle; refuses with truncated or too-large. */
export function parseBundle(data: Uint8Array): Uint8Array[] | Refusal {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < data.length; ) {
    const length = ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
    const field = `entry ${entries.length}`;
    if (at + 2 + length > data.length || at + 2 > data.length) {
      return new Refusal("truncated", field, "the bundle ends within an entry");
    }
    if (length < 1 || length > ENTRY_BYTES) {
      return new Refusal("too-large", field, `${length} bytes, allowed 1..${ENTRY_BYTES}`);
    }
    if (entries.length === TILE_WIDTH) return new Refusal("too-large", "bundle", `more than ${TILE_WIDTH} entries`);
    entries.push(data.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}
