"""Capture files: pcap, pcapng and raw ASTERIX as a sequence of pieces.

Here: the file formats, and where a file is broken. Not here: ASTERIX beyond the length of a block, pace,
decoding. A broken file ends in a refusal that names the offset; the pieces before it stand. May know:
decode, terms.
"""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import dpkt
import msgspec

from redshank.decode.asterix import HEADER_BYTES
from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal

PCAP_MAGICS = {bytes.fromhex(magic) for magic in ("d4c3b2a1", "a1b2c3d4", "4d3cb2a1", "a1b23c4d")}
PCAPNG_MAGIC = bytes.fromhex("0a0d0d0a")
LINKS: dict[int, Callable[[bytes], object]] = {
    1: dpkt.ethernet.Ethernet,
    12: dpkt.ip.IP,
    101: dpkt.ip.IP,
    113: dpkt.sll.SLL,
    228: dpkt.ip.IP,
    276: dpkt.sll2.SLL2,
}
"""Link types (tcpdump.org/linktypes): Ethernet, raw IP in three numbers, Linux cooked in two versions."""

PACKET_FAULTS = (
    dpkt.Error,
    struct.error,
    ValueError,
    IndexError,
    KeyError,
    AttributeError,
    TypeError,
    OverflowError,
    RecursionError,
)
"""What dpkt raises on packets and files that are not what they seem; the last on IP in IP in IP without end."""

LATEST = Instant(4_102_444_800_000)
"""2100-01-01: a capture time beyond it is a corrupt one."""


class Piece(msgspec.Struct, frozen=True):
    """Bytes of a feed: the payload of a datagram with its time of capture, or one raw block without."""

    data: bytes
    offset: int
    """Bytes of the file that were read when this piece was complete."""
    at: Instant | None = None


class _Broken(Exception):
    def __init__(self, offset: int, what: str) -> None:
        super().__init__(what)
        self.refusal = Refusal(Reason.TRUNCATED, f"file at byte {offset}", what)


class _Watched:
    """A file that notices a read that ends early, which dpkt takes for a short packet or for the file's
    end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.at = 0
        self.name = "capture"

    def read(self, size: int) -> bytes:
        if not 0 <= size <= limits.CAPTURE_PACKET_BYTES:
            raise _Broken(self.at, f"states a block of {size} bytes, at most {limits.CAPTURE_PACKET_BYTES}")
        data = self._file.read(size)
        if 0 < len(data) < size:
            raise _Broken(self.at, f"{size} bytes should follow, {len(data)} are there")
        self.at += len(data)
        return data


def read_capture(path: Path, port: int | None = None) -> Iterator[Piece | Refusal]:
    """The pieces of a recording; a refusal where it is broken, after which nothing follows.

    UDP payloads from pcap and pcapng (only those to `port`, if given; other packets are passed over), or
    the blocks of a raw file. Raises OSError when the file can not be read.
    """
    with path.open("rb") as file:
        yield from read_pieces(file, port)


def read_pieces(file: BinaryIO, port: int | None = None) -> Iterator[Piece | Refusal]:
    """`read_capture` of an open file."""
    magic = file.read(4)
    file.seek(0)
    if magic in PCAP_MAGICS:
        yield from _packets(dpkt.pcap.Reader, file, port)
    elif magic == PCAPNG_MAGIC:
        yield from _packets(dpkt.pcapng.Reader, file, port)
    else:
        yield from _blocks(file)


def _packets(
    reader: Callable[[_Watched], dpkt.pcap.Reader], file: BinaryIO, port: int | None
) -> Iterator[Piece | Refusal]:
    watched = _Watched(file)
    try:
        packets = reader(watched)
        link = LINKS.get(packets.datalink())
        if link is None:
            yield Refusal(Reason.MALFORMED, "file at byte 20", f"link type {packets.datalink()} is not read")
            return
        for stamp, frame in packets:
            piece = _piece(link, frame, float(stamp), watched.at, port)
            if piece is not None:
                yield piece
    except _Broken as broken:
        yield broken.refusal
    except PACKET_FAULTS as error:
        yield Refusal(Reason.MALFORMED, f"file at byte {watched.at}", f"no capture: {str(error)[:120]}")


def _piece(
    link: Callable[[bytes], object], frame: bytes, stamp_s: float, offset: int, port: int | None
) -> Piece | Refusal | None:
    """The UDP payload of a frame; None for any other packet."""
    if not frame:
        return Refusal(Reason.TRUNCATED, f"file at byte {offset}", "a packet's bytes are missing")
    at = Instant(round(stamp_s * 1000))
    if not 0 <= at <= LATEST:
        return Refusal(Reason.BAD_TIME, f"packet before byte {offset}", f"captured {stamp_s:.0f} s after 1970")
    try:
        packet = link(frame)
    except PACKET_FAULTS:
        return None
    network = packet if isinstance(packet, dpkt.ip.IP) else getattr(packet, "data", None)
    datagram = getattr(network, "data", None)
    if not isinstance(datagram, dpkt.udp.UDP) or port not in (None, datagram.dport):
        return None
    data = bytes(datagram.data)
    if datagram.ulen - 8 > len(data):
        detail = f"{datagram.ulen - 8} bytes of UDP, {len(data)} captured (a fragment, or cut by the capture)"
        return Refusal(Reason.TRUNCATED, f"packet before byte {offset}", detail)
    return Piece(data, offset, at)


def _blocks(file: BinaryIO) -> Iterator[Piece | Refusal]:
    offset = 0
    while header := file.read(HEADER_BYTES):
        length = int.from_bytes(header[1:], "big")
        if len(header) == HEADER_BYTES and length < HEADER_BYTES:
            detail = f"CAT{header[0]:03d} states a length of {length}: no ASTERIX block"
            yield Refusal(Reason.MALFORMED, f"file at byte {offset}", detail)
            return
        data = header + file.read(max(length - HEADER_BYTES, 0))
        if len(header) < HEADER_BYTES or len(data) < length:
            detail = f"a block ends early, {len(data)} bytes are there"
            yield Refusal(Reason.TRUNCATED, f"file at byte {offset}", detail)
            return
        offset += length
        yield Piece(data, offset)
