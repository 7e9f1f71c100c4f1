"""Who may talk to the console: above all whom it refuses."""

import pytest
from tests.console.fake_node import ACK, FEED, KEYS, OFFICER, ORIGIN, client_of, logged_in

from redshank.console.app import build_app
from redshank.console.gate import ConsoleKeys, login_link
from redshank.node.commands import Acknowledge
from redshank.terms.ids import ChannelId


@pytest.mark.parametrize(
    "path",
    ["/api/view", "/api/stream", "/api/record/BY-LT", "/api/warnings/W1.xml", "/openapi.json", "/basemap.pmtiles",
     "/", "/index.html", "/console.js", "/nothing"],
)  # fmt: skip
async def test_without_a_key_every_path_is_closed(stranger, path):
    answer = await stranger.get(path)
    assert answer.status_code == 401
    assert "console</title>" not in answer.text


@pytest.mark.parametrize("path", ["/api/command", "/api/preview", "/api/reports"])
async def test_without_a_key_nothing_can_be_done(stranger, node, path):
    answer = await stranger.post(path, json=ACK, headers=ORIGIN)
    assert answer.status_code == 401
    assert answer.json()["reason"] == "not-allowed"
    assert not node.commands
    assert not node.reports


@pytest.mark.parametrize("wrong", ["", "a", OFFICER[:-1], OFFICER + "a", "ä" * 64, OFFICER.upper()])
async def test_a_wrong_key_is_refused_everywhere(app, wrong):
    stranger = client_of(app)
    link = await stranger.get("/", params={"key": wrong})
    assert link.status_code == 401
    assert "set-cookie" not in link.headers
    bearer = await stranger.get("/api/view", headers={"Authorization": f"Bearer {wrong}".encode()})
    cookie = await stranger.get("/api/view", headers={"Cookie": f"redshank_LT_8101={wrong}".encode()})
    assert bearer.status_code == cookie.status_code == 401


async def test_the_feed_key_is_no_login_link(stranger):
    assert (await stranger.get(f"/?key={FEED}")).status_code == 401


async def test_health_needs_no_key_and_says_nothing(stranger):
    answer = await stranger.get("/health")
    assert answer.json() == {"ok": True}


async def test_the_login_link_sets_a_strict_cookie_and_hides_the_key(app):
    answer = await client_of(app).get(login_link(KEYS, "127.0.0.1", 8101))
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("redshank_lt_8101=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert OFFICER not in cookie
    assert answer.headers["cache-control"] == "no-store"


async def test_with_the_cookie_pages_and_view_open(app):
    browser = await logged_in(app)
    assert "console" in (await browser.get("/")).text
    assert (await browser.get("/api/view")).json()["party"] == "LT"


async def test_the_cookie_is_not_the_bearer_key(app):
    answer = await client_of(app, Authorization=f"Bearer {KEYS.cookie_value()}").get("/api/view")
    assert answer.status_code == 401


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


async def test_a_configured_name_is_ours(node, pages):
    app = build_app(node, pages, pages / "base.pmtiles", KEYS, hosts=frozenset({"console.cell.example"}))
    answer = await client_of(app, Authorization=f"Bearer {OFFICER}").get(
        "/api/view", headers={"Host": "console.cell.example"}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "origin",
    [{}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:8102"},
     {"Origin": "https://127.0.0.1:8101"}, {**ORIGIN, "Sec-Fetch-Site": "cross-site"},
     {**ORIGIN, "Sec-Fetch-Site": "same-site"}],
)  # fmt: skip
async def test_a_post_by_cookie_must_come_from_our_own_page(app, node, origin):
    browser = await logged_in(app)
    answer = await browser.post("/api/command", json=ACK, headers=origin)
    assert answer.status_code == 403
    assert answer.json()["field"] == "Origin"
    assert not node.commands


async def test_a_post_by_cookie_from_our_own_page_is_done(app, node):
    browser = await logged_in(app)
    answer = await browser.post("/api/command", json=ACK, headers={**ORIGIN, "Sec-Fetch-Site": "same-origin"})
    assert answer.json() == {"accepted": True}
    assert node.commands == [(Acknowledge(channel=ChannelId("BY-LT"), serial=3), "duty-officer")]


async def test_a_bearer_post_with_a_foreign_origin_is_refused(officer):
    answer = await officer.post("/api/command", json=ACK, headers={"Origin": "http://evil.example"})
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


@pytest.mark.parametrize("pair", [("a" * 31, "b" * 64), ("a" * 64, "b"), ("a" * 64, "a" * 64), ("ą" * 64, "b" * 64)])
def test_weak_keys_are_no_keys(pair):
    with pytest.raises(ValueError, match="key"):
        ConsoleKeys(*pair)
