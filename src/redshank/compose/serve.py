"""Serve: runs one node until it is told to stop: engine, clock tick, feeds, partners, console.

May know: everything below. Holds no logic: it starts things in order and ends them in order.
"""

import asyncio
import contextlib
import gc
import signal
import socket
import sys
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
import uvicorn

from redshank.compose.agreement_files import AgreementFiles
from redshank.compose.begun import begun_keys
from redshank.compose.build import (
    build_state,
    first_pairs,
    read_gazetteer,
    read_geography,
    read_numbers,
    read_pinned,
    read_sources,
)
from redshank.compose.config import ConfigFailed, NodeConfig, read_config
from redshank.compose.desk import NodeDesk, SeenLinks
from redshank.compose.doorkeeper import console_url, doorkeeper, feed_key, first_link, open_people
from redshank.compose.next_keys import NextKeysWatch, keys_missed
from redshank.compose.policy_file import PolicyFile, silent
from redshank.compose.reporting.reporter import Reporter
from redshank.console.app import build_app
from redshank.console.gate import LOOPBACK_HOSTS
from redshank.decode.decoded import Decoded
from redshank.decode.source import SourceConfig, SourceKind
from redshank.edges.alerts import SpoolSender
from redshank.edges.allocator import give_back_memory
from redshank.edges.clock import Clock, ExerciseClock, SystemClock
from redshank.edges.durable_file import make_folder, write_secret
from redshank.edges.engine import Engine
from redshank.edges.feeds.udp import UdpFeed
from redshank.edges.first_use import FirstUse
from redshank.edges.keys import KeyRing, KeysFailed, PublicKeys
from redshank.edges.keys.pins import newest_pin, pinned
from redshank.edges.keys.revocation import is_revoked
from redshank.edges.keys.sealed import Passphrase, find_passphrase
from redshank.edges.peers.calling import PeerCall
from redshank.edges.peers.links import LinkBook
from redshank.edges.peers.outbox import ChannelOutbox
from redshank.edges.peers.puller import PeerPuller
from redshank.edges.peers.pump import PeerPump
from redshank.edges.peers.server import PeerServer
from redshank.edges.peers.tls import Caller
from redshank.edges.people import PeopleFailed, PeopleStore
from redshank.edges.recovery import recover
from redshank.edges.tiles import LogTiles, TileHashes
from redshank.exchange.session import Session
from redshank.forecast.forecast import draw_banks
from redshank.node.events import Event, Reported, Ticked
from redshank.node.rotation import of_note
from redshank.node.state import NodeState
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId, SourceId, channel_between

if TYPE_CHECKING:
    from redshank.edges.witness.pump import WitnessPump

DESK_SOURCE = SourceConfig(id=SourceId("desk"), kind=SourceKind.JSON)
"""People's reports, where the configuration names no JSON source of its own."""


class _ConsoleFile(msgspec.Struct, frozen=True):
    """What the node leaves in its data folder for those who may read it: where the console is, and the feed's key."""

    url: str
    feed_key: str
    console_port: int
    peer_port: int


@dataclass(frozen=True)
class _Links:
    """What the two ends of the partners' links share."""

    keys: KeyRing
    partners: dict[PartyId, PublicKeys]
    pins: dict[PartyId, Path]
    book: LinkBook
    revoked: set[bytes]
    """Log keys of partners that are revoked."""


async def serve(config_path: Path, passphrase: Passphrase | None = None) -> None:
    """Runs the node of this configuration until SIGTERM or SIGINT.

    The passphrase opens the keys; absent, it comes from where the configuration says (edges/keys/sealed).
    Raises ConfigFailed, KeysFailed, PeopleFailed, RecoveryFailed or StoreFailed with a text for the operator.
    """
    config, base = read_config(config_path)
    data = base / config.data
    make_folder(data)
    people = open_people(config, data)
    keys = await _opened_keys(config, base, passphrase)
    pinned = [read_pinned(config, base, channel, keys) for channel in config.channels]
    partners = {pin[0].party: pin[0] for pin in pinned if pin is not None}
    begun = begun_keys(data, first_pairs(config, base, keys), keep=True)
    clock = clock_of(config, base)
    store = FirstUse(keys.base.folder).open_store(data / "node.sqlite")
    state = recover(build_state(config, base, keys, begun, silent(config.party)), store)
    begins = _begins(config, base, state)
    engine = Engine(state, store, keys, clock, SpoolSender(data / "alerts"))
    for event in begins:
        await engine.post(event)  # before anything else that a turn could decide about
    sources = read_sources(config)
    reports = next((source for source in sources if source.kind is SourceKind.JSON), DESK_SOURCE)
    tiles = TileHashes(data / "tiles.sqlite")
    logs = LogTiles(engine, tiles)
    pins = {one.partner: base / one.partner_keys for one in config.channels if one.partner_keys is not None}
    links = _Links(keys, partners, pins, LinkBook(), set())
    _look_for_revocations(links)
    reporter = Reporter(data / "node.sqlite")
    seen = SeenLinks(links.book, keys.base, links.revoked)
    desk = NodeDesk(engine, reports, read_gazetteer(), logs, seen, people, reporter)
    for lacked in keys_missed(engine.state, keys):
        await engine.post(lacked)  # before anything else can ask for a signature
    gc.freeze()  # map, places and ASTERIX layouts live as long as the node: no collection need look at them again
    try:
        await _run(config, base, data, links, engine, (desk, logs), sources, clock)
    finally:
        tiles.close()
        store.close()
        people.close()


def _begins(config: NodeConfig, base: Path, state: NodeState) -> list[Event]:
    """Files that are others than those that were read last. Raises ConfigFailed."""
    first = PolicyFile.of(config, base).at_start(state)
    return [*([] if first is None else [first]), *AgreementFiles.of(config, base).at_start(state)]


async def _opened_keys(config: NodeConfig, base: Path, passphrase: Passphrase | None) -> KeyRing:
    if passphrase is None:
        named = None if config.passphrase_file is None else base / config.passphrase_file
        passphrase = find_passphrase(named, None)
    opening = asyncio.create_task(asyncio.to_thread(KeyRing, config.party, base / config.keys, passphrase))
    await asyncio.sleep(0)
    read_geography()  # the map, while another thread makes the key from the passphrase: either takes half a second
    return await opening


async def _run(
    config: NodeConfig,
    base: Path,
    data: Path,
    links: _Links,
    engine: Engine,
    shown: tuple[NodeDesk, LogTiles],
    sources: tuple[SourceConfig, ...],
    clock: Clock,
) -> None:
    desk, logs = shown
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    reload = asyncio.Event()
    loop.add_signal_handler(signal.SIGHUP, reload.set)
    server = PeerServer(config.party, links.keys.base, links.partners, desk, links.book)
    peer_port = await server.start(config.peers.host, config.peers.port)
    console, listening = _console(config, base, data, desk)
    jobs: list[Coroutine[object, object, object]] = [engine.run(), _tick(engine), _renew(links)]
    jobs.append(_people_fail(desk.people))
    jobs += [_serve_console(console, listening), _note_use(engine, FirstUse(links.keys.base.folder))]
    jobs.append(NextKeysWatch(config, base, links.keys, engine).run())
    jobs.append(_take_files(engine, PolicyFile.of(config, base), AgreementFiles.of(config, base), reload))
    jobs += [pump.run() for pump in _pumps(config, links, engine)]
    jobs += [puller.run() for puller in _pullers(config, links, engine, desk)]
    jobs += [logs.run(), *(pump.run() for pump in _witness_pumps(engine, logs))]
    jobs += [feed.run() for feed in _feeds(config, sources, clock, engine)]
    tasks = [asyncio.create_task(job) for job in jobs]
    _announce(config, data, desk.people, listening.getsockname()[1], peer_port)
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
    await _end(server, console, [stopping, *tasks])
    for task in done:
        if task is not stopping and not task.cancelled():
            task.result()  # a job that ended by itself has failed: say so


def clock_of(config: NodeConfig, base: Path) -> Clock:
    """The machine's clock, or the exercise's. Raises ConfigFailed."""
    if config.clock.exercise_file is None:
        return SystemClock()
    try:
        return ExerciseClock(base / config.clock.exercise_file)
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigFailed(f"clock.exercise_file: {error}") from error


async def _tick(engine: Engine) -> None:
    await asyncio.to_thread(lambda: draw_banks(read_numbers()))  # beside the rest: the first tick may have to forecast
    give_back_memory()
    while True:
        await engine.post(Ticked())
        await asyncio.sleep(limits.TICK_S)


async def _people_fail(people: PeopleStore) -> None:
    """Ends the node when the disk does not take what was to be kept of its people, as when it does not take the rest.
    Raises PeopleFailed."""
    loop = asyncio.get_running_loop()
    failed: asyncio.Future[None] = loop.create_future()

    def tell(error: PeopleFailed) -> None:
        if not failed.done():
            failed.set_exception(error)

    people.on_failure = lambda error: loop.call_soon_threadsafe(tell, error)
    await failed


async def _take_files(
    engine: Engine, policy_file: PolicyFile, agreements: AgreementFiles, reload: asyncio.Event
) -> None:
    """Each time that a person has sent SIGHUP."""
    while True:
        await reload.wait()
        reload.clear()
        await policy_file.take(engine)
        await agreements.take(engine)


async def _note_use(engine: Engine, first_use: FirstUse) -> None:
    """Right after the first turn that kept anything."""
    version = 0
    while True:
        version = await engine.changed(version)
        first_use.note(engine.events)


def _pumps(config: NodeConfig, links: _Links, engine: Engine) -> list[PeerPump]:
    pumps = []
    for channel in config.channels:
        name = channel_between(config.party, channel.partner)
        if channel.url is not None:
            call = PeerCall(channel.url, Caller(links.keys.base, links.partners[channel.partner]), links.book)
            pumps.append(PeerPump(name, call, ChannelOutbox(engine, name)))
    return pumps


def _pullers(config: NodeConfig, links: _Links, engine: Engine, desk: NodeDesk) -> list[PeerPuller]:
    """One for each partner with a node: what it can not push is pulled."""
    pullers = []
    for channel in config.channels:
        name = channel_between(config.party, channel.partner)
        if channel.url is not None:
            call = PeerCall(channel.url, Caller(links.keys.base, links.partners[channel.partner]), links.book)
            session, arrivals = partial(_session_of, engine, name), partial(desk.arrivals, name)
            pullers.append(PeerPuller(name, call, desk, session, arrivals))
    return pullers


def _session_of(engine: Engine, channel: ChannelId, note: bytes) -> Session:
    return of_note(engine.state, channel, note)


def _witness_pumps(engine: Engine, logs: LogTiles) -> "list[WitnessPump]":
    named = [
        (channel, witness)
        for channel in sorted(engine.state.sessions)
        for witness in engine.state.session(channel).witnesses.witnesses
    ]
    if not named:
        return []  # and nothing to load: the HTTP client of the witnesses has no other use here
    from redshank.edges.witness.pump import EngineOutbox, WitnessPump

    return [WitnessPump(witness, EngineOutbox(engine, logs, channel, witness)) for channel, witness in named]


async def _renew(links: _Links) -> None:
    """Takes a renewed TLS certificate into use, and a partner's revocation."""
    while True:
        await asyncio.sleep(limits.KEYS_LOOK_S)
        _look_for_revocations(links)
        try:
            if await asyncio.to_thread(links.keys.base.refresh_tls):
                sys.stdout.write("Redshank: the renewed TLS certificate is in use\n")
        except KeysFailed as error:
            sys.stdout.write(f"Redshank: a renewed TLS certificate is not used: {error}\n")
        sys.stdout.flush()


def _look_for_revocations(links: _Links) -> None:
    """Bars partners whose newest keys are revoked; a revocation that cannot be read bars too, until a person has
    looked. Of older keys nothing is taken any more in the logs that are under them (KEY-12)."""
    for partner, pin in links.pins.items():
        try:
            newest, _ = newest_pin(links.keys.base, pin)
            if is_revoked(pin, newest):
                links.book.bar(partner, f"the keys of {partner} are revoked: pair anew")
            links.revoked.update(one.log_public() for one in pinned(links.keys.base, pin) if is_revoked(pin, one))
        except KeysFailed as error:
            links.book.bar(partner, str(error))


def _feeds(config: NodeConfig, sources: tuple[SourceConfig, ...], clock: Clock, engine: Engine) -> list[UdpFeed]:
    async def emit(source: SourceId, decoded: Decoded) -> None:
        await engine.post(Reported(source, decoded))

    pairs = zip(config.feeds, sources, strict=True)
    return [UdpFeed(source, feed.udp, clock, emit) for feed, source in pairs if feed.udp is not None]


def _console(config: NodeConfig, base: Path, data: Path, desk: NodeDesk) -> tuple[uvicorn.Server, socket.socket]:
    pages = Path(str(files("redshank.console").joinpath("pages")))
    basemap = Path(str(files("redshank.geodata").joinpath("base.pmtiles")))
    listening = socket.create_server((config.console.host, config.console.port), backlog=64)
    port = listening.getsockname()[1]
    name = urlsplit(console_url(config, port)).hostname or "localhost"
    doors = doorkeeper(config, base, data, desk.people, port)
    app = build_app(desk, pages, basemap, doors, hosts=LOOPBACK_HOSTS | {name})
    settings = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="off", timeout_graceful_shutdown=2
    )
    return uvicorn.Server(settings), listening


async def _serve_console(console: uvicorn.Server, listening: socket.socket) -> None:
    await console.serve(sockets=[listening])


def _announce(config: NodeConfig, data: Path, people: PeopleStore, port: int, peer_port: int) -> None:
    origin = console_url(config, port)
    told = _ConsoleFile(f"{origin}/", feed_key(data), port, peer_port)
    write_secret(data / "console.json", msgspec.json.encode(told))
    sys.stdout.write(f"Redshank {config.party}: console at {origin}/ (partners: port {peer_port}; stop: Ctrl-C)\n")
    link = first_link(people, origin)
    if link is not None:
        sys.stdout.write(f"Redshank {config.party}: nobody administers this node yet. Enrol within a day: {link}\n")
    sys.stdout.flush()


async def _end(server: PeerServer, console: uvicorn.Server, tasks: list["asyncio.Task[object]"]) -> None:
    """Closes the doors first, then stops the work; what is durable stays, the rest comes again."""
    console.should_exit = True
    await server.stop()
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)
