"""Desk: a running node as its console and its partners' servers see it.

Here: the real `ConsolePort` and `PeerDesk` on top of the engine. Not here: any decision. May know: everything below.
"""

import asyncio
import contextlib
import io
import zipfile
from collections.abc import Set
from dataclasses import dataclass
from functools import partial

import msgspec

from redshank.compose.doorkeeper import with_names
from redshank.compose.links import with_links
from redshank.compose.reporting.reporter import Reporter
from redshank.compose.reporting.store_report import Form
from redshank.console.pieces import Memory, between_turns
from redshank.console.port import Accepted, CommandResult, PreviewView
from redshank.console.render import drawing, render
from redshank.console.view import View
from redshank.console.voice import VoiceCheckView, VoiceFormView, VoiceTyped, check_view, form_view
from redshank.decode.decoded import Decoded
from redshank.decode.gazetteer import Gazetteer
from redshank.decode.report_json import decode_report
from redshank.decode.source import SourceConfig
from redshank.edges.clock import SystemClock
from redshank.edges.engine import Engine
from redshank.edges.keys import KeySet
from redshank.edges.peers.links import LinkBook
from redshank.edges.people import PeopleFailed, PeopleStore
from redshank.edges.tiles import LogTiles
from redshank.exchange.compliance.report import Period
from redshank.exchange.delivery import OK, answer_refused, origin_in
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.evidence import check_evidence, encode_evidence
from redshank.exchange.parties import EXERCISE_PREFIX, PartyKeys
from redshank.exchange.record import LogExport, build_record
from redshank.exchange.session import Session
from redshank.exchange.voice import VoiceForm, decode, encode, split_groups
from redshank.exchange.voice.notes import voice_file
from redshank.exchange.witnessing import WitnessPolicy, of_policy
from redshank.log.ledger import OwnLog
from redshank.log.tiles import parse_path
from redshank.node import rotation
from redshank.node.alerts import cap_of
from redshank.node.commands import Command, TakeVoice
from redshank.node.contradictions import evidence_of
from redshank.node.effects import NoteKind
from redshank.node.events import AnswerCame, Asked, DeliveryCame, Reported
from redshank.node.orders import preview_of
from redshank.node.roles import act_of
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal

ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that zip knows: a record's bytes depend on its content alone


@dataclass(frozen=True)
class SeenLinks:
    """What a desk shows and asks of the partners' links. `revoked`: log keys of partners under which nothing is taken
    any more; it may grow."""

    book: LinkBook
    keys: KeySet
    revoked: Set[bytes] = frozenset()


class NodeDesk:
    """One node's front desk."""

    def __init__(
        self,
        engine: Engine,
        reports: SourceConfig,
        places: Gazetteer,
        logs: LogTiles,
        seen: SeenLinks,
        people: PeopleStore,
        reporter: Reporter | None = None,
    ) -> None:
        self.people = people
        self._reporter = reporter
        self._engine = engine
        self._book = seen.book
        self._keys = seen.keys
        self._revoked = seen.revoked
        self._reports = reports
        self._places = places
        self._log_tiles = logs
        self._view: View | None = None
        self._drawn_version = -1
        self._drawing = asyncio.Lock()
        self._memory = Memory()
        self._arrivals: dict[ChannelId, int] = {}

    # -- ConsolePort ---------------------------------------------------------------------------------------------------

    def view(self) -> View:
        """The newest view; drawn anew only when the node has moved on."""
        if self._view is None or self._drawn_version != self._engine.version:
            self._drawn_version = self._engine.version
            view = render(self._engine.state, self._engine.now(), self._engine.rate)
            self._view = self._linked(view)
        return self._view

    async def drawn(self) -> View:
        """The same, drawn in pieces: the node's turns go between."""
        async with self._drawing:
            if self._view is None or self._drawn_version != self._engine.version:
                version = self._engine.version
                pieces = drawing(self._engine.state, self._engine.now(), self._engine.rate, self._memory)
                self._view = self._linked(await between_turns(pieces))
                self._drawn_version = version
            return self._view

    def _linked(self, view: View) -> View:
        linked = with_links(view, self._book, self._keys.tls.expires(), SystemClock().now())
        return with_names(linked, self.people)

    async def changed(self, since_version: int) -> int:
        """Waits for a newer view, at most one per CONSOLE_CADENCE_S."""
        if since_version:
            await asyncio.sleep(limits.CONSOLE_CADENCE_S)
        return await self._engine.changed(since_version, limits.CONSOLE_CADENCE_S)

    async def command(self, command: Command, role: str, person: str) -> CommandResult:
        """Has the node do it. Who asked is in the national register before the node is; the journal has the number."""
        entry = await self._signed_original(command) if isinstance(command, TakeVoice) else None
        try:
            hand, act = await asyncio.to_thread(self._registered, command, role, person)
        except PeopleFailed as error:
            return Refusal(Reason.BUSY, "people", f"nothing was done, for it could not be registered: {error}")
        refusal = await self._engine.ask(lambda ticket: Asked(ticket, role, command, entry, hand, act))
        told = refusal if isinstance(refusal, Refusal) else None
        with contextlib.suppress(PeopleFailed):  # the act is done or refused: the journal says which
            await asyncio.to_thread(self.people.end_act, act, "done" if told is None else str(told)[:200])
        return told or Accepted()

    def _registered(self, command: Command, role: str, person: str) -> tuple[bytes, int]:
        known = self.people.person(person)
        if known is None:
            raise PeopleFailed(f"no account {person[:40]}")
        about = msgspec.json.encode(command, order="sorted").decode()
        return self.people.hand(person), self.people.begin_act(known, role, act_of(command), about, self._engine.now())

    async def preview(self, command: Command) -> PreviewView | Refusal:
        """What the partner would read."""
        shown = preview_of(self._engine.state, command, self._engine.now())
        if isinstance(shown, Refusal):
            return shown
        return PreviewView(
            type=shown.type,
            channel=shown.channel,
            partner=shown.partner,
            released=shown.released,
            asks=shown.asks,
            rule=shown.rule,
            body=shown.body,
            text=shown.text,
            hidden=list(shown.hidden),
            missing=list(shown.missing),
        )

    async def report(self, body: bytes, source: str) -> Refusal | None:
        """Takes one JSON report; a refused one is counted and answered."""
        decoded: Decoded = decode_report(self._reports, body, self._engine.now(), self._places)
        await self._engine.post(Reported(self._reports.id, decoded))
        return decoded.refusals[0] if decoded.refusals else None

    async def record(self, channel: ChannelId, generation: int | None = None) -> bytes | Refusal:
        """The record of one generation as a zip file; without a number, of the one that is open."""
        session = self._of(channel, generation)
        if isinstance(session, Refusal):
            return session
        agreement = self._engine.state.charter.agreements[channel]
        state = self._engine.state
        build = partial(
            build_record,
            agreement=agreement.title,
            prefix=EXERCISE_PREFIX if state.charter.exercise else "",
            channel=channel,
            year=session.year,
            generation=session.generation,
            keys=_keys_of(session),
            logs=await self._logs(session),
            witnesses=session.witnesses,
            evidence=await self._evidence(session),
        )
        state = self._engine.state
        heard = [one for one in state.statements(channel) if one.generation == session.generation]
        read_outs = [one for one in state.read_outs.get(channel, ()) if one.generation == session.generation]
        voice = voice_file(session.me, heard, read_outs)
        # In a thread: of a long channel it takes seconds, in which the node has other things to do.
        return await asyncio.to_thread(lambda: zipped(build() | voice))

    def _of(self, channel: ChannelId, generation: int | None) -> Session | Refusal:
        if channel not in self._engine.state.sessions:
            return Refusal(Reason.WRONG_CHANNEL, "channel", f"{channel} is no channel of this node")
        generations = self._engine.state.generations(channel)
        if generation is None:
            return generations[-1]
        if generation not in range(len(generations)):
            return Refusal(Reason.WRONG_GENERATION, "generation", f"{channel} has {len(generations)}, from 0")
        return generations[generation]

    # -- voice ---------------------------------------------------------------------------------------------------------

    async def voice_form(
        self, channel: ChannelId, serial: int, generation: int | None = None
    ) -> VoiceFormView | Refusal:
        """The read-out of our message."""
        form = await self._form(channel, serial, generation)
        return form if isinstance(form, Refusal) else form_view(form)

    async def voice_print(
        self, channel: ChannelId, serial: int, generation: int | None = None, language: str = "en"
    ) -> bytes | Refusal:
        """The read-out on paper."""
        from redshank.edges.printed import printed_form  # the library that draws pages costs each start without it

        form = await self._form(channel, serial, generation)
        return form if isinstance(form, Refusal) else printed_form(form, language)

    def voice_check(self, typed: VoiceTyped) -> VoiceCheckView:
        """The live check."""
        return check_view(typed, self._engine.state.charter.exercise, self._engine.now())

    async def _form(self, channel: ChannelId, serial: int, generation: int | None) -> VoiceForm | Refusal:
        session = self._of(channel, generation)
        if isinstance(session, Refusal):
            return session
        if not 0 <= serial < session.own.size:
            return Refusal(Reason.UNKNOWN_MESSAGE, "serial", f"no message {serial} of ours on {channel}")
        [entry] = await self._engine.entries(session.own.key.name, serial, serial + 1)
        message = parse_entry(entry, Place(channel, session.me, session.year, serial, session.generation), None)
        return message if isinstance(message, Refusal) else encode(message, self._engine.state.charter.exercise)

    async def _signed_original(self, command: TakeVoice) -> bytes | None:
        """The partner's entry that a statement claims to be, if we hold it: the core keeps no entries."""
        heard = decode(split_groups(command.groups), self._engine.state.charter.exercise)
        if isinstance(heard, Refusal):
            return None
        session = self._of(command.channel, heard.message.generation)
        if isinstance(session, Refusal) or heard.message.serial >= session.theirs.size:
            return None
        serial = heard.message.serial
        found = await self._engine.entries(session.theirs.origin, serial, serial + 1)
        return found[0] if found else None

    async def evidence(self, channel: ChannelId, number: int) -> bytes | Refusal:
        """The file that proves one contradiction."""
        known = self._engine.state.contradictions.get(channel, ())
        if channel not in self._engine.state.sessions or number >= len(known):
            return Refusal(Reason.UNKNOWN_MESSAGE, "number", f"{channel} has {len(known)} contradictions")
        one = known[number]
        session = self._engine.state.generations(channel)[one.generation]
        origin = session.theirs.origin
        notes = dict(await self._engine.notes(origin, NoteKind.HEAD))
        entries = [] if one.serial is None else await self._engine.entries(origin, 0, one.size)
        prefix = EXERCISE_PREFIX if self._engine.state.charter.exercise else ""
        before = rotation.before(self._engine.state, session)
        prove = partial(evidence_of, one, session, prefix, notes, entries, before)
        return await asyncio.to_thread(lambda: encode_evidence(prove()))

    async def compliance(self, channel: ChannelId, from_ms: Instant, until_ms: Instant, form: str) -> bytes | Refusal:
        """The report of compliance and reciprocity."""
        if self._reporter is None:
            return Refusal(Reason.NOT_ALLOWED, "report", "this node makes none")
        return await self._reporter.made(self._engine.state, channel, Period(from_ms, until_ms), Form(form))

    def warning_cap(self, warning: str) -> bytes | None:
        """The alert's XML."""
        return cap_of(self._engine.state, warning, self._engine.now())

    # -- PeerDesk ------------------------------------------------------------------------------------------------------

    async def delivery(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        """Takes a partner's delivery, pushed or pulled; answers once everything is durable."""
        if channel not in self._engine.state.sessions:
            return 404, Reason.WRONG_CHANNEL.value.encode() + b"\n"
        session = rotation.of_origin(self._engine.state, channel, origin_in(body))
        if session.paired is not None and session.paired.log.classic.public_key in self._revoked:
            return 403, Reason.BAD_KEY.value.encode() + b"\n"
        self._arrivals[channel] = self.arrivals(channel) + 1
        answer = await self._engine.ask(lambda ticket: DeliveryCame(ticket, channel, body))
        return answer if isinstance(answer, tuple) else (500, b"\n")

    def arrivals(self, channel: ChannelId) -> int:
        """How many deliveries have come on a channel since the node started."""
        return self._arrivals.get(channel, 0)

    async def receipt(self, channel: ChannelId, body: bytes) -> tuple[int, bytes]:
        """Takes the receipt of a partner that has pulled our log (DEL-11); answers once it is durable."""
        refusal = await self._engine.ask(lambda ticket: AnswerCame(ticket, channel, OK, body))
        if not isinstance(refusal, Refusal):
            return OK, b""
        signed = rotation.under_delivery(self._engine.state, channel).own.signed_size
        fits_no_head = refusal.reason in (Reason.BAD_SIGNATURE, Reason.NOT_WITNESSED)
        answer = answer_refused(
            Refusal(Reason.WRONG_SIZE, refusal.field, refusal.detail) if fits_no_head else refusal, signed
        )
        return answer.status, answer.body

    async def log_resource(self, channel: ChannelId, path: str) -> bytes | None:
        """`checkpoint`, a tile or an entry bundle of our log, as it was last signed."""
        if channel not in self._engine.state.sessions:
            return None
        own, path = self._shown_log(channel, path)
        if path == "checkpoint":
            newest = own.head if own.waiting else own.receipt
            return None if newest is None else newest.note
        tile = parse_path(path)
        if isinstance(tile, Refusal):
            return None
        return await self._log_tiles.resource(own.key.name, own.signed_size, tile)

    def _shown_log(self, channel: ChannelId, path: str) -> tuple[OwnLog, str]:
        """The log that a path asks for: of a generation that it begins with, else the one under delivery (DEL-14)."""
        number, slash, rest = path.partition("/")
        session = self._of(channel, int(number)) if slash and number.isdecimal() and len(number) <= 4 else None
        if session is None or isinstance(session, Refusal):
            return rotation.under_delivery(self._engine.state, channel).own, path
        return session.own, rest

    async def _evidence(self, session: Session) -> list[bytes]:
        """The files about this generation of the channel that prove something. One of a head that has been accepted
        since proves nothing, and stays in the node (EVI-7)."""
        known = self._engine.state.contradictions.get(session.channel, ())
        numbers = [at for at, one in enumerate(known) if one.generation == session.generation and not one.cleared_at]
        files = [await self.evidence(session.channel, number) for number in numbers]
        keys = _keys_of(session)
        return [data for data in files if isinstance(data, bytes) and check_evidence(data, keys).refusal is None]

    # -- logs ----------------------------------------------------------------------------------------------------------

    async def _logs(self, session: Session) -> dict[PartyId, LogExport]:
        logs = {}
        for party, origin in ((session.me, session.own.key.name), (session.partner, session.theirs.origin)):
            export = await self._export(origin, session.witnesses)
            if export is not None:
                logs[party] = export
        return logs

    async def _export(self, origin: str, witnesses: WitnessPolicy) -> LogExport | None:
        """One log under its newest head; a head that has a receipt is shown with it."""
        receipts = dict(await self._engine.notes(origin, NoteKind.RECEIPT))
        notes = await self._engine.notes(origin, NoteKind.WITNESSED)
        witnessed = {at: shown for at, note in notes if (shown := of_policy(note, witnesses)) is not None}
        heads = dict(await self._engine.notes(origin, NoteKind.HEAD)) | receipts
        if not heads:
            return None
        size = max(heads)
        entries = await self._engine.entries(origin, 0, size)
        return LogExport(checkpoint=heads[size], size=size, entries=entries, receipts=receipts, witnessed=witnessed)


def _keys_of(session: Session) -> dict[PartyId, PartyKeys]:
    """The public keys of both parties, or of the one that has any (REC-20)."""
    return {session.me: session.keys} | ({} if session.lone else {session.partner: session.partner_keys})


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip file that is the same for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
