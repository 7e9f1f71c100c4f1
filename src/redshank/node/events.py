"""Events: what has happened, in the past tense. Two kinds.

*Sensed* events move the picture. They are many, are not kept in the journal, and lead to *recorded* events when
something follows from them. *Recorded* events carry all that a decision needs and go to the journal before anybody
acts on them: replaying them through the same `step` gives the same duties, messages and logs, byte for byte.
"""

import msgspec

from redshank.decode.decoded import Decoded
from redshank.exchange.parties import RawKeys
from redshank.node.commands import Command
from redshank.procedure.agreement import Agreement
from redshank.release.policy import Policy
from redshank.terms.crossing import Crossing, Forecast
from redshank.terms.ids import ChannelId, IncidentId, PartyId, SourceId, TrackId
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import SearchArea, Track

# -- sensed ------------------------------------------------------------------------------------------------------------


class Reported(msgspec.Struct, frozen=True, gc=False):
    """A feed has been decoded."""

    source: SourceId
    decoded: Decoded


class Ticked(msgspec.Struct, frozen=True, gc=False):
    """Time has passed."""


class Asked(msgspec.Struct, frozen=True, gc=False):
    """A person in `role` gave a command; `ticket` waits for the answer."""

    ticket: int
    role: str
    command: Command
    entry: bytes | None = None
    """The signed original of what a command takes by voice, where our copy of the log holds it."""
    hand: bytes = b""
    """Tells persons apart without naming them: the same for all acts of one person, and nothing without the node's own
    register of people."""
    act: int = 0
    """Number in the national register of acts, which knows the name; 0 for none."""


class LineFailed(msgspec.Struct, frozen=True, gc=False):
    """A partner could not be reached, or answered with a refusal."""

    channel: ChannelId
    why: str


class WitnessFailed(msgspec.Struct, frozen=True, gc=False):
    """A third party's witness could not be reached, or refused a head of ours."""

    channel: ChannelId
    witness: str
    why: str


# -- recorded ----------------------------------------------------------------------------------------------------------


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the picture held of one object when a decision was due: the best estimate and all that was known of it."""

    track: Track
    forecast: Forecast | None
    distances_m: tuple[tuple[PartyId, float], ...]
    """Distance of the track to each partner's territory."""
    members: tuple[TrackId, ...]
    """The tracks, own and received, that the picture holds to be this object; the first is the track itself."""


class SnapshotTaken(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """A forecast or its change is worth a decision."""

    snapshot: Snapshot
    crossing: Crossing | None = None
    """Set when the track has just crossed."""
    search: SearchArea | None = None
    """Set when the track has just been lost."""
    many: tuple[ChannelId, ...] = ()
    """Channels by whose agreement this balloon and those like it in the picture are one incident (PROC-36)."""


class Commanded(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """A person's command, with what the picture held of the object that it is about."""

    ticket: int
    role: str
    command: Command
    snapshot: Snapshot | None = None
    entry: bytes | None = None
    """As in Asked: what a statement by voice is held against."""
    hand: bytes = b""
    act: int = 0


class PolicyTaken(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A release policy has come into force: at the first start, or because its file was changed. It is kept as it was
    read, so that a replay decides as it was decided, whatever the file or its reader says by then."""

    policy: Policy
    sha256: str
    """Of the file's bytes, hexadecimal."""


class AgreementTaken(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """An agreement's file was read: at the first start, or because it was changed. It is kept as it was read, so that
    what both sides have activated is known by its text whatever the file says by then."""

    agreement: Agreement
    sha256: str
    """Of the file's bytes, hexadecimal."""
    fingerprint: str
    """Of its canonical content (AGR-2)."""


class EndFellDue(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The time has come from which an agreement ends, as one side has said before."""

    channel: ChannelId


class ReleaseFellDue(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The time to answer a question about a release is over, or what had to wait for its time has waited."""

    question: int


class DeadlinePassed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """An obligation was not met in time; `level` counts the steps of the escalation ladder."""

    incident: IncidentId
    obligation: str
    level: int


class TestFellDue(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The agreement's schedule asks for a line test."""

    channel: ChannelId


class LineTestMissed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A TEST has no answer, or nobody has tried the alternate line; `level` counts the steps of the ladder."""

    channel: ChannelId
    obligation: str
    level: int


class DeliveryCame(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A partner delivered; `ticket` waits for our cosignature."""

    ticket: int
    channel: ChannelId
    body: bytes


class ContradictionFound(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A refused delivery held a head, signed by the partner, that does not fit what it signed before: both are kept."""

    channel: ChannelId
    reason: Reason
    held: bytes
    """The newest head of the partner that this node accepted, as a signed note; empty if there was none."""
    shown: bytes
    """The head that was refused, as a signed note."""
    entries: tuple[bytes, ...] = ()
    """Of a log that opens wrongly: the entries that were refused with its head."""


class KeysAgreed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Both officers have confirmed one another's next keys (KEY-15): the next logs of the channel open under these."""

    channel: ChannelId
    own: RawKeys
    partner: RawKeys


class KeysMissed(msgspec.Struct, frozen=True, tag=True):
    """The node has started without our keys of one generation of a channel's logs: nothing is signed there any more."""

    channel: ChannelId
    generation: int = 0


class HeadSigned(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Our log key has signed the head of our log, of the generation that the head's origin names."""

    channel: ChannelId
    note: bytes


class AnswerCame(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A partner answered our delivery: with its cosignature on our head (the receipt), with the size that it holds, or
    with a refusal. `ticket` waits to hear whether the answer was one; `pushed` is the size of the head that was
    delivered, 0 when the partner has pulled."""

    ticket: int
    channel: ChannelId
    status: int
    body: bytes
    pushed: int = 0
    origin: str = ""
    """Of the log that was delivered; empty: whichever is under delivery."""


class WitnessCame(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A third party's witness answered for a head of ours: `text` is the head's, `body` its cosignature lines. `ticket`
    waits to hear whether they were."""

    ticket: int
    channel: ChannelId
    witness: str
    text: bytes
    body: bytes


class RebuildBegun(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """A person has decided that the node begins again from its partners' records: the first row of a new journal."""

    by: str
    """Who decided, as that person wants to be named."""
    records: tuple[str, ...]
    """SHA-256 of each record, in hexadecimal digits."""
    lost: tuple[str, ...]
    """What is known to be lost, one sentence each."""
    numbers: dict[int, int]
    """By year: the highest number of an incident of ours that any message names."""


class EntryRestored(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The next entry of our own log, or of our copy of the partner's, as it was."""

    channel: ChannelId
    own: bool
    entry: bytes


class GenerationRestored(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """All entries of the open logs of a channel are restored; those that follow are of the next generation."""

    channel: ChannelId
    own: RawKeys
    partner: RawKeys
    keyless: bool = False
    """Of the logs that are whole: our keys were gone, and below the partner's."""
    partner_keyless: bool = False


class HeadsRestored(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """The newest signed heads of one generation of a channel over the entries restored so far, and the partner's newest
    receipt; empty where there is none."""

    channel: ChannelId
    own_head: bytes
    own_receipt: bytes
    their_head: bytes
    generation: int = 0


Sensed = Reported | Ticked | Asked | LineFailed | WitnessFailed
Restored = RebuildBegun | EntryRestored | GenerationRestored | HeadsRestored
Recorded = (
    SnapshotTaken
    | Commanded
    | DeadlinePassed
    | ReleaseFellDue
    | TestFellDue
    | LineTestMissed
    | PolicyTaken
    | AgreementTaken
    | EndFellDue
    | DeliveryCame
    | ContradictionFound
    | KeysAgreed
    | KeysMissed
    | HeadSigned
    | AnswerCame
    | WitnessCame
    | Restored
)
Event = Sensed | Recorded

_ENCODER = msgspec.msgpack.Encoder()
_DECODER: "msgspec.msgpack.Decoder[Recorded]" = msgspec.msgpack.Decoder(Recorded)


def encode_event(event: Recorded) -> bytes:
    """The journal's bytes of an event (MessagePack)."""
    return _ENCODER.encode(event)


def decode_event(data: bytes) -> Recorded | Refusal:
    """An event of our own journal; a refusal means that the journal is damaged or from another version."""
    try:
        return _DECODER.decode(data)
    except msgspec.MsgspecError as error:
        return Refusal(Reason.MALFORMED, "journal", str(error))
