"""Doors: the ways in. A one-time link lets a person enrol; a passkey, or a password with a code, opens a session.

Here: what is begun and ended, in which order, and what wrong attempts cost. Not here: HTTP (console), the factors
themselves (`factors`), keeping (`store`). May know: store, factors, terms. There is no way in without one of them.
"""

import secrets
from collections import deque
from typing import Any

import msgspec

from redshank.edges.people import factors
from redshank.edges.people.factors import Site
from redshank.edges.people.layout import Kind, Person
from redshank.edges.people.store import PeopleStore
from redshank.terms import limits
from redshank.terms.instants import MINUTE_MS, SECOND_MS, Instant
from redshank.terms.refusal import Reason, Refusal

CHALLENGE_BYTES = 32
WRONG = Refusal(Reason.NOT_ALLOWED, "login", "person, password or code is wrong")
"""One answer for each of them, and for an account that is barred, disabled or not there."""
USED = Refusal(Reason.NOT_ALLOWED, "link", "this link was used, or its day is over; an administrator makes a new one")
OVER = Refusal(Reason.NOT_ALLOWED, "ticket", "this took too long; begin again")
CROWD = Refusal(Reason.BUSY, "login", "too many attempts at this node; wait a minute")


class Opened(msgspec.Struct, frozen=True):
    """Somebody is in: whose session, and its token for the browser alone."""

    person: Person
    token: str


class _Begun(msgspec.Struct, frozen=True):
    """What a browser has begun and not ended."""

    ends_at: Instant
    challenge: bytes = b""
    secret: str = ""
    link: str = ""
    """Of an enrolment; without one it is a login."""


class Doors:
    """Of one node. Lives as long as the node; what was begun is forgotten with it."""

    def __init__(self, store: PeopleStore, site: Site, *, exercise: bool) -> None:
        """`exercise`: whether accounts that an exercise made may come in by a link alone."""
        self._store = store
        self._site = site
        self._exercise = exercise
        self._begun: dict[str, _Begun] = {}
        self._attempts: deque[Instant] = deque(maxlen=limits.LOGIN_ATTEMPTS_PER_MIN)

    # -- links ---------------------------------------------------------------------------------------------------------

    def look(self, link: str, now: Instant) -> Person | Refusal:
        """Whose link it is; it stays good. An exercise's link is for an exercise's node."""
        if self._crowded(now):
            return CROWD
        person = self._store.of_link(link, now)
        if person is None or (person.kind is Kind.EXERCISE and not self._exercise):
            return USED
        return person

    def enter(self, link: str, now: Instant) -> Opened | Refusal:
        """An account of an exercise comes in by its link, once. A person's link only lets enrol."""
        person = self.look(link, now)
        if isinstance(person, Refusal):
            return person
        if person.kind is not Kind.EXERCISE:
            return Refusal(Reason.NOT_ALLOWED, "link", "this link lets you enrol; it is no login")
        if self._store.use_link(link, now) is None:
            return USED
        return self._open(person, now)

    # -- enrolment -----------------------------------------------------------------------------------------------------

    def begin_passkey(self, link: str, now: Instant) -> tuple[str, dict[str, Any]] | Refusal:
        """A ticket, and what the browser is asked to make."""
        person = self.look(link, now)
        if isinstance(person, Refusal):
            return person
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        wish = factors.passkey_wish(self._site, self._store.hand(person.id), person.id, person.name, challenge)
        return self._begin(_Begun(_until(now), challenge=challenge, link=link), now), wish

    def end_passkey(self, ticket: str, credential: dict[str, Any], now: Instant) -> Opened | Refusal:
        """Takes the new passkey; the link is used up with it."""
        begun = self._ended(ticket, now)
        if begun is None or not begun.link or not begun.challenge:
            return OVER
        made = factors.passkey_made(self._site, begun.challenge, credential)
        if isinstance(made, Refusal):
            return made
        person = self._store.use_link(begun.link, now)
        if person is None:
            return USED
        if not self._store.add_passkey(person.id, made.credential, made.public_key, made.uses, now):
            return Refusal(Reason.NOT_ALLOWED, "passkey", "is known already")
        return self._open(person, now)

    def begin_code(self, link: str, now: Instant) -> tuple[str, str, str] | Refusal:
        """A ticket, the secret of the codes, and its URI for an authenticator application."""
        person = self.look(link, now)
        if isinstance(person, Refusal):
            return person
        secret = factors.new_code_secret()
        ticket = self._begin(_Begun(_until(now), secret=secret, link=link), now)
        return ticket, secret, factors.code_uri(secret, person.id, self._site.title)

    def end_code(self, ticket: str, password: str, code: str, now: Instant) -> Opened | Refusal:
        """Takes the password, once a code shows that the secret has arrived. A wrong code may be tried again."""
        begun = self._begun.get(ticket)
        if begun is None or not begun.secret or begun.ends_at < now:
            return OVER
        hashed = factors.hash_password(password)
        if isinstance(hashed, Refusal):
            return hashed
        step = factors.code_step(begun.secret, code, now)
        if step is None:
            return Refusal(
                Reason.NOT_ALLOWED, "code", "is not the one that is shown now; is the telephone's time right?"
            )
        person = self._store.use_link(begun.link, now)
        self._begun.pop(ticket, None)
        if person is None:
            return USED
        self._store.set_password(person.id, hashed, begun.secret, step)
        return self._open(person, now)

    # -- login ---------------------------------------------------------------------------------------------------------

    def call_passkey(self, now: Instant) -> tuple[str, dict[str, Any]] | Refusal:
        """A ticket, and what the browser is asked to sign."""
        if self._crowded(now):
            return CROWD
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        ticket = self._begin(_Begun(_until(now), challenge=challenge), now)
        return ticket, factors.passkey_call(self._site, challenge)

    def with_passkey(self, ticket: str, credential: dict[str, Any], now: Instant) -> Opened | Refusal:
        """Opens a session for the owner of the passkey that has signed."""
        begun = self._ended(ticket, now)
        if begun is None or begun.link or not begun.challenge:
            return OVER
        which = factors.credential_of(credential)
        known = None if which is None else self._store.passkey(which)
        if which is None or known is None:
            return Refusal(Reason.NOT_ALLOWED, "passkey", "is not known here")
        person, public_key, uses = known
        answer = factors.passkey_answer(self._site, begun.challenge, credential, public_key, uses)
        if isinstance(answer, Refusal):
            return answer
        self._store.note_use(which, answer)
        return self._open(person, now)

    def with_password(self, id_: str, password: str, code: str, now: Instant) -> Opened | Refusal:
        """Opens a session for password and code together; neither is told to be right without the other."""
        if self._crowded(now):
            return CROWD
        kept = self._store.password_of(id_)
        barred = self._store.barred_until(id_) > now
        fits = factors.password_fits(None if kept is None or barred else kept[0], password)
        step = None if kept is None else factors.code_step(kept[1], code, now)
        person = self._store.person(id_)
        if barred:
            return WRONG
        if not fits or step is None or person is None or not self._store.use_step(id_, step):
            self._store.note_failure(id_, now)
            return WRONG
        self._store.note_success(id_)
        return self._open(person, now)

    # -- the rest ------------------------------------------------------------------------------------------------------

    def _open(self, person: Person, now: Instant) -> Opened | Refusal:
        if person.disabled or (person.kind is Kind.EXERCISE and not self._exercise):
            return WRONG
        known = self._store.person(person.id)
        return WRONG if known is None else Opened(known, self._store.begin_session(person.id, now))

    def _crowded(self, now: Instant) -> bool:
        full = len(self._attempts) == self._attempts.maxlen
        if full and now - self._attempts[0] < MINUTE_MS:
            return True
        self._attempts.append(now)
        return False

    def _begin(self, begun: _Begun, now: Instant) -> str:
        self._begun = {ticket: one for ticket, one in self._begun.items() if one.ends_at >= now}
        while len(self._begun) >= limits.LOGIN_PENDING:
            self._begun.pop(next(iter(self._begun)))
        ticket = secrets.token_urlsafe(32)
        self._begun[ticket] = begun
        return ticket

    def _ended(self, ticket: str, now: Instant) -> _Begun | None:
        """What was begun, once: a challenge is answered a single time."""
        begun = self._begun.pop(ticket, None)
        return None if begun is None or begun.ends_at < now else begun


def _until(now: Instant) -> Instant:
    return Instant(now + limits.LOGIN_PENDING_S * SECOND_MS)
