"""The ways in: what opens, what does not, and what trying costs."""

import msgspec
import pyotp
import pytest
from tests.edges.people_rooms import NOW, PASSWORD, Rooms, SoftKey

from redshank.edges.people import factors
from redshank.edges.people.doors import OVER, USED, WRONG, Opened
from redshank.edges.people.layout import Kind
from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.roles import Role


def at(seconds):
    return Instant(NOW + seconds * 1_000)


@pytest.fixture
def rooms(tmp_path):
    rooms = Rooms(tmp_path)
    yield rooms
    rooms.store.close()


def code(secret, now):
    return pyotp.TOTP(secret).at(now // 1_000)


def with_code(rooms, id_="anna", now=NOW):
    """Enrolled with a password; the secret of the codes."""
    ticket, secret, uri = rooms.doors.begin_code(rooms.add(id_), now)
    assert secret in uri
    opened = rooms.doors.end_code(ticket, PASSWORD, code(secret, now), now)
    assert isinstance(opened, Opened)
    return secret


def with_key(rooms, id_="anna", key=None):
    key = key or SoftKey()
    ticket, options = rooms.doors.begin_passkey(rooms.add(id_), NOW)
    return key, rooms.doors.end_passkey(ticket, key.make(options), NOW)


def log_in(rooms, key, now=NOW):
    ticket, options = rooms.doors.call_passkey(now)
    return rooms.doors.with_passkey(ticket, key.sign(options), now)


# --- enrolment --------------------------------------------------------------------------------------------------------


def test_a_link_enrols_once(rooms):
    """PEO-8. Looking does not use it up; a wrong code does not either."""
    link = rooms.add()
    assert rooms.doors.look(link, NOW).id == "anna"
    ticket, secret, _ = rooms.doors.begin_code(link, NOW)
    assert rooms.doors.end_code(ticket, PASSWORD, "000000", NOW).field == "code"
    assert rooms.doors.end_code(ticket, "short", code(secret, NOW), NOW).field == "password"
    assert isinstance(rooms.doors.end_code(ticket, PASSWORD, code(secret, NOW), NOW), Opened)
    assert rooms.doors.look(link, NOW) == USED
    assert rooms.doors.begin_passkey(link, NOW) == USED
    assert rooms.doors.end_code(ticket, PASSWORD, code(secret, NOW), NOW) == OVER


def test_of_two_who_enrol_with_one_link_the_second_is_refused(rooms):
    """PEO-8."""
    link = rooms.add()
    first, second = rooms.doors.begin_passkey(link, NOW), rooms.doors.begin_passkey(link, NOW)
    thief, owner = SoftKey(), SoftKey()
    assert isinstance(rooms.doors.end_passkey(first[0], owner.make(first[1]), NOW), Opened)
    assert rooms.doors.end_passkey(second[0], thief.make(second[1]), NOW) == USED
    assert log_in(rooms, thief).reason is Reason.NOT_ALLOWED


def test_a_persons_link_is_no_login_and_an_exercises_is_none_in_operation(rooms, tmp_path):
    """PEO-8, PEO-9."""
    assert rooms.doors.enter(rooms.add(), NOW).field == "link"
    rooms.store.add("robot", "Robot", [Role.DUTY_OFFICER], NOW, Kind.EXERCISE)
    link = rooms.store.new_link("robot", NOW)
    assert rooms.doors.enter(link, NOW) == USED
    exercise = Rooms(tmp_path, exercise=True)
    assert isinstance(exercise.doors.enter(link, NOW), Opened)
    assert exercise.doors.enter(link, NOW) == USED
    exercise.store.close()


def test_a_link_lasts_a_day_and_the_newer_one_counts(rooms):
    """PEO-8: limits.PERSON_LINK_S."""
    old = rooms.add()
    new = rooms.store.new_link("anna", NOW)
    assert rooms.doors.look(old, NOW) == USED
    assert not isinstance(rooms.doors.look(new, at(limits.PERSON_LINK_S)), Refusal)
    assert rooms.doors.look(new, at(limits.PERSON_LINK_S + 1)) == USED


# --- password and code ------------------------------------------------------------------------------------------------


def test_password_and_code_open_together_and_a_code_counts_once(rooms):
    """PEO-10. RFC 6238 section 5.2."""
    secret = with_code(rooms)
    doors = rooms.doors
    assert doors.with_password("anna", PASSWORD, code(secret, NOW), NOW) == WRONG, "was used to enrol"
    now = at(30)
    for id_, password, given in (
        ("anna", PASSWORD, "000000"),
        ("anna", "wrong password!", code(secret, now)),
        ("nobody", PASSWORD, code(secret, now)),
        ("anna", PASSWORD, ""),
        ("anna", PASSWORD, "é" * 6),
        ("", "", "x"),
    ):
        assert doors.with_password(id_, password, given, now) == WRONG
    opened = doors.with_password("anna", PASSWORD, code(secret, at(60)), at(60))
    assert isinstance(opened, Opened)
    assert rooms.store.of_session(opened.token, at(60))[0].id == "anna"
    assert doors.with_password("anna", PASSWORD, code(secret, at(60)), at(60)) == WRONG, "read over the shoulder"


@pytest.mark.parametrize(("off_s", "fits"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_telephone_may_be_off_by_one_step(off_s, fits):
    """PEO-10."""
    secret, now = factors.new_code_secret(), at(15)
    assert (factors.code_step(secret, code(secret, at(15 + off_s)), now) is not None) == fits


def test_wrong_attempts_cost_time_and_a_barred_account_looks_like_a_wrong_password(rooms):
    """PEO-11: limits.LOGIN_FAILURES, limits.LOGIN_BARRED_S, limits.LOGIN_BARRED_MAX_S."""
    secret = with_code(rooms)
    now = at(3_600)
    for _ in range(limits.LOGIN_FAILURES):
        assert rooms.doors.with_password("anna", "wrong password!", "000000", now) == WRONG
    assert rooms.doors.with_password("anna", PASSWORD, code(secret, now), now) == WRONG
    later = Instant(now + limits.LOGIN_BARRED_S * 1_000)
    assert rooms.store.barred_until("anna") == later
    assert isinstance(rooms.doors.with_password("anna", PASSWORD, code(secret, later), later), Opened)
    for number in range(40):
        rooms.store.note_failure("anna", Instant(later + number))
    assert rooms.store.barred_until("anna") == later + 39 + limits.LOGIN_BARRED_MAX_S * 1_000


def test_a_node_takes_only_so_many_attempts_a_minute(rooms):
    """PEO-11: limits.LOGIN_ATTEMPTS_PER_MIN, limits.LOGIN_PENDING, limits.LOGIN_PENDING_S."""
    with_code(rooms)
    now = at(600)
    answers = [rooms.doors.call_passkey(now) for _ in range(limits.LOGIN_ATTEMPTS_PER_MIN + 1)]
    assert isinstance(answers[-1], Refusal)
    assert answers[-1].reason is Reason.BUSY
    later = Instant(now + 60_000)
    assert not isinstance(rooms.doors.call_passkey(later), Refusal)
    ticket, options = rooms.doors.call_passkey(Instant(later + 60_000))
    assert rooms.doors.with_passkey(ticket, SoftKey().sign(options), at(3_600)) == OVER
    tickets = [
        rooms.doors.call_passkey(Instant(later + 120_000 + n * 1_001))[0] for n in range(limits.LOGIN_PENDING + 1)
    ]
    assert len(rooms.doors._begun) == limits.LOGIN_PENDING
    assert tickets[0] not in rooms.doors._begun


@pytest.mark.parametrize("length", [0, limits.PASSWORD_MIN_CHARS - 1, limits.PASSWORD_MAX_CHARS + 1])
def test_a_password_has_a_length(length):
    """PEO-10: limits.PASSWORD_MIN_CHARS, limits.PASSWORD_MAX_CHARS."""
    assert isinstance(factors.hash_password("x" * length), Refusal)


def test_a_password_is_kept_as_argon2id():
    """PEO-10."""
    hashed = factors.hash_password(PASSWORD)
    assert isinstance(hashed, str)
    assert hashed.startswith("$argon2id$")
    assert factors.password_fits(hashed, PASSWORD)
    assert not factors.password_fits(hashed, PASSWORD + "x")
    assert not factors.password_fits("nonsense", PASSWORD)


# --- passkeys ---------------------------------------------------------------------------------------------------------


def test_a_passkey_enrols_and_opens(rooms):
    """PEO-12."""
    key, opened = with_key(rooms)
    assert isinstance(opened, Opened)
    again = log_in(rooms, key)
    assert isinstance(again, Opened)
    assert again.person.id == "anna"
    assert again.token != opened.token


@pytest.mark.parametrize(
    "liar", [{"origin": "http://evil.example"}, {"host": "evil.example"}, {"verified": False}]
)  # fmt: skip
def test_a_passkey_of_another_site_or_without_its_owner_is_none(rooms, liar):
    """PEO-12. What a foreign page has signed, or a stolen stick without its PIN."""
    _, refused = with_key(rooms, "boris", SoftKey(**liar))
    assert isinstance(refused, Refusal)
    key, _ = with_key(rooms)
    for name, value in liar.items():
        setattr(key, name, value)
    assert isinstance(log_in(rooms, key), Refusal)


def test_a_challenge_is_answered_once_and_by_its_own_key(rooms):
    """PEO-12."""
    key, _ = with_key(rooms)
    ticket, options = rooms.doors.call_passkey(NOW)
    signed = key.sign(options)
    assert isinstance(rooms.doors.with_passkey(ticket, signed, NOW), Opened)
    assert rooms.doors.with_passkey(ticket, signed, NOW) == OVER
    ticket, _ = rooms.doors.call_passkey(NOW)
    assert isinstance(rooms.doors.with_passkey(ticket, signed, NOW), Refusal), "of another challenge"
    stranger = SoftKey()
    stranger.id = key.id
    assert isinstance(log_in(rooms, stranger), Refusal)


def test_a_copied_passkey_shows_by_its_count(rooms):
    """PEO-12."""
    key, _ = with_key(rooms)
    key.uses = 7
    assert isinstance(log_in(rooms, key), Opened)
    key.uses = 3
    assert isinstance(log_in(rooms, key), Refusal)


@pytest.mark.parametrize("answer", [{}, {"id": 7}, {"id": "x", "response": []}, {"id": "AAAA", "rawId": "AAAA"}])
def test_nonsense_instead_of_a_passkey_is_refused(rooms, answer):
    """PEO-12."""
    key, _ = with_key(rooms)
    for given in (answer, {**answer, "id": key.make({"challenge": "x"})["id"]}):
        ticket, _ = rooms.doors.call_passkey(NOW)
        assert isinstance(rooms.doors.with_passkey(ticket, given, NOW), Refusal)
    ticket, _ = rooms.doors.begin_passkey(rooms.add("carl"), NOW)
    assert isinstance(rooms.doors.end_passkey(ticket, answer, NOW), Refusal)


def test_tickets_of_one_way_are_none_of_another(rooms):
    """PEO-12. A login's ticket does not enrol, and the other way round."""
    key, _ = with_key(rooms)
    ticket, options = rooms.doors.call_passkey(NOW)
    assert rooms.doors.end_passkey(ticket, SoftKey().make(options), NOW) == OVER
    ticket, options = rooms.doors.begin_passkey(rooms.add("carl"), NOW)
    assert rooms.doors.with_passkey(ticket, key.sign(options), NOW) == OVER
    ticket, secret, _ = rooms.doors.begin_code(rooms.store.new_link("carl", NOW), NOW)
    assert rooms.doors.end_passkey(ticket, SoftKey().make(options), NOW) == OVER
    assert secret


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_reset_and_disable_close_every_door_at_once(rooms):
    """PEO-7."""
    key, opened = with_key(rooms)
    secret = with_code(rooms, "boris")
    session = rooms.doors.with_password("boris", PASSWORD, code(secret, at(60)), at(60))
    rooms.store.add("chief", "Chief", [Role.ADMINISTRATOR], NOW)
    assert rooms.store.reset("anna") is None
    assert rooms.store.disable("boris") is None
    assert rooms.store.of_session(opened.token, NOW) is None
    assert rooms.store.of_session(session.token, at(60)) is None
    assert isinstance(log_in(rooms, key), Refusal)
    assert rooms.doors.with_password("boris", PASSWORD, code(secret, at(120)), at(120)) == WRONG
    assert rooms.store.enable("boris") is None
    assert isinstance(rooms.doors.with_password("boris", PASSWORD, code(secret, at(180)), at(180)), Opened)


def test_roles_count_from_the_next_request_on(rooms):
    """PEO-3."""
    _, opened = with_key(rooms)
    assert rooms.store.set_roles("anna", [Role.OBSERVER]) is None
    assert rooms.store.of_session(opened.token, NOW)[0].roles == (Role.OBSERVER,)


def test_a_person_has_so_many_sessions(rooms):
    """limits.PERSON_SESSIONS: the oldest ends."""
    rooms.add()
    tokens = [rooms.store.begin_session("anna", at(n)) for n in range(limits.PERSON_SESSIONS + 1)]
    assert [rooms.store.of_session(token, at(9)) is not None for token in tokens] == [False] + [True] * (
        len(tokens) - 1
    )


def test_what_is_told_of_a_person_holds_no_secret(rooms):
    """PEO-5."""
    with_code(rooms)
    shown = msgspec.json.encode(rooms.store.people()).decode()
    hashed, secret, _ = rooms.store.password_of("anna")
    assert hashed not in shown
    assert secret not in shown
