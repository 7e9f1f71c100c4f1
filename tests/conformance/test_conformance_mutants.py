"""The qualifier finds what is wrong: real nodes, each with one fault that a careless maker could make."""

import pytest
from tests.conformance.broken_node import FAULTS
from tests.conformance.sandbox import make_sandbox, not_passed, told
from tests.story.story_fleet import running

from redshank.conformance.case import Responsible, Verdict

FOUND = {
    "takes-forks": ("LOG-11", "LOG-11"),
    "computes-no-root": ("LOG-11", "LOG-11"),
    "checks-no-signature": ("LOG-3,LOG-4", "LOG-4"),
    "multiplies-by-the-cofactor": ("LOG-3", "LOG-3"),
    "takes-stray-bits": ("LOG-4", "LOG-4"),
    "takes-any-origin": ("LOG-1", "LOG-1"),
    "says-why-at-length": ("DEL-1", "DEL-1"),
    "takes-long-pushes": ("DEL-2", "DEL-2"),
    "takes-any-spelling": ("MSG-1", "MSG-1"),
    "takes-any-serial": ("MSG-8", "MSG-8"),
    "looks-at-no-clock": ("MSG-9", "MSG-9"),
    "takes-unknown-members": ("MSG-3", "MSG-3"),
    "stops-at-what-it-refuses": ("MSG-5", "MSG-5"),
    "answers-tests-twice": ("LINE-6", "LINE-6"),
    "acknowledges-by-machine": ("PROC-5", "PROC-5"),
    "writes-spaces": ("LINE-6", "MSG-1"),
    "signs-before-the-receipt": ("LOG-9", "LOG-9"),
    "receipts-what-was-not-sent": ("DEL-4", "LOG-10"),
    "checks-no-second-signature": ("LOG-16", "LOG-16"),
    "goes-back-to-one-signature": ("LOG-14.1", "LOG-14"),
    "shows-other-tiles": ("LOG-7", "LOG-7"),
    "takes-any-200-for-a-receipt": ("DEL-5", "DEL-5"),
    "resumes-anywhere": ("DEL-6", "DEL-6"),
    "follows-redirections": ("DEL-8.8", "LINE-3"),
    "speaks-old-tls": ("LINE-1.3", "LINE-1"),
    "asks-no-certificate": ("LINE-1.2", "LINE-1"),
    "looks-at-no-name": ("LINE-1.5", "LINE-1"),
    "serves-every-channel": ("LINE-4", "LINE-4"),
    "calls-anybody": ("LINE-1.7", "LINE-1"),
}
"""Fault to the clauses that are examined, and the clause that is found broken."""


LONG = ("takes-any-200-for-a-receipt", "stops-at-what-it-refuses", "looks-at-no-clock", "goes-back-to-one-signature")
"""These wait for half a minute and more."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault",
    [pytest.param(name, marks=pytest.mark.long if name in LONG else ()) for name in FAULTS if name in FOUND],
)
async def test_a_fault_is_found_and_the_node_is_named(tmp_path, nursery, fault):
    examined, broken = FOUND[fault]
    sandboxed = make_sandbox(tmp_path, nursery, fault)
    with running(sandboxed.node):
        report = await sandboxed.qualify(examined)
    found = [one for one in not_passed(report).values() if one.verdict is Verdict.FAIL]
    assert found, told(report)
    assert {one.responsible for one in found} == {Responsible.NODE}, told(report)
    named = {one.breached or one.clauses[0] for one in found} | {clause for one in found for clause in one.clauses[:1]}
    assert broken in named, told(report)
    assert all(one.evidence or one.came for one in found)
    assert not report.qualifies


@pytest.mark.slow
async def test_a_fault_is_told_where_it_is_and_not_all_over(tmp_path, nursery):
    """A node that takes statements from the future then holds honest ones for back-dated: MSG-9 is what it breaks."""
    sandboxed = make_sandbox(tmp_path, nursery, "looks-at-no-clock")
    with running(sandboxed.node):
        report = await sandboxed.qualify("MSG-9,MSG-10,MSG-11")
    assert {one.clauses[0] for one in not_passed(report).values()} == {"MSG-9"}, told(report)


def test_each_fault_is_expected_somewhere():
    assert set(FAULTS) == set(FOUND) | {"back-dates-its-receipts"}
