"""Pins: a partner's public keys as two officers confirmed them by voice, and the journal of who did so.

Here: writing a pin and reading it back; each bears a code that only the holder of our own keys can make (HMAC-SHA-256,
RFC 2104), so that nobody pins a partner by copying a file. Not here: the talk with the officer (cli). May know: the
rest of this room. Clauses: docs/spec/keys.md KEY-4.
"""

import hmac
from pathlib import Path

import msgspec

from redshank.edges.keys.keyset import KeySet
from redshank.edges.keys.public import KeysFailed, PublicKeys, fingerprint
from redshank.edges.keys.revocation import is_revoked, revoked_path
from redshank.edges.keys.sealed import replace_file
from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant

JOURNAL = "pairings.jsonl"
VOICE, EXERCISE = "voice", "exercise"


class Confirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who confirmed what. Fingerprints are in hexadecimal digits, whole; `how` is VOICE or EXERCISE."""

    at: Instant
    party: PartyId
    fingerprint: str
    officer: str
    partner: PartyId
    partner_fingerprint: str
    partner_officer: str
    how: str


class _Pin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    public: PublicKeys
    confirmation: Confirmation
    code: str


class _JournalLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line; its code covers the code of the line before, so none can be taken out or changed unseen."""

    confirmation: Confirmation
    code: str


def pin_partner(
    keys: KeySet, path: Path, public: PublicKeys, confirmation: Confirmation, own: PublicKeys | None = None
) -> None:
    """Pins a partner's keys at `path` after their confirmation, and notes it in the journal of the key folder. `own`:
    the set of ours that was confirmed, where it is one that was made beside `keys`.

    A set pinned there before is kept beside it under its fingerprint. Raises KeysFailed when the confirmation is not
    about these two sets, or the set is revoked.
    """
    if public.party == keys.party or confirmation.partner != public.party or confirmation.party != keys.party:
        raise KeysFailed("the confirmation is about other parties")
    if confirmation.fingerprint != fingerprint(own or keys.public()).hex():
        raise KeysFailed("the confirmation is about another set of our own keys")
    if confirmation.partner_fingerprint != fingerprint(public).hex():
        raise KeysFailed("the confirmation is about another set of the partner's keys")
    for said in (confirmation.officer, confirmation.partner_officer):
        if not said.strip() or len(said) > limits.MESSAGE_TEXT_CHARS or not said.isprintable():
            raise KeysFailed("both officers must be named, in one line")
    _put_away(keys, path, public)
    _note(keys, confirmation)
    path.parent.mkdir(parents=True, exist_ok=True)
    bare = _Pin(public, confirmation, "")
    replace_file(path, msgspec.json.encode(_Pin(public, confirmation, _code(keys, bare)), order="sorted"), private=True)


def next_path(path: Path) -> Path:
    """Where a partner's pin lies that is for the next logs, beside the one at `path` (KEY-15)."""
    return path.with_name(f"{path.stem}.next{path.suffix}")


def pinned(keys: KeySet, path: Path) -> list[PublicKeys]:
    """A partner's pinned sets: the one at `path`, and the one beside it. Raises KeysFailed as `read_pin`."""
    return [read_pin(keys, one)[0] for one in (path, next_path(path)) if one.exists()]


def newest_pin(keys: KeySet, path: Path) -> tuple[PublicKeys, Confirmation]:
    """Of a partner's pin and the one beside it, that of the last ceremony. Raises KeysFailed as `read_pin`."""
    pins = [read_pin(keys, one) for one in (path, next_path(path)) if one == path or one.exists()]
    return max(pins, key=lambda pin: pin[1].at)


def place_for(keys: KeySet, path: Path, public: PublicKeys, own: PublicKeys) -> Path:
    """Where a new pin belongs: in the old one's place when keys of log and witness are the same on both sides, for then
    no log changes; else beside it. Raises KeysFailed as `read_pin`."""
    if not path.exists():
        return path
    before, told = read_pin(keys, path)
    same_partner = before.raw() == public.raw()
    same_own = told.fingerprint == fingerprint(own).hex() or own.raw() == keys.public().raw()
    return path if same_partner and same_own else next_path(path)


def confirmed(
    keys: KeySet,
    public: PublicKeys,
    officer: str,
    partner_officer: str,
    at: Instant,
    how: str,
    own: PublicKeys | None = None,
) -> Confirmation:
    """That these two sets were compared, by these two officers. `own` as in `pin_partner`."""
    return Confirmation(
        at=at,
        party=keys.party,
        fingerprint=fingerprint(own or keys.public()).hex(),
        officer=officer,
        partner=public.party,
        partner_fingerprint=fingerprint(public).hex(),
        partner_officer=partner_officer,
        how=how,
    )


def read_pin(keys: KeySet, path: Path) -> tuple[PublicKeys, Confirmation]:
    """A partner's pinned keys and who confirmed them. Raises KeysFailed for anything that `redshank pair` did not write
    under these keys of ours."""
    try:
        pin = msgspec.json.decode(path.read_bytes(), type=_Pin)
    except OSError as error:
        raise KeysFailed(f"{path}: cannot be read: {error.strerror}; pair with this partner first") from error
    except msgspec.MsgspecError as error:
        raise KeysFailed(f"{path}: is no pin; pair with this partner first (redshank pair): {error}") from error
    told = pin.confirmation
    whole = hmac.compare_digest(_code(keys, _Pin(pin.public, told, "")), pin.code)
    if not whole or told.partner_fingerprint != fingerprint(pin.public).hex() or told.party != keys.party:
        raise KeysFailed(f"{path}: was not pinned by `redshank pair` with the keys in use; pair anew")
    return pin.public, told


def read_journal(keys: KeySet) -> list[Confirmation]:
    """All pairings in order. Raises KeysFailed naming the first line that was changed, added or moved."""
    path, before, told = keys.folder / JOURNAL, "", []
    lines = path.read_bytes().splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            entry = msgspec.json.decode(line, type=_JournalLine)
        except msgspec.MsgspecError as error:
            raise KeysFailed(f"{path}: line {number}: {error}") from error
        if not hmac.compare_digest(_line_code(keys, entry.confirmation, before), entry.code):
            raise KeysFailed(f"{path}: line {number} does not follow from those before it")
        told.append(entry.confirmation)
        before = entry.code
    return told


def _put_away(keys: KeySet, path: Path, public: PublicKeys) -> None:
    """Makes room for a new set; the same set again stays where it is, unless it is revoked."""
    if is_revoked(path, public):
        raise KeysFailed(f"these keys of {public.party} are revoked")
    old = read_pin(keys, path)[0] if path.exists() else None
    if old is None or fingerprint(old) == fingerprint(public):
        return
    kept = path.with_name(f"{path.stem}.{fingerprint(old).hex()[:16]}{path.suffix}")
    if revoked_path(path).exists():
        revoked_path(path).replace(revoked_path(kept))
    path.replace(kept)


def _note(keys: KeySet, confirmation: Confirmation) -> None:
    read_journal(keys)  # whole so far, or nothing is added
    path = keys.folder / JOURNAL
    old = path.read_bytes() if path.exists() else b""
    before = msgspec.json.decode(old.splitlines()[-1], type=_JournalLine).code if old else ""
    line = _JournalLine(confirmation, _line_code(keys, confirmation, before))
    replace_file(path, old + msgspec.json.encode(line, order="sorted") + b"\n", private=True)


def _line_code(keys: KeySet, confirmation: Confirmation, before: str) -> str:
    return keys.code(b"pairing\n" + before.encode() + b"\n" + msgspec.json.encode(confirmation, order="sorted"))


def _code(keys: KeySet, bare: _Pin) -> str:
    return keys.code(b"pin\n" + msgspec.json.encode(bare, order="sorted"))
