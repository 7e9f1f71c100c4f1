"""Recordings: every capture format, every kind of damage, and the pace of a replay."""

import asyncio
import io
import struct
from collections.abc import Callable
from pathlib import Path

import dpkt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.decode.decode_feeds import NIGHT, plot_block, source, track_block

from redshank.decode.decoded import Decoded, join
from redshank.edges.feeds.capture import Piece, read_capture
from redshank.edges.feeds.recording import decode_file, replay
from redshank.terms.ids import SourceId
from redshank.terms.instants import DAY_MS, HOUR_MS, Instant
from redshank.terms.refusal import Reason, Refusal

PORT = 8_600


def ip_packet(payload: bytes, port: int = PORT) -> dpkt.ip.IP:
    datagram = dpkt.udp.UDP(sport=40_000, dport=port, data=payload)
    datagram.ulen = 8 + len(payload)
    packet = dpkt.ip.IP(src=b"\x7f\x00\x00\x01", dst=b"\x7f\x00\x00\x01", p=dpkt.ip.IP_PROTO_UDP, data=datagram)
    packet.len = len(packet)
    return packet


def ethernet(payload: bytes, port: int = PORT) -> bytes:
    return bytes(dpkt.ethernet.Ethernet(data=ip_packet(payload, port)))


def raw_ip(payload: bytes) -> bytes:
    return bytes(ip_packet(payload))


def cooked(payload: bytes) -> bytes:
    return struct.pack(">HHH8sH", 0, 1, 6, bytes(8), 0x0800) + raw_ip(payload)


def cooked_2(payload: bytes) -> bytes:
    return struct.pack(">HHiHBB8s", 0x0800, 0, 1, 1, 0, 6, bytes(8)) + raw_ip(payload)


def capture(frames: list[bytes], link: int = 1, format_: str = "pcap", every_ms: int = 100) -> bytes:
    """A capture file of frames, the first taken at NIGHT and then one each `every_ms`."""
    file = io.BytesIO()
    if format_ == "pcap":
        writer = dpkt.pcap.Writer(file, linktype=link)
    else:
        writer = dpkt.pcapng.Writer(file, idb=dpkt.pcapng.InterfaceDescriptionBlockLE(linktype=link))
    for number, frame in enumerate(frames):
        writer.writepkt(frame, ts=(NIGHT + number * every_ms) / 1000)
    return file.getvalue()


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "recording"
    path.write_bytes(data)
    return path


def read(path: Path, port: int | None = None) -> Decoded:
    return join([*decode_file(path, source(), Instant(NIGHT + 3 * HOUR_MS), port), Decoded()])


@pytest.mark.parametrize("format_", ["pcap", "pcapng"])
@pytest.mark.parametrize(
    ("link", "frame"), [(1, ethernet), (101, raw_ip), (228, raw_ip), (113, cooked), (276, cooked_2)]
)
def test_every_link_and_format_gives_the_same(
    tmp_path: Path, format_: str, link: int, frame: Callable[[bytes], bytes]
) -> None:
    path = written(tmp_path, capture([frame(track_block(count=2)), frame(plot_block())], link, format_))
    decoded = read(path)
    assert [report.track_number for report in decoded.reports] == [1, 2, None]
    assert decoded.refusals == ()


def test_the_capture_gives_the_date(tmp_path: Path) -> None:
    """Decoded years later, the reports are of the night."""
    path = written(tmp_path, capture([ethernet(track_block())]))
    (batch,) = decode_file(path, source(), Instant(NIGHT + 900 * DAY_MS))
    assert batch.reports[0].at == NIGHT


def test_a_raw_file_is_dated_by_the_reader_and_then_runs_on(tmp_path: Path) -> None:
    later = Instant(NIGHT + 30 * 60_000)
    path = written(tmp_path, track_block() + bytes.fromhex("410005f0aa") + track_block(later))
    decoded = read(path)
    assert [report.at for report in decoded.reports] == [NIGHT, later]
    assert (decoded.ignored, decoded.refusals) == (1, ())


def test_a_port_selects(tmp_path: Path) -> None:
    path = written(tmp_path, capture([ethernet(track_block(), 1_000), ethernet(track_block(count=3), 2_000)]))
    assert len(read(path, port=2_000).reports) == 3
    assert len(read(path).reports) == 4
    assert read(path, port=3_000) == Decoded()


def test_other_packets_are_passed_over(tmp_path: Path) -> None:
    tcp = dpkt.ip.IP(p=dpkt.ip.IP_PROTO_TCP, data=dpkt.tcp.TCP(sport=1, dport=PORT))
    arp = dpkt.ethernet.Ethernet(type=dpkt.ethernet.ETH_TYPE_ARP, data=dpkt.arp.ARP())
    frames = [bytes(dpkt.ethernet.Ethernet(data=tcp)), bytes(arp), b"\x00", ethernet(track_block())]
    decoded = read(written(tmp_path, capture(frames)))
    assert (len(decoded.reports), decoded.refusals) == (1, ())


def test_a_datagram_cut_by_the_capture_is_named(tmp_path: Path) -> None:
    decoded = read(written(tmp_path, capture([ethernet(track_block())[:-5], ethernet(plot_block())])))
    assert [refusal.reason for refusal in decoded.refusals] == [Reason.TRUNCATED]
    assert len(decoded.reports) == 1


@pytest.mark.parametrize("format_", ["pcap", "pcapng"])
def test_a_file_cut_anywhere_keeps_what_came_before(tmp_path: Path, format_: str) -> None:
    whole = capture([ethernet(track_block()), ethernet(track_block(count=2))], 1, format_)
    last = len(capture([ethernet(track_block())], 1, format_))
    for cut in range(last + 1, len(whole)):
        decoded = read(written(tmp_path, whole[:cut]))
        assert len(decoded.reports) == 1
        assert len(decoded.refusals) == 1, cut
        assert "at byte" in decoded.refusals[0].field or "before byte" in decoded.refusals[0].field


def test_a_raw_file_cut_anywhere_keeps_what_came_before(tmp_path: Path) -> None:
    first, second = track_block(), plot_block()
    for cut in range(len(first) + 1, len(first) + len(second)):
        decoded = read(written(tmp_path, (first + second)[:cut]))
        assert len(decoded.reports) == 1
        assert decoded.refusals[0].reason is Reason.TRUNCATED
        assert decoded.refusals[0].field == f"file at byte {len(first)}"


def test_what_is_no_recording_is_named(tmp_path: Path) -> None:
    assert read(written(tmp_path, b"")) == Decoded()
    assert read(written(tmp_path, b"\x30\x00\x00zzz")).refusals[0].reason is Reason.MALFORMED
    unknown_link = read(written(tmp_path, capture([b"x"], link=147)))
    assert unknown_link.refusals[0].reason is Reason.MALFORMED
    assert "147" in unknown_link.refusals[0].detail


def test_a_capture_that_states_a_giant_packet_is_refused(tmp_path: Path) -> None:
    whole = bytearray(capture([ethernet(track_block())]))
    whole[24 + 8 : 24 + 12] = b"\xff\xff\xff\x7f"
    refusals = read(written(tmp_path, bytes(whole))).refusals
    assert [refusal.reason for refusal in refusals] == [Reason.TRUNCATED]
    assert "states a block" in refusals[0].detail


def test_a_missing_file_is_an_error_of_the_edge(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(decode_file(tmp_path / "none", source(), NIGHT))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_raises(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    format_ = data.draw(st.sampled_from(["pcap", "pcapng", "raw"]))
    frames = [ethernet(track_block()), ethernet(plot_block())]
    whole = bytearray(track_block() + plot_block() if format_ == "raw" else capture(frames, 1, format_))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "recording"
    path.write_bytes(whole)
    read(path)
    assert all(isinstance(piece, Piece | Refusal) for piece in read_capture(path))


class SteppingClock:
    """Shows one millisecond more each time it is read."""

    rate = 1.0

    def __init__(self, at: Instant) -> None:
        self.at = at

    def now(self) -> Instant:
        self.at = Instant(self.at + 1)
        return self.at


class Collected:
    """What a replay emitted, and how far it said it was."""

    def __init__(self) -> None:
        self.batches: list[Decoded] = []
        self.seconds: list[float] = []
        self.progress: list[tuple[int, int]] = []

    async def emit(self, source_id: SourceId, decoded: Decoded) -> None:
        assert source_id == "radar-1"
        self.batches.append(decoded)
        self.seconds.append(asyncio.get_running_loop().time())

    def note(self, done: int, size: int) -> None:
        self.progress.append((done, size))


def five_packets(tmp_path: Path) -> Path:
    frames = [ethernet(track_block(Instant(NIGHT + number * 100))) for number in range(5)]
    return written(tmp_path, capture(frames))


async def test_a_replay_keeps_its_pace(tmp_path: Path) -> None:
    """Five packets in 0.4 s, at twice the speed: 0.2 s."""
    seen = Collected()
    await replay(five_packets(tmp_path), source(), seen.emit, SteppingClock(NIGHT), speed=2.0, progress=seen.note)
    assert len(seen.batches) == 5
    assert 0.19 < seen.seconds[-1] - seen.seconds[0] < 0.6
    size = (tmp_path / "recording").stat().st_size
    assert [total for _, total in seen.progress] == [size] * 5
    assert seen.progress[-1] == (size, size)
    assert seen.batches[0].reports[0].at == NIGHT


async def test_a_replay_without_pace_is_quick(tmp_path: Path) -> None:
    seen = Collected()
    await replay(five_packets(tmp_path), source(), seen.emit, SteppingClock(NIGHT), speed=None)
    assert len(seen.batches) == 5
    assert seen.seconds[-1] - seen.seconds[0] < 0.19


async def test_a_replay_can_be_dated_now(tmp_path: Path) -> None:
    seen, next_year = Collected(), Instant(NIGHT + 365 * DAY_MS)
    await replay(five_packets(tmp_path), source(), seen.emit, SteppingClock(next_year), speed=None, as_if_now=True)
    times = [report.at for batch in seen.batches for report in batch.reports]
    assert all(next_year - 10 <= at <= next_year + 20 for at in times)


async def test_a_speed_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="speed"):
        await replay(five_packets(tmp_path), source(), Collected().emit, SteppingClock(NIGHT), speed=0)
