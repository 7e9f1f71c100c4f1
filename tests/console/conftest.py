"""Fixtures of the console's tests: a fake node, made-up pages, and clients with each key and with none."""

import pytest
from tests.console.fake_node import FEED, ORIGIN, FakeNode, People, client_of, client_with

from redshank.console.app import build_app


@pytest.fixture
def node():
    return FakeNode()


@pytest.fixture
def pages(tmp_path):
    (tmp_path / "index.html").write_text("<!doctype html><title>console</title>")
    (tmp_path / "console.js").write_text("1")
    (tmp_path / "base.pmtiles").write_bytes(bytes(range(200)))
    return tmp_path


@pytest.fixture
def people(tmp_path):
    people = People(tmp_path / "people")
    yield people
    people.store.close()


@pytest.fixture
def app(node, pages, people):
    return build_app(node, pages, pages / "base.pmtiles", people.keeper)


@pytest.fixture
def officer(app, people):
    return client_with(app, people.token(), **ORIGIN)


@pytest.fixture
def feed(app):
    return client_of(app, Authorization=f"Bearer {FEED}")


@pytest.fixture
def stranger(app):
    return client_of(app)
