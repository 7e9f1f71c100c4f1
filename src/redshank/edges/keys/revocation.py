"""Revocation: a signed word that a set of keys counts no more, made with the keys and kept apart from them.

Here: making it, checking it, keeping a partner's beside its pin. Not here: what a node does then (compose,
edges/peers). May know: `public`, `keyset`, log (the one rule for Ed25519). Clause: docs/spec/keys.md KEY-12.
"""

import base64
import binascii
from pathlib import Path

import msgspec

from redshank.edges.keys.keyset import KeySet
from redshank.edges.keys.public import KeysFailed, PublicKeys, fingerprint
from redshank.edges.keys.sealed import replace_file
from redshank.log.ed25519 import verify
from redshank.terms import limits
from redshank.terms.ids import PartyId


class Revocation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`fingerprint` in hexadecimal digits; the signatures of both Ed25519 keys over `revocation_text`, in base64.

    Two are asked for so that who steals one key cannot silence its party.
    """

    party: PartyId
    fingerprint: str
    log_signature: str
    witness_signature: str


def revocation_text(party: PartyId, of: bytes) -> bytes:
    """What is signed. No head and no receipt can begin like it."""
    return f"redshank/revocation/v1\n{party}\n{of.hex()}\n".encode()


def make_revocation(keys: KeySet) -> bytes:
    """The certificate that revokes this set, as a file."""
    of = fingerprint(keys.public())
    text = revocation_text(keys.party, of)
    made = Revocation(
        party=keys.party,
        fingerprint=of.hex(),
        log_signature=base64.b64encode(keys.sign_with_log_key(text)).decode("ascii"),
        witness_signature=base64.b64encode(keys.sign_with_witness_key(text)).decode("ascii"),
    )
    return msgspec.json.encode(made, order="sorted")


def check_revocation(content: bytes, public: PublicKeys) -> Revocation:
    """The revocation, if it is one of exactly these keys. Raises KeysFailed."""
    if len(content) > limits.PUBLIC_KEYS_BYTES:
        raise KeysFailed("is no revocation: too large")
    try:
        told = msgspec.json.decode(content, type=Revocation)
        signatures = [base64.b64decode(one, validate=True) for one in (told.log_signature, told.witness_signature)]
    except (msgspec.MsgspecError, binascii.Error) as error:
        raise KeysFailed(f"is no revocation: {error}") from error
    of = fingerprint(public)
    if told.party != public.party or told.fingerprint != of.hex():
        raise KeysFailed(f"revokes other keys than those of {public.party} that are pinned")
    text = revocation_text(public.party, of)
    keys = (public.log_public(), public.witness_public())
    if not all(verify(key, signature, text) for key, signature in zip(keys, signatures, strict=True)):
        raise KeysFailed("is not signed by both keys that it revokes")
    return told


def revoked_path(pin: Path) -> Path:
    """Where the revocation of a pinned set lies: beside the pin."""
    return pin.with_name(pin.name + ".revoked")


def keep_revocation(pin: Path, content: bytes, public: PublicKeys) -> None:
    """Keeps a partner's revocation: from then on no node of ours takes these keys. Raises KeysFailed."""
    check_revocation(content, public)
    replace_file(revoked_path(pin), content, private=False)


def is_revoked(pin: Path, public: PublicKeys) -> bool:
    """Whether a revocation of these keys lies beside the pin. Raises KeysFailed for one of these keys that is damaged:
    what it is meant to say must be found out by a person, not guessed."""
    for path in pin.parent.glob("*.revoked"):
        try:
            content = path.read_bytes()
            told = msgspec.json.decode(content, type=Revocation)
            if told.fingerprint == fingerprint(public).hex():
                check_revocation(content, public)
                return True
        except (OSError, msgspec.MsgspecError, KeysFailed) as error:
            raise KeysFailed(f"{path}: cannot be taken as a revocation: {error}") from error
    return False
