"""The ceremony: one fingerprint for one set of keys, words that catch an error, pins that only the ceremony makes."""

import base64
import hashlib
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic
from tests.edges.peer_parties import BY, LT, LV, make_party

from redshank.cli.keeping import TRIES_PER_WORD, hear_words
from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeySet, KeysFailed, PublicKeys
from redshank.edges.keys.pins import (
    EXERCISE,
    JOURNAL,
    VOICE,
    Confirmation,
    confirmed,
    pin_partner,
    read_journal,
    read_pin,
)
from redshank.edges.keys.public import fingerprint, parse_public, public_bytes
from redshank.edges.keys.words import WORDS, word_fault, words_of
from redshank.log.ed25519 import LOW_ORDER_Y
from redshank.terms import limits
from redshank.terms.ids import PartyId


@pytest.fixture(scope="module")
def lt(tmp_path_factory: pytest.TempPathFactory) -> KeySet:
    return make_party(LT, tmp_path_factory.mktemp("lt"))


@pytest.fixture(scope="module")
def by(tmp_path_factory: pytest.TempPathFactory) -> KeySet:
    return make_party(BY, tmp_path_factory.mktemp("by"))


def seen(keys: KeySet, public: PublicKeys, how: str = VOICE) -> Confirmation:
    return confirmed(keys, public, "duty officer Jonaitis", "duty officer Ivanova", SystemClock().now(), how)


# --- public.json and its fingerprint ----------------------------------------------------------------------------------


def test_one_set_of_keys_has_one_file_and_one_fingerprint(by: KeySet) -> None:
    """KEY-1 and KEY-2."""
    public = by.public()
    content = public_bytes(public)
    assert parse_public(content) == parse_public(content + b"\n") == public
    assert fingerprint(public) == hashlib.sha256(content).digest()
    for other in (msgspec.json.encode(public), content.replace(b",", b", ", 1), content[:-1], b"", b"[]"):
        with pytest.raises(KeysFailed):
            parse_public(other)
    assert parse_public(content.ljust(limits.PUBLIC_KEYS_BYTES, b"\n")) == public
    with pytest.raises(KeysFailed, match="larger"):
        parse_public(content.ljust(limits.PUBLIC_KEYS_BYTES + 1, b"\n"))


def test_every_member_of_the_file_counts_for_the_fingerprint(by: KeySet, lt: KeySet) -> None:
    """KEY-2: a stripped key exchange or a foreign authority is another fingerprint, and so other words."""
    public, other = by.public(), lt.public()
    for name in public.__struct_fields__:
        value = getattr(other, name) if name != "key_exchange" else public.key_exchange[1:]
        changed = msgspec.structs.replace(public, **{name: value})
        assert words_of(fingerprint(changed)) != words_of(fingerprint(public)), name


def changed(public: PublicKeys, **members: str) -> bytes:
    return public_bytes(msgspec.structs.replace(public, **members))


@pytest.mark.parametrize("member", ["log_key", "witness_key"])
@pytest.mark.parametrize("y", sorted(LOW_ORDER_Y))
@pytest.mark.parametrize("sign", [0, 0x80])
def test_key_13_a_key_of_low_order_is_never_pinned(by: KeySet, member: str, y: bytes, sign: int) -> None:
    low = base64.b64encode(y[:31] + bytes([y[31] | sign])).decode()
    with pytest.raises(KeysFailed, match="low order"):
        parse_public(changed(by.public(), **{member: low}))


def test_keys_that_cannot_be_used_are_refused_when_they_are_read(by: KeySet, lt: KeySet) -> None:
    """KEY-13."""
    public = by.public()
    for members in (
        {"log_key": "AAAA"},
        {"log_key": "no base64"},
        {"log_key": public.witness_key},
        {"log_key_mldsa": public.witness_key_mldsa},
        {"log_key_mldsa": public.log_key},
        {"authority_pem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
        {"authority_pem": by.tls.certificate.public_bytes(Encoding.PEM).decode()},
    ):
        with pytest.raises(KeysFailed):
            parse_public(changed(public, **members))


# --- check words ------------------------------------------------------------------------------------------------------


@given(st.binary(min_size=32, max_size=32))
def test_words_hold_the_first_128_bits_and_a_checksum(mark: bytes) -> None:
    """KEY-3: twelve words of BIP-39, English; the reference reads them back."""
    words = words_of(mark)
    assert len(words) == WORDS
    assert bytes(Mnemonic("english").to_entropy(list(words))) == mark[:16]


@given(st.binary(min_size=32, max_size=32), st.integers(0, WORDS - 1), st.data())
def test_any_wrong_or_swapped_word_is_named(mark: bytes, number: int, data: st.DataObject) -> None:
    """KEY-3: as soon as it is typed; the right word is not told to who did not hear it."""
    words = words_of(mark)
    assert word_fault(words[number].upper() + " ", number, words) is None
    assert word_fault(words[number][:4], number, words) is None
    wrong = data.draw(st.sampled_from(Mnemonic("english").wordlist))
    if wrong != words[number]:
        fault = word_fault(wrong, number, words)
        assert fault is not None
        told = f"word {number + 1}: “{wrong}” is a check word, but not the one of this file at this place"
        elsewhere = f"; it is word {words.index(wrong) + 1}" if wrong in words else ""
        assert fault == told + elsewhere  # nothing in it comes from the right word
    other = (number + 1) % WORDS
    if words[other] != words[number]:
        assert "it is word" in str(word_fault(words[other], number, words))


def test_a_misheard_word_brings_the_nearest_to_mind() -> None:
    """KEY-3."""
    words = words_of(bytes(32))  # eleven times "abandon", and "about"
    assert word_fault("abandan", 0, words) == "word 1: “abandan” is no check word; did you hear “abandon”?"
    assert word_fault("7q", 0, words) == "word 1: “7q” is no check word"
    assert word_fault("aba", 0, words) is not None


def test_the_first_four_letters_tell_each_word_of_the_list() -> None:
    """KEY-3: what the beginning of a word stands for."""
    assert len({word[:4] for word in Mnemonic("english").wordlist}) == 2_048


def test_hearing_goes_on_after_a_mistake_and_ends_when_a_word_stays_wrong() -> None:
    """KEY-4: three tries a word."""
    words = words_of(hashlib.sha256(b"keys").digest())
    asked: list[str] = []

    def answers(*said: str):
        told = iter(said)

        def ask(what: str) -> str:
            asked.append(what)
            return next(told)

        return ask

    hear_words(words, answers("zoo", words[0], "xx", "xx", words[1], *words[2:]))
    assert asked[:3] == ["Word 1 of 12", "Word 1 of 12", "Word 2 of 12"]
    with pytest.raises(KeysFailed, match=r"word 2 is not the word of this file.*Nothing was pinned"):
        hear_words(words, answers(words[0], *["zoo"] * TRIES_PER_WORD))


# --- pins -------------------------------------------------------------------------------------------------------------


def test_a_pin_is_read_back_with_who_confirmed_it(lt: KeySet, by: KeySet, tmp_path: Path) -> None:
    """KEY-4."""
    path, told = tmp_path / "pinned" / "BY.json", seen(lt, by.public())
    pin_partner(lt, path, by.public(), told)
    assert read_pin(lt, path) == (by.public(), told)
    assert told in read_journal(lt)


def test_nothing_but_the_ceremony_makes_a_pin(lt: KeySet, by: KeySet, tmp_path: Path) -> None:
    """KEY-4: not the partner's file, not a pin of another node, not a pin in which anything was changed."""
    path = tmp_path / "BY.json"
    with pytest.raises(KeysFailed, match="pair with this partner first"):
        read_pin(lt, path)
    path.write_bytes(public_bytes(by.public()))
    with pytest.raises(KeysFailed, match="pair with this partner first"):
        read_pin(lt, path)
    path.unlink()
    pin_partner(lt, path, by.public(), seen(lt, by.public()))
    whole = path.read_bytes()
    with pytest.raises(KeysFailed, match="pair anew"):
        read_pin(by, path)
    for old, new in ((b"Ivanova", b"Petrova"), (b'"voice"', b'"radio"'), (by.public().log_key.encode(), b"A" * 44)):
        assert old in whole
        path.write_bytes(whole.replace(old, new))
        with pytest.raises(KeysFailed, match="pair anew"):
            read_pin(lt, path)


def test_a_confirmation_is_about_these_two_sets_and_two_named_officers(lt: KeySet, by: KeySet, tmp_path: Path) -> None:
    """KEY-4."""
    told, path = seen(lt, by.public()), tmp_path / "BY.json"
    for wrong in (
        {"party": LV},
        {"partner": LV},
        {"fingerprint": "00" * 32},
        {"partner_fingerprint": told.fingerprint},
        {"officer": " "},
        {"partner_officer": "two\nlines"},
        {"officer": "x" * (limits.MESSAGE_TEXT_CHARS + 1)},
    ):
        with pytest.raises(KeysFailed):
            pin_partner(lt, path, by.public(), msgspec.structs.replace(told, **wrong))
    assert not path.exists()
    pin_partner(lt, path, by.public(), msgspec.structs.replace(told, officer="x" * limits.MESSAGE_TEXT_CHARS))


def test_a_new_set_takes_the_place_of_an_old_one_that_is_kept(lt: KeySet, by: KeySet, tmp_path: Path) -> None:
    """KEY-14: rotation: the partner makes new keys, and both pair anew."""
    path = tmp_path / "pinned" / "BY.json"
    pin_partner(lt, path, by.public(), seen(lt, by.public()))
    new = make_party(PartyId("BY"), tmp_path / "new").public()
    pin_partner(lt, path, new, seen(lt, new))
    assert read_pin(lt, path)[0] == new
    (kept,) = path.parent.glob(f"BY.{fingerprint(by.public()).hex()[:16]}.json")
    assert read_pin(lt, kept)[0] == by.public()


def test_the_journal_of_pairings_shows_what_was_done_to_it(by: KeySet, tmp_path: Path) -> None:
    """KEY-4: a line that is changed, taken out, moved or added is named, and nothing is added to such a journal."""
    lt = make_party(LT, tmp_path / "lt")
    assert read_journal(lt) == []
    told = [seen(lt, by.public(), how) for how in (VOICE, EXERCISE, VOICE)]
    for number, one in enumerate(told):
        pin_partner(lt, tmp_path / f"{number}.json", by.public(), one)
    assert read_journal(lt) == told
    path = lt.folder / JOURNAL
    first, second, third = path.read_bytes().splitlines(keepends=True)
    for forged in (
        first + third,
        second + first + third,
        first + second.replace(b"exercise", b"voice   ") + third,
        first + second + third + third,
        first + second + b"{}\n",
    ):
        path.write_bytes(forged)
        with pytest.raises(KeysFailed, match="line"):
            read_journal(lt)
        with pytest.raises(KeysFailed, match="line"):
            pin_partner(lt, tmp_path / "more.json", by.public(), told[0])
