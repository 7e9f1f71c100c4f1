"""One border as an exact line: where a motion cuts it, and where along it a point lies.

Here: `BorderLine`, in the regional plane with geodesic chainage. Not here: files, polygons, probabilities. May know:
terms. *Chainage* is the length along the border from its first vertex, metres on WGS 84; gaps between parts have none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from redshank.terms.geo import GEOD_WGS84, from_plane
from redshank.terms.ids import BorderId, CountryId

Reals = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PIECE_VERTICES = 17  # 16 segments in a leaf of the tree: small enough to search, few enough to build fast


@dataclass(frozen=True, eq=False)
class Pieces:
    """A line cut into short pieces with a tree over them; `first` and `last` are vertex numbers of each piece."""

    first: Indices
    last: Indices
    lines: npt.NDArray[np.object_]
    tree: shapely.STRtree


def cut_into_pieces(points: Reals, part: Indices) -> Pieces:
    """Pieces of a line given as vertices (n, 2) and the part that each vertex belongs to (ascending)."""
    start_of_part = np.flatnonzero(np.r_[True, part[1:] != part[:-1]])
    end_of_part = np.r_[start_of_part[1:], len(part)] - 1
    ends = list(zip(start_of_part.tolist(), end_of_part.tolist(), strict=True))
    firsts = [np.arange(a, b, PIECE_VERTICES - 1) for a, b in ends]
    lasts = [np.minimum(first + PIECE_VERTICES - 1, b) for first, (_, b) in zip(firsts, ends, strict=True)]
    first, last = np.concatenate(firsts), np.concatenate(lasts)
    count = last - first + 1
    owner = np.repeat(np.arange(len(first)), count)
    vertex = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + first[owner]
    lines = shapely.linestrings(points[vertex], indices=owner)
    return Pieces(first, last, lines, shapely.STRtree(lines))


def joined(lines: Sequence[Pieces]) -> Pieces:
    """The pieces of several lines under one tree; the vertices are counted on from line to line."""
    before = np.cumsum([0] + [int(line.last[-1]) + 1 for line in lines])[:-1]
    pieces = np.concatenate([line.lines for line in lines])
    return Pieces(
        np.concatenate([line.first + offset for line, offset in zip(lines, before, strict=True)]),
        np.concatenate([line.last + offset for line, offset in zip(lines, before, strict=True)]),
        pieces,
        shapely.STRtree(pieces),
    )


@dataclass(frozen=True, eq=False)
class BorderLine:
    """A border between territories `a` and `b`, land and sea parts in order along it."""

    id: BorderId
    a: CountryId
    b: CountryId
    points_plane_m: Reals
    part: Indices
    chainage_m: Reals
    left_is_b: Flags
    """For each part: whether `b` lies to the left of the line in its direction."""
    pieces: Pieces

    def cuts(self, start_plane_m: Reals, end_plane_m: Reals) -> list[tuple[float, Reals, bool]]:
        """Cuts of the motion from start to end: (share of the way 0..1, point, whether it goes into `b`), in order.

        A point on a line counts as lying to its left, for the border's vertices as for the ends of the motion. So a
        vertex is cut once, a touch gives no cut or two opposite ones, running along the line gives none, and
        motions that follow one another never count a cut twice nor miss it.
        """
        motion = end_plane_m - start_plane_m
        box = shapely.box(*np.minimum(start_plane_m, end_plane_m), *np.maximum(start_plane_m, end_plane_m))
        near = np.sort(self.pieces.tree.query(box))
        if not len(near) or not motion.any():
            return []
        segment = np.concatenate([np.arange(self.pieces.first[i], self.pieces.last[i]) for i in near])
        p, q = self.points_plane_m[segment], self.points_plane_m[segment + 1]
        side_p, side_q = _cross(motion, p - start_plane_m), _cross(motion, q - start_plane_m)
        from_side, to_side = _cross(q - p, start_plane_m - p), _cross(q - p, end_plane_m - p)
        hit = ((side_p >= 0) != (side_q >= 0)) & ((from_side >= 0) != (to_side >= 0))
        share = from_side[hit] / (from_side[hit] - to_side[hit])
        to_left = to_side[hit] >= 0
        into_b = to_left == self.left_is_b[self.part[segment[hit]]]
        order = np.argsort(share, kind="stable")
        return [(float(share[i]), start_plane_m + share[i] * motion, bool(into_b[i])) for i in order]

    def locate(self, points_plane_m: Reals) -> Reals:
        """Chainage of the points of the border that are nearest to the given ones (n, 2)."""
        points = shapely.points(points_plane_m)
        piece = self.pieces.tree.nearest(points)
        first, last = self.pieces.first[piece], self.pieces.last[piece]
        share = shapely.line_locate_point(self.pieces.lines[piece], points, normalized=True)
        return np.asarray(self.chainage_m[first] + share * (self.chainage_m[last] - self.chainage_m[first]))

    def point_at(self, chainage_m: Reals) -> Reals:
        """Points of the border (n, 2) at given chainages, which are cut to its length."""
        x = np.interp(chainage_m, self.chainage_m, self.points_plane_m[:, 0])
        y = np.interp(chainage_m, self.chainage_m, self.points_plane_m[:, 1])
        return np.column_stack([x, y])


def _cross(a: Reals, b: Reals) -> Reals:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def chain_parts(lines: Sequence[Reals]) -> tuple[Reals, Indices]:
    """Vertices and part numbers of separate lines, in an order along the border: each goes on nearest to the last end.

    Starts at the end that is farthest from all others, so that a border in two parts does not run to and fro. A closed
    ring (an exclave) comes where its nearest neighbour ends.
    """
    left = sorted((np.asarray(line) for line in lines), key=len, reverse=True)
    ends = np.array([end for line in left for end in (line[0], line[-1])])
    spread = np.linalg.norm(ends[:, None] - ends[None], axis=2).max(axis=1)
    here = ends[int(np.argmax(spread))]
    ordered: list[Reals] = []
    while left:
        gaps = [
            (float(np.linalg.norm(line[end] - here)), number, end)
            for number, line in enumerate(left)
            for end in (0, -1)
        ]
        _, number, end = min(gaps)
        line = left.pop(number)
        ordered.append(line if end == 0 else line[::-1])
        here = ordered[-1][-1]
    part = np.repeat(np.arange(len(ordered)), [len(line) for line in ordered])
    return np.concatenate(ordered), part


def chainage_of(points_plane_m: Reals, part: Indices) -> Reals:
    """Geodesic chainage of vertices: the sum of the geodesics between them, none across a gap."""
    lat, lon = from_plane(points_plane_m[:, 0], points_plane_m[:, 1])
    _, _, length_m = GEOD_WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return np.asarray(np.r_[0.0, np.cumsum(np.where(part[1:] == part[:-1], length_m, 0.0))])
