"""The key from a passphrase: scrypt of RFC 7914, whichever library makes it."""

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from redshank.edges.keys.sealed import Passphrase


def test_the_key_is_the_one_that_another_library_makes():
    salt, text = bytes(range(32)), "a passphrase that nobody uses"
    assert Passphrase(text).derive(salt) == Scrypt(salt=salt, length=32, n=2**16, r=8, p=2).derive(text.encode())
