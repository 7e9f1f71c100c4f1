"""Joining: one object, one own track, whatever number of own sources sees it.

Here: the best estimate over the parts of a track, parting of what drifts apart, joining of tracks that are one object,
the stitch from a lost track to the new one that continues it. Not here: partners' tracks. May know: terms.

Own sources may be correlated (a national tracker is fed by the same radars), so parts are combined by covariance
intersection as well: never more confident than the better part by more than geometry gives.
"""

from collections.abc import Iterable

import msgspec
import numpy as np
import numpy.typing as npt
import shapely

from redshank.picture.kinematics import (
    CHI2_4_95,
    CHI2_4_9999,
    Array,
    distance2,
    intersect,
    predict,
    seconds,
    square,
)
from redshank.picture.state import TRAIL_STEP_MS, Estimate, OwnTrack, Part, Work, with_sources
from redshank.terms import limits
from redshank.terms.geo import Position, from_plane
from redshank.terms.ids import TrackId
from redshank.terms.instants import MINUTE_MS, Instant
from redshank.terms.track import Life, TrailPoint

Times = npt.NDArray[np.int64]

APART_UPDATES = 5
STITCH_MS = 5 * MINUTE_MS
"""A lost track is continued by a new one only this soon after; later the growing area holds too many candidates."""
STITCH_AGE_MS = MINUTE_MS
"""A track continues a lost one only if it does so when it appears; later it is a matter of chance."""
REACH_MIN_M, REACH_MAX_M = 2_000.0, 20_000.0


def stack(estimates: Iterable[Estimate]) -> tuple[Array, Array, Times]:
    """(means, covariances, instants in ms) of estimates as arrays."""
    held = list(estimates)
    return (
        np.array([e.mean for e in held], np.float64).reshape(-1, 4),
        square([e.cov for e in held]),
        np.array([e.at for e in held], np.int64),
    )


def bring(mean: Array, cov: Array, at: Times, to: Times) -> tuple[Array, Array]:
    """States predicted to the instants `to` (ms)."""
    return predict(mean, cov, seconds(to, at))


def settle(work: Work) -> None:
    """Best estimate and trail of every track that changed in this call."""
    several = [work.own[i] for i in work.changed if i in work.own and len(work.own[i].parts) > 1]
    for track in several:
        _combine(work, track)
    changed = [work.own[i] for i in work.changed if i in work.own]
    for track in changed:
        if len(track.parts) == 1:
            work.own[track.id] = msgspec.structs.replace(track, estimate=track.parts[0].estimate)
    _leave_trail(work, [track.id for track in changed])
    work.changed.clear()


def _combine(work: Work, track: OwnTrack) -> None:
    """Folds the parts by covariance intersection at the newest part's time; a part that stayed clearly apart from the
    first one for several updates becomes a track of its own."""
    mean, cov, at = stack(part.estimate for part in track.parts)
    newest = Instant(int(at.max()))
    mean, cov = bring(mean, cov, at, np.full(len(at), newest))
    d2 = distance2(mean[1:], cov[1:], mean[:1].repeat(len(at) - 1, 0), cov[:1].repeat(len(at) - 1, 0))
    keep: list[Part] = [track.parts[0]]
    held, spread = mean[:1], cov[:1]
    for i, part in enumerate(track.parts[1:]):
        apart = part.apart + 1 if d2[i] > CHI2_4_9999 else 0
        if apart >= APART_UPDATES:
            _part_off(work, track, part)
            continue
        keep.append(msgspec.structs.replace(part, apart=apart))
        if not apart:
            held, spread, _ = intersect(held, spread, mean[i + 1 : i + 2], cov[i + 1 : i + 2])
    best = Estimate(newest, tuple(held[0].tolist()), tuple(spread.reshape(16).tolist()))
    work.own[track.id] = msgspec.structs.replace(track, parts=tuple(keep), estimate=best)


def _part_off(work: Work, track: OwnTrack, part: Part) -> None:
    fresh = work.new_id()
    alone = msgspec.structs.replace(part, apart=0)
    sources = (part.source,) if part.source is not None else tuple(source for source, _ in part.seen)
    work.own[fresh] = OwnTrack(
        id=fresh,
        estimate=part.estimate,
        parts=(alone,),
        first_at=part.last_report_at,
        last_report_at=part.last_report_at,
        sources=sources,
        cooperative=track.cooperative,
    )
    if part.key is not None:
        work.system[part.key] = fresh


def _leave_trail(work: Work, ids: list[TrackId]) -> None:
    due = [i for i in ids if not work.own[i].trail or _due(work.own[i])]
    if not due:
        return
    points = np.array([work.own[i].estimate.mean[:2] for i in due])
    lat, lon = from_plane(points[:, 0], points[:, 1])
    for track_id, lat_deg, lon_deg in zip(due, lat.tolist(), lon.tolist(), strict=True):
        track = work.own[track_id]
        trail = (*track.trail, TrailPoint(track.estimate.at, Position(lat_deg, lon_deg)))
        work.own[track_id] = msgspec.structs.replace(track, trail=trail[-limits.TRACK_HISTORY_POINTS :])


def _due(track: OwnTrack) -> bool:
    return track.estimate.at - track.trail[-1].at >= TRAIL_STEP_MS


def join(work: Work, now: Instant) -> None:
    """Joins own tracks that are one object: the younger goes into the older, whose id stays; nearest pairs first."""
    tracks = [
        track
        for track in work.own.values()
        if track.life is Life.LIVE or (track.life is Life.LOST and now - track.last_report_at <= STITCH_MS)
    ]
    gone: set[TrackId] = set()
    for _, a, b in near_pairs(tracks):
        older, younger = sorted((tracks[a], tracks[b]), key=lambda t: (t.first_at, t.id))
        if older.id in gone or younger.id in gone:
            continue
        older, younger = work.own[older.id], work.own[younger.id]
        if one_object(older, younger, now):
            _merge(work, older, younger, now)
            gone.add(younger.id)
    if gone:
        settle(work)


def near_pairs(tracks: list[OwnTrack]) -> list[tuple[float, int, int]]:
    """(distance2, i, j) of pairs inside the 95 % gate at the later one's time, nearest first."""
    if len(tracks) < 2:
        return []
    mean, cov, at = stack(track.estimate for track in tracks)
    # The tree compares places at one time; the exact test below takes each pair at its own.
    there, spread = bring(mean, cov, at, np.full(len(at), at.max()))
    reach = np.clip(3.0 * np.sqrt(spread[:, 0, 0] + spread[:, 1, 1]), REACH_MIN_M, REACH_MAX_M)
    places = np.asarray(shapely.points(there[:, :2]))
    a, b = shapely.STRtree(places).query(places, predicate="dwithin", distance=reach)
    pairs = np.unique(np.column_stack([np.minimum(a, b), np.maximum(a, b)])[a != b], axis=0)
    if not len(pairs):
        return []
    i, j = pairs.T
    to = np.maximum(at[i], at[j])
    mean_i, cov_i = bring(mean[i], cov[i], at[i], to)
    mean_j, cov_j = bring(mean[j], cov[j], at[j], to)
    d2 = distance2(mean_i, cov_i, mean_j, cov_j)
    inside = np.flatnonzero(d2 < CHI2_4_95)
    return sorted((float(d2[k]), int(i[k]), int(j[k])) for k in inside)


def one_object(older: OwnTrack, younger: OwnTrack, now: Instant) -> bool:
    """Whether two tracks at one place can be one object: no source may tell of both at once, and of two plot tracks one
    must have stopped getting plots (a pair in formation gets plots for two)."""
    if older.silent(now):
        new = now - younger.first_at <= STITCH_AGE_MS
        after = younger.first_at >= older.last_report_at - limits.PLOT_LATE_MS
        return new and after and not younger.silent(now)
    return _compatible(older, younger) and _plots_for_one(older, younger, now)


def _compatible(older: OwnTrack, younger: OwnTrack) -> bool:
    first = {part.source for part in older.parts if part.source is not None}
    return not any(part.source in first for part in younger.parts if part.source is not None)


def _plots_for_one(older: OwnTrack, younger: OwnTrack, now: Instant) -> bool:
    tracked = [part for track in (older, younger) for part in track.parts if part.source is None]
    if len(tracked) < 2:
        return True
    return any(part.sighting or part.starved(now) for part in tracked)


def _merge(work: Work, older: OwnTrack, younger: OwnTrack, now: Instant) -> None:
    """The older track takes the younger one's parts. Of two plot parts the one that is fed stays."""
    parts = [] if older.silent(now) else list(older.parts)
    for part in () if younger.silent(now) else younger.parts:
        twin = next((p for p in parts if p.source is None), None) if part.source is None else None
        if twin is None:
            parts.append(part)
        elif (twin.sighting, -twin.last_report_at) > (part.sighting, -part.last_report_at):
            parts[parts.index(twin)] = part
    for track in (older, younger):
        work.unfeed(track.id, (part for part in track.parts if part not in parts))
    trail = sorted((*older.trail, *younger.trail), key=lambda p: p.at)
    statuses = sorted((*older.statuses, *younger.statuses), key=lambda s: s.at)
    named = younger if younger.by_officer and not older.by_officer else older
    work.own[older.id] = msgspec.structs.replace(
        older,
        parts=tuple(parts),
        life=Life.LIVE,
        last_report_at=max(older.last_report_at, younger.last_report_at),
        reports=older.reports + younger.reports,
        sources=with_sources(older.sources, younger.sources),
        cooperative=older.cooperative or younger.cooperative,
        altitude_m=older.altitude_m if younger.altitude_m is None else younger.altitude_m,
        status=named.status,
        by_officer=named.by_officer,
        statuses=tuple(statuses)[-limits.STATUS_HISTORY :],
        trail=tuple(trail)[-limits.TRACK_HISTORY_POINTS :],
    )
    _forget(work, younger, older.id)
    work.changed[older.id] = None


def _forget(work: Work, younger: OwnTrack, older: TrackId) -> None:
    del work.own[younger.id]
    for old, new in list(work.aliases.items()):
        if new == younger.id:
            work.aliases[old] = older
    work.aliases[younger.id] = older
    for part in younger.parts:
        if part.key is not None and work.system.get(part.key) == younger.id:
            work.system[part.key] = older
