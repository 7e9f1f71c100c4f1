"""Makes the language-neutral test vectors in vectors/: `python tools/make_vectors.py`. The same bytes every
time.

All keys here are TEST KEYS: anybody can derive them, nobody may use them for anything else. A test runs this
and compares with what lies in vectors/, so a change of the wire format can not pass unseen.
"""
# size: mostly tables of faults; one file makes all vectors, so that they share one log

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from redshank.exchange import generations
from redshank.exchange.bounds import NO_INCIDENT
from redshank.exchange.delivery import encode_delivery
from redshank.exchange.envelope import encode_message
from redshank.exchange.evidence import EVIDENCE_VERSION, Evidence, Kind, encode_evidence
from redshank.exchange.parties import PartyKeys, RawKeys, log_origin, party_keys
from redshank.exchange.record import LogExport, build_record
from redshank.exchange.verifier import verify_record
from redshank.log import merkle, mldsa
from redshank.log.checkpoint import Checkpoint, parse_checkpoint
from redshank.log.note import Signature, cosign_request, cosign_requests, log_request, signed_note
from redshank.log.witness import encode_submission
from redshank.terms.ids import BorderId, ChannelId, CountryId, DistrictId, IncidentId, PartyId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    AckBody,
    AgreeCloseBody,
    Answer,
    Body,
    CancelBody,
    CancelWhy,
    CloseBody,
    Condition,
    CorrectBody,
    CrossingClaim,
    DistrictClaim,
    EvidenceBody,
    FindBody,
    Found,
    Hazard,
    HeadClaim,
    Item,
    LogEndBody,
    LogOpenBody,
    LostBody,
    Means,
    Measure,
    MeasureBody,
    Message,
    MessageType,
    NegativeBody,
    NoticeBody,
    ObjectState,
    Outcome,
    OwnObjectBody,
    Phase,
    PointE7,
    QueryBody,
    Question,
    ReplyBody,
    Secured,
    TestBody,
    WarningBody,
    WarningLevel,
    Why,
)
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.track import Status

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, this finds its neighbour too
from tools.voice_vectors import notes_of, voice_vectors

BY, LT, CHANNEL, YEAR = PartyId("BY"), PartyId("LT"), ChannelId("BY-LT"), 2026
INCIDENT = IncidentId("LT-2026-000012")
NOW = Instant(1_778_113_800_000)  # 2026-05-07T00:30:00Z


VECTORS = Path(__file__).resolve().parent.parent / "vectors"
MLDSA = "log/mldsa.json"


class Book:
    """The ML-DSA signatures of the vectors. The library signs hedged, with another signature each time: so those that
    were published are used again as long as they fit. They are vectors of their own."""

    def __init__(self, path: Path) -> None:
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"signatures": []}
        self._kept = {(case["signer"], case["message"]): b64decode(case["signature"]) for case in kept["signatures"]}
        self._keys: dict[str, str] = {}
        self._used: dict[tuple[str, str], bytes] = {}

    def sign(self, signer: str, private: MLDSA44PrivateKey, message: bytes) -> bytes:
        """The published signature, or a new one."""
        place, public = (signer, b64(message)), private.public_key().public_bytes_raw()
        kept = self._kept.get(place, b"")
        fresh = kept if mldsa.verify(public, kept, message) else private.sign(message)
        self._keys[signer] = b64(public)
        return self._used.setdefault(place, fresh)

    def vectors(self) -> dict[str, Any]:
        """All signatures that were used, in the order of their first use."""
        cases = [
            {"signer": signer, "message": message, "signature": b64(signature)}
            for (signer, message), signature in self._used.items()
        ]
        return {"about": "docs/spec/log.md", "keys": self._keys, "signatures": cases}


class TestParty:
    """A party with published keys."""

    def __init__(self, party: PartyId, book: Book) -> None:
        self.party = party
        self.book = book
        self.log = Ed25519PrivateKey.from_private_bytes(_seed(f"{party} log"))
        self.witness = Ed25519PrivateKey.from_private_bytes(_seed(f"{party} witness"))
        self.log_mldsa = MLDSA44PrivateKey.from_seed_bytes(_seed(f"{party} log ml-dsa"))
        self.witness_mldsa = MLDSA44PrivateKey.from_seed_bytes(_seed(f"{party} witness ml-dsa"))
        private = (self.log, self.witness, self.log_mldsa, self.witness_mldsa)
        raw = RawKeys(*(key.public_key().public_bytes_raw() for key in private))
        keys = party_keys("", CHANNEL, YEAR, party, raw)
        if not isinstance(keys, PartyKeys):
            raise TypeError(f"the test keys are no keys: {keys}")
        self.keys = keys

    def head(self, entries: list[bytes]) -> Checkpoint:
        """The head over these entries."""
        frontier = merkle.append_many(merkle.Frontier(), [merkle.leaf_hash(entry) for entry in entries])
        return Checkpoint(self.keys.log.name, frontier.size, merkle.root(frontier))

    def sign(self, text: bytes) -> bytes:
        """The note for a checkpoint text."""
        return signed_note(text, self.signatures(text))

    def signatures(self, text: bytes) -> list[Signature]:
        """The log's two signatures; the second only where the text is a head."""
        first = log_request(text, self.keys.log.classic)
        signed = [first.signed(self.log.sign(text))]
        if isinstance(parse_checkpoint(text), Checkpoint):
            second = cosign_request(text, self.keys.log.mldsa, NOW // 1000)
            signature = self.book.sign(f"{self.party} log", self.log_mldsa, second.message)
            signed.append(second.signed(signature))
        return signed

    def cosign(self, text: bytes, at_s: int) -> bytes:
        """The two cosignature lines for a partner's checkpoint text."""
        first, second = cosign_requests(text, self.keys.witness, at_s)
        signature = self.book.sign(f"{self.party} witness", self.witness_mldsa, second.message)
        return first.signed(self.witness.sign(first.message)).line + second.signed(signature).line


def _seed(name: str) -> bytes:
    return sha256(f"redshank published test key {name}".encode()).digest()


# --- messages --------------------------------------------------------------------------------------------

OBJECT = ObjectState(
    object=1,
    status=Status.UNIDENTIFIED,
    at=PointE7(545_612_000, 262_340_000),
    accuracy_m=1500,
    altitude_m=600,
    course_deg=285,
    speed_kmh=135,
)
NOTICE = NoticeBody(
    phase=Phase.POSSIBLE,
    object=OBJECT,
    crossing=CrossingClaim(
        border=BorderId("LT|BY"),
        out_of=CountryId("BY"),
        into=CountryId("LT"),
        permille=840,
        p10_ms=Instant(NOW + 600_000),
        p50_ms=Instant(NOW + 780_000),
        p90_ms=Instant(NOW + 1_020_000),
        stretch_from=PointE7(545_100_000, 257_000_000),
        stretch_to=PointE7(546_900_000, 257_500_000),
    ),
    districts=(
        DistrictClaim(
            district=DistrictId("LT-41"),
            permille=620,
            p10_ms=Instant(NOW + 700_000),
            p50_ms=Instant(NOW + 900_000),
            p90_ms=Instant(NOW + 1_200_000),
        ),
    ),
)


def _said(serial: int, kind: MessageType, body: Body, **header: Any) -> Message:
    incident = None if kind in NO_INCIDENT else INCIDENT
    stated = Instant(NOW + 1000 * serial)
    return Message(
        type=kind,
        channel=CHANNEL,
        sender=LT,
        year=YEAR,
        serial=serial,
        stated_ms=stated,
        body=body,
        incident=incident,
        **header,
    )


def good_messages() -> list[Message]:
    """One of each type, as LT says them; the first three are the log of the other vectors."""
    kind = MessageType
    close = CloseBody(
        outcome=Outcome.CROSSED, objects=1, first_observed_ms=NOW, last_observed_ms=Instant(NOW + 900_000)
    )
    return [
        _said(0, kind.TEST, TestBody(1)),
        _said(1, kind.NOTICE, NOTICE, observed_ms=Instant(NOW - 30_000)),
        _said(2, kind.QUERY, QueryBody(1, Question.YOURS_OR_KNOWN), text="Ar žinomas? Ці вядомы?"),
        _said(3, kind.UPDATE, NoticeBody(phase=Phase.CROSSED, object=msgspec.structs.replace(OBJECT, count=3))),
        _said(4, kind.LOST, LostBody(object=OBJECT, search_centre=OBJECT.at, search_radius_m=9000)),
        _said(5, kind.TEST_REPLY, TestBody(1), in_reply_to=0),
        _said(6, kind.REPLY, ReplyBody(Answer.NO_INFORMATION), in_reply_to=2),
        _said(7, kind.ACK, AckBody("duty-officer"), in_reply_to=1),
        _said(8, kind.CLOSE, close),
        _said(9, kind.AGREE_CLOSE, AgreeCloseBody("yes"), in_reply_to=8),
        *statements(),
    ]


def statements() -> list[Message]:
    """Of LT's own doing and findings, and of two of its messages above."""
    kind = MessageType
    span = {"from_ms": NOW, "until_ms": Instant(NOW + 3_600_000)}
    flight = OwnObjectBody(condition=Condition.OUT_OF_CONTROL, object=OBJECT, until_ms=Instant(NOW + 5_400_000))
    closed = MeasureBody(measure=Measure.AIRSPACE_CLOSED, centre=OBJECT.at, radius_m=20_000, ceiling_m=3_000, **span)
    find = FindBody(
        what=Found.DEBRIS,
        at=OBJECT.at,
        accuracy_m=50,
        found_ms=Instant(NOW - 600_000),
        hazard=Hazard.POSSIBLE,
        secured=Secured.YES,
        object=1,
    )
    photograph = EvidenceBody(
        kind=Item.PHOTOGRAPH,
        sha256=sha256(b"a photograph").hexdigest(),
        bytes=2_345_678,
        obtained_ms=Instant(NOW - 300_000),
        find=12,
    )
    nothing = NegativeBody(centre=OBJECT.at, radius_m=9_000, means=Means.AIR, **span)
    warned = WarningBody(level=WarningLevel.SHELTER, districts=(DistrictId("LT-07"), DistrictId("LT-41")), **span)
    nearer = msgspec.structs.replace(NOTICE, object=msgspec.structs.replace(OBJECT, accuracy_m=500))
    return [
        _said(10, kind.OWN_OBJECT, flight),
        _said(11, kind.MEASURE, closed),
        _said(12, kind.FIND, find),
        _said(13, kind.EVIDENCE, photograph),
        _said(14, kind.NEGATIVE, nothing),
        _said(15, kind.WARNING, warned),
        _said(16, kind.CORRECT, CorrectBody(serial=1, type=kind.NOTICE, body=nearer)),
        _said(17, kind.CANCEL, CancelBody(serial=2, why=CancelWhy.WRONG_OBJECT)),
    ]


def log_messages() -> list[Message]:
    """The last message of LT's log, as if it had ended after those above, and the first of the next one (LOG-20,
    LOG-22). LT has new keys, BY keeps its own."""
    kind = MessageType
    marks = [generations.mark(_next_keys(party, name)) for party, name in ((LT, "LT next"), (BY, "BY"))]
    last = len(good_messages())
    end = _said(last, kind.LOG_END, LogEndBody(generation=1, keys=marks[0], partner_keys=marks[1], why=Why.PLANNED))
    entries = [encode_message(message) for message in (*good_messages(), end)]
    frontier = merkle.append_many(merkle.Frontier(), [merkle.leaf_hash(entry) for entry in entries])
    claims = (
        HeadClaim(origin=log_origin("", CHANNEL, party, YEAR), size=size, root=b64(root))
        for party, size, root in ((LT, last + 1, merkle.root(frontier)), (BY, 0, merkle.EMPTY_ROOT))
    )
    opening = LogOpenBody(end=next(claims), partner_end=next(claims), why=Why.PLANNED)
    return [end, msgspec.structs.replace(_said(0, kind.LOG_OPEN, opening), generation=1)]


def _next_keys(party: PartyId, name: str) -> PartyKeys:
    """Keys under the names of generation 1."""
    ed25519 = [Ed25519PrivateKey.from_private_bytes(_seed(f"{name} {role}")) for role in ("log", "witness")]
    second = [MLDSA44PrivateKey.from_seed_bytes(_seed(f"{name} {role} ml-dsa")) for role in ("log", "witness")]
    publics = [key.public_key().public_bytes_raw() for key in ed25519]
    publics += [key.public_key().public_bytes_raw() for key in second]
    keys = party_keys("", CHANNEL, YEAR, party, RawKeys(*publics), 1)
    if not isinstance(keys, PartyKeys):
        raise TypeError(f"the test keys are no keys: {keys}")
    return keys


def _swap(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(entry: bytes) -> bytes:
        if old.encode() not in entry:
            raise ValueError(f"{old!r} does not stand in the entry")
        return entry.replace(old.encode(), new.encode(), 1)

    return change


def _upper(entry: bytes) -> bytes:
    """The first mark in capital digits."""
    mark = entry.partition(b'"keys":"')[2][:64]
    return entry.replace(mark, mark.upper(), 1)


def _capital_hash(entry: bytes) -> bytes:
    mark = entry.partition(b'"sha256":"')[2][:64]
    return entry.replace(mark, mark.upper(), 1)


def _measured_from(ms: int) -> Callable[[bytes], bytes]:
    """A measure of a second from then on."""

    def change(entry: bytes) -> bytes:
        begins = _swap('"from_ms":1778113800000', f'"from_ms":{ms}')(entry)
        return _swap('"until_ms":1778117400000', f'"until_ms":{ms + 1000}')(begins)

    return change


def _spaced(entry: bytes) -> bytes:
    return json.dumps(json.loads(entry), ensure_ascii=False).encode()


NOTICE_FAULTS: list[tuple[str, Reason, Callable[[bytes], bytes]]] = [
    ("white space", Reason.NOT_CANONICAL, _spaced),
    ("members out of order", Reason.NOT_CANONICAL, _swap('"v":1,"year":2026', '"year":2026,"v":1')),
    ("a member twice", Reason.NOT_CANONICAL, _swap('"v":1', '"v":1,"v":1')),
    ("null", Reason.NOT_CANONICAL, _swap('"stated_ms"', '"in_reply_to":null,"stated_ms"')),
    ("a default written out", Reason.NOT_CANONICAL, _swap('"course_deg"', '"count":1,"course_deg"')),
    ("a needless escape", Reason.NOT_CANONICAL, _swap('"possible"', '"p\\u006fssible"')),
    ("a float", Reason.MALFORMED, _swap('"speed_kmh":135', '"speed_kmh":135.5')),
    ("a bool", Reason.MALFORMED, _swap('"speed_kmh":135', '"speed_kmh":true')),
    ("text for a number", Reason.MALFORMED, _swap('"speed_kmh":135', '"speed_kmh":"135"')),
    ("a number with leading zero", Reason.MALFORMED, _swap('"speed_kmh":135', '"speed_kmh":0135')),
    ("not JSON", Reason.MALFORMED, lambda entry: entry[:-1]),
    ("bytes after the end", Reason.MALFORMED, lambda entry: entry + b"}"),
    ("a byte order mark", Reason.MALFORMED, lambda entry: b"\xef\xbb\xbf" + entry),
    ("not UTF-8", Reason.MALFORMED, lambda entry: entry.replace(b"possible", b"possibl\xff")),
    ("an array", Reason.MALFORMED, lambda entry: b"[" + entry + b"]"),
    ("empty", Reason.MALFORMED, lambda entry: b""),
    ("an unknown member", Reason.UNKNOWN_FIELD, _swap('"v":1', '"urgent":1,"v":1')),
    ("an unknown member of the body", Reason.UNKNOWN_FIELD, _swap('"status"', '"owner":"X","status"')),
    ("a missing member", Reason.MALFORMED, _swap('"accuracy_m":1500,', "")),
    ("a later version", Reason.UNKNOWN_TYPE, _swap('"v":1', '"v":2')),
    ("a type of later", Reason.UNKNOWN_TYPE, _swap('"NOTICE"', '"APOLOGY"')),
    ("a correction", Reason.UNKNOWN_TYPE, _swap('"original"', '"correction"')),
    ("a cancel", Reason.UNKNOWN_TYPE, _swap('"original"', '"cancel"')),
    ("an unknown form", Reason.MALFORMED, _swap('"original"', '"copy"')),
    ("an unknown code", Reason.MALFORMED, _swap('"unidentified"', '"hostile"')),
    ("another channel", Reason.WRONG_CHANNEL, _swap('"BY-LT"', '"BY-LV"')),
    ("another sender", Reason.WRONG_SENDER, _swap('"sender":"LT"', '"sender":"BY"')),
    ("another year", Reason.WRONG_YEAR, _swap('"year":2026', '"year":2025')),
    ("another serial", Reason.WRONG_SERIAL, _swap('"serial":1', '"serial":2')),
    (
        "a statement far ahead",
        Reason.TIME_NOT_PLAUSIBLE,
        _swap('"stated_ms":1778113801000', '"stated_ms":1778113861001'),
    ),
    ("observed long after stated", Reason.TIME_NOT_PLAUSIBLE, _swap("1778113770000", "1778113861001")),
    ("beyond 2^53", Reason.VALUE_NOT_PLAUSIBLE, _swap("1778113770000", "9007199254740992")),
    ("beyond 64 bits", Reason.VALUE_NOT_PLAUSIBLE, _swap("1778113770000", "9" * 40)),
    ("negative time", Reason.VALUE_NOT_PLAUSIBLE, _swap("1778113770000", "-1")),
    ("no incident", Reason.VALUE_NOT_PLAUSIBLE, _swap('"incident":"LT-2026-000012",', "")),
    ("a bad incident", Reason.VALUE_NOT_PLAUSIBLE, _swap("LT-2026-000012", "LT-2026-12")),
    ("outside the region", Reason.POSITION_NOT_PLAUSIBLE, _swap('"lat_e7":545612000', '"lat_e7":-545612000')),
    ("permille over 1000", Reason.VALUE_NOT_PLAUSIBLE, _swap('"permille":840', '"permille":1001')),
    ("course 360", Reason.VALUE_NOT_PLAUSIBLE, _swap('"course_deg":285', '"course_deg":360')),
    ("object 0", Reason.VALUE_NOT_PLAUSIBLE, _swap('"object":1', '"object":0')),
    ("window out of order", Reason.BAD_TIME, _swap('"p10_ms":1778114400000', '"p10_ms":1778114600000')),
    ("a code with a space", Reason.VALUE_NOT_PLAUSIBLE, _swap('"LT-41"', '"LT 41"')),
]
END_FAULTS: list[tuple[str, Reason, Callable[[bytes], bytes]]] = [
    ("a generation that does not follow", Reason.VALUE_NOT_PLAUSIBLE, _swap('"generation":1', '"generation":2')),
    ("a mark in capitals", Reason.VALUE_NOT_PLAUSIBLE, _upper),
    ("an end in reply to something", Reason.VALUE_NOT_PLAUSIBLE, _swap('"sender"', '"in_reply_to":1,"sender"')),
    ("an unknown reason", Reason.MALFORMED, _swap('"planned"', '"tired"')),
    ("an end by keys that are lost", Reason.VALUE_NOT_PLAUSIBLE, _swap('"planned"', '"lost"')),
]
OPEN_FAULTS: list[tuple[str, Reason, Callable[[bytes], bytes]]] = [
    ("another generation", Reason.WRONG_GENERATION, _swap('"generation":1', '"generation":2')),
    ("no generation", Reason.WRONG_GENERATION, _swap('"generation":1,', "")),
    ("a root of other bytes", Reason.VALUE_NOT_PLAUSIBLE, _swap('"root":"', '"root":"A')),
    ("an origin of no characters", Reason.VALUE_NOT_PLAUSIBLE, _swap("redshank/BY-LT/LT/2026", "")),
    ("a size beyond all logs", Reason.VALUE_NOT_PLAUSIBLE, _swap('"size":19', '"size":1099511627777')),
]
STATEMENT_FAULTS: list[tuple[int, str, Reason, Callable[[bytes], bytes]]] = [
    (10, "an unknown condition", Reason.MALFORMED, _swap('"out-of-control"', '"hostile"')),
    (10, "an end of a flight before it was stated", Reason.BAD_TIME, _swap("1778119200000", "1778113809999")),
    (10, "an end of a flight in eight days", Reason.TIME_NOT_PLAUSIBLE, _swap("1778119200000", "1778805000001")),
    (10, "an owner", Reason.UNKNOWN_FIELD, _swap('"condition"', '"owner":"X","condition"')),
    (11, "an engagement", Reason.MALFORMED, _swap('"airspace-closed"', '"engaged"')),
    (11, "a measure that ends before it begins", Reason.BAD_TIME, _swap("1778117400000", "1778113799999")),
    (11, "a measure of 32 days", Reason.TIME_NOT_PLAUSIBLE, _swap("1778117400000", "1780792200001")),
    (11, "a measure that begins in 32 days", Reason.TIME_NOT_PLAUSIBLE, _measured_from(1_780_792_211_001)),
    (11, "a ceiling above all", Reason.VALUE_NOT_PLAUSIBLE, _swap('"ceiling_m":3000', '"ceiling_m":30001')),
    (
        11,
        "a floor above the ceiling",
        Reason.VALUE_NOT_PLAUSIBLE,
        _swap('"ceiling_m":3000', '"ceiling_m":3000,"floor_m":3001'),
    ),
    (11, "a radius of more than a region", Reason.VALUE_NOT_PLAUSIBLE, _swap('"radius_m":20000', '"radius_m":1000001')),
    (12, "found after it was stated", Reason.TIME_NOT_PLAUSIBLE, _swap("1778113200000", "1778113872001")),
    (12, "found two years ago", Reason.TIME_NOT_PLAUSIBLE, _swap("1778113200000", "1715041200000")),
    (12, "a find of no object", Reason.VALUE_NOT_PLAUSIBLE, _swap('"object":1', '"object":0')),
    (12, "neither secured nor not", Reason.MALFORMED, _swap('"secured":"yes"', '"secured":"maybe"')),
    (13, "a hash in capitals", Reason.VALUE_NOT_PLAUSIBLE, _capital_hash),
    (13, "a find of its own serial", Reason.VALUE_NOT_PLAUSIBLE, _swap('"find":12', '"find":13')),
    (
        13,
        "a find of a generation that is none",
        Reason.VALUE_NOT_PLAUSIBLE,
        _swap('"find":12', '"find":12,"generation":0'),
    ),
    (13, "an item of more than 2^40 bytes", Reason.VALUE_NOT_PLAUSIBLE, _swap("2345678", "1099511627776")),
    (13, "evidence in reply to something", Reason.VALUE_NOT_PLAUSIBLE, _swap('"sender"', '"in_reply_to":1,"sender"')),
    (14, "looked outside of the region", Reason.POSITION_NOT_PLAUSIBLE, _swap("545612000", "345612000")),
    (15, "a warning for nobody", Reason.TOO_LARGE, _swap('"LT-07","LT-41"', "")),
    (15, "districts in another order", Reason.NOT_CANONICAL, _swap('"LT-07","LT-41"', '"LT-41","LT-07"')),
    (15, "a district twice", Reason.NOT_CANONICAL, _swap('"LT-07","LT-41"', '"LT-41","LT-41"')),
    (15, "a district of the other side", Reason.VALUE_NOT_PLAUSIBLE, _swap('"LT-07"', '"BY-HM"')),
    (16, "a correction of itself", Reason.VALUE_NOT_PLAUSIBLE, _swap('"serial":1,', '"serial":16,')),
    (16, "a correction of a line test", Reason.NOT_CORRECTABLE, _swap('"type":"NOTICE"', '"type":"TEST"')),
    (16, "a correction of a correction", Reason.NOT_CORRECTABLE, _swap('"type":"NOTICE"', '"type":"CORRECT"')),
    (16, "a correction of no type", Reason.NOT_CORRECTABLE, _swap('"type":"NOTICE"', '"type":"APOLOGY"')),
    (16, "a correction with a body of another type", Reason.UNKNOWN_FIELD, _swap('"type":"NOTICE"', '"type":"REPLY"')),
    (16, "a correction out of bounds", Reason.VALUE_NOT_PLAUSIBLE, _swap('"permille":840', '"permille":1001')),
    (
        16,
        "a correction in reply to something",
        Reason.VALUE_NOT_PLAUSIBLE,
        _swap('"incident"', '"in_reply_to":1,"incident"'),
    ),
    (17, "a cancel of a later message", Reason.VALUE_NOT_PLAUSIBLE, _swap('"serial":2,', '"serial":18,')),
    (17, "a cancel without a reason", Reason.MALFORMED, _swap(',"why":"wrong-object"', "")),
]
TEXT_FAULTS: list[tuple[str, Reason, str]] = [
    ("a decomposed letter", Reason.NOT_CANONICAL, "z\u030cinomas"),
    ("a control character", Reason.VALUE_NOT_PLAUSIBLE, "\\u0007"),
    ("a direction override", Reason.VALUE_NOT_PLAUSIBLE, "\u202e123"),
    ("a zero width space", Reason.VALUE_NOT_PLAUSIBLE, "a\u200bb"),
    ("a character beyond the basic plane", Reason.VALUE_NOT_PLAUSIBLE, "\U0001f6f8"),
    ("an empty text", Reason.TOO_LARGE, ""),
    ("201 characters", Reason.TOO_LARGE, "a" * 201),
]


def message_vectors() -> dict[str, Any]:
    """Good entries of each type, and bad ones with the reason of the first check that fails."""
    messages = [*good_messages(), *log_messages()]
    entries = [encode_message(message) for message in messages]
    good = [
        {"name": message.type.value, "serial": message.serial, "entry": b64(entry), "text": entry.decode()}
        | ({"generation": message.generation} if message.generation else {})
        for message, entry in zip(messages, entries, strict=True)
    ]
    bad = [
        {"name": name, "serial": 1, "reason": reason.value, "entry": b64(change(entries[1]))}
        for name, reason, change in NOTICE_FAULTS
    ]
    bad += [
        {"name": name, "serial": serial, "reason": reason.value, "entry": b64(change(entries[serial]))}
        for serial, name, reason, change in STATEMENT_FAULTS
    ]
    bad += [
        {"name": name, "serial": len(entries) - 2, "reason": reason.value, "entry": b64(change(entries[-2]))}
        for name, reason, change in END_FAULTS
    ]
    bad += [
        {"name": name, "serial": 0, "generation": 1, "reason": reason.value, "entry": b64(change(entries[-1]))}
        for name, reason, change in OPEN_FAULTS
    ]
    bad += [
        {
            "name": name,
            "serial": 2,
            "reason": reason.value,
            "entry": b64(_swap("Ar žinomas? Ці вядомы?", text)(entries[2])),
        }
        for name, reason, text in TEXT_FAULTS
    ]
    bad.append({"name": "4,097 bytes", "serial": 0, "reason": Reason.TOO_LARGE.value, "entry": b64(b" " * 4097)})
    place = {"channel": CHANNEL, "sender": LT, "year": YEAR, "now_ms": NOW + 1000}
    return {"about": "docs/spec/messages.md", **place, "good": good, "bad": bad}


# --- logs ------------------------------------------------------------------------------------------------


def log_entries() -> list[bytes]:
    """The entries of LT's log in the vectors."""
    return [encode_message(message) for message in good_messages()[:3]]


# size: a table of faults
def note_vectors(book: Book) -> dict[str, Any]:
    """Signed checkpoints, good and bad."""
    lt, by = TestParty(LT, book), TestParty(BY, book)
    head = lt.head(log_entries())
    good = lt.sign(head.text)
    line = by.cosign(head.text, NOW // 1000)
    origin, size, root = head.text.decode().splitlines()

    def signed(*lines: str) -> bytes:
        return lt.sign("".join(f"{line}\n" for line in lines).encode())

    flipped = good[:-10] + (b"B" if good[-10:-9] == b"A" else b"A") + good[-9:]
    ed25519_line, mldsa_line = line.splitlines(keepends=True)
    unknown = ed25519_line.replace(b"redshank/BY/witness", b"redshank/XX/witness")
    first, second = (signature.line for signature in lt.signatures(head.text))
    later = by.cosign(head.text, NOW // 1000 + 1).splitlines(keepends=True)[1]
    bad = [
        ("one bit of the signature", Reason.BAD_SIGNATURE, flipped),
        ("signed by nobody known", Reason.BAD_SIGNATURE, head.text + b"\n" + unknown),
        ("only the witness", Reason.BAD_SIGNATURE, head.text + b"\n" + line),
        ("a known cosignature that fails", Reason.BAD_SIGNATURE, good + by.cosign(lt.head([]).text, 1)),
        ("the log's Ed25519 line alone", Reason.NOT_HYBRID, head.text + b"\n" + first),
        ("the log's ML-DSA-44 line alone", Reason.NOT_HYBRID, head.text + b"\n" + second),
        ("a receipt without its ML-DSA-44 line", Reason.NOT_HYBRID, good + ed25519_line),
        ("a receipt without its Ed25519 line", Reason.NOT_HYBRID, good + mldsa_line),
        ("a receipt of two times", Reason.NOT_HYBRID, good + ed25519_line + later),
        ("another origin", Reason.WRONG_ORIGIN, signed(origin.replace("LT/", "LV/"), size, root)),
        ("leading zero", Reason.BAD_NOTE, signed(origin, "0" + size, root)),
        ("plus sign", Reason.BAD_NOTE, signed(origin, "+" + size, root)),
        ("size over 2^40", Reason.BAD_NOTE, signed(origin, str((1 << 40) + 1), root)),
        ("short root", Reason.BAD_NOTE, signed(origin, size, b64(bytes(31)))),
        ("root with stray bits", Reason.BAD_NOTE, signed(origin, size, root[:-2] + chr(ord(root[-2]) + 1) + "=")),
        ("an extension line", Reason.BAD_NOTE, signed(origin, size, root, "ext")),
        ("two lines", Reason.BAD_NOTE, signed(origin, size)),
        ("no blank line", Reason.BAD_NOTE, good.replace(b"\n\n", b"\n")),
        ("no last newline", Reason.BAD_NOTE, good[:-1]),
        ("a tab", Reason.BAD_NOTE, good.replace(b"\n\n", b"\t\n\n")),
        ("a plus in a key name", Reason.BAD_NOTE, good + ed25519_line.replace(b"BY/", b"B+/")),
        ("empty log, other root", Reason.BAD_NOTE, signed(origin, "0", root)),
        ("101 signatures", Reason.TOO_LARGE, good + unknown * 100),
    ]
    return {
        "about": "docs/spec/log.md",
        "log_key": lt.keys.log.classic.vkey,
        "log_key_mldsa": lt.keys.log.mldsa.vkey,
        "witness_key": by.keys.witness.classic.vkey,
        "witness_key_mldsa": by.keys.witness.mldsa.vkey,
        "good": [
            {"name": name, "size": size, "cosigned_at_s": times, "note": b64(note), "text": note.decode()}
            for name, size, times, note in (
                ("signed", 3, [], good),
                ("with receipt", 3, [NOW // 1000] * 2, good + line),
                ("with an unknown signature", 3, [], good + unknown),
                ("empty log", 0, [], lt.sign(lt.head([]).text)),
            )
        ],
        "bad": [{"name": name, "reason": reason.value, "note": b64(note)} for name, reason, note in bad],
    }


def delivery_vectors(book: Book) -> dict[str, Any]:
    """Deliveries to BY, which holds the first entry of LT's log; each with the answer's status and body."""
    lt, entries = TestParty(LT, book), log_entries()
    one, three = lt.head(entries[:1]), lt.head(entries)
    good = encode_delivery(1, lt.sign(three.text), entries[1:])
    forked = Checkpoint(one.origin, 1, bytes(32))
    half = signed_note(three.text, lt.signatures(three.text)[:1])
    cases = [
        ("the next two entries", 200, None, good),
        ("held already", 200, None, encode_delivery(0, lt.sign(one.text), entries[:1])),
        ("held already, sent empty", 200, None, encode_delivery(1, lt.sign(one.text), [])),
        ("starts elsewhere", 409, "1", encode_delivery(0, lt.sign(three.text), entries)),
        ("a gap", 409, "1", encode_delivery(2, lt.sign(three.text), entries[2:])),
        ("too few entries", 409, "1", encode_delivery(1, lt.sign(three.text), entries[1:2])),
        ("smaller than before", 409, "1", encode_delivery(0, lt.sign(lt.head([]).text), [])),
        ("a fork", 422, Reason.FORKED.value, encode_delivery(0, lt.sign(forked.text), entries[:1])),
        ("other entries", 422, Reason.BAD_PROOF.value, encode_delivery(1, lt.sign(three.text), entries[1:][::-1])),
        ("signed by another", 403, Reason.BAD_SIGNATURE.value, good.replace(b"LT/2026 ", b"LX/2026 ")),
        ("no second signature", 403, Reason.NOT_HYBRID.value, encode_delivery(1, half, entries[1:])),
        ("no magic", 400, Reason.MALFORMED.value, b"x" + good),
        ("no old line", 400, Reason.MALFORMED.value, good.replace(b"old 1", b"new 1")),
        ("cut short", 400, Reason.TRUNCATED.value, good[:-1]),
    ]
    return {
        "about": "docs/spec/delivery.md",
        "log_key": lt.keys.log.classic.vkey,
        "log_key_mldsa": lt.keys.log.mldsa.vkey,
        "held": [b64(entry) for entry in entries[:1]],
        "cases": [
            {"name": name, "status": status, "body": body, "delivery": b64(data)} for name, status, body, data in cases
        ],
    }


def witness_vectors(book: Book) -> dict[str, Any]:
    """Submissions to a witness that holds size 1 of LT's log, or nothing; each with its status and body."""
    lt, entries = TestParty(LT, book), log_entries()
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    steps = _proved(merkle.consistency_proof(1, 3, merkle.perfect_hashes(leaves)))
    one, three, empty = (lt.head(entries[:size]).text for size in (1, 3, 0))
    forked, other = (Checkpoint(lt.keys.log.name, size, bytes(32)).text for size in (1, 3))
    half = signed_note(three, lt.signatures(three)[:1])
    elsewhere = lt.sign(three.replace(b"LT/2026", b"LT/2027"))
    cases = [
        ("the next size", 1, 200, None, encode_submission(1, steps, lt.sign(three))),
        ("the first size", 0, 200, None, encode_submission(0, (), lt.sign(three))),
        ("held already", 1, 200, None, encode_submission(1, (), lt.sign(one))),
        ("an empty log", 0, 200, None, encode_submission(0, (), lt.sign(empty))),
        ("another size is held", 1, 409, "1", encode_submission(0, (), lt.sign(three))),
        ("old is more than the size", 1, 400, Reason.MALFORMED.value, encode_submission(3, (), lt.sign(one))),
        ("no proof", 1, 422, Reason.BAD_PROOF.value, encode_submission(1, (), lt.sign(three))),
        ("a proof from nothing", 0, 422, Reason.BAD_PROOF.value, encode_submission(0, steps, lt.sign(three))),
        ("another root", 1, 422, Reason.BAD_PROOF.value, encode_submission(1, steps, lt.sign(other))),
        ("a fork", 1, 422, Reason.FORKED.value, encode_submission(1, (), lt.sign(forked))),
        ("one of two keys", 1, 403, Reason.NOT_HYBRID.value, encode_submission(1, steps, half)),
        ("an unknown log", 1, 404, Reason.WRONG_ORIGIN.value, encode_submission(1, steps, elsewhere)),
        ("64 proof lines", 1, 400, Reason.MALFORMED.value, encode_submission(1, [bytes(32)] * 64, lt.sign(three))),
        ("no old size", 1, 400, Reason.MALFORMED.value, b"\n" + lt.sign(three)),
        ("a leading zero", 1, 400, Reason.MALFORMED.value, b"old 01\n\n" + lt.sign(three)),
    ]
    return {
        "about": "docs/spec/witness.md",
        "log_keys": [key.vkey for key in lt.keys.log.both],
        "roots": {"0": b64(merkle.EMPTY_ROOT), "1": b64(leaves[0])},
        "cases": [
            {"name": name, "held": held, "status": status, "body": body, "request": b64(data)}
            for name, held, status, body, data in cases
        ],
    }


def merkle_vectors() -> dict[str, Any]:
    """Roots and proofs of small trees whose leaves are the bytes "0", "1", ...; each good proof also
    spoilt."""
    leaves = [merkle.leaf_hash(b"%d" % i) for i in range(20)]
    read = merkle.perfect_hashes(leaves)
    inclusion, consistency = list[dict[str, Any]](), list[dict[str, Any]]()
    for index, size in ((0, 1), (0, 2), (1, 2), (2, 3), (4, 7), (6, 7), (0, 8), (7, 8), (8, 9), (11, 20)):
        proof = _proved(merkle.inclusion_proof(index, size, read))
        inclusion.append({"index": index, "size": size, "proof": _texts(proof), "ok": True})
        spoilt = [*proof, bytes(32)] if index % 2 else [bytes(32), *proof[1:]]
        inclusion.append({"index": index, "size": size, "proof": _texts(spoilt), "ok": False})
    for old, size in ((1, 2), (1, 8), (3, 7), (4, 7), (6, 8), (7, 8), (8, 8), (8, 20), (13, 20)):
        steps = _proved(merkle.consistency_proof(old, size, read))
        consistency.append({"old": old, "size": size, "proof": _texts(steps), "ok": True})
        spoilt = steps[:-1] if steps else [bytes(32)]
        consistency.append({"old": old, "size": size, "proof": _texts(spoilt), "ok": False})
    roots = [b64(merkle.root_at(size, read)) for size in range(21)]
    return {"about": "docs/spec/log.md", "roots": roots, "inclusion": inclusion, "consistency": consistency}


def record_vectors(book: Book) -> dict[str, Any]:
    """A small whole record: LT said three things, BY replied to one; LT's first two are receipted."""
    lt, by = TestParty(LT, book), TestParty(BY, book)
    said, reply = log_entries(), good_messages()[6]
    replied = [encode_message(msgspec.structs.replace(reply, sender=BY, serial=0))]
    heads = {size: lt.head(said[:size]).text for size in (2, 3)}
    receipt = lt.sign(heads[2]) + by.cosign(heads[2], NOW // 1000 + 2)
    text = by.head(replied).text
    cosigned = by.sign(text) + lt.cosign(text, NOW // 1000 + 9)
    files = build_record(
        agreement="BY-LT-1",
        prefix="",
        channel=CHANNEL,
        year=YEAR,
        keys={BY: by.keys, LT: lt.keys},
        logs={
            LT: LogExport(lt.sign(heads[3]), 3, said, {2: receipt}),
            BY: LogExport(cosigned, 1, replied, {1: cosigned}),
        },
    )
    return {"about": "docs/spec/record.md", "files": {path: b64(data) for path, data in files.items()}}


def voiced_record_vectors(book: Book) -> dict[str, Any]:
    """The small record, exported by BY, with notes of what LT said by voice: as signed, otherwise, and never signed."""
    files = {path: b64decode(data) for path, data in record_vectors(book)["files"].items()}
    notice = good_messages()[1]
    otherwise = msgspec.structs.replace(NOTICE, object=msgspec.structs.replace(OBJECT, count=3))
    said = [notice, msgspec.structs.replace(notice, body=otherwise), msgspec.structs.replace(notice, serial=9)]
    files |= notes_of(BY, said, NOW)
    told = verify_record(files)
    return {
        "about": "docs/spec/record.md, docs/spec/voice.md",
        "files": {path: b64(data) for path, data in files.items()},
        "voice": [
            {
                "serial": line.serial,
                "standing": line.standing,
                "differences": [one.field for one in line.differences],
            }
            for line in told.voice
        ],
    }


def accused_record_vectors(book: Book) -> dict[str, Any]:
    """The small record with what LT signed against itself, as BY holds it: a fork, and one side's word; and with
    receipts of BY of which one is dated an hour early and one an hour late."""
    lt, by = TestParty(LT, book), TestParty(BY, book)
    said, files = log_entries(), {path: b64decode(data) for path, data in record_vectors(book)["files"].items()}
    heads = [
        lt.sign(lt.head(entries).text).decode() for entries in (said, [*said[:2], said[0]], said[:1], said[2:] * 2)
    ]
    for number, (kind, shown) in enumerate({Kind.FORKED: heads[:2], Kind.UNPROVEN: heads[2:]}.items()):
        evidence = Evidence(
            v=EVIDENCE_VERSION,
            kind=kind,
            prefix="",
            channel=CHANNEL,
            year=YEAR,
            accused=LT,
            reporter=BY,
            found_ms=NOW,
            key=lt.keys.log.classic.vkey,
            key_mldsa=lt.keys.log.mldsa.vkey,
            heads=tuple(shown),
        )
        files[f"evidence/{number}.json"] = encode_evidence(evidence)
    for size, at_s in ((1, NOW // 1000 - 3600), (2, NOW // 1000 + 3600), (3, NOW // 1000 + 30)):
        text = lt.head(said[:size]).text
        files[f"LT/receipts/{size}"] = lt.sign(text) + by.cosign(text, at_s)
    told = verify_record(files)
    return {
        "about": "docs/spec/record.md, docs/spec/evidence.md",
        "files": {path: b64(data) for path, data in files.items()},
        "evidence": [
            {"path": one.path, "kind": one.kind, "accused": one.accused, "convicts": one.convicts}
            for one in told.evidence
        ],
        "cautions": [{"path": one.path, "code": one.code, "detail": one.detail} for one in told.cautions],
    }


def lone_record_vectors(book: Book) -> dict[str, Any]:
    """A lone log: LT said four things to BY, who has no keys; the last acknowledges what BY said by voice."""
    lt, notice = TestParty(LT, book), good_messages()[1]
    heard = msgspec.structs.replace(notice, sender=BY, serial=4, incident=IncidentId("BY-2026-000003"))
    ack = msgspec.structs.replace(
        _said(3, MessageType.ACK, AckBody("duty-officer"), in_reply_to=4), incident=heard.incident
    )
    said = [*log_entries(), encode_message(ack)]
    files = build_record(
        agreement="BY-LT-1",
        prefix="",
        channel=CHANNEL,
        year=YEAR,
        keys={LT: lt.keys},
        logs={LT: LogExport(lt.sign(lt.head(said).text), 4, said, {})},
    )
    files |= notes_of(LT, [heard], NOW)
    told = verify_record(files)
    return {
        "about": "docs/spec/record.md REC-20",
        "files": {path: b64(data) for path, data in files.items()},
        "to_voice": [line.serial for line in told.lines if line.to_voice],
        "voice": [{"serial": line.serial, "standing": line.standing} for line in told.voice],
    }


# --- writing ---------------------------------------------------------------------------------------------


def b64(data: bytes) -> str:
    """Standard base64."""
    return b64encode(data).decode()


def _proved(proof: tuple[bytes, ...] | Refusal) -> list[bytes]:
    if isinstance(proof, Refusal):
        raise TypeError(f"no proof: {proof}")
    return list(proof)


def _texts(hashes: list[bytes]) -> list[str]:
    return [b64(node) for node in hashes]


def all_vectors() -> dict[str, str]:
    """Path under vectors/ to content."""
    book = Book(VECTORS / MLDSA)
    made = {
        "messages/entries.json": message_vectors(),
        "log/checkpoints.json": note_vectors(book),
        "log/deliveries.json": delivery_vectors(book),
        "merkle/proofs.json": merkle_vectors(),
        "record/small.json": record_vectors(book),
        "record/voice.json": voiced_record_vectors(book),
        "record/evidence.json": accused_record_vectors(book),
        "record/lone.json": lone_record_vectors(book),
        "voice/forms.json": voice_vectors(good_messages()),
        "witness/submissions.json": witness_vectors(book),
    }
    made[MLDSA] = book.vectors()
    return {path: json.dumps(content, indent=1, ensure_ascii=False) + "\n" for path, content in made.items()}


def main() -> None:
    """Writes every file."""
    for path, content in all_vectors().items():
        (VECTORS / path).parent.mkdir(parents=True, exist_ok=True)
        (VECTORS / path).write_text(content, encoding="utf-8")
        print(f"vectors/{path}: {len(content):,} characters")


if __name__ == "__main__":
    main()
