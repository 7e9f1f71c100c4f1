"""People at the console: who somebody is, and the steps by which a person comes in. Compose builds the doorkeeper.

Here: the protocol and its forms. Not here: HTTP (`entering`, `gate`), judging a password or a passkey (edges). May
know: terms.
"""

from typing import Annotated, Any, Protocol

import msgspec

from redshank.terms.refusal import Refusal
from redshank.terms.roles import Role

Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Answer = dict[str, Any]
"""What a passkey says, as the browser's JSON (W3C Web Authentication)."""


class Somebody(msgspec.Struct, frozen=True):
    """Whose session it is; the page shows it."""

    id: str
    name: str
    roles: tuple[Role, ...]
    ends_ms: int
    """When the session ends, by the machine's clock, UTC."""


class _Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="step"):
    pass


class Look(_Step, frozen=True, kw_only=True, tag="look"):
    """Whose link is this, and what is it for?"""

    link: Secret


class Enter(_Step, frozen=True, kw_only=True, tag="enter"):
    """Come in by the link of an exercise's account."""

    link: Secret


class MakePasskey(_Step, frozen=True, kw_only=True, tag="make-passkey"):
    """Begin to enrol with a passkey."""

    link: Secret


class TakePasskey(_Step, frozen=True, kw_only=True, tag="take-passkey"):
    """The passkey is made."""

    ticket: Secret
    credential: Answer


class MakeCode(_Step, frozen=True, kw_only=True, tag="make-code"):
    """Begin to enrol with a password and codes."""

    link: Secret


class TakeCode(_Step, frozen=True, kw_only=True, tag="take-code"):
    """The password, and the code that the telephone shows."""

    ticket: Secret
    password: str
    code: Secret


class CallPasskey(_Step, frozen=True, kw_only=True, tag="call-passkey"):
    """Begin to log in with a passkey."""


class WithPasskey(_Step, frozen=True, kw_only=True, tag="with-passkey"):
    """The passkey has signed."""

    ticket: Secret
    credential: Answer


class WithPassword(_Step, frozen=True, kw_only=True, tag="with-password"):
    """Log in with password and code."""

    person: Secret
    password: str
    code: Secret


class Ways(_Step, frozen=True, kw_only=True, tag="ways"):
    """Is there a national login?"""


Step = Ways | Look | Enter | MakePasskey | TakePasskey | MakeCode | TakeCode | CallPasskey | WithPasskey | WithPassword


class Entered(msgspec.Struct, frozen=True):
    """Somebody is in; the token is for the cookie alone."""

    token: str


class Shown(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a page needs for the next step."""

    name: str = ""
    person: str = ""
    kind: str = ""
    """Of a link: ``exercise`` comes in, ``person`` enrols."""
    ticket: str = ""
    options: Answer = {}
    secret: str = ""
    uri: str = ""
    national: bool = False
    """Whether this node knows a national login."""
    inside: bool = False
    """Whether this very browser has a session already."""


class Doorkeeper(Protocol):
    """Who may come in. Nothing that comes from a page may raise here: a no is a Refusal."""

    def somebody(self, token: str) -> Somebody | None:
        """Whose session it is; None when it is none, has ended, or the account was disabled."""

    def is_feed(self, key: str) -> bool:
        """Whether a bearer key is the feed's, compared in constant time."""

    async def enter(self, step: Step) -> Shown | Entered | Refusal:
        """Takes one step."""

    async def begin_national(self) -> tuple[str, str] | Refusal:
        """Where the browser goes for the national login, and the secret that it has to bring back."""

    async def end_national(self, state: str, code: str, browser: str) -> Entered | Refusal:
        """It has come back."""

    async def leave(self, token: str) -> None:
        """Ends a session."""
