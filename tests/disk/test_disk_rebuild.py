"""A node is rebuilt from its partner's record: it goes on where it was, and never forks."""

import shutil
import sqlite3

import pytest
from tests.disk.recorded import record
from tests.disk.recovered import LATER, Again, go_on
from tests.disk.workload import BY, CHANNEL, LT, PASSPHRASE, fresh

from redshank.edges.check import check_store
from redshank.edges.keys import KeySet
from redshank.edges.rebuild import Decision, RebuildRefused, never_used, plan_channel, rebuild
from redshank.edges.recovery import recover
from redshank.edges.salvage import Salvaged, salvage
from redshank.edges.store import Store
from redshank.exchange.parties import EXERCISE_PREFIX
from redshank.exchange.record import LogExport, build_record
from redshank.exchange.session import receive
from redshank.node import commands
from redshank.node.effects import NoteKind
from redshank.node.events import Asked, RebuildBegun, decode_event
from redshank.terms.refusal import Refusal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

BY_ME = Decision("Cpt Example", ("00",), accepts_loss=True)


@pytest.fixture(scope="module")
def run(shim, tmp_path_factory):
    return record(shim, tmp_path_factory.mktemp("rebuild"), turns=3)


@pytest.fixture
def world(run, tmp_path):
    """Both parties' folders; BY is the one that loses its disk."""
    shutil.copytree(run.root, tmp_path / "root")
    return tmp_path / "root", {party: KeySet(party, run.root / party / "keys", PASSPHRASE) for party in (BY, LT)}


def store_of(root, party):
    return root / party / "data" / "node.sqlite"


def record_of(root, party, cast, older=0):
    """The record that a party exports; of its own log `older` heads ago."""
    store = Store(store_of(root, party))
    session = fresh(party, cast).session(CHANNEL)
    logs = {}
    for name, keys in ((session.me, session.keys), (session.partner, session.partner_keys)):
        receipts = dict(store.notes(keys.log.name, NoteKind.RECEIPT))
        heads = dict(store.notes(keys.log.name, NoteKind.HEAD)) | receipts
        size = sorted(heads)[-1 - (older if name == session.me else 0)]
        receipts = {at: note for at, note in receipts.items() if at <= size}
        logs[name] = LogExport(heads[size], size, store.entries(keys.log.name, 0, size), receipts)
    both = {session.me: session.keys, session.partner: session.partner_keys}
    store.close()
    return build_record(agreement="x", prefix=EXERCISE_PREFIX, channel=CHANNEL, year=session.year, keys=both, logs=logs)


def says_one_thing_more(root, party, cast):
    """The node says a thing and signs it. The delivery is on the line, and has not come."""
    one = Again(party, root / party, cast)
    one.turn(Asked(1, "duty-officer", commands.TestLine(channel=CHANNEL)))
    push, size = one.push(), one.state.session(CHANNEL).own.size
    one.store.close()
    return push, size


def rebuilt(root, cast, files, confirmed, left, decision=BY_ME):
    """BY's store anew, in the place of the old one."""
    state = fresh(BY, cast)
    plan = plan_channel(state.session(CHANNEL), files, confirmed, left)
    path = store_of(root, BY)
    for old in path.parent.glob("node.sqlite*"):
        old.unlink()
    return plan, rebuild(state, [plan], decision, LATER, path)


@pytest.mark.parametrize("disk", ["whole", "gone"])
def test_rcv_7_a_rebuilt_node_goes_on_without_a_fork(world, disk):
    """RCV-7, RCV-10: entries, heads and receipts of both logs are back; the store is in order; both nodes go on."""
    root, cast = world
    files, left = record_of(root, LT, cast), salvage(store_of(root, BY)) if disk == "whole" else Salvaged()
    before = Again(BY, root / BY, cast)
    logs = {o: before.log(o) for o in left.entries} or {
        before.state.session(CHANNEL).own.key.name: before.log(before.state.session(CHANNEL).own.key.name)
    }
    session, incidents = before.state.session(CHANNEL), before.state.incidents
    before.store.close()
    plan, state = rebuilt(root, cast, files, session.own.size, left)
    after = state.session(CHANNEL)
    assert (after.own.frontier, after.own.receipted_size) == (session.own.frontier, session.own.receipted_size)
    assert after.theirs.frontier == session.theirs.frontier
    assert set(state.incidents.open) == set(incidents.open)
    assert {o.what for one in state.incidents.open.values() for t in one.threads.values() for o in t.obligations} == {
        o.what for one in incidents.open.values() for t in one.threads.values() for o in t.obligations
    }
    assert bool(plan.lost) == (disk == "gone")
    assert check_store(store_of(root, BY)).faults == ()
    store = Store(store_of(root, BY))
    assert recover(fresh(BY, cast), store).session(CHANNEL) == after
    assert all(store.entries(origin, 0, 1 << 40) == entries for origin, entries in logs.items())
    store.close()
    go_on(root, cast)


def test_rcv_10_the_decision_is_the_first_row_of_the_new_journal(world):
    """RCV-10: who, from which records, what is lost."""
    root, cast = world
    rebuilt(root, cast, record_of(root, LT, cast), len(salvaged_own(root, cast)), Salvaged())
    store = Store(store_of(root, BY))
    at, first = next(iter(store.journal()))
    event = decode_event(first)
    assert isinstance(event, RebuildBegun)
    assert (at, event.by, event.records) == (LATER, "Cpt Example", ("00",))
    assert "not known" in event.lost[0]
    store.close()


def salvaged_own(root, cast):
    return salvage(store_of(root, BY)).entries[fresh(BY, cast).session(CHANNEL).own.key.name]


def test_rcv_8_what_had_been_signed_and_not_delivered_is_delivered_again(world):
    """RCV-8: the head under way is in the damaged store; it is restored, with its entries, and is no second one."""
    root, cast = world
    files, confirmed = record_of(root, LT, cast), len(salvaged_own(root, cast))
    push, size = says_one_thing_more(root, BY, cast)
    _, state = rebuilt(root, cast, files, confirmed, salvage(store_of(root, BY)))
    assert (state.session(CHANNEL).own.signed_size, state.session(CHANNEL).own.receipted_size) == (size, confirmed)
    again = Again(BY, root / BY, cast)
    assert again.push() == push
    again.store.close()
    go_on(root, cast)


def test_rcv_8_a_head_that_may_have_left_and_whose_entries_are_lost_is_never_signed_over(world):
    """RCV-8: refused, and it names the head; no store is written. That the danger is real: it would be a fork."""
    root, cast = world
    files, confirmed = record_of(root, LT, cast), len(salvaged_own(root, cast))
    push, size = says_one_thing_more(root, BY, cast)
    db = sqlite3.connect(store_of(root, BY))
    db.execute("UPDATE entry SET body = x'00' WHERE idx = ? AND origin LIKE '%/BY/2026'", (size - 1,))
    db.commit()
    db.close()
    left = salvage(store_of(root, BY))
    with pytest.raises(RebuildRefused, match=f"a head of size {size} was signed"):
        plan_channel(fresh(BY, cast).session(CHANNEL), files, confirmed, left)
    rebuilt(root, cast, files, confirmed, Salvaged())  # as if nothing were left of the store
    other = Again(BY, root / BY, cast)
    other.turn(Asked(1, "duty-officer", commands.TestLine(channel=CHANNEL, text="something else")))
    lt = Again(LT, root / LT, cast)
    assert not isinstance(receive(lt.state.session(CHANNEL), push, LATER), Refusal)
    assert other.push() != push
    other.store.close()
    lt.store.close()


def test_rcv_8_what_is_lost_is_said_and_must_be_accepted(world):
    """RCV-8: without the store nobody knows what was in it; a person must say that it goes on all the same."""
    root, cast = world
    files, confirmed = record_of(root, LT, cast), len(salvaged_own(root, cast))
    state = fresh(BY, cast)
    plan = plan_channel(state.session(CHANNEL), files, confirmed, Salvaged())
    store_of(root, BY).rename(root / "away.sqlite")
    with pytest.raises(RebuildRefused, match="accept-loss"):
        rebuild(state, [plan], Decision("Cpt Example", ()), LATER, store_of(root, BY))
    assert not store_of(root, BY).exists()


@pytest.mark.parametrize("wrong", ["size", "record", "old"])
def test_rcv_9_a_record_that_is_not_the_partners_whole_copy_is_refused(world, wrong):
    """RCV-9: another size than the officer says; a fault; a partner's log shorter than what it had signed."""
    root, cast = world
    session, confirmed, left = (
        fresh(BY, cast).session(CHANNEL),
        len(salvaged_own(root, cast)),
        salvage(store_of(root, BY)),
    )
    files = record_of(root, LT, cast)
    if wrong == "size":
        confirmed -= 1
    if wrong == "record":
        files["BY/tile/entries/000.p/2"] = b"\0\2{}"
    if wrong == "old":
        files = record_of(root, LT, cast, older=1)
    with pytest.raises(RebuildRefused):
        plan_channel(session, files, confirmed, left)


def test_rcv_9_a_channel_is_not_called_unused_when_it_was_used(world):
    """RCV-9: a log that begins anew forks at its first entry."""
    root, cast = world
    with pytest.raises(RebuildRefused, match="bring its record"):
        never_used(fresh(BY, cast).session(CHANNEL), salvage(store_of(root, BY)))


def test_rcv_7_a_rebuild_never_replaces_a_store(world):
    """RCV-7: the damaged one is evidence."""
    root, cast = world
    state = fresh(BY, cast)
    plan = plan_channel(
        state.session(CHANNEL), record_of(root, LT, cast), len(salvaged_own(root, cast)), salvage(store_of(root, BY))
    )
    with pytest.raises(RebuildRefused, match="evidence"):
        rebuild(state, [plan], BY_ME, LATER, store_of(root, BY))
