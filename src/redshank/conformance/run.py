"""Run: a whole qualification from first handshake to report.

Here: the order of the cases, what is run at all, opening and closing both ways. Not here: the cases, printing. The
clock comes as an argument: this room reads none.
"""

import asyncio
import contextlib
from collections.abc import Callable

from redshank.conformance import cases_answer, cases_line, cases_message, cases_pull, cases_push
from redshank.conformance.case import CASES, Case, Responsible, Result, Verdict
from redshank.conformance.coverage import UNSEEN
from redshank.conformance.exam import Exam
from redshank.conformance.keys import Folder, Unusable
from redshank.conformance.partner import Sandbox
from redshank.conformance.report import Report, counts_of, digest
from redshank.conformance.selfcheck import faults

FAMILIES = (cases_line, cases_push, cases_pull, cases_message, cases_answer)
"""Importing them has filled the register."""
NEEDED = ("handshake", "resume", "clocks")
"""Cases that always run, and first: without a way in and a first receipt nothing else can."""
LAST = ("flood", "all_it_said")
"""Cases after which little else can be told apart."""

Progress = Callable[[int, int, Case, Result | None], None]
"""Number of the case, how many there are, the case; and its result once it has ended."""


def cases_for(selection: str) -> list[Case]:
    """The cases of a selection: clauses, prefixes of them, or case ids, separated by commas; empty: all."""
    wanted = tuple(word.strip() for word in selection.split(",") if word.strip())
    needed = [one for one in CASES if _name(one) in NEEDED]
    rest = [one for one in CASES if _name(one) not in NEEDED and (not wanted or _is_wanted(one, wanted))]
    return needed + sorted(rest, key=lambda one: _name(one) in LAST and 1 + LAST.index(_name(one)))


def _name(one: Case) -> str:
    return getattr(one.run, "__name__", "")


def _is_wanted(one: Case, wanted: tuple[str, ...]) -> bool:
    return any(word in (one.id, *one.clauses, one.clauses[0].partition("-")[0]) for word in wanted)


async def qualify(
    sandbox: Sandbox,
    folder: Folder,
    now_ms: Callable[[], int],
    *,
    node_file: bytes,
    follows_node: bool = False,
    clock_is_disciplined: bool = False,
    selection: str = "",
    progress: Progress = lambda number, of, case, result: None,
) -> Report:
    """Runs the cases; the report. Raises Unusable when the qualifier itself is not fit, OSError for its own port."""
    wrong = faults()
    if wrong:
        raise Unusable(f"the qualifier does not pass its own check: {'; '.join(wrong)}")
    exam = Exam(sandbox, folder, now_ms, follows_node=follows_node, clock_is_disciplined=clock_is_disciplined)
    began_ms, results = now_ms(), list[Result]()
    await exam.door.open(sandbox.listen_host, sandbox.listen_port)
    watching = asyncio.create_task(exam.watch())
    chosen = cases_for(selection)
    try:
        for number, one in enumerate(chosen):
            progress(number, len(chosen), one, None)
            results.append(await exam.run(one))
            _stop_without(exam, one, results[-1])
            progress(number + 1, len(chosen), one, results[-1])
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        exam.caller.close()
        await exam.door.close()
    return _report(exam, digest(node_file), selection, began_ms, results)


def _report(exam: Exam, node_sha256: str, selection: str, began_ms: int, results: list[Result]) -> Report:
    sandbox, folder = exam.sandbox, exam.folder
    secret = folder.report_secret()
    return Report(
        url=sandbox.url,
        node=sandbox.node.party,
        node_public_sha256=node_sha256,
        qualifier=folder.published.party,
        qualifier_key=secret.key.text,
        channel=exam.partner.channel,
        prefix=sandbox.prefix,
        year=sandbox.year,
        began_ms=began_ms,
        ended_ms=exam.partner.now_ms(),
        clock_apart_ms=exam.partner.offset_ms,
        selection=selection,
        counts=counts_of(results),
        results=tuple(results),
        unseen=UNSEEN,
    )


def _stop_without(exam: Exam, one: Case, result: Result) -> None:
    """Without a way in, or without a first receipt, a hundred failures would say one thing."""
    if _name(one) not in (NEEDED[0], NEEDED[-1]) or result.verdict is Verdict.PASS or exam.lost is not None:
        return
    if exam.partner.receipted_s == 0:
        party = result.responsible if result.responsible is not Responsible.NOBODY else Responsible.NODE
        exam.lost = party, f"{result.case} did not pass: {result.came}"


def explain(party: Responsible) -> str:
    """What a party that is held responsible has to do."""
    return {
        Responsible.NOBODY: "",
        Responsible.NODE: "the makers of the node: it breaks the clause",
        Responsible.QUALIFIER: "whoever runs the qualifier: its clock, its machine or its folder",
        Responsible.NETWORK: "whoever keeps the way between the two",
        Responsible.SPECIFICATION: "nobody: the specification leaves it open",
    }[party]
