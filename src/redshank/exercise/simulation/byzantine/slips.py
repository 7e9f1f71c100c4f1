"""Slips: attacks by an entry in the evil node's true log that its product would never have written.

Here: one function for each. The entry keeps its serial, the receipt covers it, and its content is refused by name: the
channel goes on behind it.
"""

from redshank.exchange.envelope import encode_message
from redshank.exercise.simulation.byzantine.mouth import Mouth
from redshank.exercise.simulation.scenes import GATES
from redshank.terms import limits
from redshank.terms.ids import ChannelId, IncidentId, PartyId
from redshank.terms.instants import HOUR_MS, Instant
from redshank.terms.message import (
    Message,
    MessageType,
    NoticeBody,
    ObjectState,
    Phase,
    PointE7,
    QueryBody,
    Question,
    TestBody,
)
from redshank.terms.refusal import Reason
from redshank.terms.track import Status

FLOOD = 5
"""Incidents of one flood: few here, because each has deadlines; a test goes to the bound."""


def _message(mouth: Mouth, **changed: object) -> Message:
    session = mouth.session
    fields: dict[str, object] = {
        "type": MessageType.TEST,
        "channel": mouth.channel,
        "sender": session.me,
        "year": session.year,
        "serial": session.own.size,
        "stated_ms": mouth.now,
        "body": TestBody(number=7),
        **changed,
    }
    return Message(**fields)  # type: ignore[arg-type]


def foreign_serial(mouth: Mouth) -> bool:
    """An entry that says another serial than its index."""
    wrong = mouth.session.own.size + int(mouth.rng.integers(1, 50))
    mouth.slip("foreign serial", encode_message(_message(mouth, serial=wrong)), Reason.WRONG_SERIAL)
    return True


def foreign_sender(mouth: Mouth) -> bool:
    """An entry in the victim's name."""
    said = _message(mouth, sender=mouth.victim.party)
    mouth.slip("foreign sender", encode_message(said), Reason.WRONG_SENDER)
    return True


def foreign_channel(mouth: Mouth) -> bool:
    """An entry of another channel."""
    said = _message(mouth, channel=ChannelId("EE-PL"))
    mouth.slip("foreign channel", encode_message(said), Reason.WRONG_CHANNEL)
    return True


def foreign_year(mouth: Mouth) -> bool:
    """An entry of another year."""
    mouth.slip("foreign year", encode_message(_message(mouth, year=mouth.session.year - 1)), Reason.WRONG_YEAR)
    return True


def future_time(mouth: Mouth) -> bool:
    """A statement dated a day ahead."""
    ahead = Instant(mouth.now + 24 * HOUR_MS)
    mouth.slip("future time", encode_message(_message(mouth, stated_ms=ahead)), Reason.TIME_NOT_PLAUSIBLE)
    return True


def back_dated(mouth: Mouth) -> bool:
    """A statement dated before an earlier one of the same log."""
    if not mouth.victim.state.session(mouth.channel).theirs_stated_ms:
        return False
    behind = Instant(mouth.now - 3 * limits.MESSAGE_BACK_MS - 24 * HOUR_MS)
    mouth.slip("back-dated", encode_message(_message(mouth, stated_ms=behind)), Reason.BACK_DATED)
    return True


def other_spelling(mouth: Mouth) -> bool:
    """A message that is spelled otherwise than the one canonical way."""
    entry = encode_message(_message(mouth)).replace(b'"v":1', b'"v": 1')
    mouth.slip("other spelling", entry, Reason.NOT_CANONICAL)
    return True


def unknown_type(mouth: Mouth) -> bool:
    """A type that nobody has agreed on."""
    entry = encode_message(_message(mouth)).replace(b'"TEST"', b'"SURRENDER"')
    mouth.slip("unknown type", entry, Reason.UNKNOWN_TYPE)
    return True


def no_message(mouth: Mouth) -> bool:
    """Bytes that are no message."""
    mouth.slip("no message", mouth.rng.bytes(int(mouth.rng.integers(1, 400))), Reason.MALFORMED)
    return True


def third_partys_incident(mouth: Mouth) -> bool:
    """A query about an incident that the channel does not know: a fishing for what others have told."""
    third = PartyId(next(name for name in ("EE", "PL", "LT") if name not in mouth.channel))
    body = QueryBody(object=1, question=Question.YOURS_OR_KNOWN)
    said = _message(mouth, type=MessageType.QUERY, body=body, incident=IncidentId(f"{third}-2026-000001"))
    mouth.slip("third party's incident", encode_message(said), Reason.UNKNOWN_INCIDENT)
    return True


def notice(mouth: Mouth, number: int) -> bytes:
    """A sound NOTICE of one more incident."""
    gate = GATES.get(mouth.channel) or GATES["BY-LT"]
    seen = ObjectState(object=1, status=Status.UAV, at=PointE7.of(gate), accuracy_m=2_000)
    body = NoticeBody(phase=Phase.POSSIBLE, object=seen)
    name = IncidentId(f"{mouth.evil.party}-2026-{number:06d}")
    said = _message(mouth, type=MessageType.NOTICE, body=body, incident=name, observed_ms=mouth.now)
    return encode_message(said)


def many_incidents(mouth: Mouth) -> bool:
    """Sound notices of things that do not exist, one incident each."""
    first = 500_000 + int(mouth.rng.integers(400_000))
    for number in range(first, first + FLOOD):
        mouth.evil.slip(mouth.channel, notice(mouth, number))
    mouth.evil.deliver(mouth.channel)
    return True


SLIPS = (
    foreign_serial, foreign_sender, foreign_channel, foreign_year, future_time, back_dated, other_spelling,
    unknown_type, no_message, third_partys_incident, many_incidents,
)  # fmt: skip
