"""Records of two generations: each verifies by itself, and the second is held against the first."""

import json
from functools import cache

import msgspec
import pytest
from tests.exchange.chain_records import NEXT, followed, rotated
from tests.exchange.exchange_world import BY, LT, NOW, Keyring, exchange_all, line_test, two_nodes
from tests.exchange.test_exchange_record import Files, conversation, export

from redshank.cli.chaining import side_of
from redshank.exchange import chain, generations
from redshank.exchange.audit.columns import NONE, Columns
from redshank.exchange.chain import Link, Side
from redshank.exchange.crosscheck import contradictions_between
from redshank.exchange.evidence import check_evidence, encode_evidence
from redshank.exchange.record import ClaimedKeys
from redshank.exchange.session import Session
from redshank.exchange.verifier import verify_record
from redshank.terms.message import Why
from redshank.terms.refusal import Reason, Refusal


@cache
def records(why: Why = Why.PLANNED) -> tuple[Files, Files]:
    return rotated(why)


def side(files: Files) -> Side:
    found = side_of(files, verify_record(files))
    assert found is not None
    return found


def links(before: Files, after: Files) -> dict[str, Link]:
    found = chain.follows(side(before), side(after))
    assert not isinstance(found, Refusal), found
    return {link.party: link for link in found}


def reasons(before: Files, after: Files) -> set[tuple[str, Reason, str]]:
    return {(party, one.reason, one.field) for party, link in links(before, after).items() for one in link.faults}


def test_both_records_are_in_order_and_the_second_follows_the_first() -> None:
    """REC-21 and REC-23: each under its own keys, pinned; the old keys name the new ones."""
    before, after = records()
    first = verify_record(before, {BY: Keyring(BY).public, LT: Keyring(LT).public})
    second = verify_record(after, {party: ring.public for party, ring in NEXT.items()})
    assert first.ok, first.findings
    assert second.ok, second.findings
    assert b'"generation"' not in before["record.json"]
    assert b'"generation":1' in after["record.json"]
    found = links(before, after)
    assert [(link.why, link.endorsed, link.faults) for link in found.values()] == [
        ("partner", True, ()),
        ("planned", True, ()),
    ]
    assert not verify_record(after, {BY: Keyring(BY).public, LT: Keyring(LT).public}).ok


@pytest.mark.parametrize("why", [Why.LOST, Why.REVOKED])
def test_keys_that_are_gone_endorse_nothing_and_the_chain_says_so(why: Why) -> None:
    """REC-23 and LOG-23."""
    found = links(*records(why))
    assert (found["LT"].why, found["LT"].endorsed, found["LT"].faults) == (why.value, False, ())
    assert found["BY"].endorsed


def test_records_that_do_not_follow_one_another_are_told_apart() -> None:
    """REC-23"""
    before, after = records()
    for one, other in ((after, before), (before, before)):
        found = chain.follows(side(one), side(other))
        assert isinstance(found, Refusal)
        assert found.reason is Reason.WRONG_GENERATION


def test_another_end_or_other_keys_are_faults() -> None:
    """REC-23 and LOG-19: the record of another change of keys does not fit."""
    before, after = records()
    other_before, _ = records(Why.LOST)
    assert ("LT", Reason.WRONG_OPENING, "end") in reasons(other_before, after)
    claimed = json.loads(after["record.json"])["keys"]
    held = {"LT": ClaimedKeys(**claimed["BY"]), "BY": ClaimedKeys(**claimed["LT"])}
    manifest = msgspec.structs.replace(side(after).manifest, keys=held)
    swapped = chain.follows(side(before), msgspec.structs.replace(side(after), manifest=manifest))
    assert not isinstance(swapped, Refusal)
    assert {fault.reason for link in swapped for fault in link.faults} == {Reason.BAD_KEY}


def test_a_first_record_that_was_cut_or_is_another_one_is_found() -> None:
    """REC-23: what the opening names has to be there."""
    _, after = records()
    assert ("LT", Reason.WRONG_OPENING, "end") in reasons(export(*conversation()), after)


def test_the_mark_of_keys_depends_on_each_of_them_and_on_the_generation() -> None:
    """LOG-19"""
    held = NEXT[LT].public
    marks = {generations.mark(held), generations.mark(Keyring(LT, seed="the next test key").public)}
    marks |= {generations.mark(msgspec.structs.replace(held, log=NEXT[BY].public.log))}
    marks |= {generations.mark(msgspec.structs.replace(held, witness=NEXT[BY].public.witness))}
    assert len(marks) == 4
    assert all(len(mark) == 64 for mark in marks)


def test_a_log_that_goes_on_or_does_not_open_is_a_fault_of_its_record() -> None:
    """REC-22"""
    before, after = records()
    ended, opened = (columns_of(files) for files in (before, after))
    assert (ended.opens, ended.ended_at) == (False, len(ended) - 1)
    assert (opened.opens, opened.ended_at) == (True, NONE)
    assert chain.log_faults(len(ended), ended.opens, ended.ended_at, 0) == []
    [(serial, fault)] = chain.log_faults(len(ended) + 1, ended.opens, ended.ended_at, 0)
    assert (serial, fault.reason) == (len(ended), Reason.LOG_ENDED)
    [(serial, fault)] = chain.log_faults(len(ended), ended.opens, ended.ended_at, 1)
    assert (serial, fault.reason) == (0, Reason.WRONG_OPENING)
    assert chain.log_faults(len(opened), opened.opens, None, 1) == []


def test_a_record_of_a_log_that_goes_on_is_not_in_order() -> None:
    """REC-22: an entry after the LOG-END, under a head that covers both."""
    by, lt = two_nodes()
    lt.say(line_test(0), NOW)
    followed(lt, by, Why.PLANNED)
    lt.say(line_test(1), NOW + 63_000)
    exchange_all(lt, by, NOW + 64_000)
    [finding] = verify_record(export(by, lt)).findings
    assert (finding.path, finding.refusal.reason) == ("LT/entry 2", Reason.LOG_ENDED)


def test_a_record_of_a_later_log_that_does_not_open_is_not_in_order() -> None:
    """REC-22: its first entry is another message."""
    by, lt = two_nodes()
    lt_next = followed(lt, by, Why.PLANNED)
    by_next = followed(by, lt, Why.PARTNER)
    fresh = generations.follower(lt.session)
    assert isinstance(fresh, Session)
    lt_next.session, lt_next.said = fresh, []
    lt_next.say(line_test(1), NOW + 70_000)
    exchange_all(lt_next, by_next, NOW + 80_000)
    keys = {party: ring.public for party, ring in NEXT.items()}
    [finding] = verify_record(export(by_next, lt_next, keys=keys, generation=1)).findings
    assert (finding.path, finding.refusal.reason) == ("LT/entry 0", Reason.WRONG_OPENING)


def columns_of(files: dict[str, bytes]) -> Columns:
    """Of LT's log, as the verifier keeps them."""
    columns = Columns()
    for line in verify_record(files).lines:
        if line.sender == "LT":
            columns.add(line.content)
    return columns


@pytest.mark.parametrize("generation", [b"0", b"1000", b"-1", b'"1"'])
def test_a_generation_that_can_be_none_is_refused(generation: bytes) -> None:
    """REC-21"""
    _, after = records()
    spoilt = after | {"record.json": after["record.json"].replace(b'"generation":1', b'"generation":' + generation)}
    [finding] = verify_record(spoilt).findings
    assert finding.path == "record.json"


def test_two_records_of_a_later_log_convict_who_signed_both() -> None:
    """EVI-9: the proof names the generation, and holds under its keys alone."""

    def said(number: int) -> Files:
        by, lt = two_nodes()
        lt_next = followed(lt, by, Why.PLANNED)
        by_next = followed(by, lt, Why.PARTNER)
        lt_next.say(line_test(number), NOW + 70_000)
        exchange_all(lt_next, by_next, NOW + 80_000)
        return export(by_next, lt_next, keys={party: ring.public for party, ring in NEXT.items()}, generation=1)

    one, other = said(1), said(2)
    [found] = contradictions_between(one, other, side(one).manifest)
    shown = check_evidence(encode_evidence(found), {party: ring.public for party, ring in NEXT.items()})
    assert (shown.refusal, shown.convicts) == (None, True)
    assert check_evidence(encode_evidence(found), {LT: Keyring(LT).public}).refusal is not None
