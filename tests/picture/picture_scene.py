"""A simulated radar scene for the tests of the picture: truth in the plane, plots with noise, misses and clutter."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from redshank.terms.geo import Position, from_plane, to_plane
from redshank.terms.ids import PartyId, SourceId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.track import HorizontalCovariance, Report, ReportKind, Track

T0 = Instant(1_778_112_000_000)
LT, LV, BY = PartyId("LT"), PartyId("LV"), PartyId("BY")
SCAN_S = 5.0
RANGE_SIGMA_M, AZIMUTH_SIGMA_RAD = 80.0, np.radians(0.15)
REACH_M = 100_000.0


def at(seconds: float) -> Instant:
    """Seconds after the scene's beginning."""
    return Instant(T0 + round(seconds * 1_000))


def place(x_m: float, y_m: float) -> Position:
    """Plane to WGS 84; the scene lies on the plane's centre, where its axes are the true ones."""
    lat, lon = from_plane(x_m, y_m)
    return Position(float(lat), float(lon))


def plane_of(position: Position) -> tuple[float, float]:
    x, y = to_plane(position.lat_deg, position.lon_deg)
    return float(x), float(y)


def round_error(sigma_m: float) -> HorizontalCovariance:
    return HorizontalCovariance(sigma_m**2, 0.0, sigma_m**2)


def plot(x_m: float, y_m: float, seconds: float, sigma_m: float = 50.0, source: str = "radar") -> Report:
    return Report(
        source=SourceId(source),
        kind=ReportKind.PLOT,
        at=at(seconds),
        position=place(x_m, y_m),
        covariance=round_error(sigma_m),
    )


def sighting(x_m: float, y_m: float, seconds: float, sigma_m: float = 1_500.0, **more: object) -> Report:
    return Report(
        source=SourceId("guard"),
        kind=ReportKind.SIGHTING,
        at=at(seconds),
        position=place(x_m, y_m),
        covariance=round_error(sigma_m),
        **more,  # type: ignore[arg-type]
    )


def system(
    x_m: float,
    y_m: float,
    seconds: float,
    velocity: tuple[float, float] | None = (45.0, 0.0),
    number: int = 7,
    source: str = "national",
    sigma_m: float = 60.0,
    **more: object,
) -> Report:
    return Report(
        source=SourceId(source),
        kind=ReportKind.TRACK,
        at=at(seconds),
        position=place(x_m, y_m),
        covariance=round_error(sigma_m),
        velocity_e_mps=None if velocity is None else velocity[0],
        velocity_n_mps=None if velocity is None else velocity[1],
        sigma_velocity_mps=3.0,
        track_number=number,
        **more,  # type: ignore[arg-type]
    )


def told(
    x_m: float,
    y_m: float,
    seconds: float,
    velocity: tuple[float, float] = (45.0, 0.0),
    sigma_m: float = 1_000.0,
    name: str = "LT-LV/LV-2026-000001/1",
    observer: PartyId = LV,
    sigma_mps: float = 8.0,
) -> Track:
    """A partner's track as the node makes it from a NOTICE."""
    flat = np.diag([sigma_m**2, sigma_m**2, sigma_mps**2, sigma_mps**2]).reshape(16).tolist()
    return Track(
        id=TrackId(name),
        observer=observer,
        at=at(seconds),
        position=place(x_m, y_m),
        velocity_e_mps=velocity[0],
        velocity_n_mps=velocity[1],
        covariance=tuple(flat),
        first_at=at(seconds),
        last_report_at=at(seconds),
    )


def turning(start: tuple[float, float], heading_deg: float, turn_at_s: float, turn_deg: float, length_s: float):
    """Plane positions each second of a flier at 45 m/s with one rate-one turn (3 deg/s)."""
    heading = np.radians(heading_deg)
    way = [np.array(start)]
    for second in range(int(length_s)):
        if turn_at_s <= second < turn_at_s + abs(turn_deg) / 3.0:
            heading += np.radians(3.0) * np.sign(turn_deg)
        way.append(way[-1] + 45.0 * np.array([np.sin(heading), np.cos(heading)]))
    return np.array(way)


@dataclass
class Scan:
    """One turn of the antenna: plots in any order, and which true plots there are: (target, x, y, seconds)."""

    end_s: float
    reports: list[Report]
    true_plots: list[tuple[int, float, float, float]]


def radar_scans(
    truth: list[np.ndarray],
    seed: int,
    detection: float = 0.8,
    clutter: float = 5.0,
    site: tuple[float, float] = (0.0, 0.0),
    source: str = "radar",
    phase_s: float = 0.0,
) -> Iterator[Scan]:
    """Scans of 5 s of a radar at `site`: noise in range and azimuth, misses, clutter uniform over its disc."""
    draw = np.random.default_rng(seed)
    length = min(len(way) for way in truth) - 1
    start = phase_s
    while start + SCAN_S <= length:
        reports, true_plots = [], []
        for target, way in enumerate(truth):
            azimuth = np.arctan2(way[int(start)][0] - site[0], way[int(start)][1] - site[1]) % (2 * np.pi)
            seconds = start + SCAN_S * azimuth / (2 * np.pi)
            i = int(seconds)
            x, y = way[i] + (way[i + 1] - way[i]) * (seconds - i)
            if draw.random() < detection:
                report = _polar(draw, x - site[0], y - site[1], site, seconds, source, noise=True)
                reports.append(report)
                true_plots.append((target, *plane_of(report.position), seconds))
        for _ in range(draw.poisson(clutter)):
            distance, azimuth = REACH_M * np.sqrt(draw.random()), 2 * np.pi * draw.random()
            x, y = distance * np.sin(azimuth), distance * np.cos(azimuth)
            seconds = start + SCAN_S * azimuth / (2 * np.pi)
            reports.append(_polar(draw, x, y, site, seconds, source, noise=False))
        yield Scan(start + SCAN_S, reports, true_plots)
        start += SCAN_S


def _polar(draw, x: float, y: float, site, seconds: float, source: str, noise: bool) -> Report:
    distance, azimuth = np.hypot(x, y), np.arctan2(x, y)
    if noise:
        distance += draw.normal(0, RANGE_SIGMA_M)
        azimuth += draw.normal(0, AZIMUTH_SIGMA_RAD)
    along, across = np.array([np.sin(azimuth), np.cos(azimuth)]), np.array([np.cos(azimuth), -np.sin(azimuth)])
    cov = np.outer(along, along) * RANGE_SIGMA_M**2 + np.outer(across, across) * (distance * AZIMUTH_SIGMA_RAD) ** 2
    return Report(
        source=SourceId(source),
        kind=ReportKind.PLOT,
        at=at(seconds),
        position=place(float(site[0] + distance * along[0]), float(site[1] + distance * along[1])),
        covariance=HorizontalCovariance(float(cov[0, 0]), float(cov[0, 1]), float(cov[1, 1])),
    )
