"""Generations: one pair of logs on a channel ends, and the next one opens, under keys that both officers confirmed.

Here: the marks of keys, the last message of a log and the first of the next, what a receiver holds a first message
against. Not here: who may ask for it and which log is delivered when (node.rotation), the ceremony (edges.keys). May
know: log, terms. Clauses: docs/spec/log.md LOG-18 to LOG-23.
"""

import hashlib
from base64 import b64encode

import msgspec

from redshank.exchange.parties import PartyKeys, RawKeys, check_distinct, party_keys
from redshank.exchange.session import (
    NextKeys,
    Received,
    Said,
    Session,
    append,
    open_session,
    own_message,
    receive,
)
from redshank.log import merkle
from redshank.log.checkpoint import SignedHead
from redshank.terms.instants import Instant
from redshank.terms.message import HeadClaim, LogEndBody, LogOpenBody, Message, MessageType, Why
from redshank.terms.refusal import Reason, Refusal

_changed = msgspec.structs.replace

UNENDORSED = frozenset({Why.REVOKED, Why.LOST})
"""Reasons for which the old keys do not speak for the new ones: the ceremony alone does."""


def mark(keys: PartyKeys) -> str:
    """SHA-256 of a party's four verifier keys under their names of one generation, each with a newline: hexadecimal
    digits (LOG-19)."""
    vkeys = [key.vkey for hybrid in (keys.log, keys.witness) for key in hybrid.both]
    return hashlib.sha256("".join(f"{vkey}\n" for vkey in vkeys).encode()).hexdigest()


def prefix_of(session: Session) -> str:
    """The prefix of all names of a channel: empty in operation."""
    return session.own.key.name.partition("redshank/")[0]


def next_keys(session: Session, mine: RawKeys, theirs: RawKeys) -> NextKeys | Refusal:
    """Both parties' keys, named for the generation after this one; refuses as `party_keys` and `check_distinct`, and
    with BAD_KEY when they are those of this generation, or the log is a lone one (VOICE-25)."""
    if session.lone:
        return Refusal(Reason.BAD_KEY, "keys", f"{session.partner} has no keys: a lone log is followed by none")
    prefix, channel, year = prefix_of(session), session.channel, session.year
    generation = session.generation + 1
    own = party_keys(prefix, channel, year, session.me, mine, generation)
    partner = party_keys(prefix, channel, year, session.partner, theirs, generation)
    if isinstance(own, Refusal):
        return own
    if isinstance(partner, Refusal):
        return partner
    if _publics(own) == _publics(session.keys) and _publics(partner) == _publics(session.partner_keys):
        return Refusal(Reason.BAD_KEY, "keys", "are those of the logs that are open; nothing would change")
    return check_distinct(own, partner) or NextKeys(own, partner)


def _publics(keys: PartyKeys) -> list[bytes]:
    return [key.public_key for hybrid in (keys.log, keys.witness) for key in hybrid.both]


# --- ending and opening -------------------------------------------------------------------------------------


def ended(session: Session, why: Why, now: Instant) -> Said | Refusal:
    """With LOG-END as the last message of the own log; refuses with NOT_AGREED when no next keys were confirmed."""
    if session.next is None:
        return _not_agreed()
    body = LogEndBody(
        generation=session.generation + 1,
        keys=mark(session.next.keys),
        partner_keys=mark(session.next.partner_keys),
        why=why,
    )
    return append(session, own_message(session, MessageType.LOG_END, body, now))


def follower(before: Session) -> Session | Refusal:
    """The session of the next generation, with two empty logs."""
    if before.next is None:
        return _not_agreed()
    return open_session(
        prefix=prefix_of(before),
        channel=before.channel,
        me=before.me,
        year=before.year,
        keys=before.next.keys,
        partner_keys=before.next.partner_keys,
        witnesses=before.witnesses,
        generation=before.generation + 1,
    )


def opened(before: Session, why: Why, now: Instant) -> Said | Refusal:
    """The session of the next generation, with LOG-OPEN as the first message of its own log."""
    session = follower(before)
    if isinstance(session, Refusal):
        return session
    body = LogOpenBody(end=own_end(before), partner_end=their_head(before), why=why)
    return append(session, own_message(session, MessageType.LOG_OPEN, body, now))


def _not_agreed() -> Refusal:
    return Refusal(Reason.NOT_AGREED, "keys", "no next keys were confirmed on this channel: pair first (KEY-15)")


def own_end(session: Session) -> HeadClaim:
    """Where the own log ends: at its last entry; where the keys are gone, at the last head that was signed."""
    origin = session.own.key.name
    if not session.keyless:
        return _claim(origin, session.own.size, merkle.root(session.own.frontier))
    head = session.own.head
    return _claim(origin, 0, merkle.EMPTY_ROOT) if head is None else _claim_of(head)


def their_head(session: Session) -> HeadClaim:
    """How far this node holds the partner's log."""
    return _claim(session.theirs.origin, session.theirs.size, merkle.root(session.theirs.frontier))


def _claim_of(head: SignedHead) -> HeadClaim:
    return _claim(head.checkpoint.origin, head.checkpoint.size, head.checkpoint.root)


def _claim(origin: str, size: int, root: bytes) -> HeadClaim:
    return HeadClaim(origin=origin, size=size, root=b64encode(root).decode("ascii"))


# --- the partner's opening ----------------------------------------------------------------------------------


def agrees(session: Session, body: LogEndBody) -> bool:
    """Whether the partner's LOG-END names the keys that our officer has confirmed."""
    ours = session.next
    return ours is not None and (body.keys, body.partner_keys) == (mark(ours.partner_keys), mark(ours.keys))


def receive_after(session: Session, before: Session | None, data: bytes, now: Instant) -> Received | Refusal:
    """As `session.receive`; the first delivery of a log that follows another is refused whole, with WRONG_OPENING,
    unless its first message fits what this node holds of the logs `before`."""
    came = receive(session, data, now)
    if isinstance(came, Refusal) or before is None or session.theirs.size or not came.arrived:
        return came
    return opening_fault(before, came.arrived[0].content) or came


def opening_fault(before: Session, content: Message | Refusal) -> Refusal | None:
    """Why the first message of the partner's next log is not one that may open it (LOG-22)."""
    if isinstance(content, Refusal) or not isinstance(content.body, LogOpenBody):
        return _wrong("type", "does not begin with a LOG-OPEN that can be read")
    body = content.body
    if (body.end.origin, body.partner_end.origin) != (before.theirs.origin, before.own.key.name):
        return _wrong("origin", "names other logs than those before it")
    return _their_end_fault(before, body) or _our_end_fault(before, body.partner_end)


def _their_end_fault(before: Session, body: LogOpenBody) -> Refusal | None:
    said, end = body.end, before.theirs_end
    if body.why in UNENDORSED:
        return _unendorsed_fault(before, said, body.why)
    if end is None:
        return _wrong("end", "the log before it has not ended: no LOG-END has come")
    if said == _claim(before.theirs.origin, end.size, end.root):
        return None
    return _wrong("end", f"says size {said.size}; the log ended with {end.size}, or had another root there")


def _unendorsed_fault(before: Session, said: HeadClaim, why: Why) -> Refusal | None:
    """Without an endorsement by the old keys our officer must have said that they are gone. Whoever lost keys can not
    have fewer entries than it signed; who had them stolen may disown what a thief signed, for all to see."""
    if not before.partner_keyless:
        return Refusal(Reason.NOT_AGREED, "why", f"{why.value}: our officer has not agreed that the old keys are gone")
    held = before.theirs.size
    if said.size == held and said != their_head(before):
        return _wrong("end", f"another root than that of the {held} entries held")
    if said.size < held and why is Why.LOST:
        return _wrong("end", f"says size {said.size}, but {held} entries were signed")
    return None


def _our_end_fault(before: Session, said: HeadClaim) -> Refusal | None:
    """What the partner says that it held of ours when it opened its log; it may have receipted more since."""
    own = before.own
    if said.size > own.signed_size:
        return _wrong("partner_end", f"says size {said.size}, but only {own.signed_size} were signed")
    for head in (own.receipt, own.head):
        if head is not None and head.checkpoint.size == said.size and _claim_of(head) != said:
            return _wrong("partner_end", f"another root of our log at size {said.size}")
    return None


def _wrong(field: str, detail: str) -> Refusal:
    return Refusal(Reason.WRONG_OPENING, field, detail)
