"""Keys: what a party holds in secret, and what it shows to its partners.

Here: the sealed files, the key set that signs, certificates, the public file with its fingerprint in check words, the
pins of partners, sets beside one another, tokens, revocation. Not here: what is signed. May know: terms, log (names of
keys), exchange (names of parties).
"""

from redshank.edges.keys.keyset import KeySet, make_keys
from redshank.edges.keys.public import KeyExchange, KeysFailed, PublicKeys, host_name
from redshank.edges.keys.ring import KeyRing
from redshank.edges.keys.sealed import Passphrase

__all__ = ["KeyExchange", "KeyRing", "KeySet", "KeysFailed", "Passphrase", "PublicKeys", "host_name", "make_keys"]
