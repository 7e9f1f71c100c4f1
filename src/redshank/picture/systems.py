"""Systems: system tracks of own feeds (a national tracker, ASTERIX CAT062) taken over as they are.

Here: (source, track number) to own track, and its state as a part of that track. Such a state is an estimate already:
it is not filtered again. Not here: joining with plot tracks. May know: terms.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from redshank.picture.kinematics import Array, correct, predict, seconds, square
from redshank.picture.plots import with_reports
from redshank.picture.state import PERIOD_DEFAULT_MS, Estimate, OwnTrack, Part, Work
from redshank.terms.ids import SourceId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.track import Life, Report

NUMBER_JUMP_M, NUMBER_SPEED_MPS = 5_000.0, 400.0
"""A system track that is farther from its last place than this, plus this speed, is another object under its number."""


def take(work: Work, reports: Sequence[Report], mean: Array, cov: Array) -> list[Report]:
    """Takes over system tracks, in order of time; `mean` and `cov` are theirs in the plane. Returns those that came
    too late: an older state than the one held of the same source and number."""
    late: list[Report] = []
    means, covs = mean.tolist(), cov.reshape(-1, 16).tolist()
    for i, report in enumerate(reports):
        number = report.track_number
        if number is None:  # screened before
            continue
        key = (report.source, number)
        track = work.own.get(work.system[key]) if key in work.system else None
        part = _part(track, report.source, number)
        estimate = Estimate(report.at, tuple(means[i]), tuple(covs[i]))
        if part is not None and report.at <= part.last_report_at:
            late.append(report)
            continue
        if track is not None and part is not None and not _jumped(part.estimate, estimate):
            work.own[track.id] = with_reports(work, _updated(track, part, report, estimate), (report,))
        else:
            track = _new(work, report, estimate)
            work.system[key] = track.id
        work.changed[work.own[track.id].id] = None
        if report.ended:
            del work.system[key]
    return late


def _part(track: OwnTrack | None, source: SourceId, number: int) -> Part | None:
    if track is None or track.life is Life.ENDED:
        return None
    for part in track.parts:
        if part.source == source and part.number == number:
            return part
    return None


def _updated(track: OwnTrack, part: Part, report: Report, estimate: Estimate) -> OwnTrack:
    gap = report.at - part.last_report_at
    newer = msgspec.structs.replace(
        part,
        estimate=estimate if report.velocity_e_mps is not None else _tracked(part.estimate, estimate),
        last_report_at=report.at,
        interval_ms=(4 * part.interval_ms + gap) // 5,
        over=report.ended,
    )
    return msgspec.structs.replace(
        track, parts=tuple(newer if old is part else old for old in track.parts), life=_life(track, report)
    )


def _life(track: OwnTrack, report: Report) -> Life:
    """The end of a system track is the end of seeing it, not of the object: it becomes lost. Only a cooperative one,
    whose ends are landings and leaving coverage every few minutes, is taken at its word, unless others see it too."""
    alone = len(track.parts) == 1
    return Life.ENDED if report.ended and alone and (track.cooperative or report.cooperative) else Life.LIVE


def _new(work: Work, report: Report, estimate: Estimate) -> OwnTrack:
    part = Part(
        source=report.source,
        number=report.track_number,
        estimate=estimate,
        last_report_at=report.at,
        interval_ms=PERIOD_DEFAULT_MS,
        over=report.ended,
    )
    track_id: TrackId = work.new_id()
    track = OwnTrack(
        id=track_id, estimate=estimate, parts=(part,), first_at=report.at, last_report_at=report.at, reports=0
    )
    work.own[track_id] = with_reports(work, track, (report,))
    return work.own[track_id]


def _jumped(old: Estimate, new: Estimate) -> bool:
    sigma = (old.cov[0] + old.cov[5] + new.cov[0] + new.cov[5]) ** 0.5
    apart = ((new.mean[0] - old.mean[0]) ** 2 + (new.mean[1] - old.mean[1]) ** 2) ** 0.5
    most: float = NUMBER_JUMP_M + 3.0 * sigma + NUMBER_SPEED_MPS * (new.at - old.at) / 1_000.0
    return bool(apart > most)


def _tracked(old: Estimate, new: Estimate) -> Estimate:
    """A feed without velocities: its positions correct the state held, since only a filter can tell the velocity."""
    mean, cov = predict(np.array([old.mean]), square([old.cov]), np.atleast_1d(seconds(new.at, old.at)))
    seen = np.eye(2, 4)[None, :, :]
    mean, cov = correct(mean, cov, seen, np.array([new.mean[:2]]), square([new.cov])[:, :2, :2])
    return Estimate(Instant(new.at), tuple(mean[0].tolist()), tuple(cov.reshape(16).tolist()))
