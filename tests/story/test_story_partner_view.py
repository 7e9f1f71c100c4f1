"""What they see: the console shows beforehand exactly what the partner then has, and what is held back never leaves."""

import zipfile
from itertools import pairwise

import msgspec
import pytest
from playwright.sync_api import expect
from tests.story.story_fleet import make_fleet, running
from tests.story.story_seat import Seat, chromium, needs_browser
from tests.story.story_sky import FEED, Flight, flying

from redshank.terms.geo import Position, distance_m
from redshank.terms.instants import Instant
from redshank.terms.track import Status

pytestmark = needs_browser

NIGHT = Instant(1_778_115_600_000)  # 2026-05-07T01:00:00Z
RELEASED = Flight(number=1, lat_deg=54.5, lon_deg=26.3, course_deg=285.0, speed_mps=45.0)
AIRLINER = Flight(
    number=2, lat_deg=54.6, lon_deg=26.5, course_deg=270.0, speed_mps=220.0, status=Status.AIRCRAFT, cooperative=True,
    altitude_m=9_000.0,
)  # fmt: skip
FAR_INLAND = Flight(number=3, lat_deg=53.2, lon_deg=29.6, course_deg=285.0, speed_mps=45.0)
RULES = {RELEASED: "border-strip-100", AIRLINER: "no-cooperative-traffic", FAR_INLAND: "default-deny"}


@pytest.fixture
def seats(tmp_path):
    nodes = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT, feeds={"BY": [FEED]})
    with running(*nodes.values()), chromium() as browser, flying(nodes["BY"], list(RULES)):
        yield Seat(browser, nodes["BY"], tmp_path), Seat(browser, nodes["LT"], tmp_path)


def seen_by_lt(view):
    return {seen["track"]: seen for picture in view["partner_pictures"] for seen in picture["seen"]}


def told(view, kind="NOTICE"):
    """What the partner's messages of a kind say of objects, oldest first."""
    messages = [one for incident in view["incidents"] for thread in incident["threads"] for one in thread["messages"]]
    return [one["body"]["object"] for one in messages if one["direction"] == "got" and one["type"] == kind]


def as_told(seen):
    """A line of "what they see" in the members and units of the wire."""
    return {
        "lat_e7": round(seen["lat"] * 1e7),
        "lon_e7": round(seen["lon"] * 1e7),
        "accuracy_m": round(seen["accuracy_m"]),
        **{name: seen[name] for name in ("altitude_m", "course_deg", "speed_kmh", "status")},
    }


def in_short(told_object):
    place = told_object["at"]
    members = ("accuracy_m", "altitude_m", "course_deg", "speed_kmh", "status")
    return {"lat_e7": place["lat_e7"], "lon_e7": place["lon_e7"], **{name: told_object.get(name) for name in members}}


def tracks_of(by):
    """Which of BY's tracks is which flight, by where it is."""
    view = by.wait_for(lambda view: len(view["tracks"]) == len(RULES) and view)
    near = {}
    for flight in RULES:
        start = Position(flight.lat_deg, flight.lon_deg)
        near[flight] = min(view["tracks"], key=lambda t: distance_m(Position(t["lat"], t["lon"]), start))["id"]
    assert len(set(near.values())) == len(RULES)
    return near


def test_what_they_see_is_what_they_got(seats, tmp_path):
    by, lt = seats
    track = tracks_of(by.node)
    promised, got = promises_until_the_notice(by.node, lt.node, track[RELEASED])
    assert in_short(got) in promised
    the_pages_show_the_same(by, lt, track, got)
    a_person_cannot_send_what_the_policy_holds_back(by, track[FAR_INLAND])
    nothing_else_ever_arrived(by, lt, tmp_path)
    for seat in seats:
        seat.asked_nobody_else()


def promises_until_the_notice(by, lt, track):
    """All that BY's console said of the track until LT had its NOTICE and a moment longer, and what the NOTICE says."""
    promised = []

    def noticed(view):
        promised.append(seen_by_lt(by.view())[track])
        return told(view)

    got = lt.wait_for(noticed, every_s=0.02)
    promised.append(seen_by_lt(by.view())[track])
    return [as_told(seen) for seen in promised if seen["released"]], got[0]


def the_pages_show_the_same(by, lt, track, got):
    by.press("s")
    expect(by.on("map-theirs")).to_be_visible()
    for flight, rule in RULES.items():
        by.sees(f"seen-{track[flight]}", "released" if flight is RELEASED else "held back", f"§ {rule}")
    by.sees(f"seen-{track[RELEASED]}", "altitude", "→ –")
    by.sees("differences", "Lithuania: 1 released, 2 held back")
    by.shot("what-they-see")
    (theirs,) = lt.node.view()["tracks"]
    held = Position(theirs["trail"][-1][0], theirs["trail"][-1][1]) if theirs["trail"] else None
    assert theirs["observer"] == "BY"
    assert theirs["altitude_m"] is None
    if held is not None:
        assert distance_m(held, Position(got["at"]["lat_e7"] / 1e7, got["at"]["lon_e7"] / 1e7)) < 1.0
    assert theirs["ellipse"]["major_m"] >= got["accuracy_m"] * 0.99, "the partner is never surer than it was told"


def a_person_cannot_send_what_the_policy_holds_back(by, track):
    """An officer opens an incident for the withheld object and tries to give notice: the preview says no."""
    by.click(f"seen-{track}")
    by.sees("track-box")
    by.click("track-open-incident")
    by.send()
    by.sees("incident-BY-2026-000002").click()
    by.sees("chosen-incident", "BY-2026-000002")
    by.press("Escape")
    by.click("thread-BY-LT")
    by.press("n")
    by.sees("preview", "Nothing would leave", "default-deny")
    expect(by.on("form-send")).to_be_disabled()
    by.shot("withheld")
    by.press("Escape")
    answer = by.node.call(
        "POST", "/api/command", {"act": "send-notice", "incident": "BY-2026-000002", "channel": "BY-LT"}
    )
    assert answer["reason"] == "not-released"


def nothing_else_ever_arrived(by, lt, tmp_path):
    """LT's own export of the channel holds every byte that BY ever sent it: places near the released object only."""
    (tmp_path / "lt.zip").write_bytes(lt.node.call("GET", "/api/record/BY-LT"))
    with zipfile.ZipFile(tmp_path / "lt.zip") as archive:
        bundles = [archive.read(name) for name in archive.namelist() if name.startswith("BY/tile/entries/")]
    entries = list(entries_of(b"".join(bundles)))
    assert len(entries) == by.node.view()["lines"][0]["own_size"]
    assert {entry["type"] for entry in entries} <= {"NOTICE", "UPDATE", "TEST", "TEST-REPLY"}
    objects = [entry["body"]["object"] for entry in entries if "object" in entry["body"]]
    assert objects
    released = Position(RELEASED.lat_deg, RELEASED.lon_deg)
    for one in objects:
        assert one["object"] == 1
        assert distance_m(Position(one["at"]["lat_e7"] / 1e7, one["at"]["lon_e7"] / 1e7), released) < 10_000
    assert [incident["id"] for incident in lt.incidents()] == ["BY-2026-000001"]
    assert len(lt.node.view()["tracks"]) == 1
    assert all(one["stated_ms"] <= other["stated_ms"] for one, other in pairwise(entries))


def entries_of(bundle):
    """The entries of a tlog-tiles bundle: each behind its length in two bytes."""
    while bundle:
        size = int.from_bytes(bundle[:2], "big")
        yield msgspec.json.decode(bundle[2 : 2 + size])
        bundle = bundle[2 + size :]
