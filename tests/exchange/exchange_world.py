"""Two parties with keys made from fixed seeds, and the short words in which the exchange tests tell their
stories."""

import re
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from tests.exchange.exchange_statements import least_of_each

from redshank.exchange import delivery, session
from redshank.exchange.parties import PartyKeys, RawKeys, party_keys
from redshank.exchange.session import Received, Session
from redshank.exchange.signing import receipt_lines, signed_head
from redshank.release.released import Effect, Released, Verdict, _release
from redshank.terms.ids import BorderId, ChannelId, CountryId, DistrictId, IncidentId, PartyId, partner_on
from redshank.terms.instants import Instant
from redshank.terms.message import (
    AckBody,
    AgreeCloseBody,
    Answer,
    Body,
    CloseBody,
    CrossingClaim,
    DistrictClaim,
    LostBody,
    MessageType,
    NoticeBody,
    ObjectState,
    Outcome,
    Phase,
    PointE7,
    QueryBody,
    Question,
    ReplyBody,
    TestBody,
)
from redshank.terms.refusal import Refusal
from redshank.terms.track import Status

BY, LT = PartyId("BY"), PartyId("LT")
CHANNEL = ChannelId("BY-LT")
YEAR = 2026
INCIDENT = IncidentId("LT-2026-000012")
NOW = Instant(1_778_113_800_000)  # 2026-05-07T00:30:00Z


class Keyring:
    """A party's private keys; TEST KEYS ONLY: anybody can derive them from the seed text."""

    def __init__(self, party: PartyId, prefix: str = "", seed: str = "redshank test key", generation: int = 0) -> None:
        self.party = party

        def secret(role: str) -> bytes:
            return sha256(f"{seed} {prefix}{party} {role}".encode()).digest()

        self.log = Ed25519PrivateKey.from_private_bytes(secret("log"))
        self.witness = Ed25519PrivateKey.from_private_bytes(secret("witness"))
        self.log_mldsa = MLDSA44PrivateKey.from_seed_bytes(secret("log ml-dsa"))
        self.witness_mldsa = MLDSA44PrivateKey.from_seed_bytes(secret("witness ml-dsa"))
        keys = (self.log, self.witness, self.log_mldsa, self.witness_mldsa)
        self.raw = RawKeys(*(key.public_key().public_bytes_raw() for key in keys))
        made = party_keys(prefix, CHANNEL, YEAR, party, self.raw, generation)
        assert isinstance(made, PartyKeys)
        self.public = made

    def sign_with_log_key(self, message: bytes) -> bytes:
        return self.log.sign(message)

    def sign_with_witness_key(self, message: bytes) -> bytes:
        return self.witness.sign(message)

    def sign_with_log_mldsa_key(self, message: bytes) -> bytes:
        return self.log_mldsa.sign(message)

    def sign_with_witness_mldsa_key(self, message: bytes) -> bytes:
        return self.witness_mldsa.sign(message)


class Node:
    """One side: the session, the keys, and what an edge would have stored."""

    def __init__(self, party: PartyId, prefix: str = "", *, lone: bool = False) -> None:
        self.keys = Keyring(party, prefix)
        partner = None if lone else Keyring(partner_on(CHANNEL, party), prefix)
        opened = session.open_session(
            prefix=prefix,
            channel=CHANNEL,
            me=party,
            year=YEAR,
            keys=self.keys.public,
            partner_keys=None if partner is None else partner.public,
        )
        assert isinstance(opened, Session)
        self.session = opened
        self.said: list[bytes] = []
        self.got: list[bytes] = []
        self.receipts: dict[int, bytes] = {}

    def say(self, released: Released, now: int = NOW) -> int:
        said = session.say(self.session, released, Instant(now))
        assert isinstance(said, session.Said), said
        self.session = said.session
        self.said.append(said.entry)
        return said.serial

    def sign(self) -> bool:
        request = session.head_to_sign(self.session)
        if request is None:
            return False
        note = signed_head(self.session, request.text, NOW, self.keys)
        self.session = session.head_signed(self.session, note)
        return True

    def push(self, pushed: int = 0) -> bytes:
        outgoing = session.next_delivery(self.session, pushed)
        assert outgoing is not None
        entries = tuple(self.said[outgoing.first : outgoing.end])
        return session.delivery_bytes(outgoing, entries)

    def take(self, data: bytes, now: int = NOW) -> delivery.Answer:
        """What an edge does with a push: receive, store, cosign, answer."""
        received = session.receive(self.session, data, Instant(now))
        if isinstance(received, Refusal):
            return delivery.answer_refused(received, self.session.theirs.size)
        self.accept(received)
        lines = receipt_lines(self.session, received.head.text, Instant(now), self.keys)
        return delivery.Answer(delivery.OK, delivery.TEXT, lines)

    def accept(self, received: Received) -> None:
        self.session = received.session
        self.got += [arrived.entry for arrived in received.arrived]

    def answered(self, answer: delivery.Answer, pushed: int = 0) -> Refusal | None:
        after = session.answer_came(self.session, answer.status, answer.body, pushed)
        if isinstance(after, Refusal):
            return after
        self.session = after
        if after.own.receipt is not None:
            self.receipts[after.own.receipted_size] = after.own.receipt.note
        return None


def two_nodes(prefix: str = "") -> tuple[Node, Node]:
    """BY and LT, ready to talk."""
    return Node(BY, prefix), Node(LT, prefix)


def exchange_all(sender: Node, receiver: Node, now: int = NOW) -> None:
    """Signs, delivers and receipts until nothing is left."""
    while sender.sign() or session.next_delivery(sender.session) is not None:
        assert sender.answered(receiver.take(sender.push(), now)) is None


LONG = re.compile(rb"[A-Za-z0-9+/=]{1000,}")


def places(data: bytes) -> list[int]:
    """Where to flip bits: every byte, but of the 3 kB of an ML-DSA-44 line or key only each 31st."""
    inside: set[int] = set()
    for run in LONG.finditer(data):
        inner = range(run.start() + 1, run.end() - 1)
        inside |= set(inner) - set(inner[::31])
    return [at for at in range(len(data)) if at not in inside]


VERDICT = Verdict(effect=Effect.RELEASE, rule="test-rule")


def release(
    kind: MessageType,
    body: Body,
    partner: PartyId = BY,
    *,
    incident: IncidentId | None = INCIDENT,
    in_reply_to: int | None = None,
    observed_ms: int | None = None,
    text: str | None = None,
    channel: ChannelId = CHANNEL,
) -> Released:
    """A Released as the release room would make it."""
    return _release(
        type_=kind,
        channel=channel,
        partner=partner,
        body=body,
        incident=incident,
        in_reply_to=in_reply_to,
        observed_ms=None if observed_ms is None else Instant(observed_ms),
        text=text,
        verdict=VERDICT,
    )


def line_test(number: int, partner: PartyId = BY) -> Released:
    return release(MessageType.TEST, TestBody(number), partner, incident=None)


OBJECT = ObjectState(
    object=1,
    status=Status.UNIDENTIFIED,
    at=PointE7(545_612_000, 262_340_000),
    accuracy_m=1500,
    altitude_m=600,
    course_deg=285,
    speed_kmh=135,
)
CROSSING = CrossingClaim(
    border=BorderId("LT|BY"),
    out_of=CountryId("BY"),
    into=CountryId("LT"),
    permille=840,
    p10_ms=Instant(NOW + 600_000),
    p50_ms=Instant(NOW + 780_000),
    p90_ms=Instant(NOW + 1_020_000),
    stretch_from=PointE7(545_100_000, 257_000_000),
    stretch_to=PointE7(546_900_000, 257_500_000),
)
DISTRICT = DistrictClaim(
    district=DistrictId("LT-41"),
    permille=620,
    p10_ms=Instant(NOW + 700_000),
    p50_ms=Instant(NOW + 900_000),
    p90_ms=Instant(NOW + 1_200_000),
)
NOTICE = NoticeBody(phase=Phase.POSSIBLE, object=OBJECT, crossing=CROSSING, districts=(DISTRICT,))


def one_of_each(partner: PartyId = BY) -> list[Released]:
    """One message of each type."""
    kind = MessageType
    return [
        release(kind.TEST, TestBody(1), partner, incident=None),
        release(kind.TEST_REPLY, TestBody(1), partner, incident=None, in_reply_to=0),
        release(kind.NOTICE, NOTICE, partner, observed_ms=NOW - 30_000),
        release(kind.UPDATE, NoticeBody(phase=Phase.CROSSED, object=OBJECT), partner),
        release(kind.LOST, LostBody(object=OBJECT, search_centre=OBJECT.at, search_radius_m=9000), partner),
        release(kind.QUERY, QueryBody(1, Question.YOURS_OR_KNOWN), partner, text="Ar žinomas? Ці вядомы?"),
        release(kind.REPLY, ReplyBody(Answer.NO_INFORMATION), partner, in_reply_to=5),
        release(kind.ACK, AckBody("duty-officer"), partner, in_reply_to=5),
        release(
            kind.CLOSE,
            CloseBody(outcome=Outcome.CROSSED, objects=1, first_observed_ms=NOW, last_observed_ms=Instant(NOW + 1)),
            partner,
        ),
        release(kind.AGREE_CLOSE, AgreeCloseBody("yes"), partner, in_reply_to=8),
        *(release(kind, body, partner) for kind, body in least_of_each(partner_on(CHANNEL, partner), NOW, OBJECT, 5)),
    ]
