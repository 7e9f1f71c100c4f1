"""Ageing: what silence does to tracks.

Here: live to lost to ended, the growing search area, the bound on the number of tracks; drives joining and
association once a second. Not here: reports. May know: terms.
"""

import msgspec
import numpy as np

from redshank.picture.joining import bring, join, settle, stack
from redshank.picture.kinematics import CHI2_2_90
from redshank.picture.partners import associate
from redshank.picture.plots import expired
from redshank.picture.reading import as_tracks, plane_estimates
from redshank.picture.state import (
    PERIOD_DEFAULT_MS,
    OwnTrack,
    Picture,
    SourceBook,
    TrackLostFact,
    Work,
)
from redshank.terms import limits
from redshank.terms.geo import Position, from_plane
from redshank.terms.ids import PartyId, SourceId, TrackId
from redshank.terms.instants import MINUTE_MS, SECOND_MS, Instant
from redshank.terms.track import Life, SearchArea, Track

ENDED_AFTER_MS = 30 * MINUTE_MS
FORGOTTEN_AFTER_MS = 40 * MINUTE_MS
"""An ended track stays readable for a while, then goes; incidents and records keep what they need."""
RECEIVED_SILENCE_MS = 5 * MINUTE_MS
"""Ten missed updates at the longest interval that a sender is held to."""
JOIN_EVERY_MS = SECOND_MS


def advance(picture: Picture, now: Instant) -> tuple[Picture, tuple[TrackLostFact, ...]]:
    """The picture at `now`, and a fact for each track that went silent since the last call, in order of id.

    The facts name the observer: own tracks, and partners' tracks whose updates stopped. A lost own track that lies on
    a live one is that object and is joined to it without a fact. Call about once a second; more often is cheap.
    """
    work = Work(picture)
    work.tentative = tuple(t for t in picture.tentative if not expired(t.part, now, _period(picture, t.part.seen)))
    silent = [t for t in picture.own.values() if t.life is Life.LIVE and all(p.silent(now) for p in t.parts)]
    joined_at = picture.joined_at
    if silent or joined_at is None or now - joined_at >= JOIN_EVERY_MS or now < joined_at:
        _drop_silent_parts(work, now)
        settle(work)
        join(work, now)
        joined_at = now
    _end(work, now)  # first, so that what is lost now stays readable until the next call, after any pause
    facts = [*_lose_own(work, now), *_lose_received(work, now)]
    _bound(work)
    if joined_at == now:
        associate(work, now)
    return work.done(joined_at=joined_at), tuple(sorted(facts, key=lambda fact: fact.track))


def search_area(track: Track, now: Instant) -> SearchArea:
    """The disc that holds a lost object with about 90 % at `now`.

    It may lie where it was last seen, fly straight on, or turn: the disc stands over the middle of the straight way and
    reaches both ends of it plus the 90 % radius of the spread (2.15 sigma of the larger axis). It never shrinks.
    """
    mean, cov, at = stack(plane_estimates([track]))
    there, spread = bring(mean, cov, at, np.maximum(at, now))
    half = 0.5 * (there[0, :2] - mean[0, :2])
    lat, lon = from_plane(mean[0, 0] + half[0], mean[0, 1] + half[1])
    wide = float(np.linalg.eigvalsh(spread[0, :2, :2])[-1])
    radius = float(np.hypot(*half)) + (CHI2_2_90 * wide) ** 0.5
    return SearchArea(now, Position(float(lat), float(lon)), radius, track.position, track.last_report_at)


def _period(picture: Picture, seen: tuple[tuple[SourceId, Instant], ...]) -> int:
    """Scan period of the source that saw it last."""
    return picture.sources.get(seen[-1][0], SourceBook()).period_ms if seen else PERIOD_DEFAULT_MS


def _drop_silent_parts(work: Work, now: Instant) -> None:
    """A part that fell silent while others still see the object does not hold the estimate back."""
    for track in list(work.own.values()):
        if len(track.parts) < 2 or track.life is not Life.LIVE:
            continue
        fed = tuple(part for part in track.parts if not part.silent(now))
        if fed and len(fed) < len(track.parts):
            work.unfeed(track.id, (part for part in track.parts if part not in fed))
            work.own[track.id] = msgspec.structs.replace(track, parts=fed)
            work.changed[track.id] = None


def _lose_own(work: Work, now: Instant) -> list[TrackLostFact]:
    lost = [t for t in work.own.values() if t.life is Life.LIVE and all(p.silent(now) for p in t.parts)]
    shown = as_tracks(work.base.party, lost, [t.estimate for t in lost])
    for track in lost:
        work.own[track.id] = msgspec.structs.replace(track, life=Life.LOST)
    return [TrackLostFact(track.id, track.observer, now, search_area(track, now)) for track in shown]


def _lose_received(work: Work, now: Instant) -> list[TrackLostFact]:
    facts: list[TrackLostFact] = []
    for received in list(work.received.values()):
        track = received.track
        if track.life is Life.LIVE and now - track.last_report_at > RECEIVED_SILENCE_MS:
            told = msgspec.structs.replace(track, life=Life.LOST)
            work.received[track.id] = msgspec.structs.replace(received, track=told)
            facts.append(TrackLostFact(track.id, track.observer, now, search_area(track, now)))
    return facts


def _end(work: Work, now: Instant) -> None:
    for own in list(work.own.values()):
        silence = now - own.last_report_at
        if silence > FORGOTTEN_AFTER_MS and own.life is not Life.LIVE:
            _remove(work, own)
        elif own.life is Life.LOST and silence > ENDED_AFTER_MS:
            work.own[own.id] = msgspec.structs.replace(own, life=Life.ENDED)
    for received in list(work.received.values()):
        silence = now - received.track.last_report_at
        if silence > FORGOTTEN_AFTER_MS and received.track.life is not Life.LIVE:
            del work.received[received.track.id]
        elif received.track.life is Life.LOST and silence > ENDED_AFTER_MS:
            told = msgspec.structs.replace(received.track, life=Life.ENDED)
            work.received[told.id] = msgspec.structs.replace(received, track=told)


def _bound(work: Work) -> None:
    """At most `limits.TRACKS` tracks: ended go first, then the lost, then the live, each the longest silent first."""
    excess = len(work.own) + len(work.received) - limits.TRACKS
    if excess <= 0:
        return
    rank = {Life.ENDED: 0, Life.LOST: 1, Life.LIVE: 2, Life.TENTATIVE: 2}
    held: list[tuple[int, Instant, TrackId, PartyId | None]] = [
        (rank[own.life], own.last_report_at, own.id, None) for own in work.own.values()
    ] + [(rank[r.track.life], r.track.last_report_at, r.track.id, r.track.observer) for r in work.received.values()]
    for _, _, track_id, partner in sorted(held, key=lambda entry: entry[:3])[:excess]:
        if partner is None:
            _remove(work, work.own[track_id])
        else:
            del work.received[track_id]


def _remove(work: Work, own: OwnTrack) -> None:
    del work.own[own.id]
    work.unfeed(own.id, own.parts)
