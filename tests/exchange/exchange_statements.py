"""Bodies of what one side does, finds and takes back, for the exchange tests: the least that each may hold, and any."""

import random
from hashlib import sha256
from typing import Any

from redshank.terms import limits
from redshank.terms.ids import DistrictId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    Body,
    CancelBody,
    CancelWhy,
    Condition,
    CorrectBody,
    EvidenceBody,
    FindBody,
    Found,
    Hazard,
    Item,
    Means,
    Measure,
    MeasureBody,
    MessageType,
    NegativeBody,
    ObjectState,
    OwnObjectBody,
    PointE7,
    Secured,
    WarningBody,
    WarningLevel,
)

AT = PointE7(545_612_000, 262_340_000)
DISTRICTS = {"BY": ("BY-HM", "BY-VI"), "LT": ("LT-07", "LT-41")}


def least_of_each(sender: PartyId, now: Instant, state: ObjectState, query: int) -> list[tuple[MessageType, Body]]:
    """One of each type, without a member that may be left out. `query` is the serial of an earlier QUERY; its object
    was the wrong one."""
    kind = MessageType
    span: dict[str, Any] = {"from_ms": now, "until_ms": Instant(now + 3_600_000)}
    districts = tuple(DistrictId(code) for code in DISTRICTS[sender])
    warned = WarningBody(level=WarningLevel.SHELTER, districts=districts, **span)
    return [
        (kind.OWN_OBJECT, OwnObjectBody(condition=Condition.IN_FLIGHT, object=state)),
        (kind.MEASURE, MeasureBody(measure=Measure.SEARCH_FLIGHT, centre=AT, radius_m=20_000, **span)),
        (
            kind.FIND,
            FindBody(
                what=Found.BALLOON,
                at=AT,
                accuracy_m=50,
                found_ms=now,
                hazard=Hazard.NONE_SEEN,
                secured=Secured.YES,
            ),
        ),
        (
            kind.EVIDENCE,
            EvidenceBody(kind=Item.DATA, sha256=sha256(b"data").hexdigest(), bytes=4_096, obtained_ms=now),
        ),
        (kind.NEGATIVE, NegativeBody(centre=AT, radius_m=9_000, means=Means.GROUND, **span)),
        (kind.WARNING, warned),
        (kind.CORRECT, CorrectBody(serial=query, type=kind.WARNING, body=warned)),
        (kind.CANCEL, CancelBody(serial=query, why=CancelWhy.WRONG_OBJECT)),
    ]


def any_statement(rng: random.Random, stated: int, state: ObjectState, serial: int) -> tuple[MessageType, Body]:
    """Anything that LT may say at `stated`, at `serial` of its first log (not 0), the edges more often than chance."""
    kinds = (
        MessageType.OWN_OBJECT, MessageType.MEASURE, MessageType.FIND, MessageType.EVIDENCE, MessageType.NEGATIVE,
        MessageType.WARNING, MessageType.CORRECT, MessageType.CANCEL,
    )  # fmt: skip
    kind = rng.choice(kinds)
    if kind is MessageType.CANCEL:
        return kind, CancelBody(serial=rng.randrange(serial), why=rng.choice(list(CancelWhy)))
    if kind is MessageType.CORRECT:
        named = rng.choice(kinds[:-2])
        body = _any_body(rng, named, stated, state, serial)
        return kind, CorrectBody(serial=rng.randrange(serial), type=named, body=body)
    return kind, _any_body(rng, kind, stated, state, serial)


def _any_body(rng: random.Random, kind: MessageType, stated: int, state: ObjectState, serial: int) -> Body:
    point = PointE7(rng.randint(470_000_000, 620_000_000), rng.randint(100_000_000, 360_000_000))
    past = Instant(stated - rng.choice((-60_000, -1, 0, 1, 59_999, 60_000, limits.STATED_PAST_MS, 7_777_777)))
    if kind is MessageType.OWN_OBJECT:
        ends = rng.choice((None, 0, 1, 599_999, 600_001, limits.FLIGHT_END_MS))
        until = None if ends is None else Instant(stated + ends)
        return OwnObjectBody(condition=rng.choice(list(Condition)), object=state, until_ms=until)
    if kind is MessageType.FIND:
        return FindBody(
            what=rng.choice(list(Found)),
            at=point,
            accuracy_m=rng.choice((0, 99, 200_000)),
            found_ms=past,
            hazard=rng.choice(list(Hazard)),
            secured=rng.choice(list(Secured)),
            object=rng.choice((None, 1, 128, 999_999)),
        )
    if kind is MessageType.EVIDENCE:
        return EvidenceBody(
            kind=rng.choice(list(Item)),
            sha256=rng.randbytes(32).hex(),
            bytes=rng.choice((0, 127, 128, 5_000_000, limits.EVIDENCE_ITEM_BYTES - 1)),
            obtained_ms=past,
            find=rng.choice((None, rng.randrange(serial))),
        )
    return _any_stretch(rng, kind, stated, point)


def _any_stretch(rng: random.Random, kind: MessageType, stated: int, point: PointE7) -> Body:
    edge = limits.STATED_SPAN_MS
    begin = Instant(stated + rng.choice((-edge, -60_001, -1, 0, 1, 59_999, edge)))
    span: dict[str, Any] = {"from_ms": begin, "until_ms": Instant(begin + rng.choice((0, 1, 60_000, 3_600_001, edge)))}
    if kind is MessageType.WARNING:
        codes = {f"LT-{rng.randrange(100):02d}" for _ in range(rng.choice((1, 2, 9, 32)))}
        codes |= set(rng.sample(("LT-Abc", "LT-pow-7", "LT-pow-0", "LT-AB"), rng.choice((0, 0, 1, 2))))
        districts = tuple(DistrictId(code) for code in sorted(codes)[: limits.DISTRICTS_WARNED])
        return WarningBody(level=rng.choice(list(WarningLevel)), districts=districts, **span)
    radius_m = rng.choice((0, 99, 100, 5_000, 999_999, 1_000_000))
    if kind is MessageType.NEGATIVE:
        return NegativeBody(centre=point, radius_m=radius_m, means=rng.choice(list(Means)), **span)
    return MeasureBody(
        measure=rng.choice(list(Measure)),
        centre=point,
        radius_m=radius_m,
        floor_m=rng.choice((None, -500, 0, 24)),
        ceiling_m=rng.choice((None, 25, 30_000)),
        **span,
    )
