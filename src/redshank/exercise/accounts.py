"""Accounts of an exercise: real ones, in the store of each node's people, of a kind that no node in operation takes.

Here: who they are, their one-time links, and how a program comes in by one. Not here: judging a link (edges/people).
May know: edges, terms.
"""

from pathlib import Path
from typing import Final

import aiohttp

from redshank.edges.clock import SystemClock
from redshank.edges.people import PeopleStore
from redshank.edges.people.layout import Kind
from redshank.edges.people.store import PEOPLE_FILE
from redshank.terms.ids import PartyId
from redshank.terms.roles import Role

OFFICER, AUTHORITY, SECOND_AUTHORITY, ROBOT = "officer", "authority", "authority-2", "robot"
STAFF: Final = {
    OFFICER: ("Exercise officer", Role.DUTY_OFFICER),
    "officer-2": ("Second exercise officer", Role.DUTY_OFFICER),
    AUTHORITY: ("Exercise authority", Role.RELEASING_AUTHORITY),
    SECOND_AUTHORITY: ("Second exercise authority", Role.RELEASING_AUTHORITY),
    "administrator": ("Exercise administrator", Role.ADMINISTRATOR),
    "observer": ("Exercise observer", Role.OBSERVER),
    ROBOT: ("Robot", Role.DUTY_OFFICER),
}
"""Each has one role, so that an exercise shows what a role is."""


def make_accounts(party: PartyId, data: Path) -> None:
    """Before the node's first start. Raises PeopleFailed."""
    store = PeopleStore(data / PEOPLE_FILE, party)
    try:
        for id_, (name, role) in STAFF.items():
            store.add(id_, f"{name} {party}", [role], SystemClock().now(), Kind.EXERCISE)
    finally:
        store.close()


class Links:
    """One-time links into one node's console; a used one is made anew when it is asked for."""

    def __init__(self, party: PartyId, data: Path, origin: str) -> None:
        """Raises PeopleFailed."""
        self._store = PeopleStore(data / PEOPLE_FILE, party)
        self._origin = origin
        self._made: dict[str, str] = {}

    def token(self, person: str) -> str:
        """Good for one login."""
        now = SystemClock().now()
        made = self._made.get(person)
        if made is None or not self._store.link_waits(made, now):
            made = self._made[person] = self._store.new_link(person, now)
        return made

    def link(self, person: str) -> str:
        """To open in a browser."""
        return f"{self._origin}/enter.html#{self.token(person)}"

    def close(self) -> None:
        """Lets go of the file."""
        self._store.close()


async def come_in(http: aiohttp.ClientSession, origin: str, token: str) -> dict[str, str]:
    """The headers of a session, by a one-time link; empty when it was refused. Raises aiohttp.ClientError."""
    async with http.post(
        f"{origin}/api/enter", json={"step": "enter", "link": token}, headers={"Origin": origin}
    ) as answer:
        await answer.read()
        cookies = [f"{name}={morsel.value}" for name, morsel in answer.cookies.items()]
        return {"Cookie": "; ".join(cookies), "Origin": origin} if answer.status == 200 else {}
