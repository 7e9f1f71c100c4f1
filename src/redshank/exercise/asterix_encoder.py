"""ASTERIX encoder: what a simulated sensor would send.

Here: CAT048 data blocks of a radar and CAT062 data blocks of a tracker, in any edition of libasterix,
with the items that decode reads. Not here: what a sensor sees, noise, sockets. May know: decode, terms,
libasterix.
"""

import math
from collections.abc import Sequence
from typing import Any

import msgspec

from redshank.decode.cat062 import grid_turn_rad, plane_about
from redshank.decode.decoded import FLIGHT_LEVEL_M, FOOT_M, NAUTICAL_MILE_M
from redshank.decode.specs import editions_of
from redshank.terms import limits
from redshank.terms.geo import Position
from redshank.terms.instants import DAY_MS, Instant
from redshank.terms.track import Status

TIME_STEPS_PER_S = 128
PRIMARY, SECONDARY = 1, 2
CODE_CONSPICUITY = 0o1000
"""Mode 3/A code of a target that is identified by other means; the one in every cooperative target made
here."""

RANGE_MAX_M = 65_535 / 256 * NAUTICAL_MILE_M
EMITTER_OF = {
    Status.AIRCRAFT: 3,
    Status.HELICOPTER: 10,
    Status.BALLOON: 12,
    Status.UAV: 13,
}


class PolarPlot(msgspec.Struct, frozen=True, kw_only=True):
    """What one radar measured of one target. Ground velocity is east/north, metres per second."""

    at: Instant
    slant_range_m: float
    azimuth_deg: float
    altitude_m: float | None = None
    """Sent as flight level (I048/090) by a cooperative target, as measured height (I048/110) otherwise."""
    velocity_e_mps: float | None = None
    velocity_n_mps: float | None = None
    track_number: int | None = None
    ended: bool = False
    cooperative: bool = False


class SystemTrack(msgspec.Struct, frozen=True, kw_only=True):
    """What a tracker makes of one target. Sigmas are standard deviations in metres and metres per second."""

    at: Instant
    track_number: int
    position: Position
    velocity_e_mps: float = 0.0
    velocity_n_mps: float = 0.0
    altitude_m: float | None = None
    sigma_position_m: float | None = None
    sigma_velocity_mps: float | None = None
    status: Status = Status.UNKNOWN
    ended: bool = False
    cooperative: bool = False


def encode_cat048(plots: Sequence[PolarPlot], sac: int, sic: int, edition: str) -> bytes:
    """One CAT048 data block. Raises ValueError for an edition that libasterix lacks, a range above
    255.99 NM, or more plots than one datagram holds."""
    return _block(48, edition, [_plot_items(plot, sac, sic) for plot in plots])


def encode_cat062(
    tracks: Sequence[SystemTrack], sac: int, sic: int, edition: str, system_reference: Position | None = None
) -> bytes:
    """One CAT062 data block, with I062/105; with I062/100 too when the tracker has a system reference
    point. Raises ValueError for an edition that libasterix lacks, or more tracks than one datagram
    holds."""
    return _block(62, edition, [_track_items(track, sac, sic, system_reference) for track in tracks])


def _block(category: int, edition: str, records: list[dict[str, Any]]) -> bytes:
    spec = editions_of(category).get(edition)
    if spec is None:
        raise ValueError(f"CAT{category:03d} has no edition {edition}, only {', '.join(editions_of(category))}")
    create = spec.cv_uap.cv_record.create
    block = bytes(spec.create([create(items) for items in records]).unparse().to_bytes())
    if len(block) > limits.DATAGRAM_BYTES:
        raise ValueError(f"{len(block)} bytes do not fit into a datagram of {limits.DATAGRAM_BYTES}")
    return block


def _time_steps(at: Instant) -> int:
    """Time of day in 1/128 s; the last half step before midnight belongs to the next day."""
    return round(at % DAY_MS * TIME_STEPS_PER_S / 1000) % (DAY_MS // 1000 * TIME_STEPS_PER_S)


def _plot_items(plot: PolarPlot, sac: int, sic: int) -> dict[str, Any]:
    if not 0 <= plot.slant_range_m <= RANGE_MAX_M:
        raise ValueError(f"a slant range of {plot.slant_range_m:.0f} m does not fit into I048/040")
    items: dict[str, Any] = {
        "010": (("SAC", sac), ("SIC", sic)),
        "140": _time_steps(plot.at),
        "020": ((("TYP", SECONDARY if plot.cooperative else PRIMARY), 0, 0, 0, 0, None),),
        "040": (
            ("RHO", (plot.slant_range_m / NAUTICAL_MILE_M, "NM")),
            ("THETA", (plot.azimuth_deg % 360, "°")),
        ),
    }
    if plot.cooperative:
        items["070"] = CODE_CONSPICUITY
        if plot.altitude_m is not None:
            quarters = round(plot.altitude_m / FLIGHT_LEVEL_M * 4)
            items["090"] = quarters % (1 << 14)  # two's complement in 14 bits, V and G zero
    elif plot.altitude_m is not None:
        items["110"] = (0, ("3DH", (plot.altitude_m / FOOT_M, "ft")))
    if plot.velocity_e_mps is not None and plot.velocity_n_mps is not None:
        speed = math.hypot(plot.velocity_e_mps, plot.velocity_n_mps)
        heading = math.degrees(math.atan2(plot.velocity_e_mps, plot.velocity_n_mps)) % 360
        items["200"] = (("GSP", (speed / NAUTICAL_MILE_M, "NM/s")), ("HDG", (heading, "°")))
    if plot.track_number is not None:
        items["161"] = plot.track_number % (1 << 12)
        items["170"] = (0, (("TRE", 1), 0, 0, 0, 0, None)) if plot.ended else (0,)
    return items


def _track_items(track: SystemTrack, sac: int, sic: int, centre: Position | None) -> dict[str, Any]:
    turn = grid_turn_rad(centre, track.position) if centre else 0.0
    cosine, sine = math.cos(turn), math.sin(turn)
    east, north = track.velocity_e_mps, track.velocity_n_mps
    items: dict[str, Any] = {
        "010": (("SAC", sac), ("SIC", sic)),
        "070": _time_steps(track.at),
        "105": (("LAT", (track.position.lat_deg, "°")), ("LON", (track.position.lon_deg, "°"))),
        "185": (("VX", (cosine * east + sine * north, "m/s")), ("VY", (cosine * north - sine * east, "m/s"))),
        "040": track.track_number % (1 << 16),
        "080": (0, (0, ("TSE", 1), 0, 0, 0, 0, 0, None)) if track.ended else (0,),
    }
    if centre:
        x, y = plane_about(centre)(track.position.lon_deg, track.position.lat_deg)
        items["100"] = (("X", (float(x), "m")), ("Y", (float(y), "m")))
    if track.altitude_m is not None:
        items["130"] = (track.altitude_m / FOOT_M, "ft")
        items["136"] = (track.altitude_m / FLIGHT_LEVEL_M, "FL")
    if track.cooperative:
        items["060"] = CODE_CONSPICUITY
    if track.status in EMITTER_OF:
        items["380"] = {"EMC": EMITTER_OF[track.status]}
    accuracy: dict[str, Any] = {}
    if track.sigma_position_m is not None:
        sigma = (min(track.sigma_position_m, 32_767.0), "m")
        accuracy["APC"] = (("X", sigma), ("Y", sigma))
    if track.sigma_velocity_mps is not None:
        sigma = (min(track.sigma_velocity_mps, 63.75), "m/s")
        accuracy["ATV"] = (("X", sigma), ("Y", sigma))
    return items | ({"500": accuracy} if accuracy else {})
