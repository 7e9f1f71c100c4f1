"""Notes: signed text, C2SP signed-note, with Ed25519 signatures and C2SP cosignatures of both types.

Here: verifier keys, parsing, verification, and the exact bytes that a key holder has to sign. Not here:
private keys. May know: terms. Sources: c2sp.org/signed-note, c2sp.org/tlog-cosignature.

Stricter than the source, so that one signature has one spelling: base64 must be canonical (no stray padding
bits).
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as BinasciiError
from collections.abc import Sequence
from enum import IntEnum
from hashlib import sha256

import msgspec

from redshank.log import ed25519, mldsa
from redshank.log.tree_head import read_tree_head
from redshank.terms import limits
from redshank.terms.invariant import require
from redshank.terms.refusal import Reason, Refusal

COSIGNATURE_AT_MAX_S = (1 << 63) - 1
_BAD_IN_NAME = re.compile(r"[\x00-\x20\x7f+\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")
_DASH = "— "


class KeyKind(IntEnum):
    """Signature type bytes of signed-note that Redshank uses."""

    LOG = 0x01
    """Ed25519 over the text: the log's own signature."""
    WITNESS = 0x04
    """Timestamped Ed25519 cosignature of a checkpoint: the receipt."""
    MLDSA = 0x06
    """Timestamped ML-DSA-44 cosignature of a checkpoint: beside each of the other two."""


class VerifierKey(msgspec.Struct, frozen=True):
    """A public key with its name; `id` is the 32-bit key id that stands in signatures."""

    name: str
    id: int
    kind: KeyKind
    public_key: bytes

    @property
    def vkey(self) -> str:
        """The key as text: ``<name>+<id as 8 hex digits>+<base64 of type byte and key>``."""
        material = b64encode(bytes([self.kind]) + self.public_key).decode()
        return f"{self.name}+{self.id:08x}+{material}"


class HybridKey(msgspec.Struct, frozen=True):
    """Two keys of one signer under one name. Only both signatures together count, so that the one outlives the other.

    `classic` is Ed25519 (LOG or WITNESS), `second` is ML-DSA-44. Only records of version 1 are without: they were made
    before there was one.
    """

    classic: VerifierKey
    second: VerifierKey | None

    @property
    def name(self) -> str:
        """The one name of both."""
        return self.classic.name

    @property
    def mldsa(self) -> VerifierKey:
        """The second key, of whoever signs today. Raises InvariantBroken without."""
        require(self.second is not None, f"{self.name} has no ML-DSA-44 key")
        return self.second or self.classic

    @property
    def both(self) -> tuple[VerifierKey, ...]:
        """In the order of their lines in a note."""
        return (self.classic,) if self.second is None else (self.classic, self.second)


class Signature(msgspec.Struct, frozen=True):
    """One signature line: key name, key id, signature bytes (for a cosignature 8 bytes of time before: 64 bytes of
    Ed25519, 2,420 of ML-DSA-44)."""

    name: str
    key_id: int
    signature: bytes

    @property
    def line(self) -> bytes:
        """The line as it stands in a note, newline included."""
        blob = b64encode(self.key_id.to_bytes(4, "big") + self.signature).decode()
        return f"{_DASH}{self.name} {blob}\n".encode()


class Note(msgspec.Struct, frozen=True):
    """A parsed note: the text with its last newline, and its signatures. Nothing is verified yet."""

    text: bytes
    signatures: tuple[Signature, ...]


class Verified(msgspec.Struct, frozen=True):
    """A signature that verified; `at_s` is the witness's clock (POSIX seconds) for a cosignature, else
    None."""

    key: VerifierKey
    signature: Signature
    at_s: int | None


class SigningRequest(msgspec.Struct, frozen=True):
    """What an edge that holds the private key of `key` has to sign: exactly `message`."""

    key: VerifierKey
    text: bytes
    message: bytes
    at_s: int | None = None

    def signed(self, signature: bytes) -> Signature:
        """The signature line, from the bytes that the private key gave for `message`."""
        time = b"" if self.at_s is None else self.at_s.to_bytes(8, "big")
        return Signature(self.key.name, self.key.id, time + signature)


def verifier_key(name: str, kind: KeyKind, public_key: bytes) -> VerifierKey | Refusal:
    """A key with its id computed; refuses with BAD_KEY a bad name or length, or a key that proves nothing."""
    if not _valid_name(name):
        return Refusal(Reason.BAD_KEY, "name", f"not a key name: {name[:80]!r}")
    check = mldsa.check_public_key if kind is KeyKind.MLDSA else ed25519.check_public_key
    bad = check(public_key, name)
    if bad is not None:
        return bad
    digest = sha256(name.encode() + b"\n" + bytes([kind]) + public_key).digest()
    return VerifierKey(name, int.from_bytes(digest[:4], "big"), kind, public_key)


def hybrid_key(name: str, kind: KeyKind, public_key: bytes, mldsa_key: bytes) -> HybridKey | Refusal:
    """Both keys of a signer; `kind` is LOG or WITNESS, for the Ed25519 key. Refuses with BAD_KEY."""
    classic = verifier_key(name, kind, public_key)
    second = verifier_key(name, KeyKind.MLDSA, mldsa_key)
    if isinstance(classic, Refusal):
        return classic
    return second if isinstance(second, Refusal) else HybridKey(classic, second)


def parse_vkey(text: str) -> VerifierKey | Refusal:
    """A verifier key from its text; refuses with BAD_KEY."""
    parts = text.split("+", 2)
    material = _base64(parts[2]) if len(parts) == 3 and len(text) <= limits.NOTE_BYTES else None
    if not material or material[0] not in tuple(KeyKind):
        return Refusal(Reason.BAD_KEY, "vkey", f"no verifier key of a known type: {text[:80]!r}")
    key = verifier_key(parts[0], KeyKind(material[0]), material[1:])
    if isinstance(key, VerifierKey) and key.vkey != text:
        return Refusal(Reason.BAD_KEY, "vkey", f"the id does not fit the key: {text[:80]!r}")
    return key


def _valid_name(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return bool(name) and len(name) <= limits.NOTE_BYTES and _BAD_IN_NAME.search(name) is None


def _base64(text: str) -> bytes | None:
    """Canonical standard base64, or None."""
    try:
        data = b64decode(text, validate=True)
    except (BinasciiError, ValueError):
        return None
    return data if b64encode(data).decode() == text else None


# --- writing ------------------------------------------------------------------------------------------------


def cosignature_message(text: bytes, at_s: int) -> bytes:
    """The bytes that a witness signs for a checkpoint text at a time in POSIX seconds (cosignature/v1)."""
    return b"cosignature/v1\ntime %d\n" % at_s + text


def log_request(text: bytes, key: VerifierKey) -> SigningRequest:
    """What the log's Ed25519 key has to sign for a note text."""
    return SigningRequest(key, text, text)


def cosign_request(text: bytes, key: VerifierKey, at_s: int) -> SigningRequest:
    """What a cosigner's key has to sign for a checkpoint text, by the key's kind. Raises InvariantBroken for a text
    that is no checkpoint: only what was checked is signed."""
    message = _cosigned(text, key, at_s)
    require(message is not None, "only a checkpoint is cosigned, at a time after 1970")
    return SigningRequest(key, text, message or b"", at_s)


def log_requests(text: bytes, key: HybridKey, at_s: int) -> tuple[SigningRequest, SigningRequest]:
    """What the log's two keys have to sign for its own head, at a time in POSIX seconds."""
    return log_request(text, key.classic), cosign_request(text, key.mldsa, at_s)


def cosign_requests(text: bytes, key: HybridKey, at_s: int) -> tuple[SigningRequest, SigningRequest]:
    """What a witness's two keys have to sign for a checkpoint text."""
    return cosign_request(text, key.classic, at_s), cosign_request(text, key.mldsa, at_s)


def _cosigned(text: bytes, key: VerifierKey, at_s: int) -> bytes | None:
    """The bytes under a cosignature; None when there is none for this text."""
    if key.kind is not KeyKind.MLDSA:
        return cosignature_message(text, at_s)
    head = read_tree_head(text)
    if isinstance(head, Refusal):
        return None
    return mldsa.cosigned_message(key.name, at_s, head.origin, head.size, head.root)


def signed_note(text: bytes, signatures: Sequence[Signature]) -> bytes:
    """The note: text, blank line, signature lines."""
    return text + b"\n" + b"".join(signature.line for signature in signatures)


# --- reading ------------------------------------------------------------------------------------------------


def parse_note(data: bytes) -> Note | Refusal:
    """A note within NOTE_BYTES and NOTE_SIGNATURES; refuses with BAD_NOTE or TOO_LARGE. Verifies nothing."""
    if len(data) > limits.NOTE_BYTES:
        return Refusal(Reason.TOO_LARGE, "note", f"{len(data)} bytes, allowed {limits.NOTE_BYTES}")
    if _CONTROL.search(data):
        return _bad_note("a control character other than newline")
    text, blank, block = data.rpartition(b"\n\n")
    if not blank:
        return _bad_note("no blank line between text and signatures")
    signatures = parse_signatures(block)
    if isinstance(signatures, Refusal):
        return signatures
    try:
        text.decode()
    except UnicodeDecodeError:
        return _bad_note("not UTF-8")
    return Note(text + b"\n", signatures)


def parse_signatures(block: bytes) -> tuple[Signature, ...] | Refusal:
    """One or more signature lines; refuses with BAD_NOTE or TOO_LARGE."""
    if len(block) > limits.NOTE_BYTES:
        return Refusal(Reason.TOO_LARGE, "signatures", f"{len(block)} bytes, allowed {limits.NOTE_BYTES}")
    if block.count(b"\n") > limits.NOTE_SIGNATURES:
        return Refusal(Reason.TOO_LARGE, "signatures", f"more than {limits.NOTE_SIGNATURES} signatures")
    try:
        lines = block.decode().split("\n")
    except UnicodeDecodeError:
        return _bad_note("not UTF-8")
    if len(lines) < 2 or lines.pop() != "":
        return _bad_note("the last signature line does not end in a newline")
    signatures = []
    for line in lines:
        name, _, blob = line.removeprefix(_DASH).partition(" ")
        data = _base64(blob)
        if not line.startswith(_DASH) or not _valid_name(name) or data is None or len(data) < 5:
            return _bad_note(f"not a signature line: {line[:80]!r}")
        signatures.append(Signature(name, int.from_bytes(data[:4], "big"), data[4:]))
    return tuple(signatures)


def stamp_of(note: bytes, name: str) -> int | None:
    """The time (POSIX seconds) in the first cosignature line of a name; None without one. Verifies nothing: for notes
    that were verified when they were kept."""
    mark = f"\n{_DASH}{name} ".encode()
    at = note.find(mark)
    if at < 0:
        return None
    head = _base64(note[at + len(mark) :][:16].decode("ascii", "replace"))  # 12 bytes: key id and time
    return None if head is None or len(head) < 12 else int.from_bytes(head[4:12], "big")


def verify_signature(text: bytes, signature: Signature, key: VerifierKey) -> Verified | Refusal:
    """Checks one signature with the key that its name and id name; refuses with BAD_SIGNATURE."""
    at_s, raw = None, signature.signature
    if key.kind is not KeyKind.LOG:
        at_s, raw = int.from_bytes(raw[:8], "big"), raw[8:]
    message = text if at_s is None else _cosigned(text, key, at_s)
    named = (signature.name, signature.key_id) == (key.name, key.id)
    in_time = at_s is None or at_s <= COSIGNATURE_AT_MAX_S
    verify = mldsa.verify if key.kind is KeyKind.MLDSA else ed25519.verify
    if not named or not in_time or message is None or not verify(key.public_key, raw, message):
        return Refusal(Reason.BAD_SIGNATURE, key.name, "the signature does not fit the text and the key")
    return Verified(key, signature, at_s)


def verify_signatures(
    text: bytes, signatures: Sequence[Signature], keys: Sequence[VerifierKey]
) -> tuple[Verified, ...] | Refusal:
    """Checks a text's signatures with the known keys.

    Signatures of unknown keys are ignored; of several by one key the first counts; refuses with BAD_SIGNATURE
    if one of a known key fails, or if none is of a known key.
    """
    known = {(key.name, key.id): key for key in keys}
    seen: dict[tuple[str, int], Verified] = {}
    for signature in signatures:
        named = (signature.name, signature.key_id)
        key = known.get(named)
        if key is None or named in seen:
            continue
        verified = verify_signature(text, signature, key)
        if isinstance(verified, Refusal):
            return verified
        seen[named] = verified
    if not seen:
        return Refusal(Reason.BAD_SIGNATURE, "note", "no signature of a known key")
    return tuple(seen.values())


def hybrid_of(verified: Sequence[Verified], key: HybridKey) -> tuple[Verified, ...] | Refusal | None:
    """The signatures of one signer among those that verified, one for each of its keys; None when there is none.

    Refuses with NOT_HYBRID when one of two is missing, or when two cosignatures give two times.
    """
    found = {one.key: one for one in verified if one.key in key.both}
    if not found:
        return None
    if len(found) < len(key.both):
        missing = "Ed25519" if key.classic not in found else "ML-DSA-44"
        return Refusal(Reason.NOT_HYBRID, key.name, f"the {missing} signature is missing")
    first, second = found[key.both[0]].at_s, found[key.both[-1]].at_s
    if first is not None and first != second:
        return Refusal(Reason.NOT_HYBRID, key.name, f"signed at {first} s and at {second} s")
    return tuple(found[one] for one in key.both)


def verify_hybrid(text: bytes, signatures: Sequence[Signature], key: HybridKey) -> tuple[Verified, ...] | Refusal:
    """Checks a text's signatures by one signer; refuses with BAD_SIGNATURE or NOT_HYBRID."""
    verified = verify_signatures(text, signatures, key.both)
    if isinstance(verified, Refusal):
        return verified
    found = hybrid_of(verified, key)
    return Refusal(Reason.BAD_SIGNATURE, key.name, "did not sign") if found is None else found


def _bad_note(detail: str) -> Refusal:
    return Refusal(Reason.BAD_NOTE, "note", detail)
