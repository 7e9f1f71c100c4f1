"""Doorkeeper: the people's store and the ways in, as the console asks for them; and names for its own people's eyes.

Here: the real `Doorkeeper`, and the first link. Not here: any judgement (edges/people). May know: console, edges.
"""

import asyncio
import secrets
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from redshank.compose.config import ConfigFailed, NodeConfig
from redshank.console.gate import ENTRY_PAGE, same
from redshank.console.people import (
    CallPasskey,
    Enter,
    Entered,
    Look,
    MakeCode,
    MakePasskey,
    Shown,
    Somebody,
    Step,
    TakeCode,
    TakePasskey,
    Ways,
    WithPasskey,
    WithPassword,
)
from redshank.console.people_view import ShiftView
from redshank.console.view import View
from redshank.edges.clock import SystemClock
from redshank.edges.durable_file import write_secret
from redshank.edges.people import PeopleFailed, PeopleStore, Person
from redshank.edges.people.doors import Doors, Opened
from redshank.edges.people.factors import Site
from redshank.edges.people.layout import Kind
from redshank.edges.people.store import PEOPLE_FILE
from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.roles import Role

if TYPE_CHECKING:
    from redshank.edges.people.oidc import NationalLogin

FIRST_ADMINISTRATOR = "administrator"
NO_NATIONAL = Refusal(Reason.NOT_ALLOWED, "national", "this node knows no national login")
_Judged = Look | Enter | MakePasskey | TakePasskey | MakeCode | TakeCode | CallPasskey | WithPasskey | WithPassword


class NodeDoorkeeper:
    """Who may come in at one node. Times are the machine's: a session does not run at an exercise's pace."""

    def __init__(
        self, store: PeopleStore, doors: Doors, feed_key: str, national: "NationalLogin | None" = None
    ) -> None:
        """Raises ValueError for a feed key that is too short to be one."""
        if len(feed_key) < limits.CONSOLE_KEY_CHARS or not feed_key.isascii():
            raise ValueError(f"the feed key needs at least {limits.CONSOLE_KEY_CHARS} ASCII characters")
        self._store = store
        self._doors = doors
        self._national = national
        self._feed_key = feed_key
        self._clock = SystemClock()

    def somebody(self, token: str) -> Somebody | None:
        """Whose session it is."""
        try:
            found = self._store.of_session(token, self._clock.now())
        except PeopleFailed:  # a file that can not be read lets nobody in
            return None
        return None if found is None else Somebody(found[0].id, found[0].name, found[0].roles, found[1])

    def is_feed(self, key: str) -> bool:
        """The one bearer key."""
        return same(key, self._feed_key)

    async def enter(self, step: Step) -> Shown | Entered | Refusal:
        """In a thread: a password's hash costs 50 ms and each change waits for the disk."""
        if isinstance(step, Ways):
            return Shown(national=self._national is not None)
        try:
            found = await asyncio.to_thread(self._step, step)
        except PeopleFailed as error:
            return Refusal(Reason.BUSY, "people", str(error))
        return Entered(found.token) if isinstance(found, Opened) else found

    async def begin_national(self) -> tuple[str, str] | Refusal:
        """Where the browser goes."""
        return NO_NATIONAL if self._national is None else await self._national.begin(self._clock.now())

    async def end_national(self, state: str, code: str, browser: str) -> Entered | Refusal:
        """Whom the provider knows."""
        if self._national is None:
            return NO_NATIONAL
        try:
            found = await self._national.end(state, code, browser, self._clock.now())
        except PeopleFailed as error:
            return Refusal(Reason.BUSY, "people", str(error))
        return found if isinstance(found, Refusal) else Entered(found.token)

    async def leave(self, token: str) -> None:
        """Logs out."""
        await asyncio.to_thread(self._store.end_session, token)

    def _step(self, step: _Judged) -> Shown | Opened | Refusal:
        doors, now = self._doors, self._clock.now()
        match step:
            case Look(link=link):
                return _whose(doors.look(link, now))
            case Enter(link=link):
                return doors.enter(link, now)
            case MakePasskey(link=link):
                return _call(doors.begin_passkey(link, now))
            case MakeCode(link=link):
                begun = doors.begin_code(link, now)
                return begun if isinstance(begun, Refusal) else Shown(ticket=begun[0], secret=begun[1], uri=begun[2])
            case CallPasskey():
                return _call(doors.call_passkey(now))
            case _:
                return self._proof(step)

    def _proof(self, step: TakePasskey | TakeCode | WithPasskey | WithPassword) -> Opened | Refusal:
        doors, now = self._doors, self._clock.now()
        match step:
            case TakePasskey(ticket=ticket, credential=credential):
                return doors.end_passkey(ticket, credential, now)
            case TakeCode(ticket=ticket, password=password, code=code):
                return doors.end_code(ticket, password, code, now)
            case WithPasskey(ticket=ticket, credential=credential):
                return doors.with_passkey(ticket, credential, now)
            case WithPassword(person=person, password=password, code=code):
                return doors.with_password(person, password, code, now)


def _whose(person: Person | Refusal) -> Shown | Refusal:
    if isinstance(person, Refusal):
        return person
    return Shown(name=person.name, person=person.id, kind=person.kind.value)


def _call(begun: tuple[str, dict[str, object]] | Refusal) -> Shown | Refusal:
    return begun if isinstance(begun, Refusal) else Shown(ticket=begun[0], options=begun[1])


def open_people(config: NodeConfig, data: Path) -> PeopleStore:
    """The node's people. Raises PeopleFailed, and ConfigFailed where an exercise's accounts stand in operation."""
    store = PeopleStore(data / PEOPLE_FILE, config.party)
    strangers = [person.id for person in store.people() if person.kind is Kind.EXERCISE]
    if strangers and not config.exercise:
        store.close()
        raise ConfigFailed(f"{store.path}: {strangers[0]} is an exercise's account; operation begins with a new file")
    return store


def doorkeeper(config: NodeConfig, base: Path, data: Path, store: PeopleStore, port: int) -> NodeDoorkeeper:
    """Of a console that listens on `port`."""
    origin = console_url(config, port)
    site = Site(urlsplit(origin).hostname or "localhost", origin, f"Redshank {config.party}")
    doors = Doors(store, site, exercise=config.exercise)
    return NodeDoorkeeper(store, doors, feed_key(data), _national(config, base, store, origin))


def _national(config: NodeConfig, base: Path, store: PeopleStore, origin: str) -> "NationalLogin | None":
    provider = config.national_login
    if provider is None:
        return None
    from redshank.edges.people.oidc import NationalLogin  # its HTTP client and its JOSE cost each start without it

    secret = None
    if provider.client_secret_file is not None:
        try:
            secret = (base / provider.client_secret_file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigFailed(f"national_login.client_secret_file: cannot be read: {error.strerror}") from error
    return NationalLogin(store, provider, f"{origin}/api/national/return", secret)


def console_url(config: NodeConfig, port: int) -> str:
    """Where people open the console. A passkey is bound to a name, and an address is none: so it is `localhost`."""
    return config.console_url.rstrip("/") if config.console_url else f"http://localhost:{port}"


def link_url(origin: str, token: str) -> str:
    """A one-time link. The secret is in the fragment: no server log and no referrer ever has it."""
    return f"{origin}{ENTRY_PAGE}#{token}"


def first_link(store: PeopleStore, origin: str) -> str | None:
    """While no administrator is enrolled: a link for the first one, made anew at each start; None afterwards."""
    people = store.people()
    administrators = [one for one in people if Role.ADMINISTRATOR in one.roles and not one.disabled]
    if any(one.enrolled for one in administrators) or any(one.kind is Kind.EXERCISE for one in people):
        return None
    now = SystemClock().now()
    if not administrators:
        no = store.add(FIRST_ADMINISTRATOR, "First administrator", [Role.ADMINISTRATOR], now)
        if no is not None:  # the id is taken by somebody who is none: a person decides
            return None
    first = administrators[0].id if administrators else FIRST_ADMINISTRATOR
    return link_url(origin, store.new_link(first, now))


class _FeedFile(msgspec.Struct, frozen=True):
    feed: str


def feed_key(data: Path) -> str:
    """The feed's key: made at the first start, kept for the next ones."""
    path = data / "console.keys"
    if not path.exists():
        write_secret(path, msgspec.json.encode(_FeedFile(secrets.token_urlsafe(32))))
    return msgspec.json.decode(path.read_bytes(), type=_FeedFile).feed


def with_names(view: View, store: PeopleStore) -> View:
    """The view with names in the place of hands: for the node's own people, and nowhere else."""
    try:
        names = {store.hand(person.id).hex(): person.name for person in store.people()}
    except PeopleFailed:  # the night goes on without names
        return view
    named = partial(names.get)
    approvals = [msgspec.structs.replace(one, yes=[named(hand) or hand for hand in one.yes]) for one in view.approvals]
    return msgspec.structs.replace(view, approvals=approvals, shift=_named(view.shift, named))


def _named(shift: ShiftView | None, named: "partial[str | None]") -> ShiftView | None:
    if shift is None:
        return None
    person, follower = named(shift.person) or shift.person, named(shift.next) or shift.next
    return msgspec.structs.replace(shift, person=person, next=follower)
