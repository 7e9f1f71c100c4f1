"""Findings: what is wrong or doubtful in an agreement's file, in which line, and what follows from it.

Here: the judgement of a whole file for the one who writes it. Not here: the strict reader itself (`agreement`), files,
clocks. May know: terms. An *error* is what no node should run with; a *doubt* is for the legal adviser to answer; a
*note* only says so.
"""

import datetime
import difflib
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from redshank.procedure.agreement import Agreement, AgreementState, Kind, Role, bent, parse_agreement, procedures_of
from redshank.procedure.config import ConfigError, Document, read
from redshank.procedure.obligation import Owner
from redshank.procedure.table import RECEIPT, Carries, ProcedureTable
from redshank.terms import limits
from redshank.terms.instants import SECOND_MS
from redshank.terms.message import MessageType

TEST_ANSWER_S = limits.TEST_ANSWER_MS // SECOND_MS

_UNKNOWN = re.compile(r"unknown field `([^`]+)`")
_WHOLE = "The whole file is refused and no node starts with it: nothing that stands in it is in force."
_CONSEQUENCES = {
    "deadlines": "No one would be held to it: the deadline belongs to nothing that the procedure knows.",
    "escalation": "Nobody would know whom to call next, and when.",
    "messages": "An incident could be opened that neither side can tell or close.",
    "channel": "Messages would be signed for a channel that is not that of these two parties.",
    "parties": "Messages would be signed for a channel that is not that of these two parties.",
    "by_voice": "It would not be known which side has to read its messages out.",
    "line_test": "A dead line would not be noticed in time, or the line would carry little but tests.",
    "witnesses": "What k of n third parties have cosigned would mean nothing.",
    "procedure": "It would not be known who owes what by when.",
    "procedures": "It would not be known who owes what by when: the two sides could run different tables.",
    "many": "A night of hundreds would be hundreds of incidents, each with an ACK of its own.",
    "state": "A file would put into force, or stop, what only the signed acts of the parties can.",
    "under": "Nobody could look up what it rests on: what is cited would bind nobody.",
    "articles": "What rests on an article could be read in two ways.",
    "roles": "Nobody would know who acts for which party.",
}


class Weight(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    DOUBT = "doubt"
    NOTE = "note"


class Finding(msgspec.Struct, frozen=True):
    """One finding: its line (from 1), its field, what it is, and what follows."""

    line: int
    field: str
    problem: str
    consequence: str
    weight: Weight = Weight.ERROR


def examine(text: str, tables: Mapping[str, ProcedureTable], today: datetime.date) -> tuple[Finding, ...]:
    """All findings on an agreement's text, in the order of its lines; none means that nothing is to be said."""
    try:
        agreement = parse_agreement(text, tables)
        doc = read(text)
    except ConfigError as error:
        return (_refused(error, text),)
    agreed = [tables[name] for name in dict.fromkeys(procedures_of(agreement).values())]
    found = [*_roles(doc, agreement), *_times(doc, agreement, [bent(table, agreement) for table in agreed])]
    found += _words(doc, agreement, tables)
    found += _standing(doc, agreement, today)
    return tuple(sorted(found, key=lambda finding: finding.line))


def _refused(error: ConfigError, text: str) -> Finding:
    """A refusal of the strict reader: an unknown article is looked for in the text, which tells its line."""
    line, problem = error.line, error.problem
    if unknown := _UNKNOWN.search(problem):
        name = unknown[1]
        at = re.search(rf"^(?:.*[{{,\s])?{re.escape(name)}\s*:", text, re.MULTILINE)
        line = line if at is None else text.count("\n", 0, at.end()) + 1
        near = difflib.get_close_matches(name, _articles(), 1)
        problem = f"no article {name!r} is known" + (f" (meant is perhaps {near[0]!r})" if near else "")
    return Finding(
        line, error.field, problem, f"{_CONSEQUENCES.get(error.field.partition('.')[0], '')} {_WHOLE}".strip()
    )


def _articles() -> list[str]:
    kinds = msgspec.json.schema(Agreement)["$defs"].values()
    return [name for kind in kinds for name in kind.get("properties", {})]


def _finding(
    doc: Document, path: tuple[str | int, ...], problem: str, consequence: str, weight: Weight = Weight.ERROR
) -> Finding:
    error = doc.error(problem, *path)
    return Finding(error.line, error.field, problem, consequence, weight)


def _roles(doc: Document, agreement: Agreement) -> Iterator[Finding]:
    """Roles that overlap: who witnesses twice, who is called twice."""
    seen: dict[str, int] = {}
    for number, witness in enumerate(agreement.witnesses.of):
        for mark in (witness.url, *witness.keys):
            if seen.setdefault(mark, number) != number:
                yield _finding(
                    doc, ("witnesses", "of", number),
                    f"is the same third party as number {seen[mark] + 1}",
                    "One witness would count as two: its word alone could make a head witnessed.",
                )  # fmt: skip
                break
    steps = [rung.step for rung in agreement.escalation]
    for number, step in enumerate(steps):
        if step in steps[:number]:
            yield _finding(
                doc, ("escalation", number), f"{step.value} is called a second time",
                "The later step calls the one who was called before and did not help: the ladder ends a step too low.",
            )  # fmt: skip


def _times(doc: Document, agreement: Agreement, laws: list[ProcedureTable]) -> Iterator[Finding]:
    """Deadlines that the line itself can not keep, and a test that comes too seldom to tell why one was missed."""
    owed = {
        f"{law.name}.{name}": rule
        for law in laws
        for name, rule in law.obligations.items()
        if Owner.PARTNER in rule.ladder and name != RECEIPT and law.carries is Carries.INCIDENT
    }
    named = owed.keys() | {name.partition(".")[2] for name in owed}
    for name, seconds in agreement.deadlines.items():
        if name in named and seconds < TEST_ANSWER_S:
            yield _finding(
                doc, ("deadlines", name),
                f"{seconds} s is shorter than the line test: a TEST may stay without an answer for {TEST_ANSWER_S} s",
                "A line that died would be written down as an officer who did not answer.",
            )  # fmt: skip
    most = [max(rule.deadline_s for name, rule in owed.items() if name.startswith(f"{law.name}.")) for law in laws
            if any(name.startswith(f"{law.name}.") for name in owed)]  # fmt: skip
    longest = min(most, default=None)
    if longest is not None and agreement.line_test.interval_s > longest:
        yield _finding(
            doc, ("line_test", "interval_s"),
            f"{agreement.line_test.interval_s} s is longer than every deadline of the partner in one table "
            f"(at most {longest} s)",
            "A deadline could pass on a line that nobody had tested since before the message.",
            Weight.DOUBT,
        )  # fmt: skip


def _words(doc: Document, agreement: Agreement, tables: Mapping[str, ProcedureTable]) -> Iterator[Finding]:
    """Messages and languages that do not go together."""
    has = set(agreement.messages)
    for asks, answers in ((MessageType.QUERY, MessageType.REPLY), (MessageType.TEST, MessageType.TEST_REPLY)):
        if asks in has and answers not in has:
            yield _finding(
                doc, ("messages",), f"{asks.value} without {answers.value}",
                f"What is asked could not be answered, and each {asks.value} would be missed.",
            )  # fmt: skip
    if MessageType.TEST not in has:
        yield _finding(
            doc, ("messages",), "no TEST", "Silence would not be told from a dead line.", Weight.DOUBT
        )  # fmt: skip
    for kind, name in procedures_of(agreement).items():
        used = {given.split(":")[1] for _, given in tables[name].rows if given.startswith("sent:")}
        lacking = sorted(used - {one.value for one in has} - {"REPLY", "TEST-REPLY"})
        if lacking:
            path = ("procedures", kind.value) if agreement.procedures else ("messages",)
            yield _finding(
                doc, path, f"the procedure {name!r} speaks {', '.join(lacking)}, the agreement does not",
                "What is owed by such a message can not be done: it would be missed each time.", Weight.DOUBT,
            )  # fmt: skip
            if not agreement.procedures:
                break


def _standing(doc: Document, agreement: Agreement, today: datetime.date) -> Iterator[Finding]:
    """What the agreement rests on, and whether it is of today."""
    yield from _bilateral(doc, agreement)
    yield from _sources(doc, agreement)
    if agreement.review_date < today:
        yield _finding(
            doc, ("review_date",), f"{agreement.review_date} has passed",
            "The two sides owe each other a review; until then each may say that the text is stale.", Weight.DOUBT,
        )  # fmt: skip
    if agreement.procedure:
        yield _finding(
            doc, ("procedure",), f"one table, {agreement.procedure!r}, for all that happens",
            "A crossing is owed no sooner than a forecast, and a night of hundreds is hundreds of incidents.",
            Weight.DOUBT,
        )  # fmt: skip
    if agreement.state is not AgreementState.ACTIVE:
        yield _finding(
            doc, ("state",), f"the agreement is {agreement.state.value}",
            "The channel carries line tests and acts about the agreement alone, until both sides activate this text.",
            Weight.NOTE,
        )  # fmt: skip


def _bilateral(doc: Document, agreement: Agreement) -> Iterator[Finding]:
    """What an agreement between two states should have before anybody activates it."""
    if agreement.kind is not Kind.BILATERAL:
        return
    if not agreement.legal_basis.documented:
        yield _finding(
            doc, ("legal_basis", "documented"), "a bilateral agreement without a documented basis",
            "Once activated, all that is sent would rest on assumptions, and nobody could show what allows it.",
            Weight.DOUBT,
        )  # fmt: skip
    on_duty = {held.party for held in agreement.roles if held.role is Role.DUTY_OFFICER}
    missing = ", ".join(sorted({*agreement.parties} - on_duty - {agreement.by_voice}))
    if missing:
        yield _finding(
            doc, ("roles",), f"no duty officer of {missing}",
            "The file does not say which post answers there at 3 am; the two have to know it from elsewhere.",
            Weight.DOUBT,
        )  # fmt: skip


def _sources(doc: Document, agreement: Agreement) -> Iterator[Finding]:
    """Statements and articles that nobody could look up."""
    for number, article in enumerate(agreement.articles):
        if not article.source.strip():
            yield _finding(
                doc, ("articles", number), f"article {article.id!r} without a source",
                "Nobody could check what it says.",
            )  # fmt: skip
    for number, told in enumerate(agreement.legal_basis.documented):
        if not told.source.strip():
            yield _finding(
                doc, ("legal_basis", "documented", number), "without a source",
                "It is an assumption and belongs under `assumed`: nobody could check it.",
            )  # fmt: skip
