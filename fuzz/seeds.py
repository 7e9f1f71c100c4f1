"""Seeds: valid inputs to begin with, from the vectors, the shipped files and the tests' own makers."""

import base64
import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from tests.decode.decode_feeds import plot_block, track_block
from tests.edges.test_feeds_recording import capture, cooked, cooked_2, ethernet, raw_ip
from tests.exchange.exchange_world import LT, Keyring, line_test, one_of_each, two_nodes
from tests.exchange.test_exchange_evidence import back_dated, forked, misplaced, rewritten

from fuzz.files import small_record
from redshank.compose.desk import zipped
from redshank.edges.keys import KeyExchange, PublicKeys
from redshank.exchange.evidence import encode_evidence
from redshank.log.tiles import encode_bundle

VECTORS = Path(__file__).parent.parent / "vectors"
REPORTS: tuple[dict[str, object], ...] = (
    {"position": {"lat_deg": 55.7, "lon_deg": 26.2}, "accuracy_m": 400.5, "height_m": 300, "speed_kmh": 130},
    {"reference": {"name": "Zarasai", "country": "LT"}, "distance_km": 3.0, "direction": "NNE", "speed": "fast"},
    {"reference": {"lat_deg": 55.7, "lon_deg": 26.2}, "distance_km": 0, "heading": 285, "what": "balloon", "count": 9},
    {"position": {"lat_deg": 55.7, "lon_deg": 26.2}, "height": "low", "remark": "Du baltų žibintų, без звуку"},
)
SOURCE: dict[str, object] = {
    "id": "tracker-vilnius",
    "kind": "asterix",
    "editions": {"62": "1.20", "48": "1.31"},
    "sac_sic": [{"sac": 25, "sic": 100}, {"sac": 25, "sic": 101}],
    "radar": {"lat_deg": 55.7, "lon_deg": 26.2, "altitude_m": 150.5},
    "system_reference": {"lat_deg": 54.6, "lon_deg": 25.3},
    "area": {"lat_min_deg": 53, "lat_max_deg": 57.5, "lon_min_deg": 20, "lon_max_deg": 29},
    "speed_max_mps": 300,
}


def seeds(name: str) -> list[bytes]:
    """The seeds of one target; the second kind of each is the same with something wrong."""
    return list(MAKERS[name]())


@cache
def _vector(path: str) -> Any:
    return json.loads((VECTORS / path).read_text(encoding="utf-8"))


def _deliveries() -> Iterator[bytes]:
    for case in _vector("log/deliveries.json")["cases"]:
        pushed = base64.b64decode(case["delivery"])
        yield pushed
        yield pushed.partition(b"\n")[2]


def _pushes() -> Iterator[bytes]:
    yield from _deliveries()
    _, lt = two_nodes()
    lt.say(line_test(1))
    lt.sign()
    yield lt.push()
    for said in one_of_each():
        lt.say(said)
    lt.sign()
    yield lt.push()


def _notes() -> Iterator[bytes]:
    heads = _vector("log/checkpoints.json")
    for case in (*heads["good"], *heads["bad"]):
        yield base64.b64decode(case["note"])


def _signatures() -> Iterator[bytes]:
    for note in _notes():
        yield note.rpartition(b"\n\n")[2]


def _answers() -> Iterator[bytes]:
    for block in _signatures():
        yield b"\x00" + block
    yield b"\x01" + b"12\n"
    for code in (b"bad-signature", b"too-large", b"busy"):
        yield b"\x03" + code + b"\n"


def _checkpoints() -> Iterator[bytes]:
    for note in _notes():
        yield note.partition(b"\n\n")[0] + b"\n"


def _vkeys() -> Iterator[bytes]:
    for which in ("log_key", "witness_key"):
        yield _vector("log/checkpoints.json")[which].encode()


def _paths() -> Iterator[bytes]:
    yield from (b"checkpoint", b"tile/0/000", b"tile/0/x001/234.p/112", b"tile/entries/x001/x234/067")


def _entries() -> Iterator[bytes]:
    vectors = _vector("messages/entries.json")
    for case in (*vectors["good"], *vectors["bad"]):
        yield base64.b64decode(case["entry"])


def _bundles() -> Iterator[bytes]:
    entries = list(_entries())
    yield encode_bundle(entries[:1])
    yield encode_bundle(entries[:3])
    yield b"\x00\x01x" * 256


def _records() -> Iterator[bytes]:
    record = small_record()
    for number, path in enumerate(sorted(record)):
        yield bytes([number]) + record[path]
    yield bytes([len(record)]) + b"LT/receipts/9"


def _zips() -> Iterator[bytes]:
    record = small_record()
    yield zipped({"record.json": record["record.json"]})
    yield zipped({path: data for path, data in record.items() if len(data) < 600})
    yield zipped({"zeros": bytes(30_000)})


def _evidence() -> Iterator[bytes]:
    for made in (forked, rewritten, misplaced, back_dated):
        yield encode_evidence(made())


def _public_keys() -> Iterator[bytes]:
    keyring = Keyring(LT)
    yield msgspec.json.encode(
        PublicKeys(
            party=LT,
            log_key=base64.b64encode(keyring.public.log.classic.public_key).decode(),
            witness_key=base64.b64encode(keyring.public.witness.classic.public_key).decode(),
            log_key_mldsa=base64.b64encode(keyring.public.log.mldsa.public_key).decode(),
            witness_key_mldsa=base64.b64encode(keyring.public.witness.mldsa.public_key).decode(),
            authority_pem="-----BEGIN CERTIFICATE-----",
            key_exchange=tuple(KeyExchange),
        ),
        order="sorted",
    )


def _asterix() -> Iterator[bytes]:
    yield track_block()
    yield track_block(count=3, altitude_m=900.0) + plot_block()
    yield plot_block(cooperative=True, velocity_e_mps=10.0, velocity_n_mps=-30.0, track_number=7)
    yield bytes([34, 0, 4, 0]) + plot_block(edition="1.32")


def _captures() -> Iterator[bytes]:
    for number, (frame, link) in enumerate(((ethernet, 1), (raw_ip, 101), (cooked, 113), (cooked_2, 276))):
        for kind in ("pcap", "pcapng"):
            yield capture([frame(track_block()), frame(plot_block())][: 2 - number % 2], link, kind)
    yield track_block() + plot_block()


def _reports() -> Iterator[bytes]:
    for fields in REPORTS:
        yield json.dumps({"at": "2026-05-07T00:29:00Z", "reporter": "border-guard", **fields}).encode()


def _shipped(package: str, folder: str) -> Iterator[bytes]:
    for path in sorted(files(package).joinpath(folder).iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".yaml"):
            yield path.read_bytes()


MAKERS: dict[str, Callable[[], Iterator[bytes]]] = {
    "delivery": _deliveries,
    "push": _pushes,
    "answer": _answers,
    "note": _notes,
    "signatures": _signatures,
    "checkpoint": _checkpoints,
    "vkey": _vkeys,
    "tile_path": _paths,
    "bundle": _bundles,
    "entry": _entries,
    "zip_file": _zips,
    "record": _records,
    "evidence": _evidence,
    "public_keys": _public_keys,
    "asterix": _asterix,
    "capture": _captures,
    "report": _reports,
    "agreement": lambda: _shipped("redshank.procedure", "agreements"),
    "procedure": lambda: _shipped("redshank.procedure", "tables"),
    "policy": lambda: _shipped("redshank.release", "policies"),
    "source": lambda: iter([json.dumps(SOURCE).encode()]),
}
