"""The second implementation reads the language-neutral vectors as the first one does."""

import json
from base64 import b64decode
from pathlib import Path

import pytest

from redshank.conformance.forms import canonical, read_message
from redshank.conformance.wire import (
    HYBRID_NOTE_BYTES,
    LOG,
    MLDSA,
    WITNESS,
    Breach,
    Key,
    check_signed,
    leaf,
    read_head,
    read_note,
    read_push,
    root_of,
)

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
MESSAGES, HEADS, PUSHES, PROOFS = (
    json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("messages/entries", "log/checkpoints", "log/deliveries", "merkle/proofs")
)
DATES = 10**15  # later than any vector: good entries are read without a clock


def key(text):
    name, _, rest = text.partition("+")
    material = b64decode(rest.partition("+")[2])
    return Key(name, material[0], material[1:])


def keys(holder, name):
    return key(holder[name]), key(holder[f"{name}_mldsa"])


def place(case):
    return MESSAGES["channel"], MESSAGES["sender"], MESSAGES["year"], case["serial"]


@pytest.mark.parametrize("case", MESSAGES["good"], ids=lambda case: case["name"])
def test_a_good_message_is_read_and_written_alike(case):
    """MSG-1 to MSG-14, from the pages alone."""
    entry = b64decode(case["entry"])
    assert canonical(read_message(entry, place(case), DATES, generation=case.get("generation", 0))) == entry


@pytest.mark.parametrize("case", MESSAGES["bad"], ids=lambda case: case["name"])
def test_a_bad_message_is_refused(case):
    with pytest.raises(Breach):
        read_message(b64decode(case["entry"]), place(case), MESSAGES["now_ms"], generation=case.get("generation", 0))


def opened(note):
    text, marks = read_note(note, HYBRID_NOTE_BYTES)
    head = read_head(text)
    log = keys(HEADS, "log_key")
    if head.origin != log[0].name:
        raise Breach("LOG-1", head.origin)
    check_signed(log, marks, text)
    witness = keys(HEADS, "witness_key")
    if any((mark.name, mark.key_id) == (one.name, one.id) for mark in marks for one in witness):
        check_signed(witness, marks, text)
    return head


def test_the_keys_are_of_the_types_that_the_pages_name():
    """LOG-2, LOG-14: and their ids are computed alike."""
    for name, kind in (("log_key", LOG), ("witness_key", WITNESS)):
        classic, second = keys(HEADS, name)
        assert (classic.kind, second.kind) == (kind, MLDSA)
        assert (classic.text, second.text) == (HEADS[name], HEADS[f"{name}_mldsa"])


@pytest.mark.parametrize("case", HEADS["good"], ids=lambda case: case["name"])
def test_a_good_head_is_opened(case):
    """LOG-4, LOG-5, LOG-14."""
    assert opened(b64decode(case["note"])).size == case["size"]


@pytest.mark.parametrize("case", HEADS["bad"], ids=lambda case: case["name"])
def test_a_bad_head_is_refused(case):
    with pytest.raises(Breach):
        opened(b64decode(case["note"]))


@pytest.mark.parametrize("case", PUSHES["cases"], ids=lambda case: case["name"])
def test_a_push_is_taken_or_refused_alike(case):
    """DEL-1, DEL-3, LOG-6, LOG-11: by whether its bytes, its signatures and its root hold on top of what is held."""
    held = [b64decode(entry) for entry in PUSHES["held"]]

    def taken():
        push = read_push(b64decode(case["delivery"]), HYBRID_NOTE_BYTES)
        head = opened(push.note)
        if head.size == len(held):
            whole = held  # DEL-4: whatever old and the entries are
        elif push.old != len(held) or push.old + len(push.entries) != head.size:
            raise Breach("DEL-6", f"old {push.old}, {len(push.entries)} entries, size {head.size}")
        else:
            whole = [*held, *push.entries]
        if root_of([leaf(entry) for entry in whole]) != head.root:
            raise Breach("LOG-11", "another root")

    if case["status"] == 200:
        taken()
    else:
        with pytest.raises(Breach):
            taken()


def test_roots_are_computed_alike():
    """LOG-6: straight from the definition of RFC 6962."""
    leaves = [leaf(str(number).encode()) for number in range(len(PROOFS["roots"]))]
    for size, root in enumerate(PROOFS["roots"]):
        assert root_of(leaves[:size]) == b64decode(root)
