"""Five parties in trouble, and then each channel's report from both sides' disks: one report."""

from functools import partial

import pytest

from redshank.compose.reporting.law import law_in
from redshank.exchange.compliance.copies import LogCopy, common
from redshank.exchange.compliance.figures import encode_report
from redshank.exchange.compliance.report import Period, compliance_report
from redshank.exchange.envelope import Place
from redshank.exchange.parties import EXERCISE_PREFIX, log_origin, witness_name
from redshank.exercise.simulation.world import World
from redshank.log.note import stamp_of
from redshank.node.effects import NoteKind
from redshank.terms.ids import partner_on
from redshank.terms.instants import Instant
from redshank.terms.refusal import Refusal

ALWAYS = Period(Instant(0), Instant(1 << 52))


def copies_on(node, channel):
    """What one side's disk holds of both logs of a channel, all generations."""
    found = []
    for session in node.state.generations(channel):
        for party in (session.me, session.partner):
            origin = log_origin(EXERCISE_PREFIX, channel, party, session.year, session.generation)
            kept = {at: node.disk.note(origin, NoteKind.RECEIPT, at) for at in range(1, node.disk.size(origin) + 1)}
            notes = {at: note for at, note in kept.items() if note is not None}
            size = max((*node.disk.heads(origin), *notes), default=0)
            witness = witness_name(EXERCISE_PREFIX, partner_on(channel, party))
            stamps = [(at, stamp_of(note, witness)) for at, note in notes.items()]
            receipts = tuple(sorted((at, stamp) for at, stamp in stamps if stamp is not None))
            first = Place(channel, party, session.year, 0, session.generation)
            if size:
                found.append(LogCopy(first, size, receipts, partial(read, node.disk, origin)))
    return tuple(found)


def read(disk, origin):
    return iter(disk.entries(origin, 0, disk.size(origin)))


def reports_of(world):
    """Per channel both sides and a function that makes one side's report."""
    for party, node in world.nodes.items():
        for channel in node.state.active_channels():
            partner = partner_on(channel, party)
            if party < partner:
                law = law_in(node.state.charter.agreements[channel])
                make = partial(compliance_report, channel, law=law, period=ALWAYS, exercise=True)
                yield channel, copies_on(node, channel), copies_on(world.nodes[partner], channel), make


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 10, 18])
def test_both_sides_of_each_channel_make_one_report(seed) -> None:
    """RPT-4: after crashes, cuts, lost answers and clocks that jump, each side computes from its own disk. Equal copies
    give equal bytes; and any copies do, once each side has cut to the other's report."""
    world = World(seed, 1_500, evil=False)
    world.run()
    channels = equal = said = 0
    for channel, mine, theirs, make in reports_of(world):
        one, other = make(copies=mine), make(copies=theirs)
        channels += 1
        if one.heads == other.heads:
            equal += 1
            assert encode_report(one) == encode_report(other), channel
        both = common(mine, other.heads), common(theirs, one.heads)
        assert not any(isinstance(copies, Refusal) for copies in both), channel
        cut = [encode_report(make(copies=copies)) for copies in both]
        assert cut[0] == cut[1], channel
        said += sum(figure.all.count for side in one.sides for figure in side.said)
    assert said > 50
    print(f"seed {seed}: {channels} channels, {equal} with equal copies at once")
