"""Session: one channel as one node holds it.

Here: saying, delivering, receiving, receipts, as pure changes of a frozen state. Not here: storage, keys, the
line. May know: release (its `Released`), log, terms. A refusal leaves the old state in force.

Order of acts, kept by the node and its edges: say, store the entry, sign the head, store it, deliver;
receive, store the new entries, cosign, answer. A session is one generation of a channel's two logs; when the parties
open the next ones (generations), another session follows it (docs/spec/log.md).
"""

from collections.abc import Sequence

import msgspec

from redshank.exchange.delivery import Held, encode_delivery, parse_answer, parse_delivery
from redshank.exchange.envelope import Place, parse_entry, write_entry
from redshank.exchange.parties import PartyKeys, check_channel, check_distinct, check_keys
from redshank.exchange.witnessing import WitnessedHead, Witnessing, WitnessPolicy, witnessed
from redshank.log import ledger, merkle
from redshank.log.checkpoint import Checkpoint, SignedHead
from redshank.log.ledger import OwnLog, PartnerLog, Push
from redshank.release.released import Released
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId, parties_of, partner_on
from redshank.terms.instants import Instant
from redshank.terms.invariant import InvariantBroken, require
from redshank.terms.message import Body, LogEndBody, Message, MessageType
from redshank.terms.refusal import Reason, Refusal

_changed = msgspec.structs.replace


class NextKeys(msgspec.Struct, frozen=True):
    """Keys of both parties under the names of the next generation."""

    keys: PartyKeys
    partner_keys: PartyKeys


class TheirEnd(msgspec.Struct, frozen=True):
    """The partner's LOG-END, and the log up to and with it."""

    body: LogEndBody
    size: int
    root: bytes


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One channel: who, under which keys, and both logs."""

    channel: ChannelId
    me: PartyId
    partner: PartyId
    year: int
    keys: PartyKeys
    paired: PartyKeys | None
    """The partner's keys. None: it has none and runs no node; then the own log is a lone one (VOICE-19)."""
    own: OwnLog
    theirs: PartnerLog
    theirs_stated_ms: Instant = Instant(0)
    """The newest time of statement in the partner's log, of what could be read."""
    theirs_stated_at: int = 0
    """The serial that said so."""
    generation: int = 0
    """How many logs each side had on this channel before these."""
    theirs_end: TheirEnd | None = None
    """The partner's LOG-END and the head that it makes, once it has come."""
    keyless: bool = False
    """Our keys of this log are gone or not to be trusted: nothing is signed under them any more."""
    partner_keyless: bool = False
    """Our officer has agreed that the partner's keys of this log are gone: it can neither end its log nor receipt
    ours."""
    next: NextKeys | None = None
    """Under which keys the next logs are to be opened, once both officers have confirmed them (KEY-15)."""
    witnesses: WitnessPolicy = WitnessPolicy()
    witnessing: Witnessing = Witnessing()
    """What third parties have cosigned of the own log."""

    @property
    def lone(self) -> bool:
        """Whether the partner has no keys, so that there is one log and no receipt."""
        return self.paired is None

    @property
    def partner_keys(self) -> PartyKeys:
        """The partner's keys. Raises InvariantBroken where it has none: a caller asks `lone` first."""
        if self.paired is None:
            raise InvariantBroken(f"{self.partner} has no keys on {self.channel}")
        return self.paired


class Said(msgspec.Struct, frozen=True):
    """A message has its place in the own log: store `entry` at `serial` before anything else happens."""

    session: Session
    message: Message
    entry: bytes
    serial: int


class Arrived(msgspec.Struct, frozen=True):
    """One new entry of the partner. A refused one stays in its log: it is evidence, and its serial is
    taken."""

    serial: int
    entry: bytes
    content: Message | Refusal
    newest_before: int = 0
    """The serial of the newest statement before it in the log: what a back-dated one is held against. After the end of
    a log: that of its LOG-END."""


class Received(msgspec.Struct, frozen=True):
    """A delivery was accepted: store `arrived` and `head`, then cosign the head's text and answer with
    that."""

    session: Session
    arrived: tuple[Arrived, ...]
    head: SignedHead


def open_session(
    *,
    prefix: str,
    channel: ChannelId,
    me: PartyId,
    year: int,
    keys: PartyKeys,
    partner_keys: PartyKeys | None,
    witnesses: WitnessPolicy = WitnessPolicy(),
    generation: int = 0,
) -> Session | Refusal:
    """A channel with two empty logs, or with one for a partner without keys; refuses with WRONG_CHANNEL, WRONG_YEAR,
    WRONG_GENERATION or BAD_KEY what can not be one."""
    bad = check_channel(prefix, channel, year, generation)
    if bad is not None:
        return bad
    if me not in parties_of(channel):
        return Refusal(Reason.WRONG_CHANNEL, "channel", f"{me} is no party of {channel}")
    partner = partner_on(channel, me)
    bad = (
        check_keys(prefix, channel, year, me, keys, generation)
        or (None if partner_keys is None else check_keys(prefix, channel, year, partner, partner_keys, generation))
        or check_distinct(keys, partner_keys, [key for witness in witnesses.witnesses for key in witness.keys])
    )
    if bad is not None:
        return bad
    return Session(
        channel=channel,
        me=me,
        partner=partner,
        year=year,
        keys=keys,
        paired=partner_keys,
        own=OwnLog(key=keys.log, witness=None if partner_keys is None else partner_keys.witness),
        theirs=PartnerLog(key=None if partner_keys is None else partner_keys.log),
        witnesses=witnesses,
        generation=generation,
    )


# --- sending ------------------------------------------------------------------------------------------------


def say(session: Session, released: Released, now: Instant) -> Said | Refusal:
    """Puts a released message into the own log; its serial is its index there.

    Refuses what the partner would refuse, and with NOT_RELEASED what was released for another channel or
    partner.
    """
    require(isinstance(released, Released), "only what release has made may be sent")
    if (released.channel, released.partner) != (session.channel, session.partner):
        return Refusal(Reason.NOT_RELEASED, "channel", f"released for {released.partner} on {released.channel}")
    reply_generation = released.reply_generation
    if reply_generation == session.generation:
        reply_generation = None
    message = own_message(session, released.type, released.body, now)
    return append(
        session,
        _changed(
            message,
            incident=released.incident,
            observed_ms=released.observed_ms,
            in_reply_to=released.in_reply_to,
            reply_generation=reply_generation,
            text=released.text,
        ),
    )


def own_message(session: Session, kind: MessageType, body: Body, now: Instant) -> Message:
    """A message at the next place of the own log."""
    return Message(
        type=kind,
        channel=session.channel,
        sender=session.me,
        year=session.year,
        serial=session.own.size,
        stated_ms=now,
        body=body,
        generation=session.generation,
    )


def append(session: Session, message: Message) -> Said | Refusal:
    """Puts a message into the own log; refuses what the partner would refuse."""
    entry = write_entry(message)
    if isinstance(entry, Refusal):
        return entry
    appended = ledger.append(session.own, entry)
    if isinstance(appended, Refusal):
        return appended
    return Said(_changed(session, own=appended.log), message, entry, appended.index)


def head_to_sign(session: Session) -> Checkpoint | None:
    """The head of the own log to sign next; None while as many as may be are under way, nothing new was said, or the
    keys are gone."""
    return None if session.keyless else ledger.head_to_sign(_acknowledged(session))


def head_signed(session: Session, note: bytes) -> Session:
    """Takes the signed head. Raises InvariantBroken unless it is the one that `head_to_sign` asked for."""
    own = ledger.head_signed(_acknowledged(session), note)
    waiting = own.waiting if own.receipt is session.own.receipt else (*session.own.waiting, *own.waiting)
    return _changed(session, own=_changed(own, receipt=session.own.receipt, waiting=waiting))


def _acknowledged(session: Session) -> OwnLog:
    """The own log; of a partner that can give no receipt any more its word that it holds all stands for one."""
    own = session.own
    if session.partner_keyless and own.waiting and own.partner_size >= own.signed_size:
        return _changed(own, receipt=own.head, waiting=())
    return own


def next_delivery(session: Session, pushed: int = 0) -> Push | None:
    """What to deliver next, after deliveries on their way up to size `pushed`; None when nothing more is due now,
    or nobody takes deliveries. The same answer until a receipt comes."""
    return ledger.next_push(session.own, pushed)


def is_owed(session: Session) -> bool:
    """Whether something of the own log has still to reach the partner: an entry that can be signed, or a signed head
    without its receipt. Of a partner without its keys its word is enough: it can give no receipt."""
    own = session.own
    reached = max(own.receipted_size, own.partner_size) if session.partner_keyless else own.receipted_size
    return reached < (own.signed_size if session.keyless else own.size)


def unreceipted(session: Session) -> int:
    """Entries of the own log that have still to reach the partner."""
    return session.own.size - session.own.receipted_size if is_owed(session) else 0


def delivery_bytes(push: Push, entries: tuple[bytes, ...]) -> bytes:
    """The bytes of a push: `entries` are those that it names, as they were stored."""
    require(len(entries) == push.end - push.first, "a delivery holds the entries that it names")
    return encode_delivery(push.first, push.head.note, entries)


def answer_came(session: Session, status: int, body: bytes, pushed: int = 0) -> Session | Refusal:
    """Takes the partner's answer to a delivery that ended at size `pushed`: a receipt for it or for more, or the size
    that the partner holds, to resume there.

    Refuses with the partner's own code (field ``partner``), or as `log.ledger` and `delivery` say; with BAD_SIGNATURE
    a receipt for less than was delivered. A repeated receipt changes nothing.
    """
    answer = parse_answer(status, body)
    if isinstance(answer, Refusal):
        return answer
    if isinstance(answer, Held):
        own = ledger.partner_holds(session.own, answer.size)
    else:
        own = ledger.accept_receipt(session.own, answer)
        if isinstance(own, OwnLog) and own.receipted_size < pushed:
            detail = f"for {own.receipted_size} entries, but {pushed} were delivered"
            return Refusal(Reason.BAD_SIGNATURE, "receipt", detail)
    return own if isinstance(own, Refusal) else _changed(session, own=own)


def witness_said(
    session: Session, name: str, text: bytes, body: bytes
) -> tuple[Session, WitnessedHead | None] | Refusal:
    """Takes a third party's answer for the head with this text; also gives what is to be kept of it.

    Refuses with BAD_KEY a witness that the agreement does not name, else as `witnessing.witnessed`.
    """
    witness = session.witnesses.named(name)
    if witness is None:
        return Refusal(Reason.BAD_KEY, "witness", f"{name[:80]!r} is no witness of {session.channel}")
    came = witnessed(session.witnessing, session.own.key.name, text, witness, body)
    if isinstance(came, Refusal):
        return came
    witnessing, head = came
    return _changed(session, witnessing=witnessing), head


# --- receiving ----------------------------------------------------------------------------------------------


def receive(session: Session, data: bytes, now: Instant) -> Received | Refusal:
    """Takes a delivery: checks it against the partner's log so far and reads every new message.

    Refuses the whole delivery as `delivery.parse_delivery` and `log.ledger.accept` say. A delivery whose head
    is held already is accepted with no new entries and a fresh receipt: the answer to it was lost.
    """
    delivery = parse_delivery(data)
    if isinstance(delivery, Refusal):
        return delivery
    accepted = ledger.accept(session.theirs, delivery.old_size, delivery.note, delivery.entries)
    if isinstance(accepted, Refusal):
        return accepted
    arrived, end = list[Arrived](), session.theirs_end
    newest_ms, newest_at = session.theirs_stated_ms, session.theirs_stated_at
    for serial, entry in enumerate(accepted.new, start=accepted.first):
        content = parse_entry(entry, their_place(session, serial), now)
        if isinstance(content, Message):
            content = back_dated(content, newest_ms) or content
        if end is not None:
            content = Refusal(Reason.LOG_ENDED, "serial", f"said after the end of the log at {end.size - 1}")
        elif isinstance(content, Message) and isinstance(content.body, LogEndBody):
            end = their_end(session.theirs, accepted.leaves[: serial + 1 - accepted.first], content.body)
        newest_before = newest_at if end is None else end.size - 1
        arrived.append(Arrived(serial, entry, content, newest_before))
        if isinstance(content, Message) and content.stated_ms > newest_ms:
            newest_ms, newest_at = content.stated_ms, serial
    after = _changed(
        session, theirs=accepted.log, theirs_stated_ms=newest_ms, theirs_stated_at=newest_at, theirs_end=end
    )
    return Received(after, tuple(arrived), accepted.head)


def their_end(theirs: PartnerLog, leaves: Sequence[bytes], body: LogEndBody) -> TheirEnd:
    """The end that a LOG-END makes, which is the last of these new leaves of the partner's log."""
    frontier = merkle.append_many(theirs.frontier, leaves)
    return TheirEnd(body, frontier.size, merkle.root(frontier))


def back_dated(message: Message, newest_ms: Instant) -> Refusal | None:
    """Refuses with BACK_DATED a statement that claims to be older than an earlier one of the same log (MSG-18)."""
    if message.stated_ms >= newest_ms - limits.MESSAGE_BACK_MS:
        return None
    behind_ms = newest_ms - message.stated_ms
    return Refusal(Reason.BACK_DATED, "stated_ms", f"{behind_ms} ms behind an earlier statement of the same log")


def their_place(session: Session, serial: int) -> Place:
    """Where an entry of the partner stands."""
    return Place(session.channel, session.partner, session.year, serial, session.generation)
