"""A store of people and its doors for tests: real file, real hashes, time in hand."""

import base64
import hashlib
import json
import secrets

from cbor2 import dumps
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from redshank.edges.people import PeopleStore
from redshank.edges.people.doors import Doors
from redshank.edges.people.factors import Site
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.terms.roles import Role

NOW = Instant(1_778_115_600_000)
SITE = Site("localhost", "http://localhost:8101", "Redshank LT")
PASSWORD = "correct horse battery"


class Rooms:
    """One node's people."""

    def __init__(self, folder, *, exercise=False):
        self.store = PeopleStore(folder / "people.sqlite", PartyId("LT"))
        self.doors = Doors(self.store, SITE, exercise=exercise)

    def add(self, id_="anna", *roles):
        assert self.store.add(id_, id_.title(), roles or [Role.DUTY_OFFICER], NOW) is None
        return self.store.new_link(id_, NOW)


class SoftKey:
    """A passkey in software, as W3C Web Authentication describes one; may lie where a test says so."""

    def __init__(self, origin=SITE.origin, host=SITE.host, verified=True):
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.origin, self.host, self.verified, self.uses = origin, host, verified, 0

    def make(self, options):
        numbers = self._key.public_key().public_numbers()
        x, y = (n.to_bytes(32) for n in (numbers.x, numbers.y))
        cose = dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        data = self._data(0x40) + bytes(16) + len(self.id).to_bytes(2) + self.id + cose
        made = dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._credential(clientDataJSON=client, attestationObject=made)

    def sign(self, options):
        self.uses += 1
        data, client = self._data(0), self._client("webauthn.get", options["challenge"])
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, flags):
        flags |= 0x01 | (0x04 if self.verified else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4)

    def _client(self, kind, challenge):
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _credential(self, **response):
        texts = {name: _text(value) for name, value in response.items()}
        return {"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": texts}


def _text(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
