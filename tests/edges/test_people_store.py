"""The file of people: what was told is there after a power cut, and of another node it is none."""

import os
import signal
import subprocess
import sys

import pytest
from tests.edges.people_rooms import NOW, Rooms

from redshank.edges.people import PeopleFailed, PeopleStore
from redshank.edges.people.store import HAND_BYTES
from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason
from redshank.terms.roles import Role

WRITER = """
import sys
from pathlib import Path
from redshank.edges.people import PeopleStore
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.terms.roles import Role
store = PeopleStore(Path(sys.argv[1]), PartyId("LT"))
for number in range(10_000):
    store.add(f"p{number}", "P", [Role.OBSERVER], Instant(number))
    act = store.begin_act(store.person(f"p{number}"), "observer", "look", "", Instant(number))
    token = store.begin_session(f"p{number}", Instant(number))
    print(number, act, token, flush=True)
"""


@pytest.fixture
def rooms(tmp_path):
    rooms = Rooms(tmp_path)
    yield rooms
    rooms.store.close()


def test_what_was_told_outlives_a_kill(tmp_path):
    """PEO-16. SIGKILL in the middle of writing: accounts, acts and sessions that were told are there, in order."""
    path = tmp_path / "people.sqlite"
    told = -1
    for _ in range(3):
        if path.exists():
            for beside in tmp_path.iterdir():
                beside.unlink()
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            lines = [writer.stdout.readline() for _ in range(25)]
            os.kill(writer.pid, signal.SIGKILL)
            lines += writer.stdout.readlines()
        whole = [line.split() for line in lines if line.endswith("\n")]
        told = len(whole)
        store = PeopleStore(path, PartyId("LT"))
        assert len(store.people()) >= told
        assert [act.number for act in store.acts(Instant(0), Instant(1 << 60))][:told] == list(range(1, told + 1))
        number, _, token = whole[-1]
        found = store.of_session(token, Instant(int(number)))
        assert found is not None
        assert found[0].id == f"p{number}"
        store.close()
    assert told >= 25


def test_it_is_for_its_owner_alone_and_for_its_own_node(tmp_path, rooms):
    """PEO-16."""
    assert (tmp_path / "people.sqlite").stat().st_mode & 0o077 == 0
    with pytest.raises(PeopleFailed, match="another node"):
        PeopleStore(tmp_path / "people.sqlite", PartyId("BY"))


@pytest.mark.parametrize("damage", [b"no SQLite at all" * 400, b""])
def test_a_damaged_file_stops_the_node_and_an_empty_one_is_new(tmp_path, damage):
    """PEO-16."""
    path = tmp_path / "people.sqlite"
    path.write_bytes(damage)
    if damage:
        with pytest.raises(PeopleFailed):
            PeopleStore(path, PartyId("LT"))
    else:
        PeopleStore(path, PartyId("LT")).close()


def test_a_hand_is_the_same_for_a_person_and_of_no_use_elsewhere(tmp_path, rooms):
    """PEO-4."""
    rooms.add("anna")
    rooms.add("boris")
    hands = {rooms.store.hand(one) for one in ("anna", "boris")}
    assert len(hands) == 2
    assert all(len(hand) == HAND_BYTES for hand in hands)
    other = Rooms(tmp_path / "other")
    other.add("anna")
    assert other.store.hand("anna") not in hands
    other.store.close()


def test_the_last_administrator_stays(rooms):
    """PEO-7."""
    rooms.add("chief", Role.ADMINISTRATOR, Role.DUTY_OFFICER)
    for no in (rooms.store.disable("chief"), rooms.store.set_roles("chief", [Role.DUTY_OFFICER])):
        assert no.reason is Reason.NOT_ALLOWED
    rooms.add("deputy", Role.ADMINISTRATOR)
    assert rooms.store.set_roles("chief", [Role.DUTY_OFFICER]) is None


@pytest.mark.parametrize("id_", ["", "Anna", "an na", "-anna", "a" * 33, "anna\n", "анна", "../x"])
def test_an_id_is_plain(rooms, id_):
    """PEO-7."""
    assert rooms.store.add(id_, "Anna", [], NOW).field == "id"


@pytest.mark.parametrize("name", ["", "x" * (limits.PERSON_NAME_CHARS + 1), "a\nb", "\u202e"])
def test_a_name_is_one_line(rooms, name):
    """limits.PERSON_NAME_CHARS."""
    assert rooms.store.add("anna", name, [], NOW).field == "name"


def test_an_id_is_given_once(rooms):
    rooms.add("anna")
    assert rooms.store.add("anna", "Another Anna", [], NOW).field == "id"


def test_the_register_says_who_asked_for_what_and_what_was_said(rooms):
    """PEO-4. A name that changes later changes no line."""
    rooms.add("anna")
    anna = rooms.store.person("anna")
    first = rooms.store.begin_act(anna, "duty-officer", "send-notice", "{}", NOW)
    second = rooms.store.begin_act(anna, "duty-officer", "acknowledge", "{}", Instant(NOW + 1))
    rooms.store.end_act(first, "done")
    found = rooms.store.acts(NOW, Instant(NOW + 2))
    assert [(one.number, one.name, one.outcome) for one in found] == [(first, "Anna", "done"), (second, "Anna", None)]
    assert rooms.store.acts(Instant(NOW + 1), Instant(NOW + 2)) == found[1:]


def test_two_processes_share_it(tmp_path, rooms):
    """PEO-7. What the command line changes, the node knows at its next request."""
    link = rooms.add("anna")
    other = PeopleStore(tmp_path / "people.sqlite", PartyId("LT"))
    assert other.of_link(link, NOW) == rooms.store.person("anna") is not None
    other.disable("anna")
    assert rooms.store.person("anna").disabled
    other.close()
