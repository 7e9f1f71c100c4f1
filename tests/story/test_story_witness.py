"""Two nodes, two witnesses and a third that is dead: each a process of its own, over real HTTP: k of n."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from tests.story.story_fleet import NodeProcess, make_fleet, running
from tests.story.story_witness import WitnessProcess, redshank

from redshank.edges.keys import KeySet, PublicKeys
from redshank.edges.keys.sealed import read_passphrase
from redshank.edges.peers.calling import PeerCall
from redshank.edges.peers.links import LinkBook
from redshank.edges.peers.tls import Caller
from redshank.exchange.parties import EXERCISE_PREFIX, PartyKeys, party_keys
from redshank.log.checkpoint import SignedHead, open_head
from redshank.log.merkle import leaf_hash, perfect_hashes, root_at
from redshank.log.tiles import entry_bundles, hash_tiles, parse_bundle
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant

NIGHT = Instant(1_778_115_600_000)  # 2026-05-07T01:00:00Z


@contextlib.contextmanager
def witnesses(folder: Path) -> Iterator[list[WitnessProcess]]:
    made = [WitnessProcess(folder / name, f"{name}.example/w") for name in ("one", "two", "three")]
    try:
        yield made
    finally:
        for witness in made:
            witness.stop()


def agree(nodes: dict[str, NodeProcess], folder: Path, thirds: list[WitnessProcess], required: int) -> Path:
    """Both parties' configurations now name an agreement with witnesses."""
    path = folder / "by-lt.yaml"
    for node in nodes.values():
        config = yaml.safe_load(node.config.read_text())
        (channel,) = config["channels"]
        if not path.exists():
            more = {"witnesses": {"required": required, "of": [third.agreed for third in thirds]}}
            path.write_text(Path(channel["agreement"]).read_text() + "\n" + yaml.safe_dump(more, width=100_000))
        channel["agreement"] = str(path)
        node.config.write_text(yaml.safe_dump(config))
    return path


def line_of(view: Any) -> Any:
    (line,) = view["lines"]
    return line


def witnessed_upto(size: int) -> Any:
    return lambda view: line_of(view) if line_of(view)["witnessed_size"] >= size else None


def say(node: NodeProcess) -> None:
    assert node.call("POST", "/api/command", {"act": "test-line", "channel": "BY-LT"}) == {"accepted": True}


@pytest.mark.timeout(300)
def test_two_of_three_witnesses_and_one_is_dead(tmp_path: Path) -> None:
    """WIT-5, WIT-7, WIT-8, WIT-9, WIT-10: delivery waits for nobody; a message without a receipt is proven as sent; a
    witness that comes back catches up; a restart forgets nothing."""
    nodes = make_fleet(tmp_path, ["BY", "LT"], at=NIGHT)
    by, lt = nodes["BY"], nodes["LT"]
    with witnesses(tmp_path) as (one, two, dead):
        agreement = agree(nodes, tmp_path, [one, two, dead], 2)
        logs = [
            vkey
            for node in (by, lt)
            for vkey in redshank("witness", "logs", node.public_keys, "BY-LT", 2026, "--exercise").split()
        ]
        for witness in (one, two, dead):
            witness.serve(logs)
        one.start()
        two.start()
        with running(by, lt):
            said = lt.wait_for(lambda view: line_of(view)["receipted_size"] >= 1 and line_of(view))["own_size"]
            say(lt)
            lt.wait_for(lambda view: line_of(view)["receipted_size"] > said)
            line = lt.wait_for(witnessed_upto(said + 1))
            assert line["witnesses_required"] == 2
            shown = {third["name"]: third for third in line["witnesses"]}
            assert shown[dead.name]["size"] == 0
            assert shown[dead.name]["trouble"]
            assert not shown[one.name]["trouble"]
            asyncio.run(it_is_readable_as_files(lt, by))
            by.stop()
            before = line_of(lt.view())["own_size"]
            say(lt)
            line = lt.wait_for(witnessed_upto(before + 1))
            assert line["receipted_size"] < line["witnessed_size"]
            lt.kill()
            lt.start()
            lt.wait_ready()
            assert line_of(lt.view())["witnessed_size"] == line["witnessed_size"]
            dead.start()
            lt.wait_for(lambda view: all(third["size"] >= before + 1 for third in line_of(view)["witnesses"]), 60.0)
            lt.wait_for(lambda view: not any(third["trouble"] for third in line_of(view)["witnesses"]))
            record = tmp_path / "record.zip"
            record.write_bytes(lt.call("GET", "/api/record/BY-LT"))
        it_is_proven(record, agreement, [by.public_keys, lt.public_keys], [one, two, dead])
    assert "No log has contradicted itself" in redshank("witness", "proofs", "--config", tmp_path / "one/witness.yaml")


async def it_is_readable_as_files(lt: NodeProcess, by: NodeProcess) -> None:
    """LOG-7, LOG-17: BY reads LT's log over TLS, from the head down to the entries, and comes to the signed root."""
    keys = KeySet(PartyId("BY"), by.folder / "keys", read_passphrase(by.folder / "passphrase"))
    public = msgspec.json.decode(lt.public_keys.read_bytes(), type=PublicKeys)
    pinned = party_keys(EXERCISE_PREFIX, ChannelId("BY-LT"), 2026, PartyId("LT"), public.raw())
    assert isinstance(pinned, PartyKeys)
    line = PeerCall(f"https://127.0.0.1:{lt.peer_port}", Caller(keys, public), LinkBook())
    try:

        async def read(path: str) -> bytes:
            status, body = await line.request("GET", f"/v1/BY-LT/log/{path}", b"")
            assert status == 200, path
            return body

        head = open_head(await read("checkpoint"), pinned.log)
        assert isinstance(head, SignedHead)
        size, entries, hashes = head.checkpoint.size, list[bytes](), b""
        for tile in entry_bundles(size):
            bundle = parse_bundle(await read(tile.path))
            assert isinstance(bundle, tuple)
            entries += bundle
        for tile in hash_tiles(size):
            hashes += await read(tile.path)
    finally:
        line.close()
    leaves = [leaf_hash(entry) for entry in entries]
    assert len(leaves) == size
    assert b"".join(leaves) == hashes  # so small a log has one level
    assert root_at(size, perfect_hashes(leaves)) == head.checkpoint.root


def it_is_proven(record: Path, agreement: Path, public: list[Path], thirds: list[WitnessProcess]) -> None:
    keys = [argument for path in public for argument in ("--keys", path)]
    report = json.loads(redshank("verify", record, *keys, "--agreement", agreement, "--json"))
    assert report["ok"]
    assert report["witnesses_pinned"]
    last = [line for line in report["lines"] if line["sender"] == "LT"][-1]
    assert last["received_at_s"] is None
    assert last["witnessed_at_s"] is not None
    assert {name for name, _ in last["witnessed_by"]} == {third.name for third in thirds}
    said = redshank("verify", record, *keys, "--agreement", agreement)
    (sentence,) = [line for line in said.splitlines() if line.endswith("; no receipt")]
    assert sentence.startswith(f"LT {last['serial']}: witnessed as sent at ")
    assert all(f"by {third.name}" in sentence for third in thirds)
