"""Rebuild: a new store from the partners' records and from what is left of the damaged one, once a person says so.

Here: what may be restored without a fork, and writing it. Not here: reading files and asking the person (cli), what
restored entries do to the state (node.restore). May know: exchange, log, node. Clauses: docs/spec/recovery.md.

The danger is the own log: whoever signs a second, different head of a size that has left the machine convicts itself.
So nothing that may have left may lack: every head of ours that anybody holds must be over the restored entries.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from redshank.edges.durable_file import sync_file, sync_folder
from redshank.edges.salvage import Salvaged
from redshank.edges.store import Store
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.parties import raw_keys
from redshank.exchange.session import Session
from redshank.exchange.verifier import Direction, examine_record
from redshank.log import merkle, tiles
from redshank.log.checkpoint import SignedHead, open_head
from redshank.log.note import HybridKey
from redshank.node.effects import Durable, KeepEntry, KeepEvent, KeepNote, NoteKind
from redshank.node.events import EntryRestored, GenerationRestored, HeadsRestored, RebuildBegun, Recorded
from redshank.node.state import NodeState
from redshank.node.step import step
from redshank.procedure.incident import opener_of
from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant
from redshank.terms.invariant import require
from redshank.terms.message import Message
from redshank.terms.refusal import Refusal

DRAFT = ".rebuilding"
COMMIT_ROWS = 2_000  # of one commit of the draft, which nobody relies on before it is whole


class RebuildRefused(Exception):
    """It would fork, or rests on something that is not proven; the text says which head, and what to do. Nothing was
    written."""


class LogCopy(msgspec.Struct, frozen=True):
    """One log as it is restored: `signed` entries are under the head, those after it were never signed."""

    entries: tuple[bytes, ...] = ()
    signed: int = 0
    head: bytes = b""
    receipts: dict[int, bytes] = {}


class ChannelPlan(msgspec.Struct, frozen=True):
    """What is restored of one channel."""

    session: Session
    own: LogCopy
    theirs: LogCopy
    lost: tuple[str, ...]
    keyless: bool = False
    """Of a later generation: that our keys of the one before it were gone, and below the partner's."""
    partner_keyless: bool = False

    def last_own(self) -> Message | Refusal | None:
        """The last entry of our own log; None of an empty one."""
        if not self.own.entries:
            return None
        session, serial = self.session, len(self.own.entries) - 1
        place = Place(session.channel, session.me, session.year, serial, session.generation)
        return parse_entry(self.own.entries[serial], place, None)


class Decision(msgspec.Struct, frozen=True):
    """What the person said; it goes into the journal."""

    by: str
    records: tuple[str, ...]
    """SHA-256 of each record file, in hexadecimal digits."""
    accepts_loss: bool = False


# --- what may be restored -------------------------------------------------------------------------------------------


def plan_channel(session: Session, files: Mapping[str, bytes], confirmed: int, salvaged: Salvaged) -> ChannelPlan:
    """From the partner's record (its files). `confirmed`: how many of our entries the partner holds, as its officer
    has said by voice. A partner without keys holds none: there it is a record of our own that was exported before, and
    `confirmed` says how many entries the newest head covers that anybody outside may hold, a third party's witness or
    whoever was given a record. Raises RebuildRefused."""
    paired = {} if session.lone else {session.partner: session.partner_keys}
    report = examine_record(files, {session.me: session.keys, **paired}).report
    if not report.ok:
        finding = report.findings[0]
        raise RebuildRefused(f"{session.channel}: the record is not in order: {finding.path}: {finding.refusal}")
    copies = {direction.party: _copy(files, direction) for direction in report.directions}
    own, theirs = copies[session.me], copies[session.partner]
    if session.lone:
        return _plan_lone(session, own, confirmed, salvaged)
    if own.signed != confirmed:
        raise RebuildRefused(
            f"{session.channel}: the partner holds {confirmed} of our entries, its record has {own.signed}: "
            "ask for a record that was exported after our node went down"
        )
    own = _with_salvaged(own, session.own.key, salvaged)
    _require_heads(theirs, session.partner_keys.log, salvaged, "ask the partner for a newer record")
    return ChannelPlan(session, own, theirs, _lost(own, session.own.key.name, salvaged))


def plan_lone(session: Session, confirmed: int, salvaged: Salvaged) -> ChannelPlan:
    """A lone log (VOICE-19) from what the damaged store proves alone; `confirmed` as in `plan_channel`. Raises
    RebuildRefused."""
    return _plan_lone(session, LogCopy(), confirmed, salvaged)


def _plan_lone(session: Session, exported: LogCopy, confirmed: int, salvaged: Salvaged) -> ChannelPlan:
    own = _with_salvaged(exported, session.own.key, salvaged)
    if own.signed < confirmed:
        raise RebuildRefused(
            f"{session.channel}: somebody outside holds a head of {confirmed} entries, and only {own.signed} are under "
            "a head here: this log can not go on without a fork. Begin new data (VOICE-25)"
        )
    return ChannelPlan(session, own, LogCopy(), _lost(own, session.own.key.name, salvaged))


def never_used(session: Session, salvaged: Salvaged) -> ChannelPlan:
    """A channel on which, as the person says, nothing was ever said. Raises RebuildRefused when something was."""
    for origin in (session.own.key.name, session.theirs.origin):
        if salvaged.entries.get(origin) or salvaged.notes.get(origin) or salvaged.counts.get(origin):
            raise RebuildRefused(f"{session.channel}: the damaged store holds entries of {origin}: bring its record")
    return ChannelPlan(session, LogCopy(), LogCopy(), ())


def _copy(files: Mapping[str, bytes], direction: Direction) -> LogCopy:
    """One log of a record that the verifier found in order."""
    party, entries = direction.party, list[bytes]()
    for tile in tiles.entry_bundles(direction.size):
        bundle = tiles.parse_bundle(files[f"{party}/{tile.path}"])
        require(isinstance(bundle, tuple), "the verifier has read this bundle")
        entries.extend(bundle if isinstance(bundle, tuple) else ())
    prefix = f"{party}/receipts/"
    receipts = {int(path.removeprefix(prefix)): files[path] for path in files if path.startswith(prefix)}
    return LogCopy(tuple(entries), len(entries), files.get(f"{party}/checkpoint", b""), receipts)


def _with_salvaged(copy: LogCopy, key: HybridKey, salvaged: Salvaged) -> LogCopy:
    """Our own log as the partner holds it, and beyond it what the damaged store still proves."""
    left = salvaged.entries.get(key.name, {})
    for index, entry in enumerate(copy.entries):
        if left.get(index, entry) != entry:
            raise RebuildRefused(
                f"{key.name}: entry {index} of the damaged store is another one than the partner holds"
            )
    entries = list(copy.entries)
    while len(entries) in left:
        entries.append(left[len(entries)])
    whole = LogCopy(tuple(entries), copy.signed, copy.head, copy.receipts)
    heads = _require_heads(
        whole,
        key,
        salvaged,
        "it may have left this machine, and its entries are lost: this log can not go on without a fork. Agree with "
        "the partner on new logs (KEY-17)",
    )
    newest = max(heads, default=0)
    if newest <= copy.signed:
        return whole
    return LogCopy(whole.entries, newest, heads[newest].note, copy.receipts)


def _require_heads(copy: LogCopy, key: HybridKey, salvaged: Salvaged, advice: str) -> dict[int, SignedHead]:
    """Every head that we know of this log, by size; each is over a prefix of the restored entries, or it is refused."""
    read_hash = merkle.perfect_hashes([merkle.leaf_hash(entry) for entry in copy.entries])
    heads = dict[int, SignedHead]()
    for (_, size), note in salvaged.notes.get(key.name, {}).items():
        head = open_head(note, key)
        if not isinstance(head, SignedHead) or head.checkpoint.size != size:
            continue  # no head: whoever holds it proves nothing by it
        if size > len(copy.entries):
            raise RebuildRefused(
                f"{key.name}: a head of size {size} was signed, and only {len(copy.entries)} entries are known: "
                f"{advice}"
            )
        if merkle.root_at(size, read_hash) != head.checkpoint.root:
            raise RebuildRefused(
                f"{key.name}: the signed head of size {size} in the damaged store is not over the entries of the "
                "record. Both are signed: keep them, they are proof of a fork, and let people talk"
            )
        heads[size] = head
    return heads


def _lost(own: LogCopy, origin: str, salvaged: Salvaged) -> tuple[str, ...]:
    count = salvaged.counts.get(origin)
    if count is None:
        return (f"{origin}: whether entries after {len(own.entries)} were kept here and never sent is not known",)
    if count > len(own.entries):
        return (f"{origin}: entries {len(own.entries)} to {count - 1} were kept here, never sent, and are lost",)
    return ()


# --- writing --------------------------------------------------------------------------------------------------------


def rebuild(fresh: NodeState, plans: Sequence[ChannelPlan], decision: Decision, now: Instant, path: Path) -> NodeState:
    """Writes the new store, whole or not at all, and gives the state that it leads to. Raises RebuildRefused when there
    is one already, or when something is lost and the person has not accepted it; StoreFailed, OSError."""
    lost = [lost for plan in plans for lost in plan.lost]
    if lost and not decision.accepts_loss:
        raise RebuildRefused(
            f"{'; '.join(lost)}. If a head over them had left this machine, and the partner keeps it back, going on "
            "convicts us of a fork. Who has weighed that may say --accept-loss"
        )
    if path.exists():
        raise RebuildRefused(f"{path} exists: move the damaged folder away as it is, it is evidence")
    draft = path.with_name(path.name + DRAFT)
    for left in draft.parent.glob(draft.name + "*"):
        left.unlink()
    state = _write(draft, fresh, plans, decision, now)
    sync_file(draft)
    draft.replace(path)
    sync_folder(path.parent)
    return state


def _write(draft: Path, fresh: NodeState, plans: Sequence[ChannelPlan], decision: Decision, now: Instant) -> NodeState:
    store, state, at = Store(draft), fresh, now
    durables = list[Durable]()
    for event, then in _events(plans, decision, now):
        if durables and (then != at or len(durables) >= COMMIT_ROWS):
            store.commit(durables, at)
            durables = []
        at = then
        state, effects = step(state, event, at)
        durables += [effect for effect in effects if isinstance(effect, KeepEvent | KeepEntry)]
    durables += [note for plan in plans for note in _notes(plan)]
    store.commit(durables, at)
    store.close()
    return state


def _notes(plan: ChannelPlan) -> Iterator[KeepNote]:
    for origin, copy in ((plan.session.own.key.name, plan.own), (plan.session.theirs.origin, plan.theirs)):
        if copy.head:
            yield KeepNote(origin, NoteKind.HEAD, copy.signed, copy.head)
        for size, note in copy.receipts.items():
            yield KeepNote(origin, NoteKind.RECEIPT, size, note)


def _events(plans: Sequence[ChannelPlan], decision: Decision, now: Instant) -> Iterator[tuple[Recorded, Instant]]:
    """The decision, the signed entries in the order in which they were said, the heads, and what was never signed."""
    yield (
        RebuildBegun(
            by=decision.by,
            records=decision.records,
            lost=tuple(lost for plan in plans for lost in plan.lost),
            numbers=_numbers(plans),
        ),
        now,
    )
    for event, at in _entries(plans):
        yield event, min(at, now)
    for plan in plans:
        if plan.own.head or plan.theirs.head:
            receipted = max(plan.own.receipts, default=None)
            yield (
                HeadsRestored(
                    channel=plan.session.channel,
                    own_head=plan.own.head,
                    own_receipt=b"" if receipted is None else plan.own.receipts[receipted],
                    their_head=plan.theirs.head,
                    generation=plan.session.generation,
                ),
                now,
            )
    newest = {plan.session.channel: plan for plan in plans}  # each channel's generations come oldest first
    for plan in newest.values():
        for entry in plan.own.entries[plan.own.signed :]:
            yield EntryRestored(plan.session.channel, True, entry), now


def _entries(plans: Sequence[ChannelPlan]) -> Iterator[tuple[Recorded, Instant]]:
    """All signed entries, and before the first one of a later generation that it follows."""
    opened = dict[ChannelId, int]()
    for plan, own, entry, at in _in_order(plans):
        channel, generation = plan.session.channel, plan.session.generation
        if generation > opened.get(channel, 0):
            opened[channel] = generation
            restored = GenerationRestored(
                channel=channel,
                own=raw_keys(plan.session.keys),
                partner=raw_keys(plan.session.partner_keys),
                keyless=plan.keyless,
                partner_keyless=plan.partner_keyless,
            )
            yield restored, at
        yield EntryRestored(channel, own, entry), at


class _Line(msgspec.Struct):
    """The signed entries of one log, read one after the other."""

    plan: ChannelPlan
    own: bool
    entries: tuple[bytes, ...]
    serial: int = 0
    at: Instant = Instant(0)

    def content(self) -> Message | None:
        session = self.plan.session
        sender = session.me if self.own else session.partner
        place = Place(session.channel, sender, session.year, self.serial, session.generation)
        message = parse_entry(self.entries[self.serial], place, None)
        return message if isinstance(message, Message) else None


def _in_order(plans: Sequence[ChannelPlan]) -> Iterator[tuple[ChannelPlan, bool, bytes, Instant]]:
    """By time of statement, each log in its own order, and no answer before what it answers; times never run back."""
    lines = [
        _Line(plan, own, (plan.own if own else plan.theirs).entries[: (plan.own if own else plan.theirs).signed])
        for plan in plans
        for own in (True, False)
    ]
    latest = Instant(0)
    while waiting := [line for line in lines if line.serial < len(line.entries)]:
        ready = [line for line in waiting if not _follows_others(line, waiting)]
        ready = [line for line in ready if not _answers_later(line, lines)] or ready
        line = min(ready, key=_stated)
        latest = line.at = max(latest, _stated(line))
        yield line.plan, line.own, line.entries[line.serial], latest
        line.serial += 1


def _follows_others(line: _Line, waiting: Sequence[_Line]) -> bool:
    """Whether entries of an earlier generation of its channel have not had their turn."""
    mine = line.plan.session
    return any(
        one.plan.session.channel == mine.channel and one.plan.session.generation < mine.generation for one in waiting
    )


def _stated(line: _Line) -> Instant:
    message = line.content()
    return line.at if message is None else message.stated_ms


def _answers_later(line: _Line, lines: Sequence[_Line]) -> bool:
    """Whether it answers an entry of the other log of its channel that has not had its turn."""
    message = line.content()
    if message is None or message.in_reply_to is None or message.reply_generation is not None:
        return False
    (other,) = (one for one in lines if one.plan is line.plan and one.own is not line.own)
    return other.serial <= message.in_reply_to < len(other.entries)


def _numbers(plans: Sequence[ChannelPlan]) -> dict[int, int]:
    """By year of its name: the highest number of an incident of ours that any message speaks of."""
    numbers = dict[int, int]()
    for plan in plans:
        for own in (True, False):
            line = _Line(plan, own, (plan.own if own else plan.theirs).entries)
            for serial in range(len(line.entries)):
                line.serial = serial
                message = line.content()
                if message is None or message.incident is None or opener_of(message.incident) != plan.session.me:
                    continue
                _, year, number = message.incident.split("-")
                numbers[int(year)] = max(numbers.get(int(year), 0), int(number))
    return numbers
