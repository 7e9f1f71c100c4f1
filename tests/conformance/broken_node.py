# size: one fault beside the other, each a few lines
"""Real nodes with one thing done wrong (`nursery` starts them).

Each fault is one that a careless maker could make. The qualifier must name the clause and the party.
# size: one fault beside the other, each a few lines
"""

import base64
import hashlib
import importlib
from collections.abc import Callable
from typing import Any

import msgspec
from OpenSSL import SSL

from redshank.compose.desk import NodeDesk
from redshank.conformance import forged
from redshank.terms.draft import FormDraft
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import AckBody, Message, MessageType
from redshank.terms.refusal import Reason, Refusal


def room(name: str) -> Any:
    """A module whose insides are about to be changed."""
    return importlib.import_module(f"redshank.{name}")


turn, calling, server, tls = map(room, ("edges.turn", "edges.peers.calling", "edges.peers.server", "edges.peers.tls"))
mail, saying = map(room, ("node.mail", "node.saying"))
delivery, envelope, session = map(room, ("exchange.delivery", "exchange.envelope", "exchange.session"))
checkpoint, ed25519, mldsa, ledger, note, tiles = map(
    room, ("log.checkpoint", "log.ed25519", "log.mldsa", "log.ledger", "log.note", "log.tiles")
)

FAULTS: dict[str, Callable[[], None]] = {}


def fault(make: Callable[[], None]) -> Callable[[], None]:
    FAULTS[make.__name__.replace("_", "-")] = make
    return make


def put(where: Any, name: str, value: object) -> None:
    assert hasattr(where, name)
    setattr(where, name, value)


# --- what it takes --------------------------------------------------------------------------------------------


@fault
def takes_forks() -> None:
    accept = ledger.accept

    def lax(log: Any, old: int, data: bytes, entries: Any) -> Any:
        found = accept(log, old, data, entries)
        if isinstance(found, Refusal) and found.reason is Reason.FORKED:
            return ledger.Accepted(log, checkpoint.open_head(data, log.key), log.size, (), ())
        return found

    put(ledger, "accept", lax)


@fault
def computes_no_root() -> None:
    def lax(log: Any, head: Any, entries: Any) -> Any:
        new = tuple(entries)
        frontier = ledger.merkle.append_many(log.frontier, [ledger.merkle.leaf_hash(entry) for entry in new])
        grown = msgspec.structs.replace(log, frontier=frontier, head=head)
        return ledger.Accepted(grown, head, log.size, new, ())

    put(ledger, "_extended", lax)


@fault
def checks_no_signature() -> None:
    put(ed25519, "verify", lambda public, signature, message: True)


@fault
def checks_no_second_signature() -> None:
    put(mldsa, "verify", lambda public, signature, message: True)


@fault
def goes_back_to_one_signature() -> None:
    """Takes what knows the classical key alone."""
    strict = note.hybrid_of

    def lax(verified: Any, key: Any) -> Any:
        found = strict(verified, key)
        if isinstance(found, Refusal):
            one = next(one for one in verified if one.key in key.both)
            return one, one
        return found

    put(checkpoint, "hybrid_of", lax)
    put(note, "hybrid_of", lax)


def decoded(data: bytes) -> forged.Point:
    """A point from its 32 bytes (RFC 8032 section 5.1.3)."""
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    square = (y * y - 1) * pow(forged.D * y * y + 1, -1, forged.P) % forged.P
    x = pow(square, (forged.P + 3) // 8, forged.P)
    if x * x % forged.P != square:
        x = x * pow(2, (forged.P - 1) // 4, forged.P) % forged.P
    return (forged.P - x if x & 1 != sign else x), y


def with_cofactor(public: bytes, signature: bytes, message: bytes) -> bool:
    """As libraries verify that do it in batches: 8SB = 8R + 8kA."""
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % forged.ORDER
    left = forged._times(8 * s, forged.BASE)
    right = forged._sum(decoded(signature[:32]), forged._times(k, decoded(public)))
    return s < forged.ORDER and left == forged._times(8, right)


@fault
def multiplies_by_the_cofactor() -> None:
    strict = ed25519.verify

    def lax(public: bytes, signature: bytes, message: bytes) -> bool:
        return strict(public, signature, message) or (
            len(signature) == 64 and with_cofactor(public, signature, message)
        )

    put(ed25519, "verify", lax)


@fault
def takes_stray_bits() -> None:
    put(note, "_base64", base64.b64decode)


@fault
def takes_any_origin() -> None:
    opened = checkpoint.open_head

    def lax(data: bytes, key: Any, witnesses: Any = ()) -> Any:
        found = opened(data, key, witnesses)
        if isinstance(found, Refusal) and found.reason is Reason.WRONG_ORIGIN:
            return Refusal(Reason.BAD_SIGNATURE, "note")
        return found

    put(ledger, "open_head", lax)


@fault
def says_why_at_length() -> None:
    refused = mail.answer_refused

    def chatty(refusal: Refusal, size: int) -> Any:
        answer = refused(refusal, size)
        return msgspec.structs.replace(answer, body=answer.body + (b"" if answer.status == 409 else b"why: ..."))

    put(mail, "answer_refused", chatty)


@fault
def takes_long_pushes() -> None:
    put(delivery, "parse_bundle", lambda rest, most: tiles.parse_bundle(rest, 1_000))


# --- what it understands --------------------------------------------------------------------------------------


@fault
def takes_any_spelling() -> None:
    put(envelope, "_read", lambda data, message, now: envelope.check_message(message, now) or message)


@fault
def takes_any_serial() -> None:
    put(envelope, "_misplaced", lambda header, place: None)


@fault
def looks_at_no_clock() -> None:
    check = envelope.check_message
    put(envelope, "check_message", lambda message, now: check(message, None))


@fault
def takes_unknown_members() -> None:
    class Header(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
        v: int
        type: str
        channel: str
        sender: str
        year: int
        serial: int
        form: str
        stated_ms: int
        observed_ms: int | None = None
        incident: str | None = None
        in_reply_to: int | None = None
        generation: int = 0
        reply_generation: int | None = None
        body: msgspec.Raw
        text: str | None = None

    put(envelope, "_HEADER", msgspec.json.Decoder(Header))
    takes_any_spelling()


@fault
def stops_at_what_it_refuses() -> None:
    """An entry that it cannot read hides the ones after it."""
    came = mail.receive_after

    def short(*given: Any) -> Any:
        found = came(*given)
        if isinstance(found, Refusal):
            return found
        bad = [entry.serial for entry in found.arrived if isinstance(entry.content, Refusal)]
        blind = tuple(
            msgspec.structs.replace(entry, content=Refusal(Reason.MALFORMED, "entry"))
            if bad and entry.serial > bad[0]
            else entry
            for entry in found.arrived
        )
        return msgspec.structs.replace(found, arrived=blind)

    put(mail, "receive_after", short)


# --- what it says ---------------------------------------------------------------------------------------------


@fault
def answers_tests_twice() -> None:
    once = mail._line_test

    def twice(state: Any, message: Message, now: Instant) -> Any:
        state, effects = once(state, message, now)
        if message.type is not MessageType.TEST:
            return state, effects
        state, more = once(state, message, now)
        return state, (*effects, *more)

    put(mail, "_line_test", twice)


@fault
def acknowledges_by_machine() -> None:
    take = mail._take

    def eager(state: Any, channel: Any, entry: Any, now: Instant) -> Any:
        state, effects = take(state, channel, entry, now)
        if not isinstance(entry.content, Message) or entry.content.type is not MessageType.NOTICE:
            return state, effects
        draft = FormDraft(
            type=MessageType.ACK,
            channel=channel,
            partner=entry.content.sender,
            incident=entry.content.incident,
            in_reply_to=entry.serial,
            body=AckBody(role="duty-officer"),
            by_person=True,
        )
        spoken = saying.speak(state, draft, now)
        assert not isinstance(spoken, Refusal), spoken
        return spoken.state, (*effects, *spoken.effects)

    put(mail, "_take", eager)


@fault
def writes_spaces() -> None:
    write = session.write_entry

    def spaced(message: Message) -> Any:
        entry = write(message)
        return entry if isinstance(entry, Refusal) else entry.replace(b'"v":1', b'"v": 1')

    put(session, "write_entry", spaced)


@fault
def signs_before_the_receipt() -> None:
    def eager(log: Any) -> Any:
        if log.size == log.signed_size:
            return None
        upto = log.cuts[0] if log.cuts else log.frontier
        return checkpoint.Checkpoint(log.key.name, upto.size, ledger.merkle.root(upto))

    put(ledger, "head_to_sign", eager)


@fault
def back_dates_its_receipts() -> None:
    lines = turn.receipt_lines
    put(turn, "receipt_lines", lambda held, text, at, keys: lines(held, text, Instant(at - 86_400_000), keys))


@fault
def receipts_what_was_not_sent() -> None:
    lines = turn.receipt_lines
    put(turn, "receipt_lines", lambda held, text, at, keys: lines(held, text.replace(b"/20", b"/30"), at, keys))


@fault
def shows_other_tiles() -> None:
    shown = NodeDesk.log_resource

    async def wrong(self: NodeDesk, channel: Any, path: str) -> bytes | None:
        content = await shown(self, channel, path)
        return content if content is None or "/0/" not in path else content[:-1] + bytes([content[-1] ^ 1])

    put(NodeDesk, "log_resource", wrong)


# --- what it makes of answers -----------------------------------------------------------------------------------


@fault
def takes_any_200_for_a_receipt() -> None:
    def lax(log: Any, signatures: Any) -> Any:
        return msgspec.structs.replace(log, receipt=log.head, partner_size=log.signed_size)

    put(ledger, "accept_receipt", lax)
    put(session, "parse_answer", _lax_answer(session.parse_answer))


def _lax_answer(parse: Any) -> Any:
    return lambda status, body: () if status == 200 else parse(status, body)


@fault
def resumes_anywhere() -> None:
    put(
        ledger, "partner_holds", lambda log, size: msgspec.structs.replace(log, partner_size=min(size, log.signed_size))
    )

    def below(log: Any, pushed: int = 0) -> Any:
        """Begins at whatever the partner says, also below its own receipt."""
        begin = max(log.partner_size, pushed)
        due = [head for head in log.waiting if head.checkpoint.size > pushed and head.checkpoint.size >= begin]
        return ledger.Push(begin, due[0] if pushed else due[-1]) if due else None

    put(ledger, "next_push", below)


@fault
def follows_redirections() -> None:
    request = calling.PeerCall.request

    async def led(self: Any, method: str, path: str, body: bytes = b"", *more: Any) -> Any:
        status, answer = await request(self, method, path, body, *more)
        return await request(self, method, "/v1/elsewhere", body) if status == 307 else (status, answer)

    put(calling.PeerCall, "request", led)


# --- the line -----------------------------------------------------------------------------------------------------


def _changed_context(change: Callable[[SSL.Context], None]) -> None:
    made = tls._context

    def lax(*given: Any) -> Any:
        context = made(*given)
        change(context)
        return context

    put(tls, "_context", lax)


@fault
def speaks_old_tls() -> None:
    def old(context: SSL.Context) -> None:
        context.set_min_proto_version(SSL.TLS1_2_VERSION)
        tls._openssl.lib.SSL_CTX_set1_curves_list(context._context, b"X25519:P-256:X25519MLKEM768")

    _changed_context(old)


@fault
def asks_no_certificate() -> None:
    _changed_context(lambda context: context.set_verify(SSL.VERIFY_NONE))
    put(tls.Callee, "caller_of", lambda self, connection: PartyId("XQ"))
    put(tls.Callee, "check", lambda self, connection: (PartyId("XQ"), tls.KeyExchange.HYBRID))
    put(server, "ends_of", lambda connection: Instant(0))


@fault
def looks_at_no_name() -> None:
    put(tls, "party_of", lambda shown, authorities: PartyId("XQ"))


@fault
def serves_every_channel() -> None:
    put(server.PeerServer, "_refuse", lambda self, channel, party: None)


@fault
def calls_anybody() -> None:
    made = tls.Caller.connection

    def trusting(self: Any) -> Any:
        connection = made(self)
        connection.set_verify(SSL.VERIFY_NONE)
        return connection

    put(tls.Caller, "connection", trusting)
    put(tls.Caller, "check", lambda self, connection: self.group)
