"""Checks of what somebody hands in as a file or a datagram: records, public keys, captures, ASTERIX, reports."""

import base64
import io
import json
from functools import cache
from pathlib import Path

import msgspec
from tests.decode.decode_feeds import NIGHT, source
from tests.decode.test_decode_report_json import desk, gazetteer
from tests.exchange.exchange_world import CHANNEL

from redshank.cli.record_files import RecordUnreadable, unzipped
from redshank.decode.asterix import block_instant, decode_block
from redshank.decode.report_json import parse_report
from redshank.edges.feeds.capture import Piece, read_pieces
from redshank.edges.keys import PublicKeys
from redshank.exchange.evidence import check_evidence, encode_evidence
from redshank.exchange.parties import PartyKeys, party_keys
from redshank.exchange.verifier import verify_record
from redshank.terms import limits
from redshank.terms.refusal import Refusal
from redshank.terms.track import Report

SMALL = Path(__file__).parent.parent / "vectors" / "record" / "small.json"


@cache
def small_record() -> dict[str, bytes]:
    """The published record."""
    files = json.loads(SMALL.read_text(encoding="utf-8"))["files"]
    return {path: base64.b64decode(data) for path, data in files.items()}


def zip_file(data: bytes) -> bool:
    """A record as a zip file."""
    try:
        files = unzipped(io.BytesIO(data), len(data))
    except RecordUnreadable as refused:
        assert str(refused)
        return False
    assert sum(map(len, files.values())) <= limits.RECORD_INFLATION * len(data) + limits.RECORD_INFLATION_FROM_BYTES
    verify_record(files)
    return True


def record(data: bytes) -> bool:
    """The published record with one file replaced: the first byte says which (beyond the last: a file too many)."""
    if not data:
        return False
    files = dict(small_record())
    paths = sorted(files)
    number = data[0] % (len(paths) + 1)
    path = paths[number] if number < len(paths) else data[1:40].decode("latin-1")
    whole = files.get(path) == data[1:]
    files[path] = data[1:]
    report = verify_record(files)
    assert report.ok == (not report.findings)
    assert report.ok == whole, "another file than the published one is a fault"
    return report.ok


def evidence(data: bytes) -> bool:
    """A file that says who contradicted whom."""
    shown = check_evidence(data)
    assert (shown.refusal is None) == bool(shown.words)
    if shown.refusal is not None:
        assert not shown.convicts
        return False
    assert shown.evidence is not None
    assert encode_evidence(shown.evidence) == data
    return True


def public_keys(data: bytes) -> bool:
    """A partner's public.json, as `redshank verify --keys` and a node's start read it."""
    try:
        public = msgspec.json.decode(data, type=PublicKeys)
        raw = public.raw()
    except (msgspec.MsgspecError, ValueError):
        return False
    found = party_keys("", CHANNEL, 2026, public.party, raw)
    return isinstance(found, PartyKeys)


def asterix(data: bytes) -> bool:
    """A datagram of a feed."""
    decoded = decode_block(source(), data, NIGHT)
    assert len(decoded.refusals) <= limits.REFUSALS_PER_DATAGRAM + 1
    # A record takes more than 8 bytes: specification, source, time, place.
    assert len(decoded.reports) <= len(data) // 8
    block_instant(source(), data, NIGHT)
    return bool(decoded.reports)


def capture(data: bytes) -> bool:
    """A recording: pcap, pcapng or raw blocks."""
    pieces = list(read_pieces(io.BytesIO(data)))
    assert sum(len(piece.data) for piece in pieces if isinstance(piece, Piece)) <= len(data)
    assert all(isinstance(piece, Piece) for piece in pieces[:-1]) or len(pieces) <= len(data)
    return any(isinstance(piece, Piece) for piece in pieces)


_places = cache(gazetteer)


def report(data: bytes) -> bool:
    """A person's report as JSON."""
    found = parse_report(desk(), data, NIGHT, _places())
    if isinstance(found, Refusal):
        assert found.field
        return False
    assert isinstance(found, Report)
    return True
