"""Agreements: the bilateral instrument that a channel rests on, as data.

Here: the type, the strict reader, and how an agreement bends a procedure table. Not here: the acts that
revive or suspend one, files. May know: terms.
"""

import datetime
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from redshank.procedure.config import ConfigError, Document, read
from redshank.procedure.kinds import IncidentKind, kind_of, opened_by, opening_type
from redshank.procedure.obligation import Owner, Rung
from redshank.procedure.table import (
    Carries,
    Input,
    ObligationRule,
    ProcedureTable,
    by_voice,
    check_deadline,
    check_ladder,
)
from redshank.procedure.thread import Thread
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId, channel_between
from redshank.terms.instants import SECOND_MS
from redshank.terms.message import Message, MessageType
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


class ManyRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When balloons are one incident instead of many: more than `objects` of them, first seen within `within_s` of one
    another, none farther than `radius_km` from the one that is looked at. Of each we tell at most every `update_s`."""

    objects: int
    within_s: int
    radius_km: int
    update_s: int


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
    languages: tuple[str, ...]
    line_test: LineTest
    review_date: datetime.date
    procedures: dict[str, str] = {}
    """The table of each kind that the agreed messages can begin."""
    procedure: str = ""
    """Instead of `procedures`: one table for all incidents."""
    many: ManyRule | None = None
    deadlines: dict[str, int] = {}
    """By obligation, in each table that has it; or by table and obligation, ``crossing.ack``, which goes first."""
    escalation: tuple[Rung, ...] = ()
    by_voice: PartyId | None = None
    witnesses: AgreedWitnesses = AgreedWitnesses()


Law = ProcedureTable | Mapping[str, ProcedureTable]


def parse_agreement(text: str, law: Law | None = None) -> Agreement:
    """An agreement from YAML text; with the tables that there are, or the only one, its procedures and deadlines are
    checked against them too.

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
    if law is not None:
        _check_against(doc, agreement, {law.name: law} if isinstance(law, ProcedureTable) else law)
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


def procedures_of(agreement: Agreement) -> dict[IncidentKind, str]:
    """The name of the table of each kind that the agreed messages can begin."""
    if agreement.procedures or not agreement.procedure:
        return {kind: agreement.procedures[kind] for kind in IncidentKind if kind in agreement.procedures}
    return {kind: agreement.procedure for kind in opened_by(agreement.messages) if kind is not IncidentKind.LINE_TEST}


def _check_against(doc: Document, agreement: Agreement, tables: Mapping[str, ProcedureTable]) -> None:
    if bool(agreement.procedure) is bool(agreement.procedures):
        field = "procedure" if agreement.procedure else "procedures"
        raise doc.error("either `procedures`, a table for each kind, or `procedure`, one for all", field)
    for name in agreement.procedures:
        if name not in tuple(IncidentKind):
            raise doc.error(f"no kind {name!r}; there are {', '.join(IncidentKind)}", "procedures", name)
    for kind, name in procedures_of(agreement).items():
        path = ("procedures", kind.value) if agreement.procedures else ("procedure",)
        if name not in tables:
            raise doc.error(f"no procedure {name!r}; there are {', '.join(tables)}", *path)
        _check_kind(doc, agreement, kind, tables[name], path)
    for kind in opened_by(agreement.messages) if agreement.procedures else ():
        if kind not in agreement.procedures:
            problem = f"no table for {kind.value}, which {opening_type(kind)} of the agreed messages can begin"
            raise doc.error(problem, "procedures")
    _check_many(doc, agreement)
    law = _bent(tables, agreement)
    known = {name for table in law.values() for name in table.obligations}
    known |= {f"{table.name}.{name}" for table in law.values() for name in table.obligations}
    for name in agreement.deadlines:
        if name not in known:
            agreed = ", ".join(sorted({repr(table.name) for table in law.values()}))
            raise doc.error(f"no obligation {name!r} in {agreed}", "deadlines", name)


def _check_kind(
    doc: Document, agreement: Agreement, kind: IncidentKind, table: ProcedureTable, path: tuple[str, ...]
) -> None:
    """Whether a table can be that of a kind; with one table for all, only whether it is about incidents."""
    opens, is_line = opening_type(kind), kind is IncidentKind.LINE_TEST
    if agreement.procedures and opens not in agreement.messages:
        raise doc.error(f"{kind.value} begins with {opens}, which is none of the agreed messages", *path)
    if agreement.procedures and any(table.row(table.start, Input(f"{way}:{opens}")) is None for way in ("sent", "got")):
        raise doc.error(f"the procedure {table.name!r} can not begin with {opens}", *path)
    if (table.carries is Carries.LINE) is not is_line:
        raise doc.error(f"of the procedure {table.name!r} and {kind.value} only one is about the line", *path)
    if agreement.by_voice and not is_line and by_voice(table) is None:
        raise doc.error(f"the procedure {table.name!r} provides for no partner without a node", "by_voice")


def _check_many(doc: Document, agreement: Agreement) -> None:
    rule = agreement.many
    if rule is None:
        return
    figures = (
        ("objects", rule.objects, 2, limits.OBJECTS_PER_INCIDENT),
        ("within_s", rule.within_s, 1, limits.DEADLINE_S),
        ("radius_km", rule.radius_km, 1, STRIP_KM_MAX),
        ("update_s", rule.update_s, limits.UPDATE_INTERVAL_MS // SECOND_MS, limits.DEADLINE_S),
    )
    for name, value, low, high in figures:
        if not low <= value <= high:
            raise doc.error(f"{value}; {low} to {high}", "many", name)
    if IncidentKind.BALLOON_NIGHT not in procedures_of(agreement):
        raise doc.error("needs a table for balloon-night", "many")


def _bent(tables: Mapping[str, ProcedureTable], agreement: Agreement) -> dict[IncidentKind, ProcedureTable]:
    """The table of each kind, with the agreement's deadlines and ladder. Each has been looked at before."""
    made = {name: bent(tables[name], agreement) for name in dict.fromkeys(procedures_of(agreement).values())}
    return {kind: made[name] for kind, name in procedures_of(agreement).items()}


def bent(table: ProcedureTable, agreement: Agreement) -> ProcedureTable:
    """The table with the agreement's deadlines and ladder. Raises ConfigError if they do not belong together."""
    if table.name not in procedures_of(agreement).values():
        raise ConfigError(1, "procedures", f"none of them is {table.name!r}")
    if agreement.by_voice is not None and table.carries is Carries.INCIDENT:
        spoken = by_voice(table)
        if spoken is None:
            raise ConfigError(1, "by_voice", f"the procedure {table.name!r} provides for no partner without a node")
        table = spoken
    rules = {name: _bend(rule, agreement, table.name, name) for name, rule in table.obligations.items()}
    return msgspec.structs.replace(table, obligations=rules)


def _bend(rule: ObligationRule, agreement: Agreement, table: str, name: str) -> ObligationRule:
    ladder = dict(rule.ladder)
    if agreement.escalation and Owner.PARTNER in ladder:
        ladder[Owner.PARTNER] = agreement.escalation
    given = agreement.deadlines
    deadline_s = given.get(f"{table}.{name}", given.get(name, rule.deadline_s))
    return msgspec.structs.replace(rule, ladder=ladder, deadline_s=deadline_s)


def permits(agreement: Agreement, kind: MessageType) -> Refusal | None:
    """None if the agreement carries messages of this type now; else CHANNEL_NOT_ACTIVE or NOT_ALLOWED."""
    if agreement.state is not AgreementState.ACTIVE:
        return Refusal(Reason.CHANNEL_NOT_ACTIVE, agreement.channel, f"the agreement is {agreement.state.value}")
    if kind not in agreement.messages:
        return Refusal(Reason.NOT_ALLOWED, kind.value, f"the agreement of {agreement.channel} does not name this type")
    return None


class Tables(msgspec.Struct, frozen=True):
    """The law in force on a node: each channel's agreement with its bent tables, and the table for our own duties."""

    own: ProcedureTable
    channels: dict[ChannelId, tuple[Agreement, dict[IncidentKind, ProcedureTable]]]

    def on(self, channel: ChannelId, kind: IncidentKind = IncidentKind.NOTICE) -> ProcedureTable:
        """The table of a kind on a channel; that of notices for a kind that the agreement has no table for, and the one
        at home for a channel without an agreement."""
        found = self.channels.get(channel)
        if found is None:
            return self.own
        return found[1].get(kind) or found[1].get(IncidentKind.NOTICE, self.own)

    def of(self, thread: Thread) -> ProcedureTable:
        """The table that a thread runs."""
        return self.on(thread.channel, thread.kind)

    def knows(self, channel: ChannelId, kind: IncidentKind) -> bool:
        """Whether the agreement has a table for this kind."""
        found = self.channels.get(channel)
        return found is not None and kind in found[1]

    def begins(self, channel: ChannelId, kind: IncidentKind) -> bool:
        """Whether a first message of this kind may be said on the channel, and taken."""
        table, opens = self.on(channel, kind), opening_type(kind)
        return self.knows(channel, kind) and table.row(table.start, Input(f"got:{opens}")) is not None

    def kind_begun(self, message: Message) -> IncidentKind | None:
        """The kind of an incident that this message begins on its channel; None if it begins nothing there."""
        kind = kind_of(message)
        return kind if kind is not None and self.begins(message.channel, kind) else None

    def many(self, channel: ChannelId) -> ManyRule | None:
        """When balloons are one incident on this channel."""
        found = self.channels.get(channel)
        return None if found is None else found[0].many

    def permits(self, channel: ChannelId, kind: MessageType) -> Refusal | None:
        """None if the channel carries messages of this type now; else why not."""
        found = self.channels.get(channel)
        if found is None:
            return Refusal(Reason.WRONG_CHANNEL, "channel", f"no agreement for {channel}")
        return permits(found[0], kind)


def in_force(
    tables: Mapping[str, ProcedureTable], agreements: Mapping[ChannelId, Agreement], own: str = "notice"
) -> Tables:
    """Each agreement with its procedures, bent. Raises ConfigError for a procedure that does not exist."""
    channels = {}
    for channel, agreement in agreements.items():
        names = procedures_of(agreement)
        missing = sorted(set(names.values()) - tables.keys())
        if missing or not names:
            raise ConfigError(1, f"{channel}.procedures", f"no procedure {', '.join(missing)!r}")
        channels[channel] = (agreement, _bent(tables, agreement))
    return Tables(tables[own], channels)


def line_test_interval_ms(agreement: Agreement) -> int:
    """How often the line of this channel is tested, in milliseconds."""
    return agreement.line_test.interval_s * SECOND_MS
