"""Director: the exercise's own server and the demo that a newcomer runs.

Here: HTTP in front of the stage behind the console's gate (loopback, key, Host and Origin checks), and
`run_demo`. Not here: what an exercise does (stage). May know: stage, console's gate, stream and pages, terms.
"""

import asyncio
import contextlib
import secrets
import shutil
import signal
import socket
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import msgspec
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response
from rich.console import Console
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from redshank.console.gate import Caller, Gate, refused, same
from redshank.console.stream import Snapshots, Streams
from redshank.edges.clock import stopwatch_ns
from redshank.exercise.director_view import DIRECTOR_KEYS, StartExercise
from redshank.exercise.fleet_folder import HOST
from redshank.exercise.scenario import PARTIES, read_scenarios
from redshank.exercise.stage import Stage
from redshank.terms import limits
from redshank.terms.ids import PartyId
from redshank.terms.refusal import Reason, Refusal

COOKIE_PARTY = PartyId("director")

T = TypeVar("T")


class DirectorKey:
    """The director's one caller: whoever has the link that was printed. It leads an exercise and is at no console."""

    page = ""

    def __init__(self) -> None:
        self.link_key, self._cookie = secrets.token_urlsafe(32), secrets.token_urlsafe(32)

    def of_cookie(self, token: str) -> Caller | None:
        """The director's browser."""
        return Caller(by_cookie=True) if same(token, self._cookie) else None

    def of_key(self, key: str) -> Caller | None:
        """The same key in a header, for a script."""
        return Caller() if same(key, self.link_key) else None

    def of_link(self, key: str) -> str | None:
        """The cookie."""
        return self._cookie if same(key, self.link_key) else None


class _RestartNode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    party: str


class _Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An empty body: {}."""


def director_app(stage: Stage, key: DirectorKey, pages: Path, basemap: Path) -> FastAPI:
    """The director's server as an ASGI application; the contract stands in director_view."""
    app = FastAPI(title="Redshank exercise", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.add_middleware(Gate, party=COOKIE_PARTY, callers=key)
    app.add_exception_handler(HTTPException, _no_such_page)
    _add_reading(app, stage)
    _add_acting(app, stage)

    @app.get("/")
    async def page() -> Response:
        return FileResponse(pages / "director.html")

    @app.get("/basemap.pmtiles")
    async def basemap_tiles() -> Response:
        return FileResponse(basemap, media_type="application/vnd.pmtiles")

    app.mount("/", StaticFiles(directory=pages, check_dir=False))
    return app


def _add_reading(app: FastAPI, stage: Stage) -> None:
    snapshots = Snapshots(stage.view, DIRECTOR_KEYS)
    streams = Streams(stage.changed, snapshots)

    @app.get("/health")
    async def health() -> Response:
        return _json({"ok": True})

    @app.get("/api/state")
    async def state() -> Response:
        return _json(stage.view())

    @app.get("/api/stream")
    async def stream() -> Response:
        answer = streams.answer()
        return _answer(answer) if isinstance(answer, Refusal) else answer


def _add_acting(app: FastAPI, stage: Stage) -> None:
    @app.post("/api/start")
    async def start(request: Request) -> Response:
        wanted = await _read(request, StartExercise)
        return _answer(wanted if isinstance(wanted, Refusal) else await stage.start(wanted))

    @app.post("/api/pause")
    async def pause(request: Request) -> Response:
        return await _plain(request, stage.pause)

    @app.post("/api/resume")
    async def resume(request: Request) -> Response:
        return await _plain(request, stage.resume)

    @app.post("/api/restart")
    async def restart(request: Request) -> Response:
        wanted = await _read(request, _RestartNode)
        return _answer(wanted if isinstance(wanted, Refusal) else await stage.restart(wanted.party))


async def _plain(request: Request, act: Callable[[], Awaitable[Refusal | None]]) -> Response:
    body = await _read(request, _Nothing)
    return _answer(body if isinstance(body, Refusal) else await act())


async def _read(request: Request, kind: type[T]) -> T | Refusal:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limits.CONSOLE_COMMAND_BYTES:
            return Refusal(Reason.TOO_LARGE, "body", f"at most {limits.CONSOLE_COMMAND_BYTES} bytes")
    try:
        return msgspec.json.decode(bytes(body) or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Refusal(Reason.MALFORMED, "body", str(error))


def _answer(no: Refusal | None) -> Response:
    if no is None:
        return _json({"accepted": True})
    return refused(no, {Reason.BUSY: 503, Reason.NOT_IN_TABLE: 409, Reason.TOO_LARGE: 413}.get(no.reason, 422))


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


async def _no_such_page(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refused(Refusal(Reason.UNKNOWN_FIELD, "path", "no such page or method here"), status)


class _Server(uvicorn.Server):
    """Leaves signals to `run_demo`, which has five processes to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures nothing."""
        yield


async def run_demo(
    scenario: str | None = "lv-2026-05-07",
    speed: float | None = None,
    folder: Path | None = None,
    base_port: int = 8100,
    seats: frozenset[str] = frozenset(),
    open_browser: bool = True,
    keep: bool = False,
) -> int:
    """Runs the director and five nodes until Ctrl-C or SIGTERM. Without a scenario the page offers the
    choice.

    A given `folder` is kept, a temporary one only with `keep`. Returns an exit status: 0, or 2 when it can
    not start.
    """
    out = Console(highlight=False)
    root = folder or Path(tempfile.mkdtemp(prefix="redshank-"))
    stop = _stop_event()
    stage = Stage(read_scenarios(), root, base_port, lambda text: out.print(f"  {text}", markup=False))
    try:
        async with opened(stage, base_port) as link:
            status = await _play(stage, scenario, speed, seats, out)
            if status == 0:
                _tell(out, stage, link, root)
                if open_browser:
                    webbrowser.open(link)
                await _until_stopped(stop, stage, out)
        return status
    except OSError as error:
        out.print(f"Port {base_port} can not be used ({error.strerror}); choose another with --port.", style="red")
        return 2
    finally:
        if folder is None and not keep:
            shutil.rmtree(root, ignore_errors=True)


@contextlib.asynccontextmanager
async def opened(stage: Stage, port: int) -> AsyncIterator[str]:
    """The director's server, open as long as the context; gives its login link and ends the stage with it.

    Raises OSError when the port can not be used.
    """
    listening = socket.create_server((HOST, port), backlog=64)
    key = DirectorKey()
    server = _server(stage, key)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://{HOST}:{port}/?key={key.link_key}"
    finally:
        await stage.close()
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)
        listening.close()


def _server(stage: Stage, key: DirectorKey) -> _Server:
    pages = Path(str(files("redshank.console").joinpath("pages")))
    basemap = Path(str(files("redshank.geodata").joinpath("base.pmtiles")))
    app = director_app(stage, key, pages, basemap)
    # An open page keeps its stream open: it is cut after a second.
    settings = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="off", timeout_graceful_shutdown=1
    )
    return _Server(settings)


def _stop_event() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _play(stage: Stage, scenario: str | None, speed: float | None, seats: frozenset[str], out: Console) -> int:
    """Starts the night that was asked for and waits until it runs."""
    if scenario is None:
        return 0
    scenarios = read_scenarios()
    pace = speed or (scenarios[scenario].speed if scenario in scenarios else 1.0)
    out.print(f"Redshank exercise [bold]{scenario}[/bold] at {pace:g} times the pace")
    begun_ns = stopwatch_ns()
    no = await stage.start(StartExercise(scenario, pace, dict.fromkeys(seats, "person")))
    if no is not None:
        out.print(f"The exercise can not start: {no}", style="red", markup=False)
        return 2
    if await stage.wait_until("running", "failed") == "failed":
        return 2
    out.print(f"Five nodes run after {(stopwatch_ns() - begun_ns) / 1e9:.1f} s.")
    return 0


def _tell(out: Console, stage: Stage, link: str, root: Path) -> None:
    cards = {card.party: card for card in stage.view().nodes}
    out.print()
    out.print(f"  Director    {link}", style="bold", soft_wrap=True, markup=False)
    for party in PARTIES:
        if cards[party].console_url:
            out.print(f"  Console {party}  {cards[party].console_url}", soft_wrap=True, markup=False)
            out.print(f"  Release {party}  {cards[party].authority_url}", soft_wrap=True, markup=False)
    out.print(
        "  (each link opens once: an officer's console, a releasing authority's; the director's page has new ones)"
    )
    out.print(f"  Folder      {root}", soft_wrap=True, markup=False)
    out.print("\nPress Ctrl-C to stop.")


async def _until_stopped(stop: asyncio.Event, stage: Stage, out: Console) -> None:
    ending = asyncio.create_task(_tell_the_end(stage, out))
    try:
        await stop.wait()
    finally:
        ending.cancel()
    out.print("Stopping the nodes …")


async def _tell_the_end(stage: Stage, out: Console) -> None:
    """Prints the summary at the end of each night."""
    while True:
        phase = await stage.wait_until("finished", "failed")
        out.print(f"\nThe night has ended. {stage.message}" if phase == "finished" else "", markup=False)
        await stage.wait_until("choosing", "starting", "running")
