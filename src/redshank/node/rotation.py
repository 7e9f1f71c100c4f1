"""Rotation: the logs of one channel end, and the next ones open, under keys that both officers have confirmed.

Here: which generation a head belongs to, which log is under delivery, ending and opening as one change of the state,
following a partner that has ended its log. Not here: the first and last messages themselves (exchange.generations),
keys and ceremonies (edges). May know: the core rooms below, node's state.

Both logs change at once, or nothing does: the old log's last entry, the new log's first one and the event that led to
them are one commit. What the partner has not received of an old log is delivered before anything of the next.
"""

import msgspec
from msgspec.structs import replace

from redshank.exchange import generations
from redshank.exchange.generations import UNENDORSED
from redshank.exchange.session import Session, head_to_sign, is_owed
from redshank.node.commands import RotateKeys
from redshank.node.effects import Deliver, Effect, KeepEntry, KeepEvent, SignHead
from redshank.node.events import KeysAgreed, KeysMissed, encode_event
from redshank.node.state import NodeState
from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant
from redshank.terms.message import Why
from redshank.terms.refusal import Reason, Refusal

Done = tuple[NodeState, tuple[Effect, ...]]

_changed = msgspec.structs.replace


# --- which log ------------------------------------------------------------------------------------------------------


def with_session(state: NodeState, session: Session) -> NodeState:
    """With this session in the place of its older self."""
    channel, earlier = session.channel, state.earlier.get(session.channel, ())
    if session.generation == len(earlier):
        return replace(state, sessions={**state.sessions, channel: session})
    place = session.generation
    return replace(state, earlier={**state.earlier, channel: (*earlier[:place], session, *earlier[place + 1 :])})


def of_origin(state: NodeState, channel: ChannelId, origin: str) -> Session:
    """The session that has the log `origin`, ours or the partner's; the open one when none has. Raises KeyError for a
    channel that this node has not."""
    for session in reversed(state.generations(channel)):
        if origin in (session.own.key.name, session.theirs.origin):
            return session
    return state.session(channel)


def of_note(state: NodeState, channel: ChannelId, note: bytes) -> Session:
    """The session that a head's first line names."""
    return of_origin(state, channel, note.partition(b"\n")[0].decode("utf-8", "replace"))


def before(state: NodeState, session: Session) -> Session | None:
    """The generation that a session follows."""
    earlier = state.earlier.get(session.channel, ())
    return earlier[session.generation - 1] if 0 < session.generation <= len(earlier) else None


def under_delivery(state: NodeState, channel: ChannelId) -> Session:
    """The generation of which something is owed to the partner now: the oldest that is not done, else the open one."""
    return next((one for one in state.earlier.get(channel, ()) if is_owed(one)), state.session(channel))


# --- what both officers have confirmed ------------------------------------------------------------------------------


def agreed(state: NodeState, event: KeysAgreed, now: Instant) -> tuple[NodeState, list[Effect]]:
    """Remembers the next keys. Nothing is heard of it when they are those that are known, or can be none."""
    session = state.sessions.get(event.channel)
    found = None if session is None else generations.next_keys(session, event.own, event.partner)
    if session is None or found is None or isinstance(found, Refusal) or found == session.next:
        return state, []
    state = with_session(state, _changed(session, next=found))
    state, effects = followed(state, event.channel, now)
    return state, [KeepEvent(encode_event(event)), *effects]


def missed(state: NodeState, event: KeysMissed) -> tuple[NodeState, list[Effect]]:
    """Nothing is signed any more in these logs of the channel: our keys of them are not there."""
    generations_ = state.generations(event.channel) if event.channel in state.sessions else ()
    if event.generation >= len(generations_) or generations_[event.generation].keyless:
        return state, []
    session = generations_[event.generation]
    return with_session(state, _changed(session, keyless=True)), [KeepEvent(encode_event(event))]


# --- the switch -----------------------------------------------------------------------------------------------------


def rotate(state: NodeState, command: RotateKeys, now: Instant) -> Done | Refusal:
    """Ends our log and opens the next, as an officer has asked. Refuses with NOT_AGREED before the ceremony, with
    NOT_ALLOWED a reason that does not fit the keys that are there, and a lone log."""
    session = state.sessions.get(command.channel)
    if session is None:
        return Refusal(Reason.WRONG_CHANNEL, "channel", f"{command.channel} is no channel of this node")
    if session.lone:
        no = f"{session.partner} is by voice and has no keys: a lone log is not rotated (VOICE-25)"
        return Refusal(Reason.NOT_ALLOWED, "channel", no)
    if session.next is None:
        return Refusal(Reason.NOT_AGREED, "channel", "pair with the partner by voice first: no next keys are confirmed")
    if session.keyless and command.why not in UNENDORSED:
        return Refusal(Reason.NOT_ALLOWED, "why", "the keys of the open log are gone: it is `lost` or `revoked`")
    keyless = session.keyless or command.why in UNENDORSED
    gone = session.partner_keyless or command.why is Why.PARTNER
    return _switched(state, _changed(session, keyless=keyless, partner_keyless=gone), command.why, now)


def followed(state: NodeState, channel: ChannelId, now: Instant) -> Done:
    """Goes with a partner that has ended its log, once our officer has confirmed the keys that it names."""
    session = state.session(channel)
    end = session.theirs_end
    if end is None or session.keyless or not generations.agrees(session, end.body):
        return state, ()
    switched = _switched(state, session, Why.PARTNER, now)
    return (state, ()) if isinstance(switched, Refusal) else switched


def _switched(state: NodeState, session: Session, why: Why, now: Instant) -> Done | Refusal:
    """Both logs, or neither."""
    effects = list[Effect]()
    if not session.keyless:
        said = generations.ended(session, why, now)
        if isinstance(said, Refusal):
            return said
        session = said.session
        effects += [KeepEntry(session.own.key.name, said.serial, said.entry), *to_sign(session)]
    fresh = generations.opened(session, why, now)
    if isinstance(fresh, Refusal):
        return fresh
    opened, channel = fresh.session, session.channel
    effects += [KeepEntry(opened.own.key.name, fresh.serial, fresh.entry), *to_sign(opened), Deliver(channel)]
    earlier = (*state.earlier.get(channel, ()), session)
    state = replace(state, sessions={**state.sessions, channel: opened}, earlier={**state.earlier, channel: earlier})
    return state, tuple(effects)


def to_sign(session: Session) -> tuple[Effect, ...]:
    """That there is something of a log to sign, if there is."""
    return () if head_to_sign(session) is None else (SignHead(session.channel),)
