"""The exercise folder is what `redshank node` takes; processes never outlive their director."""

import asyncio
import os
import signal
import stat
import sys
from pathlib import Path

import msgspec
import pytest

from redshank.compose.build import build_state, first_pairs, read_sources
from redshank.compose.config import read_config
from redshank.edges.keys import KeyRing, KeySet, PublicKeys
from redshank.edges.keys.sealed import read_passphrase
from redshank.exchange.voice.book import Book, parse_book
from redshank.exercise.fleet_folder import ACTIVE, DORMANT, make_folder
from redshank.exercise.scenario import PARTIES, read_scenarios
from redshank.terms.ids import PartyId

NIGHTS = read_scenarios()


@pytest.fixture(params=sorted(NIGHTS))
def folder(request, tmp_path):
    return make_folder(NIGHTS[request.param], tmp_path / "exercise", 9_200)


def test_every_configuration_is_taken_by_the_node(folder):
    for party in PARTIES:
        config, base = read_config(folder.nodes[party].config)
        assert config.party == party
        assert config.exercise
        assert config.console.host == config.peers.host == "127.0.0.1"
        assert len(read_sources(config)) == len(config.feeds)
        assert {feed.udp.interface for feed in config.feeds if feed.udp} <= {"127.0.0.1"}
        KeySet(party, base / config.keys, read_passphrase(base / str(config.passphrase_file)))


def test_channels_are_the_agreed_ones(folder):
    found: dict[str, list[bool]] = {}
    for party in PARTIES:
        config, base = read_config(folder.nodes[party].config)
        keys = KeyRing(party, base / config.keys, read_passphrase(base / str(config.passphrase_file)))
        state = build_state(config, base, keys, first_pairs(config, base, keys))
        for channel in state.sessions:
            found.setdefault(channel, []).append(state.is_active(channel))
    assert {channel for channel, active in found.items() if all(active)} == set(ACTIVE)
    assert {channel for channel, active in found.items() if not any(active)} == set(DORMANT)
    assert all(len(active) == 2 for active in found.values())


def test_keys_are_fresh_private_and_pinned(folder, tmp_path):
    other = make_folder(NIGHTS["lv-2026-05-07"], tmp_path / "other", 9_200)
    for party in PARTIES:
        public = msgspec.json.decode((folder.root / f"{party}.public.json").read_bytes(), type=PublicKeys)
        again = msgspec.json.decode((other.root / f"{party}.public.json").read_bytes(), type=PublicKeys)
        assert public.log_key != again.log_key
        for key in (folder.root / party / "keys").glob("*.key"):
            assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_party_by_voice_has_books_in_the_place_of_a_node(tmp_path):
    """VOICE-21: the others know that it has no keys; what it needs is one file for each channel."""
    folder = make_folder(NIGHTS["lv-2026-05-07"], tmp_path / "exercise", 9_200, by_voice=PartyId("BY"))
    assert set(folder.nodes) == set(PARTIES) - {"BY"}
    assert set(folder.books) == {"BY-LT", "BY-LV", "BY-PL"}
    assert [path.name for path in (folder.root / "BY").iterdir() if path.suffix != ".book"] == []
    for party in folder.nodes:
        config, base = read_config(folder.nodes[party].config)
        keys = KeyRing(party, base / config.keys, read_passphrase(base / str(config.passphrase_file)))
        state = build_state(config, base, keys, first_pairs(config, base, keys))
        lone = {channel for channel, session in state.sessions.items() if session.lone}
        assert lone == {channel for channel in state.sessions if "BY" in channel}
        assert lone <= state.charter.by_voice
    for channel, path in folder.books.items():
        book = parse_book(path.read_bytes())
        assert isinstance(book, Book)
        assert (book.cover.channel, book.cover.exercise, book.cover.year) == (channel, True, 2026)


def test_no_two_doors_share_a_port(folder):
    tcp = [port for node in folder.nodes.values() for port in (node.console_port, node.peer_port)]
    every = [*tcp, *folder.feed_ports.values()]
    assert len(set(every)) == len(every)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]


PARENT = """
import multiprocessing, os, sys, time
from redshank.exercise.leash import hold

def node(told):
    hold()
    with open(told, "w") as file:
        file.write(str(os.getpid()))
    time.sleep(60)

if __name__ == "__main__":
    process = multiprocessing.get_context("forkserver").Process(target=node, args=(sys.argv[1],))
    process.start()
    process.join()
"""


async def test_the_leash_ends_the_child_when_the_parent_is_killed(tmp_path):
    told = tmp_path / "pid"
    parent = tmp_path / "director.py"
    parent.write_text(PARENT, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(sys.executable, str(parent), str(told))
    for _ in range(200):
        if told.exists() and told.read_text():
            break
        await asyncio.sleep(0.05)
    pid = int(told.read_text())
    assert is_alive(pid)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    for _ in range(100):
        if not is_alive(pid):
            break
        await asyncio.sleep(0.05)
    assert not is_alive(pid)
