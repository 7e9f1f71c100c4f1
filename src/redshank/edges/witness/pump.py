"""Witness pump: submits the newest head of one of our logs to one third party's witness, and takes its cosignatures.

One pump for each log and witness, so that a dead witness delays nobody. A witness needs no history: only the newest
head goes to it, with a proof from what it holds. Nothing in the node waits for it.
"""

import asyncio
from typing import Protocol

import aiohttp
import msgspec

from redshank.edges.engine import Engine
from redshank.edges.tiles import LogTiles
from redshank.exchange.session import Session
from redshank.exchange.witnessing import Witness
from redshank.log.tree_head import parse_size
from redshank.log.witness import encode_submission
from redshank.node.events import WitnessCame, WitnessFailed
from redshank.terms import limits
from redshank.terms.ids import ChannelId
from redshank.terms.refusal import Refusal

OK, CONFLICT = 200, 409


class Head(msgspec.Struct, frozen=True):
    """A signed head of ours: size in entries, text, and the note that is submitted."""

    size: int
    text: bytes
    note: bytes


class WitnessOutbox(Protocol):
    """What the pump asks of the node."""

    def head(self) -> Head | None:
        """The newest signed head; None before the first."""

    def cosigned(self) -> int:
        """Entries that the witness has cosigned."""

    async def proof(self, old_size: int, size: int) -> tuple[bytes, ...]:
        """The consistency proof between two sizes, 1 <= old_size <= size."""

    async def came(self, text: bytes, body: bytes) -> bool:
        """Takes the witness's answer; True if it was a cosignature."""

    async def failed(self, why: str) -> None:
        """Notes that the witness could not be reached, or refused."""

    async def wait(self) -> None:
        """Returns when there may be a newer head."""


class EngineOutbox:
    """The node's side of a pump, on top of the engine."""

    def __init__(self, engine: Engine, tiles: LogTiles, channel: ChannelId, witness: Witness) -> None:
        self._engine = engine
        self._tiles = tiles
        self._channel = channel
        self._witness = witness
        self._version = 0
        self._generation = 0
        """Of the log whose head was asked for last."""

    def head(self) -> Head | None:
        """The newest signed head of the own log."""
        self._generation = self._due()
        signed = self._session().own.head
        return None if signed is None else Head(signed.checkpoint.size, signed.text, signed.note)

    def cosigned(self) -> int:
        """As the journal has it: known after a restart too."""
        return self._session().witnessing.size_of(self._witness.name)

    def _session(self) -> Session:
        return self._engine.state.generations(self._channel)[self._generation]

    def _due(self) -> int:
        """The oldest generation with a head that this witness has not cosigned, else the open one: a log is witnessed
        to its end before the next one is."""
        generations, name = self._engine.state.generations(self._channel), self._witness.name
        due = (one.generation for one in generations if one.witnessing.size_of(name) < one.own.signed_size)
        return next(due, generations[-1].generation)

    async def proof(self, old_size: int, size: int) -> tuple[bytes, ...]:
        """From the kept tile hashes."""
        found = await self._tiles.proof(self._session().own.key.name, old_size, size)
        return () if isinstance(found, Refusal) else found

    async def came(self, text: bytes, body: bytes) -> bool:
        """Hands the answer to the node."""
        refusal = await self._engine.ask(
            lambda ticket: WitnessCame(ticket, self._channel, self._witness.name, text, body)
        )
        return refusal is None

    async def failed(self, why: str) -> None:
        """Tells the node."""
        await self._engine.post(WitnessFailed(self._channel, self._witness.name, why))

    async def wait(self) -> None:
        """After any turn of the node."""
        self._version = await self._engine.changed(self._version)


class WitnessPump:
    """Runs for one log and one witness until it is cancelled."""

    def __init__(self, witness: Witness, outbox: WitnessOutbox) -> None:
        self._target = f"{witness.url.rstrip('/')}/add-checkpoint"
        self._outbox = outbox
        self._held: int | None = None
        """What the witness said it holds, when that is not what we know."""

    async def run(self) -> None:
        """Submits for ever. Ends only by cancellation."""
        timeout = aiohttp.ClientTimeout(total=limits.WITNESS_TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as session:
            pause_s = limits.WITNESS_RETRY_MIN_S
            while True:
                head = self._outbox.head()
                if head is None or head.size <= self._outbox.cosigned():
                    await self._outbox.wait()
                elif await self._submit(session, head):
                    pause_s = limits.WITNESS_RETRY_MIN_S
                else:
                    await asyncio.sleep(pause_s)
                    pause_s = min(pause_s * 2, limits.WITNESS_RETRY_MAX_S)

    async def _submit(self, session: aiohttp.ClientSession, head: Head) -> bool:
        """True when there is no reason to pause: a cosignature came, or the size to prove from."""
        old_size = self._outbox.cosigned() if self._held is None else self._held
        if old_size > head.size:
            await self._outbox.failed(f"holds {old_size} entries of our log, but we have signed {head.size}")
            self._held = None
            return False
        proof = await self._outbox.proof(old_size, head.size) if old_size else ()
        body = encode_submission(old_size, proof, head.note)
        try:
            async with session.post(self._target, data=body, allow_redirects=False) as response:
                answer = await response.content.read(limits.NOTE_BYTES)
                return await self._answered(head, old_size, response.status, answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            await self._outbox.failed(f"{type(error).__name__}: {error}"[:200])
            return False

    async def _answered(self, head: Head, old_size: int, status: int, answer: bytes) -> bool:
        if status == OK:
            self._held = None
            return await self._outbox.came(head.text, answer)
        if status == CONFLICT:
            held = parse_size(answer.removesuffix(b"\n").decode("latin-1"))
            if not isinstance(held, Refusal) and held != old_size:
                first, self._held = self._held is None, held
                if not first:  # it has just said another size: no reason to go round without a pause
                    await self._outbox.failed(f"says that it holds {held}, and before that it holds {old_size}")
                return first
        self._held = None
        await self._outbox.failed(f"status {status}: {answer[:40].decode('latin-1').strip()}")
        return False
