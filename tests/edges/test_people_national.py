"""The national login, against a real provider in its own process; and each claim of a token that may be wrong."""

import hmac
import json
import subprocess
import sys
import time
import urllib.request
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from tests.edges.people_rooms import NOW, Rooms, _text
from tests.story.story_fleet import free_port

from redshank.edges.clock import SystemClock
from redshank.edges.people.doors import Opened
from redshank.edges.people.oidc import NationalLogin
from redshank.edges.people.provider import Provider
from redshank.terms.refusal import Refusal
from redshank.terms.roles import Role

BACK = "http://localhost:8101/api/national/return"
ROLES = {"cell-duty": Role.DUTY_OFFICER, "cell-release": Role.RELEASING_AUTHORITY}
PEOPLE = [
    {"sub": "17", "name": "Ona Kazlauskienė", "preferred_username": "ona", "roles": ["cell-duty", "canteen"]},
    {"sub": "18", "name": "Jonas Petraitis", "preferred_username": "ona", "roles": "cell-release"},
    {"sub": "19", "name": "A visitor", "roles": ["canteen"]},
]


@pytest.fixture(scope="module")
def issuer():
    """A provider that is somebody else's program."""
    port = free_port()
    people = [word for one in PEOPLE for word in ("--user-claims", json.dumps(one))]
    words = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true", *people]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:
        url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"{url}/jwks", timeout=5).close()
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        yield url
        process.terminate()


@pytest.fixture
def rooms(tmp_path):
    rooms = Rooms(tmp_path)
    yield rooms
    rooms.store.close()


def login(rooms, issuer, **changes):
    provider = Provider(**({"issuer": issuer, "client_id": "redshank-lt", "roles": ROLES} | changes))
    assert provider.fault() is None
    return NationalLogin(rooms.store, provider, BACK, "a secret")


async def consent(url, sub):
    """What the person does at the provider; where the browser is then sent."""
    async with aiohttp.ClientSession() as browser:
        async with browser.get(url) as page:
            assert page.status == 200
        async with browser.post(url, data={"sub": sub}, allow_redirects=False) as answer:
            assert answer.status in (302, 303), await answer.text()
            return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


async def through(national, sub):
    now = SystemClock().now()
    url, browser = await national.begin(now)
    back = await consent(url, sub)
    return await national.end(back["state"], back["code"], browser, now)


async def test_a_person_of_the_nation_comes_in_with_the_roles_of_today(rooms, issuer):
    """PEO-18."""
    opened = await through(login(rooms, issuer), "17")
    assert isinstance(opened, Opened)
    person = opened.person
    assert (person.id, person.name, person.roles) == ("ona", "Ona Kazlauskienė", (Role.DUTY_OFFICER,))
    shared = hmac.digest(KEY.as_pem(private=False), f"{head}.{body}".encode(), "sha256")
    for token in (f"{head}.{body}.{_text(shared)}", "", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "x" * 100_000):
        assert isinstance(national.judged(token, keys, "n", NOW), Refusal)


@pytest.mark.parametrize("issuer_url", ["http://idp.example", "ftp://idp.example", "idp.example", ""])
def test_a_provider_is_asked_over_https(issuer_url):
    """PEO-18."""
    assert Provider(issuer=issuer_url, client_id="x", roles=ROLES).fault() is not None
    assert Provider(issuer="https://idp.example", client_id="x", roles={}).fault() is not None
