"""Agreements: the bilateral instrument that a channel rests on, as data.

Here: the type, the strict reader, and how an agreement bends a procedure table. Not here: the acts that revive or
suspend one (`life`), by which text two parties mean the same (`fingerprint`), files. May know: terms.
"""

import datetime
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

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


LINE_AND_READ = frozenset({MessageType.TEST, MessageType.TEST_REPLY, MessageType.ACK})
"""What a channel carries whatever the state of its agreement (AGR-6), beside the acts about the agreement itself."""
TO_CLOSE = frozenset({MessageType.CLOSE, MessageType.AGREE_CLOSE})
"""What it carries as well once the agreement has ended, so that what is open can be closed (AGR-10)."""


class AgreementState(StrEnum):
    """Only an active agreement carries messages of incidents. A file says where it begins; the acts of both sides say
    what follows."""

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


class Article(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An article of the instrument, so that a deadline or a message type can name what it rests on."""

    id: Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9.-]{0,31}$")]
    says: str
    source: str


class Role(StrEnum):
    """Who acts under the agreement."""

    DUTY_OFFICER = "duty-officer"
    SECOND_OFFICER = "second-officer"
    RELEASING_AUTHORITY = "releasing-authority"
    ADMINISTRATOR = "administrator"
    ATC_SUPERVISOR = "atc-supervisor"
    HIGHER_LEVEL = "higher-level"


class AgreedRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who holds a role for a party: the post, never a person's name."""

    role: Role
    party: PartyId
    post: Annotated[str, msgspec.Meta(min_length=1, max_length=limits.MESSAGE_TEXT_CHARS)]


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
    roles: tuple[AgreedRole, ...] = ()
    articles: tuple[Article, ...] = ()
    under: dict[str, str] = {}
    """What rests on which article: `messages.NOTICE`, `deadlines.ack`, `procedure`, `line_test`, ... to its id."""


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
    _check_begin(doc, agreement)
    _check_articles(doc, agreement)
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


def _check_begin(doc: Document, agreement: Agreement) -> None:
    """AGR-5: a file says where an agreement begins, never what the two states have done since."""
    state, begins = agreement.state, (AgreementState.DORMANT, AgreementState.ACTIVE)
    if agreement.kind is Kind.BILATERAL and state is not AgreementState.DORMANT:
        told = f"a bilateral agreement begins as dormant, not {state.value}: only the two parties' acts activate it"
        raise doc.error(told, "state")
    if state not in begins:
        raise doc.error(f"an agreement begins as dormant or active; {state.value} is what acts make of it", "state")
    for number, held in enumerate(agreement.roles):
        if held.party not in agreement.parties:
            raise doc.error(f"{held.party!r} is no party of {agreement.channel}", "roles", number, "party")


def _check_articles(doc: Document, agreement: Agreement) -> None:
    """AGR-13: what is cited is listed, and what cites is there."""
    known = [article.id for article in agreement.articles]
    if len(known) > limits.AGREEMENT_ARTICLES or len(set(known)) != len(known):
        raise doc.error(f"at most {limits.AGREEMENT_ARTICLES} articles, each id once", "articles")
    for what, article in agreement.under.items():
        if article not in known:
            listed = ", ".join(known) or "none"
            raise doc.error(f"cites {article!r}, which is no article of this agreement ({listed})", "under", what)
        field, _, part = what.partition(".")
        found = getattr(agreement, field, None) if field in Agreement.__struct_fields__ else None
        if not found or (part and isinstance(found, tuple | dict) and part not in found):
            raise doc.error("is nothing that this agreement says", "under", what)


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
    always = LINE_AND_READ | (TO_CLOSE if agreement.state is AgreementState.ENDED else frozenset())
    if agreement.state is not AgreementState.ACTIVE and kind not in always:
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


def with_agreement(tables: Tables, every: Mapping[str, ProcedureTable], agreement: Agreement) -> Tables:
    """With another agreement on its channel. Raises ConfigError for a procedure that is not there."""
    fresh = in_force(every, {agreement.channel: agreement}, tables.own.name)
    return Tables(tables.own, {**tables.channels, **fresh.channels})


def line_test_interval_ms(agreement: Agreement) -> int:
    """How often the line of this channel is tested, in milliseconds."""
    return agreement.line_test.interval_s * SECOND_MS
