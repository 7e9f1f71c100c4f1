"""What an officer sees of a link: its key exchange, its fault, and a certificate that ends soon."""

import datetime as dt

from tests.edges.peer_parties import BY, LT, LV

from redshank.compose.links import with_links
from redshank.console.view import LineView, View
from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeyExchange
from redshank.edges.peers.links import LinkBook
from redshank.terms import limits
from redshank.terms.instants import Instant

DAY_MS = round(dt.timedelta(days=1).total_seconds() * 1_000)


def view() -> View:
    line = LineView(
        channel="BY-LT", partner=BY, state="up", own_size=0, receipted_size=0, partner_size=0, queued=0,
        last_contact_ms=None, last_test_ms=None, refusals=[],
    )  # fmt: skip
    return View(
        party=LT, exercise=False, now_ms=0, clock_rate=1.0, tracks=[], forecasts=[], incidents=[],
        partner_pictures=[], lines=[line], feeds=[],
    )  # fmt: skip


def shown(book: LinkBook, own_ends: int, now: int) -> LineView:
    (line,) = with_links(view(), book, Instant(own_ends), Instant(now)).lines
    return line


def test_the_console_warns_thirty_days_before_a_certificate_ends() -> None:
    """KEY-11: on both sides of the day, for ours and the partner's, and after the end too."""
    assert limits.CERTIFICATE_WARN_MS == 30 * DAY_MS
    now, book = int(SystemClock().now()), LinkBook()
    ends = now + 400 * DAY_MS
    book.secured(BY, KeyExchange.HYBRID, Instant(ends))
    for days, warned in ((31, None), (29, ends), (-1, ends)):
        line = shown(book, ends, ends - days * DAY_MS)
        assert (line.own_certificate_ends_ms, line.partner_certificate_ends_ms) == (warned, warned)
    assert shown(LinkBook(), ends, ends).partner_certificate_ends_ms is None


def test_the_line_shows_its_key_exchange_and_why_a_link_was_refused() -> None:
    """KEY-7: in words, counted, until a link is secured again; another partner's do not mix in."""
    now, book = int(SystemClock().now()), LinkBook()
    far = now + 400 * DAY_MS
    assert (shown(book, far, now).key_exchange, shown(book, far, now).fault) == (None, "")
    book.secured(BY, KeyExchange.HYBRID, Instant(far))
    book.refused(BY, "downgrade", "BY would talk by x25519; its published keys say X25519MLKEM768")
    book.refused(BY, "downgrade", "BY would talk by x25519; its published keys say X25519MLKEM768")
    book.refused(LV, "bad-key", "other")
    book.refused(None, "downgrade", "nobody knows whose")
    line = shown(book, far, now)
    assert line.key_exchange == "X25519MLKEM768"
    assert line.fault == "BY would talk by x25519; its published keys say X25519MLKEM768"
    assert line.links_refused == [("downgrade", 2)]
    assert with_links(view(), book, Instant(far), Instant(now)).strangers == [("downgrade", 1)]
    book.secured(BY, KeyExchange.HYBRID, Instant(far))
    assert (shown(book, far, now).fault, shown(book, far, now).links_refused) == ("", [("downgrade", 2)])
    book.bar(BY, "revoked")
    assert shown(book, far, now).fault == "revoked"
