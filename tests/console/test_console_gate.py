"""Who may talk to the console: above all whom it refuses."""

import pytest
from tests.console.fake_node import ACK, COOKIE, FEED, ORIGIN, client_of, client_with, logged_in

from redshank.compose.doorkeeper import NodeDoorkeeper
from redshank.console.app import build_app
from redshank.edges.clock import SystemClock
from redshank.exercise.accounts import STAFF
from redshank.node.commands import Acknowledge
from redshank.terms import limits
from redshank.terms.ids import ChannelId


@pytest.mark.parametrize(
    "path",
    ["/api/view", "/api/stream", "/api/record/BY-LT", "/api/warnings/W1.xml", "/openapi.json", "/basemap.pmtiles",
     "/", "/index.html", "/console.js", "/nothing"],
)  # fmt: skip
async def test_without_a_session_every_path_is_closed(stranger, path):
    """PEO-5. A page leads to the one that lets in."""
    answer = await stranger.get(path)
    is_page = path == "/" or path.endswith(".html")
    assert answer.status_code == (303 if is_page else 401)
    assert not is_page or answer.headers["location"] == "/enter.html"
    assert "console</title>" not in answer.text


@pytest.mark.parametrize("path", ["/api/command", "/api/preview", "/api/reports"])
async def test_without_a_session_nothing_can_be_done(stranger, node, path):
    answer = await stranger.post(path, json=ACK, headers=ORIGIN)
    assert answer.status_code == 401
    assert answer.json()["reason"] == "not-allowed"
    assert not node.commands
    assert not node.reports


@pytest.mark.parametrize("wrong", ["", "a", "ä" * 43, "x" * 10_000, FEED])
async def test_a_wrong_secret_is_refused_everywhere(app, people, wrong):
    """PEO-5."""
    stranger = client_of(app)
    link = await stranger.post("/api/enter", json={"step": "enter", "link": wrong}, headers=ORIGIN)
    assert link.status_code in (403, 422)
    assert "set-cookie" not in link.headers
    cookie = await stranger.get("/api/view", headers={"Cookie": f"{COOKIE}={wrong}".encode()})
    assert cookie.status_code == 401
    if wrong != FEED:
        bearer = await stranger.get("/api/view", headers={"Authorization": f"Bearer {wrong}".encode()})
        assert bearer.status_code == 401


async def test_a_session_and_a_link_are_no_bearer_keys(app, people):
    """PEO-5. A secret opens only what it is for."""
    for secret in (people.token(), people.link()):
        assert (await client_of(app, Authorization=f"Bearer {secret}").get("/api/view")).status_code == 401
    assert (await client_with(app, people.link()).get("/api/view")).status_code == 401
    step = {"step": "enter", "link": people.token()}
    assert (await client_of(app).post("/api/enter", json=step, headers=ORIGIN)).status_code == 403


async def test_health_needs_no_key_and_says_nothing(stranger):
    answer = await stranger.get("/health")
    assert answer.json() == {"ok": True}


async def test_a_link_opens_once_and_sets_a_strict_cookie(app, people):
    """PEO-6."""
    step = {"step": "enter", "link": people.link()}
    answer = await client_of(app).post("/api/enter", json=step, headers=ORIGIN)
    assert answer.json() == {"entered": True}
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("redshank_lt_8101=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    assert step["link"] not in cookie
    assert answer.headers["cache-control"] == "no-store"
    again = await client_of(app).post("/api/enter", json=step, headers=ORIGIN)
    assert (again.status_code, again.json()["field"]) == (403, "link")


async def test_by_https_the_cookie_is_bound_to_the_host(app, people):
    """PEO-6."""
    step = {"step": "enter", "link": people.link()}
    origin = {"Origin": "https://127.0.0.1:8101"}
    answer = await client_of(app).post("https://127.0.0.1:8101/api/enter", json=step, headers=origin)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-redshank_LT_8101=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("origin", [{}, {"Origin": "http://evil.example"}, {**ORIGIN, "Sec-Fetch-Site": "cross-site"}])
async def test_nobody_is_let_in_from_a_foreign_page(app, people, origin):
    """PEO-6. Nor logged in as somebody else there."""
    step = {"step": "enter", "link": people.link()}
    answer = await client_of(app).post("/api/enter", json=step, headers=origin)
    assert (answer.status_code, answer.json()["field"]) == (403, "Origin")


async def test_with_the_cookie_pages_and_view_open(app, people):
    browser = await logged_in(app, people)
    assert "console" in (await browser.get("/")).text
    assert (await browser.get("/api/view")).json()["party"] == "LT"
    me = (await browser.get("/api/me")).json()
    assert (me["id"], me["roles"]) == ("officer", ["duty-officer"])


async def test_who_leaves_is_out(app, people):
    """PEO-6. In this browser and with the old cookie."""
    browser = await logged_in(app, people)
    cookie = browser.cookies[COOKIE]
    assert (await browser.post("/api/leave", headers=ORIGIN)).status_code == 200
    assert COOKIE not in browser.cookies
    assert (await client_with(app, cookie).get("/api/view")).status_code == 401


async def test_an_account_that_is_disabled_is_out_at_once(app, people):
    """PEO-7."""
    browser = await logged_in(app, people)
    people.store.disable("officer")
    assert (await browser.get("/api/view")).status_code == 401
    step = {"step": "enter", "link": people.link()}
    assert (await client_of(app).post("/api/enter", json=step, headers=ORIGIN)).status_code == 403


async def test_another_nodes_session_is_none_here(app, people, tmp_path):
    """PEO-6."""
    other = type(people)(tmp_path / "other")
    assert (await client_with(app, other.token()).get("/api/view")).status_code == 401
    other.store.close()


@pytest.mark.parametrize("person", STAFF)
async def test_each_role_does_what_it_may_and_reads_what_there_is(app, people, node, person):
    """PEO-1, PEO-2. The refusal names the role that may."""
    browser = client_with(app, people.token(person), **ORIGIN)
    assert (await browser.get("/api/view")).status_code == 200
    answer = await browser.post("/api/command", json=ACK)
    report = await browser.post("/api/reports", json={})
    is_officer = person in ("officer", "officer-2", "robot")
    assert answer.status_code == report.status_code - 2 == 200 if is_officer else answer.status_code == 403
    assert bool(node.commands) == bool(node.reports) == is_officer
    if not is_officer:
        assert "duty-officer" in answer.json()["detail"]
    rotate = {"act": "rotate-keys", "channel": "BY-LT", "why": "planned"}
    assert ((await browser.post("/api/command", json=rotate)).status_code == 200) == (person == "administrator")
    yes = {"act": "approve-release", "question": 1, "sight": "0" * 64}
    assert ((await browser.post("/api/command", json=yes)).status_code == 200) == person.startswith("authority")


def test_a_weak_feed_key_is_no_key(people):
    for weak in ("a" * 31, "ą" * 64):
        with pytest.raises(ValueError, match="key"):
            NodeDoorkeeper(people.store, people.doors, weak)


def test_a_session_ends(people):
    """PEO-6: limits.SESSION_S, limits.SESSION_IDLE_S."""
    begun = SystemClock().now()
    for later_s, is_open in ((1_700, True), (1_900, False), (13 * 3_600, False)):
        now = begun + later_s * 1_000
        assert (people.store.of_session(people.token(), now) is not None) == is_open
    token = people.token()
    for minute in range(0, 12 * 60, 20):
        people.store.of_session(token, begun + minute * 60_000)
    assert people.store.of_session(token, begun + 12 * 3_600_000 - 1_000) is not None
    assert people.store.of_session(token, begun + 12 * 3_600_000 + 2_000) is None


@pytest.mark.parametrize("path", ["/api/view", "/api/stream", "/api/record/BY-LT", "/", "/api/reports"])
async def test_the_feed_key_reads_nothing(feed, path):
    assert (await feed.get(path)).status_code == 403


async def test_the_feed_key_commands_nothing(feed, node):
    assert (await feed.post("/api/command", json=ACK)).status_code == 403
    assert (await feed.post("/api/preview", json=ACK)).status_code == 403
    assert not node.commands


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:8101", "", "[::1", "lt.node:8101"]
)
async def test_a_foreign_host_name_is_refused_even_with_the_key(officer, host):
    answer = await officer.get("/api/view", headers={"Host": host})
    assert answer.status_code == 403
    assert answer.json()["field"] == "Host"
    assert (await officer.get("/health", headers={"Host": host})).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8101", "127.0.0.1", "[::1]:8101", "LOCALHOST:8101"])
async def test_loopback_names_are_ours(officer, host):
    assert (await officer.get("/api/view", headers={"Host": host})).status_code == 200


async def test_a_configured_name_is_ours(node, pages, people):
    app = build_app(node, pages, pages / "base.pmtiles", people.keeper, hosts=frozenset({"console.cell.example"}))
    answer = await client_with(app, people.token()).get("/api/view", headers={"Host": "console.cell.example"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "origin",
    [{}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:8102"},
     {"Origin": "https://127.0.0.1:8101"}, {**ORIGIN, "Sec-Fetch-Site": "cross-site"},
     {**ORIGIN, "Sec-Fetch-Site": "same-site"}],
)  # fmt: skip
async def test_a_post_by_cookie_must_come_from_our_own_page(app, people, node, origin):
    browser = await logged_in(app, people)
    answer = await browser.post("/api/command", json=ACK, headers=origin)
    assert answer.status_code == 403
    assert answer.json()["field"] == "Origin"
    assert not node.commands


async def test_a_post_by_cookie_from_our_own_page_is_done(app, people, node):
    browser = await logged_in(app, people)
    answer = await browser.post("/api/command", json=ACK, headers={**ORIGIN, "Sec-Fetch-Site": "same-origin"})
    assert answer.json() == {"accepted": True}
    assert node.commands == [(Acknowledge(channel=ChannelId("BY-LT"), serial=3), "duty-officer")]


async def test_a_bearer_post_with_a_foreign_origin_is_refused(feed):
    answer = await feed.post("/api/reports", json={}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/", "/api/view", "/nothing", "/health", "/api/record/XX"])
async def test_every_answer_carries_the_strict_headers(officer, stranger, path):
    for client in (officer, stranger):
        headers = (await client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "http:" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers
        if path.startswith("/api/"):
            assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/api/docs", "/docs/oauth2-redirect"])
async def test_there_are_no_doc_pages_that_load_from_outside(officer, path):
    assert (await officer.get(path)).status_code == 404


async def test_a_step_has_a_size_and_a_form(app):
    """PEO-11: limits.LOGIN_BODY_BYTES."""
    stranger = client_of(app, **ORIGIN)
    long = b'{"step":"look","link":"' + b"x" * limits.LOGIN_BODY_BYTES
    assert (await stranger.post("/api/enter", content=long)).status_code == 413
    for body in (
        b"",
        b"[]",
        b'{"step":"fly"}',
        b'{"step":"look"}',
        b'{"step":"look","link":"a","more":1}',
        b"[" * 9_000,
    ):
        answer = await stranger.post("/api/enter", content=body)
        assert (answer.status_code, answer.json()["reason"]) == (422, "malformed")
