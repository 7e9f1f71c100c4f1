"""Fleet: five nodes as processes, and their consoles as a user reaches them.

Here: starting, watching, restarting and stopping `redshank node`, and a client of the console API. Not here:
the files (fleet_folder), what officers do (officers). May know: fleet_folder, console's view, terms.
"""

import asyncio
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import aiohttp
import msgspec

from redshank.console.view import View
from redshank.edges.clock import stopwatch_ns
from redshank.exercise.accounts import OFFICER, ROBOT, Links, come_in
from redshank.exercise.fleet_folder import HOST, ExerciseFolder, NodePlace
from redshank.exercise.leash import child
from redshank.node.commands import Command
from redshank.terms.ids import PartyId
from redshank.terms.refusal import Refusal

READY_WITHIN_S = 60.0
STOP_WITHIN_S = 8.0
ASK_TIMEOUT_S = 10.0
LOG_TAIL_BYTES = 2_000
LOOK_S = 0.05


class FleetFailed(Exception):
    """A node did not start; the text holds the end of its log."""


class ConsoleFile(msgspec.Struct, frozen=True):
    """What a node leaves for those who may open its console."""

    url: str
    feed_key: str
    console_port: int


class Node:
    """One node: its process and its console."""

    def __init__(self, place: NodePlace, http: aiohttp.ClientSession) -> None:
        self.place = place
        self.party: PartyId = place.party
        self.console: ConsoleFile | None = None
        self._http = http
        self._process: ForkServerProcess | None = None
        self._decoder = msgspec.json.Decoder(View)
        self._links: Links | None = None
        self._session: dict[str, str] = {}

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.is_alive()

    @property
    def pid(self) -> int | None:
        """Process id, None before the first start."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Starts the process; it is ready after `ready`."""
        self._announced.unlink(missing_ok=True)
        self.console = None
        self._process = child(self.place.config, self.place.log)
        # In a thread: the first start waits until the fork server has imported the program.
        await asyncio.to_thread(self._process.start)

    async def ready(self, within_s: float = READY_WITHIN_S) -> None:
        """Waits until the console answers. Raises FleetFailed with the end of the node's log."""
        until_ns = stopwatch_ns() + round(within_s * 1e9)
        while stopwatch_ns() < until_ns:
            if not self.is_running:
                raise FleetFailed(f"The node of {self.party} ended while it started:\n{self.log_tail()}")
            if self._announced.exists() and await self._is_healthy():
                return
            await asyncio.sleep(LOOK_S)
        raise FleetFailed(f"The node of {self.party} was not ready within {within_s:.0f} s:\n{self.log_tail()}")

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL if it does not end in time; by its id alone."""
        process = self._process
        if process is None or not process.is_alive():
            return
        process.terminate()
        if not await _ended(process, STOP_WITHIN_S):
            process.kill()
            await _ended(process, STOP_WITHIN_S)

    def link(self, person: str = OFFICER) -> str:
        """A one-time link into its console for an account of the exercise; one that was used is made anew."""
        return self._known().link(person)

    def close(self) -> None:
        """Lets go of its people's file."""
        if self._links is not None:
            self._links.close()
            self._links = None

    async def view(self) -> View | None:
        """What its console shows now; None when it does not answer."""
        try:
            async with self._http.get(self._url("/api/view"), headers=await self._robot()) as answer:
                if answer.status == 401:
                    self._session = {}
                return self._decoder.decode(await answer.read()) if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, msgspec.MsgspecError):
            return None

    async def command(self, command: Command) -> str | None:
        """Has the node do it; gives the refusal in words, None when it is done."""
        body = msgspec.json.encode(command)
        try:
            return await self._post("/api/command", body, await self._robot())
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"the node does not answer: {type(error).__name__}"

    async def report(self, body: bytes) -> str | None:
        """Hands in a person's report with the feed key; gives the refusal in words, None when it was
        taken."""
        key = self.console.feed_key if self.console else ""
        return await self._post("/api/reports", body, {"Authorization": f"Bearer {key}"})

    def log_tail(self) -> str:
        """The end of its log."""
        try:
            return self.place.log.read_bytes()[-LOG_TAIL_BYTES:].decode("utf-8", "replace").strip()
        except OSError:
            return ""

    @property
    def _announced(self) -> Path:
        return self.place.data / "console.json"

    async def _is_healthy(self) -> bool:
        try:
            self.console = msgspec.json.decode(self._announced.read_bytes(), type=ConsoleFile)
            async with self._http.get(self._url("/health")) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError, msgspec.MsgspecError):
            return False

    async def _post(self, path: str, body: bytes, headers: dict[str, str]) -> str | None:
        try:
            async with self._http.post(self._url(path), data=body, headers=headers) as answer:
                said = await answer.read()
                return None if answer.status < 300 else _no(said, answer.status)
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"the node does not answer: {type(error).__name__}"

    async def _robot(self) -> dict[str, str]:
        """The session of the robot's account, which outlives restarts."""
        if not self._session:
            token = self._known().token(ROBOT)
            self._session = await come_in(self._http, self._url(""), token)
        return self._session

    def _known(self) -> Links:
        if self._links is None:
            self._links = Links(self.party, self.place.data, self._url(""))
        return self._links

    def _url(self, path: str) -> str:
        return f"http://{HOST}:{self.place.console_port}{path}"


class Fleet:
    """All nodes of one exercise. `async with` stops every process at the end, whatever happens."""

    def __init__(self, folder: ExerciseFolder) -> None:
        self.folder = folder
        self.nodes: dict[PartyId, Node] = {}
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Fleet":
        # Consoles are on this machine: no proxy of the environment may come between.
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ASK_TIMEOUT_S), trust_env=False)
        self.nodes = {party: Node(place, self._http) for party, place in self.folder.nodes.items()}
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        for node in self.nodes.values():
            node.close()
        if self._http is not None:
            await self._http.close()

    async def start(self, told: Callable[[PartyId], None]) -> None:
        """Starts all nodes at once; `told` hears of each as it gets ready. Raises FleetFailed."""
        await asyncio.gather(*(node.start() for node in self.nodes.values()))

        async def one(node: Node) -> None:
            await node.ready()
            told(node.party)

        await asyncio.gather(*(one(node) for node in self.nodes.values()))

    async def stop(self) -> None:
        """Stops all nodes at once."""
        await asyncio.gather(*(node.stop() for node in self.nodes.values()))

    async def restart(self, party: PartyId) -> None:
        """Stops a node, if it lives, and starts it again on the same data. Raises FleetFailed."""
        node = self.nodes[party]
        await node.stop()
        await node.start()
        await node.ready()


async def _ended(process: ForkServerProcess, within_s: float) -> bool:
    """Whether it ends within this time; a thread waits for it."""
    await asyncio.to_thread(process.join, within_s)
    return not process.is_alive()


def _no(said: bytes, status: int) -> str:
    try:
        return str(msgspec.json.decode(said, type=Refusal))
    except msgspec.MsgspecError:
        return f"HTTP {status}"
