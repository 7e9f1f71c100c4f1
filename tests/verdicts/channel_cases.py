"""Mutated notes, entries and whole records of a channel, each with the verdict that its making implies."""

import io
import json
import random
import re
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from tests.exchange.exchange_world import BY, CHANNEL, LT, NOW, YEAR, Node, exchange_all, one_of_each, two_nodes
from tests.exchange.test_exchange_record import conversation, cosigned, export
from tests.verdicts.proof_cases import Case, spoilt, text

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


def vkeys(node: Node, role: str) -> list[str]:
    """The verifier keys of a node's log or witness, Ed25519 first."""
    return [key.vkey for key in getattr(node.keys.public, role).both]


def public_json(node: Node) -> dict[str, str]:
    """What the party gave out as public.json."""
    public = node.keys.public
    return {
        "party": node.session.me,
        "log_key": text(public.log.classic.public_key),
        "witness_key": text(public.witness.classic.public_key),
        "log_key_mldsa": text(public.log.mldsa.public_key),
        "witness_key_mldsa": text(public.witness.mldsa.public_key),
        "authority_pem": "",
    }


# --- notes -------------------------------------------------------------------------------------------------


def _lines(note: bytes) -> tuple[bytes, list[bytes]]:
    body, _, block = note.rpartition(b"\n\n")
    return body + b"\n\n", block.splitlines(keepends=True)


def mutated_note(rng: random.Random, note: bytes) -> tuple[bytes, str]:
    """A head with both signatures, changed: any other bytes are refused, but the order of the lines is free."""
    head, lines = _lines(note)
    way = rng.randrange(12)
    if way == 0:
        return note, "accepted"
    if way == 1:
        return head + b"".join(reversed(lines)), "accepted"
    if way == 2:
        gone = rng.randrange(len(lines))
        return head + b"".join(line for at, line in enumerate(lines) if at != gone), "refused"
    if way == 3:
        return note + rng.choice(lines), "refused"
    if way == 4:
        return note + "— somebody/else ".encode() + b64encode(rng.randbytes(68)) + b"\n", "refused"
    if way == 5:
        return head.replace(b"\n", b"\nextension\n", 1) + b"".join(lines), "refused"
    return spoilt(rng, note), "refused"


def notes(rng: random.Random) -> Iterator[Case]:
    """Receipts: heads of LT's log with the signatures of LT's log and of BY's witness."""
    by, lt = talked()
    while True:
        good = lt.receipts[rng.choice(sorted(lt.receipts))]
        note, expect = mutated_note(rng, good)
        yield {
            "kind": "note",
            "note": text(note),
            "of": text(good),
            "log": vkeys(lt, "log"),
            "witness": vkeys(by, "witness"),
            "expect": expect,
        }


@cache
def talked() -> tuple[Node, Node]:
    """Each says one of each type, in several deliveries."""
    by, lt = two_nodes()
    for number, released in enumerate(one_of_each(BY)):
        lt.say(released, NOW + number * 1000)
        if number % 4 == 3:
            exchange_all(lt, by, NOW + number * 1000)
    exchange_all(lt, by, NOW + 20_000)
    for number, released in enumerate(one_of_each(LT)):
        by.say(released, NOW + 30_000 + number * 1000)
    exchange_all(by, lt, NOW + 60_000)
    return by, lt


# --- entries -----------------------------------------------------------------------------------------------

INTEGER_BEYOND = 1 << 60
Change = Callable[[random.Random, dict[str, Any]], None]


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _objects(value: Any) -> list[dict[str, Any]]:
    """Every object within a value, itself first."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [value] if isinstance(value, dict) else []
    return found + [one for item in inner for one in _objects(item)]


def _numbers(value: Any) -> list[tuple[dict[str, Any], str]]:
    return [(held, name) for held in _objects(value) for name in held if isinstance(held[name], int)]


def _to_number(rng: random.Random, message: dict[str, Any], made: Callable[[int], Any]) -> None:
    held, name = rng.choice(_numbers(message))
    held[name] = made(held[name])


CHANGES: list[Change] = [
    lambda rng, m: rng.choice(_objects(m)).update({"zz": 1}),
    lambda rng, m: rng.choice(_objects(m)).update({"origin_country": "XX"}),
    lambda rng, m: m.pop(rng.choice(["v", "type", "channel", "sender", "year", "serial", "form", "stated_ms", "body"])),
    lambda rng, m: m["body"].pop(rng.choice(sorted(m["body"].keys() - {"crossing", "districts"}))),
    lambda rng, m: m.update({rng.choice(["observed_ms", "incident", "text", "in_reply_to"]): None}),
    lambda rng, m: _to_number(rng, m, float),
    lambda rng, m: _to_number(rng, m, str),
    lambda rng, m: _to_number(rng, m, lambda n: INTEGER_BEYOND * 2**8),
    lambda rng, m: _to_number(rng, m, lambda n: -INTEGER_BEYOND),
    lambda rng, m: _to_number(rng, m, lambda n: True),
    lambda rng, m: m.update(serial=m["serial"] + rng.choice((-1, 1, 7))),
    lambda rng, m: m.update(year=rng.choice((2025, 2027))),
    lambda rng, m: m.update(channel=rng.choice(("BY-LV", "LT-BY", ""))),
    lambda rng, m: m.update(sender=rng.choice(("BY", "lt", "LV"))),
    lambda rng, m: m.update(v=rng.choice((0, 2))),
    lambda rng, m: m.update(form=rng.choice(("correction", "cancel", "copy"))),
    lambda rng, m: m.update(type=rng.choice(("ATTACK", "notice", "", "WARNING"))),
    lambda rng, m: m.update(
        text=rng.choice(("", "x" * 201, "a\u0301", "a\u202eb", "a\u0000b", "\U0001f600", "\ue000"))
    ),
    lambda rng, m: m.update(incident=rng.choice(("LT-2026-12", "lt-2026-000012", "LT-2026-0000123", ""))),
    lambda rng, m: m.update(observed_ms=m["stated_ms"] + 60_001),
    lambda rng, m: m.update(body=rng.choice(([], "", 1, {}))),
]


def _spelled_otherwise(rng: random.Random, entry: bytes) -> bytes:
    """The same message in other bytes."""
    ways = (
        lambda: json.dumps(json.loads(entry), sort_keys=True, ensure_ascii=False).encode(),
        lambda: json.dumps(
            dict(reversed(json.loads(entry).items())), separators=(",", ":"), ensure_ascii=False
        ).encode(),
        lambda: entry + rng.choice((b"\n", b" ", b"\r\n", b"\t")),
        lambda: entry[:1] + b'"channel":"BY-LT",' + entry[1:],
        lambda: entry.replace(b'"v":1', b'"v":01'),
        lambda: entry.replace(b'"v":1', b'"v":1.0'),
        lambda: entry.replace(b'"LT"', b'"L\\u0054"', 1),
        lambda: entry.replace(b'"sender"', b'"sende\\u0072"'),
        lambda: b"\xef\xbb\xbf" + entry,
        lambda: entry[:-1] + b",}",
        lambda: entry[: rng.randrange(len(entry))],
        lambda: entry + b"\x00",
        lambda: b"[" * rng.choice((40, 600, 4000)) + entry,
        lambda: entry[:-1] + b" " * 4096 + b"}",
    )
    return rng.choice(ways)()


def entries(rng: random.Random) -> Iterator[Case]:
    """Messages with one change that no rule allows; 1 in 20 untouched."""
    _, lt = talked()
    while True:
        serial = rng.randrange(len(lt.said))
        entry, expect = lt.said[serial], "refused"
        way = rng.randrange(20)
        if way == 0:
            expect = "accepted"
        elif way < 7:
            entry = _spelled_otherwise(rng, entry)
        else:
            message = json.loads(entry)
            rng.choice(CHANGES)(rng, message)
            entry = canonical(message)
        yield entry_case(entry, serial, expect)


def entry_case(entry: bytes, serial: int, expect: str | None) -> Case:
    """`expect` None: whatever all say alike."""
    place = {"channel": CHANNEL, "sender": LT, "year": YEAR, "serial": serial}
    return {"kind": "entry", "entry": text(entry), **place, "expect": expect}


def scrambled_entries(rng: random.Random) -> Iterator[Case]:
    """Messages with changes at random: another message may come of it, so nothing but agreement is expected."""
    _, lt = talked()
    while True:
        serial = rng.randrange(len(lt.said))
        entry = lt.said[serial]
        for _ in range(rng.randint(1, 3)):
            entry = spoilt(rng, entry) if entry else b"{"
        yield entry_case(entry, serial, None)


# --- records -----------------------------------------------------------------------------------------------


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
    """Good records by name; `old` is of version 1, from before the second signature."""
    old = json.loads(OLD.read_text(encoding="utf-8"))["files"]
    return {
        "conversation": export(*conversation()),
        "talk": export(*talked()),
        "old": {path: b64decode(data) for path, data in old.items()},
        "witnessed": witnessed(),
        "silence": export(),
    }


def witnessed() -> Files:
    """The talk, with two third parties of which one is required; the second has seen LT's newest head only."""
    _, lt = talked()
    parties = [ThirdParty(name) for name in ("witness.example/one", "witness.example/two")]
    policy = WitnessPolicy(1, tuple(party.witness for party in parties))
    files = export(*talked(), witnesses=policy)
    for size, by in ((4, parties[:1]), (10, parties)):
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
        pairs = zip(self.witness.keys, (self.classic, self.second), strict=True)
        requests = [(cosign_request(head, key, at_s), private) for key, private in pairs]
        return b"".join(request.signed(private.sign(request.message)).line for request, private in requests)


def old_keys(files: Files) -> list[dict[str, str]]:
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
    """Any file in other bytes. Nobody signed the agreement's name, and how many third parties it requires:
    both are left alone."""
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
        head, lines = _lines(data)
        while (made_note := spoilt(rng, data)) == head + b"".join(reversed(lines)):
            continue
        return {path: made_note}
    return {path: spoilt(rng, data)}


def _without(rng: random.Random, files: Files) -> tuple[dict[str, bytes | None], str]:
    """A file is gone. A receipt, and what a third party said, may be kept back by the exporter; a checkpoint leaves its tiles behind."""
    path = rng.choice(sorted(files))
    return {path: None}, "accepted" if COSIGNED.search(path) else "refused"


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
    """Two files in each other's place."""
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
        name = rng.choice(("conversation", "talk", "old", "witnessed"))
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
        for name, files in bases().items()
    ]
