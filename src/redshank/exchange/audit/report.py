"""Report: what a verification says of a record."""

from enum import StrEnum

import msgspec

from redshank.exchange.audit.agreed import Outside
from redshank.exchange.record import Manifest
from redshank.exchange.voice.notes import VoiceLine
from redshank.exchange.witnessing import WitnessPolicy
from redshank.log import merkle
from redshank.terms.ids import PartyId
from redshank.terms.message import Message
from redshank.terms.refusal import Refusal


class Finding(msgspec.Struct, frozen=True):
    """One fault of the record: the file (or ``<party>/entry <serial>``), and what is wrong."""

    path: str
    refusal: Refusal


class Dated(StrEnum):
    """How a receipt's date can not be right. The codes are part of the format."""

    BEFORE_STATEMENT = "dated-before-statement"
    """It is dated before a statement that it is the first to cover."""
    AFTER_NEXT = "dated-after-next"
    """It is dated after the same witness's receipt for more entries."""


class Caution(msgspec.Struct, frozen=True):
    """Something that a reader should know and that is no fault: of two clocks one is off, and nobody knows which."""

    path: str
    code: Dated
    detail: str


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """What a file of evidence in the record shows: `convicts` by the accused party's own signatures; otherwise it is
    the reporter's word, and `clears` says what would settle it."""

    path: str
    kind: str
    accused: PartyId
    reporter: PartyId
    found_ms: int
    convicts: bool
    words: str
    clears: str


class Direction(msgspec.Struct, frozen=True, kw_only=True):
    """One party's log as the record proves it."""

    party: PartyId
    origin: str
    size: int = 0
    root: bytes = merkle.EMPTY_ROOT
    receipts: int = 0
    """Cosigned heads that verified."""
    receipted: int = 0
    """Entries under the newest receipt; its index is one less."""
    witnessed: int = 0
    """Entries that as many third-party witnesses as are required have cosigned."""
    serial_gaps: tuple[int, ...] = ()
    """Indexes whose entry says another serial."""

    @property
    def unreceipted(self) -> int:
        """Entries that the partner has not acknowledged."""
        return self.size - self.receipted


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One entry, in the order of the record, with its levels of acknowledgement."""

    sender: PartyId
    serial: int
    content: Message | Refusal
    """A refusal: the log proves that this was sent, but it is no message by the spec."""
    witnessed_by: tuple[tuple[str, int], ...] = ()
    """Third parties that have cosigned the log with this entry in it, and when first, by their own clocks: proof that
    it was sent by then, also where no receipt came."""
    witnessed_at_s: int | None = None
    """When as many as are required had done so; None: fewer have."""
    received_at_s: int | None = None
    """Receiver's clock in the first receipt that covers it; None: sent, but no receipt."""
    read_by: int | None = None
    """Serial of the receiver's first ACK."""
    answered_by: int | None = None
    """Serial of the receiver's first REPLY, TEST-REPLY or AGREE-CLOSE to it."""
    outside: Outside | None = None
    """Why it stands outside an agreement in force, if it does: no fault of the record (AGR-15)."""
    to_voice: bool = False
    """It replies to something that its receiver, who has no keys, said by voice alone: nothing here proves that it was
    said."""


class RecordReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a record proves. `ok`: nothing to object to."""

    ok: bool
    pinned: bool
    """True: checked with keys that the caller brought. False: the keys are those that the record claims."""
    witnesses: WitnessPolicy = WitnessPolicy()
    """The third-party witnesses by which it was checked."""
    witnesses_pinned: bool = False
    manifest: Manifest | None
    directions: tuple[Direction, ...] = ()
    lines: tuple[Line, ...] = ()
    voice: tuple[VoiceLine, ...] = ()
    """Notes of the exporter on what was said by voice: unsigned, and no part of what the record proves."""
    evidence: tuple[Contradiction, ...] = ()
    """Who contradicted whom. A record with such files is in order: they are proofs, and not faults of it."""
    cautions: tuple[Caution, ...] = ()
    findings: tuple[Finding, ...] = ()
