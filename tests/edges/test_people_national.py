"""The national login, against a real provider in its own process; and each claim of a token that may be wrong."""

import hmac
import json
import re
import subprocess
import sys
import time
import urllib.request
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.edges.people_rooms import NOW, Rooms, _text
from tests.story.story_fleet import free_port

from redshank.edges.clock import SystemClock
from redshank.edges.people.doors import OVER, Opened
from redshank.edges.people.oidc import NationalLogin, _challenge
from redshank.edges.people.provider import Provider
from redshank.terms.instants import Instant
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
    assert rooms.store.of_session(opened.token, SystemClock().now()) is not None
    other = await through(login(rooms, issuer), "18")
    assert re.fullmatch(r"national-[0-9a-f]{16}", other.person.id), "a name that is taken is nobody else's"
    changed = login(rooms, issuer, roles={"cell-duty": Role.OBSERVER})
    again = await through(changed, "17")
    assert rooms.store.person("ona").roles == (Role.OBSERVER,)
    assert again.person.id == "ona"


async def test_who_has_no_role_here_or_is_disabled_stays_out(rooms, issuer):
    """PEO-18."""
    no = await through(login(rooms, issuer), "19")
    assert (no.field, rooms.store.people()) == ("roles", [])
    await through(login(rooms, issuer), "17")
    rooms.store.disable("ona")
    assert (await through(login(rooms, issuer), "17")).field == "person"


async def test_a_state_is_this_browsers_and_counts_once(rooms, issuer):
    """PEO-18."""
    national, now = login(rooms, issuer), SystemClock().now()
    url, browser = await national.begin(now)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert (asked["response_type"], asked["code_challenge_method"], asked["redirect_uri"]) == ("code", "S256", BACK)
    assert asked["code_challenge"] == _challenge(national._sent[asked["state"]].verifier)
    back = await consent(url, "17")
    assert await national.end("another", back["code"], browser, now) == OVER
    assert await national.end(back["state"], back["code"], "another browser", now) == OVER
    assert await national.end(back["state"], back["code"], browser, now) == OVER, "a wrong browser has used it up"
    url, browser = await national.begin(now)
    back = await consent(url, "17")
    assert await national.end(back["state"], back["code"], browser, Instant(now + 301_000)) == OVER
    url, browser = await national.begin(now)
    back = await consent(url, "17")
    assert isinstance(await national.end(back["state"], "no such code", browser, now), Refusal)


@pytest.mark.parametrize("named", ["http://127.0.0.1:1", ""])
async def test_a_provider_that_is_not_there_is_told(rooms, issuer, named):
    """PEO-18. Also one that calls itself otherwise than it is configured."""
    wrong = named or issuer.replace("127.0.0.1", "localhost") + "/"
    assert isinstance(await login(rooms, wrong).begin(NOW), Refusal)


KEY, OTHER = RSAKey.generate_key(2048, {"kid": "1"}), RSAKey.generate_key(2048, {"kid": "1"})
GOOD = {"iss": "https://idp.example", "aud": "redshank-lt", "sub": "17", "nonce": "n", "iat": 0, "exp": 600}
SECONDS = NOW // 1_000


def judge(rooms, claims, *, key=KEY):
    national = login(rooms, "https://idp.example")
    times = {name: claims[name] + SECONDS for name in ("iat", "exp") if name in claims}
    token = jwt.encode({"alg": "RS256", "kid": "1"}, claims | times, key)
    keys = {"keys": [KEY.as_dict(private=False)]}
    return national.judged(token, keys, "n", NOW)


def test_a_good_token_is_taken(rooms):
    """PEO-18."""
    assert judge(rooms, GOOD)["sub"] == "17"
    assert judge(rooms, {**GOOD, "aud": ["redshank-lt"], "azp": "redshank-lt"})["sub"] == "17"


@pytest.mark.parametrize(
    "change",
    [{"iss": "https://evil.example"}, {"aud": "another"}, {"aud": ["redshank-lt", "another"]}, {"azp": "another"},
     {"nonce": "another"}, {"exp": -61}, {"iat": 120}, {"aud": None}, {"sub": None}, {"exp": None}, {"nonce": None},
     {"iss": None}, {"iat": None}, {"nbf": SECONDS + 600}],
)  # fmt: skip
def test_a_token_that_is_another_is_refused(rooms, change):
    """PEO-18. Issuer, audience, nonce and times; and none of them may lack."""
    claims = {name: value for name, value in (GOOD | change).items() if value is not None}
    assert isinstance(judge(rooms, claims), Refusal)


def test_a_token_under_another_key_or_none_is_refused(rooms):
    """PEO-18. Neither a stranger's key, nor `none`, nor the public key as a shared secret."""
    assert isinstance(judge(rooms, GOOD, key=OTHER), Refusal)
    national = login(rooms, "https://idp.example")
    keys = {"keys": [KEY.as_dict(private=False)]}
    claims = GOOD | {"exp": SECONDS + 600, "iat": SECONDS}
    head, body = (_text(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "1"}, claims))
    shared = hmac.digest(KEY.as_pem(private=False), f"{head}.{body}".encode(), "sha256")
    for token in (f"{head}.{body}.{_text(shared)}", "", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "x" * 100_000):
        assert isinstance(national.judged(token, keys, "n", NOW), Refusal)


@pytest.mark.parametrize("issuer_url", ["http://idp.example", "ftp://idp.example", "idp.example", ""])
def test_a_provider_is_asked_over_https(issuer_url):
    """PEO-18."""
    assert Provider(issuer=issuer_url, client_id="x", roles=ROLES).fault() is not None
    assert Provider(issuer="https://idp.example", client_id="x", roles={}).fault() is not None
