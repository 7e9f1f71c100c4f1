"""The shipped data: hashes, attribution and licence, and rasters that agree with the exact outlines."""

import gzip
import hashlib
import io
import json
import math
from importlib.resources import files

import numpy as np
import pytest
import shapely
from pmtiles.reader import MemorySource, Reader

from redshank import geodata
from redshank.terms.geo import PLANE_CRS, to_plane

FOLDER = files("redshank.geodata")


def test_every_file_is_the_one_that_the_manifest_names():
    known = geodata.manifest()["files"]
    there = {entry.name for entry in FOLDER.iterdir() if entry.name.endswith((".gz", ".npz", ".pmtiles"))}
    assert there == set(known)
    for name, expected in known.items():
        data = (FOLDER / name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (expected["bytes"], expected["sha256"]), name
        if name.endswith(".gz"):
            assert hashlib.sha256(gzip.decompress(data)).hexdigest() == expected["content_sha256"]
    assert geodata.manifest()["plane_crs"] == PLANE_CRS


def test_read_unpacks_and_knows_only_the_manifest():
    assert json.loads(geodata.read("borders.geojson"))["features"][0]["properties"]["id"] == "LT|BY|land"
    with pytest.raises(KeyError):
        geodata.read("no-such-file")


def test_attribution_and_licence_are_shipped():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    licence = (FOLDER / "LICENCE-ODbL.md").read_text(encoding="utf-8")
    for source in ("OpenStreetMap", "GeoNames", "Estonian Land Board", "GUGiK", "Natural Earth", "OurAirports"):
        assert source in geodata.attribution()
        assert source in readme.replace("\n", " ")
    assert "Open Database License" in licence
    assert "https://opendatacommons.org/licenses/odbl/1-0/" in licence


def cells_of(grid, name):
    """The whole raster, put together from its tiles."""
    tiles, tile_of = grid[f"{name}_tiles"], grid[f"{name}_tile_of"]
    whole = tiles[tile_of].transpose(0, 2, 1, 3).reshape(np.array(tile_of.shape) * tiles.shape[1:])
    rows, cols = grid[f"{name}_shape"]
    return whole[:rows, :cols]


@pytest.mark.parametrize(("name", "clear_m"), [("countries", 400.0), ("districts", 800.0)])
def test_rasters_agree_with_exact_outlines_away_from_edges(name, clear_m):
    """3,000 random places; those nearer than `clear_m` to an edge are left out."""
    grid = np.load(io.BytesIO(geodata.read("grid.npz")), allow_pickle=False)
    text = geodata.read(f"{name}.geojson")
    shapes = shapely.get_parts(shapely.from_geojson(text.decode()))
    ids = [feature["properties"]["id"] for feature in json.loads(text)["features"]]
    assert grid[f"{name}_ids"].tolist() == ids
    rng = np.random.default_rng(11)
    lat, lon = rng.uniform(47.1, 61.9, 3_000), rng.uniform(10.1, 35.9, 3_000)
    near_deg = clear_m / 111_000.0 / 0.45  # a degree of longitude at 62 N is 0.47 of one of latitude
    points = np.asarray(shapely.points(lon, lat))
    edges = shapely.STRtree(shapely.get_parts(shapely.get_rings(shapely.get_parts(shapes))))
    doubtful = np.unique(edges.query(points, predicate="dwithin", distance=near_deg)[0])
    clear = np.setdiff1d(np.arange(len(points)), doubtful)
    assert len(clear) > 1_000
    place, shape = shapely.STRtree(shapes).query(points[clear], predicate="intersects")
    exact = np.zeros(len(clear), int)
    exact[place] = shape + 1
    x, y = to_plane(lat[clear], lon[clear])
    west, south = grid["origin_plane_m"]
    cell_m = float(grid[f"{name}_cell_m"])
    ours = cells_of(grid, name)[((y - south) // cell_m).astype(int), ((x - west) // cell_m).astype(int)]
    wrong = np.flatnonzero(ours != exact)
    # District outlines overlap by up to 0.09 % of a country (an error of the data): either answer is right there.
    doubled = {int(p) for p in place if np.count_nonzero(place == p) > 1}
    assert [(lat[clear][i], lon[clear][i]) for i in wrong if i not in doubled] == []


def test_the_rasters_outermost_cells_are_empty():
    grid = np.load(io.BytesIO(geodata.read("grid.npz")), allow_pickle=False)
    for name in ("countries", "districts"):
        cells = cells_of(grid, name)
        assert not np.concatenate([cells[0], cells[-1], cells[:, 0], cells[:, -1]]).any()


def tile_of(lat_deg: float, lon_deg: float, zoom: int) -> tuple[int, int]:
    """Column and row of the Web Mercator tile that holds a place."""
    mercator = math.log(math.tan(math.pi / 4 + math.radians(lat_deg) / 2)) / math.pi
    return int((lon_deg + 180) / 360 * 2**zoom), int((1 - mercator) / 2 * 2**zoom)


def test_the_base_map_has_its_zooms_layers_and_attribution():
    reader = Reader(MemorySource(geodata.read("base.pmtiles")))
    header, metadata = reader.header(), reader.metadata()
    assert (header["min_zoom"], header["max_zoom"]) == (2, 9)
    assert metadata["attribution"] == geodata.attribution()
    assert [layer["id"] for layer in metadata["vector_layers"]] == [
        "land",
        "water",
        "districts",
        "borders",
        "places",
        "airports",
    ]
    for place, names in (
        ((54.687, 25.280), (b"land", b"districts", b"places", b"Vilnius")),
        ((54.600, 25.100), (b"airports", b"EYVI")),
        ((58.600, 27.450), (b"water", b"borders", b"EE|RU")),
    ):
        tile = reader.get(9, *tile_of(*place, zoom=9))
        assert tile is not None
        for name in names:
            assert name in gzip.decompress(tile), (place, name)
