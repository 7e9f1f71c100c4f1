"""The clients that speak Cursor-on-Target to the benchmarks' peers, against a relay of a few lines."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from benchmarks import tak_line_cut, tak_tracks
from benchmarks.border_traffic import Flier
from benchmarks.figures import print_figure
from benchmarks.tak_cot import KIND, event_xml, events_in, key_of
from benchmarks.tak_servers import Absent, Peer, Server, Start
from hypothesis import given
from hypothesis import strategies as st

from redshank.terms.geo import Position

RELAY = """
import asyncio, sys

clients, kept = set(), []

async def serve(reader, writer):
    clients.add(writer)
    writer.writelines(kept)
    while True:
        event = await reader.readuntil(b"</event>")
        if KEEPS and b"TRACK-" in event:
            kept.append(event)
        for other in clients - {writer}:
            other.write(event)

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()

asyncio.run(main())
"""
FLIERS = [Flier(number + 1, Position(55.0 + number / 100, 26.0), 90.0) for number in range(21)]


@contextmanager
def relay(folder: Path, keeps: bool = False, source: str = RELAY) -> Iterator[Server]:
    """A server as the benchmarks start one; `keeps` what it heard, in memory, for those who come later."""
    (folder / "relay.py").write_text(source.replace("KEEPS", str(keeps)), encoding="utf-8")
    peer = Peer("relay", "1", "none", "none", lambda _, port: Start(("relay.py", str(port)), {}))
    with Server(peer, Path(sys.executable), folder) as server:
        yield server


@given(st.lists(st.integers(min_value=1, max_value=700), max_size=20))
def test_events_are_the_same_however_the_stream_is_cut(cuts):
    at = datetime(2026, 11, 27, 12, 0, 0, 250_000, tzinfo=UTC)
    places = [(f"TRACK-{number}", 55.0 + number / 7, 26.0 - number / 7) for number in range(5)]
    stream = b"".join(b'<?xml version="1.0"?>\n' + event_xml(uid, KIND, at, lat, lon, "") for uid, lat, lon in places)
    pieces, begin = [], 0
    for length in cuts:
        pieces.append((1.0, stream[begin : begin + length]))
        begin += length
    seen = list(events_in([*pieces, (2.0, stream[begin:])]))
    assert [one.key for one in seen] == [key_of(*place) for place in places]
    assert {one.time_text for one in seen} == {"2026-11-27T12:00:00.250Z"}


def test_an_event_is_known_again_as_a_server_writes_it_anew():
    written = (
        b"<event how='m-r' uid='TRACK-1' time='2026-11-27T12:00:00.250000+00:00' type='a-u-A' version='2.0'>"
        b"<detail><contact callsign='T1'></contact></detail><point ce='1' lon='26.1234560' lat='55.2'></point></event>"
    )
    pong = b"<event version='2.0' uid='takPong' type='t-x-c-t-r' time='2026-11-27T12:00:00Z'/>"
    (seen,) = events_in([(1.0, pong + written)])
    assert seen.key == key_of("TRACK-1", 55.2, 26.123456)
    assert tak_tracks.same_time(seen.time_text, "2026-11-27T12:00:00.250Z")
    assert not tak_tracks.same_time(seen.time_text, "2026-11-27T12:00:01.250Z")


def test_all_reports_come_through_a_relay_to_each_client(tmp_path):
    with relay(tmp_path) as server:
        run = asyncio.run(tak_tracks.relay(server, FLIERS, subscribers=2, rate_hz=5.0, seconds=2.0))
    assert (run.told, run.delivered, run.never, run.marked) == (2 * 5 * len(FLIERS), 1.0, 0, 1.0)
    assert 0 < run.p50_ms <= run.p99_ms < 15_000
    assert run.mb > 1
    json.dumps(run.members())


@pytest.mark.parametrize(("killed", "keeps", "came"), [(True, True, 0), (False, True, 20), (False, False, 0)])
def test_what_a_gap_leaves_is_what_the_server_kept(tmp_path, monkeypatch, killed, keeps, came):
    monkeypatch.setattr(tak_line_cut, "KEPT_S", 0.2)
    monkeypatch.setattr(tak_line_cut, "APART_S", 0.0)
    monkeypatch.setattr(tak_line_cut, "WAIT_S", 15.0 if came else 1.0)
    with relay(tmp_path, keeps) as server:
        gap = asyncio.run(tak_line_cut.scene(server, FLIERS, killed))
    assert (gap.came, gap.marked, gap.first_s is None) == (came, came, came == 0)


def test_a_server_that_does_not_start_is_absent_and_says_why(tmp_path):
    with (
        pytest.raises(Absent, match=r"does not start: .*no such plug"),
        relay(tmp_path, source="raise SystemExit('no such plug')"),
    ):
        pass


def test_a_killed_server_leaves_no_process(tmp_path):
    child = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    with relay(tmp_path, source=child + RELAY) as server:
        assert len(list(server.processes())) == 2
    assert not list(server.processes())


def test_further_members_stand_in_the_last_line(capsys):
    assert print_figure("any", 2.0, 1.0, unit="s", goal=3.0, goal_is_ours=True, beside={"peers": {"taky": "absent"}})
    line = json.loads(capsys.readouterr().out)
    assert (line["ours"], line["peers"]) == (2.0, {"taky": "absent"})
