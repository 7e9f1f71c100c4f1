"""The map in force: which territory and district a place belongs to, the exact borders, and who crossed what.

Here: `Geography` and `load_geography`. Not here: files, time, motion models. May know: terms.

Places are looked up in exact polygons, many places at once in rasters (250 m territories, 500 m districts). Between
some neighbours (PL and DE, for example) the data hold no border line: no crossing into them is ever reported.
"""

import hashlib
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import shapely

from redshank.forecast.borderline import BorderLine, Pieces, Reals, chain_parts, chainage_of, cut_into_pieces, joined
from redshank.terms.crossing import Crossing
from redshank.terms.geo import PLANE_CRS, Position, distance_m, from_plane, to_plane
from redshank.terms.ids import BorderId, CountryId, DistrictId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.invariant import require

EDGE_STEP_DEG = 0.1  # an edge is straight in degrees (RFC 7946 3.1.1); this keeps its image to about a metre
SIDE_OFFSET_M = 400.0  # beyond the raster's error when the two sides of a border are told apart
CHAIN_CELL_M = 500.0
CHAIN_STEP_M = 150.0
NO_BORDER = -1

Cells = npt.NDArray[np.int32]
"""Rows, columns or numbers of cells."""
Way = tuple[TrackId, tuple[Position, Instant], tuple[Position, Instant]]
"""A track and two of its states, the older one first."""


@dataclass(frozen=True, eq=False)
class Raster:
    """Numbers of the unit (from 1) at the centres of square cells; 0 for none. The outermost cells are all 0.

    Cells lie in square tiles, 2 ** `shift` cells wide, and equal tiles are kept once: the whole is small enough to stay
    in a processor's cache.
    """

    tiles: npt.NDArray[Any]
    """Cells of all different tiles, one tile after the other, each row by row from the south-west."""
    first: npt.NDArray[np.int32]
    """By row and column of a tile, row by row: where its cells begin in `tiles`."""
    shape: tuple[int, int]
    """Rows and columns of cells."""
    shift: int
    west_plane_m: float
    south_plane_m: float
    cell_m: float

    def at(self, x_plane_m: Reals, y_plane_m: Reals) -> npt.NDArray[np.int64]:
        """Unit numbers at points; 0 outside."""
        rows, cols = self.shape
        col = np.clip(np.floor((x_plane_m - self.west_plane_m) / self.cell_m), 0, cols - 1).astype(np.int32)
        row = np.clip(np.floor((y_plane_m - self.south_plane_m) / self.cell_m), 0, rows - 1).astype(np.int32)
        return self.units(self.tile(row, col), row, col).astype(np.int64)

    def tile(self, row: Cells, col: Cells) -> Cells:
        """Numbers of the tiles that cells lie in."""
        number = row >> self.shift
        number *= np.int32(-(-self.shape[1] >> self.shift))
        number += col >> self.shift
        return number

    def units(self, tile: Cells, row: Cells, col: Cells) -> npt.NDArray[Any]:
        """Unit numbers of cells whose tiles are known."""
        mask = np.int32((1 << self.shift) - 1)
        place = row & mask
        place <<= self.shift
        place += col & mask
        place += self.first.take(tile, mode="clip")
        return self.tiles.take(place, mode="clip")


class Outlines:
    """Exact polygons in the order of the raster's numbers (polygon 0 is unit 1). Each is read when it is first asked
    for, and kept: a node asks for few of them. What is given for a number never changes."""

    def __init__(self, geometries: Sequence[bytes]) -> None:
        """GeoJSON geometries, WGS 84."""
        self._geometries = geometries
        self._polygons: dict[int, Any] = {}
        self._edges: dict[int, Pieces] = {}
        self._tree: shapely.STRtree | None = None

    def polygon(self, number: int) -> Any:
        """A polygon in the plane. Raises shapely's ValueError for broken text."""
        if number not in self._polygons:
            [shape] = _in_plane([shapely.from_geojson(self._geometries[number].decode())])
            shapely.prepare(shape)
            self._polygons[number] = shape
        return self._polygons[number]

    def edge(self, number: int) -> Pieces:
        """The outline of a polygon in pieces."""
        if number not in self._edges:
            rings = shapely.get_rings(shapely.get_parts(self.polygon(number)))
            self._edges[number] = cut_into_pieces(*shapely.get_coordinates(rings, return_index=True))
        return self._edges[number]

    def holding(self, x_plane_m: float, y_plane_m: float) -> list[int]:
        """Numbers of the polygons that contain a point, ascending. The first call reads them all."""
        if self._tree is None:
            self._tree = shapely.STRtree([self.polygon(number) for number in range(len(self._geometries))])
        near = np.sort(self._tree.query(shapely.Point(x_plane_m, y_plane_m)))
        return [int(i) for i in near if shapely.contains_xy(self.polygon(int(i)), x_plane_m, y_plane_m)]


@dataclass(frozen=True, eq=False)
class ChainTable:
    """Chainage of a border near each 500 m cell along it: `key` = border number * cells + cell, ascending."""

    key: npt.NDArray[np.int64]
    chainage_m: Reals
    cols: int
    cells: int

    def near(self, border: npt.NDArray[np.int64], x_cells: Reals, y_cells: Reals) -> Reals:
        """Chainage to within a cell for points within a cell of the border (in units of CHAIN_CELL_M from the grid's
        corner); for a point farther off, that of some cell of the same grid row."""
        cell = y_cells.astype(np.int64) * self.cols + x_cells.astype(np.int64)
        at = np.clip(np.searchsorted(self.key, border * self.cells + cell), 0, len(self.key) - 1)
        return self.chainage_m[at]


@dataclass(frozen=True, eq=False)
class Geography:
    """The map in force. `border_file_hash` is the SHA-256 of the border file (hex); the record names it."""

    border_file_hash: str
    countries: tuple[CountryId, ...]
    districts: tuple[tuple[DistrictId, CountryId, str], ...]
    """(id, country, name in the local language) in the order of the raster's numbers."""
    borders: tuple[BorderLine, ...]
    country_raster: Raster
    district_raster: Raster
    border_into: npt.NDArray[np.int64]
    """[from, to] unit numbers of territories -> 2 * border number + (1 into b, 0 into a), or NO_BORDER."""
    chain_table: ChainTable
    all_borders: Pieces
    country_outlines: Outlines
    district_outlines: Outlines

    def country_at(self, position: Position) -> CountryId | None:
        """The territory (land or territorial sea) of a place, by its exact outline; None on the high sea or outside."""
        x, y = _plane(position)
        found = self.country_outlines.holding(x, y) if math.isfinite(x + y) else []
        return self.countries[found[0]] if found else None

    def districts_at(self, position: Position) -> tuple[DistrictId, ...]:
        """The districts of a place: one on land, none at sea; two where outlines overlap by an error of the data."""
        x, y = _plane(position)
        found = self.district_outlines.holding(x, y) if math.isfinite(x + y) else []
        return tuple(self.districts[i][0] for i in found)

    def district_rings(self, district: DistrictId) -> tuple[tuple[tuple[float, float], ...], ...]:
        """Outer rings of a district as closed lists of (lat, lon) in degrees, largest first; none if it is unknown."""
        number = next((i for i, known in enumerate(self.districts) if known[0] == district), None)
        if number is None:
            return ()
        parts = sorted(shapely.get_parts(self.district_outlines.polygon(number)), key=lambda part: -part.area)
        rings = []
        for part in parts:
            plane = shapely.get_coordinates(shapely.get_exterior_ring(part))
            lat, lon = from_plane(plane[:, 0], plane[:, 1])
            rings.append(tuple(zip(lat.tolist(), lon.tolist(), strict=True)))
        return tuple(rings)

    def distance_to_country_m(self, position: Position, country: CountryId) -> float:
        """Geodesic distance to the nearest point of a territory; 0 inside; infinite for a territory not in the map.

        The nearest point is found in the conformal plane and then measured on WGS 84: the result is never short and
        at most about 0.1 % long. Outlines are simplified to 25 m.
        """
        x, y = _plane(position)
        if country not in self.countries or not math.isfinite(x + y):
            return math.inf
        number = self.countries.index(country)
        if shapely.contains_xy(self.country_outlines.polygon(number), x, y):
            return 0.0
        return _distance_to(self.country_outlines.edge(number), position, shapely.Point(x, y))

    def distance_to_border_m(self, position: Position) -> float:
        """Distance in metres to the nearest exact border line of any pair; infinite for a place that is none."""
        x, y = _plane(position)
        if not math.isfinite(x + y):
            return math.inf
        return _distance_to(self.all_borders, position, shapely.Point(x, y))

    def crossings_between(
        self, track: TrackId, before: tuple[Position, Instant], after: tuple[Position, Instant]
    ) -> tuple[Crossing, ...]:
        """All cuts of exact border lines by the straight way between two states, in order of time.

        Along a winding border one way may cut the line several times, in alternating directions. The time is
        interpolated. Rules for touching and running along: see `BorderLine.cuts`.
        """
        return self.crossings_of([(track, before, after)]).get(track, ())

    def crossings_of(self, ways: Sequence[Way]) -> dict[TrackId, tuple[Crossing, ...]]:
        """The same for many tracks at once; who has cut no line is not named."""
        if not ways:
            return {}
        places = [state[0] for way in ways for state in way[1:]]
        x, y = to_plane([place.lat_deg for place in places], [place.lon_deg for place in places])
        plane = np.column_stack([x, y]).reshape(-1, 2, 2)
        sound = np.isfinite(plane).all(axis=(1, 2))
        low, high = plane.min(axis=1), plane.max(axis=1)
        boxes = shapely.box(low[sound, 0], low[sound, 1], high[sound, 0], high[sound, 1])
        near = np.flatnonzero(sound)[np.unique(self.all_borders.tree.query(boxes)[0])]
        found = {ways[number][0]: self._cut(ways[number], *plane[number]) for number in near.tolist()}
        return {track: crossings for track, crossings in found.items() if crossings}

    def _cut(self, way: Way, start: Reals, end: Reals) -> tuple[Crossing, ...]:
        track, before, after = way
        found = [(cut[0], line, cut[1], cut[2]) for line in self.borders for cut in line.cuts(start, end)]
        crossings = []
        for share, line, point, into_b in sorted(found, key=lambda cut: cut[0]):
            lat, lon = from_plane(point[0], point[1])
            out_of, into = (line.a, line.b) if into_b else (line.b, line.a)
            at = Instant(before[1] + round(share * (after[1] - before[1])))
            crossings.append(Crossing(track, line.id, out_of, into, at, Position(float(lat), float(lon))))
        return tuple(crossings)


class _Properties(msgspec.Struct):
    id: str
    a: str = ""
    b: str = ""
    country: str = ""
    name: str = ""


class _Feature(msgspec.Struct):
    properties: _Properties
    geometry: msgspec.Raw


class _Collection(msgspec.Struct):
    features: list[_Feature]


def load_geography(
    borders_text: str | bytes, countries_text: str | bytes, districts_text: str | bytes, grid_bytes: bytes
) -> Geography:
    """The map from the texts of three GeoJSON files and the bytes of grid.npz, which must belong together.

    These are files of the installation, not outside data: one that does not fit raises ValueError (msgspec's or
    shapely's for broken text) or InvariantBroken (rasters made for other files or another plane).
    """
    grid = np.load(io.BytesIO(grid_bytes), allow_pickle=False)
    country_of, country_shapes = _read(countries_text)
    district_of, district_shapes = _read(districts_text)
    countries = tuple(CountryId(properties.id) for properties in country_of)
    require(str(grid["crs"]) == PLANE_CRS, "the rasters are in the plane of terms/geo")
    require(countries == tuple(grid["countries_ids"].tolist()), "the raster's territories are those of the file")
    districts = tuple((DistrictId(p.id), CountryId(p.country), p.name) for p in district_of)
    require([d[0] for d in districts] == grid["districts_ids"].tolist(), "the raster's districts are those of the file")
    country_raster, district_raster = _raster(grid, "countries"), _raster(grid, "districts")
    tile_m = [raster.cell_m * (1 << raster.shift) for raster in (country_raster, district_raster)]
    require(tile_m[0] == tile_m[1], "tiles of both rasters cover the same squares")
    borders = _borders(borders_text, countries, country_raster)
    return Geography(
        border_file_hash=hashlib.sha256(_bytes(borders_text)).hexdigest(),
        countries=countries,
        districts=districts,
        borders=borders,
        country_raster=country_raster,
        district_raster=district_raster,
        border_into=_border_into(borders, countries),
        chain_table=_chain_table(borders, country_raster),
        all_borders=joined([line.pieces for line in borders]),
        country_outlines=Outlines(country_shapes),
        district_outlines=Outlines(district_shapes),
    )


def _distance_to(edge: Pieces, position: Position, point: shapely.Point) -> float:
    piece = edge.lines[edge.tree.nearest(point)]
    nearest = shapely.get_coordinates(shapely.shortest_line(piece, point))[0]
    lat, lon = from_plane(nearest[0], nearest[1])
    return distance_m(position, Position(float(lat), float(lon)))


def _plane(position: Position) -> tuple[float, float]:
    x, y = to_plane(position.lat_deg, position.lon_deg)
    return float(x), float(y)


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _read(text: str | bytes) -> tuple[list[_Properties], list[bytes]]:
    """Properties and GeoJSON geometries of a feature collection, in its order."""
    features = msgspec.json.decode(text, type=_Collection).features
    return [feature.properties for feature in features], [bytes(feature.geometry) for feature in features]


def _in_plane(shapes: "Sequence[Any] | npt.NDArray[np.object_]") -> npt.NDArray[np.object_]:
    """Shapes in degrees as shapes in the plane."""
    dense = shapely.segmentize(shapes, EDGE_STEP_DEG)
    return np.asarray(shapely.transform(dense, lambda lonlat: np.column_stack(to_plane(lonlat[:, 1], lonlat[:, 0]))))


def _raster(grid: Any, name: str) -> Raster:
    west, south = grid["origin_plane_m"].tolist()
    rows, cols = grid[f"{name}_shape"].tolist()
    tiles = grid[f"{name}_tiles"]
    shift = tiles.shape[1].bit_length() - 1
    require(tiles.shape[1:] == (1 << shift, 1 << shift), "a raster's tiles are squares of a power of two")
    first = (grid[f"{name}_tile_of"].ravel() * np.int32(1 << 2 * shift)).astype(np.int32)
    return Raster(tiles.ravel(), first, (rows, cols), shift, west, south, float(grid[f"{name}_cell_m"]))


def _borders(text: str | bytes, countries: tuple[CountryId, ...], raster: Raster) -> tuple[BorderLine, ...]:
    """Land and sea parts of each pair joined to one line."""
    properties, geometries = _read(text)
    shapes = _in_plane(shapely.from_geojson([geometry.decode() for geometry in geometries]))
    pairs: dict[tuple[str, str], list[Any]] = {}
    for about, shape in zip(properties, shapes, strict=True):
        pairs.setdefault((about.a, about.b), []).extend(shapely.get_parts(shape))
    lines = []
    for (a, b), parts in pairs.items():
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts)))
        points, part = chain_parts([shapely.get_coordinates(line) for line in merged])
        numbers = (countries.index(CountryId(a)) + 1, countries.index(CountryId(b)) + 1)
        sides = _left_is_second(points, part, raster, numbers)
        name = BorderId(f"{a}|{b}")
        pieces = cut_into_pieces(points, part)
        points = np.asfortranarray(points)  # `point_at` reads one coordinate of all of them
        lines.append(
            BorderLine(name, CountryId(a), CountryId(b), points, part, chainage_of(points, part), sides, pieces)
        )
    return tuple(lines)


def _left_is_second(
    points: Reals, part: npt.NDArray[np.int64], raster: Raster, numbers: tuple[int, int]
) -> npt.NDArray[np.bool_]:
    """For each part, which territory lies to its left, by a vote of places beside the middles of its segments."""
    along = points[1:] - points[:-1]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    middle, normal = (points[1:] + points[:-1]) / 2, np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None]
    left, right = (raster.at(*(middle + sign * SIDE_OFFSET_M * normal).T) for sign in (1.0, -1.0))
    first, second = numbers
    vote = (left == second).astype(int) + (right == first) - (left == first) - (right == second)
    inside = part[1:] == part[:-1]
    total = np.bincount(part[1:][inside], weights=(vote * length)[inside])
    require(bool((total != 0).all()), "each part of a border lies between its two territories")
    return total > 0


def _border_into(borders: tuple[BorderLine, ...], countries: tuple[CountryId, ...]) -> npt.NDArray[np.int64]:
    table = np.full((len(countries) + 1, len(countries) + 1), NO_BORDER, np.int64)
    for number, line in enumerate(borders):
        a, b = countries.index(line.a) + 1, countries.index(line.b) + 1
        table[a, b], table[b, a] = 2 * number + 1, 2 * number
    return table


def _chain_table(borders: tuple[BorderLine, ...], raster: Raster) -> ChainTable:
    """Cells on and beside each border, with the chainage of the nearest of its points every CHAIN_STEP_M."""
    cols = math.ceil(raster.shape[1] * raster.cell_m / CHAIN_CELL_M)
    cells = cols * math.ceil(raster.shape[0] * raster.cell_m / CHAIN_CELL_M)
    corner = np.array([raster.west_plane_m, raster.south_plane_m])
    around = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)])
    keys, gaps, chainages = [], [], []
    for number, line in enumerate(borders):
        chainage = np.arange(0.0, line.chainage_m[-1], CHAIN_STEP_M)
        at = (line.point_at(chainage) - corner) / CHAIN_CELL_M
        cell = np.floor(at)[:, None, :] + around
        gaps.append(np.sum((cell + 0.5 - at[:, None, :]) ** 2, axis=2).ravel())
        keys.append((number * cells + cell[..., 1] * cols + cell[..., 0]).astype(np.int64).ravel())
        chainages.append(np.repeat(chainage, len(around)))
    key, gap, chain = (np.concatenate(part) for part in (keys, gaps, chainages))
    order = np.lexsort((gap, key))
    key, chain = key[order], chain[order]
    nearest = np.r_[True, key[1:] != key[:-1]]
    return ChainTable(key[nearest], chain[nearest], cols, cells)
