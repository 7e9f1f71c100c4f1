"""Leaps come to the same shares as the walk, path by path. Runs where numba is installed: no node needs it."""

import pytest

pytest.importorskip("numba")

from functools import cache

import numpy as np

from redshank import geodata
from redshank.forecast.forecast import forecast_tracks, starts_of
from redshank.forecast.geography import Geography, load_geography
from redshank.forecast.kinds import KIND_OF, WARNS
from redshank.forecast.leaps import crossing_shares, field_of
from redshank.forecast.motion import bank_of
from redshank.terms.geo import Position
from redshank.terms.ids import PartyId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.track import Status, Track

NOW = Instant(1_746_577_800_000)
HOUR_MS = 3_600_000


@cache
def geography() -> Geography:
    names = ("borders.geojson", "countries.geojson", "districts.geojson", "grid.npz")
    return load_geography(*(geodata.read(name) for name in names))


def test_leaps_come_to_the_shares_of_the_walk():
    rng = np.random.default_rng(4)
    spread = tuple(np.diag([300.0**2, 300.0**2, 3.0**2, 3.0**2]).ravel().tolist())
    tracks = [
        Track(
            id=TrackId(f"LT/{number}"), observer=PartyId("LT"), at=NOW, position=Position(float(lat), float(lon)),
            velocity_e_mps=float(east), velocity_n_mps=float(north), covariance=spread, status=Status.UAV,
            first_at=NOW, last_report_at=NOW,
        )
        for number, (lat, lon, east, north) in enumerate(rng.uniform([53, 22, -50, -50], [57, 29, 50, 50], (60, 4)))
    ]  # fmt: skip
    starts, _, _ = starts_of(geography(), tracks, NOW, 3_600.0, KIND_OF)
    shares = crossing_shares(geography(), field_of(geography()), starts, bank_of(WARNS.motions), (10, 20, 40, 60, 120))
    compared = 0
    for number, found in enumerate(forecast_tracks(geography(), tracks, NOW, HOUR_MS)):
        for border in found.borders:
            place, line = next((n, line) for n, line in enumerate(geography().borders) if line.id == border.border)
            ours = shares[number, 2 * place + (border.into == line.b)]
            assert ours.tolist() == pytest.approx([within.probability for within in border.within], abs=0.012)
            compared += 1
    assert compared > 60
