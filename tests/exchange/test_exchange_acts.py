"""Acts about an agreement, as entries of a log and as they are read out."""

from base64 import b64decode
from typing import Any

import msgspec
import pytest
from tests.exchange.test_exchange_envelope import VECTORS, place_of

from redshank.conformance.forms import OF_LIFE as SECOND_OF_LIFE
from redshank.conformance.forms import read_message
from redshank.conformance.wire import Breach
from redshank.edges.wording import wording
from redshank.exchange import bounds, voice
from redshank.exchange.envelope import encode_message, parse_entry, write_entry
from redshank.exchange.voice.form import VoiceForm
from redshank.exchange.voice.plain import plain_lines
from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.message import EndBody, Message
from redshank.terms.refusal import Refusal

ACTS = [case for case in VECTORS["bad"] if 31 <= case["serial"] <= 34]


def test_an_act_about_the_agreement_is_in_bounds() -> None:
    """AGR-3: END_AHEAD_MS and LIVES, from both sides; the vectors hold what is refused."""
    case = next(case for case in VECTORS["good"] if case["name"] == "END")
    end = parse_entry(b64decode(case["entry"]), place_of(case), None)
    assert isinstance(end, Message)
    assert isinstance(end.body, EndBody)
    for from_ms, life, fits in (
        (0, 1, True), (limits.END_AHEAD_MS, limits.LIVES, True), (-1, 1, False), (limits.END_AHEAD_MS + 1, 1, False),
        (0, 0, False), (0, limits.LIVES + 1, False),
    ):  # fmt: skip
        body = msgspec.structs.replace(end.body, from_ms=Instant(end.stated_ms + from_ms), life=life)
        assert isinstance(write_entry(msgspec.structs.replace(end, body=body)), bytes) is fits


def good(kind: str) -> Message:
    case = next(case for case in VECTORS["good"] if case["name"] == kind)
    message = parse_entry(b64decode(case["entry"]), place_of(case), None)
    assert isinstance(message, Message)
    return message


@pytest.mark.parametrize("kind", ["ACTIVATE", "SUSPEND", "RESUME", "END"])
def test_agr_1_an_act_is_of_no_incident_and_in_reply_to_nothing(kind: str) -> None:
    """AGR-1, MSG-10: both implementations refuse it otherwise, and take it as it is."""
    message = good(kind)
    assert message.type in bounds.OF_LIFE
    assert {one.value for one in bounds.OF_LIFE} == set(SECOND_OF_LIFE)
    place = (message.channel, message.sender, message.year, message.serial)
    assert read_message(encode_message(message), place, message.stated_ms)["type"] == kind
    for wrong in ({"in_reply_to": 1}, {"incident": "LT-2026-000012"}):
        changed = msgspec.structs.replace(message, **wrong)
        assert isinstance(write_entry(changed), Refusal)
        with pytest.raises(Breach):
            read_message(encode_message(changed), place, message.stated_ms)


@pytest.mark.parametrize("case", ACTS, ids=lambda c: c["name"])
def test_agr_3_the_second_implementation_refuses_the_same(case: dict[str, Any]) -> None:
    """AGR-3: the first one does in the vectors' own test."""
    place = (VECTORS["channel"], VECTORS["sender"], VECTORS["year"], case["serial"])
    with pytest.raises(Breach):
        read_message(b64decode(case["entry"]), place, VECTORS["now_ms"] + 60_000)


@pytest.mark.parametrize("kind", ["ACTIVATE", "SUSPEND", "RESUME", "END"])
def test_voice_31_half_of_the_fingerprint_is_read_out_and_the_form_says_so(kind: str) -> None:
    """VOICE-31: the longest that there can be fits into a minute as well; the printed words name life and reason."""
    message = good(kind)
    most = msgspec.structs.replace(
        message.body,
        agreement="f" * 64,
        life=limits.LIVES,
        taken=limits.LOG_ENTRIES,
    )
    longest = msgspec.structs.replace(
        message, body=most, serial=limits.LOG_ENTRIES - 1, generation=limits.LOG_GENERATIONS - 1, year=1
    )
    for one in (message, longest):
        form = voice.encode(one, exercise=True)
        assert isinstance(form, VoiceForm), form
        heard = voice.decode(form.groups, exercise=True)
        assert not isinstance(heard, Refusal), heard
        assert heard.unspoken == ("agreement",)
        assert heard.message.body.agreement == one.body.agreement[:32] + "0" * 32  # type: ignore[union-attr]
        assert heard.message.type.value == kind
        said = [words for _, words in plain_lines(heard, wording("en"))]
        assert any(words.startswith(f"Life no. {one.body.life} of the agreement") for words in said)  # type: ignore[union-attr]
        assert any(words.startswith("Reason: ") for words in said) is (kind in ("SUSPEND", "END"))
