"""The gate: who may talk to the console at all. It has no off switch.

Here: keys, the login link, the cookie, the checks of Host and Origin, and the headers of every answer. Not
here: what an officer may do (procedure, release). May know: terms.

A page of a foreign site must not reach the console through the officer's browser: the Host check stops DNS
rebinding (names other than loopback are refused), the Origin check and SameSite=Strict stop forged requests,
and the content security policy stops foreign and inline script. Cookies do not tell ports apart (RFC 6265
§8.5), so the name does."""

import hmac
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.refusal import Reason, Refusal

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})

Role = Literal["duty-officer", "feed"]

OPEN_PATHS = frozenset({"/health"})
FEED_PATHS = frozenset({"/api/reports"})
SAFE_METHODS = frozenset({"GET", "HEAD"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_NO_KEY_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Redshank</title>"
    "<h1>Redshank</h1><p>This console opens with a key. "
    "Use the link that the node printed when it started.</p>"
)


class ConsoleKeys(msgspec.Struct, frozen=True):
    """The two secrets of a console. The feed key can only hand in reports. Raises ValueError for weak
    ones."""

    officer: str
    feed: str

    def __post_init__(self) -> None:
        if min(len(self.officer), len(self.feed)) < limits.CONSOLE_KEY_CHARS:
            raise ValueError(f"a console key needs at least {limits.CONSOLE_KEY_CHARS} characters")
        if not (self.officer.isascii() and self.feed.isascii()):
            raise ValueError("a console key is ASCII text")
        if self.officer == self.feed:
            raise ValueError("the officer key and the feed key must differ")

    def cookie_value(self) -> str:
        """What the browser keeps instead of the key: it can not be turned back into the login link."""
        return hmac.new(self.officer.encode("ascii"), b"redshank console cookie", sha256).hexdigest()


def login_link(keys: ConsoleKeys, host: str, port: int) -> str:
    """The link that is shown once, at the start of the node."""
    return f"http://{host}:{port}/?key={keys.officer}"


def cookie_name(party: PartyId, port: int) -> str:
    """One name per node, so that five consoles on one machine do not log one another out."""
    return f"redshank_{party}_{port}"


def same(given: str, wanted: str) -> bool:
    """Comparison in constant time; text that is not ASCII is compared as UTF-8."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode("ascii"))


class _Caller(msgspec.Struct, frozen=True):
    role: Role | None
    by_cookie: bool = False


class Gate:
    """ASGI middleware that stands before every route of a console."""

    def __init__(
        self, app: ASGIApp, *, party: PartyId, keys: ConsoleKeys, hosts: frozenset[str] = LOOPBACK_HOSTS
    ) -> None:
        self._app = app
        self._party = party
        self._keys = keys
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no WebSocket route exists, so none is let through
            return
        marked = _with_headers(send, scope["path"])
        answer = self._judge(scope)
        await (answer or self._app)(scope, receive, marked)

    def _judge(self, scope: Scope) -> Response | None:
        """None lets the request through; a response ends it here."""
        headers = Headers(scope=scope)
        path, method = scope["path"], scope["method"]
        if _host_name(headers.get("host", "")) not in self._hosts:
            return refused(Refusal(Reason.NOT_ALLOWED, "Host", "this console answers to its own name only"), 403)
        if path in OPEN_PATHS and method in SAFE_METHODS:
            return None
        if path == "/" and method == "GET" and (given := parse_qs(scope["query_string"].decode("latin-1")).get("key")):
            return self._log_in(scope, given[0])
        caller = self._caller(scope, headers)
        if caller.role is None:
            if path == "/" or path.endswith(".html"):
                return HTMLResponse(_NO_KEY_PAGE, 401)
            return refused(Refusal(Reason.NOT_ALLOWED, "key", "needs the login cookie or a bearer key"), 401)
        if caller.role == "feed" and not (path in FEED_PATHS and method == "POST"):
            return refused(Refusal(Reason.NOT_ALLOWED, "key", "the feed key can only POST reports"), 403)
        if method not in SAFE_METHODS and not _origin_is_ours(scope, headers, needed=caller.by_cookie):
            return refused(Refusal(Reason.NOT_ALLOWED, "Origin", "the request must come from this console's page"), 403)
        scope.setdefault("state", {})["role"] = caller.role
        return None

    def _log_in(self, scope: Scope, given: str) -> Response:
        if not same(given, self._keys.officer):
            return HTMLResponse(_NO_KEY_PAGE, 401)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            cookie_name(self._party, _port(scope)),
            self._keys.cookie_value(),
            httponly=True,
            samesite="strict",
            secure=scope["scheme"] == "https",
            path="/",
        )
        return answer

    def _caller(self, scope: Scope, headers: Headers) -> _Caller:
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            # Both are always compared: the time says nothing about which key was nearly right.
            officer, feed = same(bearer, self._keys.officer), same(bearer, self._keys.feed)
            return _Caller("duty-officer" if officer else "feed" if feed else None)
        given = _cookie(headers.get("cookie", ""), cookie_name(self._party, _port(scope)))
        if given and same(given, self._keys.cookie_value()):
            return _Caller("duty-officer", by_cookie=True)
        return _Caller(None)


def refused(refusal: Refusal, status: int) -> Response:
    """A refusal as an answer: JSON with reason, field and detail."""
    return Response(msgspec.json.encode(refusal), status, media_type="application/json")


def _with_headers(send: Send, path: str) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers["Cache-Control"] = _caching(path, message["status"])
        await send(message)

    return marked


def _caching(path: str, status: int) -> str:
    if path == "/basemap.pmtiles" and status in (200, 206):
        return "private, max-age=3600"
    is_page = not path.startswith(("/api/", "/openapi", "/health")) and status in (200, 206, 304) and path != "/"
    return "private, no-cache" if is_page else "no-store"


def _port(scope: Scope) -> int:
    server = scope.get("server")
    return int(server[1] or 0) if server else 0


def _host_name(host: str) -> str:
    """The name in a Host header, without port and brackets, in lower case; empty if it is no host at all."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _origin_is_ours(scope: Scope, headers: Headers, *, needed: bool) -> bool:
    """Whether Origin names this server. A browser always sends it with POST; a program with a bearer key need
    not."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return not needed
    return origin == f"{scope['scheme']}://{headers['host']}"


def _cookie(header: str, name: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return morsel.value if morsel else None
