"""The sets of cases that every verifier judges: 10,000 mutated proofs of our own, and the public vectors."""

import json
import os
import random
from base64 import b64decode
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from tests.verdicts.chain_cases import chains
from tests.verdicts.channel_cases import entries, notes, scrambled_entries
from tests.verdicts.proof_cases import Case, consistencies, inclusions, signatures, text
from tests.verdicts.record_cases import base_lines, records

SEED = 20_260_507
SHARES: dict[str, tuple[Callable[[random.Random], Iterator[Case]], int]] = {
    "inclusion": (inclusions, 2_600),
    "consistency": (consistencies, 2_000),
    "signature": (signatures, 800),
    "note": (notes, 1_600),
    "entry": (entries, 1_500),
    "record": (records, 1_500),
}
SCRAMBLED = 1_000
CHAINED = 400
SHARED = Path(os.environ.get("REDSHANK_VECTORS", Path(__file__).resolve().parents[3] / "shared" / "vectors"))
"""Where the public vectors lie beside the project; they are no part of it."""


def own_cases() -> list[Case]:
    """The 10,000, changed in the same places each time. ML-DSA-44 signs hedged: its signatures differ each run."""
    cases = []
    for name, (make, count) in SHARES.items():
        rng = random.Random(f"{SEED} {name}")
        cases += [{"id": f"{name}-{at}", **case} for at, case in enumerate(islice(make(rng), count))]
    return cases


def more_cases() -> list[Case]:
    """Scrambled entries and chains, on most of which only agreement is expected."""
    rng = random.Random(f"{SEED} scrambled")
    scrambled = enumerate(islice(scrambled_entries(rng), SCRAMBLED))
    linked = enumerate(islice(chains(random.Random(f"{SEED} chain")), CHAINED))
    made = [{"id": f"scrambled-{at}", **case} for at, case in scrambled]
    return made + [{"id": f"chain-{at}", **case} for at, case in linked]


def to_lines(cases: list[Case]) -> str:
    """The file of cases that each verifier gets; what is expected stays here."""
    kept_here = ("expect", "of", "low_order_key")
    bare = [{name: value for name, value in case.items() if name not in kept_here} for case in [*base_lines(), *cases]]
    return "".join(json.dumps(case) + "\n" for case in bare)


# --- public vectors ----------------------------------------------------------------------------------------


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _hash(data: str | None) -> str:
    return text(b64decode(data or ""))


def merkle_cases() -> list[Case]:
    """transparency-dev/merkle; a null proof has no steps."""
    cases = []
    for path in sorted((SHARED / "merkle").rglob("*.json")):
        found = _read(path)
        proof = [_hash(step) for step in found["proof"] or ()]
        expect = "refused" if found["wantErr"] else "accepted"
        case: Case = {"id": str(path.relative_to(SHARED)), "proof": proof, "expect": expect}
        if "leafIdx" in found:
            case |= {"kind": "inclusion", "index": str(found["leafIdx"]), "size": str(found["treeSize"])}
            case |= {"leaf": _hash(found["leafHash"]), "root": _hash(found["root"])}
        else:
            case |= {"kind": "consistency", "old": str(found["size1"]), "size": str(found["size2"])}
            case |= {"old_root": _hash(found["root1"]), "root": _hash(found["root2"])}
        cases.append(case)
    return cases


def wycheproof_cases() -> list[Case]:
    """Wycheproof: verification with Ed25519 and with ML-DSA-44, -65 and -87."""
    cases = []
    for name in ("ed25519_test", "mldsa_44_verify_test", "mldsa_65_verify_test", "mldsa_87_verify_test"):
        for group in _read(SHARED / "wycheproof" / f"{name}.json")["testGroups"]:
            public = group["publicKey"]
            key = text(bytes.fromhex(public if isinstance(public, str) else public["pk"]))
            for test in group["tests"]:
                case: Case = {"id": f"{name} {test['tcId']}", "key": key}
                case |= {"signature": _hex(test["sig"]), "message": _hex(test["msg"])}
                if name.startswith("mldsa"):
                    case |= {"kind": "mldsa", "set": int(name[6:8]), "context": _hex(test.get("ctx", ""))}
                else:
                    case |= {"kind": "ed25519"}
                cases.append({**case, "expect": "accepted" if test["result"] == "valid" else "refused"})
    return cases


def _hex(data: str) -> str:
    return text(bytes.fromhex(data))


def cctv_cases() -> list[Case]:
    """C2SP/CCTV: 914 edges of Ed25519. What is expected is the pinned rule, as the caller has it from OpenSSL."""
    return [
        {
            "id": f"cctv {found['number']}",
            "kind": "ed25519",
            "key": _hex(found["key"]),
            "signature": _hex(found["sig"]),
            "message": text(found["msg"].encode()),
            "low_order_key": "low_order_A" in (found["flags"] or ()),
            "expect": None,
        }
        for found in _read(SHARED / "cctv" / "ed25519vectors.json")
    ]
