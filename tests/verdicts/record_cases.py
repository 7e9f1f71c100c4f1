"""Whole records of a channel with one change, each with the verdict that its making implies."""

import io
import json
import random
import re
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from tests.exchange.exchange_world import NOW, Node
from tests.exchange.test_exchange_evidence import back_dated, forked, misplaced, rewritten, rolled_back
from tests.exchange.test_exchange_record import conversation, cosigned, export
from tests.verdicts.chain_cases import chained
from tests.verdicts.channel_cases import lines_of, talked
from tests.verdicts.proof_cases import Case, spoilt, text

from redshank.exchange.evidence import encode_evidence
from redshank.exchange.witnessing import Witness, WitnessPolicy
from redshank.log import merkle
from redshank.log.checkpoint import Checkpoint
from redshank.log.note import KeyKind, VerifierKey, cosign_request, signed_note, verifier_key
from redshank.log.tiles import encode_bundle, parse_bundle
from redshank.terms.refusal import Refusal

Files = dict[str, bytes]
AGREEMENT = b'"agreement":"'
REQUIRED = re.compile(rb'"required":\d+')
COSIGNED = re.compile("/(receipts|witnessed)/")
FOUND = re.compile(rb'"found_ms":-?\d+')
EVIDENCE = (forked, rewritten, misplaced, back_dated, rolled_back)


def public_json(node: Node) -> dict[str, Any]:
    """What the party gave out as public.json."""
    public = node.keys.public
    return {
        "party": node.session.me,
        "log_key": text(public.log.classic.public_key),
        "witness_key": text(public.witness.classic.public_key),
        "log_key_mldsa": text(public.log.mldsa.public_key),
        "witness_key_mldsa": text(public.witness.mldsa.public_key),
        "authority_pem": "",
        "key_exchange": ["X25519MLKEM768", "X25519"],
    }


def zipped(files: Files) -> bytes:
    """A record as a node exports it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


OLD = Path(__file__).resolve().parents[2] / "vectors" / "record" / "version1.json"


@cache  # ML-DSA-44 signs hedged: made twice, the signatures would differ
def bases() -> dict[str, Files]:
    """Good records by name; `old` is of version 1, from before the second signature; `voiced` has notes of voice,
    `accused` files of evidence against BY."""
    old = json.loads(OLD.read_text(encoding="utf-8"))["files"]
    spoken = json.loads(OLD.with_name("voice.json").read_text(encoding="utf-8"))["files"]["voice.json"]
    return {
        "conversation": export(*conversation()),
        "talk": export(*talked()),
        "old": {path: b64decode(data) for path, data in old.items()},
        "witnessed": witnessed(),
        "silence": export(),
        "voiced": export(*talked()) | {"voice.json": b64decode(spoken)},
        "accused": export(*talked(), evidence=[encode_evidence(made()) for made in EVIDENCE]),
    }


def witnessed() -> Files:
    """The talk, with two third parties of which one is required; the second has seen LT's newest head only."""
    _, lt = talked()
    parties = [ThirdParty(name) for name in ("witness.example/one", "witness.example/two")]
    policy = WitnessPolicy(1, tuple(party.witness for party in parties))
    files = export(*talked(), witnesses=policy)
    for size, by in ((4, parties[:1]), (len(lt.said), parties)):
        text_ = lt.receipts[size].rpartition(b"\n\n")[0] + b"\n"
        lines = b"".join(party.lines(text_, NOW // 1000 + size) for party in by)
        files[f"LT/witnessed/{size}"] = signed_note(text_, ()) + lines
    return files


class ThirdParty:
    """A witness with TEST KEYS that anybody can derive."""

    def __init__(self, name: str) -> None:
        seed = sha256(name.encode()).digest()
        self.classic, self.second = Ed25519PrivateKey.from_private_bytes(seed), MLDSA44PrivateKey.from_seed_bytes(seed)
        keys = (
            verifier_key(name, KeyKind.WITNESS, self.classic.public_key().public_bytes_raw()),
            verifier_key(name, KeyKind.MLDSA, self.second.public_key().public_bytes_raw()),
        )
        self.witness = Witness(tuple(key for key in keys if isinstance(key, VerifierKey)))

    def lines(self, head: bytes, at_s: int) -> bytes:
        """Both cosignatures on a head."""
        first, second = (cosign_request(head, key, at_s) for key in self.witness.keys)
        signatures = first.signed(self.classic.sign(first.message)), second.signed(self.second.sign(second.message))
        return b"".join(signature.line for signature in signatures)


def old_keys(files: Files) -> list[dict[str, Any]]:
    """The public.json of both parties as they were at the time of version 1."""
    return [
        {
            "party": party,
            "log_key": _raw(keys["log"]),
            "witness_key": _raw(keys["witness"]),
            "authority_pem": "",
        }
        for party, keys in json.loads(files["record.json"])["keys"].items()
    ]


def _raw(vkey: str) -> str:
    """The 32 bytes in a verifier key: behind name, id and type byte."""
    return text(b64decode(vkey.split("+", 2)[2])[1:])


def _changed_file(rng: random.Random, files: Files) -> Files:
    """Any file in other bytes. Nobody signed the agreement's name, how many third parties it requires, and when a
    reporter found its evidence: these are left alone."""
    path = rng.choice(sorted(files))
    data = files[path]
    if path == "record.json":
        begin = data.index(AGREEMENT) + len(AGREEMENT)
        end = data.index(b'"', begin)
        head, tail = data[:begin], data[end:]
        while True:
            made = spoilt(rng, head), data[begin:end], tail
            if rng.random() < 0.5:
                made = head, data[begin:end], spoilt(rng, tail)
            whole = b"".join(made)
            if REQUIRED.sub(b"", whole) != REQUIRED.sub(b"", data) and b'"agreement":"BY-LT-1"' in whole:
                return {path: whole}
    if path.endswith("checkpoint") or COSIGNED.search(path):
        head, lines = lines_of(data)
        while (made_note := spoilt(rng, data)) == head + b"".join(reversed(lines)):
            continue
        return {path: made_note}
    made_bytes = spoilt(rng, data)
    while FOUND.sub(b"", made_bytes) == FOUND.sub(b"", data):
        made_bytes = spoilt(rng, data)
    return {path: made_bytes}


def _without(rng: random.Random, files: Files) -> tuple[dict[str, bytes | None], str]:
    """A file is gone. A receipt, a third party's word or evidence may be kept back; nothing else may."""
    path = rng.choice(sorted(files))
    return {path: None}, "accepted" if COSIGNED.search(path) or path.startswith("evidence/") else "refused"


def _reordered(rng: random.Random, files: Files) -> dict[str, bytes] | None:
    """Two entries of one bundle in each other's place, or one twice, or one gone."""
    path = rng.choice(sorted(path for path in files if "/entries/" in path))
    found = parse_bundle(files[path])
    if isinstance(found, Refusal) or len(found) < 2:
        return None
    held = list(found)
    one, other = rng.sample(range(len(held)), 2)
    way = rng.randrange(3)
    if way == 0:
        held[one], held[other] = held[other], held[one]
    elif way == 1:
        held[one] = held[other]
    else:
        del held[one]
    return {path: encode_bundle(held)}


def _one_for_another(rng: random.Random, files: Files) -> dict[str, bytes]:
    """Two files in each other's place, not both of evidence: the order of those says nothing."""
    one, other = rng.sample(sorted(files), 2)
    while one.startswith("evidence/") and other.startswith("evidence/"):
        one, other = rng.sample(sorted(files), 2)
    return {one: files[other], other: files[one]}


def _too_many(rng: random.Random, files: Files) -> dict[str, bytes]:
    """A file that is no part of a record."""
    paths = ("notes.txt", "LT/tile/0/001", "LT/receipts/02", "LV/checkpoint", "LT/tile/entries/000", "lt/checkpoint")
    return {rng.choice(paths): rng.choice((b"", b"x", files["record.json"]))}


def signed_otherwise(rng: random.Random, by: Node, lt: Node) -> dict[str, bytes]:
    """A head that LT really signed and BY really cosigned, and that convicts: forked, or beyond the log's end."""
    size = rng.choice((1, 2, 3, 4, 9, 300))
    head = Checkpoint(lt.session.own.key.name, size, merkle.leaf_hash(rng.randbytes(8)))
    return {f"LT/receipts/{size}": cosigned(by, lt, head)}


def records(rng: random.Random) -> Iterator[Case]:
    """Whole records with one change; keys pinned."""
    good, (by, lt) = bases(), talked()
    today, old = [public_json(by), public_json(lt)], old_keys(good["old"])
    while True:
        name = rng.choice(("conversation", "talk", "old", "witnessed", "accused"))
        files = good[name]
        changes: dict[str, bytes | None] | dict[str, bytes] | None
        way, expect = rng.randrange(20), "refused"
        if way == 0:
            name = rng.choice(tuple(good))
            changes, expect = {}, "accepted"
        elif way == 1:
            changes, expect = _without(rng, files)
        elif way == 2:
            changes = _too_many(rng, files)
        elif way == 3:
            changes = _reordered(rng, files)
        elif way == 4:
            changes = _one_for_another(rng, files)
        elif way == 5 and name != "old":
            changes = signed_otherwise(rng, by, lt)
        else:
            changes = _changed_file(rng, files)
        if changes is None or any(files.get(path) == data for path, data in changes.items()):
            continue
        coded = {path: None if data is None else text(data) for path, data in changes.items()}
        keys = old if name == "old" else today
        if rng.randrange(40) == 0:
            keys, expect = (today if keys is old else old), "refused"
        yield {"kind": "record", "base": name, "changes": coded, "keys": keys, "expect": expect}


def base_lines() -> list[Case]:
    """The good records, as the lines that cases refer to."""
    return [
        {"kind": "base", "id": name, "files": {path: text(data) for path, data in files.items()}}
        for name, files in (bases() | chained()).items()
    ]
