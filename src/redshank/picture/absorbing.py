"""Absorbing: a batch of reports becomes a new picture.

Here: the check of each report, its books, the canonical order, and the way of each kind to its estimator.
Not here: the estimators themselves. May know: terms.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from math import isfinite

import msgspec
import numpy as np

from redshank.picture.joining import join, settle
from redshank.picture.kinematics import Array, local_to_plane
from redshank.picture.plots import FRAME_MS, SIGHTING_SIGMA_MPS, Bench, Plots
from redshank.picture.state import Picture, SourceBook, Work
from redshank.picture.systems import take
from redshank.terms import limits
from redshank.terms.geo import PICTURE_AREA
from redshank.terms.ids import SourceId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason
from redshank.terms.track import Report, ReportKind

VARIANCE_MIN_M2 = 1.0
"""No feed is better than a metre; a claimed zero would make a covariance singular."""
VELOCITY_SIGMA_DEFAULT_MPS = 10.0
VELOCITY_SIGMA_MIN_MPS, VELOCITY_SIGMA_MAX_MPS = 0.1, 200.0
TRACK_NUMBER_MAX = 0xFFFF_FFFF

Books = dict[SourceId, SourceBook]


def absorb(picture: Picture, reports: Sequence[Report], now: Instant) -> Picture:
    """The picture after a batch of own reports. The order within the batch does not matter.

    Never raises for what a report says: a report that can not be used is counted by source and reason in
    `Picture.sources`. A plot more than `limits.PLOT_LATE_MS` behind the newest one of earlier batches, or a system
    track older than its state held, counts as TOO_LATE. At most `limits.REPORTS_PER_BATCH` are used, oldest first; the
    rest counts as BUSY.
    """
    books: Books = dict(picture.sources)
    good = _screened(picture, reports, now, books)
    if not good:
        return msgspec.structs.replace(picture, sources=books)
    work = Work(picture)
    mean, cov = _to_plane(good)
    system = [i for i, report in enumerate(good) if report.kind is ReportKind.TRACK]
    for report in take(work, [good[i] for i in system], mean[system], cov[system]):
        _refuse(books, report.source, Reason.TOO_LATE, was_accepted=True)
    other = [i for i, report in enumerate(good) if report.kind is not ReportKind.TRACK]
    if other:
        _run(work, books, Plots([good[i] for i in other], mean[other], cov[other]), now)
    settle(work)
    if work.born:
        join(work, now)
    times = [report.at for report in good if report.kind is ReportKind.PLOT]
    newest = max([*times, *([picture.newest_plot_at] if picture.newest_plot_at is not None else [])], default=None)
    return work.done(sources=books, newest_plot_at=None if newest is None else min(newest, now))


def _run(work: Work, books: Books, plots: Plots, now: Instant) -> None:
    """Frame by frame, in order of time; a sighting is a frame of its own."""
    bench = Bench(work, books, plots)

    def frame_of(i: int) -> tuple[int, str, int]:
        report = plots.reports[i]
        alone = i + 1 if report.kind is ReportKind.SIGHTING else 0
        return report.at // FRAME_MS, report.source, alone

    for (_, source, alone), members in groupby(sorted(range(len(plots.reports)), key=frame_of), key=frame_of):
        if alone:
            bench.sighting(alone - 1)
        else:
            bench.frame(SourceId(source), np.array(list(members), np.intp))
    bench.store(now)


def _screened(picture: Picture, reports: Sequence[Report], now: Instant, books: Books) -> list[Report]:
    """The usable reports in canonical order; all are booked."""
    good: list[Report] = []
    for report in reports:
        why = fault(report, now)
        newest = picture.newest_plot_at
        if why is None and report.kind is ReportKind.PLOT and newest is not None:
            why = Reason.TOO_LATE if report.at < newest - limits.PLOT_LATE_MS else None
        if why is None:
            good.append(report)
        else:
            _refuse(books, report.source, why)
    good.sort(key=_canonical)
    for report in good[limits.REPORTS_PER_BATCH :]:
        _refuse(books, report.source, Reason.BUSY)
    del good[limits.REPORTS_PER_BATCH :]
    for source, many in groupby(sorted(good, key=lambda r: r.source), key=lambda r: r.source):
        ats = [report.at for report in many]
        book = _book(books, source)
        last = max(*ats, book.last_at) if book.last_at is not None else max(ats)
        _keep(books, source, msgspec.structs.replace(book, accepted=book.accepted + len(ats), last_at=last))
    return good


def fault(report: Report, now: Instant) -> Reason | None:
    """Why a report can not be used, or None. Decoders check the same; this is the picture's own door."""
    if not now - limits.REPORT_AGE_MS <= report.at <= now + limits.REPORT_AHEAD_MS:
        return Reason.TIME_NOT_PLAUSIBLE
    if not PICTURE_AREA.holds(report.position.lat_deg, report.position.lon_deg):
        return Reason.POSITION_NOT_PLAUSIBLE
    c, most = report.covariance, limits.SIGMA_MAX_M**2
    if not (0 <= c.ee_m2 <= most and 0 <= c.nn_m2 <= most and abs(c.en_m2) <= (c.ee_m2 * c.nn_m2) ** 0.5):
        return Reason.VALUE_NOT_PLAUSIBLE
    east, north = report.velocity_e_mps, report.velocity_n_mps
    fine = (east is None) is (north is None) and report.count >= 1
    if fine and east is not None and north is not None:
        fine = abs(east) <= limits.SPEED_MAX_MPS and abs(north) <= limits.SPEED_MAX_MPS  # False for NaN
    if fine and report.sigma_velocity_mps is not None:
        fine = isfinite(report.sigma_velocity_mps) and report.sigma_velocity_mps >= 0
    if fine and report.altitude_m is not None:
        fine = limits.ALTITUDE_MIN_M <= report.altitude_m <= limits.ALTITUDE_MAX_M
    if fine and report.kind is ReportKind.TRACK:
        fine = report.track_number is not None and 0 <= report.track_number <= TRACK_NUMBER_MAX
    return None if fine else Reason.VALUE_NOT_PLAUSIBLE


def _to_plane(reports: Sequence[Report]) -> tuple[Array, Array]:
    """Plane means and covariances; an untold velocity is zero with the broad spread of a sighting."""
    velocity = np.array([(r.velocity_e_mps or 0.0, r.velocity_n_mps or 0.0) for r in reports])
    cov = np.zeros((len(reports), 4, 4))
    cov[:, 0, 0] = [r.covariance.ee_m2 + VARIANCE_MIN_M2 for r in reports]
    cov[:, 1, 1] = [r.covariance.nn_m2 + VARIANCE_MIN_M2 for r in reports]
    cov[:, 0, 1] = cov[:, 1, 0] = [r.covariance.en_m2 for r in reports]
    told = np.array([r.sigma_velocity_mps or VELOCITY_SIGMA_DEFAULT_MPS for r in reports])
    told = np.clip(told, VELOCITY_SIGMA_MIN_MPS, VELOCITY_SIGMA_MAX_MPS)
    told[[r.velocity_e_mps is None for r in reports]] = SIGHTING_SIGMA_MPS
    cov[:, 2, 2] = cov[:, 3, 3] = told**2
    lat = np.array([r.position.lat_deg for r in reports])
    lon = np.array([r.position.lon_deg for r in reports])
    return local_to_plane(lat, lon, velocity, cov)


def _canonical(report: Report) -> tuple[object, ...]:
    c = report.covariance
    return (
        report.at, report.source, report.kind, -1 if report.track_number is None else report.track_number,
        report.position.lat_deg, report.position.lon_deg, c.ee_m2, c.en_m2, c.nn_m2,
        report.velocity_e_mps or 0.0, report.velocity_n_mps or 0.0, report.sigma_velocity_mps or -1.0,
        -1e9 if report.altitude_m is None else report.altitude_m,
        report.velocity_e_mps is None, report.status, report.ended, report.cooperative, report.count,
    )  # fmt: skip


def _refuse(books: Books, source: SourceId, why: Reason, *, was_accepted: bool = False) -> None:
    """Books a refusal; a report that was booked as accepted before is taken back there, so that each counts once."""
    book = _book(books, source)
    if was_accepted:
        book = msgspec.structs.replace(book, accepted=book.accepted - 1)
    refused: Mapping[Reason, int] = {**book.refused, why: book.refused.get(why, 0) + 1}
    _keep(books, source, msgspec.structs.replace(book, refused=refused))


def _book(books: Books, source: SourceId) -> SourceBook:
    return books.get(source, SourceBook())


def _keep(books: Books, source: SourceId, book: SourceBook) -> None:
    if source in books or len(books) < limits.SOURCE_BOOKS:
        books[source] = book
