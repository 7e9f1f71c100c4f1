"""Each way to forge a Released fails."""

import ast
import copy
import dataclasses
import pickle
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.release.release_drafts import NOW, POLICY, draft

import redshank
from redshank.release.decide import decide
from redshank.release.released import Effect, Released, Verdict, _release
from redshank.terms import message
from redshank.terms.invariant import InvariantBroken
from redshank.terms.message import MessageType

FIELDS: dict[str, Any] = {
    "type": MessageType.TEST,
    "channel": "BY-LT",
    "partner": "BY",
    "body": message.TestBody(1),
    "incident": None,
    "in_reply_to": None,
    "observed_ms": None,
    "text": None,
    "verdict": Verdict(effect=Effect.RELEASE, rule="x"),
}


@pytest.fixture
def genuine():
    made = decide(POLICY, draft(), NOW)
    assert isinstance(made, Released)
    return made


def test_the_class_can_not_be_called():
    """REL-5."""
    with pytest.raises(TypeError):
        Released(**FIELDS)
    with pytest.raises(InvariantBroken):
        Released(key=object(), **FIELDS)


def test_it_can_not_be_copied_or_changed(genuine):
    for copier in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            copier(genuine)
    with pytest.raises(ValueError, match="key"):
        dataclasses.replace(genuine, text="x")
    with pytest.raises(InvariantBroken):
        dataclasses.replace(genuine, text="x", key=object())
    with pytest.raises(dataclasses.FrozenInstanceError):
        genuine.text = "x"


def test_it_can_not_be_decoded(genuine):
    wire = msgspec.json.encode(genuine)
    for forge in (
        lambda: msgspec.json.decode(wire, type=Released),
        lambda: msgspec.convert(FIELDS, Released),
        lambda: msgspec.convert(genuine, Released, from_attributes=True),
    ):
        with pytest.raises(TypeError):
            forge()


def test_a_bare_object_holds_nothing():
    bare = object.__new__(Released)
    with pytest.raises(AttributeError):
        _ = bare.body
    with pytest.raises(TypeError):
        bare.__setstate__([1])


def test_it_has_no_subclass():
    with pytest.raises(TypeError, match="proof"):
        type("Forged", (Released,), {})


def test_the_room_itself_needs_a_releasing_verdict():
    fields = {k: v for k, v in FIELDS.items() if k not in ("type", "verdict")}
    with pytest.raises(InvariantBroken):
        _release(type_=MessageType.TEST, verdict=Verdict(effect=Effect.WITHHOLD, rule="x"), **fields)


def test_only_decide_uses_the_key():
    root = Path(redshank.__file__).parent
    users = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.ImportFrom) else []
            names += [node.attr] if isinstance(node, ast.Attribute) else []
            if {"_release", "_KEY"} & set(names):
                users.add(path.relative_to(root).as_posix())
    assert users == {"release/decide.py"}
