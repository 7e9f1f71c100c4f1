"""Wire: the bytes of docs/spec/log.md and docs/spec/delivery.md, written a second time.

Here: keys, notes, heads, receipts, the Merkle tree, bundles, tiles, pushes. Pure. Not here: messages (forms), secrets
(keys). A reader raises `Breach`, naming the clause, at whatever the specification does not allow.
"""

import base64
import hashlib
import struct
from collections.abc import Iterable, Sequence

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

LOG, WITNESS, MLDSA = 0x01, 0x04, 0x06
"""Signature types of C2SP signed-note: Ed25519, Ed25519 cosignature, ML-DSA-44 cosignature."""
ENTRY_BYTES, PUSH_BYTES, PUSH_ENTRIES = 4_096, 2_097_152, 256
NOTE_BYTES, NOTE_SIGNATURES = 16_384, 100
HYBRID_NOTE_BYTES = 65_536
SIZE_MAX = 1 << 40
TIME_MAX_S = (1 << 63) - 1
TILE = 256
EMPTY_ROOT = hashlib.sha256(b"").digest()


class Breach(Exception):
    """Bytes that the specification does not allow: the clause, and what is wrong with them."""

    def __init__(self, clause: str, detail: str) -> None:
        super().__init__(f"{clause}: {detail}")
        self.clause, self.detail = clause, detail


class Key(msgspec.Struct, frozen=True):
    """A public key of one signature type under one name (LOG-2)."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The key id: four bytes."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The verifier key of C2SP signed-note."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"


class Head(msgspec.Struct, frozen=True):
    """The three lines of a head (LOG-5)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> bytes:
        """As it is signed."""
        return b"%s\n%d\n%s\n" % (self.origin.encode(), self.size, base64.b64encode(self.root))


class Mark(msgspec.Struct, frozen=True):
    """A signature line, not verified: key name, key id, and the rest."""

    name: str
    key_id: bytes
    blob: bytes

    @property
    def line(self) -> bytes:
        """As it stands in a note."""
        return f"— {self.name} {base64.b64encode(self.key_id + self.blob).decode()}\n".encode()


class Push(msgspec.Struct, frozen=True):
    """A push as it came: where it begins, its note, its entries."""

    old: int
    note: bytes
    entries: tuple[bytes, ...]


# --- signatures ---------------------------------------------------------------------------------------------


def signed_bytes(key: Key, text: bytes, at_s: int) -> bytes:
    """What a key of this type signs for a head's text (C2SP signed-note, tlog-cosignature; LOG-10, LOG-15)."""
    if key.kind == LOG:
        return text
    if key.kind == WITNESS:
        return b"cosignature/v1\ntime %d\n" % at_s + text
    head = read_head(text)
    name, origin = key.name.encode(), head.origin.encode()
    if not (1 <= len(name) <= 255 and 1 <= len(origin) <= 255):
        raise Breach("LOG-15", "a name or origin has more than 255 bytes")
    return (
        b"subtree/v1\n\0"
        + bytes([len(name)])
        + name
        + struct.pack(">Q", at_s)
        + bytes([len(origin)])
        + origin
        + struct.pack(">QQ", 0, head.size)
        + head.root
    )


def check_mark(key: Key, mark: Mark, text: bytes) -> int:
    """Verifies a signature line of this key; gives its time in seconds, 0 for a plain signature. Raises Breach."""
    at_s, raw = 0, mark.blob
    if key.kind != LOG:
        if len(raw) < 8:
            raise Breach("LOG-10", "a cosignature without a time")
        at_s, raw = struct.unpack(">Q", raw[:8])[0], raw[8:]
    if at_s > TIME_MAX_S:
        raise Breach("LOG-10", "a time beyond 2^63 - 1")
    try:
        if key.kind == MLDSA:
            MLDSA44PublicKey.from_public_bytes(key.public).verify(raw, signed_bytes(key, text, at_s))
        else:
            Ed25519PublicKey.from_public_bytes(key.public).verify(raw, signed_bytes(key, text, at_s))
    except (InvalidSignature, ValueError) as error:
        raise Breach("LOG-3" if key.kind != MLDSA else "LOG-16", f"{key.name}: the signature is not valid") from error
    return at_s


def check_signed(keys: Sequence[Key], marks: Iterable[Mark], text: bytes) -> int:
    """All of `keys` must have signed (LOG-14 where there are two); of several by one key the first counts, unknown
    ones are ignored (LOG-4). The time of the cosignatures. Raises Breach."""
    times: set[int] = set()
    for key in keys:
        mine = [mark for mark in marks if (mark.name, mark.key_id) == (key.name, key.id)]
        if not mine:
            raise Breach("LOG-4" if len(keys) == 1 else "LOG-14", f"no signature of type {key.kind:#04x} by {key.name}")
        at_s = check_mark(key, mine[0], text)
        if key.kind != LOG:
            times.add(at_s)
    if len(times) > 1:
        raise Breach("LOG-14", "the two cosignatures differ in time")
    return times.pop() if times else 0


# --- notes and heads ----------------------------------------------------------------------------------------


def read_note(data: bytes, limit: int) -> tuple[bytes, tuple[Mark, ...]]:
    """(text, signature lines) of a signed note; nothing is verified. Raises Breach."""
    if len(data) > limit:
        raise Breach("LOG-4", f"a note of {len(data)} bytes")
    if any(byte < 0x20 and byte != 0x0A for byte in data):
        raise Breach("LOG-4", "a control character in a note")
    text, blank, block = data.rpartition(b"\n\n")
    if not blank:
        raise Breach("LOG-4", "a note without a blank line")
    return text + b"\n", read_marks(block)


def read_marks(block: bytes) -> tuple[Mark, ...]:
    """Signature lines, at least one (LOG-4). Raises Breach."""
    try:
        lines = block.decode().split("\n")
    except UnicodeDecodeError as error:
        raise Breach("LOG-4", "signature lines that are not UTF-8") from error
    if len(lines) < 2 or lines.pop() or len(lines) > NOTE_SIGNATURES:
        raise Breach("LOG-4", "no signature lines, too many, or the last has no newline")
    return tuple(_mark(line) for line in lines)


def _mark(line: str) -> Mark:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    blob = read_base64(encoded, "LOG-4")
    if dash != "—" or not name or "+" in name or len(blob) < 5:
        raise Breach("LOG-4", f"not a signature line: {line[:60]!r}")
    return Mark(name, blob[:4], blob[4:])


def read_head(text: bytes) -> Head:
    """A head from its three lines (LOG-5). Raises Breach."""
    lines = text.decode(errors="replace").split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise Breach("LOG-5", f"a head of {len(lines) - 1} lines")
    size = read_number(lines[1], "LOG-5")
    root = read_base64(lines[2], "LOG-5")
    if size > SIZE_MAX or len(root) != 32 or (size == 0 and root != EMPTY_ROOT):
        raise Breach("LOG-5", f"size {size} with a root of {len(root)} bytes")
    return Head(lines[0], size, root)


def read_number(digits: str, clause: str) -> int:
    """A decimal number without leading zeros. Raises Breach."""
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 20) or str(int(digits)) != digits:
        raise Breach(clause, f"not a number without leading zeros: {digits[:40]!r}")
    return int(digits)


def read_base64(text: str, clause: str) -> bytes:
    """Standard base64 in its one spelling. Raises Breach."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Breach(clause, f"not base64: {text[:40]!r}") from error
    if base64.b64encode(data).decode() != text:
        raise Breach(clause, "base64 with stray bits")
    return data


# --- the tree -----------------------------------------------------------------------------------------------


def leaf(entry: bytes) -> bytes:
    """RFC 6962 section 2.1 (LOG-6)."""
    return hashlib.sha256(b"\0" + entry).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, straight from the definition of RFC 6962 section 2.1."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root_of(leaves[:split]) + root_of(leaves[split:])).digest()


def head_over(origin: str, entries: Sequence[bytes]) -> Head:
    """The head of a log with these entries."""
    return Head(origin, len(entries), root_of([leaf(entry) for entry in entries]))


def tile_path(level: str, index: int, width: int) -> str:
    """The path of C2SP tlog-tiles (LOG-7); `level` is a number or ``entries``."""
    parts = [f"{index % 1000:03d}"]
    while index := index // 1000:
        parts.insert(0, f"x{index % 1000:03d}")
    return f"tile/{level}/" + "/".join(parts) + ("" if width == TILE else f".p/{width}")


def log_files(entries: Sequence[bytes]) -> dict[str, bytes]:
    """Every tile and bundle of a log with these entries, by path (LOG-7)."""
    files: dict[str, bytes] = {}
    for begin in range(0, len(entries), TILE):
        part = entries[begin : begin + TILE]
        files[tile_path("entries", begin // TILE, len(part))] = bundle(part)
    level, hashes = 0, [leaf(entry) for entry in entries]
    while hashes:
        for begin in range(0, len(hashes), TILE):
            part = hashes[begin : begin + TILE]
            files[tile_path(str(level), begin // TILE, len(part))] = b"".join(part)
        full = len(hashes) // TILE
        hashes = [root_of(hashes[number * TILE : (number + 1) * TILE]) for number in range(full)]
        level += 1
    return files


# --- pushes -------------------------------------------------------------------------------------------------


def bundle(entries: Iterable[bytes]) -> bytes:
    """An entry bundle (LOG-7)."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def read_bundle(data: bytes) -> tuple[bytes, ...]:
    """The entries of a bundle. Raises Breach."""
    entries, at = list[bytes](), 0
    while at < len(data):
        if at + 2 > len(data):
            raise Breach("DEL-1", "a bundle that ends in the middle of a length")
        (length,) = struct.unpack(">H", data[at : at + 2])
        entry = data[at + 2 : at + 2 + length]
        if not 1 <= length <= ENTRY_BYTES or len(entry) != length:
            raise Breach("LOG-7", f"an entry of {length} bytes, {len(entry)} of them there")
        entries.append(entry)
        at += 2 + length
    return tuple(entries)


def push(old: int, note: bytes, entries: Iterable[bytes]) -> bytes:
    """The bytes of a push (DEL-1)."""
    text = b"old %d\n\n" % old + note
    return b"redshank-delivery/1 %d\n" % len(text) + text + bundle(entries)


def read_push(data: bytes, note_limit: int) -> Push:
    """A push of the node. Raises Breach."""
    if len(data) > PUSH_BYTES:
        raise Breach("DEL-2", f"a push of {len(data)} bytes")
    first, _, rest = data.partition(b"\n")
    magic, _, digits = first.decode(errors="replace").partition(" ")
    if magic != "redshank-delivery/1":
        raise Breach("DEL-1", f"begins with {first[:40]!r}")
    length = read_number(digits, "DEL-1")
    text, tail = rest[:length], rest[length:]
    line, blank, note = text.partition(b"\n\n")
    if len(text) != length or not blank or not line.startswith(b"old "):
        raise Breach("DEL-1", "the text is too short, or does not begin with old and a blank line")
    if length > note_limit + 40:
        raise Breach("DEL-2", f"a text of {length} bytes")
    old = read_number(line[4:].decode(errors="replace"), "DEL-1")
    entries = read_bundle(tail)
    if len(entries) > PUSH_ENTRIES:
        raise Breach("DEL-2", f"{len(entries)} entries in one push")
    return Push(old, note, entries)
