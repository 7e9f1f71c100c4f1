"""Reading: the picture as tracks on WGS 84, states for the forecast, an ellipse for the map.

Here: conversion of own estimates to `Track`, lookup by id, the officer's status, states predicted to one time.
Not here: any change by a report. May know: terms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, degrees, isfinite

import msgspec
import numpy as np

from redshank.picture.joining import bring, stack
from redshank.picture.kinematics import CHI2_2_95, Array, local_to_plane, plane_to_local, predict, seconds, square
from redshank.picture.state import Estimate, OwnTrack, Picture, Received, resolve, with_status
from redshank.terms.geo import REGION, Position
from redshank.terms.ids import PartyId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Life, Status, Track


@dataclass(frozen=True, eq=False)
class States:
    """n tracks at one time in the regional plane: x, y in m, vx, vy in m/s (n), covariances (n x 4 x 4)."""

    ids: tuple[TrackId, ...]
    at: Instant
    x_plane_m: Array
    y_plane_m: Array
    vx_plane_mps: Array
    vy_plane_mps: Array
    cov_plane: Array


def own_tracks(picture: Picture) -> tuple[Track, ...]:
    """All own tracks, live, lost and just ended, in order of age. Tentative ones are not shown."""
    held = list(picture.own.values())
    return as_tracks(picture.party, held, [track.estimate for track in held])


def received_tracks(picture: Picture) -> tuple[Track, ...]:
    """All partners' tracks as they were told, side by side with ours."""
    return tuple(received.track for received in picture.received.values())


def track(picture: Picture, track_id: TrackId) -> Track | Refusal:
    """One track, own or received; the id of a track that was joined to an older one leads there. UNKNOWN_TRACK."""
    found = resolve(picture, track_id)
    if isinstance(found, Refusal):
        return found
    if found in picture.received:
        return picture.received[found].track
    return as_tracks(picture.party, [picture.own[found]], [picture.own[found].estimate])[0]


def as_tracks(party: PartyId, held: Sequence[OwnTrack], estimates: Sequence[Estimate]) -> tuple[Track, ...]:
    """Own tracks with given plane estimates as `Track`s; one projection call for all of them."""
    if not held:
        return ()
    mean, cov, _ = stack(estimates)
    lat, lon, velocity, local = plane_to_local(mean, cov)
    rows = zip(lat.tolist(), lon.tolist(), velocity.tolist(), local.reshape(-1, 16).tolist(), strict=True)
    return tuple(
        Track(
            id=own.id,
            observer=party,
            at=estimate.at,
            position=Position(lat_deg, lon_deg),
            velocity_e_mps=east,
            velocity_n_mps=north,
            covariance=tuple(flat),
            altitude_m=own.altitude_m,
            status=own.status,
            life=own.life,
            sources=own.sources,
            first_at=own.first_at,
            last_report_at=own.last_report_at,
            reports=own.reports,
            cooperative=own.cooperative,
            trail=own.trail,
            statuses=own.statuses,
        )
        for own, estimate, (lat_deg, lon_deg, (east, north), flat) in zip(held, estimates, rows, strict=True)
    )


def plane_estimates(tracks: Sequence[Track]) -> list[Estimate]:
    """Tracks to plane estimates, at their own times."""
    if not tracks:
        return []
    mean, cov = local_to_plane(
        np.array([t.position.lat_deg for t in tracks]),
        np.array([t.position.lon_deg for t in tracks]),
        np.array([(t.velocity_e_mps, t.velocity_n_mps) for t in tracks]),
        square([t.covariance for t in tracks]),
    )
    flat = cov.reshape(-1, 16).tolist()
    return [Estimate(t.at, tuple(m), tuple(c)) for t, m, c in zip(tracks, mean.tolist(), flat, strict=True)]


def moved(tracks: Sequence[Track], at: Instant) -> tuple[Track, ...]:
    """Tracks predicted to one time, for display: position, velocity, covariance and `at` change, ages stay visible."""
    if not tracks:
        return ()
    mean, cov, since = stack(plane_estimates(tracks))
    lat, lon, velocity, local = plane_to_local(*bring(mean, cov, since, np.full(len(tracks), at)))
    return tuple(
        msgspec.structs.replace(
            t,
            at=at,
            position=Position(float(lat[i]), float(lon[i])),
            velocity_e_mps=float(velocity[i, 0]),
            velocity_n_mps=float(velocity[i, 1]),
            covariance=tuple(local[i].reshape(16).tolist()),
        )
        for i, t in enumerate(tracks)
    )


def states_at(tracks: Sequence[Track], at: Instant) -> States:
    """Many tracks predicted to one time in the plane (constant velocity; spread of velocity bounded, see kinematics).

    For the forecast, which has motion models of its own for what comes after.
    """
    mean, cov, since = stack(plane_estimates(tracks))
    mean, cov = predict(mean, cov, seconds(at, since))
    return States(tuple(t.id for t in tracks), at, mean[:, 0], mean[:, 1], mean[:, 2], mean[:, 3], cov)


def ellipse_95(shown: Track) -> tuple[float, float, float]:
    """95 % position ellipse: (major half axis m, minor half axis m, true bearing of the major axis 0 <= deg < 180)."""
    return ellipses_95([shown])[0]


def ellipses_95(shown: Sequence[Track]) -> list[tuple[float, float, float]]:
    """The same of many tracks at once."""
    if not shown:
        return []
    values, vectors = np.linalg.eigh(square([one.covariance for one in shown])[:, :2, :2])
    axes = np.sqrt(np.maximum(values, 0.0) * CHI2_2_95).tolist()
    east, north = vectors[:, 0, 1].tolist(), vectors[:, 1, 1].tolist()
    return [
        (major, minor, degrees(atan2(e, n)) % 180.0) for (minor, major), e, n in zip(axes, east, north, strict=True)
    ]


def set_status(
    picture: Picture, track_id: TrackId, status: Status, observer: PartyId, now: Instant
) -> Picture | Refusal:
    """What `observer` holds a track to be, from `now` on.

    `Track.status` is its observer's word only: the own officer's for an own track (sources do not change it after
    that), the partner's for a received one. Anybody else's stands beside it in `statuses`. UNKNOWN_TRACK if not held.
    """
    found = resolve(picture, track_id)
    if isinstance(found, Refusal):
        return found
    if found in picture.own:
        own = picture.own[found]
        mine = observer == picture.party
        changed = msgspec.structs.replace(
            own,
            statuses=with_status(own.statuses, now, observer, status),
            status=status if mine else own.status,
            by_officer=own.by_officer or mine,
        )
        return msgspec.structs.replace(picture, own={**picture.own, found: changed})
    received = picture.received[found]
    told = msgspec.structs.replace(
        received.track,
        statuses=with_status(received.track.statuses, now, observer, status),
        status=status if observer == received.track.observer else received.track.status,
    )
    newer: Received = msgspec.structs.replace(received, track=told)
    return msgspec.structs.replace(picture, received={**picture.received, found: newer})


def check_track(shown: Track) -> Refusal | None:
    """Why a track from outside can not be held: not finite, outside the region, or no covariance."""
    if not REGION.holds(shown.position.lat_deg, shown.position.lon_deg):
        return Refusal(Reason.POSITION_NOT_PLAUSIBLE, "position", "outside the region or not a number")
    flat = shown.covariance
    values = (*flat, shown.velocity_e_mps, shown.velocity_n_mps, shown.altitude_m or 0.0)
    if len(flat) != 16 or not all(isfinite(value) and abs(value) <= 1e11 for value in values):
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "covariance", "16 finite numbers and a finite velocity are needed")
    matrix = np.array(flat).reshape(4, 4)
    # In units of each axis, so that metres and metres per second weigh the same.
    sigma = np.sqrt(np.maximum(np.diag(matrix), 1e-12))
    if np.linalg.eigvalsh(0.5 * (matrix + matrix.T) / np.outer(sigma, sigma))[0] < 1e-6:
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "covariance", "not positive definite")
    if shown.speed_mps > 1_000.0 or shown.life is Life.TENTATIVE:
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "velocity", "faster than anything here, or tentative")
    return None
