"""The director's server: its gate, its refusals, and a whole small exercise with real node processes."""

import asyncio
import os
import signal

import aiohttp
import httpx
import msgspec
import pytest

from redshank.exercise.director import DirectorKey, director_app
from redshank.exercise.director_view import DirectorView, StartExercise
from redshank.exercise.observer import Observer
from redshank.exercise.scenario import PARTIES, read_scenarios
from redshank.exercise.stage import Stage
from redshank.exercise.truth import flights_of
from redshank.terms.geo import destination
from redshank.terms.instants import MINUTE_MS, Instant

KEY = DirectorKey()
OFFICER = {"Authorization": f"Bearer {KEY.link_key}"}
PORT = 18_700


@pytest.fixture
def stage(tmp_path) -> Stage:
    return Stage(read_scenarios(), tmp_path, PORT, lambda text: None)


@pytest.fixture
async def http(stage, tmp_path):
    app = director_app(stage, KEY, tmp_path, tmp_path / "none.pmtiles")
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8100") as client:
        yield client


async def test_nothing_is_told_without_the_key(http):
    assert (await http.get("/api/state")).status_code == 401
    assert (await http.post("/api/start", json={})).status_code == 401
    other = {**OFFICER, "Host": "evil.example"}
    assert (await http.get("/api/state", headers=other)).status_code == 403
    forged = {**OFFICER, "Origin": "http://evil.example"}
    assert (await http.post("/api/pause", headers=forged, json={})).status_code == 403


async def test_before_the_start_the_page_offers_both_nights(http):
    answer = await http.get("/api/state", headers=OFFICER)
    view = msgspec.json.decode(answer.content, type=DirectorView)
    assert view.phase == "choosing"
    assert {card.id for card in view.scenarios} == {"lt-2025-10-04", "lv-2026-05-07", "pl-2025-09-10"}
    assert all(card.documented and card.invented for card in view.scenarios)
    assert [node.party for node in view.nodes] == list(PARTIES)


@pytest.mark.parametrize(
    ("path", "body", "status", "named"),
    [
        ("/api/start", b'{"scenario": "no-such", "speed": 20}', 422, "scenario"),
        ("/api/start", b'{"scenario": "lv-2026-05-07", "speed": 1e9}', 422, "speed"),
        ("/api/start", b'{"scenario": "lv-2026-05-07", "speed": 20, "seats": {"XX": "person"}}', 422, "seats"),
        ("/api/start", b"{", 422, "body"),
        ("/api/start", b"[" * 5_000, 413, "body"),
        ("/api/pause", b"{}", 409, "phase"),
        ("/api/resume", b"{}", 409, "phase"),
        ("/api/restart", b'{"party": "LT"}', 422, "party"),
        ("/api/nothing", b"{}", 405, "path"),
    ],
)
async def test_refusals_are_named(http, path, body, status, named):
    answer = await http.post(path, headers=OFFICER, content=body)
    assert answer.status_code == status
    assert named in answer.text
    assert set(answer.json()) == {"reason", "field", "detail"}


def test_the_observer_knows_a_true_track_from_a_false_one():
    flights = flights_of(read_scenarios()["lv-2026-05-07"])
    observer = Observer(flights)
    at = Instant(flights[0].ends_at - 30 * MINUTE_MS)
    place = flights[0].state_at(at).position
    found = observer.nearest(place, at, 0.0)
    assert found is not None
    assert found[0] == "L1"
    assert observer.nearest(destination(place, 0.0, 40_000), at, 1e9) is None


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_five_real_nodes_play_the_night_and_leave_nobody_behind(stage):
    """Real processes, UDP, HTTP and TLS: BY sees the objects from its radars and its notice reaches LV."""
    assert await stage.start(StartExercise("lv-2026-05-07", 60.0, {"EE": "person"})) is None
    pids: list[int] = []
    try:
        assert await stage.wait_until("running", "failed") == "running", stage.message
        play = stage.play
        assert play is not None
        assert play.fleet is not None
        pids = [node.pid for node in play.fleet.nodes.values() if node.pid is not None]
        assert len(pids) == 5
        await eventually(lambda: any(n.party == "LV" for n in play.observer.observed.notices), 90)
        await eventually(lambda: any(a.party == "LV" for a in play.observer.observed.answers), 30)
        view = stage.view()
        assert all(node.up and node.console_url for node in view.nodes)
        assert {node.party: node.seat for node in view.nodes}["EE"] == "person"
        assert any(track.truth == "L1" for knows in view.knows if knows.party == "BY" for track in knows.tracks)
        await paused_clock_stands(stage)
        await a_killed_node_is_shown_and_restarted(stage)
        async with (
            aiohttp.ClientSession() as foreign,
            foreign.get(f"{view.nodes[0].console_url.split('/enter')[0]}/api/view") as answer,
        ):
            assert answer.status == 401
    finally:
        await stage.close()
    assert not [pid for pid in pids if exists(pid)]


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def eventually(holds, within_s: float) -> None:
    for _ in range(round(within_s / 0.2)):
        if holds():
            return
        await asyncio.sleep(0.2)
    assert holds()


async def paused_clock_stands(stage: Stage) -> None:
    assert await stage.pause() is None
    await asyncio.sleep(0.5)
    before = stage.view().now_ms
    await asyncio.sleep(0.5)
    assert stage.view().now_ms == before
    assert await stage.resume() is None
    await asyncio.sleep(0.5)
    assert stage.view().now_ms > before


async def a_killed_node_is_shown_and_restarted(stage: Stage) -> None:
    play = stage.play
    assert play is not None
    assert play.fleet is not None
    victim = play.fleet.nodes[PARTIES[2]]
    assert victim.pid is not None
    os.kill(victim.pid, signal.SIGKILL)
    await eventually(lambda: not {node.party: node.up for node in stage.view().nodes}[victim.party], 15)
    assert await stage.restart(victim.party) is None
    await eventually(lambda: {node.party: node.up for node in stage.view().nodes}[victim.party], 15)
