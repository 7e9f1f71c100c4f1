"""Effects: what the node wants done, as values. The engine carries them out in this order: durable ones first, in one
commit, and only then anything that somebody outside can notice.

May know: terms.
"""

from enum import StrEnum

import msgspec

from redshank.terms.ids import ChannelId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Refusal


class NoteKind(StrEnum):
    """Which signed note: a head of a log by its owner, a head with the partner's cosignatures (a receipt), or a head's
    text with the cosignatures of third parties."""

    HEAD = "head"
    RECEIPT = "receipt"
    WITNESSED = "witnessed"


class KeepEvent(msgspec.Struct, frozen=True):
    """Write this event (its bytes) to the journal; replaying the journal gives the same duty state."""

    event: bytes


class KeepEntry(msgspec.Struct, frozen=True):
    """Append this entry to the log `origin` at `index`, ours or the partner's copy."""

    origin: str
    index: int
    body: bytes


class KeepNote(msgspec.Struct, frozen=True):
    """Keep a signed note of the log `origin`."""

    origin: str
    kind: NoteKind
    size: int
    body: bytes


Durable = KeepEvent | KeepEntry | KeepNote


class SignHead(msgspec.Struct, frozen=True):
    """There is something to sign on a channel: at the end of the turn the engine signs what `session.head_to_sign`
    names then, of each generation with its keys, and answers with the event HeadSigned before it commits."""

    channel: ChannelId


class Cosign(msgspec.Struct, frozen=True):
    """Once everything is durable: cosign the partner's checkpoint text with the witness key at this time, keep the
    cosigned note, and answer the waiting delivery with the cosignature line."""

    ticket: int
    channel: ChannelId
    origin: str
    size: int
    text: bytes
    note: bytes
    at: Instant


class AnswerPeer(msgspec.Struct, frozen=True):
    """Answer a waiting delivery of a partner with this HTTP status and body."""

    ticket: int
    status: int
    body: bytes


class Deliver(msgspec.Struct, frozen=True):
    """There is something to deliver on this channel."""

    channel: ChannelId


class CommandDone(msgspec.Struct, frozen=True):
    """Tell the waiting officer what became of the command; None means done."""

    ticket: int
    refusal: Refusal | None


class PublishAlert(msgspec.Struct, frozen=True):
    """Hand this CAP alert to the public authority's sender, once a person has issued it."""

    warning: str
    cap: bytes


Effect = Durable | SignHead | Cosign | AnswerPeer | Deliver | CommandDone | PublishAlert
