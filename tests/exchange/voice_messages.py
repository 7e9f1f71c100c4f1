"""Messages of the voice form's tests: one with everything, the longest of a kind, and the form of any."""

from typing import Any

import msgspec
from hypothesis import strategies as st
from tests.exchange.exchange_world import CHANNEL, INCIDENT, LT, NOW

from redshank.exchange import voice
from redshank.exchange.bounds import ACCURACY_MAX_M, INTEGER_MAX
from redshank.exchange.voice.form import VoiceForm
from redshank.exchange.voice.layout import Heard
from redshank.terms import limits
from redshank.terms.ids import BorderId, CountryId, DistrictId, IncidentId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    CrossingClaim,
    DistrictClaim,
    LostBody,
    Message,
    MessageType,
    NoticeBody,
    ObjectState,
    Phase,
    PointE7,
)
from redshank.terms.track import Status

VALUES = st.integers(0, (1 << 20) - 1)
LATEST = 4_102_444_800_000


def form_of(message: Message, exercise: bool = False) -> VoiceForm:
    form = voice.encode(message, exercise)
    assert isinstance(form, VoiceForm), form
    return form


def window(p10: int, p50: int, p90: int) -> dict[str, Instant]:
    return {"p10_ms": Instant(p10), "p50_ms": Instant(p50), "p90_ms": Instant(p90)}


USUAL = window(NOW + 700_000, NOW + 900_000, NOW + 1_200_000)
STATE = ObjectState(
    object=3,
    status=Status.UAV,
    at=PointE7(545_612_345, 262_345_678),
    accuracy_m=1540,
    count=2,
    altitude_m=610,
    course_deg=285,
    speed_kmh=137,
)
CROSSING = CrossingClaim(
    border=BorderId("LT|BY"),
    out_of=CountryId("BY"),
    into=CountryId("LT"),
    permille=620,
    stretch_from=PointE7(545_100_000, 257_000_000),
    stretch_to=PointE7(546_900_000, 257_500_000),
    **USUAL,
)
DISTRICTS = tuple(
    DistrictClaim(district=DistrictId(name), permille=620, **USUAL) for name in ("LT-41", "LT-07", "LV-RIX")
)
EVERYTHING = NoticeBody(phase=Phase.POSSIBLE, object=STATE, crossing=CROSSING, districts=DISTRICTS)


def the_notice(**header: Any) -> Message:
    """A NOTICE with everything that it may hold, unless the header says otherwise."""
    usual: dict[str, Any] = {
        "type": MessageType.NOTICE,
        "channel": CHANNEL,
        "sender": LT,
        "year": 2026,
        "serial": 41,
        "stated_ms": Instant(NOW + 123),
        "body": EVERYTHING,
        "incident": INCIDENT,
        "observed_ms": Instant(NOW - 30_500),
    }
    return Message(**{**usual, **header})


def the_longest(kind: MessageType) -> Message:
    """All numbers as wide as a message may hold them."""
    state = msgspec.structs.replace(
        STATE, object=999_999, count=10_000, accuracy_m=ACCURACY_MAX_M, altitude_m=30_000, speed_kmh=3600
    )
    late = window(INTEGER_MAX, INTEGER_MAX, INTEGER_MAX)
    border, out_of, into = BorderId("RU-KGD|RU-PSK"), CountryId("RU-KGD"), CountryId("RU-PSK")
    crossing = msgspec.structs.replace(CROSSING, border=border, out_of=out_of, into=into, **late)
    claims = tuple(DistrictClaim(district=DistrictId("PL-pow-999"), permille=1, **late) for _ in range(24))
    bodies = {
        MessageType.NOTICE: NoticeBody(phase=Phase.CROSSED, object=state, crossing=crossing, districts=claims),
        MessageType.LOST: LostBody(object=state, search_centre=state.at, search_radius_m=1_000_000),
    }
    return the_notice(
        type=kind,
        year=9_999,
        serial=limits.LOG_ENTRIES - 1,
        stated_ms=Instant(INTEGER_MAX),
        body=bodies[kind],
        incident=IncidentId("XX-0000-999999"),
        observed_ms=Instant(0),
        in_reply_to=limits.LOG_ENTRIES - 1,
        text="x" * 200,
    )


def told(heard: Heard) -> NoticeBody:
    assert isinstance(heard.message.body, NoticeBody)
    return heard.message.body
