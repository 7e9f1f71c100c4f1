"""Sources, sites and plots that the tests of decode and of the feeds share."""

from typing import Any

from redshank.decode.polar import measure
from redshank.decode.source import RadarSite, SourceConfig, parse_source
from redshank.exercise.asterix_encoder import PolarPlot, SystemTrack, encode_cat048, encode_cat062
from redshank.terms.geo import Position
from redshank.terms.instants import Instant

NIGHT = Instant(1_778_113_800_000)  # 2026-05-07T00:30:00Z
SITE = RadarSite(55.73, 26.25, 150.0)
OVER_LATGALE = Position(56.1, 27.2)


def source(**changes: Any) -> SourceConfig:
    """An ASTERIX source near Zarasai, with some fields changed."""
    plain: dict[str, Any] = {
        "id": "radar-1",
        "kind": "asterix",
        "editions": {48: "1.31", 62: "1.18"},
        "radar": {"lat_deg": SITE.lat_deg, "lon_deg": SITE.lon_deg, "altitude_m": SITE.altitude_m},
    }
    parsed = parse_source(plain | changes)
    assert isinstance(parsed, SourceConfig), parsed
    return parsed


def track_block(at: Instant = NIGHT, edition: str = "1.18", count: int = 1, **changes: Any) -> bytes:
    """A CAT062 block of `count` tracks, numbered from 1."""
    plain: dict[str, Any] = {"at": at, "position": OVER_LATGALE, "velocity_e_mps": -30.0, "velocity_n_mps": 20.0}
    tracks = [SystemTrack(track_number=number, **plain | changes) for number in range(1, count + 1)]
    return encode_cat062(tracks, 25, 100, edition)


def plot_block(at: Instant = NIGHT, edition: str = "1.31", **changes: Any) -> bytes:
    """A CAT048 block of one plot of a target at 900 m over Latgale."""
    slant_m, azimuth_deg = measure(SITE, OVER_LATGALE, 900.0)
    plain: dict[str, Any] = {"at": at, "slant_range_m": slant_m, "azimuth_deg": azimuth_deg, "altitude_m": 900.0}
    return encode_cat048([PolarPlot(**plain | changes)], 25, 13, edition)
