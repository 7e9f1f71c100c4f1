from collections.abc import Iterator

import pytest
from tests.conformance.nursery import Nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where nodes come from in a moment."""
    made = Nursery()
    yield made
    made.close()
