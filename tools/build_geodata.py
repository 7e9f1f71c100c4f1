"""Makes src/redshank/geodata from a folder of source GeoJSON: exact copies, rasters, the base map and the manifest.

The same source gives the same bytes. Usage:
    python tools/build_geodata.py SOURCE_DIR            everything (needs `npm ci` in tools/basemap first)
    python tools/build_geodata.py SOURCE_DIR --no-map   keeps the base map that is there
SOURCE_DIR holds borders, countries, districts, places, airports, land and water as .geojson. The rasters are filled
by even-odd scan lines through the centres of the cells.
"""

import argparse
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from redshank.terms.geo import PLANE_CRS, REGION, to_plane

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "src" / "redshank" / "geodata"
COPIED = ("borders", "countries", "districts", "places", "airports")
TILE_M = 8_000.0  # one square holds 32 x 32 cells of territories and 16 x 16 of districts
COUNTRY_CELL_M = 250.0
DISTRICT_CELL_M = 500.0
WINDOW_STEP_DEG = 0.1  # long edges follow the map's straight line in degrees to about a metre
ATTRIBUTION = (
    "© OpenStreetMap contributors (ODbL); GeoNames (CC BY 4.0); Estonian Land Board, 01.10.2018; "
    "GUGiK (PRG); Natural Earth; OurAirports"
)

Bounds = tuple[float, float, float, float]


def plane_bounds(margin_m: float, unit_m: float) -> Bounds:
    """The region's window in the plane, with a margin, on whole units: x0, y0, x1, y1."""
    window = shapely.box(REGION.lon_min_deg, REGION.lat_min_deg, REGION.lon_max_deg, REGION.lat_max_deg)
    x0, y0, x1, y1 = polygons_in_plane([window])[0].bounds
    low = np.floor((np.array([x0, y0]) - margin_m) / unit_m) * unit_m
    high = np.ceil((np.array([x1, y1]) + margin_m) / unit_m) * unit_m
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def polygons_in_plane(polygons: Any) -> Any:
    """Polygons from lon/lat degrees to the regional plane, as an array."""
    dense = shapely.segmentize(np.asarray(polygons, dtype=object), WINDOW_STEP_DEG)
    return shapely.transform(dense, lambda lonlat: np.column_stack(to_plane(lonlat[:, 1], lonlat[:, 0])))


def edges_of(polygon: Any) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Start and end points of all edges of all rings."""
    rings = shapely.get_rings(shapely.get_parts(polygon))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    return points[:-1][same], points[1:][same]


def inside_cells(polygon: Any, bounds: Bounds, cell_m: float) -> tuple[slice, slice, npt.NDArray[np.bool_]]:
    """Rows, columns and mask of the cells whose centre lies inside a polygon (even-odd rule, one scan line per row)."""
    x0, y0, _, _ = bounds
    px0, py0, px1, py1 = polygon.bounds
    col0, row0 = int((px0 - x0) // cell_m), int((py0 - y0) // cell_m)
    cols, rows = int((px1 - x0) // cell_m) + 2 - col0, int((py1 - y0) // cell_m) + 2 - row0
    start, end = edges_of(polygon)
    v0, v1 = ((p[:, 1] - y0) / cell_m - 0.5 - row0 for p in (start, end))
    first, last = np.ceil(np.minimum(v0, v1)).astype(int), np.ceil(np.maximum(v0, v1)).astype(int)
    count = last - first
    edge = np.repeat(np.arange(len(count)), count)
    row = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + first[edge]
    share = (row - v0[edge]) / (v1 - v0)[edge]
    x = start[edge, 0] + share * (end - start)[edge, 0]
    col = np.ceil((x - x0) / cell_m - 0.5).astype(int) - col0
    cuts = np.zeros((rows, cols), np.int32)
    np.add.at(cuts, (row, col), 1)
    mask = np.cumsum(cuts, axis=1) % 2 == 1
    return slice(row0, row0 + rows), slice(col0, col0 + cols), mask


def raster(polygons: Any, bounds: Bounds, cell_m: float, dtype: Any) -> npt.NDArray[Any]:
    """Index of the polygon (from 1) at each cell's centre, 0 for none. Row 0 is the southernmost."""
    x0, y0, x1, y1 = bounds
    grid = np.zeros((round((y1 - y0) / cell_m), round((x1 - x0) / cell_m)), dtype)
    for number, polygon in enumerate(polygons, start=1):
        rows, cols, mask = inside_cells(polygon, bounds, cell_m)
        grid[rows, cols][mask] = number
    edge = np.concatenate([grid[0], grid[-1], grid[:, 0], grid[:, -1]])
    if edge.any():
        raise SystemExit("the outermost cells must be empty: a point outside the raster is looked up in them")
    return grid


def tiled(cells: npt.NDArray[Any], width: int) -> tuple[npt.NDArray[Any], npt.NDArray[np.int32]]:
    """The different square tiles of a raster (n, width, width), and which of them lies where (rows, columns of tiles).

    Most tiles lie in the middle of one territory and are alike: 83 MB of cells become 9 MB.
    """
    rows, cols = (-(-size // width) for size in cells.shape)
    whole = np.zeros((rows * width, cols * width), cells.dtype)
    whole[: cells.shape[0], : cells.shape[1]] = cells
    tiles = whole.reshape(rows, width, cols, width).transpose(0, 2, 1, 3).reshape(rows * cols, width * width)
    words = np.ascontiguousarray(tiles).view(f"V{width * width * cells.itemsize}").ravel()
    different, tile_of = np.unique(words, return_inverse=True)
    return (
        different.view(cells.dtype).reshape(-1, width, width),
        tile_of.reshape(rows, cols).astype(np.int32),
    )


def features_of(source: Path, name: str) -> list[dict[str, Any]]:
    """Features of one source file."""
    features: list[dict[str, Any]] = json.loads((source / f"{name}.geojson").read_bytes())["features"]
    return features


def build_grid(source: Path) -> bytes:
    """The two rasters as a compressed .npz; indices point into the id lists, from 1."""
    bounds = plane_bounds(margin_m=1_000.0, unit_m=1_000.0)
    arrays: dict[str, Any] = {"crs": np.array(PLANE_CRS), "origin_plane_m": np.array(bounds[:2])}
    for name, cell_m, dtype in (
        ("countries", COUNTRY_CELL_M, np.uint8),
        ("districts", DISTRICT_CELL_M, np.uint16),
    ):
        shapes = shapely.get_parts(shapely.from_geojson((source / f"{name}.geojson").read_text(encoding="utf-8")))
        cells = raster(polygons_in_plane(shapes), bounds, cell_m, dtype)
        arrays[f"{name}_tiles"], arrays[f"{name}_tile_of"] = tiled(cells, round(TILE_M / cell_m))
        arrays[f"{name}_shape"] = np.array(cells.shape)
        arrays[f"{name}_ids"] = np.array([f["properties"]["id"] for f in features_of(source, name)])
        arrays[f"{name}_cell_m"] = np.array(cell_m)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def build_map(source: Path, target: Path) -> None:
    """base.pmtiles by node (tiles) and the PMTiles writer (archive)."""
    basemap = HERE / "basemap"
    with tempfile.TemporaryDirectory() as folder:
        stream = Path(folder) / "tiles.bin"
        subprocess.run(["node", str(basemap / "make_tiles.mjs"), str(source), str(stream)], check=True)
        pack = [sys.executable, str(basemap / "pack_pmtiles.py"), str(stream), str(target), ATTRIBUTION]
        subprocess.run(pack, check=True)


def manifest(target: Path) -> bytes:
    """Size and SHA-256 of every data file, plus the hash of each GeoJSON as it was before compression."""
    files: dict[str, dict[str, Any]] = {}
    for path in sorted(target.iterdir()):
        if path.suffix not in (".gz", ".npz", ".pmtiles"):
            continue
        data = path.read_bytes()
        files[path.name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        if path.suffix == ".gz":
            files[path.name]["content_sha256"] = hashlib.sha256(gzip.decompress(data)).hexdigest()
    content = {
        "attribution": ATTRIBUTION,
        "plane_crs": PLANE_CRS,
        "files": files,
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def main() -> None:
    """Builds everything; see the module's text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--no-map", action="store_true", help="keep the base map that is there")
    arguments = parser.parse_args()
    for name in COPIED:
        text = (arguments.source / f"{name}.geojson").read_bytes()
        (TARGET / f"{name}.geojson.gz").write_bytes(gzip.compress(text, 9, mtime=0))
    (TARGET / "grid.npz").write_bytes(build_grid(arguments.source))
    if not arguments.no_map:
        build_map(arguments.source, TARGET / "base.pmtiles")
    (TARGET / "manifest.json").write_bytes(manifest(TARGET))


if __name__ == "__main__":
    main()
