"""The web API of one node: HTTP in front of a `ConsolePort`, and the built pages.

Here: routes, sizes, status codes. Not here: who may come in (`gate`), what a stream says (`stream`), any
decision. Every error is JSON {reason, field, detail}. Nothing is ever loaded from outside: the API is
described at /openapi.json, without doc pages. May know: node and below."""

from pathlib import Path
from typing import Any, TypeVar

import msgspec
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from redshank.console.describe import description
from redshank.console.gate import LOOPBACK_HOSTS, ConsoleKeys, Gate, refused
from redshank.console.port import ConsolePort
from redshank.console.stream import VIEW_KEYS, Snapshots, Streams
from redshank.console.voice import VoiceTyped
from redshank.node.commands import Command
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.refusal import Reason, Refusal

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

T = TypeVar("T")

_command_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
_typed_decoder: msgspec.json.Decoder[VoiceTyped] = msgspec.json.Decoder(VoiceTyped)


def build_app(
    port: ConsolePort,
    pages_dir: Path,
    basemap: Path,
    keys: ConsoleKeys,
    *,
    hosts: frozenset[str] = LOOPBACK_HOSTS,
) -> FastAPI:
    """The console of one node as an ASGI application.

    `pages_dir` holds the built pages, `basemap` is a PMTiles file; where they are absent their routes answer
    404. `hosts` are the names that the console answers to."""
    app = FastAPI(title="Redshank console", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.add_middleware(Gate, party=PartyId(port.view().party), keys=keys, hosts=hosts)
    app.add_exception_handler(HTTPException, _not_found_as_refusal)
    _add_reading(app, port)
    _add_stream(app, port)
    _add_acting(app, port)
    _add_voice(app, port)
    _add_files(app, pages_dir, basemap)
    return app


def _add_reading(app: FastAPI, port: ConsolePort) -> None:
    @app.get("/health")
    async def health() -> Response:
        return _json({"ok": True})

    @app.get("/openapi.json")
    async def openapi() -> Response:
        return _json(description())

    @app.get("/api/view")
    async def view() -> Response:
        return _json(port.view())

    @app.get("/api/record/{channel}")
    async def record(channel: str, generation: int | None = None) -> Response:
        packed = await port.record(ChannelId(channel), generation)
        if isinstance(packed, Refusal):
            return _refuse(packed)
        which = "" if generation is None else f"-{generation}"
        headers = _save_as(f"redshank-record-{channel}{which}.zip")
        return Response(packed, media_type="application/zip", headers=headers)

    @app.get("/api/evidence/{channel}/{number}")
    async def evidence(channel: str, number: str) -> Response:
        digits = number.isascii() and number.isdecimal() and len(number) <= len(str(limits.CONTRADICTIONS_PER_CHANNEL))
        packed = await port.evidence(ChannelId(channel), int(number) if digits else limits.CONTRADICTIONS_PER_CHANNEL)
        if isinstance(packed, Refusal):
            return _refuse(packed)
        name = f"redshank-evidence-{channel}-{number}.json"
        return Response(packed, media_type="application/json", headers=_save_as(name))

    @app.get("/api/warnings/{warning}.xml")
    async def warning_cap(warning: str) -> Response:
        cap = port.warning_cap(warning)
        if cap is None:
            return _refuse(Refusal(Reason.UNKNOWN_MESSAGE, "warning", "no warning of this id"), 404)
        return Response(cap, media_type="application/cap+xml")


def _add_stream(app: FastAPI, port: ConsolePort) -> None:
    snapshots = Snapshots(port.view, VIEW_KEYS)
    streams = Streams(port.changed, snapshots)

    @app.get("/api/stream")
    async def stream() -> Response:
        answer = streams.answer()
        return _refuse(answer) if isinstance(answer, Refusal) else answer


def _add_acting(app: FastAPI, port: ConsolePort) -> None:
    @app.post("/api/command")
    async def command(request: Request) -> Response:
        asked = await _read_command(request)
        if isinstance(asked, Refusal):
            return _refuse(asked)
        result = await port.command(asked, request.state.role)
        return _refuse(result) if isinstance(result, Refusal) else _json(result)

    @app.post("/api/preview")
    async def preview(request: Request) -> Response:
        asked = await _read_command(request)
        shown = asked if isinstance(asked, Refusal) else await port.preview(asked)
        return _refuse(shown) if isinstance(shown, Refusal) else _json(shown)

    @app.post("/api/reports")
    async def reports(request: Request) -> Response:
        body = await _read_body(request, limits.REPORT_JSON_BYTES)
        if isinstance(body, Refusal):
            return _refuse(body)
        no = await port.report(body, "feed" if request.state.role == "feed" else "desk")
        return _refuse(no) if no else _json({"accepted": True}, 202)


def _add_voice(app: FastAPI, port: ConsolePort) -> None:
    @app.get("/api/voice/{channel}/{serial}.pdf")
    async def voice_print(channel: str, serial: int, generation: int | None = None) -> Response:
        paper = await port.voice_print(ChannelId(channel), serial, generation)
        if isinstance(paper, Refusal):
            return _refuse(paper)
        name = _save_as(f"redshank-voice-{channel}-{serial}.pdf")
        return Response(paper, media_type="application/pdf", headers=name)

    @app.get("/api/voice/{channel}/{serial}")
    async def voice_form(channel: str, serial: int, generation: int | None = None) -> Response:
        form = await port.voice_form(ChannelId(channel), serial, generation)
        return _refuse(form) if isinstance(form, Refusal) else _json(form)

    @app.post("/api/voice/check")
    async def voice_check(request: Request) -> Response:
        body = await _read_body(request, limits.CONSOLE_COMMAND_BYTES)
        if isinstance(body, Refusal):
            return _refuse(body)
        typed = _decoded(_typed_decoder, body)
        return _refuse(typed) if isinstance(typed, Refusal) else _json(port.voice_check(typed))


def _add_files(app: FastAPI, pages_dir: Path, basemap: Path) -> None:
    @app.get("/basemap.pmtiles")
    async def basemap_tiles() -> Response:
        if not basemap.is_file():  # noqa: ASYNC240 - one stat of a local file
            return _refuse(Refusal(Reason.UNKNOWN_SOURCE, "basemap", "this node has no base map file"))
        return FileResponse(basemap, media_type="application/vnd.pmtiles")

    app.mount("/", StaticFiles(directory=pages_dir, html=True, check_dir=False))


async def _read_body(request: Request, limit: int) -> bytes | Refusal:
    """The body, unless it is longer than `limit` bytes: then reading stops there."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return Refusal(Reason.TOO_LARGE, "body", f"at most {limit} bytes")
    return bytes(body)


async def _read_command(request: Request) -> Command | Refusal:
    body = await _read_body(request, limits.CONSOLE_COMMAND_BYTES)
    if isinstance(body, Refusal):
        return body
    return _decoded(_command_decoder, body)


def _decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T | Refusal:
    try:
        return decoder.decode(body)
    except (
        msgspec.DecodeError,
        UnicodeDecodeError,
        RecursionError,
    ) as error:  # ValidationError is a DecodeError
        return Refusal(Reason.MALFORMED, "command", str(error))


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
