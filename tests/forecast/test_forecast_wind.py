"""A known wind carries a balloon; a wind from outside is read strictly."""

import json

import numpy as np
import pytest

from redshank import geodata
from redshank.compose.build import read_wind
from redshank.compose.config import ConfigFailed
from redshank.edges.wind import parse_wind
from redshank.forecast.carried import carried_m
from redshank.forecast.forecast import forecast_tracks
from redshank.forecast.geography import load_geography
from redshank.forecast.motion import STEP_S
from redshank.terms import limits
from redshank.terms.geo import Position
from redshank.terms.ids import PartyId, TrackId
from redshank.terms.instants import Instant, format_instant
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Status, Track
from redshank.terms.wind import Wind

NOW = Instant(1_746_577_800_000)
HOUR_MS = 3_600_000


def field(**changes) -> bytes:
    """West wind of 5 m/s now, turning to south wind of 10 m/s within two hours, everywhere."""
    fields = {
        "v": 1,
        "source": "a test",
        "times": [format_instant(Instant(NOW + hours * HOUR_MS)) for hours in (0, 2)],
        "heights_m": [100.0],
        "lats_deg": [50.0, 60.0],
        "lons_deg": [20.0, 32.0],
        "east_mps": [5.0] * 4 + [0.0] * 4,
        "north_mps": [0.0] * 4 + [10.0] * 4,
    }
    return json.dumps(fields | changes).encode()


def wind() -> Wind:
    read = parse_wind(field())
    assert isinstance(read, Wind)
    return read


def balloon(status: Status = Status.BALLOON) -> Track:
    spread = np.diag([100.0**2, 100.0**2, 0.5**2, 0.5**2])
    return Track(
        id=TrackId("LT/1"), observer=PartyId("LT"), at=NOW, position=Position(54.0, 25.0), velocity_e_mps=6.0,
        velocity_n_mps=1.0, covariance=tuple(spread.ravel().tolist()), status=status, first_at=NOW, last_report_at=NOW,
    )  # fmt: skip


def test_wind_is_linear_between_its_points_and_unknown_outside():
    assert wind().at(Position(54.0, 25.0), None, Instant(NOW + HOUR_MS)) == pytest.approx((2.5, 5.0))
    assert wind().at(Position(54.0, 25.0), 9_000.0, NOW) == pytest.approx((5.0, 0.0))
    assert wind().at(Position(61.0, 25.0), None, NOW) is None
    assert wind().at(Position(54.0, 25.0), None, Instant(NOW + 3 * HOUR_MS)) is None


def test_a_balloon_goes_with_the_change_of_the_wind():
    """The change after t hours is (-2.5, 5) t m/s: the displacement after one hour is half of that over the hour."""
    moved = carried_m(balloon(), wind())[3_600 // STEP_S]
    assert moved == pytest.approx(complex(-1.25 * 3_600, 2.5 * 3_600), rel=0.1)


def test_a_turning_wind_turns_the_forecast_of_a_balloon_alone():
    names = ("borders.geojson", "countries.geojson", "districts.geojson", "grid.npz")
    geography = load_geography(*(geodata.read(name) for name in names))
    for status in (Status.BALLOON, Status.UAV):
        still, turned = (forecast_tracks(geography, [balloon(status)], NOW, HOUR_MS, wind=w)[0] for w in (None, wind()))
        assert (still == turned) == (status is Status.UAV)


@pytest.mark.parametrize(
    ("data", "reason", "where"),
    [
        (b"{", Reason.MALFORMED, "wind"),
        (field(v=2), Reason.MALFORMED, "wind.v"),
        (field(more=1), Reason.MALFORMED, "wind"),
        (field(times=["2026-05-07T00:30:00", "2026-05-07T02:30:00Z"]), Reason.LOCAL_TIME, "wind.times"),
        (field(lats_deg=[60.0, 50.0]), Reason.VALUE_NOT_PLAUSIBLE, "wind.lats_deg"),
        (field(east_mps=[5.0] * 7), Reason.VALUE_NOT_PLAUSIBLE, "wind.east_mps"),
        (field(north_mps=[limits.WIND_MAX_MPS + 1] * 8), Reason.VALUE_NOT_PLAUSIBLE, "wind.north_mps"),
        (b" " * (limits.WIND_BYTES + 1), Reason.TOO_LARGE, "wind"),
    ],
)
def test_what_is_not_a_wind_is_refused_by_its_field(data, reason, where):
    refused = parse_wind(data)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.field) == (reason, where)


def test_a_node_reads_its_wind_when_it_starts(tmp_path):
    (tmp_path / "wind.json").write_bytes(field())
    assert read_wind(tmp_path / "wind.json") == wind()
    (tmp_path / "wind.json").write_bytes(field(v=2))
    with pytest.raises(ConfigFailed, match=r"wind\.json.*wind\.v"):
        read_wind(tmp_path / "wind.json")
    with pytest.raises(ConfigFailed, match="cannot be read"):
        read_wind(tmp_path / "absent.json")
