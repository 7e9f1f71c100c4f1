"""Plots: the node's own tracker for radar plots, other positions, and people's sightings.

Here: gating, global nearest neighbour per source and frame, start of tracks, correction. Constant velocity, one model;
frames of one source are worked in order of time. Not here: system tracks, joining, lost tracks. May know: terms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from redshank.picture.kinematics import (
    ACCELERATION_M2PS3,
    CHI2_2_9997,
    Array,
    assigned,
    correct,
    noise_density,
    predict,
    seconds,
    square,
)
from redshank.picture.state import (
    PERIOD_DEFAULT_MS,
    PERIOD_SAMPLES,
    Estimate,
    OwnTrack,
    Part,
    SourceBook,
    Tentative,
    Work,
    with_sources,
    with_status,
)
from redshank.terms import limits
from redshank.terms.ids import SourceId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.track import Life, Report, ReportKind, Status

Index = npt.NDArray[np.intp]

FRAME_MS = 500
"""Plots of one source within this time are shared out together; no rotating sensor sees one object twice in it."""
HITS_QUICK, HITS_QUICK_SCANS = 3, 2.4
HITS_NEEDED, HITS_WINDOW_SCANS = 4, 6
"""Live after three plots in three scans, or four in six: a missed scan widens the gates, so that clutter fits in."""
HITS_SPAN_MS = 2_000
"""Three sensors within the same second prove an object, but not yet its velocity."""
MISSES_ALLOWED = 2.5
"""Scans that a tentative track may stay without a plot."""
START_SPEED_MPS = 200.0
"""Nothing slow and low is faster; wider would let clutter pair up (the number of pairs grows with its square)."""
START_SIGMA_MPS = 100.0
SIGHTING_SIGMA_MPS = 40.0
"""A seen object without a told velocity: any direction, 90 % below 86 m/s."""
PAIR_ROWS = 256


class Plots:
    """Plots and sightings of one batch, as arrays in the plane, in order."""

    def __init__(self, reports: Sequence[Report], mean: Array, cov: Array) -> None:
        self.reports = reports
        self.mean, self.cov = mean, cov
        self.at = np.array([report.at for report in reports], np.int64)


@dataclass(slots=True)
class Row:
    """A track on the bench: what is not in the arrays. Lives only within one call."""

    part: Part | None
    owner: TrackId | None
    first_at: Instant
    hits: list[Instant]
    news: list[Report]
    known: int = 0
    """Reports before this batch."""


class Bench:
    """All tracks that plots may correct, as arrays with room for what the batch may start."""

    def __init__(self, work: Work, books: dict[SourceId, SourceBook], plots: Plots) -> None:
        self.work, self.books, self.plots = work, books, plots
        live = [track for track in work.own.values() if track.life is Life.LIVE]
        self.rows = [_row_of(track) for track in live] + [
            Row(t.part, None, t.first_at, list(t.hits), [], len(t.hits)) for t in work.tentative
        ]
        estimates = [row.part.estimate if row.part else live[i].estimate for i, row in enumerate(self.rows)]
        room = len(self.rows) + len(plots.reports)
        self.mean, self.cov, self.at = np.zeros((room, 4)), np.zeros((room, 4, 4)), np.zeros(room, np.int64)
        size = len(self.rows)
        if size:
            self.mean[:size] = [e.mean for e in estimates]
            self.cov[:size] = square([e.cov for e in estimates])
            self.at[:size] = [e.at for e in estimates]
        self.tracked = np.zeros(room, bool)
        self.tracked[:size] = [row.part is not None for row in self.rows]
        self.confirmed = np.zeros(room, bool)
        self.confirmed[: len(live)] = True
        self.fresh = np.zeros(room, bool)
        self.fresh[:size] = [row.owner is None and row.known == 1 for row in self.rows]

    def frame(self, source: SourceId, chosen: Index) -> None:
        """Shares out the plots of one source and frame: to live tracks, then to tentative ones; the rest start some."""
        size = len(self.rows)
        for group in (self.confirmed[:size] & self.tracked[:size], ~self.confirmed[:size]):
            plots, rows = _share(*self._gated(chosen, np.flatnonzero(group)))
            self._correct(plots, rows)
            for plot, row in zip(plots.tolist(), rows.tolist(), strict=True):
                self._note(source, plot, row)
            chosen = np.setdiff1d(chosen, plots)
        for plot in chosen.tolist():
            self._start(plot, START_SIGMA_MPS)

    def sighting(self, chosen: int) -> None:
        """One person's report: to the best live track in its gate, or it starts one that is live at once.

        A track that only system tracks feed is not moved by it: kilometres say nothing to it, and the same person may
        have told the system's operator. The sighting is named among its sources.
        """
        plots, rows, cost = self._gated(np.array([chosen]), np.flatnonzero(self.confirmed[: len(self.rows)]))
        if not len(plots):
            row = self._start(chosen, SIGHTING_SIGMA_MPS)
            self.rows[row].owner = self.work.new_id()
            self.confirmed[row] = True
            return
        best = int(rows[np.argmin(cost)])
        if self.tracked[best]:
            self._correct(np.array([chosen]), np.array([best]))
        self._note(self.plots.reports[chosen].source, chosen, best)

    def _gated(self, plots: Index, rows: Index) -> tuple[Index, Index, Array]:
        """(plot, row, cost) of all pairs within the 99.97 % gate (wide, for turns); cost is -2 log likelihood."""
        pairs = [self._near(plots[i : i + PAIR_ROWS], rows) for i in range(0, len(plots), PAIR_ROWS)]
        plot = np.concatenate([p for p, _ in pairs]) if pairs else np.zeros(0, np.intp)
        row = np.concatenate([r for _, r in pairs]) if pairs else np.zeros(0, np.intp)
        if not len(plot):
            return plot, row, np.zeros(0)
        dt = seconds(self.plots.at[plot], self.at[row])
        there, spread = predict(self.mean[row], self.cov[row], dt)
        gap = self.plots.mean[plot, :2] - there[:, :2]
        s = spread[:, :2, :2] + self.plots.cov[plot][:, :2, :2]
        d2 = np.einsum("ni,ni->n", gap, np.linalg.solve(s, gap[:, :, None])[:, :, 0])
        far = START_SPEED_MPS * np.abs(dt) + 3.0 * np.sqrt(
            np.trace(self.cov[row][:, :2, :2] + self.plots.cov[plot][:, :2, :2], axis1=1, axis2=2)
        )
        inside = (d2 < CHI2_2_9997) & (~self.fresh[row] | (np.hypot(gap[:, 0], gap[:, 1]) < far))
        return plot[inside], row[inside], (d2 + np.log(np.linalg.det(s)))[inside]

    def _near(self, plots: Index, rows: Index) -> tuple[Index, Index]:
        """Pairs that may pass the gate: the trace of a covariance bounds its largest axis."""
        dt = seconds(self.plots.at[plots][:, None], self.at[rows][None, :])
        p, v = self.mean[rows, :2], self.mean[rows, 2:]
        c = self.cov[rows]
        aside = np.zeros_like(dt)
        for axis in (0, 1):
            aside += (self.plots.mean[plots, axis][:, None] - p[None, :, axis] - v[None, :, axis] * dt) ** 2
        spread = (c[:, 0, 0] + c[:, 1, 1]) + 2 * dt * (c[:, 0, 2] + c[:, 1, 3]) + dt**2 * (c[:, 2, 2] + c[:, 3, 3])
        spread += 2.0 * noise_density(v[None, :, :], dt) * np.abs(dt) ** 3 / 3
        spread += np.trace(self.plots.cov[plots][:, :2, :2], axis1=1, axis2=2)[:, None]
        plot, row = np.nonzero(aside < CHI2_2_9997 * spread)
        return plots[plot], rows[row]

    def _correct(self, plots: Index, rows: Index) -> None:
        """Corrects rows (each once). A plot older than its track is read as a measurement of the track's present state,
        seen through the motion in between with that motion's noise (Bar-Shalom 2002, IEEE TAES 38(3), algorithm C)."""
        if not len(plots):
            return
        dt = seconds(self.plots.at[plots], self.at[rows])
        mean, cov = predict(self.mean[rows], self.cov[rows], np.maximum(dt, 0.0))
        seen = np.zeros((len(rows), 2, 4))
        seen[:, 0, 0] = seen[:, 1, 1] = 1.0
        seen[:, 0, 2] = seen[:, 1, 3] = back = np.minimum(dt, 0.0)
        error = self.plots.cov[plots][:, :2, :2].copy()
        error += (noise_density(mean[:, 2:], back) * np.abs(back) ** 3 / 3)[:, None, None] * np.eye(2)
        mean, cov = correct(mean, cov, seen, self.plots.mean[plots, :2], error)
        told = np.array([self.plots.reports[i].velocity_e_mps is not None for i in plots.tolist()])
        if told.any():
            seen = np.zeros((int(told.sum()), 2, 4))
            seen[:, 0, 2] = seen[:, 1, 3] = 1.0
            error = self.plots.cov[plots[told]][:, 2:, 2:] + (ACCELERATION_M2PS3 * np.abs(back[told]))[
                :, None, None
            ] * np.eye(2)
            mean[told], cov[told] = correct(mean[told], cov[told], seen, self.plots.mean[plots[told], 2:], error)
        self.mean[rows], self.cov[rows] = mean, cov
        self.at[rows] = np.maximum(self.at[rows], self.plots.at[plots])

    def _note(self, source: SourceId, plot: int, row_index: int) -> None:
        """Books a report on a track; a tentative one with hits enough goes live."""
        row, report = self.rows[row_index], self.plots.reports[plot]
        row.news.append(report)
        self.fresh[row_index] = False
        if row.part is None:
            return
        if report.kind is ReportKind.PLOT:
            self._time(row.part, source, report.at)
        row.part = _reported(row.part, report)
        if row.owner is None:
            window = HITS_WINDOW_SCANS * self._period(source)
            row.hits = [at for at in (*row.hits, report.at) if at > report.at - window]
            quick = sum(at > report.at - HITS_QUICK_SCANS * self._period(source) for at in row.hits) >= HITS_QUICK
            enough = quick or len(row.hits) >= HITS_NEEDED
            slow = float(np.hypot(*self.mean[row_index, 2:])) <= START_SPEED_MPS
            if enough and max(row.hits) - min(row.hits) >= HITS_SPAN_MS and slow:
                row.owner = self.work.new_id()
                self.confirmed[row_index] = True

    def _time(self, part: Part, source: SourceId, at: Instant) -> None:
        """Learns the scan period of a source from the interval between two of its plots on one track."""
        before = dict(part.seen).get(source)
        if before is not None and at > before:
            book = self.books.get(source, SourceBook())
            samples = (*book.intervals_ms, at - before)[-PERIOD_SAMPLES:]
            self.books[source] = msgspec.structs.replace(book, intervals_ms=samples)

    def _period(self, source: SourceId) -> int:
        book = self.books.get(source)
        return book.period_ms if book else PERIOD_DEFAULT_MS

    def _start(self, plot: int, sigma_mps: float) -> int:
        """A new row from one report. Position from the report; velocity from it, or zero with a broad spread, which
        makes the second plot the two-point start (Mallick and La Scala 2008), and is gated by speed."""
        row, report = len(self.rows), self.plots.reports[plot]
        self.mean[row], self.cov[row], self.at[row] = self.plots.mean[plot], self.plots.cov[plot], report.at
        if report.velocity_e_mps is None:
            self.mean[row, 2:] = 0.0
            self.cov[row, 2:, 2:] = np.eye(2) * sigma_mps**2
        part = Part(
            source=None,
            estimate=Estimate(report.at, (), ()),
            last_report_at=report.at,
            interval_ms=self._period(report.source),
            seen=((report.source, report.at),),
            sighting=report.kind is ReportKind.SIGHTING,
        )
        self.rows.append(Row(part, None, report.at, [report.at], [report]))
        self.tracked[row] = True
        self.fresh[row] = report.velocity_e_mps is None
        return row

    def store(self, now: Instant) -> None:
        """Writes the corrected and new tracks back; drops tentative ones that were not seen again."""
        tentative: list[Tentative] = []
        mean, cov = self.mean.tolist(), self.cov.reshape(-1, 16).tolist()
        for i, row in enumerate(self.rows):
            if row.part is not None and row.news:
                row.part = msgspec.structs.replace(
                    row.part, estimate=Estimate(Instant(int(self.at[i])), tuple(mean[i]), tuple(cov[i]))
                )
            if row.owner is not None:
                if row.news:
                    self._store_own(row, row.owner)
            elif row.part is not None and not expired(row.part, now, self._period(row.part.seen[-1][0])):
                tentative.append(Tentative(part=row.part, first_at=row.first_at, hits=tuple(row.hits)))
        tentative.sort(key=lambda t: t.part.last_report_at)
        self.work.tentative = tuple(tentative[-limits.TENTATIVE_TRACKS :])

    def _store_own(self, row: Row, owner: TrackId) -> None:
        track, part = self.work.own.get(owner), row.part
        if track is None:
            if part is None:
                return
            track = OwnTrack(
                id=owner,
                estimate=part.estimate,
                parts=(part,),
                first_at=row.first_at,
                last_report_at=part.last_report_at,
                reports=row.known,
                sources=tuple(source for source, _ in part.seen),
            )
        elif part is not None:
            track = msgspec.structs.replace(
                track, parts=tuple(part if old.source is None else old for old in track.parts)
            )
        self.work.own[owner] = with_reports(self.work, track, row.news)
        self.work.changed[owner] = None


def expired(part: Part, now: Instant, period_ms: int) -> bool:
    """Whether a tentative track has missed too many scans."""
    return now - part.last_report_at > MISSES_ALLOWED * period_ms


def with_reports(work: Work, track: OwnTrack, reports: Sequence[Report]) -> OwnTrack:
    """The track with what reports say besides kinematics: sources, altitude, status, counts."""
    newest = reports[-1]
    heights = [report.altitude_m for report in reports if report.altitude_m is not None]
    held = [report.status for report in reports if report.status is not Status.UNKNOWN]
    status = track.status if track.by_officer or not held else held[-1]
    return msgspec.structs.replace(
        track,
        last_report_at=max(track.last_report_at, newest.at),
        reports=track.reports + len(reports),
        sources=with_sources(track.sources, [report.source for report in reports]),
        cooperative=track.cooperative or newest.cooperative,
        altitude_m=heights[-1] if heights else track.altitude_m,
        status=status,
        statuses=track.statuses
        if status is track.status
        else with_status(track.statuses, newest.at, work.base.party, status),
    )


def _row_of(track: OwnTrack) -> Row:
    part = next((part for part in track.parts if part.source is None), None)
    return Row(part, track.id, track.first_at, [], [], track.reports)


def _reported(part: Part, report: Report) -> Part:
    gap = report.at - part.last_report_at
    seen = dict(part.seen)
    seen[report.source] = max(report.at, seen.get(report.source, report.at))
    return msgspec.structs.replace(
        part,
        last_report_at=max(part.last_report_at, report.at),
        interval_ms=(4 * part.interval_ms + gap) // 5 if gap > 0 else part.interval_ms,
        seen=tuple(seen.items())[-limits.TRACK_SOURCES :],
        sighting=part.sighting and report.kind is ReportKind.SIGHTING,
    )


def _share(plots: Index, rows: Index, cost: Array) -> tuple[Index, Index]:
    """Global nearest neighbour (Blackman and Popoli 1999, section 6.4): most pairs first, then least cost. Pairs fall
    into independent clusters, each solved alone, so that a scan of many objects stays cheap."""
    if not len(plots):
        return plots, rows
    plot_ids, plot = np.unique(plots, return_inverse=True)
    row_ids, row = np.unique(rows, return_inverse=True)
    if len(plot_ids) == len(row_ids) == len(plots):  # nobody competes
        return plot_ids, rows[np.argsort(plots)]
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    nodes = len(plot_ids) + len(row_ids)
    graph = coo_array((np.ones(len(plot)), (plot, row + len(plot_ids))), shape=(nodes, nodes))
    _, cluster = connected_components(graph, directed=False)
    by_cluster = np.argsort(cluster[plot], kind="stable")
    bounds = np.flatnonzero(np.diff(cluster[plot][by_cluster])) + 1
    got: list[tuple[int, int]] = []
    for members in np.split(by_cluster, bounds):
        if len(members) == 1:
            got.append((int(plot[members[0]]), int(row[members[0]])))
            continue
        mine, i = np.unique(plot[members], return_inverse=True)
        theirs, j = np.unique(row[members], return_inverse=True)
        table = np.full((len(mine), len(theirs)), np.inf)
        table[i, j] = cost[members]
        got += [(int(mine[a]), int(theirs[b])) for a, b in zip(*assigned(table), strict=True)]
    return plot_ids[[a for a, _ in got]], row_ids[[b for _, b in got]]
