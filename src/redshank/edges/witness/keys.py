"""Keys of a third party's witness: one Ed25519 and one ML-DSA-44 key under one name.

Here: making them, reading them back, signing. Not here: what is signed. Private keys lie in files that only their owner
can read. May know: log.
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from redshank.edges.keys import KeysFailed
from redshank.log.note import HybridKey, KeyKind, hybrid_key
from redshank.terms.refusal import Refusal

_FILES = ("witness.key", "witness.mldsa.key")


class WitnessKeys:
    """The opened keys of a witness. Raises KeysFailed."""

    def __init__(self, name: str, folder: Path) -> None:
        first, second = (_read(folder / file) for file in _FILES)
        if not isinstance(first, Ed25519PrivateKey) or not isinstance(second, MLDSA44PrivateKey):
            raise KeysFailed(f"{folder}: needs an Ed25519 key in {_FILES[0]} and an ML-DSA-44 key in {_FILES[1]}")
        self._ed25519, self._mldsa = first, second
        publics = first.public_key().public_bytes_raw(), second.public_key().public_bytes_raw()
        public = hybrid_key(name, KeyKind.WITNESS, *publics)
        if isinstance(public, Refusal):
            raise KeysFailed(f"{folder}: {public}")
        self.public: HybridKey = public

    def sign_with_witness_key(self, message: bytes) -> bytes:
        """Ed25519 signature (64 bytes)."""
        return self._ed25519.sign(message)

    def sign_with_witness_mldsa_key(self, message: bytes) -> bytes:
        """ML-DSA-44 signature (2,420 bytes)."""
        return self._mldsa.sign(message)


def make_witness_keys(name: str, folder: Path) -> WitnessKeys:
    """Makes both keys in `folder`; what is there already is kept. Raises KeysFailed or OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh: tuple[Ed25519PrivateKey | MLDSA44PrivateKey, ...] = (
        Ed25519PrivateKey.generate(),
        MLDSA44PrivateKey.generate(),
    )
    for file, key in zip(_FILES, fresh, strict=True):
        if not (folder / file).exists():
            pem = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            descriptor = os.open(folder / file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(pem)
                opened.flush()
                os.fsync(opened.fileno())
    return WitnessKeys(name, folder)


def _read(path: Path) -> object:
    try:
        if path.stat().st_mode & 0o077:
            raise KeysFailed(f"{path}: others than its owner can read this key; run: chmod 600 {path}")
        return serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise KeysFailed(f"{path}: cannot be read as a private key: {error}") from error
