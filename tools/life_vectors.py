"""Makes the vectors of an agreement's life, for `tools/make_vectors.py`: the four acts, canonical content and its hash,
and what sequences of acts make of an agreement."""

import base64
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import msgspec

from redshank.exchange.envelope import encode_message
from redshank.procedure.agreement import Agreement, parse_agreement
from redshank.procedure.fingerprint import canonical_content, fingerprint
from redshank.procedure.life import Life, acted, fallen_due
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import EndBody, EndWhy, LifeBody, Message, MessageType, SuspendBody, SuspendWhy
from redshank.terms.refusal import Reason

CHANNEL = ChannelId("BY-LT")
NOW = Instant(1_778_113_800_000)
FIRST_SERIAL = 31
BASES = ("by-lt", "by-lv", "by-pl")
A, B = "a" * 64, "b" * 64


def base(name: str) -> Agreement:
    """One of the documented bases that ship."""
    path = files("redshank.procedure").joinpath("bases", f"{name}.yaml")
    return parse_agreement(path.read_text(encoding="utf-8"))


def act(kind: MessageType, sender: str, serial: int, life: int = 1, text: str = A, **more: Any) -> Message:
    """One act; `from_ms` of an END and `taken` may be given."""
    body: LifeBody | SuspendBody | EndBody
    taken, stated = more.get("taken", 0), Instant(NOW + 1000 * serial)
    if kind is MessageType.SUSPEND:
        body = SuspendBody(agreement=text, life=life, taken=taken, why=SuspendWhy.TECHNICAL)
    elif kind is MessageType.END:
        from_ms = more.get("from_ms", stated)
        body = EndBody(agreement=text, life=life, taken=taken, why=EndWhy.EXPIRED, from_ms=from_ms)
    else:
        body = LifeBody(agreement=text, life=life, taken=taken)
    return Message(
        type=kind, channel=CHANNEL, sender=PartyId(sender), year=2026, serial=serial, stated_ms=stated, body=body
    )


def life_messages() -> list[Message]:
    """One of each type, as LT says them after the ten of the other vectors and the end of that log."""
    text, kinds = fingerprint(base("by-lt")), (MessageType.ACTIVATE, MessageType.SUSPEND, MessageType.RESUME)
    said = [act(kind, "LT", FIRST_SERIAL + n, text=text, taken=7 + n) for n, kind in enumerate(kinds)]
    later = Instant(NOW + 30 * 86_400_000)
    return [*said, act(MessageType.END, "LT", FIRST_SERIAL + 3, text=text, taken=12, from_ms=later)]


def faults() -> list[tuple[str, int, Reason, Callable[[bytes], bytes]]]:
    """Entries that are no acts: name, which of `life_messages`, reason, and the change."""
    text = fingerprint(base("by-lt"))
    bad = Reason.VALUE_NOT_PLAUSIBLE

    def swap(old: str, new: str) -> Callable[[bytes], bytes]:
        return lambda entry: entry.replace(old.encode(), new.encode(), 1)

    return [
        ("a hash in capitals", 0, bad, swap(text, text.upper())),
        ("half a hash", 0, bad, swap(text, text[:32])),
        ("life 0", 0, bad, swap('"life":1', '"life":0')),
        ("life 1,001", 0, bad, swap('"life":1', '"life":1001')),
        ("taken more than there can be", 0, bad, swap('"taken":7', '"taken":1099511627777')),
        ("an act of an incident", 0, bad, swap('"sender"', '"incident":"LT-2026-000012","sender"')),
        ("an act in reply to something", 0, bad, swap('"sender"', '"in_reply_to":1,"sender"')),
        ("a reason to suspend that is none", 1, Reason.MALFORMED, swap('"technical"', '"expired"')),
        ("a SUSPEND without a reason", 1, Reason.MALFORMED, swap(',"why":"technical"', "")),
        ("an end before it is said", 3, bad, swap('"from_ms":1780705800000', '"from_ms":1778113833999')),
        ("an end in two years", 3, bad, swap('"from_ms":1780705800000', '"from_ms":1841185800000')),
    ]


def good_entries() -> list[dict[str, Any]]:
    """The acts as vectors."""
    return [
        {
            "name": message.type.value,
            "serial": message.serial,
            "entry": base64.b64encode(encode_message(message)).decode(),
            "text": encode_message(message).decode(),
        }
        for message in life_messages()
    ]


def bad_entries() -> list[dict[str, Any]]:
    """They as vectors."""
    entries = [encode_message(message) for message in life_messages()]
    return [
        {
            "name": name,
            "serial": FIRST_SERIAL + number,
            "reason": reason.value,
            "entry": base64.b64encode(change(entries[number])).decode(),
        }
        for name, number, reason, change in faults()
    ]


def fingerprint_vectors() -> dict[str, Any]:
    """Canonical content of the documented bases, and its hash."""
    return {
        "about": "docs/spec/agreement.md, AGR-2",
        "agreements": [
            {
                "name": name,
                "content": canonical_content(base(name)).decode(),
                "sha256": fingerprint(base(name)),
            }
            for name in BASES
        ],
    }


STORIES: list[tuple[str, list[Message]]] = [
    ("nothing was said", []),
    ("one alone", [act(MessageType.ACTIVATE, "LT", 0)]),
    ("both over one text", [act(MessageType.ACTIVATE, "LT", 0), act(MessageType.ACTIVATE, "BY", 0)]),
    ("over two texts", [act(MessageType.ACTIVATE, "LT", 0), act(MessageType.ACTIVATE, "BY", 0, text=B)]),
    (
        "one suspends",
        [act(MessageType.ACTIVATE, "LT", 0), act(MessageType.ACTIVATE, "BY", 0), act(MessageType.SUSPEND, "BY", 1)],
    ),
    (
        "both suspend and one resumes",
        [
            act(MessageType.ACTIVATE, "LT", 0),
            act(MessageType.ACTIVATE, "BY", 0),
            act(MessageType.SUSPEND, "BY", 1),
            act(MessageType.SUSPEND, "LT", 1),
            act(MessageType.RESUME, "BY", 2),
        ],
    ),
    (
        "one ends under the other's suspension, and both begin again",
        [
            act(MessageType.ACTIVATE, "LT", 0),
            act(MessageType.ACTIVATE, "BY", 0),
            act(MessageType.SUSPEND, "LT", 1),
            act(MessageType.END, "BY", 1),
            act(MessageType.ACTIVATE, "BY", 2, life=2),
            act(MessageType.ACTIVATE, "LT", 2, life=2),
        ],
    ),
    (
        "a second text while the first goes on",
        [
            act(MessageType.ACTIVATE, "LT", 0),
            act(MessageType.ACTIVATE, "BY", 0),
            act(MessageType.ACTIVATE, "LT", 1, life=2, text=B),
        ],
    ),
    (
        "an end that is to come",
        [
            act(MessageType.ACTIVATE, "LT", 0),
            act(MessageType.ACTIVATE, "BY", 0),
            act(MessageType.END, "LT", 1, from_ms=Instant(NOW + 3_600_000)),
        ],
    ),
    ("an act about a life that is far away", [act(MessageType.ACTIVATE, "LT", 0, life=7)]),
]


def life_vectors() -> dict[str, Any]:
    """Acts as a reader of both logs has them, and what they make of the agreement, as LT holds it at a given time."""
    found = []
    for name, acts in STORIES:
        life, at = Life(), Instant(NOW + 60_000)
        for message in acts:
            life = fallen_due(acted(life, message, message.sender == "LT", at), at)
        found.append(
            {
                "name": name,
                "acts": [
                    {"sender": message.sender, "type": message.type.value, "body": msgspec.to_builtins(message.body)}
                    for message in acts
                ],
                "now_ms": at,
                "state": life.state.value,
                "life": life.in_force or 0,
                "agreement": life.text or "",
            }
        )
    return {"about": "docs/spec/agreement.md, AGR-4", "stories": found}
