"""Revocation: made with the keys, kept apart, and from its arrival on the keys open no link."""

import base64
from pathlib import Path

import msgspec
import pytest
from tests.edges.peer_parties import BY, DELIVERY, LT, Desk, call, listening, make_party

from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeySet, KeysFailed
from redshank.edges.keys.pins import VOICE, confirmed, pin_partner
from redshank.edges.keys.public import fingerprint
from redshank.edges.keys.revocation import (
    Revocation,
    check_revocation,
    is_revoked,
    keep_revocation,
    make_revocation,
    revocation_text,
    revoked_path,
)
from redshank.edges.peers.links import LinkBook
from redshank.edges.peers.stream import LineBroken
from redshank.edges.peers.tls import LinkRefused
from redshank.log.note import parse_note
from redshank.terms.refusal import Refusal


@pytest.fixture(scope="module")
def lt(tmp_path_factory: pytest.TempPathFactory) -> KeySet:
    return make_party(LT, tmp_path_factory.mktemp("lt"))


@pytest.fixture(scope="module")
def by(tmp_path_factory: pytest.TempPathFactory) -> KeySet:
    return make_party(BY, tmp_path_factory.mktemp("by"))


def test_a_revocation_is_of_exactly_these_keys_and_signed_by_both(by: KeySet, lt: KeySet, tmp_path: Path) -> None:
    """KEY-12."""
    content = make_revocation(by)
    told = check_revocation(content, by.public())
    assert told.fingerprint == fingerprint(by.public()).hex()
    again = make_party(BY, tmp_path / "again").public()
    for public in (again, lt.public()):
        with pytest.raises(KeysFailed, match="revokes other keys"):
            check_revocation(content, public)
    text = revocation_text(BY, fingerprint(by.public()))
    alone = base64.b64encode(by.sign_with_log_key(text)).decode()
    for forged in (
        msgspec.structs.replace(told, witness_signature=alone),
        msgspec.structs.replace(told, log_signature=told.witness_signature),
        msgspec.structs.replace(told, log_signature=""),
    ):
        with pytest.raises(KeysFailed, match="not signed by both"):
            check_revocation(msgspec.json.encode(forged), by.public())
    for garbage in (b"", b"{}", content + b"x", content.replace(b'"log', b'"lag'), b"x" * 100_000):
        with pytest.raises(KeysFailed, match="is no revocation"):
            check_revocation(garbage, by.public())


def test_its_text_can_be_neither_a_head_nor_a_receipt(by: KeySet) -> None:
    """KEY-12: so that nobody gets it signed under another name, nor anything else by it."""
    text = revocation_text(BY, fingerprint(by.public()))
    assert text.startswith(b"redshank/revocation/v1\n")
    assert not text.startswith(b"cosignature/v1\n")
    assert isinstance(parse_note(text), Refusal)


def test_revoked_keys_are_not_pinned_again(by: KeySet, lt: KeySet, tmp_path: Path) -> None:
    """KEY-12: not by pairing, not by taking the pin away, not by an older pin; other keys are."""
    path = tmp_path / "pinned" / "BY.json"
    seen = confirmed(lt, by.public(), "a", "b", SystemClock().now(), VOICE)
    pin_partner(lt, path, by.public(), seen)
    assert not is_revoked(path, by.public())
    keep_revocation(path, make_revocation(by), by.public())
    assert is_revoked(path, by.public())
    with pytest.raises(KeysFailed, match="are revoked"):
        pin_partner(lt, path, by.public(), seen)
    path.unlink()
    with pytest.raises(KeysFailed, match="are revoked"):
        pin_partner(lt, path, by.public(), seen)
    new = make_party(BY, tmp_path / "new").public()
    pin_partner(lt, path, new, confirmed(lt, new, "a", "b", SystemClock().now(), VOICE))
    assert not is_revoked(path, new)
    with pytest.raises(KeysFailed, match="are revoked"):
        pin_partner(lt, path, by.public(), seen)


def test_a_revocation_that_was_damaged_bars_too(by: KeySet, tmp_path: Path) -> None:
    """KEY-12: nobody guesses what it was."""
    path = tmp_path / "BY.json"
    keep_revocation(path, make_revocation(by), by.public())
    told = msgspec.json.decode(make_revocation(by), type=Revocation)
    revoked_path(path).write_bytes(msgspec.json.encode(msgspec.structs.replace(told, log_signature="")))
    with pytest.raises(KeysFailed, match="cannot be taken"):
        is_revoked(path, by.public())
    revoked_path(path).write_bytes(b"")
    with pytest.raises(KeysFailed, match="cannot be taken"):
        is_revoked(path, by.public())
    with pytest.raises(KeysFailed, match="revokes other keys"):
        keep_revocation(path, make_revocation(by), make_party(BY, tmp_path / "other").public())


async def test_a_barred_partner_has_no_link_in_either_direction_and_loses_the_one_it_has(
    by: KeySet, lt: KeySet
) -> None:
    """KEY-12: also the connection that stood before."""
    desk, book = Desk(), LinkBook()
    async with listening(lt, [by.public()], desk, book) as port:
        standing = call(port, by, lt.public())
        assert (await standing.request("POST", DELIVERY, b"before"))[0] == 200
        book.bar(BY, "the keys of BY are revoked")
        with pytest.raises(LineBroken):
            await standing.request("POST", DELIVERY, b"after")
    assert [body for _, body in desk.came] == [b"before"]
    assert book.of(BY).fault == "the keys of BY are revoked"
    assert book.of(BY).refused["revoked"] >= 1
    async with listening(by, [lt.public()], Desk()) as port:
        line = call(port, lt, by.public(), book)
        with pytest.raises(LinkRefused, match="revoked"):
            await line.request("POST", DELIVERY, b"x")
