"""Makes the vectors of the key ceremony in vectors/keys/: `python tools/make_key_vectors.py`.

All keys here are TEST KEYS. The certificate in them is new at each run, because ECDSA signatures are random: so the
tests read the file and do not compare it with a new one.
"""

import json
import tempfile
from base64 import b64encode
from pathlib import Path
from typing import Any

from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeySet, Passphrase, make_keys
from redshank.edges.keys.public import fingerprint, public_bytes
from redshank.edges.keys.revocation import make_revocation, revocation_text
from redshank.edges.keys.sealed import random_passphrase
from redshank.edges.keys.words import words_of
from redshank.terms.ids import PartyId

PLACE = Path(__file__).resolve().parents[1] / "vectors" / "keys" / "ceremony.json"


def case(keys: KeySet) -> dict[str, Any]:
    """One party's public file, and all that follows from its bytes."""
    public = keys.public()
    of = fingerprint(public)
    return {
        "public_json": public_bytes(public).decode(),
        "sha256": of.hex(),
        "words": " ".join(words_of(of)),
        "revocation_text": revocation_text(keys.party, of).decode(),
        "revocation_json": make_revocation(keys).decode(),
    }


def bad(good: dict[str, Any]) -> list[dict[str, str]]:
    """Files that must be refused, with what is wrong."""
    whole = good["public_json"]
    members = json.loads(whole)
    low = b64encode(bytes(32)).decode()
    return [
        {"why": "white space", "public_json": whole.replace(",", ", ", 1)},
        {"why": "unknown member", "public_json": whole[:-1] + ',"z":1}'},
        {"why": "no key exchange", "public_json": _with(members, without="key_exchange")},
        {"why": "unknown key exchange", "public_json": whole.replace("X25519MLKEM768", "X448")},
        {"why": "key of low order", "public_json": _with(members, log_key=low)},
        {"why": "one key for two purposes", "public_json": _with(members, log_key=members["witness_key"])},
        {"why": "short key", "public_json": _with(members, log_key="AAAA")},
        {"why": "ML-DSA key of another length", "public_json": _with(members, log_key_mldsa=low)},
        {"why": "no certificate", "public_json": _with(members, authority_pem="")},
    ]


def _with(members: dict[str, Any], without: str | None = None, **changes: str) -> str:
    changed = {name: value for name, value in {**members, **changes}.items() if name != without}
    return json.dumps(changed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def main() -> None:
    """Writes the file."""
    with tempfile.TemporaryDirectory() as name:
        cases = []
        for party in (PartyId("BY"), PartyId("LT")):
            passphrase = Passphrase(random_passphrase())
            cases.append(case(make_keys(party, Path(name) / party, SystemClock().now(), passphrase)))
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    content = {"cases": cases, "bad": bad(cases[0])}
    PLACE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
