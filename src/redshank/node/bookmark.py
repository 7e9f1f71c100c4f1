"""Bookmark: the duty half of a node's state as bytes, so that a restart need not replay the journal from its first day.

Here: writing and reading it. Not here: when one is kept (engine) and how its bytes are guarded on disk (store). A
bookmark is a copy of what the journal gives, never a second truth: one that can not be read is left aside, and the
journal is replayed instead. May know: the core rooms below, node's state.
"""

from types import GenericAlias
from typing import Any

import msgspec
from msgspec.structs import replace

from redshank.exchange.session import Session
from redshank.exchange.voice.notes import ReadOut, Statement
from redshank.node import agreements
from redshank.node.events import AgreementTaken, PolicyTaken
from redshank.node.held import KeptHeld, of_bookmark, to_bookmark
from redshank.node.state import Alert, Contradiction, Line, NodeState, Shift, Waiting
from redshank.procedure.incident import Entry, Incident, Incidents
from redshank.procedure.life import Life
from redshank.terms.ids import ChannelId, IncidentId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import BODY_OF, Body, CorrectBody, MessageType
from redshank.terms.refusal import Reason, Refusal

BOOKMARK_VERSION = 9
NOTHING = b"\xc0"  # nil of MessagePack


def _mirror(kind: type[msgspec.Struct], **changed: Any) -> Any:
    """A twin of a frozen type that differs in the types of some fields; only for decoding."""
    fields = []
    for field in msgspec.structs.fields(kind):
        default = {"default": field.default} if field.default is not msgspec.NODEFAULT else {}
        if field.default_factory is not msgspec.NODEFAULT:
            default = {"default_factory": field.default_factory}
        given = changed.get(field.name, field.type)
        fields.append((field.name, given, msgspec.field(**default)) if default else (field.name, given))
    return msgspec.defstruct(f"_{kind.__name__}", fields, frozen=True, kw_only=True, forbid_unknown_fields=True)


# A message's body carries no tag on the wire, so a union of bodies can not be decoded: a line's type says which it is.
_Entry = _mirror(Entry, body=msgspec.Raw)
_Correction = _mirror(CorrectBody, body=msgspec.Raw)
_Incident = _mirror(Incident, timeline=GenericAlias(tuple, (_Entry, ...)))
_ByName = GenericAlias(dict, (IncidentId, _Incident))
_Incidents = _mirror(Incidents, open=_ByName, closed=_ByName)


class _Rest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All but the incidents."""

    party: PartyId
    sessions: dict[ChannelId, Session]
    earlier: dict[ChannelId, tuple[Session, ...]]
    lines: dict[ChannelId, Line]
    alerts: dict[str, Alert]
    contradictions: dict[ChannelId, tuple[Contradiction, ...]]
    heard: dict[ChannelId, tuple[Statement, ...]]
    read_outs: dict[ChannelId, tuple[ReadOut, ...]]
    taken: PolicyTaken | None
    lives: dict[ChannelId, Life]
    texts: dict[ChannelId, tuple[AgreementTaken, ...]]
    waiting: dict[ChannelId, tuple[Waiting, ...]]
    taken_at: Instant | None
    held: tuple[KeptHeld, ...]
    next_question: int
    shift: Shift | None
    next_number: int
    """Of the next own track: numbers of the journal are never given again."""


class _Whole(msgspec.Struct, frozen=True, array_like=True):
    v: int
    rest: msgspec.Raw
    incidents: msgspec.Raw


_ENCODER = msgspec.msgpack.Encoder()
_WHOLE: "msgspec.msgpack.Decoder[_Whole]" = msgspec.msgpack.Decoder(_Whole)
_REST: "msgspec.msgpack.Decoder[_Rest]" = msgspec.msgpack.Decoder(_Rest)
_INCIDENTS: "msgspec.msgpack.Decoder[Any]" = msgspec.msgpack.Decoder(_Incidents)
_MIRRORS = {**BODY_OF, MessageType.CORRECT: _Correction}
_BODIES: dict[MessageType, Any] = {kind: msgspec.msgpack.Decoder(body) for kind, body in _MIRRORS.items()}


def bookmark_of(state: NodeState) -> bytes:
    """What a restart must give again (MessagePack)."""
    rest = _Rest(
        party=state.charter.party,
        sessions=dict(state.sessions),
        earlier=dict(state.earlier),
        lines=dict(state.lines),
        alerts=dict(state.alerts),
        contradictions=dict(state.contradictions),
        heard=dict(state.heard),
        read_outs=dict(state.read_outs),
        taken=state.taken,
        lives=dict(state.lives),
        texts=dict(state.texts),
        waiting=dict(state.waiting),
        taken_at=state.taken_at,
        held=tuple(to_bookmark(one) for _, one in sorted(state.held.items())),
        next_question=state.next_question,
        shift=state.shift,
        next_number=state.picture.next_number,
    )
    parts = (msgspec.Raw(_ENCODER.encode(part)) for part in (rest, state.incidents))
    return _ENCODER.encode(_Whole(BOOKMARK_VERSION, *parts))


def from_bookmark(fresh: NodeState, data: bytes) -> NodeState | Refusal:
    """The state of a node that has heard nothing yet, with the duty half of a bookmark.

    Refuses with UNKNOWN_TYPE a bookmark of another version of the program, with MALFORMED one that can not be read,
    with BAD_KEY one of another party, of other channels or under other keys. Then the journal must be replayed.
    """
    try:
        whole = _WHOLE.decode(data)
        if whole.v != BOOKMARK_VERSION:
            return Refusal(Reason.UNKNOWN_TYPE, "v", f"version {whole.v}, this is {BOOKMARK_VERSION}")
        rest, incidents = _REST.decode(whole.rest), _real_incidents(_INCIDENTS.decode(whole.incidents))
        held = {one.number: one for one in (of_bookmark(twin, _real_body) for twin in rest.held)}
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Refusal(Reason.MALFORMED, "bookmark", str(error)[:200])
    foreign = _foreign(fresh, rest)
    if foreign is not None:
        return foreign
    after = replace(
        fresh,
        incidents=incidents,
        sessions=rest.sessions,
        earlier=rest.earlier,
        lines=rest.lines,
        alerts=rest.alerts,
        contradictions=rest.contradictions,
        heard=rest.heard,
        read_outs=rest.read_outs,
        taken=rest.taken,
        lives=rest.lives,
        texts=rest.texts,
        waiting=rest.waiting,
        taken_at=rest.taken_at,
        held=held,
        next_question=rest.next_question,
        shift=rest.shift,
        picture=msgspec.structs.replace(fresh.picture, next_number=rest.next_number),
    )
    return agreements.restored(after)


def _foreign(fresh: NodeState, rest: _Rest) -> Refusal | None:
    for channel, newest in rest.sessions.items():
        session = rest.earlier.get(channel, (newest,))[0]  # that under which the journal begins
        mine = fresh.sessions.get(channel)
        if mine is None or (mine.keys, mine.paired) != (session.keys, session.paired):
            return Refusal(Reason.BAD_KEY, channel, "the bookmark was made with other keys or channels than configured")
    if rest.party != fresh.charter.party or rest.sessions.keys() != fresh.sessions.keys():
        return Refusal(Reason.BAD_KEY, "party", "the bookmark is of another party or of other channels")
    return None


def _real_incidents(twin: Any) -> Incidents:
    held = {name: {key: _real_incident(one) for key, one in getattr(twin, name).items()} for name in ("open", "closed")}
    return Incidents(**(msgspec.structs.asdict(twin) | held))


def _real_incident(twin: Any) -> Incident:
    return Incident(**(msgspec.structs.asdict(twin) | {"timeline": tuple(map(_real_entry, twin.timeline))}))


def _real_entry(twin: Any) -> Entry:
    """Raises ValueError for a body whose line has no type of a message."""
    body = None if bytes(twin.body) == NOTHING else _real_body(MessageType(twin.type), twin.body)
    return Entry(**(msgspec.structs.asdict(twin) | {"body": body}))


def _real_body(kind: MessageType, data: msgspec.Raw) -> Body:
    body: Any = _BODIES[kind].decode(data)
    if kind is not MessageType.CORRECT:
        real: Body = body
        return real
    return CorrectBody(**(msgspec.structs.asdict(body) | {"body": _real_body(body.type, body.body)}))
