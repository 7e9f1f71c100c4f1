"""Feeder: what the simulated sensors measure arrives over real UDP and reads back through decode."""

import asyncio
from itertools import pairwise, takewhile

import msgspec
import pytest

from redshank.decode.asterix import decode_block
from redshank.decode.source import SourceConfig, parse_source
from redshank.edges.clock import set_exercise_clock
from redshank.exercise.feeder import Emission, Feeder, emissions
from redshank.exercise.fleet_folder import make_folder
from redshank.exercise.scenario import read_scenarios
from redshank.exercise.truth import flights_of
from redshank.terms.geo import distance_m
from redshank.terms.ids import PartyId
from redshank.terms.instants import MINUTE_MS, Instant
from redshank.terms.track import ReportKind

NIGHT = read_scenarios()["lv-2026-05-07"]


class SteppedClock:
    """A clock that the test moves."""

    def __init__(self, at: int, rate: float) -> None:
        self.at, self.rate = at, rate

    def now(self) -> Instant:
        return Instant(self.at)


class Receiver(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.got: list[bytes] = []

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.got.append(data)


async def receivers(count: int) -> list[tuple[asyncio.DatagramTransport, Receiver]]:
    loop = asyncio.get_running_loop()
    made = [await loop.create_datagram_endpoint(Receiver, local_addr=("127.0.0.1", 0)) for _ in range(count)]
    return list(made)


async def nobody(party: PartyId, body: bytes) -> str | None:
    return None


def sources(tmp_path) -> dict[str, SourceConfig]:
    """The sources of BY as the fleet configures them."""
    import yaml

    folder = make_folder(NIGHT, tmp_path / "exercise", 9_000)
    raw = yaml.safe_load(folder.nodes[PartyId("BY")].config.read_text(encoding="utf-8"))
    parsed = [parse_source(feed["source"]) for feed in raw["feeds"]]
    assert all(isinstance(source, SourceConfig) for source in parsed)
    return {source.id: source for source in parsed if isinstance(source, SourceConfig)}


async def test_plots_and_tracks_arrive_and_are_near_the_truth(tmp_path):
    by = PartyId("BY")
    names = ["by-polatsk", "by-dzvinsk", "by-tracker"]
    ends = await receivers(len(names))
    ports = {(by, name): end[0].get_extra_info("sockname")[1] for name, end in zip(names, ends, strict=True)}
    until = NIGHT.starts + 25 * MINUTE_MS  # fits into the receivers' socket buffers
    flights = flights_of(NIGHT)
    due = [e for e in takewhile(lambda e: e.at < until, emissions(NIGHT, flights)) if e.party == by and not e.report]
    feeder = Feeder(SteppedClock(until, 1.0), ports, nobody)
    await feeder.run(iter(due), lambda emission, why: pytest.fail(why))
    await asyncio.sleep(0.3)
    known = sources(tmp_path)
    for name, (transport, receiver) in zip(names, ends, strict=True):
        transport.close()
        own = [emission for emission in due if emission.source == name]
        assert receiver.got == [emission.payload for emission in own]
        decoded = [decode_block(known[name], e.payload, e.at) for e in own]
        assert not [refusal for one in decoded for refusal in one.refusals]
        reports = [report for one in decoded for report in one.reports]
        assert len(reports) > 20
        assert {report.kind for report in reports} == {ReportKind.TRACK if name == "by-tracker" else ReportKind.PLOT}
        near = [
            min(distance_m(report.position, flight.state_at(report.at).position) for flight in flights) < 2_000
            for report in reports
        ]
        assert sum(near) / len(near) > (0.9 if name == "by-tracker" else 0.5)  # the rest is clutter


async def test_nothing_is_sent_while_the_clock_stands_or_before_it_is_due():
    by = PartyId("BY")
    ((transport, receiver),) = await receivers(1)
    port = transport.get_extra_info("sockname")[1]
    clock = SteppedClock(1_000, 0.0)
    due = [Emission(at=Instant(at), party=by, source="s", payload=bytes([at // 1_000])) for at in (1_000, 2_000, 9_000)]
    running = asyncio.create_task(Feeder(clock, {(by, "s"): port}, nobody).run(iter(due), lambda emission, why: None))
    await asyncio.sleep(0.2)
    assert receiver.got == []
    clock.at, clock.rate = 2_500, 20.0
    await asyncio.sleep(0.2)
    assert receiver.got == [b"\x01", b"\x02"]
    clock.at = 9_000
    await asyncio.wait_for(running, 2)
    await asyncio.sleep(0.05)
    assert receiver.got == [b"\x01", b"\x02", b"\x09"]
    transport.close()


async def test_reports_are_posted_and_refusals_are_heard():
    posted: list[tuple[PartyId, bytes]] = []

    async def post(party: PartyId, body: bytes) -> str | None:
        posted.append((party, body))
        return "unknown-place: reference.name" if body == b"bad" else None

    heard: list[str] = []
    lv = PartyId("LV")
    due = [Emission(at=Instant(1), party=lv, source="p", payload=body, report=True) for body in (b"good", b"bad")]
    await Feeder(SteppedClock(5, 1.0), {}, post).run(iter(due), lambda emission, why: heard.append(why))
    assert posted == [(lv, b"good"), (lv, b"bad")]
    assert heard == ["unknown-place: reference.name"]


def test_each_turn_of_an_antenna_is_one_datagram():
    radar = next(r for r in NIGHT.sensors[PartyId("BY")].radars if not r.tracked)
    sent = [e for e in emissions(NIGHT, flights_of(NIGHT)) if e.source == radar.id]
    gaps = {(later.at - earlier.at) % round(radar.rotation_s * 1000) for earlier, later in pairwise(sent)}
    assert gaps == {0}
    assert len({emission.at for emission in sent}) == len(sent)


def test_the_clock_face_is_paused_until_the_nodes_run(tmp_path):
    folder = make_folder(NIGHT, tmp_path / "exercise", 9_100)
    face = msgspec.json.decode(folder.clock.read_bytes())
    assert face["rate"] == 0.0
    assert face["anchor_ms"] == NIGHT.starts
    set_exercise_clock(folder.clock, NIGHT.starts, 20.0)
    assert msgspec.json.decode(folder.clock.read_bytes())["rate"] == 20.0
