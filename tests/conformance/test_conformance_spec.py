"""The qualifier and the specification know one another, and the qualifier knows nothing else of the project."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.exchange.test_spec_clauses import clauses

from redshank.conformance import wire
from redshank.conformance.case import CASES
from redshank.conformance.coverage import UNSEEN
from redshank.conformance.forged import cofactored, with_larger_s
from redshank.conformance.run import cases_for
from redshank.conformance.selfcheck import faults

ROOM = Path(wire.__file__).parent


def test_each_clause_is_tried_or_listed_with_its_reason():
    tried = {clause for case in CASES for clause in case.clauses}
    defined = set(clauses())
    assert tried | set(UNSEEN) == defined, sorted(defined ^ (tried | set(UNSEEN)))
    assert not tried & set(UNSEEN)
    assert all(len(reason) > 20 for reason in UNSEEN.values())


def test_each_case_has_its_own_id_and_says_what_it_does():
    assert len({case.id for case in CASES}) == len(CASES) >= 100
    assert all(case.does and case.expects for case in CASES)


def test_a_selection_takes_clauses_families_and_cases():
    always = [case.id for case in cases_for("DEL-1.1")][:3]
    assert [case.id for case in cases_for("DEL-1.1")][3:] == ["DEL-1.1"]
    for word in ("DEL", "LOG-11", "MSG-9"):
        chosen = cases_for(word)
        assert [case.id for case in chosen][:3] == always
        assert len(chosen) > 3
        assert all(any(word in (clause, clause.partition("-")[0]) for clause in case.clauses) for case in chosen[3:])
    assert len(cases_for("")) == len(CASES)


def test_the_qualifier_is_fit():
    assert faults() == []


def test_it_loads_no_other_room_of_the_node():
    """Not even by a detour: nothing of the node is in its process."""
    names = sorted(f"redshank.conformance.{path.stem}" for path in ROOM.glob("*.py") if path.stem != "__init__")
    code = (
        f"import sys, importlib\nfor name in {names!r}: importlib.import_module(name)\n"
        "print([name for name in sys.modules if name.startswith('redshank.') and 'conformance' not in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_forged_signatures_are_forged_as_they_say():
    """LOG-3: OpenSSL refuses both; without the bound on S, and with the cofactor, they hold."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from tests.conformance.broken_node import with_cofactor

    private, message = Ed25519PrivateKey.generate(), b"a head"
    public = private.public_key()
    good, odd = private.sign(message), cofactored(private, message)
    for bad in (with_larger_s(good), odd):
        with pytest.raises(InvalidSignature):
            public.verify(bad, message)
    assert with_cofactor(public.public_bytes_raw(), odd, message)
    assert not with_cofactor(public.public_bytes_raw(), odd, b"another head")
