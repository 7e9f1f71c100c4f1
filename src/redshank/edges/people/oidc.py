"""National login: OpenID Connect, the code flow with PKCE (OpenID Connect Core 1.0; RFC 7636), for a nation that keeps
its people elsewhere.

Here: sending a browser there, and judging what it comes back with. Not here: HTTP of the console, keeping (`store`).
May know: store, doors' Opened, terms. Signatures and claims are judged by joserfc; who a person is and in which roles
it acts says the provider at each login, by one claim and a table of the node's own.
"""

import base64
import hashlib
import re
import secrets
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

import aiohttp
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from redshank.edges.people.doors import OVER, Opened
from redshank.edges.people.provider import Provider
from redshank.edges.people.store import PERSON_ID, PeopleStore
from redshank.terms import limits
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.refusal import Reason, Refusal

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures by a key of the provider. None without a key (none), and none by a shared secret (HS256)."""
LEEWAY_S: Final = 60
TIMEOUT_S: Final = 10.0
ANSWER_BYTES: Final = 262_144


class _Sent(msgspec.Struct, frozen=True):
    """A browser that was sent there."""

    ends_at: Instant
    browser: str
    nonce: str
    verifier: str


class NationalLogin:
    """Of one node. What was begun is forgotten with it."""

    def __init__(self, store: PeopleStore, provider: Provider, return_url: str, secret: str | None = None) -> None:
        """`return_url`: the console's own address to which the browser comes back, as the provider knows it."""
        self._store = store
        self._provider = provider
        self._return_url = return_url
        self._secret = secret
        self._sent: dict[str, _Sent] = {}

    async def begin(self, now: Instant) -> tuple[str, str] | Refusal:
        """Where the browser is to go, and a secret that it has to bring back in a cookie."""
        known = await self._discovered()
        if isinstance(known, Refusal):
            return known
        state, browser, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
        self._sent = {name: one for name, one in self._sent.items() if one.ends_at >= now}
        while len(self._sent) >= limits.LOGIN_PENDING:
            self._sent.pop(next(iter(self._sent)))
        self._sent[state] = _Sent(Instant(now + limits.LOGIN_PENDING_S * SECOND_MS), browser, nonce, verifier)
        asked = {
            "response_type": "code",
            "client_id": self._provider.client_id,
            "redirect_uri": self._return_url,
            "scope": "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{known['authorization_endpoint']}?{urlencode(asked)}", browser

    async def end(self, state: str, code: str, browser: str, now: Instant) -> Opened | Refusal:
        """A session for whom the provider says it is; OVER for a state that this browser did not begin, once."""
        sent = self._sent.pop(state, None)
        if sent is None or sent.ends_at < now or not secrets.compare_digest(sent.browser.encode(), browser.encode()):
            return OVER
        known = await self._discovered()
        if isinstance(known, Refusal):
            return known
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._return_url,
            "client_id": self._provider.client_id,
            "code_verifier": sent.verifier,
        }
        answer = await self._ask(str(known["token_endpoint"]), asked)
        keys = answer if isinstance(answer, Refusal) else await self._ask(str(known["jwks_uri"]))
        if isinstance(answer, Refusal) or isinstance(keys, Refusal):
            return answer if isinstance(answer, Refusal) else _no("keys", "the provider does not tell its keys")
        claims = self.judged(str(answer.get("id_token", "")), keys, sent.nonce, now)
        return claims if isinstance(claims, Refusal) else self._opened(claims, now)

    def judged(self, token: str, keys: dict[str, Any], nonce: str, now: Instant) -> dict[str, Any] | Refusal:
        """The claims of an ID token that is the provider's, for us, for this very login, and of now."""
        wanted = jwt.JWTClaimsRegistry(
            now=now // SECOND_MS,
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._provider.issuer},
            aud={"essential": True, "value": self._provider.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))  # type: ignore[arg-type]
            wanted.validate(read.claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            return _no("token", f"{type(error).__name__}: {str(error)[:200]}")
        audience, authorised = read.claims["aud"], read.claims.get("azp", self._provider.client_id)
        if authorised != self._provider.client_id or (isinstance(audience, list) and len(audience) > 1):
            return _no("aud", "the token is for others as well")
        return dict(read.claims)

    def _opened(self, claims: dict[str, Any], now: Instant) -> Opened | Refusal:
        """The account of this subject, made at its first login; its roles are what the provider says today."""
        said = claims.get(self._provider.roles_claim)
        named = said if isinstance(said, list) else [said]
        roles = sorted(
            {self._provider.roles[one] for one in named if isinstance(one, str) and one in self._provider.roles}
        )
        if not roles:
            return _no("roles", "the national login gives you no role at this node")
        subject = f"{self._provider.issuer} {claims['sub']}"
        person = self._store.of_subject(subject)
        if person is None:
            name = str(claims.get("name") or claims.get("preferred_username") or claims["sub"])
            plain = "".join(letter for letter in name if letter.isprintable())[: limits.PERSON_NAME_CHARS]
            no = self._store.add(self._id_for(claims, subject), plain or "?", roles, now, subject=subject)
            person = self._store.of_subject(subject)
            if no is not None or person is None:
                return no or _no("person", "could not be kept")
        if person.disabled:
            return _no("person", "this account is closed here")
        no = self._store.set_roles(person.id, roles)
        if no is not None:
            return no
        return Opened(person, self._store.begin_session(person.id, now))

    def _id_for(self, claims: dict[str, Any], subject: str) -> str:
        wanted = str(claims.get("preferred_username", ""))
        if PERSON_ID.fullmatch(wanted) and self._store.person(wanted) is None:
            return wanted
        return f"national-{hashlib.sha256(subject.encode()).hexdigest()[:16]}"

    def _password(self) -> str:
        """RFC 6749 section 2.3.1: both parts are form-encoded first."""
        pair = ":".join(quote_plus(part) for part in (self._provider.client_id, self._secret or ""))
        return f"Basic {base64.b64encode(pair.encode()).decode()}"

    async def _discovered(self) -> dict[str, Any] | Refusal:
        """The provider's own description, which must be of the issuer that is configured."""
        known = await self._ask(f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration")
        if isinstance(known, Refusal):
            return known
        places = [known.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if known.get("issuer") != self._provider.issuer or not all(_is_safe(place) for place in places):
            return _no("issuer", "what answers there is not the provider that is configured")
        return known

    async def _ask(self, url: str, form: dict[str, str] | None = None) -> dict[str, Any] | Refusal:
        headers = {"Authorization": self._password()} if form and self._secret else {}
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as http:
                method = "GET" if form is None else "POST"
                async with http.request(method, url, data=form, headers=headers, allow_redirects=False) as answer:
                    body = await answer.content.read(ANSWER_BYTES)
                    if answer.status != 200:
                        return _no("provider", f"the national login answers {answer.status}")
            return msgspec.json.decode(body, type=dict[str, Any])
        except (aiohttp.ClientError, TimeoutError, OSError, msgspec.DecodeError) as error:
            return Refusal(Reason.BUSY, "provider", f"the national login does not answer: {type(error).__name__}")


def _challenge(verifier: str) -> str:
    """RFC 7636 section 4.2, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _is_safe(url: object) -> bool:
    return isinstance(url, str) and re.match(r"https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/]", url) is not None


def _no(field: str, why: str) -> Refusal:
    return Refusal(Reason.NOT_ALLOWED, field, why)
