"""Silence: what the policy withholds changes no byte that leaves a node, nor when it leaves."""

import math
import re

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.node_pair import BEGIN, BY, CHANNEL, LT, Side
from tests.release.release_drafts import covariance, positions, track

from redshank.exchange.session import next_delivery
from redshank.node.events import Snapshot, SnapshotTaken
from redshank.release.coarsen import Cell, moved
from redshank.release.policy import Coarsen
from redshank.terms.crossing import BorderForecast, DistrictForecast, Forecast, Stretch, TimeWindow
from redshank.terms.geo import Position
from redshank.terms.ids import BorderId, CountryId, DistrictId, SourceId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.track import Status, TrailPoint

GRAINS = Coarsen(position_m=2_000, time_s=30)  # of border-strip-100 in BY's policy
CELL = Cell(Position(54.5, 26.0), 2_000)
EAST_MPS, NORTH_MPS = -30.0, 20.0
STEP_MS = 31_000
NUMBER = re.compile(rb"BY-2026-\d{6}")


def forecast(at, likely, milli):
    """Within one step of 5 % and one grain of 30 s; what lies beyond borders of the receiver may be anything."""
    grain = BEGIN // 30_000 * 30_000
    window = TimeWindow(*(Instant(grain + n * 30_000 + 10_000 + milli) for n in (4, 6, 8)))
    stretch = Stretch(CELL.centre.position(), CELL.centre.position(), CELL.centre.position(), 900.0)
    own = BorderForecast(BorderId("LT|BY"), CountryId("BY"), CountryId("LT"), likely, window, stretch)
    return Forecast(
        track=TrackId("BY/1"), made_at=at, horizon_ms=3_600_000, over=CountryId("BY"), borders=(own,), districts=()
    )


@st.composite
def hidden(draw):
    """All that border-strip-100 takes away, makes coarse, or that never leaves."""
    north, east = (draw(st.floats(-0.9, 0.9)) for _ in range(2))
    centre = CELL.centre.position()
    late_ms = draw(st.integers(0, 29_999))
    place = Position(
        centre.lat_deg + north * 1_000 / 111_700,
        centre.lon_deg + east * 1_000 / 111_700 / math.cos(math.radians(centre.lat_deg)),
    )
    return {
        "late_ms": late_ms,
        "position": moved(place, EAST_MPS * late_ms / 1_000, NORTH_MPS * late_ms / 1_000),
        "altitude_m": draw(st.none() | st.floats(-100, 9_000)),
        "sources": tuple(SourceId(name) for name in draw(st.lists(st.sampled_from(["r1", "r2", "mic"]), max_size=3))),
        "reports": draw(st.integers(3, 999)),
        "trail": tuple(TrailPoint(BEGIN, one) for one in draw(st.lists(positions, max_size=2))),
        "first_at": Instant(BEGIN - draw(st.integers(0, 999_999))),
        "distance_m": draw(st.floats(0, 99_000)),
        "likely": draw(st.floats(0.726, 0.774)),
        "milli": draw(st.integers(0, 9_000)),
        "districts": draw(st.integers(0, 5)),
        "number": draw(st.integers(1, 9)),
        "airliner": draw(st.booleans()),
    }


def snapshot(at, one, number):
    """A snapshot as BY's node would take it at `at`; the grains begin where those of the released time do."""
    start = at // 30_000 * 30_000 - 30_000
    name = TrackId(f"BY/{number}")
    made = forecast(at, one["likely"], one["milli"])
    window = made.borders[0].window
    named = tuple(
        DistrictForecast(DistrictId(f"LT-{n:03d}"), CountryId("LT"), "x", 0.5, window, at)
        for n in range(one["districts"])
    )
    seen = track(
        id=name,
        observer=BY,
        at=Instant(start + one["late_ms"]),
        position=one["position"],
        velocity_e_mps=EAST_MPS,
        velocity_n_mps=NORTH_MPS,
        covariance=covariance(200.0, 0.0),
        status=Status.UAV,
        last_report_at=at,
        **{key: one[key] for key in ("altitude_m", "sources", "reports", "trail", "first_at")},
    )
    return SnapshotTaken(
        snapshot=Snapshot(
            track=seen,
            forecast=msgspec.structs.replace(made, districts=named),
            distances_m=((LT, one["distance_m"]),),
            members=(name,),
        )
    )


def airliner(at, one, number):
    """Something that the policy never tells of, and that is worth a decision of its own."""
    told = snapshot(at, one, number)
    seen = msgspec.structs.replace(told.snapshot.track, cooperative=True, status=Status.AIRCRAFT)
    return msgspec.structs.replace(told, snapshot=msgspec.structs.replace(told.snapshot, track=seen))


def night(worlds, *, with_airliners):
    """What a node says in one night: its entries, and after which event how many of them wait for the line."""
    side, waiting = Side(BY), []
    name = worlds[0]["number"]
    for number, one in enumerate(worlds):
        side.now = Instant(BEGIN + number * STEP_MS)
        if with_airliners and one["airliner"]:
            side.take(airliner(side.now, one, 50 + one["number"]))
        side.take(snapshot(side.now, one, name))
        due = next_delivery(side.state.session(CHANNEL))
        waiting.append((0, 0) if due is None else (due.first, due.end))
    own = side.state.session(CHANNEL).own
    return side.disk.entries(own.key.name, 0, own.size), waiting


pairs = st.lists(st.tuples(hidden(), hidden()), min_size=1, max_size=5)


@given(pairs)
@settings(max_examples=40, deadline=None)
def test_what_is_withheld_changes_no_byte_and_no_time(worlds):
    """REL-11, REL-24. The same night twice, different in all that the policy withholds."""
    first, second = (night([one[side] for one in worlds], with_airliners=False) for side in (0, 1))
    assert len(first[0]) >= 1
    assert first == second


@given(pairs)
@settings(max_examples=40, deadline=None)
def test_objects_that_are_withheld_change_nothing_but_the_number_of_an_incident(worlds):
    """REL-24. Airliners come and go beside; what is told has the same bytes but for that number, and the same size."""
    plain, beside = (night([one[0] for one in worlds], with_airliners=also) for also in (False, True))
    assert [NUMBER.sub(b"", entry) for entry in plain[0]] == [NUMBER.sub(b"", entry) for entry in beside[0]]
    assert [len(entry) for entry in plain[0]] == [len(entry) for entry in beside[0]]
    assert plain[1] == beside[1]
