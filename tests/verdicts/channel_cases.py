"""Mutated notes and entries of a channel, each with the verdict that its making implies."""

import json
import random
from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from tests.exchange.exchange_world import BY, CHANNEL, LT, NOW, YEAR, Node, exchange_all, one_of_each, two_nodes
from tests.verdicts.proof_cases import Case, spoilt, text


def vkeys(node: Node, role: str) -> list[str]:
    """The verifier keys of a node's log or witness, Ed25519 first."""
    return [key.vkey for key in getattr(node.keys.public, role).both]


# --- notes -------------------------------------------------------------------------------------------------


def lines_of(note: bytes) -> tuple[bytes, list[bytes]]:
    body, _, block = note.rpartition(b"\n\n")
    return body + b"\n\n", block.splitlines(keepends=True)


def mutated_note(rng: random.Random, note: bytes) -> tuple[bytes, str]:
    """A head with both signatures, changed: any other bytes are refused, but the order of the lines is free."""
    head, lines = lines_of(note)
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
    lambda rng, m: m.update(type=rng.choice(("ATTACK", "notice", "", "WARN"))),
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
