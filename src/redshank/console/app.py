"""The web API of one node: HTTP in front of a `ConsolePort`, and the built pages.

Here: routes, sizes, status codes. Not here: who may come in (`gate`), what a stream says (`stream`), any
decision. Every error is JSON {reason, field, detail}. Nothing is ever loaded from outside: the API is
described at /openapi.json, without doc pages. May know: node and below."""

from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from redshank.console.body import decoded, read_body
from redshank.console.describe import description
from redshank.console.entering import entering
from redshank.console.gate import LOOPBACK_HOSTS, Gate, People, refused, session_token
from redshank.console.people import Doorkeeper, Somebody
from redshank.console.port import ConsolePort
from redshank.console.stream import VIEW_KEYS, Snapshots, Streams
from redshank.console.voice import VoiceTyped
from redshank.exchange.compliance.report import EVER
from redshank.node.commands import Command
from redshank.node.roles import role_for
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.instants import Instant, parse_instant
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.roles import Role
from redshank.wording.wording import LANGUAGES

_STATUS: dict[Reason, int] = {
    Reason.TOO_LARGE: 413,
    Reason.NOT_ALLOWED: 403,
    Reason.NOT_RELEASED: 403,
    Reason.UNKNOWN_INCIDENT: 404,
    Reason.UNKNOWN_MESSAGE: 404,
    Reason.UNKNOWN_SOURCE: 404,
    Reason.WRONG_CHANNEL: 404,
    Reason.NOT_IN_TABLE: 409,
    Reason.ALREADY_CLOSED: 409,
    Reason.CHANNEL_NOT_ACTIVE: 409,
    Reason.BUSY: 503,
}
"""HTTP status per reason; every other reason is 422: the request is understood and can not be done as it
stands."""

REPORT_FORMS = {"json": "application/json", "html": "text/html", "pdf": "application/pdf"}

_command_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
_typed_decoder: msgspec.json.Decoder[VoiceTyped] = msgspec.json.Decoder(VoiceTyped)


def build_app(
    port: ConsolePort,
    pages_dir: Path,
    basemap: Path,
    doors: Doorkeeper,
    *,
    hosts: frozenset[str] = LOOPBACK_HOSTS,
) -> Starlette:
    """The console of one node as an ASGI application.

    `pages_dir` holds the built pages, `basemap` is a PMTiles file; where they are absent their routes answer
    404. `hosts` are the names that the console answers to."""
    party = PartyId(port.view().party)
    routes = [
        *entering(doors, party),
        *_reading(port),
        *_proof(port),
        *_stream(port, doors, party),
        *_acting(port),
        *_voice(port),
        *_files(pages_dir, basemap),
    ]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    app.add_middleware(Gate, party=party, callers=People(doors), hosts=hosts)
    app.add_exception_handler(HTTPException, _not_found_as_refusal)
    return app


def _reading(port: ConsolePort) -> list[Route | Mount]:
    async def health(_: Request) -> Response:
        return _json({"ok": True})

    async def openapi(_: Request) -> Response:
        return _json(description())

    async def view(_: Request) -> Response:
        return _json(await port.drawn())

    async def record(request: Request) -> Response:
        channel, generation = request.path_params["channel"], _generation(request)
        if isinstance(generation, Refusal):
            return _refuse(generation)
        packed = await port.record(ChannelId(channel), generation)
        if isinstance(packed, Refusal):
            return _refuse(packed)
        which = "" if generation is None else f"-{generation}"
        headers = _save_as(f"redshank-record-{channel}{which}.zip")
        return Response(packed, media_type="application/zip", headers=headers)

    async def warning_cap(request: Request) -> Response:
        warning = request.path_params["warning"]
        cap = port.warning_cap(warning)
        if cap is None:
            return _refuse(Refusal(Reason.UNKNOWN_MESSAGE, "warning", "no warning of this id"), 404)
        return Response(cap, media_type="application/cap+xml")

    return [
        Route("/health", health),
        Route("/openapi.json", openapi),
        Route("/api/view", view),
        Route("/api/record/{channel}", record),
        Route("/api/warnings/{warning}.xml", warning_cap),
    ]


def _proof(port: ConsolePort) -> list[Route | Mount]:
    async def evidence(request: Request) -> Response:
        channel = request.path_params["channel"]
        number = _number(request.path_params["number"])
        known = limits.CONTRADICTIONS_PER_CHANNEL if number < 0 else number
        packed = await port.evidence(ChannelId(channel), known)
        if isinstance(packed, Refusal):
            return _refuse(packed)
        name = f"redshank-evidence-{channel}-{number}.json"
        return Response(packed, media_type="application/json", headers=_save_as(name))

    async def compliance(request: Request) -> Response:
        channel, form = request.path_params["channel"], request.path_params["form"]
        period = _period(request)
        if isinstance(period, Refusal):
            return _refuse(period)
        if form not in REPORT_FORMS:
            return _refuse(Refusal(Reason.UNKNOWN_TYPE, "form", f"one of {', '.join(REPORT_FORMS)}"))
        made = await port.compliance(ChannelId(channel), *period, form)
        if isinstance(made, Refusal):
            return _refuse(made)
        return Response(made, media_type=REPORT_FORMS[form], headers=_save_as(f"redshank-report-{channel}.{form}"))

    return [
        Route("/api/evidence/{channel}/{number}", evidence),
        Route("/api/compliance/{channel}.{form}", compliance),
    ]


def _stream(port: ConsolePort, doors: Doorkeeper, party: PartyId) -> list[Route | Mount]:
    newest = [port.view()]

    async def changed(since: int) -> int:
        version = await port.changed(since)
        newest[0] = await port.drawn()
        return version

    streams = Streams(changed, Snapshots(lambda: newest[0], VIEW_KEYS))

    async def stream(request: Request) -> Response:
        token = session_token(request.scope, request.headers, party)
        answer = streams.answer(lambda: doors.somebody(token) is not None)
        return _refuse(answer) if isinstance(answer, Refusal) else answer

    return [Route("/api/stream", stream)]


def _acting(port: ConsolePort) -> list[Route | Mount]:
    async def command(request: Request) -> Response:
        asked = await _read_command(request)
        if isinstance(asked, Refusal):
            return _refuse(asked)
        who: Somebody = request.state.who
        role = role_for(asked, who.roles)
        if isinstance(role, Refusal):
            return _refuse(role)
        result = await port.command(asked, role, who.id)
        return _refuse(result) if isinstance(result, Refusal) else _json(result)

    async def preview(request: Request) -> Response:
        asked = await _read_command(request)
        shown = asked if isinstance(asked, Refusal) else await port.preview(asked)
        return _refuse(shown) if isinstance(shown, Refusal) else _json(shown)

    async def reports(request: Request) -> Response:
        if not request.state.feed and Role.DUTY_OFFICER not in request.state.who.roles:
            return _refuse(Refusal(Reason.NOT_ALLOWED, "role", "a report is handed in by a duty-officer"))
        body = await read_body(request, limits.REPORT_JSON_BYTES)
        if isinstance(body, Refusal):
            return _refuse(body)
        no = await port.report(body, "feed" if request.state.feed else "desk")
        return _refuse(no) if no else _json({"accepted": True}, 202)

    return [
        Route("/api/command", command, methods=["POST"]),
        Route("/api/preview", preview, methods=["POST"]),
        Route("/api/reports", reports, methods=["POST"]),
    ]


def _voice(port: ConsolePort) -> list[Route | Mount]:
    async def voice_print(request: Request) -> Response:
        channel, generation = request.path_params["channel"], _generation(request)
        if isinstance(generation, Refusal):
            return _refuse(generation)
        serial, language = _number(request.path_params["serial"]), request.query_params.get("language", "en")
        if language not in LANGUAGES:
            return _refuse(Refusal(Reason.VALUE_NOT_PLAUSIBLE, "language", f"one of {', '.join(LANGUAGES)}"))
        paper = await port.voice_print(ChannelId(channel), serial, generation, language)
        if isinstance(paper, Refusal):
            return _refuse(paper)
        name = _save_as(f"redshank-voice-{channel}-{serial}.pdf")
        return Response(paper, media_type="application/pdf", headers=name)

    async def voice_form(request: Request) -> Response:
        channel, generation = request.path_params["channel"], _generation(request)
        if isinstance(generation, Refusal):
            return _refuse(generation)
        form = await port.voice_form(ChannelId(channel), _number(request.path_params["serial"]), generation)
        return _refuse(form) if isinstance(form, Refusal) else _json(form)

    async def voice_check(request: Request) -> Response:
        body = await read_body(request, limits.CONSOLE_COMMAND_BYTES)
        if isinstance(body, Refusal):
            return _refuse(body)
        typed = decoded(_typed_decoder, body)
        return _refuse(typed) if isinstance(typed, Refusal) else _json(port.voice_check(typed))

    return [
        Route("/api/voice/{channel}/{serial}.pdf", voice_print),
        Route("/api/voice/{channel}/{serial}", voice_form),
        Route("/api/voice/check", voice_check, methods=["POST"]),
    ]


def _files(pages_dir: Path, basemap: Path) -> list[Route | Mount]:
    async def basemap_tiles(_: Request) -> Response:
        if not basemap.is_file():  # noqa: ASYNC240 - one stat of a local file
            return _refuse(Refusal(Reason.UNKNOWN_SOURCE, "basemap", "this node has no base map file"))
        return FileResponse(basemap, media_type="application/vnd.pmtiles")

    return [
        Route("/basemap.pmtiles", basemap_tiles),
        Mount("/", StaticFiles(directory=pages_dir, html=True, check_dir=False)),
    ]


def _number(digits: str) -> int:
    """A number of a path; -1, which is nobody's, for anything else."""
    sound = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(limits.LOG_ENTRIES))
    return int(digits) if sound else -1


def _period(request: Request) -> tuple[Instant, Instant] | Refusal:
    """The period of a report; open at an end of which nothing is said."""
    ends = [EVER.from_ms, EVER.until_ms]
    for number, name in enumerate(("from", "until")):
        text = request.query_params.get(name)
        at = ends[number] if text is None else parse_instant(text[:40], name)
        if isinstance(at, Refusal):
            return at
        ends[number] = at
    if ends[0] >= ends[1]:
        return Refusal(Reason.BAD_TIME, "until", "is not after the beginning")
    return ends[0], ends[1]


def _generation(request: Request) -> int | Refusal | None:
    """Which of a channel's logs is asked for; None: the one that is open."""
    asked = request.query_params.get("generation")
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= len(str(limits.LOG_GENERATIONS))):
        return Refusal(Reason.WRONG_GENERATION, "generation", f"not a number: {asked[:20]!r}")
    return int(asked)


async def _read_command(request: Request) -> Command | Refusal:
    body = await read_body(request, limits.CONSOLE_COMMAND_BYTES)
    if isinstance(body, Refusal):
        return body
    return decoded(_command_decoder, body)


async def _not_found_as_refusal(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    reason = Reason.NOT_ALLOWED if status == 405 else Reason.UNKNOWN_FIELD
    return refused(Refusal(reason, "path", "no such page or method here"), status)


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def _refuse(refusal: Refusal, status: int | None = None) -> Response:
    return refused(refusal, status or _STATUS.get(refusal.reason, 422))


def _save_as(name: str) -> dict[str, str]:
    plain = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "-._"))
    return {"Content-Disposition": f'attachment; filename="{plain}"'}
