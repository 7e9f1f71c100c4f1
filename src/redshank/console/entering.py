"""Entering: the routes by which a person comes in, sees who it is, and leaves.

Here: HTTP of the steps, and the cookie. Not here: the steps themselves (`people`). May know: node and below.
"""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from redshank.console.body import decoded, read_body
from redshank.console.gate import browser_cookie, browser_token, refused, session_cookie, session_token
from redshank.console.people import Doorkeeper, Entered, Shown, Step
from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.refusal import Reason, Refusal

_ON = '<!doctype html><meta charset=utf-8><meta http-equiv=refresh content="0;url=/"><title>Redshank</title>'
_STEP: msgspec.json.Decoder[Step] = msgspec.json.Decoder(Step)
_STATUS = {Reason.NOT_ALLOWED: 403, Reason.BUSY: 503, Reason.TOO_LARGE: 413}


def entering(doors: Doorkeeper, party: PartyId) -> list[Route]:
    """The routes."""

    async def enter(request: Request) -> Response:
        body = await read_body(request, limits.LOGIN_BODY_BYTES)
        found = body if isinstance(body, Refusal) else await _taken(doors, body)
        if isinstance(found, Refusal):
            return refused(found, _STATUS.get(found.reason, 422))
        if not isinstance(found, Entered):
            inside = doors.somebody(session_token(request.scope, request.headers, party)) is not None
            return _json(msgspec.structs.replace(found, inside=inside))
        answer = _json({"entered": True})
        session_cookie(answer, request.scope, party, found.token)
        return answer

    async def me(request: Request) -> Response:
        return _json(request.state.who)

    async def leave(request: Request) -> Response:
        await doors.leave(session_token(request.scope, request.headers, party))
        answer = _json({"left": True})
        session_cookie(answer, request.scope, party, None)
        return answer

    return [
        *_national(doors, party),
        Route("/api/enter", enter, methods=["POST"]),
        Route("/api/leave", leave, methods=["POST"]),
        Route("/api/me", me),
    ]


def _national(doors: Doorkeeper, party: PartyId) -> list[Route]:
    async def national(request: Request) -> Response:
        begun = await doors.begin_national()
        if isinstance(begun, Refusal):
            return refused(begun, _STATUS.get(begun.reason, 422))
        answer = RedirectResponse(begun[0], 303)
        browser_cookie(answer, request.scope, party, begun[1])
        return answer

    async def returned(request: Request) -> Response:
        """A cookie that is Strict is not sent on a way that began elsewhere: so a page of our own goes on from here."""
        state, code = (request.query_params.get(name, "") for name in ("state", "code"))
        found = await doors.end_national(state, code, browser_token(request.scope, request.headers, party))
        if isinstance(found, Refusal):
            return refused(found, _STATUS.get(found.reason, 422))
        answer = HTMLResponse(_ON)
        session_cookie(answer, request.scope, party, found.token)
        browser_cookie(answer, request.scope, party, None)
        return answer

    return [Route("/api/national", national), Route("/api/national/return", returned)]


async def _taken(doors: Doorkeeper, body: bytes) -> Shown | Entered | Refusal:
    step = decoded(_STEP, body, "step")
    return step if isinstance(step, Refusal) else await doors.enter(step)


def _json(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
