"""Partners: received tracks beside our own, held together where they are one object, and fused.

Here: receipt, withdrawal, loss as told; association with hysteresis; fusion by covariance intersection with lineage.
Not here: how a message becomes a `Track`, what may be sent. May know: terms.

A partner's track never changes an own track: fusion is a third thing, made anew from both at each reading.
"""

import msgspec
import numpy as np

from redshank.picture.joining import bring, stack
from redshank.picture.kinematics import CHI2_4_9999, assigned, intersect
from redshank.picture.nearness import costs, gated
from redshank.picture.reading import as_tracks, check_track, plane_estimates
from redshank.picture.state import Estimate, OwnTrack, Picture, Received, Work, with_status
from redshank.terms import limits
from redshank.terms.ids import PartyId, TrackId
from redshank.terms.instants import MINUTE_MS, Instant
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Life, SearchArea, Status, StatusChange, Track, TrailPoint

APART_UPDATES = 3
MARGIN = 6.0
"""A pairing must be e^3 = 20 times likelier than the next one; two objects shown as one is the worse mistake."""
OLDEST_MS = 40 * MINUTE_MS
FRESH_MS = 5 * MINUTE_MS
"""Older states are neither paired anew nor fused."""


class FusedTrack(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One object by all that the node knows, own and told."""

    track: Track
    """Best estimate. Id, observer and status are those of the own track, or without one of the oldest received."""
    members: tuple[TrackId, ...]
    """Tracks held to be this object, own first. One member: nothing was fused."""
    fused_from: tuple[TrackId, ...]
    """Members whose estimates went in; an echo of ours, a lost or an old one is a member but adds nothing."""
    held: tuple[StatusChange, ...]
    """The newest status of each observer, side by side, in order of party."""
    statuses: tuple[StatusChange, ...]
    """All members' histories in order of time."""


def receive(
    picture: Picture, partner: PartyId, track: Track, now: Instant, lineage: frozenset[PartyId] | None = None
) -> Picture | Refusal:
    """Takes over a partner's track under its id (`BY-LT/<incident>/<object>`), new or newer.

    `track.covariance` must contain the partner's coarsening (accuracy_m bounds 95 %: sigma = accuracy_m / 2.45), and a
    broad velocity spread if no course and speed were told. `lineage` names the parties whose information the track may
    hold; None means the partner's alone.

    - {partner}: independent as far as known.
    - {partner, own party}: we had told the partner of this object before its track came. Fused by covariance
      intersection, which is safe for any correlation.
    - own party without the partner: our own track returned (the partner only repeats us). Never fused; kept beside
      ours with the partner's status.

    Lineage only grows while a track lives, until the partner's newest state is a mere return. Refuses: WRONG_SENDER
    (the id is another observer's), TIME_NOT_PLAUSIBLE (from the future, or older than the state held),
    POSITION_NOT_PLAUSIBLE, VALUE_NOT_PLAUSIBLE, BUSY (the partner's share of the picture is full).
    """
    held = picture.received.get(track.id)
    refusal = _unfit(picture, partner, track, now, held)
    if refusal is not None:
        return refusal
    kept = _kept(partner, track, now, held)
    estimate, told = plane_estimates([kept])[0], lineage if lineage is not None else frozenset((partner,))
    if held is None:
        received = Received(track=kept, estimate=estimate, lineage=told)
    else:
        lineage_now = held.lineage | told if partner in told or partner not in held.lineage else told
        received = msgspec.structs.replace(held, track=kept, estimate=estimate, lineage=lineage_now, search=None)
    return msgspec.structs.replace(picture, received={**picture.received, track.id: received})


def _kept(partner: PartyId, track: Track, now: Instant, held: Received | None) -> Track:
    """The track as told, with the history of what was told before."""
    history = held.track.statuses if held is not None else ()
    if track.status is not Status.UNKNOWN or history:
        history = with_status(history, track.at, partner, track.status)
    trail = held.track.trail if held is not None else ()
    if not trail or trail[-1].at < track.at:
        trail = (*trail, TrailPoint(track.at, track.position))[-limits.TRACK_HISTORY_POINTS :]
    return msgspec.structs.replace(
        track,
        statuses=history,
        trail=trail,
        last_report_at=min(track.at, now),
        first_at=held.track.first_at if held is not None else track.at,
        reports=held.track.reports + 1 if held is not None else 1,
        sources=(),
    )


def _unfit(picture: Picture, partner: PartyId, track: Track, now: Instant, held: Received | None) -> Refusal | None:
    if partner == picture.party or track.observer != partner or track.id in picture.own:
        return Refusal(Reason.WRONG_SENDER, "observer", "a received track is its sender's own estimate")
    if held is not None and held.track.observer != partner:
        return Refusal(Reason.WRONG_SENDER, "track", "this id belongs to another observer")
    if track.at > now + limits.MESSAGE_AHEAD_MS:
        return Refusal(Reason.TIME_NOT_PLAUSIBLE, "at", "the observation is from the future")
    if held is not None and track.at < held.track.at:
        return Refusal(Reason.TIME_NOT_PLAUSIBLE, "at", "older than the state held; the newer one stays")
    if track.at < now - OLDEST_MS:
        return Refusal(Reason.TIME_NOT_PLAUSIBLE, "at", "the observation is older than any track that is kept")
    most = limits.RECEIVED_TRACKS_PER_PARTNER
    is_many = held is None and len(picture.received) >= most  # nobody counts while all together are within the bound
    if is_many and sum(r.track.observer == partner for r in picture.received.values()) >= most:
        return Refusal(Reason.BUSY, "track", "this partner's share of the picture is full")
    return check_track(track)


def withdraw(picture: Picture, track_id: TrackId) -> Picture | Refusal:
    """Removes a received track that its sender has cancelled. UNKNOWN_TRACK, or NOT_ALLOWED for an own track."""
    if track_id in picture.own:
        return Refusal(Reason.NOT_ALLOWED, "track", "an own track is not a partner's to withdraw")
    if track_id not in picture.received:
        return _unknown(track_id)
    rest = {key: received for key, received in picture.received.items() if key != track_id}
    return msgspec.structs.replace(picture, received=rest)


def partner_lost(picture: Picture, track_id: TrackId, search: SearchArea, now: Instant) -> Picture | Refusal:
    """The partner says that it lost its track, and where it would search. UNKNOWN_TRACK if it is not held."""
    received = picture.received.get(track_id)
    if received is None:
        return _unknown(track_id)
    told = msgspec.structs.replace(
        received.track, life=Life.LOST, last_report_at=min(received.track.last_report_at, now)
    )
    newer = msgspec.structs.replace(received, track=told, search=search)
    return msgspec.structs.replace(picture, received={**picture.received, track_id: newer})


def _unknown(track_id: TrackId) -> Refusal:
    return Refusal(Reason.UNKNOWN_TRACK, "track", f"{str(track_id)[:80]!r} is not a received track")


# --- association ---------------------------------------------------------------------------------------------------


def associate(work: Work, now: Instant) -> None:
    """Pairs received tracks with own ones, and what is left with other partners' tracks.

    A pair is made inside the 99 % gate when it is clearly the best for both; it is undone only after the partner's
    track lay outside the 99.99 % gate at three of its updates in a row, or when either is gone.
    """
    for key in list(work.received):
        work.received[key] = _judged(work, work.received[key])
    partners = sorted({received.track.observer for received in work.received.values()})
    for partner in partners:
        loose = [r for r in work.received.values() if r.track.observer == partner and _pairable(r, work, now)]
        _pair(work, loose, _anchors(work, partner, now))


def _judged(work: Work, received: Received) -> Received:
    """The received track with its link checked against its newest state."""
    link = received.link
    if link is None:
        return received
    link = work.aliases.get(link, link)
    anchor = _estimate(work, link)
    if anchor is None:
        return msgspec.structs.replace(received, link=None, apart=0)
    if received.judged_at == received.track.at:
        return msgspec.structs.replace(received, link=link) if link != received.link else received
    d2 = float(costs([received.estimate], [anchor])[0][0])
    apart = received.apart + 1 if d2 > CHI2_4_9999 else 0
    kept = link if apart < APART_UPDATES else None
    return msgspec.structs.replace(received, link=kept, apart=apart if kept else 0, judged_at=received.track.at)


def _pairable(received: Received, work: Work, now: Instant) -> bool:
    """Loose, or held only to another partner's track: an own track, once there is one, is the better anchor. A track
    that others are held to does not move (they would lose their anchor), except to an own one."""
    fresh = received.track.life is Life.LIVE and now - received.track.at <= FRESH_MS
    return fresh and (received.link is None or received.link not in work.own)


def _anchors(work: Work, partner: PartyId, now: Instant) -> list[tuple[TrackId, Estimate]]:
    """Tracks that this partner's may be paired with: each holds at most one live track of a partner."""
    taken = {
        root(work, key)
        for key, received in work.received.items()
        if received.track.observer == partner and received.track.life is Life.LIVE and received.link in work.own
    }
    own = [
        (track.id, track.estimate)
        for track in work.own.values()
        if track.id not in taken and track.life is not Life.ENDED and now - track.last_report_at <= FRESH_MS
    ]
    others = [
        (key, received.estimate)
        for key, received in work.received.items()
        if received.track.observer != partner and _pairable(received, work, now) and received.link is None
    ]
    return own + others


def _pair(work: Work, loose: list[Received], anchors: list[tuple[TrackId, Estimate]]) -> None:
    if not loose or not anchors:
        return
    cost = gated([r.estimate for r in loose], [estimate for _, estimate in anchors])
    own = np.array([key in work.own for key, _ in anchors])
    # Own anchors first: another partner's track at the same place is most likely the same object as our own there.
    near_own = np.any(np.isfinite(cost[:, own]), axis=1)
    cost[np.outer(near_own, ~own)] = np.inf
    followed = {received.link for received in work.received.values() if received.link is not None}
    for i, received in enumerate(loose):
        if received.link is not None or received.track.id in followed:
            cost[i, ~own] = np.inf
    best = assigned(cost)
    for i, j in zip(best[0].tolist(), best[1].tolist(), strict=True):
        rivals = np.concatenate((np.delete(cost[i], j), np.delete(cost[:, j], i)))
        if not len(rivals) or rivals.min() > cost[i, j] + MARGIN:
            newer = work.received[loose[i].track.id]
            if root(work, anchors[j][0]) == newer.track.id:
                continue  # the other one was paired with this one just now
            work.received[newer.track.id] = msgspec.structs.replace(
                newer, link=anchors[j][0], apart=0, judged_at=newer.track.at
            )


def _estimate(work: Work, track_id: TrackId) -> Estimate | None:
    own = work.own.get(track_id)
    if own is not None:
        return own.estimate if own.life is not Life.ENDED else None
    received = work.received.get(track_id)
    return received.estimate if received is not None and received.track.life is not Life.ENDED else None


def root(held: Picture | Work, track_id: TrackId) -> TrackId:
    """The track at the end of the links from this one: its object's anchor. A link to what is gone leads nowhere."""
    for _ in range(len(held.received)):
        received = held.received.get(track_id)
        if received is None or received.link is None:
            break
        link = held.aliases.get(received.link, received.link)
        own, other = held.own.get(link), held.received.get(link)
        if (own is None or own.life is Life.ENDED) and (other is None or other.track.life is Life.ENDED):
            break
        track_id = link
    return track_id


# --- fusion --------------------------------------------------------------------------------------------------------


Fused = tuple[Picture, tuple["FusedTrack", ...]]
"""A picture, and what `fused` made of it."""


def fused(picture: Picture, now: Instant, before: Fused | None = None) -> tuple[FusedTrack, ...]:
    """Every object once, live or lost, with the best estimate over its members at the newest member's time.

    Groups are those of the last `advance`. Fused are members that are live, not older than five minutes and no echo of
    ours, one after another by covariance intersection; the result is never better than what the inputs can bear,
    however their errors are correlated and however often tracks go back and forth.

    `before` is an earlier picture of this node with its result: an object of one track that has not changed since is
    taken from there, which gives the same and costs nothing.
    """
    held = picture.own.items()
    groups: dict[TrackId, list[TrackId]] = {key: [key] for key, own in held if own.life is not Life.ENDED}
    for key, received in sorted(picture.received.items()):
        if received.track.life is not Life.ENDED:
            anchor = root(picture, key)
            groups.setdefault(anchor, [anchor])
            groups[anchor] += [key] if key != anchor else []
    same = _unchanged(picture, groups, before)
    fresh = {anchor: members for anchor, members in groups.items() if anchor not in same}
    inputs = {anchor: _inputs(picture, members, now) for anchor, members in fresh.items()}
    best = _fold({anchor: [_of(picture, key) for key in keys] for anchor, keys in inputs.items() if len(keys) > 1})
    shown = iter(_shown(picture, fresh, inputs, best))
    return tuple(same[anchor] if anchor in same else next(shown) for anchor in groups)


def _unchanged(
    picture: Picture, groups: dict[TrackId, list[TrackId]], before: Fused | None
) -> dict[TrackId, FusedTrack]:
    """Objects of one track, then and now, whose track is the very same value."""
    if before is None:
        return {}
    old = before[0]
    alone = (shown for shown in before[1] if len(shown.members) == 1)
    return {
        shown.track.id: shown
        for shown in alone
        if len(groups.get(shown.track.id, ())) == 1
        and picture.own.get(shown.track.id) is old.own.get(shown.track.id)
        and picture.received.get(shown.track.id) is old.received.get(shown.track.id)
    }


def _inputs(picture: Picture, members: list[TrackId], now: Instant) -> list[TrackId]:
    """The members whose estimates count: at least one, the freshest, when none is live."""

    def counts(key: TrackId) -> bool:
        if key in picture.own:
            return picture.own[key].life is Life.LIVE
        received = picture.received[key]
        echo = picture.party in received.lineage and received.track.observer not in received.lineage
        return received.track.life is Life.LIVE and now - received.track.at <= FRESH_MS and not echo

    return [key for key in members if counts(key)] or [max(members, key=lambda key: _of(picture, key).at)]


def _of(picture: Picture, key: TrackId) -> Estimate:
    return picture.own[key].estimate if key in picture.own else picture.received[key].estimate


def _fold(groups: dict[TrackId, list[Estimate]]) -> dict[TrackId, Estimate]:
    """Covariance intersection of each group at its newest time; all groups' second members at once, then the third."""
    held = {key: (members[0], max(e.at for e in members)) for key, members in groups.items()}
    best: dict[TrackId, Estimate] = {key: first for key, (first, _) in held.items()}
    for depth in range(1, max((len(members) for members in groups.values()), default=1)):
        keys = [key for key, members in groups.items() if len(members) > depth]
        to = np.array([held[key][1] for key in keys], np.int64)
        mean_a, cov_a, at_a = stack(best[key] for key in keys)
        mean_b, cov_b, at_b = stack(groups[key][depth] for key in keys)
        mean, cov, _ = intersect(*bring(mean_a, cov_a, at_a, to), *bring(mean_b, cov_b, at_b, to))
        for key, m, c in zip(keys, mean.tolist(), cov.reshape(-1, 16).tolist(), strict=True):
            best[key] = Estimate(held[key][1], tuple(m), tuple(c))
    return best


def _shown(
    picture: Picture,
    groups: dict[TrackId, list[TrackId]],
    inputs: dict[TrackId, list[TrackId]],
    best: dict[TrackId, Estimate],
) -> tuple[FusedTrack, ...]:
    anchors = [_as_own(picture, key) for key in groups]
    estimates = [best.get(key, _of(picture, inputs[key][0])) for key in groups]
    tracks = as_tracks(picture.party, anchors, estimates)
    shown: list[FusedTrack] = []
    for (key, members), track in zip(groups.items(), tracks, strict=True):
        told = [picture.received[m].track for m in members if m in picture.received]
        live = any(t.life is Life.LIVE for t in told) or track.life is Life.LIVE
        statuses = tuple(sorted({*track.statuses, *(s for t in told for s in t.statuses)}, key=_order))
        newest = {change.observer: change for change in statuses}
        whole = msgspec.structs.replace(
            track,
            observer=picture.party if key in picture.own else picture.received[key].track.observer,
            life=Life.LIVE if live else Life.LOST,
            last_report_at=max([track.last_report_at, *(t.last_report_at for t in told)]),
        )
        shown.append(
            FusedTrack(
                track=whole,
                members=tuple(members),
                fused_from=tuple(inputs[key]),
                held=tuple(newest[party] for party in sorted(newest)),
                statuses=statuses,
            )
        )
    return tuple(shown)


def _order(change: StatusChange) -> tuple[Instant, str, str]:
    return change.at, change.observer, change.status


def _as_own(picture: Picture, key: TrackId) -> OwnTrack:
    """A group's anchor in one shape, so that all are projected in one call."""
    if key in picture.own:
        return picture.own[key]
    received = picture.received[key]
    t = received.track
    return OwnTrack(
        id=t.id, estimate=received.estimate, parts=(), life=t.life, first_at=t.first_at,
        last_report_at=t.last_report_at, reports=t.reports, cooperative=t.cooperative, altitude_m=t.altitude_m,
        status=t.status, statuses=t.statuses, trail=t.trail,
    )  # fmt: skip
