"""Token: the Ed25519 keys of log and witness on a PKCS #11 token, where they can be used and not copied.

Here: making them there, signing there (CKM_EDDSA, PKCS #11 v3.0 section 2.3.14). Not here: the sealed files (sealed);
the ML-DSA keys, which no token of today holds in a form that two makers share, so that they stay in sealed files. May
know: `public`, `sealed`.

The token's PIN lies sealed beside the other files, so one passphrase starts the node; without the token itself it opens
nothing.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import msgspec

from redshank.edges.keys.public import KeysFailed
from redshank.edges.keys.sealed import Seal, write_new

if TYPE_CHECKING:  # the library takes a tenth of a second to load: only a node with a token does
    import pkcs11
    from pkcs11 import Mechanism, ObjectClass

PLACE, PIN = "token.json", "token.pin"
_EDWARDS25519 = bytes.fromhex("130c656477617264733235353139")  # PrintableString "edwards25519" (PKCS #11 v3.0 2.3.5)
_RAW_BYTES = 32


class TokenPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the keys are: the vendor's library, the token's label, and the label that both keys begin with."""

    library: str
    token: str
    keys: str


class _Key(Protocol):
    """What is used of a private key of the library's."""

    def sign(self, data: bytes, mechanism: "Mechanism") -> bytes:
        """A signature."""


class TokenSigner:
    """One Ed25519 key on a token."""

    def __init__(self, private: _Key, public_raw: bytes) -> None:
        self._private = private
        self._public_raw = public_raw

    def sign(self, message: bytes) -> bytes:
        """64 bytes (RFC 8032, PureEdDSA). Raises KeysFailed: the token was pulled or has locked itself."""
        import pkcs11

        try:
            return bytes(self._private.sign(message, mechanism=pkcs11.Mechanism.EDDSA))
        except pkcs11.PKCS11Error as error:
            raise KeysFailed(f"the token does not sign: {_words(error)}") from error

    def public_bytes_raw(self) -> bytes:
        """32 bytes."""
        return self._public_raw


class Token:
    """An open token."""

    def __init__(self, place: TokenPlace, pin: str) -> None:
        import pkcs11

        self._place = place
        try:
            library = pkcs11.lib(place.library)
            self._session = library.get_token(token_label=place.token).open(rw=True, user_pin=pin)
        except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
            raise KeysFailed(f"token {place.token!r} of {place.library}: {_words(error)}") from error

    def make(self, role: str) -> None:
        """Makes the key of this role ("log" or "witness") on the token, never to leave it; keeps one that is there."""
        import pkcs11
        from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass

        label = self._label(role)
        if self._find(ObjectClass.PRIVATE_KEY, label) is not None:
            return
        secret = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
        try:
            curve = self._session.create_domain_parameters(
                KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: _EDWARDS25519}, local=True
            )
            curve.generate_keypair(
                mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=label, private_template=secret
            )
        except pkcs11.PKCS11Error as error:
            raise KeysFailed(f"token {self._place.token!r}: cannot make an Ed25519 key: {_words(error)}") from error

    def signer(self, role: str) -> TokenSigner:
        """The key of this role. Raises KeysFailed."""
        from pkcs11 import Attribute, ObjectClass

        label = self._label(role)
        private, public = self._find(ObjectClass.PRIVATE_KEY, label), self._find(ObjectClass.PUBLIC_KEY, label)
        if private is None or public is None:
            raise KeysFailed(f"token {self._place.token!r}: has no key {label!r}")
        point = bytes(cast("pkcs11.PublicKey", public)[Attribute.EC_POINT])
        if len(point) not in (_RAW_BYTES, _RAW_BYTES + 2):  # some makers wrap it in an OCTET STRING, some do not
            raise KeysFailed(f"token {self._place.token!r}: {label!r} is not an Ed25519 key")
        return TokenSigner(cast(_Key, private), point[-_RAW_BYTES:])

    def close(self) -> None:
        """Logs out; a token lets a process log in once at a time."""
        self._session.close()

    def _label(self, role: str) -> str:
        return f"{self._place.keys} {role}"

    def _find(self, kind: "ObjectClass", label: str) -> "pkcs11.Object | None":
        from pkcs11 import Attribute

        found = list(self._session.get_objects({Attribute.CLASS: kind, Attribute.LABEL: label}))
        if len(found) > 1:
            raise KeysFailed(f"token {self._place.token!r}: holds {len(found)} keys {label!r}; which one?")
        return found[0] if found else None


def keep_place(seal: Seal, place: TokenPlace, pin: str) -> Token:
    """Opens the token and notes in the folder that the keys are there. Raises KeysFailed."""
    token = Token(place, pin)
    if not (seal.folder / PLACE).exists():
        seal.write_secret(PIN, pin.encode("utf-8"))
        write_new(seal.folder / PLACE, msgspec.json.encode(place))
    return token


def open_noted(seal: Seal) -> Token | None:
    """The token that the folder names; None when its keys lie in files. Raises KeysFailed."""
    path: Path = seal.folder / PLACE
    if not path.exists():
        return None
    try:
        place = msgspec.json.decode(path.read_bytes(), type=TokenPlace)
    except (OSError, msgspec.MsgspecError) as error:
        raise KeysFailed(f"{path}: cannot be read: {error}") from error
    return Token(place, seal.read_secret(PIN).decode("utf-8"))


def _words(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()
