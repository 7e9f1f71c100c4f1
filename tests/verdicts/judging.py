"""Python's verdict on a case, by the functions of the core that `redshank verify` uses."""

import json
from base64 import b64decode
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import mldsa
from tests.verdicts.proof_cases import Case

from redshank.cli.chaining import side_of
from redshank.cli.verifying import pinned_keys, read_public_keys
from redshank.exchange.chain import follows
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.verifier import verify_record
from redshank.log import ed25519, merkle
from redshank.log.checkpoint import open_head
from redshank.log.note import HybridKey, VerifierKey, parse_vkey
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.refusal import Refusal

Verdict = tuple[str, Any]
ML_DSA: dict[int, Any] = {44: mldsa.MLDSA44PublicKey, 65: mldsa.MLDSA65PublicKey, 87: mldsa.MLDSA87PublicKey}


def _unless(refusal: Refusal | None) -> Verdict:
    return ("accepted", None) if refusal is None else ("refused", refusal.reason.value)


def _all(steps: list[str]) -> list[bytes]:
    return [b64decode(step) for step in steps]


def hybrid_from(vkeys: list[str]) -> HybridKey:
    keys = [key for key in map(parse_vkey, vkeys) if isinstance(key, VerifierKey)]
    assert len(keys) == len(vkeys)
    return HybridKey(keys[0], keys[1] if len(keys) > 1 else None)


class PythonJudge:
    """Knows the base records that came before."""

    def __init__(self) -> None:
        self.bases: dict[str, dict[str, bytes]] = {}

    def verdict(self, case: Case) -> Verdict | None:
        if case["kind"] == "base":
            self.bases[case["id"]] = {path: b64decode(data) for path, data in case["files"].items()}
            return None
        judged: Verdict = getattr(self, f"_{case['kind']}")(case)
        return judged

    def _inclusion(self, case: Case) -> Verdict:
        leaf, root = b64decode(case["leaf"]), b64decode(case["root"])
        return _unless(merkle.verify_inclusion(int(case["index"]), int(case["size"]), leaf, root, _all(case["proof"])))

    def _consistency(self, case: Case) -> Verdict:
        old, root = b64decode(case["old_root"]), b64decode(case["root"])
        return _unless(merkle.verify_consistency(int(case["old"]), int(case["size"]), old, root, _all(case["proof"])))

    def _ed25519(self, case: Case) -> Verdict:
        parts = (b64decode(case[name]) for name in ("key", "signature", "message"))
        return ("accepted" if ed25519.verify(*parts) else "refused"), None

    def _mldsa(self, case: Case) -> Verdict:
        key, signature, message, context = (
            b64decode(case[name]) for name in ("key", "signature", "message", "context")
        )
        try:
            ML_DSA[case["set"]].from_public_bytes(key).verify(signature, message, context)
        except (InvalidSignature, ValueError):
            return "refused", None
        return "accepted", None

    def _note(self, case: Case) -> Verdict:
        log, witness = (hybrid_from(case[role]) for role in ("log", "witness"))
        note = b64decode(case["note"])
        head = open_head(note, log, (witness,))
        if isinstance(head, Refusal):
            return _unless(head)
        if head.note != note:
            return "refused", "bad-signature"
        return ("accepted", None) if head.cosigned else ("refused", "not-witnessed")

    def _entry(self, case: Case) -> Verdict:
        place = Place(ChannelId(case["channel"]), PartyId(case["sender"]), case["year"], case["serial"])
        found = parse_entry(b64decode(case["entry"]), place, None)
        if isinstance(found, Refusal):
            return "refused", f"{found.reason.value} {found.field}"
        return "accepted", None

    def _chain(self, case: Case) -> Verdict:
        before, after = (self._changed(case[side], case.get(f"{side}_changes", {})) for side in ("before", "after"))
        one, other = (side_of(files, verify_record(files)) for files in (before, after))
        if one is None or other is None:
            return "refused", ["malformed record.json"]
        found = follows(one, other)
        if isinstance(found, Refusal):
            return "refused", [f"{found.reason.value} {found.field}"]
        why = sorted(f"{link.party} {fault.reason.value} {fault.field}" for link in found for fault in link.faults)
        return ("refused" if why else "accepted"), why

    def _changed(self, base: str, changes: dict[str, str | None]) -> dict[str, bytes]:
        files = dict(self.bases[base])
        for path, data in changes.items():
            if data is None:
                files.pop(path, None)
            else:
                files[path] = b64decode(data)
        return files

    def _record(self, case: Case) -> Verdict:
        files = self._changed(case["base"], case["changes"])
        brought = [read_public_keys(json.dumps(one).encode()) for one in case["keys"]]
        report = verify_record(files, pinned_keys(files, brought))
        why = sorted(f"{one.path} {one.refusal.reason.value} {one.refusal.field}" for one in report.findings)
        return ("accepted" if report.ok else "refused"), why
