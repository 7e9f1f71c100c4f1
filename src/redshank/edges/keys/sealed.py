"""Sealed files: private keys at rest, each encrypted under the party's passphrase, readable by their owner alone.

Here: passphrases and where they come from, the one derivation per folder, writing and reading encrypted files. There
is no plain form and no switch for one. Not here: what the keys are for (keyset). May know: terms.limits, `public`.

The passphrase goes once through scrypt (RFC 7914, N = 2^16, r = 8, p = 2, salt in the file `salt`); what comes out, in
base64, is the password of ordinary encrypted PKCS #8 files (RFC 5958, PBES2 of RFC 8018). So a state can open them
without Redshank: derive, then `openssl pkey -in log.key -passin …`.
"""

import base64
import errno
import hashlib
import hmac
import os
import secrets
import sys
from getpass import getpass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from redshank.edges.durable_file import write_file, write_secret
from redshank.edges.keys.public import KeysFailed
from redshank.terms import limits

SALT = "salt"
CREDENTIAL = "redshank-passphrase"  # the name under which systemd hands over a credential (LoadCredential=)
_NONCE_BYTES = 12


class Passphrase:
    """A passphrase. It never shows itself, in a log or an error."""

    def __init__(self, text: str) -> None:
        if len(text) < limits.PASSPHRASE_CHARS:
            raise KeysFailed(f"the passphrase is too short: it needs {limits.PASSPHRASE_CHARS} characters or more")
        self._text = text
        self._derived: dict[bytes, bytes] = {}
        """By salt: what the text gives. No more secret than the text that lies beside it."""

    def __repr__(self) -> str:
        return "Passphrase(…)"

    def derive(self, salt: bytes) -> bytes:
        """32 bytes; the first time for a salt about 0.3 s and 64 MiB, on purpose."""
        if salt not in self._derived:
            self._derived[salt] = hashlib.scrypt(  # OpenSSL's, which lets other threads work meanwhile
                self._text.encode("utf-8"), salt=salt, n=2**16, r=8, p=2, dklen=32, maxmem=2**27
            )
        return self._derived[salt]


def random_passphrase() -> str:
    """256 random bits as text, for keys that no person opens, as in an exercise."""
    return secrets.token_urlsafe(32)


def read_passphrase(path: Path) -> Passphrase:
    """The first line of a file that only its owner can read. Raises KeysFailed."""
    try:
        _refuse_open_file(path)
        return Passphrase(path.read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, UnicodeDecodeError) as error:
        raise KeysFailed(f"{path}: cannot be read as a passphrase: {error}") from error


def read_passphrase_from(descriptor: int) -> Passphrase:
    """The first line of an open file descriptor, which is closed. Raises KeysFailed."""
    try:
        with os.fdopen(descriptor, encoding="utf-8") as file:
            return Passphrase(file.readline().rstrip("\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise KeysFailed(f"file descriptor {descriptor}: no passphrase can be read from it: {error}") from error


def find_passphrase(path: Path | None, descriptor: int | None, *, fresh: bool = False) -> Passphrase:
    """The passphrase from the named place, else from a systemd credential, else from the person at the terminal.

    `fresh`: it is being chosen, so the person types it twice. Raises KeysFailed when there is none. An argument or a
    variable of the environment could be read by others, so neither holds it.
    """
    if descriptor is not None:
        return read_passphrase_from(descriptor)
    if path is not None:
        return read_passphrase(path)
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    if credentials and (Path(credentials) / CREDENTIAL).exists():
        return read_passphrase(Path(credentials) / CREDENTIAL)
    if not sys.stdin.isatty():
        raise KeysFailed(f"no passphrase: name a file or a descriptor, or hand over the credential {CREDENTIAL}")
    typed = getpass("Passphrase of the keys: ")
    if fresh and getpass("The same once more: ") != typed:
        raise KeysFailed("the two passphrases differ; nothing was made")
    return Passphrase(typed)


class Seal:
    """What opens and closes the sealed files of one folder."""

    def __init__(self, folder: Path, passphrase: Passphrase) -> None:
        self.folder = folder
        try:
            salt = (folder / SALT).read_bytes()
        except OSError as error:
            raise KeysFailed(f"{folder / SALT}: cannot be read; are there keys in this folder? {error}") from error
        self._key = passphrase.derive(salt)
        self._secrets = HKDFExpand(hashes.SHA256(), 32, b"redshank secrets").derive(self._key)
        self._codes = HKDFExpand(hashes.SHA256(), 32, b"redshank codes").derive(self._key)

    @classmethod
    def new_or_open(cls, folder: Path, passphrase: Passphrase) -> "Seal":
        """Opens the folder's seal, making the salt if there is none."""
        if not (folder / SALT).exists():
            write_new(folder / SALT, secrets.token_bytes(32))
        return cls(folder, passphrase)

    def write_key(self, name: str, key: PrivateKeyTypes) -> None:
        """An encrypted PKCS #8 file; never overwrites one."""
        write_new(self.folder / name, self.key_pem(key))

    def key_pem(self, key: PrivateKeyTypes) -> bytes:
        """The key as an encrypted PKCS #8 text."""
        return key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(self.password),
        )

    def read_key(self, name: str) -> PrivateKeyTypes:
        """Raises KeysFailed: the file is missing, open to others, not encrypted, or sealed with another passphrase."""
        path = self.folder / name
        content = _read_secret(path)
        if b"BEGIN ENCRYPTED PRIVATE KEY" not in content:
            raise KeysFailed(f"{path}: is not an encrypted private key; a plain one is not taken")
        try:
            return serialization.load_pem_private_key(content, password=self.password)
        except ValueError as error:
            raise KeysFailed(f"{path}: does not open with this passphrase, or is damaged") from error

    def write_secret(self, name: str, content: bytes) -> None:
        """A small secret under AES-256-GCM, bound to its file's name."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        write_new(self.folder / name, nonce + AESGCM(self._secrets).encrypt(nonce, content, name.encode()))

    def read_secret(self, name: str) -> bytes:
        """Raises KeysFailed."""
        content = _read_secret(self.folder / name)
        try:
            return AESGCM(self._secrets).decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError) as error:
            raise KeysFailed(f"{self.folder / name}: does not open with this passphrase, or is damaged") from error

    def code(self, content: bytes) -> str:
        """HMAC-SHA-256 of the content in hexadecimal digits: nobody without the passphrase can make it."""
        return hmac.new(self._codes, content, "sha256").hexdigest()

    @property
    def password(self) -> bytes:
        """The password of the PKCS #8 files, as any other program that opens them needs it."""
        return base64.b64encode(self._key)


def write_new(path: Path, content: bytes) -> None:
    """Creates the file readable by its owner alone, whole or not at all; never overwrites one. Raises OSError."""
    if path.exists():
        raise FileExistsError(errno.EEXIST, "exists already", str(path))
    write_secret(path, content)


def replace_file(path: Path, content: bytes, *, private: bool) -> None:
    """Puts the content in place of the file, whole or not at all. Raises OSError."""
    write_file(path, content, 0o600 if private else 0o644)


def _read_secret(path: Path) -> bytes:
    try:
        _refuse_open_file(path)
        return path.read_bytes()
    except OSError as error:
        raise KeysFailed(f"{path}: cannot be read: {error.strerror}") from error


def _refuse_open_file(path: Path) -> None:
    if path.stat().st_mode & 0o077:
        raise KeysFailed(f"{path}: others than its owner can read this; run: chmod 600 {path}")
