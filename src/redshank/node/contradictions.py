"""Contradictions: what a partner signed that does not fit what it signed before. Kept as proof, shown to the officer
until somebody has seen it, and never a reason to stop the channel for what fits.

Here: which refusals are contradictions, how they are remembered, bounded, cleared, seen, and put into a portable file.
Not here: how such a file is checked (exchange.evidence). May know: the core rooms below, node's state.
"""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from redshank.exchange.delivery import parse_delivery
from redshank.exchange.envelope import parse_entry
from redshank.exchange.evidence import EVIDENCE_VERSION, MISPLACED, EarlierKeys, Evidence, Kind, Leaf, leaf_under
from redshank.exchange.session import Arrived, Session, their_place
from redshank.log import merkle
from redshank.log.checkpoint import open_head
from redshank.node import rotation
from redshank.node.commands import SeeContradiction
from redshank.node.events import ContradictionFound
from redshank.node.state import Contradiction, NodeState
from redshank.terms import limits
from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal

OF_HEADS: dict[Reason, Kind] = {
    Reason.FORKED: Kind.FORKED,
    Reason.SHRUNKEN: Kind.SHRUNKEN,
    Reason.BAD_PROOF: Kind.UNPROVEN,
    Reason.WRONG_OPENING: Kind.WRONG_OPENING,
}
"""Refusals of a whole delivery whose head is signed by the partner and does not fit."""
OF_ENTRIES: dict[Reason, Kind] = {
    **dict.fromkeys(MISPLACED, Kind.MISPLACED),
    Reason.BACK_DATED: Kind.BACK_DATED,
    Reason.TIME_NOT_PLAUSIBLE: Kind.FUTURE_DATED,
    Reason.LOG_ENDED: Kind.CONTINUED,
}
"""Refusals of one accepted entry that the partner's own signature covers."""


def in_delivery(session: Session, before: Session | None, body: bytes, refusal: Refusal) -> ContradictionFound | None:
    """The contradiction in a delivery that was refused; None if there is none, or nothing that the partner signed."""
    if refusal.reason is Reason.WRONG_OPENING and before is not None:
        return _opening_in(session, before, body)
    if refusal.reason not in OF_HEADS or session.theirs.head is None:
        return None
    delivery = parse_delivery(body)
    if isinstance(delivery, Refusal):
        return None
    shown = open_head(delivery.note, session.partner_keys.log)
    if isinstance(shown, Refusal):
        return None
    held = session.theirs.head
    if refusal.reason is Reason.FORKED and shown.checkpoint.size != held.checkpoint.size:
        held_note = b""  # the older head lies in the store, by its size
    else:
        held_note = held.note
    return ContradictionFound(session.channel, refusal.reason, held_note, shown.note)


def _opening_in(session: Session, before: Session, body: bytes) -> ContradictionFound | None:
    """A log that opens otherwise than the one before it ended: both signed by the partner, each with its own keys."""
    delivery, held = parse_delivery(body), before.theirs.head
    if isinstance(delivery, Refusal) or held is None:
        return None
    shown = open_head(delivery.note, session.partner_keys.log)
    if isinstance(shown, Refusal):
        return None
    return ContradictionFound(session.channel, Reason.WRONG_OPENING, held.note, shown.note, delivery.entries)


def is_new(state: NodeState, found: ContradictionFound) -> bool:
    """Whether it is to be kept: each once, and not more than the bound."""
    known = state.contradictions.get(found.channel, ())
    texts = {_text(one.shown) for one in known}
    return len(known) < limits.CONTRADICTIONS_PER_CHANNEL and _text(found.shown) not in texts


def _text(note: bytes) -> bytes:
    """What the signatures of a note are about: a stamp that is signed anew does not make a new contradiction."""
    return note.rpartition(b"\n\n")[0]


def found(state: NodeState, event: ContradictionFound, now: Instant) -> NodeState:
    """Remembers a contradiction of heads."""
    session = rotation.of_note(state, event.channel, event.shown)
    return _kept(
        state,
        event.channel,
        Contradiction(
            kind=OF_HEADS[event.reason],
            at=now,
            size=_size(event.shown),
            held=event.held,
            shown=event.shown,
            generation=session.generation,
            entries=event.entries,
        ),
    )


def _size(note: bytes) -> int:
    """The size that a checkpoint says; the note was opened before it became evidence."""
    return int(note.split(b"\n", 2)[1])


def in_entry(state: NodeState, session: Session, entry: Arrived, now: Instant) -> NodeState:
    """Remembers an accepted entry that its sender had no right to sign; others are only counted.

    An entry that was observed after it was stated is nonsense, not a future date.
    """
    channel = session.channel
    if not isinstance(entry.content, Refusal) or entry.content.reason not in OF_ENTRIES:
        return state
    if entry.content.reason is Reason.TIME_NOT_PLAUSIBLE and entry.content.field != "stated_ms":
        return state
    if entry.content.reason is Reason.TIME_NOT_PLAUSIBLE:
        read = parse_entry(entry.entry, their_place(session, entry.serial), None)
        if isinstance(read, Refusal):
            return state  # whatever its time: nobody can read it, and so it proves nothing
    if len(state.contradictions.get(channel, ())) >= limits.CONTRADICTIONS_PER_CHANNEL:
        return state
    kind = OF_ENTRIES[entry.content.reason]
    earlier = entry.newest_before if kind in (Kind.BACK_DATED, Kind.CONTINUED) else None
    return _kept(
        state,
        channel,
        Contradiction(
            kind=kind,
            at=now,
            size=session.theirs.size,
            serial=entry.serial,
            earlier=earlier,
            generation=session.generation,
        ),
    )


def _kept(state: NodeState, channel: ChannelId, contradiction: Contradiction) -> NodeState:
    known = state.contradictions.get(channel, ())
    return replace(state, contradictions={**state.contradictions, channel: (*known, contradiction)})


def accepted(state: NodeState, session: Session, now: Instant) -> NodeState:
    """A head that has been accepted now is no longer in dispute, if it was."""
    channel, head = session.channel, session.theirs.head
    known = state.contradictions.get(channel, ())
    if head is None or not any(one.kind is Kind.UNPROVEN and one.cleared_at is None for one in known):
        return state
    after = tuple(
        msgspec.structs.replace(one, cleared_at=now)
        if one.kind is Kind.UNPROVEN and one.cleared_at is None and _text(one.shown) + b"\n" == head.text
        else one
        for one in known
    )
    return replace(state, contradictions={**state.contradictions, channel: after})


def seen(state: NodeState, command: SeeContradiction, now: Instant) -> NodeState | Refusal:
    """An officer has seen it: the alarm ends, the proof stays."""
    known = state.contradictions.get(command.channel, ())
    if command.number >= len(known):
        return Refusal(Reason.UNKNOWN_MESSAGE, "number", f"{command.channel} has {len(known)} contradictions")
    one = known[command.number]
    if one.seen_at is not None:
        return state
    after = (*known[: command.number], msgspec.structs.replace(one, seen_at=now), *known[command.number + 1 :])
    return replace(state, contradictions={**state.contradictions, command.channel: after})


def evidence_of(
    one: Contradiction,
    session: Session,
    prefix: str,
    notes: Mapping[int, bytes],
    entries: Sequence[bytes],
    before: Session | None = None,
) -> Evidence:
    """The file that proves it. `notes` are the partner's accepted heads by size; `entries` those of its log below
    `one.size`, needed when the contradiction is about an entry."""
    held = one.held or notes.get(one.size, b"")
    heads = {
        Kind.FORKED: (held, one.shown),
        Kind.SHRUNKEN: (one.shown, held),
        Kind.UNPROVEN: (held, one.shown),
        Kind.WRONG_OPENING: (one.held, one.shown),
    }.get(one.kind, (notes.get(one.size, b""),))
    return Evidence(
        v=EVIDENCE_VERSION,
        kind=one.kind,
        prefix=prefix,
        channel=session.channel,
        year=session.year,
        generation=session.generation or UNSET,
        earlier=_earlier_keys(one, before),
        accused=session.partner,
        reporter=session.me,
        found_ms=one.at,
        key=session.partner_keys.log.classic.vkey,
        key_mldsa=session.partner_keys.log.mldsa.vkey,
        heads=tuple(head.decode() for head in heads),
        leaves=_leaves(one, entries),
    )


def _earlier_keys(one: Contradiction, before: Session | None) -> EarlierKeys | UnsetType:
    if one.kind is not Kind.WRONG_OPENING or before is None:
        return UNSET
    log = before.partner_keys.log
    return EarlierKeys(log.classic.vkey, log.mldsa.vkey)


def _leaves(one: Contradiction, entries: Sequence[bytes]) -> tuple[Leaf, ...]:
    if one.kind is Kind.WRONG_OPENING:
        return (leaf_under(1, 0, one.entries[0], _proof(0, one.entries)),)
    if one.serial is None:
        return ()
    serials = (one.serial,) if one.earlier is None else (one.earlier, one.serial)
    return tuple(leaf_under(0, serial, entries[serial], _proof(serial, entries)) for serial in serials)


def _proof(serial: int, entries: Sequence[bytes]) -> tuple[bytes, ...]:
    read_hash = merkle.perfect_hashes([merkle.leaf_hash(entry) for entry in entries])
    proof = merkle.inclusion_proof(serial, len(entries), read_hash)
    return () if isinstance(proof, Refusal) else proof
