"""The gate: who may talk to the console at all. It has no off switch.

Here: sessions and keys of callers, the cookie, the checks of Host and Origin, and the headers of every answer. Not
here: how a person comes in (`entering`), what a role may do (node). May know: terms.

A page of a foreign site must not reach the console through the officer's browser: the Host check stops DNS
rebinding (names other than our own are refused), the Origin check and SameSite=Strict stop forged requests,
and the content security policy stops foreign and inline script. Cookies do not tell ports apart (RFC 6265
§8.5), so the name does; where the page came by https it has the prefix __Host-."""

import hmac
from http.cookies import CookieError, SimpleCookie
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from redshank.console.people import Doorkeeper, Somebody
from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.refusal import Reason, Refusal

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})

OPEN_PATHS = frozenset({"/health"})
ENTRY_PAGE = "/enter.html"
ENTRY_FILES = frozenset({ENTRY_PAGE, "/enter.js", "/enter.css", "/icon.svg"})
"""What a page needs before anybody is in; the same for everybody, and nothing of this node."""
ENTRY_PARTS = ("/fonts/", "/texts/", "/shared-")
ENTRY_PATHS = frozenset({"/api/enter", "/api/national", "/api/national/return"})
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


class Caller(msgspec.Struct, frozen=True):
    """Who asks: a person with a session, or the feed with its key."""

    who: Somebody | None = None
    feed: bool = False
    by_cookie: bool = False


class Callers(Protocol):
    """Whom a server knows."""

    def of_cookie(self, token: str) -> Caller | None:
        """Whose cookie it is."""

    def of_key(self, key: str) -> Caller | None:
        """Whose bearer key it is."""

    def of_link(self, key: str) -> str | None:
        """The cookie that a link `/?key=` gives, on a server that has one."""

    @property
    def page(self) -> str:
        """The page that lets in; empty where only a link does."""


class People:
    """The callers of a node's console: persons by their sessions, and the feed by its key."""

    page = ENTRY_PAGE

    def __init__(self, doors: Doorkeeper) -> None:
        self._doors = doors

    def of_cookie(self, token: str) -> Caller | None:
        """A session."""
        who = self._doors.somebody(token)
        return None if who is None else Caller(who, by_cookie=True)

    def of_key(self, key: str) -> Caller | None:
        """The feed's."""
        return Caller(feed=True) if self._doors.is_feed(key) else None

    def of_link(self, key: str) -> str | None:
        """None: a one-time link goes to the page."""
        return None


_NO_KEY_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Redshank</title>"
    "<h1>Redshank</h1><p>This page opens with a link that was printed when it was started.</p>"
)


def cookie_name(party: PartyId, scope: Scope) -> str:
    """One name per node, so that five consoles on one machine do not log one another out."""
    name = f"redshank_{party}_{_port(scope)}"
    return f"__Host-{name}" if scope["scheme"] == "https" else name


def session_cookie(answer: Response, scope: Scope, party: PartyId, token: str | None) -> None:
    """Puts a session's token into the browser; None takes it away."""
    answer.set_cookie(
        cookie_name(party, scope),
        token or "",
        max_age=None if token else 0,
        httponly=True,
        samesite="strict",
        secure=scope["scheme"] == "https",
        path="/",
    )


def session_token(scope: Scope, headers: Headers, party: PartyId) -> str:
    """The token that the browser sent; empty where it sent none."""
    return _cookie(headers.get("cookie", ""), cookie_name(party, scope)) or ""


def browser_cookie(answer: Response, scope: Scope, party: PartyId, token: str | None) -> None:
    """Marks the browser that was sent to the national login, for as long as that may take. It is no session, and it is
    Lax: it has to come back on a way that begins at the provider."""
    answer.set_cookie(
        f"{cookie_name(party, scope)}_way",
        token or "",
        max_age=limits.LOGIN_PENDING_S if token else 0,
        httponly=True,
        samesite="lax",
        secure=scope["scheme"] == "https",
        path="/",
    )


def browser_token(scope: Scope, headers: Headers, party: PartyId) -> str:
    """The mark that the browser brought back; empty where it brought none."""
    return _cookie(headers.get("cookie", ""), f"{cookie_name(party, scope)}_way") or ""


def same(given: str, wanted: str) -> bool:
    """Comparison in constant time; text that is not ASCII is compared as UTF-8."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode("ascii"))


class Gate:
    """ASGI middleware that stands before every route of a console."""

    def __init__(
        self, app: ASGIApp, *, party: PartyId, callers: Callers, hosts: frozenset[str] = LOOPBACK_HOSTS
    ) -> None:
        self._app = app
        self._party = party
        self._callers = callers
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
        if (path in OPEN_PATHS or (self._callers.page and _for_entry(path))) and method in SAFE_METHODS:
            return None
        if path == "/" and method == "GET" and (given := parse_qs(scope["query_string"].decode("latin-1")).get("key")):
            return self._by_link(scope, given[0])
        entering = bool(self._callers.page) and path in ENTRY_PATHS
        caller = Caller() if entering else self._caller(scope, headers)
        if caller is None:
            return self._nobody(path)
        if caller.feed and not (path in FEED_PATHS and method == "POST"):
            return refused(Refusal(Reason.NOT_ALLOWED, "key", "the feed key can only POST reports"), 403)
        needed = caller.by_cookie or entering
        if method not in SAFE_METHODS and not _origin_is_ours(scope, headers, needed=needed):
            return refused(Refusal(Reason.NOT_ALLOWED, "Origin", "the request must come from this console's page"), 403)
        scope.setdefault("state", {}).update(who=caller.who, feed=caller.feed)
        return None

    def _nobody(self, path: str) -> Response:
        is_page = path == "/" or path.endswith(".html")
        if is_page and self._callers.page:
            return RedirectResponse(self._callers.page, 303)
        if is_page:
            return HTMLResponse(_NO_KEY_PAGE, 401)
        return refused(Refusal(Reason.NOT_ALLOWED, "session", "log in first; a feed has a bearer key"), 401)

    def _by_link(self, scope: Scope, given: str) -> Response:
        token = self._callers.of_link(given)
        if token is None:
            return self._nobody("/")
        answer = RedirectResponse("/", 303)
        session_cookie(answer, scope, self._party, token)
        return answer

    def _caller(self, scope: Scope, headers: Headers) -> Caller | None:
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self._callers.of_key(bearer)
        token = session_token(scope, headers, self._party)
        return self._callers.of_cookie(token) if token else None


def _for_entry(path: str) -> bool:
    return path in ENTRY_FILES or path.startswith(ENTRY_PARTS)


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
