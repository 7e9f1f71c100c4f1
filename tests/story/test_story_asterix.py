"""Two real nodes over mutual TLS, real recordings over real UDP: what the consoles show against asterix_decoder.

The recordings are from the Adriatic, off the map in force: the tracks are shown, and have no forecast.
"""

import math
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.oracle.recordings import OracleRecord, oracle_records, oracle_tracks, recording_path
from tests.story.story_fleet import NodeProcess, free_port, make_fleet

from redshank.decode.specs import editions_of
from redshank.edges.clock import set_exercise_clock
from redshank.edges.feeds.capture import Piece, read_capture
from redshank.terms.geo import GEOD_WGS84, Position, destination, distance_m
from redshank.terms.instants import DAY_MS, SECOND_MS, Instant

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

GROUP = "239.255.62.65"  # administratively scoped (RFC 2365)
ADRIATIC = {"lat_min_deg": 38.0, "lat_max_deg": 52.0, "lon_min_deg": 5.0, "lon_max_deg": 25.0}
ANTENNA = {"lat_deg": 45.5, "lon_deg": 16.0, "altitude_m": 200.0}
"""The recordings do not say where their radars stand: a place in the middle serves to compare polar measurements."""
RADARS = {22_111: 11, 22_112: 12, 22_113: 13, 22_114: 14, 22_131: 201, 22_134: 204, 22_135: 205}
"""UDP port of the recording to SIC; SAC is 25. Each radar sends the same once more, to a port lower by 1,000."""

CAT062_AT = Instant(1_393_332_227_500)  # 2014-02-25T12:43:47.5Z, when cat_062_065.pcap was captured
RAW062_AT = Instant(CAT062_AT // DAY_MS * DAY_MS + DAY_MS + 30_912_000)  # the raw file has no date: the next day
CAT048_AT = Instant(1_462_433_758_000)  # 2016-05-05T07:35:58Z, the end of cat_034_048.pcap
RAW048_AT = Instant(CAT048_AT + 3_600_000)

KNOT_MPS, NAUTICAL_MILE_M, FOOT_M = 1_852 / 3_600, 1_852.0, 0.3048
LATITUDE_LSB_M = 0.6  # I062/105: 180 / 2^25 degrees
VELOCITY_LSB_MPS = 0.25  # I062/185
PROJECTION_M = 2.0  # straight in the node's plane or on the ellipsoid, over the few kilometres that are led on


def tracker(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "kind": "asterix",
        "editions": {62: "1.18"},
        "area": ADRIATIC,
        "sac_sic": [{"sac": 25, "sic": 100}],
    }


def radar(sic: int) -> dict[str, Any]:
    code = [{"sac": 25, "sic": sic}]
    return {
        "id": f"radar-{sic}",
        "kind": "asterix",
        "editions": {48: "1.31"},
        "area": ADRIATIC,
        "radar": ANTENNA,
        "sac_sic": code,
    }


FEEDS = [tracker("tracker"), tracker("network"), *(radar(sic) for sic in RADARS.values())]


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[dict[str, NodeProcess]]:
    """LT and BY; on both, the feed `network` hears one multicast group."""
    nodes = make_fleet(tmp_path, ["LT", "BY"], at=CAT062_AT, feeds={"LT": FEEDS, "BY": FEEDS})
    shared = free_port()
    for node in nodes.values():
        config = yaml.safe_load(node.config.read_text())
        (network,) = [feed for feed in config["feeds"] if feed["source"]["id"] == "network"]
        network["udp"] = {"port": shared, "interface": "127.0.0.1", "group": GROUP}
        node.udp_ports["network"] = shared
        node.config.write_text(yaml.safe_dump(config))
    try:
        for node in nodes.values():
            node.start()
        for node in nodes.values():
            node.wait_ready()
        for node in nodes.values():
            node.wait_for(line_is_up)
        yield nodes
    finally:
        for node in nodes.values():
            node.stop()


def set_clock(fleet: dict[str, NodeProcess], at: Instant) -> None:
    """Sets both nodes' clock, and waits until both have looked at it."""
    set_exercise_clock(fleet["LT"].folder.parent / "clock.json", at, 1.0)
    for node in fleet.values():
        node.wait_for(lambda view: view["now_ms"] >= at)


def line_is_up(view: Any) -> bool:
    """The line test has gone both ways, and all that was said is receipted."""
    (line,) = view["lines"]
    tested = line["state"] == "up" and line["last_test_ms"] is not None
    return tested and line["own_size"] == line["receipted_size"] >= 2 and line["partner_size"] >= 2


def payloads(name: str) -> list[Piece]:
    pieces = list(read_capture(recording_path(name)))
    assert all(isinstance(piece, Piece) for piece in pieces)
    return [piece for piece in pieces if isinstance(piece, Piece)]


def ports_of(name: str) -> list[int]:
    """The destination ports of a recording's datagrams, in order, as the oracle reads them."""
    ports: list[int] = []
    for port in sorted({record.port for record in oracle_records(name) if record.port is not None}):
        ports += [port] * len(list(read_capture(recording_path(name), port)))
    return ports


def send(host: str, port: int, *datagrams: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
        for datagram in datagrams:
            sender.sendto(datagram, (host, port))


def live(view: Any) -> list[Any]:
    return [track for track in view["tracks"] if track["life"] == "live" and not track["fused"]]


def feed(view: Any, source: str) -> Any:
    return next((feed for feed in view["feeds"] if feed["source"] == source), None)


def shown(node: NodeProcess, count: int) -> tuple[Any, list[Any]]:
    """The view as soon as it holds so many live tracks, and those."""
    view = node.wait_for(lambda view: view if len(live(view)) >= count else None)
    assert len(live(view)) == count
    assert {track["observer"] for track in live(view)} == {node.party}
    return view, live(view)


def nearest(tracks: list[Any], place: Position) -> Any:
    return min(tracks, key=lambda track: distance_m(Position(track["lat"], track["lon"]), place))


def velocity_mps(track: Any) -> tuple[float, float]:
    course = math.radians(track["course_deg"])
    return track["speed_mps"] * math.sin(course), track["speed_mps"] * math.cos(course)


def same_system_track(view: Any, tracks: list[Any], record: OracleRecord) -> str:
    """The shown track is where the oracle's record comes to when it flies on until the view's time. Gives its id."""
    east, north = record.value("I185", "Vx"), record.value("I185", "Vy")
    assert record.lat_deg is not None
    assert record.lon_deg is not None
    day = view["now_ms"] // DAY_MS * DAY_MS
    flown_s = (view["now_ms"] - day) / SECOND_MS - record.time_of_day_s
    course = math.degrees(math.atan2(east, north))
    place = destination(Position(record.lat_deg, record.lon_deg), course, math.hypot(east, north) * flown_s)
    track = nearest(tracks, place)
    assert distance_m(Position(track["lat"], track["lon"]), place) < LATITUDE_LSB_M + PROJECTION_M
    assert velocity_mps(track) == pytest.approx((east, north), abs=VELOCITY_LSB_MPS / 2)
    geometric_m, level_m = record.value("I130", "Alt") * FOOT_M, record.value("I136", "MFL") * FOOT_M
    altitude_m = geometric_m if abs(geometric_m - level_m) <= 1_000 else level_m
    assert track["altitude_m"] == pytest.approx(altitude_m, abs=FOOT_M)
    assert track["at_ms"] == pytest.approx(day + record.time_of_day_s * SECOND_MS, abs=1)
    return str(track["id"])


def test_system_tracks_by_unicast_and_multicast(fleet: dict[str, NodeProcess]) -> None:
    lt, by = fleet["LT"], fleet["BY"]
    (captured,) = payloads("cat_062_065.pcap")[:1]
    send(GROUP, lt.udp_ports["network"], *(piece.data for piece in payloads("cat_062_065.pcap")))
    theirs = oracle_tracks("cat_062_065.pcap")
    assert captured.data[0] == 62
    for node in fleet.values():  # one sender, both nodes
        view, tracks = shown(node, len(theirs))
        assert len({same_system_track(view, tracks, record) for record in theirs}) == len(theirs)
        assert view["forecasts"] == [] or all(f["borders"] == [] and f["over"] is None for f in view["forecasts"])
        assert feed(view, "network")["accepted"] == len(theirs)
        assert line_is_up(view)

    set_clock(fleet, RAW062_AT)
    lt.wait_for(lambda view: not live(view))  # a day later the first ones are long gone
    send("127.0.0.1", lt.udp_ports["tracker"], Path(recording_path("cat062cat065.raw")).read_bytes())
    theirs = oracle_tracks("cat062cat065.raw")
    view, tracks = shown(lt, len(theirs))
    assert len({same_system_track(view, tracks, record) for record in theirs}) == len(theirs)
    assert live(by.view()) == []  # unicast: only one of them was addressed
    for node in fleet.values():
        node.wait_for(lambda view: line_is_up(view) and view["lines"][0]["last_test_ms"] >= RAW062_AT)


def straight_m(ground_m: float, altitude_m: float) -> float:
    """From the antenna to a point so far along the ground and so high: plain trigonometry about the Earth's centre."""
    low, high = 6_378_000 + ANTENNA["altitude_m"], 6_378_000 + altitude_m
    return math.sqrt(low**2 + high**2 - 2 * low * high * math.cos(ground_m / 6_378_000))


def same_radar_track(view: Any, tracks: list[Any], record: OracleRecord) -> str:
    """A shown track, led back to the record's time, stands where the radar measured it. Gives its id."""
    at_ms = view["now_ms"] // DAY_MS * DAY_MS + record.time_of_day_s * SECOND_MS
    speed_mps, course = record.value("I200", "CGS") * KNOT_MPS, math.radians(record.value("I200", "CHdg"))

    def misses(track: Any) -> tuple[float, float]:
        back_m = track["speed_mps"] * (view["now_ms"] - at_ms) / SECOND_MS
        then = destination(Position(track["lat"], track["lon"]), (track["course_deg"] or 0.0) + 180, back_m)
        azimuth, _, ground_m = GEOD_WGS84.inv(ANTENNA["lon_deg"], ANTENNA["lat_deg"], then.lon_deg, then.lat_deg)
        slant_m = record.value("I040", "RHO") * NAUTICAL_MILE_M
        across_m = ground_m * math.radians((azimuth - record.value("I040", "THETA") + 180) % 360 - 180)
        return abs(straight_m(ground_m, track["altitude_m"]) - slant_m), abs(across_m)

    track = min(tracks, key=lambda track: math.hypot(*misses(track)))
    along_m, across_m = misses(track)
    assert along_m < NAUTICAL_MILE_M / 256 + PROJECTION_M
    assert across_m < record.value("I040", "RHO") * NAUTICAL_MILE_M * math.radians(360 / 65_536) + PROJECTION_M
    expected = (speed_mps * math.sin(course), speed_mps * math.cos(course))
    assert track["speed_mps"] == pytest.approx(speed_mps, abs=0.12)
    if track["course_deg"] is not None:  # the console shows none below 1 m/s
        assert velocity_mps(track) == pytest.approx(expected, abs=0.12)
    if "I110" not in record.items:
        assert track["altitude_m"] == pytest.approx(record.value("I090", "FL") * 100 * FOOT_M, abs=0.01)
    assert track["at_ms"] == pytest.approx(at_ms, abs=1)
    return str(track["id"])


def test_radar_plots_of_seven_radars_at_both_nodes(fleet: dict[str, NodeProcess]) -> None:
    set_clock(fleet, CAT048_AT)
    for node, lower in ((fleet["LT"], 0), (fleet["BY"], 1_000)):
        for port, sic in RADARS.items():
            pieces = [p for p in read_capture(recording_path("cat_034_048.pcap"), port - lower) if isinstance(p, Piece)]
            send("127.0.0.1", node.udp_ports[f"radar-{sic}"], *(piece.data for piece in pieces))
    for node, lower in ((fleet["LT"], 0), (fleet["BY"], 1_000)):
        heard = {port - lower for port in RADARS}
        records = [r for r in oracle_records("cat_034_048.pcap") if r.category == 48 and r.port in heard]
        placed = [record for record in records if "I040" in record.items]
        view, tracks = shown(node, len(placed))
        assert len({same_radar_track(view, tracks, record) for record in placed}) == len(placed)
        counts = {port: sum(record.port == port for record in placed) for port in heard}
        for port in heard:
            assert feed(view, f"radar-{RADARS[port + lower]}")["accepted"] == counts[port]
        refused = [pair for told in view["feeds"] for pair in told["refused"]]
        assert refused == [["no-position", len(records) - len(placed)]]

    set_clock(fleet, RAW048_AT)
    fleet["LT"].wait_for(lambda view: not live(view))
    (record,) = oracle_records("cat048.raw")
    # The file has no date, and its hour is that of the capture: what is an hour old is no live report, and is refused.
    send("127.0.0.1", fleet["LT"].udp_ports["radar-201"], Path(recording_path("cat048.raw")).read_bytes())
    fleet["LT"].wait_for(lambda view: ["time-not-plausible", 1] in feed(view, "radar-201")["refused"])
    set_clock(fleet, Instant(CAT048_AT + DAY_MS))
    send("127.0.0.1", fleet["LT"].udp_ports["radar-201"], Path(recording_path("cat048.raw")).read_bytes())
    view, tracks = shown(fleet["LT"], 1)
    same_radar_track(view, tracks, record)


def newer_edition(at: Instant) -> bytes:
    """A CAT048 block of edition 1.32: the fourth octet of I048/020 that it uses is spare in 1.31."""
    spec = editions_of(48)["1.32"]
    time_of_day = at % DAY_MS * 128 // SECOND_MS
    items = {"010": 25 << 8 | 11, "140": time_of_day, "020": (0x20, 0, 0, 1 << 6), "040": 0x1000_2000}
    return bytes(spec.create([spec.cv_uap.cv_record.create(items)]).unparse().to_bytes())


def retimed(block: bytes, record: OracleRecord, seconds: float) -> bytes:
    """A real block whose record's time of day says otherwise."""
    old, new = (round(at_s * 128).to_bytes(3, "big") for at_s in (record.time_of_day_s, seconds))
    assert old in block
    return block.replace(old, new)


def test_what_is_wrong_is_refused_by_name_and_stops_nothing(fleet: dict[str, NodeProcess]) -> None:
    lt = fleet["LT"]
    tracks62, radar_port = oracle_tracks("cat_062_065.pcap"), lt.udp_ports["radar-11"]
    (datagram,) = (piece.data for piece in payloads("cat_062_065.pcap") if piece.data[0] == 62)
    block = datagram[: int.from_bytes(datagram[1:3], "big")]
    at_s = tracks62[0].time_of_day_s
    port = lt.udp_ports["tracker"]
    send("127.0.0.1", port, block[:-7])
    send("127.0.0.1", port, retimed(block, tracks62[0], at_s - 3_600))
    send("127.0.0.1", port, retimed(block, tracks62[0], at_s + 60), b"\x00", b"\x3e\x00\x00")
    send("127.0.0.1", port, Path(recording_path("cat048.raw")).read_bytes())
    send("127.0.0.1", radar_port, newer_edition(CAT062_AT))
    send("127.0.0.1", port, *(piece.data for piece in payloads("cat_062_065.pcap")))
    view, tracks = shown(lt, len(tracks62))
    assert len({same_system_track(view, tracks, record) for record in tracks62}) == len(tracks62)
    counts = lt.wait_for(lambda view: feed(view, "tracker") if feed(view, "radar-11") else None)
    assert counts["refused"] == [
        ["malformed", 1],
        ["time-not-plausible", 2 * len(tracks62)],
        ["truncated", 2],
        ["wrong-category", 1],
    ]
    assert feed(lt.view(), "radar-11")["refused"] == [["wrong-edition", 1]]
    assert counts["accepted"] == len(tracks62)
    before = lt.view()["lines"][0]["own_size"]
    assert lt.call("POST", "/api/command", {"act": "test-line", "channel": "BY-LT"}) == {"accepted": True}
    lt.wait_for(lambda view: line_is_up(view) and view["lines"][0]["own_size"] > before)
    send("127.0.0.1", port, *(piece.data for piece in payloads("cat_062_065.pcap")))  # older than what is held
    lt.wait_for(lambda view: ["too-late", len(tracks62)] in feed(view, "tracker")["refused"])
    assert feed(lt.view(), "tracker")["accepted"] == len(tracks62)
