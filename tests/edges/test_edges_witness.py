"""A third party's witness over real HTTP, and the pump of a node towards it: WIT-1 to WIT-7."""

import asyncio
import contextlib
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from functools import cache, partial
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from tests.exchange.exchange_world import LT, NOW, Keyring

from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeysFailed
from redshank.edges.witness.keys import WitnessKeys, make_witness_keys
from redshank.edges.witness.pump import Head, WitnessPump
from redshank.edges.witness.server import WitnessServer
from redshank.edges.witness.store import WitnessFailed, WitnessStore
from redshank.exchange.witnessing import Statement, Witness, statement_of
from redshank.log import merkle
from redshank.log.note import log_requests, parse_note, parse_signatures, signed_note, verify_signatures
from redshank.log.tree_head import Checkpoint
from redshank.log.witness import encode_submission
from redshank.terms import limits
from redshank.terms.refusal import Refusal

NAME = "witness.example/w"
LOG = Keyring(LT)
ORIGIN = LOG.public.log.name
LEAVES = [merkle.leaf_hash(b"%d" % number) for number in range(400)]
READ = merkle.perfect_hashes(LEAVES)


@cache  # an ML-DSA-44 signature is another one each time
def head_of(size: int, root: bytes | None = None) -> Head:
    text = Checkpoint(ORIGIN, size, merkle.root_at(size, READ) if root is None else root).text
    first, second = log_requests(text, LOG.public.log, NOW // 1000)
    signatures = first.signed(LOG.log.sign(first.message)), second.signed(LOG.log_mldsa.sign(second.message))
    return Head(size, text, signed_note(text, signatures))


def proof(old: int, size: int) -> tuple[bytes, ...]:
    found = merkle.consistency_proof(old, size, READ) if old else ()
    assert not isinstance(found, Refusal)
    return found


def request(old: int, size: int, root: bytes | None = None) -> bytes:
    head = head_of(size) if root is None else head_of(size, root)
    return encode_submission(old, proof(old, size) if old <= size else (), head.note)


class Running:
    """A witness that listens, and its store."""

    def __init__(self, folder: Path) -> None:
        self.keys = make_witness_keys(NAME, folder / "keys")
        self.store = WitnessStore(folder / "witness.sqlite", [LOG.public.log.both])
        self.server = WitnessServer(self.store, self.keys, SystemClock())
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def witness(self) -> Witness:
        return Witness(self.keys.public.both, self.url)

    async def post(self, body: bytes) -> tuple[int, str, bytes]:
        async with aiohttp.ClientSession() as http, http.post(f"{self.url}/add-checkpoint", data=body) as answer:
            return answer.status, answer.headers["Content-Type"], await answer.read()


@contextlib.asynccontextmanager
async def listening(folder: Path, port: int = 0) -> AsyncIterator[Running]:
    running = Running(folder)
    running.port = await running.server.start("127.0.0.1", port)
    try:
        yield running
    finally:
        await running.server.stop()
        running.store.close()


async def test_a_head_is_cosigned_over_http(tmp_path: Path) -> None:
    """WIT-1, WIT-3, WIT-5: two lines of one time; the size that it holds for who does not know."""
    async with listening(tmp_path) as witness:
        status, kind, body = await witness.post(request(0, 7))
        assert (status, kind) == (200, "text/plain; charset=utf-8")
        statement = statement_of(head_of(7).text, witness.witness, body)
        assert isinstance(statement, Statement)
        lines = parse_signatures(body)
        assert not isinstance(lines, Refusal)
        verified = verify_signatures(head_of(7).text, lines, witness.keys.public.both)
        assert isinstance(verified, tuple)
        assert len({found.at_s for found in verified}) == 1
        assert await witness.post(request(0, 9)) == (409, "text/x.tlog.size", b"7\n")
        assert (await witness.post(request(7, 9)))[0] == 200


async def test_the_newest_head_is_shown(tmp_path: Path) -> None:
    """WIT-5: with the log's signatures and the witness's, and nothing before the first."""
    async with listening(tmp_path) as witness, aiohttp.ClientSession() as http:
        place = f"{witness.url}/{hashlib.sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
        async with http.get(place) as answer:
            assert answer.status == 404
        await witness.post(request(0, 7))
        _, _, lines = await witness.post(request(7, 9))
        async with http.get(place) as answer:
            assert (answer.status, await answer.read()) == (200, head_of(9).note + lines)
        async with http.get(f"{witness.url}/{'0' * 64}/checkpoint") as answer:
            assert answer.status == 404


def stored(folder: Path) -> list[Path]:
    return list(folder.glob("witness.sqlite*"))


async def test_a_witness_sees_no_content(tmp_path: Path) -> None:
    """WIT-6: neither on the wire nor in its store is any entry, only hashes; a lone last entry's among them."""
    entries = [b"the secret of message %d" % number for number in range(9)]
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    read = merkle.perfect_hashes(leaves)
    async with listening(tmp_path) as witness:
        for old, size in ((0, 8), (8, 9)):
            steps = merkle.consistency_proof(old, size, read) if old else ()
            assert isinstance(steps, tuple)
            assert not old or leaves[8] in steps
            body = encode_submission(old, steps, head_of(size, merkle.root_at(size, read)).note)
            assert b"secret" not in body
            assert (await witness.post(body))[0] == 200
        assert not any(b"secret" in path.read_bytes() for path in stored(tmp_path))


async def test_hostile_requests_are_answered_and_harmless(tmp_path: Path) -> None:
    """WIT-1, WIT-2: by status, without a stack trace, and the next one is served."""
    async with listening(tmp_path) as witness:
        large = b"n" * (limits.WITNESS_REQUEST_BYTES + 1)
        for body, status in ((b"", 400), (b"\xff" * 100, 400), (large, 413), (request(0, 7)[:-40], 400)):
            assert (await witness.post(body))[0] == status
        stranger = head_of(7).note.replace(b"LT/2026", b"LT/2027")
        assert (await witness.post(encode_submission(0, (), stranger)))[0] == 404
        assert (await witness.post(request(0, 7)))[0] == 200


async def test_a_slow_sender_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """WIT-1: a body that does not end is given up; as many at once as there is room for, one more is told to come
    again."""
    monkeypatch.setattr(limits, "WITNESS_TIMEOUT_S", 0.5)
    monkeypatch.setattr(limits, "WITNESS_REQUESTS_AT_ONCE", 1)
    async with listening(tmp_path) as witness:
        reader, writer = await asyncio.open_connection("127.0.0.1", witness.port)
        writer.write(b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 60000\r\n\r\nold 0")
        await writer.drain()
        answers = [await witness.post(request(0, 7))]
        while answers[-1][0] == 503:
            answers.append(await witness.post(request(0, 7)))
        assert answers[-1][0] == 200
        assert b"408" in await reader.readline()
        writer.close()


async def test_of_many_at_once_one_history_comes(tmp_path: Path) -> None:
    """WIT-3: the race that C2SP names: whatever is answered, what is held never goes back."""
    async with listening(tmp_path) as witness:
        assert (await witness.post(request(0, 1)))[0] == 200
        answers = await asyncio.gather(*(witness.post(request(1, size)) for size in range(2, 40)))
        taken = [size for size, answer in zip(range(2, 40), answers, strict=True) if answer[0] == 200]
        assert len(taken) == 1
        assert {answer[0] for answer in answers} == {200, 409}
        assert (await witness.post(request(0, 1)))[2] == b"%d\n" % taken[0]


async def test_a_witness_remembers_after_a_restart(tmp_path: Path) -> None:
    """WIT-3, WIT-4: sizes and proofs are durable; a fork is refused and kept with what was cosigned."""
    async with listening(tmp_path) as witness:
        assert (await witness.post(request(0, 7)))[0] == 200
    async with listening(tmp_path) as witness:
        assert (await witness.post(request(0, 9)))[2] == b"7\n"
        assert await witness.post(request(7, 7, bytes(32))) == (422, "text/plain; charset=utf-8", b"forked\n")
        assert (await witness.post(request(7, 9)))[0] == 200
        assert (await witness.post(request(9, 7, bytes(31) + b"x")))[0] == 400
    store = WitnessStore(tmp_path / "witness.sqlite", [LOG.public.log.both])
    found = store.contradictions()
    assert [(proof_.origin, proof_.size) for proof_ in found] == [(ORIGIN, 7), (ORIGIN, 7)]
    for proof_ in found:
        heads = [parse_note(note) for note in (proof_.cosigned, proof_.other)]
        assert not any(isinstance(head, Refusal) for head in heads)
        assert proof_.cosigned.split(b"\n")[2] != proof_.other.split(b"\n")[2]
        for head in heads:
            assert not isinstance(head, Refusal)
            assert len(verify_signatures(head.text, head.signatures, LOG.public.log.both)) == 2  # type: ignore[arg-type]


def test_two_processes_over_one_store_see_one_history(tmp_path: Path) -> None:
    """WIT-3: the check reads within the transaction that keeps."""
    keys = make_witness_keys(NAME, tmp_path / "keys")
    one, two = (WitnessStore(tmp_path / "w.sqlite", [LOG.public.log.both]) for _ in range(2))
    assert one.take(request(0, 7), NOW, keys.public, keys)[0].status == 200
    assert two.take(request(0, 5), NOW, keys.public, keys)[0].status == 409
    assert two.take(request(7, 9), NOW, keys.public, keys)[0].status == 200
    assert one.take(request(7, 8), NOW, keys.public, keys)[0].held_size == 9


def test_nothing_is_cosigned_that_could_not_be_kept(tmp_path: Path) -> None:
    """WIT-3: a disk that refuses is an error, and no statement."""
    keys = make_witness_keys(NAME, tmp_path / "keys")
    store = WitnessStore(tmp_path / "w.sqlite", [LOG.public.log.both])
    with sqlite3.connect(tmp_path / "w.sqlite") as db:
        db.execute("CREATE TRIGGER full BEFORE INSERT ON head BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    with pytest.raises(WitnessFailed, match="disk full"):
        store.take(request(0, 7), NOW, keys.public, keys)
    with sqlite3.connect(tmp_path / "w.sqlite") as db:
        db.execute("DROP TRIGGER full")
    assert store.take(request(0, 7), NOW, keys.public, keys)[0].status == 200


def test_keys_of_a_witness_are_private_and_kept(tmp_path: Path) -> None:
    """WIT-5: made once; readable by their owner alone; each of its own kind."""
    keys = make_witness_keys(NAME, tmp_path)
    assert make_witness_keys(NAME, tmp_path).public == keys.public
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.key")} == {0o600}
    (tmp_path / "witness.key").chmod(0o644)
    with pytest.raises(KeysFailed, match="chmod 600"):
        WitnessKeys(NAME, tmp_path)
    (tmp_path / "witness.key").chmod(0o600)
    (tmp_path / "witness.mldsa.key").write_bytes((tmp_path / "witness.key").read_bytes())
    with pytest.raises(KeysFailed, match="ML-DSA-44"):
        WitnessKeys(NAME, tmp_path)


# --- the node's pump ------------------------------------------------------------------------------------------


class Outbox:
    """A node's side that signs what the test says."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness
        self.size = 0
        self.held = 0
        self.troubles: list[str] = []
        self.moved = asyncio.Event()
        self.heard = asyncio.Event()

    def grow(self, size: int) -> None:
        self.size = size
        self.moved.set()

    def head(self) -> Head | None:
        return head_of(self.size) if self.size else None

    def cosigned(self) -> int:
        return self.held

    async def proof(self, old_size: int, size: int) -> tuple[bytes, ...]:
        return proof(old_size, size)

    async def came(self, text: bytes, body: bytes) -> bool:
        statement = statement_of(text, self._witness, body)
        if isinstance(statement, Statement):
            self.held = int(text.split(b"\n")[1])
            self.heard.set()
        return isinstance(statement, Statement)

    async def failed(self, why: str) -> None:
        self.troubles.append(why)
        self.heard.set()

    async def wait(self) -> None:
        await self.moved.wait()
        self.moved.clear()

    async def until(self, what: Callable[[], object]) -> None:
        while not what():
            self.heard.clear()
            await self.heard.wait()


@contextlib.asynccontextmanager
async def pumping(witness: Witness) -> AsyncIterator[Outbox]:
    outbox = Outbox(witness)
    task = asyncio.create_task(WitnessPump(witness, outbox).run())
    try:
        yield outbox
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _holds(outbox: Outbox, size: int) -> bool:
    return outbox.held == size


@pytest.mark.timeout(30)
async def test_the_pump_follows_the_newest_head(tmp_path: Path) -> None:
    """WIT-7: with a proof from what was cosigned; and after a restart without knowledge it asks for the size."""
    async with listening(tmp_path) as witness:
        async with pumping(witness.witness) as outbox:
            for size in (1, 2, 300):
                outbox.grow(size)
                await outbox.until(partial(_holds, outbox, size))
            assert outbox.troubles == []
        async with pumping(witness.witness) as forgetful:
            forgetful.grow(301)
            await forgetful.until(lambda: forgetful.held == 301)
            assert forgetful.troubles == []


@pytest.mark.timeout(30)
async def test_the_pump_waits_out_a_dead_witness(tmp_path: Path) -> None:
    """WIT-7: it says what is wrong, tries again, and then sends the newest head alone."""
    async with listening(tmp_path) as witness:
        address, port = witness.witness, witness.port
    async with pumping(address) as outbox:
        outbox.grow(5)
        await outbox.until(lambda: outbox.troubles)
        assert "Connect" in outbox.troubles[0]
        outbox.grow(7)
        async with listening(tmp_path, port) as witness:
            await outbox.until(lambda: outbox.held == 7)
            assert (await witness.post(request(0, 5)))[2] == b"7\n"


@pytest.mark.timeout(30)
async def test_a_witness_that_says_now_this_size_and_now_that_is_not_asked_without_end() -> None:
    """WIT-7: after the second size the pump pauses, and says why."""
    asked: list[bytes] = []

    async def contradict(request: web.Request) -> web.Response:
        asked.append(await request.read())
        return web.Response(status=409, text=f"{len(asked) % 3 + 1}\n")

    app = web.Application()
    app.router.add_post("/add-checkpoint", contradict)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with pumping(Witness(LOG.public.witness.both, f"http://127.0.0.1:{runner.addresses[0][1]}")) as outbox:
            outbox.grow(9)
            await outbox.until(lambda: len(outbox.troubles) == 2)
            assert "says that it holds" in outbox.troubles[0]
            assert len(asked) == 3
    finally:
        await runner.cleanup()


@pytest.mark.timeout(30)
async def test_the_pump_says_what_a_witness_will_not_cosign(tmp_path: Path) -> None:
    """WIT-7: a witness that holds more than we have signed, and one that sees a fork."""
    async with listening(tmp_path) as witness:
        await witness.post(request(0, 9))
        async with pumping(witness.witness) as outbox:
            outbox.grow(5)
            await outbox.until(lambda: outbox.troubles)
            assert "holds 9 entries of our log, but we have signed 5" in outbox.troubles[0]
