"""Go's own sumdb/note and sumdb/tlog accept what we write, and refuse one flipped bit. Nobody here wrote them."""

import json
import os
import shutil
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.chain_records import rotated
from tests.exchange.exchange_world import BY, CHANNEL, LT, NOW, YEAR, Keyring, Node, exchange_all, line_test, two_nodes

from redshank.exchange.record import LogExport, build_record
from redshank.exchange.verifier import verify_record
from redshank.log import merkle, tiles
from redshank.log.tiles import Tile
from redshank.terms.refusal import Reason, Refusal

HERE = Path(__file__).resolve().parent
GOCODE = Path("/usr/share/gocode")  # where Debian's golang-golang-x-mod-dev puts its sources

pytestmark = pytest.mark.go


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program, built with Debian's Go and Debian's copy of golang.org/x/mod."""
    if shutil.which("go") is None or not (GOCODE / "src" / "golang.org" / "x" / "mod" / "sumdb").is_dir():
        pytest.skip("needs Debian's packages golang-go and golang-golang-x-mod-dev")
    folder = tmp_path_factory.mktemp("go")
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GOCODE), "GOFLAGS": ""}
    environment.setdefault("GOCACHE", str(folder / "cache"))
    program = folder / "verify"
    built = subprocess.run(
        ["go", "build", "-o", program, "."],
        cwd=HERE / "verify",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return program


def seventy() -> tuple[Node, Node]:
    """70 entries from LT and 5 from BY, in several deliveries, all receipted."""
    by, lt = two_nodes()
    for number in range(70):
        lt.say(line_test(number))
        if number % 16 == 0:
            exchange_all(lt, by, NOW + number * 1000)
            by.say(line_test(number, LT))
            exchange_all(by, lt, NOW + number * 1000)
    exchange_all(lt, by, NOW + 90_000)
    return by, lt


def record_of(by: Node, lt: Node) -> dict[str, bytes]:
    logs = {}
    for node in (by, lt):
        size = node.session.own.receipted_size
        logs[node.session.me] = LogExport(node.receipts[size], size, node.said, node.receipts)
    keys = {BY: Keyring(BY).public, LT: Keyring(LT).public}
    return build_record(agreement="BY-LT-1", prefix="", channel=CHANNEL, year=YEAR, keys=keys, logs=logs)


def proofs_from(files: dict[str, bytes], party: str, size: int) -> dict[str, Any]:
    """Proofs made by us from nothing but the record's tiles."""

    def read_tile(tile: Tile) -> tuple[bytes, ...]:
        hashes = tiles.tile_hashes(files[f"{party}/{tile.path}"], tile)
        assert not isinstance(hashes, Refusal)
        return hashes

    read = tiles.tile_reader(size, read_tile)

    def texts(proof: tuple[bytes, ...] | Refusal) -> list[str]:
        assert not isinstance(proof, Refusal)
        return [b64encode(step).decode() for step in proof]

    return {
        "inclusion": [
            {"index": index, "size": size, "proof": texts(merkle.inclusion_proof(index, size, read))}
            for index in range(size)
        ],
        "consistency": [
            {"old": old, "size": size, "proof": texts(merkle.consistency_proof(old, size, read))}
            for old in range(1, size + 1)
        ],
    }


def run(verifier: Path, folder: Path, files: dict[str, bytes], proofs: dict[str, Any], party: str = "LT") -> str:
    """Writes the record and runs the Go program over it; its output, which ends in accepted or tells why not."""
    record = folder / "record"
    shutil.rmtree(record, ignore_errors=True)
    for path, data in files.items():
        (record / path).parent.mkdir(parents=True, exist_ok=True)
        (record / path).write_bytes(data)
    (folder / "proofs.json").write_text(json.dumps(proofs))
    partner = "BY" if party == "LT" else "LT"
    done = subprocess.run(
        [verifier, record, party, partner, folder / "proofs.json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    assert done.returncode == (0 if done.stdout.endswith("accepted\n") else 1)
    return done.stdout


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def flip_signature(note: bytes, line: int, at: int) -> bytes:
    """One bit of the decoded signature on a line of the note (-4, -3: the log's two; -2, -1: the receipt's two)."""
    lines = note.decode().splitlines()
    name, _, blob = lines[line].rpartition(" ")
    lines[line] = f"{name} {b64encode(flip(b64decode(blob), at)).decode()}"
    return "".join(f"{text}\n" for text in lines).encode()


def test_go_accepts_both_logs(verifier: Path, tmp_path: Path) -> None:
    """LOG-2, LOG-3, LOG-4, LOG-5, LOG-6, LOG-7, LOG-8, LOG-10: all proofs of a 70-entry log, cosigned."""
    files = record_of(*seventy())
    assert verify_record(files).ok
    said = run(verifier, tmp_path, files, proofs_from(files, "LT", 70))
    assert "size 70, cosigned by redshank/BY/witness" in said
    assert "proofs: 70 inclusion, 70 consistency" in said
    assert said.endswith("accepted\n")
    assert run(verifier, tmp_path, files, proofs_from(files, "BY", 5), "BY").endswith("accepted\n")


def test_go_needs_no_ml_dsa(verifier: Path, tmp_path: Path) -> None:
    """LOG-14: who knows only Ed25519 accepts the same record, whatever stands in the other two lines; we do not."""
    files = record_of(*seventy())
    proofs, head = proofs_from(files, "LT", 70), "LT/checkpoint"
    assert files[head].count(b"\n") == 3 + 1 + 4
    for line in (-3, -1):
        spoilt = {**files, head: flip_signature(files[head], line, 1_000)}
        assert run(verifier, tmp_path, spoilt, proofs).endswith("accepted\n")
        report = verify_record(spoilt)
        assert [found.refusal.reason for found in report.findings if found.path == head] == [Reason.BAD_SIGNATURE]


def test_go_accepts_tiles_of_two_levels(verifier: Path, tmp_path: Path) -> None:
    """LOG-7: full tiles, partial tiles, and the level above."""
    by, lt = two_nodes()
    for number in range(600):
        lt.say(line_test(number))
    exchange_all(lt, by)
    by.say(line_test(1, LT))
    exchange_all(by, lt)
    files = record_of(by, lt)
    proofs = proofs_from(files, "LT", 600)
    proofs = {"inclusion": proofs["inclusion"][::59], "consistency": proofs["consistency"][::61]}
    said = run(verifier, tmp_path, files, proofs)
    assert "tiles: 4\n" in said
    assert said.endswith("accepted\n")


def test_go_refuses_one_flipped_bit(verifier: Path, tmp_path: Path) -> None:
    """LOG-3, LOG-6, LOG-7, LOG-8, LOG-10: in an entry, a tile, the log's signature, the receipt, its time, a proof."""
    files = record_of(*seventy())
    proofs = proofs_from(files, "LT", 70)
    entries, tile, head = "LT/tile/entries/000.p/70", "LT/tile/0/000.p/70", "LT/checkpoint"
    note = files[head]
    cases = {
        "an entry": (entries, flip(files[entries], 100), "entries give root"),
        "a tile": (tile, flip(files[tile], 69 * 32), "is not the tile"),
        "the log's signature": (head, flip_signature(note, -4, 40), "invalid signature"),
        "the receipt": (head, flip_signature(note, -2, 40), "invalid signature"),
        "the receipt's time": (head, flip_signature(note, -2, 11), "invalid signature"),
        "the size": (head, note.replace(b"\n70\n", b"\n71\n"), "invalid signature"),
    }
    for name, (path, data, why) in cases.items():
        assert files[path] != data, name
        said = run(verifier, tmp_path, {**files, path: data}, proofs)
        assert said.splitlines()[-1].startswith("refused: "), name
        assert why in said, (name, said)
        assert not verify_record({**files, path: data}).ok, name
    for kind in ("inclusion", "consistency"):
        spoilt = json.loads(json.dumps(proofs))
        step = bytearray(spoilt[kind][30]["proof"][0].encode())
        step[5] = ord("A") if step[5] != ord("A") else ord("B")
        spoilt[kind][30]["proof"][0] = step.decode()
        assert f"refused: {kind} of 3" in run(verifier, tmp_path, files, spoilt)


@pytest.mark.parametrize("party", ["BY", "LT"])
def test_go_accepts_the_logs_before_and_after_a_change_of_keys(verifier: Path, tmp_path: Path, party: str) -> None:
    """LOG-18: the name of a later generation is a name like any other to whoever knows nothing of generations."""
    for files in rotated():
        size = int(files[f"{party}/checkpoint"].split(b"\n", 2)[1])
        said = run(verifier, tmp_path, files, proofs_from(files, party, size), party)
        assert said.endswith("accepted\n"), said
