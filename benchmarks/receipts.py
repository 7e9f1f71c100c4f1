"""From a sensor's report to the partner's receipt, in a fleet of five nodes on this machine.

What is timed: an object that a party has seen twice, flying away from its border, turns towards it. The time runs from
before the UDP datagram (ASTERIX CAT062) with the turn is sent, until the sender's store durably holds the partner's
receipt for the NOTICE that follows: decode, picture, forecast, incident, release, log, delivery, the partner's checks
and commit, the receipt's check and commit. The five parties do so at the same time, each has airliners in its picture
and an open console page. The stores are read from outside, so that nothing is added to the nodes.

The limit: `plain_line`, the same three durable writes and one round trip of mutual TLS, measured in the same run.
Not here: what is printed last (report_to_receipt_p50, report_to_receipt_p99).
"""

import asyncio
import contextlib
import math
import os
import socket
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import msgspec
import numpy as np
from tests.story.story_fleet import NodeProcess, make_fleet

from benchmarks.figures import quantile
from benchmarks.plain_line import plain_times_s
from benchmarks.probe import Probe
from redshank.compose.build import read_geography
from redshank.edges.clock import ExerciseClock, SystemClock
from redshank.exchange.parties import EXERCISE_PREFIX, log_origin
from redshank.exercise.asterix_encoder import SystemTrack, encode_cat062
from redshank.forecast.forecast import forecast_tracks
from redshank.forecast.geography import Geography
from redshank.terms.geo import Position, bearing_deg, destination, distance_m, from_plane
from redshank.terms.ids import ChannelId, PartyId, TrackId, channel_between
from redshank.terms.instants import Instant
from redshank.terms.track import Life, Status, Track

PARTNER_OF = {"LT": "BY", "LV": "BY", "PL": "LT", "BY": "LT", "EE": "LV"}
"""Each party sees an object over this partner's land that flies away from its own border, and then turns to it."""

TURNS_EACH = 40  # at most: short borders have fewer places that are far enough apart
EVERY_S = 0.9  # of each party; the five together turn 5.5 objects each second
QUIET_S = 2.0  # between the reports of one object
DEEP_M = (12_000.0, 20_000.0)
APART_M = 4_000.0  # farther than the coarsest grid of a policy, so that a NOTICE tells which object it is about
SPEED_MPS = 45.0
AIRLINERS_EACH, AIRLINERS_EVERY_S = 40, 4.0
LOOK_S = 0.003  # how often the stores are looked at: the figures are too large by half of it
GIVE_UP_S = 20.0
SLOW_S = 1.0  # such turns are named
PLAIN_BYTES, PLAIN_RUNS = 2_500, 400  # a delivery of one notice with head, and enough runs for a 99th percentile
EDITION = "1.18"
SAC, SIC = 25, 100


@dataclass(frozen=True)
class Spot:
    """Where one object turns: over the partner's land, with the bearing to the party's own border."""

    party: str
    number: int
    place: Position
    homeward_deg: float


@dataclass
class Turn:
    """One measurement, in monotonic seconds: the report leaves, the NOTICE is durable, its receipt is durable."""

    spot: Spot
    sent_s: float | None = None
    serial: int | None = None
    noticed_s: float | None = None
    receipted_s: float | None = None
    early: bool = False
    """A NOTICE came before the turn: nothing was measured."""


@dataclass
class Book:
    """What one party's store is watched for."""

    party: str
    database: Path
    origin: str
    turns: list[Turn] = field(default_factory=list)
    seen: int = 0
    receipted: int = 0


def spots_of(geography: Geography, party: str, partner: str, count: int) -> list[Spot]:
    """Places along the border where the forecast opens an incident after the turn only."""
    found = list(_beside(geography, party, partner))
    places = [place for place, _ in found]
    homeward = [bearing for _, bearing in found]
    off = _likely(geography, party, places, [bearing + 180 for bearing in homeward])
    home = _likely(geography, party, places, homeward)
    chosen: list[Spot] = []
    for place, bearing, away, back in zip(places, homeward, off, home, strict=True):
        fits = max(away.values(), default=0.0) < 0.2 and back.get(party, 0.0) > 0.5
        if fits and all(distance_m(place, spot.place) > APART_M for spot in chosen) and len(chosen) < count:
            chosen.append(Spot(party, len(chosen) + 1, place, bearing))
    return chosen


def _beside(geography: Geography, party: str, partner: str) -> Iterator[tuple[Position, float]]:
    """Places over the partner's land along the border of the two, with the bearing to its nearby point."""
    line = next(line for line in geography.borders if {line.a, line.b} == {party, partner})
    chainage = np.linspace(0.03, 0.97, 200) * line.chainage_m[-1]
    before, here, after = (line.point_at(chainage + step) for step in (-2_000.0, 0.0, 2_000.0))
    along = after - before
    normal = np.column_stack([-along[:, 1], along[:, 0]]) / np.maximum(np.hypot(*along.T), 1.0)[:, None]
    edge_lat, edge_lon = (part.tolist() for part in from_plane(*here.T))
    for depth_m in (side * deep_m for deep_m in DEEP_M for side in (1.0, -1.0)):
        lat, lon = (part.tolist() for part in from_plane(*(here + depth_m * normal).T))
        for i in range(len(chainage)):
            place = Position(lat[i], lon[i])
            if geography.country_at(place) == partner:
                yield place, bearing_deg(place, Position(edge_lat[i], edge_lon[i]))


def _likely(
    geography: Geography, party: str, places: Sequence[Position], bearings: Sequence[float]
) -> list[dict[str, float]]:
    """Probability of a crossing into each country, of a flier at each place on each bearing."""
    now = Instant(0)
    tracks = [
        Track(
            id=TrackId(f"X/{number}"),
            observer=PartyId(party),
            at=now,
            position=place,
            velocity_e_mps=SPEED_MPS * math.sin(math.radians(bearing)),
            velocity_n_mps=SPEED_MPS * math.cos(math.radians(bearing)),
            covariance=tuple(np.diag([100.0**2, 100.0**2, 9.0, 9.0]).ravel().tolist()),
            status=Status.UAV,
            life=Life.LIVE,
            first_at=now,
            last_report_at=now,
        )
        for number, (place, bearing) in enumerate(zip(places, bearings, strict=True))
    ]
    forecasts = forecast_tracks(geography, tracks, now, 3_600_000)
    # Of several borders into one country the likeliest stays: they are sorted by probability.
    return [{border.into: border.probability for border in reversed(forecast.borders)} for forecast in forecasts]


class Radar:
    """Sends CAT062 datagrams to one node."""

    def __init__(self, node: NodeProcess, clock: ExerciseClock) -> None:
        self._to = ("127.0.0.1", node.udp_ports["tracker"])
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._clock = clock

    def report(self, spot: Spot, bearing: float) -> float:
        """One track of an unknown flier; gives the monotonic time before it was sent."""
        track = SystemTrack(
            at=self._clock.now(),
            track_number=1_000 + spot.number,
            position=spot.place,
            velocity_e_mps=SPEED_MPS * math.sin(math.radians(bearing)),
            velocity_n_mps=SPEED_MPS * math.cos(math.radians(bearing)),
            altitude_m=400.0,
            sigma_position_m=100.0,
            sigma_velocity_mps=3.0,
        )
        block = encode_cat062([track], SAC, SIC, EDITION)
        begin = time.monotonic()
        self._socket.sendto(block, self._to)
        return begin

    def airliners(self, around: Position, turn: int) -> None:
        """The cooperative traffic of one scan."""
        tracks = []
        for number in range(AIRLINERS_EACH):
            start = destination(around, number * 360.0 / AIRLINERS_EACH, 60_000.0 + 2_000.0 * number)
            flown_m = 230.0 * AIRLINERS_EVERY_S * turn
            tracks.append(
                SystemTrack(
                    at=self._clock.now(),
                    track_number=number + 1,
                    position=destination(start, 90.0, flown_m),
                    velocity_e_mps=230.0,
                    altitude_m=10_000.0,
                    cooperative=True,
                )
            )
        self._socket.sendto(encode_cat062(tracks, SAC, SIC, EDITION), self._to)


async def turn_objects(radar: Radar, book: Book, spots: Sequence[Spot], delay_s: float) -> None:
    """Starts one object after the other; each is seen twice flying off, and then turning."""

    async def one(turn: Turn) -> None:
        for _ in range(2):
            radar.report(turn.spot, turn.spot.homeward_deg + 180)
            await asyncio.sleep(QUIET_S)
        turn.early = turn.serial is not None
        turn.sent_s = radar.report(turn.spot, turn.spot.homeward_deg)

    await asyncio.sleep(delay_s)
    running = []
    for spot in spots:
        turn = Turn(spot)
        book.turns.append(turn)
        running.append(asyncio.create_task(one(turn)))
        await asyncio.sleep(EVERY_S)
    await asyncio.gather(*running)


async def watch(books: Sequence[Book]) -> None:
    """Looks at the stores until every turn has its receipt, or for too long."""
    with contextlib.ExitStack() as stack:
        stores = []
        for book in books:
            store = sqlite3.connect(f"file:{book.database}?mode=ro", uri=True, isolation_level=None)
            stack.callback(store.close)
            stores.append((book, store))
        version: dict[str, int] = {}
        while True:
            for book, store in stores:
                (newest,) = store.execute("PRAGMA data_version").fetchone()
                if version.get(book.party) != newest:
                    version[book.party] = newest
                    _look(book, store, time.monotonic())
            await asyncio.sleep(LOOK_S)


def _look(book: Book, store: sqlite3.Connection, now_s: float) -> None:
    rows = store.execute(
        "SELECT idx, body FROM entry WHERE origin = ? AND idx >= ? ORDER BY idx", (book.origin, book.seen)
    ).fetchall()
    for index, body in rows:
        book.seen = index + 1
        message = msgspec.json.decode(body)
        if message["type"] == "NOTICE":
            turn = _turn_at(book, message["body"]["object"]["at"])
            if turn.serial is None:
                turn.serial, turn.noticed_s = index, now_s
    (size,) = store.execute(
        "SELECT COALESCE(MAX(size), 0) FROM note WHERE origin = ? AND kind = 'receipt'", (book.origin,)
    ).fetchone()
    if size > book.receipted:
        book.receipted = size
        for turn in book.turns:
            if turn.serial is not None and turn.serial < size and turn.receipted_s is None:
                turn.receipted_s = now_s


def _turn_at(book: Book, at: dict[str, int]) -> Turn:
    place = Position(at["lat_e7"] / 1e7, at["lon_e7"] / 1e7)
    return min(book.turns, key=lambda turn: distance_m(turn.spot.place, place))


async def read_stream(http: aiohttp.ClientSession, node: NodeProcess) -> None:
    """An open console page."""
    async with http.get(
        f"{node.origin}/api/stream", headers=await asyncio.to_thread(node.session, "observer")
    ) as answer:
        async for _ in answer.content.iter_any():
            pass


async def _measure(fleet: dict[str, NodeProcess], spots: dict[str, list[Spot]], clock: ExerciseClock) -> list[Turn]:
    books, radars, work = [], {}, []
    for number, (party, partner) in enumerate(PARTNER_OF.items()):
        channel: ChannelId = channel_between(PartyId(party), PartyId(partner))
        origin = log_origin(EXERCISE_PREFIX, channel, PartyId(party), 2026)
        book = Book(party, fleet[party].folder / "data" / "node.sqlite", origin)
        books.append(book)
        radars[party] = Radar(fleet[party], clock)
        work.append(turn_objects(radars[party], book, spots[party], number * EVERY_S / len(PARTNER_OF)))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as http:
        background = [asyncio.create_task(read_stream(http, node)) for node in fleet.values()]
        background.append(asyncio.create_task(_fly_airliners(radars)))
        background.append(asyncio.create_task(watch(books)))
        background.append(asyncio.create_task(_tell_progress(books)))
        await asyncio.gather(*work)
        for _ in range(round(GIVE_UP_S / 0.1)):
            if all(turn.receipted_s is not None for book in books for turn in book.turns):
                break
            await asyncio.sleep(0.1)
        for task in background:
            if task.done():
                task.result()  # a watcher that ended has failed: say so
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
    return [turn for book in books for turn in book.turns]


async def _fly_airliners(radars: dict[str, Radar]) -> None:
    around = {"LT": (55.3, 23.8), "LV": (56.9, 24.8), "EE": (58.7, 25.6), "PL": (52.2, 20.5), "BY": (53.6, 28.0)}
    turn = 0
    while True:
        for party, radar in radars.items():
            radar.airliners(Position(*around[party]), turn)
            await asyncio.sleep(AIRLINERS_EVERY_S / len(radars))
        turn += 1


async def _tell_progress(books: Sequence[Book]) -> None:
    while True:
        await asyncio.sleep(5.0)
        done = sum(turn.receipted_s is not None for book in books for turn in book.turns)
        print(f"{done} notices are receipted", flush=True)


@contextlib.contextmanager
def running_fleet(folder: Path) -> Iterator[dict[str, NodeProcess]]:
    """Five nodes as processes, with a tracker's feed each; stopped at the end."""
    tracker = {"id": "tracker", "kind": "asterix", "editions": {62: EDITION}}
    fleet = make_fleet(folder, list(PARTNER_OF), at=SystemClock().now(), feeds={p: [tracker] for p in PARTNER_OF})
    try:
        for node in fleet.values():
            node.start()
        for node in fleet.values():
            node.wait_ready()
            print(f"node {node.party} is ready", flush=True)
        for node in fleet.values():
            node.wait_for(lambda view: all(line["state"] in ("up", "dormant") for line in view["lines"]))
        yield fleet
    finally:
        for node in fleet.values():
            node.stop()


def _cpu_s(fleet: dict[str, NodeProcess]) -> float:
    """Processor time of the nodes so far, seconds."""
    ticks = 0
    for node in fleet.values():
        assert node.process is not None
        fields = Path(f"/proc/{node.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure_receipts() -> tuple[list[float], list[float]]:
    """(ours, the limit's) times in milliseconds. Raises SystemExit when too many of the turns gave no measurement."""
    geography = read_geography()
    spots = {party: spots_of(geography, party, partner, TURNS_EACH) for party, partner in PARTNER_OF.items()}
    told = ", ".join(f"{party} {len(found)}" for party, found in spots.items())
    print(f"objects that will turn: {told}", flush=True)
    with tempfile.TemporaryDirectory() as name, running_fleet(Path(name)) as fleet:
        plain_ms = [seconds * 1_000 for seconds in plain_times_s([PLAIN_BYTES] * PLAIN_RUNS)]
        p50, p99 = quantile(plain_ms, 0.5), quantile(plain_ms, 0.99)
        print(f"limit: {PLAIN_RUNS} plain lines, p50 {p50:.1f} ms, p99 {p99:.1f} ms", flush=True)
        before, begin = _cpu_s(fleet), time.monotonic()
        with Probe(Path(name) / "probe") as probe:
            turns = asyncio.run(_measure(fleet, spots, ExerciseClock(Path(name) / "clock.json")))
        for node in fleet.values():
            print("".join(f"{node.party}: {line}\n" for line in node.log().splitlines() if "slow turn" in line), end="")
        share = (_cpu_s(fleet) - before) / (time.monotonic() - begin)
        told = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        print(f"the five nodes took {share * 100:.0f} % of a core ({told})")
        writes_ms, late_ms = ([s * 1_000 for s in times] for times in (probe.writes_s, probe.lateness_s))
        print(f"a durable write beside it: p99 {quantile(writes_ms, 0.99):.0f} ms, worst {max(writes_ms):.0f} ms")
        print(f"a sleeper beside it woke late by: p99 {quantile(late_ms, 0.99):.0f} ms, worst {max(late_ms):.0f} ms")
    early = sum(turn.early for turn in turns)
    without = sum(turn.receipted_s is None for turn in turns)
    ours_ms = [
        (turn.receipted_s - turn.sent_s) * 1_000
        for turn in turns
        if turn.receipted_s is not None and turn.sent_s is not None and not turn.early
    ]
    print(f"{len(turns)} turns: {len(ours_ms)} measured, {early} told before the turn, {without} without a receipt")
    for turn in turns:
        if turn.early or turn.receipted_s is None:
            print(f"  not measured: {turn.spot}")
        elif turn.sent_s is not None and turn.noticed_s is not None and turn.receipted_s - turn.sent_s > SLOW_S:
            notice_s, more_s = turn.noticed_s - turn.sent_s, turn.receipted_s - turn.noticed_s
            who = f"{turn.spot.party} {turn.spot.number}"
            print(f"  slow: {who}: NOTICE in {notice_s:.2f} s, receipt {more_s:.2f} s later")
    spread = ", ".join(f"p{share * 100:g} {quantile(ours_ms, share):.0f}" for share in (0.1, 0.5, 0.9, 0.99, 1.0))
    print(f"report to receipt in ms: {spread}")
    if without or early > len(turns) // 20:
        raise SystemExit("too few of the turns were measured: the figure would flatter")
    return ours_ms, plain_ms
