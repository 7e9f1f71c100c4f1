"""Logs made of messages, without keys: what the tests of the report are told in. Times are seconds after NOW."""

from functools import partial

import msgspec
from tests.exchange.exchange_world import BY, CHANNEL, CROSSING, INCIDENT, LT, NOW, OBJECT, YEAR

from redshank.compose.reporting.law import law_by_title
from redshank.exchange.compliance.copies import LogCopy
from redshank.exchange.compliance.report import Period, compliance_report
from redshank.exchange.envelope import Place, encode_message
from redshank.terms.ids import CountryId, PartyId
from redshank.terms.instants import DAY_MS, Instant
from redshank.terms.message import (
    AckBody,
    AgreeCloseBody,
    Answer,
    CancelBody,
    CancelWhy,
    CloseBody,
    CorrectBody,
    Message,
    MessageType,
    NoticeBody,
    Outcome,
    Phase,
    QueryBody,
    Question,
    ReplyBody,
    TestBody,
)

DAY = Period(Instant(NOW), Instant(NOW + DAY_MS))
LAW = law_by_title(CHANNEL, "Exercise agreement BY and LT")
CROSSED = NoticeBody(phase=Phase.CROSSED, object=OBJECT)


class Talk:
    """Both logs of BY-LT, as they are said. Each word gives its serial."""

    def __init__(self):
        self.entries: dict[PartyId, list[bytes]] = {BY: [], LT: []}
        self.receipts: dict[PartyId, list[tuple[int, int]]] = {BY: [], LT: []}

    def say(self, sender, at_s, kind, body, *, incident=INCIDENT, to=None, observed_s=None, **more):
        serial = len(self.entries[sender])
        message = Message(
            type=kind, channel=CHANNEL, sender=sender, year=YEAR, serial=serial, stated_ms=Instant(NOW + at_s * 1000),
            body=body, incident=incident, in_reply_to=to,
            observed_ms=None if observed_s is None else Instant(NOW + observed_s * 1000), **more,
        )  # fmt: skip
        self.entries[sender].append(encode_message(message))
        return serial

    def notice(
        self, sender, at_s, *, incident=INCIDENT, phase=Phase.POSSIBLE, kind=MessageType.NOTICE, districts=(), **more
    ):
        into = CountryId(LT if sender == BY else BY)
        crossing = None if phase is Phase.CROSSED else msgspec.structs.replace(CROSSING, into=into)
        body = NoticeBody(phase=phase, object=OBJECT, crossing=crossing, districts=districts)
        return self.say(sender, at_s, kind, body, incident=incident, **{"observed_s": at_s, **more})

    def crossed(self, sender, at_s, observed_s):
        return self.notice(sender, at_s, phase=Phase.CROSSED, kind=MessageType.UPDATE, observed_s=observed_s)

    def ack(self, sender, at_s, to, incident=INCIDENT):
        return self.say(sender, at_s, MessageType.ACK, AckBody("duty-officer"), incident=incident, to=to)

    def query(self, sender, at_s, incident=INCIDENT):
        return self.say(sender, at_s, MessageType.QUERY, QueryBody(1, Question.YOURS_OR_KNOWN), incident=incident)

    def reply(self, sender, at_s, to, answer=Answer.UNKNOWN):
        return self.say(sender, at_s, MessageType.REPLY, ReplyBody(answer), to=to)

    def close(self, sender, at_s, outcome=Outcome.CROSSED, objects=1, incident=INCIDENT):
        times = {"first_observed_ms": NOW, "last_observed_ms": Instant(NOW + 1)}
        body = CloseBody(outcome=outcome, objects=objects, **times)
        return self.say(sender, at_s, MessageType.CLOSE, body, incident=incident)

    def agree(self, sender, at_s, to=None, agrees="yes", incident=INCIDENT):
        return self.say(sender, at_s, MessageType.AGREE_CLOSE, AgreeCloseBody(agrees), to=to, incident=incident)

    def test(self, sender, at_s, number=1):
        return self.say(sender, at_s, MessageType.TEST, TestBody(number), incident=None)

    def test_reply(self, sender, at_s, to):
        return self.say(sender, at_s, MessageType.TEST_REPLY, TestBody(1), incident=None, to=to)

    def cancel(self, sender, at_s, serial, incident=INCIDENT):
        body = CancelBody(serial=serial, why=CancelWhy.WRONG_OBJECT)
        return self.say(sender, at_s, MessageType.CANCEL, body, incident=incident)

    def correct(self, sender, at_s, serial, kind=MessageType.NOTICE, body=CROSSED, incident=INCIDENT):
        body = CorrectBody(serial=serial, type=kind, body=body)
        return self.say(sender, at_s, MessageType.CORRECT, body, incident=incident)

    def raw(self, sender, entry):
        self.entries[sender].append(entry)
        return len(self.entries[sender]) - 1

    def receipt(self, sender, at_s, size=None):
        """The receiver of `sender`'s log has cosigned it, at this second of its own clock."""
        self.receipts[sender].append((len(self.entries[sender]) if size is None else size, NOW // 1000 + at_s))

    def copies(self, sizes=None, receipts=None):
        """What one side holds: all of it, or the first entries of each log and some of the receipts."""
        made = []
        for party, entries in self.entries.items():
            size = len(entries) if sizes is None else min(sizes[party], len(entries))
            stamps = self.receipts[party] if receipts is None else receipts[party]
            held = tuple(sorted(one for one in stamps if one[0] <= size))
            made.append(LogCopy(Place(CHANNEL, party, YEAR, 0), size, held, partial(iter, entries)))
        return tuple(made)


def report(copies, period=DAY, law=LAW):
    return compliance_report(CHANNEL, copies, law, period, exercise=True)


def side(made, party):
    return next(one for one in made.sides if one.party == party)


def owes(made, party, what, kind="notice"):
    """What a side owed in incidents of one kind."""
    return next(one for one in side(made, party).owes if one.what == what and (not one.kinds or kind in one.kinds))


def serials(figure):
    """The serials of a figure of generation 0."""
    return [serial for _, first, last in figure.serials for serial in range(first, last + 1)]
