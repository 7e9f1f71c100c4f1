"""The port: all that the web API asks of a running node. Compose builds the real one, the tests a small fake.

Here: the protocol, what a command leads to, and the preview of a message. Not here: HTTP. May know: node and
below."""

from typing import Protocol

import msgspec

from redshank.console.view import View
from redshank.console.voice import VoiceCheckView, VoiceFormView, VoiceTyped
from redshank.node.commands import Command
from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Refusal


class Accepted(msgspec.Struct, frozen=True):
    """The node has done it, and the act is in its journal. What came of it stands in the next view."""

    accepted: bool = True


CommandResult = Accepted | Refusal


class PreviewView(msgspec.Struct, frozen=True, kw_only=True):
    """What the partner would read if the form were sent now.

    `body` has the members and units of the wire (docs/spec): 1e-7 degrees, UTC milliseconds, metres, per
    mille. `released` False means that nothing would leave, and `rule` says why. `hidden` pairs a field with
    the rule that keeps it back or makes it coarser."""

    type: str
    channel: str
    partner: str
    released: bool
    asks: int = 0
    """How many of a releasing authority have to say yes before it leaves; `body` is what they are asked about."""
    rule: str
    body: dict[str, object]
    text: str | None = None
    hidden: list[tuple[str, str]] = []
    missing: list[str] = []
    """Members that its form asks for and that it does not say, whatever the reason."""


class ConsolePort(Protocol):
    """A running node, as its console sees it. Nothing that comes from a page may raise here: a no is a
    Refusal."""

    def view(self) -> View:
        """The newest view, drawn at once if the node has moved on."""

    async def drawn(self) -> View:
        """The view of a state that is no older than the call. It is drawn once per change, not once per page, and in
        short pieces, so that nobody waits for it: a large picture takes some 100 ms."""

    async def changed(self, since_version: int) -> int:
        """Waits until the view is newer than `since_version` and gives its version, at most once per
        limits.CONSOLE_CADENCE_S. Versions grow; 0 is older than any. While the node turns, its clock alone
        makes a new version each second: a page calls an older picture stale. May be cancelled while it
        waits."""

    async def command(self, command: Command, role: str, person: str) -> CommandResult:
        """Does what a person asks in this role, or says why not. `person` goes to the national register of acts, and
        nowhere else."""

    async def preview(self, command: Command) -> PreviewView | Refusal:
        """What the partner would read; a command that sends nothing is refused with NOT_IN_TABLE."""

    async def report(self, body: bytes, source: str) -> Refusal | None:
        """One JSON report of a person or a sensor. `source` is ``desk`` for an officer and ``feed`` for the
        feed key."""

    async def record(self, channel: ChannelId, generation: int | None = None) -> bytes | Refusal:
        """The record of one generation of a channel as a zip file, for `redshank verify`; without a number, of the one
        that is open."""

    async def voice_form(
        self, channel: ChannelId, serial: int, generation: int | None = None
    ) -> VoiceFormView | Refusal:
        """The read-out of our message `serial`, delivered or not; UNKNOWN_MESSAGE when there is none."""

    async def voice_print(
        self, channel: ChannelId, serial: int, generation: int | None = None, language: str = "en"
    ) -> bytes | Refusal:
        """The same on paper, as PDF, in one of the languages."""

    def voice_check(self, typed: VoiceTyped) -> VoiceCheckView:
        """What is known of groups that are being keyed in. Nothing is recorded."""

    async def evidence(self, channel: ChannelId, number: int) -> bytes | Refusal:
        """The file that proves contradiction `number` of a channel, for `redshank verify`."""

    async def compliance(self, channel: ChannelId, from_ms: Instant, until_ms: Instant, form: str) -> bytes | Refusal:
        """The report of compliance and reciprocity of a channel for a period (RPT-1), as ``json``, ``html`` or
        ``pdf``."""

    def warning_cap(self, warning: str) -> bytes | None:
        """The CAP 1.2 XML of a warning, None if there is no such warning."""
