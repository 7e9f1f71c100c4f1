"""Key set: the opened keys of one party, signing bytes that the core asks to have signed.

Here: making the set (log and witness keys, each as Ed25519 and as ML-DSA-44; certificate authority, TLS certificate),
opening it, signing. Not here: what the bytes say; how files are sealed (sealed). May know: terms, the rest of this
room. A private key never leaves it, but for the TLS key, which OpenSSL needs.
"""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from redshank.edges.durable_file import make_folder
from redshank.edges.keys.certificates import (
    AUTHORITY,
    AUTHORITY_KEY,
    NODE,
    TlsIdentity,
    make_authority,
    make_node_certificate,
    read_identity,
)
from redshank.edges.keys.public import KeyExchange, KeysFailed, PublicKeys
from redshank.edges.keys.sealed import Passphrase, Seal
from redshank.edges.keys.token import PLACE, Token, TokenPlace, keep_place, open_noted
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant

LOG, WITNESS = "log.key", "witness.key"
LOG_ROLE, WITNESS_ROLE = "log", "witness"
LOG_MLDSA, WITNESS_MLDSA = "log.mldsa.key", "witness.mldsa.key"


class Signer(Protocol):
    """An Ed25519 private key, wherever it lies."""

    def sign(self, message: bytes) -> bytes:
        """64 bytes (RFC 8032, PureEdDSA)."""

    def public_bytes_raw(self) -> bytes:
        """32 bytes."""


class _SealedSigner:
    """An Ed25519 key from a sealed file."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    def public_bytes_raw(self) -> bytes:
        return self._key.public_key().public_bytes_raw()


class KeySet:
    """The opened keys of one party."""

    def __init__(
        self, party: PartyId, folder: Path, passphrase: Passphrase | Seal, base: "KeySet | None" = None
    ) -> None:
        """`base`: the set that this one was made beside, whose authority and TLS certificate it shares. Raises
        KeysFailed."""
        seal = passphrase if isinstance(passphrase, Seal) else Seal(folder, passphrase)
        self.party = party
        self.folder = folder
        self._seal = seal
        self._token = open_noted(seal)
        self._log, self._witness = _signers(seal, self._token)
        self._log_mldsa, self._witness_mldsa = _mldsa(seal, LOG_MLDSA), _mldsa(seal, WITNESS_MLDSA)
        self.authority_path: Path = folder / AUTHORITY if base is None else base.authority_path
        self._tls_stamp: int = _stamp(folder / NODE) if base is None else base._tls_stamp
        self.tls: TlsIdentity = read_identity(seal) if base is None else base.tls

    def sign_with_log_key(self, message: bytes) -> bytes:
        """Ed25519 signature (64 bytes) by the log key."""
        return self._log.sign(message)

    def sign_with_witness_key(self, message: bytes) -> bytes:
        """Ed25519 signature (64 bytes) by the witness key."""
        return self._witness.sign(message)

    def sign_with_log_mldsa_key(self, message: bytes) -> bytes:
        """ML-DSA-44 signature (2,420 bytes) by the log's second key."""
        return self._log_mldsa.sign(message)

    def sign_with_witness_mldsa_key(self, message: bytes) -> bytes:
        """ML-DSA-44 signature (2,420 bytes) by the witness's second key."""
        return self._witness_mldsa.sign(message)

    def public(self) -> PublicKeys:
        """What the partners pin."""
        return PublicKeys(
            party=self.party,
            log_key=_base64(self._log.public_bytes_raw()),
            witness_key=_base64(self._witness.public_bytes_raw()),
            log_key_mldsa=_base64(self._log_mldsa.public_key().public_bytes_raw()),
            witness_key_mldsa=_base64(self._witness_mldsa.public_key().public_bytes_raw()),
            authority_pem=self.authority_path.read_text(encoding="ascii"),
            key_exchange=tuple(KeyExchange),
        )

    def close(self) -> None:
        """Lets go of the token, if there is one; nothing can be signed after it."""
        if self._token is not None:
            self._token.close()

    def code(self, content: bytes) -> str:
        """HMAC-SHA-256 in hexadecimal digits: says that this party's keys were open when it was made."""
        return self._seal.code(content)

    def refresh_tls(self) -> bool:
        """Takes a renewed TLS certificate from the folder; True if there was one. Raises KeysFailed, and then keeps
        the one in use."""
        stamp = _stamp(self.folder / NODE)
        if stamp == self._tls_stamp:
            return False
        self._tls_stamp = stamp
        self.tls = read_identity(self._seal)
        return True


def make_keys(
    party: PartyId,
    folder: Path,
    now: Instant,
    passphrase: Passphrase,
    *,
    token: tuple[TokenPlace, str] | None = None,
) -> KeySet:
    """Makes all keys of a party in `folder`; keys that are there already are kept. Raises KeysFailed.

    `token` is a place and its PIN: then the Ed25519 keys of log and witness are made there and never leave it.
    """
    make_folder(folder, 0o700)
    seal = Seal.new_or_open(folder, passphrase)
    makers: dict[str, Callable[[], PrivateKeyTypes]] = {
        LOG_MLDSA: MLDSA44PrivateKey.generate,
        WITNESS_MLDSA: MLDSA44PrivateKey.generate,
    }
    if token is None and not (folder / PLACE).exists():
        makers |= {LOG: Ed25519PrivateKey.generate, WITNESS: Ed25519PrivateKey.generate}
    elif token is not None:
        _make_on_token(seal, *token)
    there = [name for name in (*makers, AUTHORITY_KEY, NODE) if (folder / name).exists()]
    for name in there:
        seal.read_key(name)  # a wrong passphrase must show before anything is sealed with it
    for name, make in makers.items():
        if name not in there:
            seal.write_key(name, make())
    if not (folder / AUTHORITY).exists():
        make_authority(party, seal, now)
    if not (folder / NODE).exists():
        make_node_certificate(party, seal, now)
    return KeySet(party, folder, seal)


def _stamp(path: Path) -> int:
    """Changes when the file is replaced. Raises KeysFailed when it is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise KeysFailed(f"{path}: cannot be read: {error.strerror}") from error


def _make_on_token(seal: Seal, place: TokenPlace, pin: str) -> None:
    if (seal.folder / LOG).exists():
        raise KeysFailed(f"{seal.folder}: has these keys in files already; keys on a token are a new set")
    opened = keep_place(seal, place, pin)
    for role in (LOG_ROLE, WITNESS_ROLE):
        opened.make(role)
    opened.close()


def _signers(seal: Seal, token: Token | None) -> tuple[Signer, Signer]:
    """The Ed25519 keys of log and witness, on the token that the folder names or in its files."""
    if token is None:
        return _signer(seal, LOG), _signer(seal, WITNESS)
    return token.signer(LOG_ROLE), token.signer(WITNESS_ROLE)


def _signer(seal: Seal, name: str) -> Signer:
    key = seal.read_key(name)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysFailed(f"{seal.folder / name}: is not an Ed25519 key")
    return _SealedSigner(key)


def _mldsa(seal: Seal, name: str) -> MLDSA44PrivateKey:
    key = seal.read_key(name)
    if not isinstance(key, MLDSA44PrivateKey):
        raise KeysFailed(f"{seal.folder / name}: is not an ML-DSA-44 key")
    return key


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
