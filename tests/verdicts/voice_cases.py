"""Notes of what was said by voice, in records of both versions: true ones, slips, and what an exporter may write."""

import json
import random
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import msgspec
from tests.exchange.exchange_statements import any_statement
from tests.exchange.exchange_world import (
    BY,
    CHANNEL,
    LT,
    NOW,
    YEAR,
    Node,
    exchange_all,
    one_of_each,
    release,
    two_nodes,
)
from tests.exchange.test_exchange_record import export
from tests.exchange.voice_messages import CROSSING, DISTRICTS, STATE
from tests.verdicts.record_cases import OLD, Files, bases

from redshank.exchange import voice
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.parties import EXERCISE_PREFIX
from redshank.exchange.voice import faults, words
from redshank.exchange.voice.form import VoiceForm
from redshank.exchange.voice.notes import STANDS_FOR, VOICE_FILE, ReadOutNote, StatementNote, VoiceNotes, parse_notes
from redshank.log.tiles import parse_bundle
from redshank.terms.ids import BorderId, ChannelId, CountryId, DistrictId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import LostBody, Message, MessageType, NoticeBody, Phase, PointE7
from redshank.terms.refusal import Refusal
from redshank.terms.track import Status

COUNTRIES = ("BY", "LT", "LV", "RU-KGD", "RU-PSK", "PL", "lt")
DISTRICT_CODES = ("LT-41", "BY-07", "PL-pow-12", "LV-RIX", "PL-123", "LV-A", "PL-pow-0", "LT-Abc", "LV-LONG", "XX-00")
GROUPS = 24


def _point(rng: random.Random) -> PointE7:
    return PointE7(rng.randint(470_000_000, 620_000_000), rng.randint(100_000_000, 360_000_000))


def _state(rng: random.Random) -> Any:
    return msgspec.structs.replace(
        STATE,
        object=rng.choice((1, 127, 128, 16_384, 999_999)),
        status=rng.choice(list(Status)),
        at=_point(rng),
        accuracy_m=rng.choice((0, 99, 1_540, 200_000, rng.randint(0, 200_000))),
        count=rng.choice((1, 2, 10_000)),
        altitude_m=rng.choice((None, -500, -476, -475, 0, 24, 25, 30_000)),
        course_deg=rng.choice((None, 0, 359)),
        speed_kmh=rng.choice((None, 0, 3_600)),
    )


def _window(rng: random.Random) -> dict[str, Instant]:
    p50 = NOW + rng.choice(
        (-7_200_000, -7_190_001, 0, 5_000, 13_270_000, 13_290_000, rng.randint(-9_000_000, 9_000_000))
    )
    early, late = (rng.choice((0, 1, 9_999, 5_110_000, 5_120_001, 400_000)) for _ in range(2))
    return {"p10_ms": Instant(p50 - early), "p50_ms": Instant(p50), "p90_ms": Instant(p50 + late)}


def _notice(rng: random.Random) -> NoticeBody:
    out_of, into = rng.sample(COUNTRIES, 2)
    border = rng.choice((f"{out_of}|{into}", f"{into}|{out_of}", "LT|BY"))
    crossing = msgspec.structs.replace(
        CROSSING,
        border=BorderId(border),
        out_of=CountryId(out_of),
        into=CountryId(into),
        permille=rng.choice((0, 1, 4, 5, 994, 995, 999, 1_000)),
        stretch_from=_point(rng),
        stretch_to=_point(rng),
        **_window(rng),
    )
    districts = tuple(
        msgspec.structs.replace(
            DISTRICTS[0],
            district=DistrictId(rng.choice(DISTRICT_CODES)),
            permille=rng.randint(0, 1_000),
            **_window(rng),
        )
        for _ in range(rng.choice((0, 1, 2, 3, 9)))
    )
    return NoticeBody(
        phase=rng.choice(list(Phase)),
        object=_state(rng),
        crossing=crossing if rng.randrange(4) else None,
        districts=districts,
    )


def talk(rng: random.Random, count: int = 120, prefix: str = "") -> tuple[Node, Node]:
    """One of each type from both sides, then notices, losses and statements of LT with anything that they may
    hold."""
    by, lt = two_nodes(prefix)
    for number, released in enumerate(one_of_each(BY)):
        lt.say(released, NOW + number * 1000)
    for number in range(count):
        lost = LostBody(object=_state(rng), search_centre=_point(rng), search_radius_m=rng.randint(0, 1_000_000))
        stated = NOW + number * 997
        said = any_statement(rng, stated, _state(rng), lt.session.own.size)
        kind, body = rng.choice(((MessageType.NOTICE, _notice(rng)), (MessageType.LOST, lost), said, said))
        text = rng.choice((None, "Ar žinomas?"))
        observed_ms = rng.choice((None, NOW, NOW - 4_095_999, NOW - 4_097_000, 0))
        lt.say(release(kind, body, observed_ms=observed_ms, text=text), stated)
    exchange_all(lt, by, NOW + 200_000)
    for number, released in enumerate(one_of_each(LT)):
        by.say(released, NOW + 300_000 + number * 1000)
    exchange_all(by, lt, NOW + 400_000)
    return by, lt


def signed_in(files: Files, party: PartyId) -> list[Message]:
    """The messages of one log of a record."""
    found: list[Message] = []
    for path in sorted(path for path in files if path.startswith(f"{party}/tile/entries/")):
        entries = parse_bundle(files[path])
        assert not isinstance(entries, Refusal)
        for entry in entries:
            message = parse_entry(entry, Place(ChannelId(CHANNEL), party, YEAR, len(found)), None)
            assert isinstance(message, Message)
            found.append(message)
    return found


# --- groups --------------------------------------------------------------------------------------------------


def _again(rng: random.Random, groups: list[str]) -> list[str]:
    """Other data under good checks: what only the reading of the fields can refuse."""
    values = [words.group_value(group) or 0 for group in groups]
    data = faults.data_of(values)
    if len(data) < 2:
        return groups
    way = rng.randrange(5)
    for _ in range(rng.choice((1, 1, 2, 8))):
        data[rng.randrange(1, len(data))] ^= 1 << rng.randrange(20)
    if way == 0:
        data = data[: rng.randrange(1, len(data) + 1)]
    elif way == 1:
        data += [rng.choice((0, rng.getrandbits(20)))]
    elif way == 2:
        data[1:] = [rng.getrandbits(20) for _ in data[1:]]
    return [words.group_text(value) for value in faults.with_checks(data[:21], exercise=False)]


def _slipped(rng: random.Random, groups: list[str]) -> list[str]:
    """What people do when they speak, hear and type."""
    groups, at, other = list(groups), rng.randrange(len(groups)), rng.randrange(len(groups))
    way, group = rng.randrange(9), groups[at]
    if way == 0:
        groups[at] = group[:2] + rng.choice(words.SYMBOLS) + group[3:]
    elif way == 1:
        groups[at] = "".join(rng.sample(group, 4))
    elif way == 2:
        groups[at], groups[other] = groups[other], groups[at]
    elif way == 3:
        del groups[at]
    elif way == 4:
        groups.insert(at, rng.choice(groups))
    elif way == 5:
        groups[at] = group.lower()
    elif way == 6:
        groups[at] = rng.choice(("", "AAA", "AAAAA", "ILOU", "ßAAA", "ſAAA", "ßAA", "AA A", "ÅAAA", "١AAA", "😀AA"))
    elif way == 7:
        groups[at], groups[other] = (words.group_text(rng.getrandbits(20)) for _ in range(2))
    else:
        groups = [words.group_text(rng.getrandbits(20)) for _ in range(rng.randrange(30))]
    return groups[:GROUPS]


def _near(rng: random.Random, message: Message) -> Message:
    """The message, or one that says something else in some place."""
    if isinstance(message.body, NoticeBody) and rng.randrange(2):
        return msgspec.structs.replace(message, body=_notice(rng))
    header: list[dict[str, Any]] = [
        {},
        {},
        {"serial": message.serial + rng.choice((1, 1_000_000, 2**39))},
        {"year": rng.choice((2000, 9_999))},
        {"stated_ms": Instant(message.stated_ms + rng.choice((1, 999, 1_000)))},
        {"text": "x"},
        {"sender": PartyId("BY" if message.sender == "LT" else "LT")},
        {"channel": ChannelId("LT-LV"), "sender": PartyId("LT")},
    ]
    return msgspec.structs.replace(message, **rng.choice(header))


def groups_of(rng: random.Random, message: Message, exercise: bool) -> tuple[str, ...]:
    """The read-out of something near a message, sometimes spoilt."""
    form = voice.encode(_near(rng, message), exercise if rng.randrange(9) else not exercise)
    groups = list(form.groups) if isinstance(form, VoiceForm) else ["AAAA"]
    spoil = rng.choice((None, None, _slipped, _again))
    return tuple(groups if spoil is None else spoil(rng, groups))


# --- files ---------------------------------------------------------------------------------------------------


def notes(rng: random.Random, files: Files, by: PartyId, count: int) -> bytes:
    """A file of notes of one exporter, who has heard this and that."""
    manifest = json.loads(files["record.json"])
    partner = next(PartyId(party) for party in manifest["keys"] if party != by)
    signed = signed_in(files, partner)
    heard = [
        StatementNote(
            groups=groups_of(rng, rng.choice(signed), manifest["prefix"] == EXERCISE_PREFIX),
            taken_ms=rng.choice((NOW, NOW + number, -1, 2**70)),
            role=rng.choice(("duty-officer", "", "[bold]\u202e")),
            remark=rng.choice((None, "", 'line "2" \\ é😀\x7f')),
        )
        for number in range(count)
    ]
    read_out = [
        ReadOutNote(serial=serial, at_ms=NOW + number % 2, role="observer", read_back=number % 3 == 0, remark=remark)
        for number, (serial, remark) in enumerate(((0, None), (-5, "again"), (2**70, None), (1, "")))
    ]
    made = VoiceNotes(v=1, stands_for=STANDS_FOR, by=by, heard=tuple(heard), read_out=tuple(read_out))
    data = msgspec.json.encode(made, order="sorted")
    assert isinstance(parse_notes(data, (BY, LT)), VoiceNotes)
    return data


def voiced(rng: random.Random, count: int) -> dict[str, Files]:
    """Records with notes by name: of today by either party, of an exercise, and of version 1."""
    today, old = export(*talk(rng)), bases()["old"]
    nodes = talk(rng, 10, EXERCISE_PREFIX)
    keys = {node.session.me: node.keys.public for node in nodes}
    exercise = export(*nodes, prefix=EXERCISE_PREFIX, keys=keys)
    return {
        "exercise": exercise | {VOICE_FILE: notes(rng, exercise, BY, count)},
        "of BY": today | {VOICE_FILE: notes(rng, today, BY, count)},
        "of LT": today | {VOICE_FILE: notes(rng, today, LT, count)},
        "version 1": old | {VOICE_FILE: notes(rng, old, BY, count)},
    }


def spoilt_notes(rng: random.Random, good: bytes) -> Iterator[bytes]:
    """The file with one change; most are no notes then."""
    pieces = (
        b"", b"{", b"}", b"[", b"]", b",", b'"', b" ", b"null", b"true", b"1", b"1.0", b"1e3", b"-0", b"01", b"\x00",
        b"\xff", b'\\u0041', b'\\ud800', b'"v":1,', b'"remark":null,', b"9" * 30, b'"x":[],',
    )  # fmt: skip
    yield b""
    yield good + b"\n"
    for old, new in (
        (b'"v":1', b'"v":2'), (b'"by":"BY"', b'"by":"LV"'), (b'"by":"BY"', b'"by":1'), (b"nobody", b"somebody"),
        (b'"read_back":true', b'"read_back":1'), (b'"read_back":true', b'"read_back":false'),
        (b"read_back", b"readback"),
        (b'"groups":[', b'"groups":["AAAA",'), (b'"groups":[', b'"groups":[' + b'"AAAA",' * 24),
    ):  # fmt: skip
        yield good.replace(old, new, 1)
    while True:
        at, width = rng.randrange(len(good)), rng.choice((0, 0, 1, 2, 5))
        yield good[:at] + rng.choice(pieces) + good[at + width :]


def vector() -> Files:
    """The record of vectors/record/voice.json."""
    found = json.loads(OLD.with_name("voice.json").read_text(encoding="utf-8"))
    return {path: b64decode(data) for path, data in found["files"].items()}
