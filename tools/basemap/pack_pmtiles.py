"""Packs the tile stream of make_tiles.mjs into one PMTiles file (spec v3).

Usage: pack_pmtiles.py STREAM OUT ATTRIBUTION
"""

import struct
import sys
from pathlib import Path

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

LAYERS = {
    "land": {"id": "String", "core": "Boolean"},
    "water": {"km2": "Number"},
    "districts": {"id": "String", "country": "String", "name": "String"},
    "borders": {"id": "String", "a": "String", "b": "String", "kind": "String"},
    "places": {"id": "Number", "name": "String", "country": "String", "pop": "Number"},
    "airports": {"icao": "String", "name": "String", "type": "String", "country": "String"},
}


def read_stream(path: Path) -> list[tuple[int, int, bytes]]:
    """(tile id, zoom, gzip'ed tile), in the order of tile ids, which PMTiles wants."""
    tiles: list[tuple[int, int, bytes]] = []
    with path.open("rb") as stream:
        while head := stream.read(16):
            z, x, y, length = struct.unpack("<4I", head)
            tiles.append((zxy_to_tileid(z, x, y), z, stream.read(length)))
    return sorted(tiles)


def pack(stream: Path, out: Path, attribution: str) -> None:
    """Writes `out`; the same stream gives the same bytes."""
    tiles = read_stream(stream)
    zooms = [z for _, z, _ in tiles]
    with out.open("wb") as file:
        writer = Writer(file)
        for tile_id, _, data in tiles:
            writer.write_tile(tile_id, data)
        header = {
            "tile_type": TileType.MVT,
            "tile_compression": Compression.GZIP,
            "min_zoom": min(zooms),
            "max_zoom": max(zooms),
            "min_lon_e7": 100_000_000,
            "min_lat_e7": 470_000_000,
            "max_lon_e7": 360_000_000,
            "max_lat_e7": 620_000_000,
            "center_zoom": 6,
            "center_lon_e7": 255_000_000,
            "center_lat_e7": 552_000_000,
        }
        layers = [
            {"id": name, "fields": fields, "minzoom": min(zooms), "maxzoom": max(zooms)}
            for name, fields in LAYERS.items()
        ]
        writer.finalize(header, {"attribution": attribution, "vector_layers": layers})


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
