"""The Node script and `redshank verify` beside one another on what a change of keys leaves: evidence, and records."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import msgspec
import pytest
from tests.exchange.chain_records import rotated
from tests.exchange.test_exchange_evidence import forked
from tests.node.node_pair import BY, CAST, CHANNEL, LT
from tests.node.test_node_rotation import NEXT, Seat, confirmed, delivery_of, evidence, hand, talk
from tests.verdicts.judges import SCRIPT
from tests.verdicts.test_verify_script import by_node, by_python, written

from redshank.exchange.evidence import encode_evidence
from redshank.exchange.record import LogExport, build_record
from redshank.exchange.session import append, own_message
from redshank.exchange.signing import signed_head
from redshank.log import ledger
from redshank.node.commands import RotateKeys
from redshank.terms import message
from redshank.terms.message import MessageType, Why
from redshank.terms.refusal import Refusal

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="needs Node 20 or newer"),
    pytest.mark.skipif(not SCRIPT.is_file(), reason="needs the built verifier: tools/build_verifier.sh"),
]


@cache
def continued() -> bytes:
    """LT has signed an entry after its LOG-END."""
    by, lt = confirmed()
    lt.order(RotateKeys(channel=CHANNEL, why=Why.PLANNED))
    talk(by, lt)
    ended = lt.state.generations(CHANNEL)[0]
    said = append(ended, own_message(ended, MessageType.TEST, message.TestBody(9), lt.now))
    assert not isinstance(said, Refusal)
    head = ledger.head_to_sign(said.session.own)
    assert head is not None
    log = ledger.head_signed(said.session.own, signed_head(said.session, head.text, lt.now, CAST[LT]))
    hand(by, delivery_of(log, said.entry))
    return evidence(by, 0)


def denied(why: Why) -> Seat:
    """BY, to whom LT has shown an opening as if it had said nothing in the log before."""
    by, lt = confirmed()
    liar = Seat(LT, now=lt.now)
    liar.agree(NEXT[LT], CAST[BY])
    liar.order(RotateKeys(channel=CHANNEL, why=why))
    by.order(RotateKeys(channel=CHANNEL, why=Why.PARTNER))
    log = liar.session.own
    hand(by, delivery_of(log, liar.disk.entries(log.key.name, 0, 1)[0]))
    return by


@cache
def wrong_opening(why: Why) -> bytes:
    return evidence(denied(why), 0)


def told(tmp_path: Path, data: bytes) -> tuple[int, str | None, bool]:
    """What both say of a file of evidence: the end, the reason of a refusal, and whether it convicts."""
    path = tmp_path / "evidence.json"
    path.write_bytes(data)
    status, report = by_node(path, [])
    assert (status, report) == by_python(path, [])
    refusal = report["refusal"]
    return status, refusal and refusal["reason"], report["convicts"]


def test_evi_9_both_read_what_a_change_of_keys_left(tmp_path: Path) -> None:
    """EVI-9: the same words, also of files that show nothing."""
    opening = wrong_opening(Why.PLANNED)
    assert told(tmp_path, continued()) == (0, None, True)
    assert told(tmp_path, opening) == (0, None, True)
    assert told(tmp_path, wrong_opening(Why.LOST)) == (0, None, False)
    bare = msgspec.json.decode(opening)
    without = msgspec.json.encode({name: held for name, held in bare.items() if name != "earlier"}, order="sorted")
    assert told(tmp_path, without) == (1, "malformed", False)
    assert told(tmp_path, opening.replace(b'"generation":1', b'"generation":0')) == (1, "not-canonical", False)
    assert told(tmp_path, opening.replace(b'"generation":1', b'"generation":2')) == (1, "bad-key", False)
    assert told(tmp_path, opening.replace(b'"generation":1', b'"generation":1000')) == (1, "wrong-generation", False)
    swapped = opening.replace(b'"kind":"wrong-opening"', b'"kind":"forked"')
    assert told(tmp_path, swapped) == (1, "malformed", False)


def test_rec_16_evidence_is_of_the_generation_of_its_record(tmp_path: Path) -> None:
    """REC-16, EVI-9: what LT's next log began with stands in the record of that generation, and of no other."""
    by = denied(Why.PLANNED)
    session = by.session
    origin = session.own.key.name
    heads, entries = by.disk.heads(origin), by.disk.entries(origin, 0, session.own.signed_size)
    files = build_record(
        agreement="BY-LT-1",
        prefix="exercise/",
        channel=CHANNEL,
        year=session.year,
        generation=1,
        keys={BY: session.keys, LT: session.partner_keys},
        logs={BY: LogExport(heads[len(entries)], len(entries), entries, {})},
        evidence=[evidence(by, 0)],
    )
    record = written(tmp_path / "right", files)
    status, report = by_node(record, [])
    assert (status, report) == by_python(record, [])
    assert (status, report["manifest"]["generation"]) == (0, 1)
    assert [(one["kind"], one["convicts"]) for one in report["evidence"]] == [("wrong-opening", True)]
    _, after = rotated()
    strange = written(tmp_path / "wrong", after | {"evidence/0.json": encode_evidence(forked())})
    status, report = by_node(strange, [])
    assert (status, report) == by_python(strange, [])
    assert [(one["path"], one["refusal"]["reason"]) for one in report["findings"]] == [
        ("evidence/0.json", "wrong-generation")
    ]


def test_rec_23_the_script_follows_a_chain(tmp_path: Path) -> None:
    """REC-23: with --before it reads the older record too, and says of each party whether its old keys name the new."""
    before, after = (written(tmp_path / name, files) for name, files in zip(("old", "new"), rotated(), strict=True))

    def followed(older: Path, newer: Path) -> tuple[int, str]:
        words = ["node", str(SCRIPT), str(newer), "--before", str(older)]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout.splitlines()[-1]

    status, links = followed(before, after)
    assert status == 0
    assert [(one["party"], one["endorsed"], one["faults"]) for one in msgspec.json.decode(links)] == [
        ("BY", True, []), ("LT", True, []),
    ]  # fmt: skip
    status, refused = followed(after, before)
    assert (status, msgspec.json.decode(refused)["reason"]) == (1, "wrong-generation")
