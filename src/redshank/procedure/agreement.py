"""Agreements: the bilateral instrument that a channel rests on, as data.

Here: the type, the strict reader, and how an agreement bends a procedure table. Not here: the acts that
revive or suspend one, files. May know: terms.
"""

import datetime
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from redshank.procedure.config import ConfigError, Document, read
from redshank.procedure.obligation import Owner, Rung
from redshank.procedure.table import ObligationRule, ProcedureTable, by_voice, check_deadline, check_ladder
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId, channel_between
from redshank.terms.instants import SECOND_MS
from redshank.terms.message import MessageType
from redshank.terms.refusal import Reason, Refusal

LANGUAGES = ("lt", "lv", "et", "pl", "be", "ru", "en")
STRIP_KM_MAX = 400
LINE_TEST_S = (30, 86_400)
NEEDED = {MessageType.NOTICE, MessageType.ACK, MessageType.CLOSE, MessageType.AGREE_CLOSE}


class AgreementState(StrEnum):
    """Only an active agreement carries messages."""

    DORMANT = "dormant"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Kind(StrEnum):
    """An exercise agreement binds nobody; a bilateral one rests on an instrument between the two states."""

    EXERCISE = "exercise"
    BILATERAL = "bilateral"


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A documented statement and where it is public."""

    what: str
    source: str


class LegalBasis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is documented and what is assumed, apart."""

    documented: tuple[Source, ...]
    assumed: tuple[str, ...]


class AgreedArea(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The strip on both sides of the common border in which the agreement applies."""

    strip_km: int


class LineTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often the line is tested."""

    interval_s: int


class AgreedWitness(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A third party that witnesses the logs: where, and its verifier keys as text, all under one name."""

    url: str
    keys: tuple[str, ...]


class AgreedWitnesses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Third-party witnesses; `required` of them make a head witnessed."""

    required: int = 0
    of: tuple[AgreedWitness, ...] = ()


class Agreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One agreement, as its file says it. `escalation` replaces the ladder of what the partner owes, when given.
    `by_voice` is the party, if any, that runs no node and has no keys."""

    channel: ChannelId
    parties: tuple[PartyId, PartyId]
    title: str
    kind: Kind
    state: AgreementState
    legal_basis: LegalBasis
    area: AgreedArea
    messages: tuple[MessageType, ...]
    procedure: str
    languages: tuple[str, ...]
    line_test: LineTest
    review_date: datetime.date
    deadlines: dict[str, int] = {}
    escalation: tuple[Rung, ...] = ()
    by_voice: PartyId | None = None
    witnesses: AgreedWitnesses = AgreedWitnesses()


def parse_agreement(text: str, table: ProcedureTable | None = None) -> Agreement:
    """An agreement from YAML text; with a table, its procedure and deadlines are checked against it too.

    Raises ConfigError with the line, the field and the limit.
    """
    doc = read(text)
    agreement = doc.decode(Agreement)
    first, second = agreement.parties
    if first == second or channel_between(first, second) != agreement.channel:
        raise doc.error(f"{agreement.channel!r} is not the channel of {first} and {second}", "channel")
    if agreement.by_voice not in (None, first, second):
        raise doc.error(f"{agreement.by_voice!r} is neither {first} nor {second}", "by_voice")
    _check_figures(doc, agreement)
    _check_lists(doc, agreement)
    if table is not None:
        _check_against(doc, agreement, table)
    return agreement


def _check_figures(doc: Document, agreement: Agreement) -> None:
    if not 1 <= agreement.area.strip_km <= STRIP_KM_MAX:
        raise doc.error(f"{agreement.area.strip_km} km; 1 to {STRIP_KM_MAX}", "area", "strip_km")
    low, high = LINE_TEST_S
    if not low <= agreement.line_test.interval_s <= high:
        raise doc.error(f"{agreement.line_test.interval_s} s; {low} to {high}", "line_test", "interval_s")
    count, required = len(agreement.witnesses.of), agreement.witnesses.required
    if count > limits.WITNESSES or not min(count, 1) <= required <= count:
        raise doc.error(f"{required} of {count}; 1 to all of at most {limits.WITNESSES}", "witnesses", "required")
    for number, witness in enumerate(agreement.witnesses.of):
        if not witness.url.startswith(("https://", "http://")):
            raise doc.error("needs an http or https address", "witnesses", "of", number, "url")
    for name, seconds in agreement.deadlines.items():
        check_deadline(doc, seconds, "deadlines", name)
    if agreement.escalation:
        check_ladder(doc, agreement.escalation, "escalation")


def _check_lists(doc: Document, agreement: Agreement) -> None:
    for name, given in (("messages", agreement.messages), ("languages", agreement.languages)):
        if not given or len(set(given)) != len(given):
            raise doc.error("needs at least one, each once", name)
    for language in agreement.languages:
        if language not in LANGUAGES:
            raise doc.error(f"{language!r} is none of {', '.join(LANGUAGES)}", "languages")
    missing = NEEDED - set(agreement.messages)
    if missing:
        raise doc.error(f"without {', '.join(sorted(missing))} an incident could not be told or closed", "messages")


def _check_against(doc: Document, agreement: Agreement, table: ProcedureTable) -> None:
    if agreement.procedure != table.name:
        raise doc.error(f"{agreement.procedure!r}, but the table is {table.name!r}", "procedure")
    law = table if agreement.by_voice is None else by_voice(table)
    if law is None:
        raise doc.error(f"the procedure {table.name!r} provides for no partner without a node", "by_voice")
    for name in agreement.deadlines:
        if name not in law.obligations:
            raise doc.error(f"the procedure {table.name!r} has no obligation {name!r}", "deadlines", name)


def bent(table: ProcedureTable, agreement: Agreement) -> ProcedureTable:
    """The table with the agreement's deadlines and ladder. Raises ConfigError if they do not belong together."""
    if agreement.procedure != table.name:
        raise ConfigError(1, "procedure", f"{agreement.procedure!r}, but the table is {table.name!r}")
    if agreement.by_voice is not None:
        spoken = by_voice(table)
        if spoken is None:
            raise ConfigError(1, "by_voice", f"the procedure {table.name!r} provides for no partner without a node")
        table = spoken
    unknown = set(agreement.deadlines) - set(table.obligations)
    if unknown:
        raise ConfigError(1, "deadlines", f"{table.name!r} has no obligation {', '.join(sorted(unknown))}")
    rules = {name: _bend(rule, agreement, name) for name, rule in table.obligations.items()}
    return msgspec.structs.replace(table, obligations=rules)


def _bend(rule: ObligationRule, agreement: Agreement, name: str) -> ObligationRule:
    ladder = dict(rule.ladder)
    if agreement.escalation and Owner.PARTNER in ladder:
        ladder[Owner.PARTNER] = agreement.escalation
    deadline_s = agreement.deadlines.get(name, rule.deadline_s)
    return msgspec.structs.replace(rule, ladder=ladder, deadline_s=deadline_s)


def permits(agreement: Agreement, kind: MessageType) -> Refusal | None:
    """None if the agreement carries messages of this type now; else CHANNEL_NOT_ACTIVE or NOT_ALLOWED."""
    if agreement.state is not AgreementState.ACTIVE:
        return Refusal(Reason.CHANNEL_NOT_ACTIVE, agreement.channel, f"the agreement is {agreement.state.value}")
    if kind not in agreement.messages:
        return Refusal(Reason.NOT_ALLOWED, kind.value, f"the agreement of {agreement.channel} does not name this type")
    return None


class Tables(msgspec.Struct, frozen=True):
    """The law in force on a node: each channel's agreement with its bent table, and the table for our own duties."""

    own: ProcedureTable
    channels: dict[ChannelId, tuple[Agreement, ProcedureTable]]

    def on(self, channel: ChannelId) -> ProcedureTable:
        """The table of a channel; the one at home for a channel without an agreement."""
        found = self.channels.get(channel)
        return self.own if found is None else found[1]

    def permits(self, channel: ChannelId, kind: MessageType) -> Refusal | None:
        """None if the channel carries messages of this type now; else why not."""
        found = self.channels.get(channel)
        if found is None:
            return Refusal(Reason.WRONG_CHANNEL, "channel", f"no agreement for {channel}")
        return permits(found[0], kind)


def in_force(
    tables: Mapping[str, ProcedureTable], agreements: Mapping[ChannelId, Agreement], own: str = "notice"
) -> Tables:
    """Each agreement with its procedure, bent. Raises ConfigError for a procedure that does not exist."""
    channels = {}
    for channel, agreement in agreements.items():
        if agreement.procedure not in tables:
            raise ConfigError(1, f"{channel}.procedure", f"no procedure {agreement.procedure!r}")
        channels[channel] = (agreement, bent(tables[agreement.procedure], agreement))
    return Tables(tables[own], channels)


def line_test_interval_ms(agreement: Agreement) -> int:
    """How often the line of this channel is tested, in milliseconds."""
    return agreement.line_test.interval_s * SECOND_MS
