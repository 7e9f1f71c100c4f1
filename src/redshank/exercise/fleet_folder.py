"""Exercise folder: fresh keys, configurations and the clock face of five nodes.

Here: which ports, channels and feeds the nodes of an exercise have, written as the files that `redshank
node` reads. Not here: the processes (fleet). May know: compose.config, edges.keys, edges.clock, terms.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import yaml

from redshank.edges.clock import SystemClock, set_exercise_clock
from redshank.edges.keys import KeySet, Passphrase, PublicKeys, make_keys
from redshank.edges.keys.pins import EXERCISE, confirmed, pin_partner
from redshank.edges.keys.public import public_bytes
from redshank.edges.keys.sealed import random_passphrase, write_new
from redshank.exchange.voice.book import Book, Cover, encode_book
from redshank.exercise.accounts import make_accounts
from redshank.exercise.feeder import EDITIONS
from redshank.exercise.scenario import PARTIES, Radar, Scenario, Sensors, Tracker
from redshank.procedure.agreement import parse_agreement
from redshank.terms.ids import ChannelId, PartyId, parties_of, partner_on
from redshank.terms.instants import Instant, year_of

ACTIVE: tuple[ChannelId, ...] = tuple(
    ChannelId(name) for name in ("BY-LT", "BY-LV", "BY-PL", "LT-LV", "LT-PL", "EE-LV")
)
DORMANT: tuple[ChannelId, ...] = (ChannelId("BY-EE"),)
HOST = "127.0.0.1"
PASSPHRASE = "passphrase"
AGREEMENTS = "agreements"
"""Folder of those that differ from what ships."""
CONSOLE_OFFSET, PEER_OFFSET, FEED_OFFSET = 1, 11, 21


class NodePlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where one node of an exercise lies and listens."""

    party: PartyId
    config: Path
    data: Path
    log: Path
    console_port: int
    peer_port: int


class ExerciseFolder(msgspec.Struct, frozen=True, kw_only=True):
    """An exercise on disk. `feed_ports` is the UDP port of each (party, source); `books` those of the party that has no
    node, by channel."""

    root: Path
    clock: Path
    nodes: dict[PartyId, NodePlace]
    feed_ports: dict[tuple[PartyId, str], int]
    books: dict[ChannelId, Path] = {}


def make_folder(scenario: Scenario, root: Path, base_port: int, by_voice: PartyId | None = None) -> ExerciseFolder:
    """Writes everything into `root`, which must be new or empty. Raises OSError or KeysFailed. The party `by_voice`
    gets no node and no keys, but a book for each of its active channels (VOICE-21); its feeds lead nowhere.

    Certificates are dated by the machine's clock, which TLS checks; everything else runs on the exercise
    clock.
    """
    paired = tuple(party for party in PARTIES if party != by_voice)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    clock = root / "clock.json"
    set_exercise_clock(clock, scenario.starts, 0.0)
    nodes = {party: _place(root, party, base_port + PARTIES.index(party)) for party in paired}
    now = SystemClock().now()
    keys: dict[PartyId, KeySet] = {}
    for party in paired:
        passphrase = random_passphrase()
        write_new(root / party / PASSPHRASE, passphrase.encode())
        keys[party] = make_keys(party, root / party / "keys", now, Passphrase(passphrase))
        make_accounts(party, nodes[party].data)
        (root / f"{party}.public.json").write_bytes(public_bytes(keys[party].public()))
    for channel in (*ACTIVE, *DORMANT):
        for party in parties_of(channel) if by_voice not in parties_of(channel) else ():
            _pin(root, keys[party], keys[partner_on(channel, party)].public(), now)
    senders = [(party, source) for party in PARTIES for source in _sources(scenario, party)]
    ports = {sender: base_port + FEED_OFFSET + number for number, sender in enumerate(senders)}
    spoken = _spoken(scenario, root, clock, by_voice) if by_voice is not None else {}
    for party in paired:
        config = _config(scenario, party, nodes, ports)
        nodes[party].config.write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return ExerciseFolder(root=root, clock=clock, nodes=nodes, feed_ports=ports, books=spoken)


def _spoken(scenario: Scenario, root: Path, clock: Path, party: PartyId) -> dict[ChannelId, Path]:
    """The agreements that say of a party that it has no keys, and its books."""
    books = {}
    for folder in (root / AGREEMENTS, root / party):
        folder.mkdir(mode=0o700)
    for channel in (*ACTIVE, *DORMANT):
        if party not in parties_of(channel):
            continue
        text = _packaged("redshank.procedure", "agreements", f"{channel.lower()}.yaml").read_text(encoding="utf-8")
        text += f"by_voice: {party}\n"
        (root / AGREEMENTS / f"{channel.lower()}.yaml").write_text(text, encoding="utf-8")
        agreement = parse_agreement(text)
        cover = Cover(
            book_of=party, channel=channel, year=year_of(scenario.starts), exercise=True, types=agreement.messages,
            clock=str(clock),
        )  # fmt: skip
        if channel in ACTIVE:
            books[channel] = root / party / f"{channel}.book"
            books[channel].write_bytes(encode_book(Book(cover=cover)))
    return books


def _pin(root: Path, keys: KeySet, partner: PublicKeys, now: Instant) -> None:
    """What two officers do by voice, done by the machine that holds both sets: marked so, and of use in an exercise
    alone."""
    seen = confirmed(keys, partner, "exercise staff", "exercise staff", now, EXERCISE)
    pin_partner(keys, root / keys.party / "pinned" / f"{partner.party}.json", partner, seen)


def _place(root: Path, party: PartyId, port: int) -> NodePlace:
    folder = root / party
    (folder / "data").mkdir(parents=True, exist_ok=True, mode=0o700)
    return NodePlace(
        party=party,
        config=folder / "node.yaml",
        data=folder / "data",
        log=folder / "node.log",
        console_port=port + CONSOLE_OFFSET,
        peer_port=port + PEER_OFFSET,
    )


def _sources(scenario: Scenario, party: PartyId) -> list[str]:
    """The sources that send datagrams to the party's node."""
    own = scenario.sensors.get(party, Sensors())
    names = [radar.id for radar in own.radars if not radar.tracked]
    return [*names, own.tracker.id] if own.tracker else names


def _config(
    scenario: Scenario,
    party: PartyId,
    nodes: dict[PartyId, NodePlace],
    ports: dict[tuple[PartyId, str], int],
) -> dict[str, Any]:
    place = nodes[party]
    return {
        "party": str(party),
        "exercise": True,
        "year": year_of(scenario.starts),
        "data": "data",
        "keys": "keys",
        "passphrase_file": PASSPHRASE,
        "console": {"host": HOST, "port": place.console_port},
        "peers": {"host": HOST, "port": place.peer_port},
        "policy": str(_packaged("redshank.release", "policies", f"{party}.yaml")),
        "channels": [_channel(channel, party, nodes) for channel in (*ACTIVE, *DORMANT) if party in channel.split("-")],
        "feeds": _feeds(scenario.sensors.get(party, Sensors()), party, ports),
        "clock": {"exercise_file": "../clock.json"},
        "alert_sender": f"{party.lower()}.exercise.redshank.internal",
    }


def _channel(channel: ChannelId, party: PartyId, nodes: dict[PartyId, NodePlace]) -> dict[str, Any]:
    partner = partner_on(channel, party)
    file = f"{channel.lower()}.yaml"
    if partner not in nodes:
        return {"partner": str(partner), "agreement": str(nodes[party].config.parents[1] / AGREEMENTS / file)}
    agreement = _packaged("redshank.procedure", "agreements", file)
    told: dict[str, Any] = {"partner": str(partner), "agreement": str(agreement)}
    told["partner_keys"] = f"pinned/{partner}.json"
    if channel in ACTIVE:
        told["url"] = f"https://{HOST}:{nodes[partner].peer_port}"
    return told


def _feeds(own: Sensors, party: PartyId, ports: dict[tuple[PartyId, str], int]) -> list[dict[str, Any]]:
    feeds = [
        {"source": _radar_source(radar), "udp": {"port": ports[party, radar.id], "interface": HOST}}
        for radar in own.radars
        if not radar.tracked
    ]
    if own.tracker is not None:
        feeds.append(
            {"source": _tracker_source(own.tracker), "udp": {"port": ports[party, own.tracker.id], "interface": HOST}}
        )
    return [*feeds, {"source": {"id": f"{party.lower()}-people", "kind": "json"}}]


def _radar_source(radar: Radar) -> dict[str, Any]:
    return {
        "id": radar.id,
        "kind": "asterix",
        "editions": {48: EDITIONS[48]},
        "sac_sic": [{"sac": radar.sac, "sic": radar.sic}],
        "radar": {"lat_deg": radar.lat, "lon_deg": radar.lon, "altitude_m": radar.antenna_m},
        "sigma_range_m": radar.sigma_range_m,
        "sigma_azimuth_deg": radar.sigma_azimuth_deg,
    }


def _tracker_source(tracker: Tracker) -> dict[str, Any]:
    return {
        "id": tracker.id,
        "kind": "asterix",
        "editions": {62: EDITIONS[62]},
        "sac_sic": [{"sac": tracker.sac, "sic": tracker.sic}],
    }


def _packaged(package: str, *path: str) -> Path:
    return Path(str(files(package).joinpath(*path)))
