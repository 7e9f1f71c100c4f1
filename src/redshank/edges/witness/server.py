"""Witness server: add-checkpoint and the newest checkpoint over HTTP or HTTPS, as C2SP tlog-witness has them.

Nobody is asked who they are: a submission speaks by the signatures of its log. What is answered is durable before.
"""

import asyncio
import contextlib
import hashlib
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from aiohttp import web

from redshank.edges.clock import Clock
from redshank.edges.witness.keys import WitnessKeys
from redshank.edges.witness.store import WitnessFailed, WitnessStore
from redshank.log.witness import Verdict
from redshank.terms import limits
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason

SIZE = "text/x.tlog.size"
TEXT = "text/plain; charset=utf-8"

T = TypeVar("T")


class WitnessServer:
    """One listening port. Requests are judged one after another in one thread, so that each sees what the last kept."""

    def __init__(self, store: WitnessStore, keys: WitnessKeys, clock: Clock) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._last_now = Instant(0)
        self._running = 0
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="witness")
        self._origins = {hashlib.sha256(origin.encode()).hexdigest(): origin for origin in store.origins()}
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int, context: ssl.SSLContext | None = None) -> int:
        """Listens; returns the port in use. Raises OSError when the address is taken."""
        app = web.Application(client_max_size=limits.WITNESS_REQUEST_BYTES)
        app.router.add_post("/add-checkpoint", self._add_checkpoint)
        app.router.add_get("/{origin_hash:[0-9a-f]{64}}/checkpoint", self._show_checkpoint)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, ssl_context=context, backlog=limits.WITNESS_REQUESTS_AT_ONCE)
        await site.start()
        address: tuple[str, int] = self._runner.addresses[0]
        return address[1]

    async def stop(self) -> None:
        """Stops listening; running requests get a moment to end."""
        if self._runner is not None:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._runner.cleanup(), timeout=3.0)
        self._disk.shutdown(wait=True)

    async def _add_checkpoint(self, request: web.Request) -> web.Response:
        if self._running >= limits.WITNESS_REQUESTS_AT_ONCE:
            return _said(503, Reason.BUSY)
        self._running += 1
        try:
            body = await asyncio.wait_for(request.read(), limits.WITNESS_TIMEOUT_S)
            verdict, lines = await self._on_disk(lambda: self._take(body))
        except web.HTTPRequestEntityTooLarge:
            return _said(413, Reason.TOO_LARGE)
        except TimeoutError:
            return _said(408, Reason.TOO_LATE)
        except WitnessFailed:
            return _said(500, Reason.BUSY)
        finally:
            self._running -= 1
        if verdict.refusal is None:
            return web.Response(body=lines, headers={"Content-Type": TEXT})
        if verdict.status == 409:
            return web.Response(status=409, body=b"%d\n" % verdict.held_size, headers={"Content-Type": SIZE})
        return _said(verdict.status, verdict.refusal.reason)

    async def _show_checkpoint(self, request: web.Request) -> web.Response:
        origin = self._origins.get(request.match_info["origin_hash"])
        note = None if origin is None else await self._on_disk(lambda: self._store.newest(origin))
        if note is None:
            return _said(404, Reason.WRONG_ORIGIN)
        return web.Response(body=note, headers={"Content-Type": TEXT, "Cache-Control": "no-cache"})

    def _take(self, body: bytes) -> tuple[Verdict, bytes]:
        self._last_now = max(self._last_now, self._clock.now())  # the witness's time never runs backwards
        return self._store.take(body, self._last_now, self._keys.public, self._keys)

    async def _on_disk(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work)


def _said(status: int, reason: Reason) -> web.Response:
    return web.Response(status=status, text=f"{reason.value}\n")
