"""What fuzzing and reading with a bad will have found, once each, so that it is not found again."""

import io
import struct

from fuzz.files import report
from tests.edges.test_feeds_recording import capture

from redshank.edges.feeds.capture import read_pieces
from redshank.exchange.delivery import parse_delivery
from redshank.terms.refusal import Reason, Refusal


def test_a_push_without_its_blank_line_is_malformed() -> None:
    """DEL-1: it was taken as one without a head, which has another spelling."""
    found = parse_delivery(b"redshank-delivery/1 5\nold 1")
    assert isinstance(found, Refusal)
    assert (found.reason, found.field) == (Reason.MALFORMED, "old")


def test_ip_in_ip_in_ip_without_end_is_passed_over() -> None:
    """dpkt reads each by calling itself: a RecursionError left the reader."""
    shells = [
        struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 * (3_000 - n), 0, 0, 9, 4, 0, bytes(4), bytes(4)) for n in range(3_000)
    ]
    assert list(read_pieces(io.BytesIO(capture([b"".join(shells)], 101)))) == []


def test_an_unknown_field_with_a_backtick_in_its_name_is_named() -> None:
    """The refusal named no field at all."""
    assert not report(b'{"at": "2026-05-07T00:29:00Z", "reporter": "police", "`x": 1}')
    assert not report(b'{"at": "2026-05-07T00:29:00Z", "reporter": "police", "": 1}')
