"""Exam: one qualification under way: the partner, the line both ways, waiting, evidence, and the verdict on each case.

Here: what the cases stand on, and who is held responsible for what. Not here: the cases, the report.
"""

import asyncio
import base64
import hashlib
from collections.abc import Callable
from typing import TypeVar

from OpenSSL import SSL

from redshank.conformance.case import (
    NOT_TRIED,
    Case,
    Failed,
    NotApplicable,
    Piece,
    Responsible,
    Result,
    Told,
    Unclear,
    Verdict,
)
from redshank.conformance.forms import Json, stated
from redshank.conformance.keys import CLASSICAL_GROUP, HYBRID_GROUP, Folder, Identity, host_name
from redshank.conformance.line import PATIENCE_S, Answer, Asked, Caller, Door, Reply
from redshank.conformance.partner import Partner, Pushed, Sandbox
from redshank.conformance.tls import NO_WAY, VERSION_1_3, LineFailed, context
from redshank.conformance.wire import Breach, push, read_number

T = TypeVar("T")
EVIDENCE_BYTES, EVIDENCE_PIECES = 2_048, 12
LAG_MS = 2_000
"""The qualifier's own process stood still for this long: what it waited for is then not held against the node."""
CLOCKS_APART_MS = 60_000  # MSG-9
REACTS_S = 10.0  # LINE-6
LOOK_S = 0.01
MUTE, MUTE_S = 3, 2.0
BUSY, BUSY_TRIES, BUSY_PAUSE_S = (429, b"busy\n"), 40, 0.25

Script = Callable[[Pushed], Answer | None]
"""What to do with a push of the node; None: what a good partner does."""


class Exam:
    """The qualifier at work."""

    def __init__(
        self,
        sandbox: Sandbox,
        folder: Folder,
        now_ms: Callable[[], int],
        *,
        follows_node: bool,
        clock_is_disciplined: bool,
    ) -> None:
        self.partner = Partner(sandbox, folder, now_ms)
        self.folder, self.sandbox = folder, sandbox
        self.follows_node = follows_node
        """The node's clock is an exercise clock: it is right by definition."""
        self.clock_is_disciplined = clock_is_disciplined
        """The kernel says that this machine's clock is synchronised."""
        self.identity = folder.authority.issue(host_name(self.partner.me), now_ms() // 1000)
        self.caller = Caller(sandbox.url, host_name(sandbox.node.party), self.tls(self.identity))
        self.door = Door(self.tls(self.identity), self._called)
        self.pushes: list[Pushed] = []
        self.replies: dict[int, Json] = {}
        """The node's TEST-REPLYs by the serial that they answer."""
        self.wrong: list[Breach] = []
        """What was wrong with messages and pushes of the node that no case asked for."""
        self.script: Script | None = None
        self.lost: tuple[Responsible, str] | None = None
        """Why nothing more can be tried, and who has to act on it."""
        self._owed: list[Json] = []
        self._wrong_before = self._refused_before = 0
        self._mute = 0
        self._evidence: list[tuple[str, bytes]] = []
        self._lag_ms = 0

    # -- the line ----------------------------------------------------------------------------------------------

    @property
    def groups(self) -> tuple[str, ...]:
        """Key exchanges that the line may use: the hybrid one alone where both sides publish it."""
        theirs = self.sandbox.node.key_exchange or ()
        return (HYBRID_GROUP,) if HYBRID_GROUP in theirs else (CLASSICAL_GROUP, "P-256")

    def tls(
        self, identity: Identity | None, groups: tuple[str, ...] | None = None, version: int = VERSION_1_3
    ) -> SSL.Context:
        """A TLS context that trusts the node's authority."""
        return context(self.sandbox.node.authority_pem, identity, groups or self.groups, version=version)

    def path(self, channel: str | None = None) -> str:
        """Where deliveries go (LINE-3)."""
        return f"/v1/{channel or self.partner.channel}/delivery"

    async def post(self, body: bytes, what: str = "push") -> Reply:
        """Delivers bytes over the kept connection; the answer. A node that is busy is asked again (DEL-12). Raises
        LineFailed."""
        self.keep(f"{what}, sent", body)
        reply, tries = await self.caller.ask("POST", self.path(), body), 1
        while (reply.status, reply.body) == BUSY and tries < BUSY_TRIES:
            await asyncio.sleep(BUSY_PAUSE_S)
            reply, tries = await self.caller.ask("POST", self.path(), body), tries + 1
        self.keep(f"answer {reply.status} {reply.kind}", reply.body)
        return reply

    async def say(self, *entries: bytes) -> int:
        """Delivers entries as a good partner; the time in the receipt. Raises Breach or LineFailed."""
        partner, old = self.partner, len(self.partner.own)
        body, head = partner.push(entries), partner.head(entries)
        partner.own.append(entries)
        reply = await self.post(body)
        if reply.status != 200:
            partner.own.cut(old)
        return partner.take_receipt(reply, head)

    async def held(self) -> int:
        """How much of the qualifier's log the node holds, by the newest head that it has and an old size beyond it: no
        head is signed for the question. Raises Breach, LineFailed, and Unclear when it holds another log."""
        partner, head = self.partner, self.partner.head()
        reply = await self.post(push(head.size + 7, partner.note(head), []), "how much is held?")
        if reply.status == 200 and head.size:
            partner.take_receipt(reply, head)
            return head.size
        if reply.status == 422:
            why = f"the node holds another log of this sandbox than the folder, which has {head.size} entries"
            raise Unclear(Responsible.QUALIFIER, f"{why}: was it copied or restored? Prepare a new one")
        if reply.status != 409:
            raise Breach("DEL-6", f"an old size beyond all is answered with {reply.status} {reply.body[:60]!r}")
        return size_in(reply)

    # -- what the node says ------------------------------------------------------------------------------------

    async def reply_to(self, serial: int, seconds: float = REACTS_S) -> Json:
        """The TEST-REPLY to the TEST at this serial. Raises Failed when it does not come, or the Breach in what came.
        A node that has not answered three times is given less time, so that an end comes of it."""
        patience_s = seconds if self._mute < MUTE else min(seconds, MUTE_S)
        self._mute += 1
        found = await self.wait(lambda: self.replies.get(serial), f"no TEST-REPLY to serial {serial}", patience_s)
        self._mute = 0
        return found

    async def answered(self, *entries: bytes) -> Json:
        """Says entries, of which the last is a TEST, and waits for its answer."""
        await self.say(*entries)
        return await self.reply_to(len(self.partner.own) - 1)

    async def next_push(self, after: int, seconds: float = PATIENCE_S) -> Pushed:
        """The push number `after` (from 0). Raises Failed when it does not come."""
        await self.wait(lambda: len(self.pushes) > after, "the node did not deliver", seconds)
        return self.pushes[after]

    async def called(self, calls: int) -> None:
        """Returns when somebody has called at the door more than `calls` times. Raises Failed."""
        await self.wait(lambda: self.door.calls > calls, "the node did not call", PATIENCE_S)

    async def wait(self, look: Callable[[], T | None], otherwise: str, seconds: float) -> T:
        """Waits until `look` gives something true. Raises Failed."""
        try:
            async with asyncio.timeout(seconds):
                while not (found := look()):
                    if len(self.wrong) > self._wrong_before:
                        raise self.wrong[self._wrong_before]  # what came was refused: it will not come otherwise
                    await asyncio.sleep(LOOK_S)
                return found
        except TimeoutError as error:
            if self.door.calls == 0:
                where = f"{self.sandbox.listen_host}:{self.sandbox.listen_port}"
                raise Unclear(
                    Responsible.NETWORK,
                    f"{otherwise}: nobody has ever called at {where}; look at the url in "
                    "the node's configuration and at what stands between",
                ) from error
            refused = self.door.refused[self._refused_before :]
            heard = f"; at the door: {refused[-1]}" if refused else ""
            raise Failed(f"{otherwise} within {seconds:.0f} s{heard}", waited=True) from error

    async def answer_tests(self) -> None:
        """LINE-6 holds for the qualifier too."""
        owed, self._owed = self._owed, []
        if owed:
            replies = [
                self.partner.entry("TEST-REPLY", test["body"], number, in_reply_to=test["serial"])
                for number, test in enumerate(owed)
            ]
            await self.say(*replies)

    async def quiet(self, seconds: float) -> None:
        """Lets time pass, in which the node may say something that it should not."""
        await asyncio.sleep(seconds)

    async def _called(self, asked: Asked) -> Answer:
        if asked.method == "GET":
            content = self.partner.files().get(asked.target.partition("/log/")[2])
            return Answer(404, b"not here\n") if content is None else Answer(200, content, "application/octet-stream")
        if asked.method != "POST" or asked.target != self.path():
            self.wrong.append(Breach("LINE-3", f"the node asked {asked.method} {asked.target[:200]}"))
            return Answer(404, b"unknown-type\n")
        pushed = self.partner.judge(asked.body)
        self.keep("push of the node", asked.body)
        if pushed.follows:  # the one before it was not taken: neither is this one, and no case is about it
            return Answer(409, b"%d\n" % len(self.partner.theirs), "text/x.tlog.size")
        answer = None if self.script is None else self.script(pushed)
        if answer is None:
            answer = self.take(pushed)
        self.pushes.append(pushed)
        self.keep(f"answered {answer.status} ({answer.manner})", answer.body)
        return answer

    def take(self, pushed: Pushed) -> Answer:
        """What a good partner does with a push: keeps it and gives the receipt, or refuses it."""
        if pushed.head is None:
            self.wrong.append(pushed.breach or Breach("DEL-1", "a push that cannot be read"))
            return Answer(400, b"malformed\n")
        self.absorb(pushed)
        return Answer(200, self.partner.receipt(pushed.head))

    def absorb(self, pushed: Pushed) -> None:
        """Keeps what a push says, without a receipt."""
        for said in self.partner.keep(pushed):
            if isinstance(said, Breach):
                self.wrong.append(said)
            elif said["type"] == "TEST-REPLY":
                self._reply(said)
            elif said["type"] == "TEST":
                self._owed.append(said)

    def _reply(self, said: Json) -> None:
        serial = said["in_reply_to"]
        if serial in self.replies:
            self.wrong.append(Breach("LINE-6", f"the TEST at serial {serial} was answered twice"))
        self.replies[serial] = said
        if serial < len(self.partner.own):
            self.partner.understood_ms = max(self.partner.understood_ms, stated(self.partner.own.entries[serial]))

    # -- evidence and verdicts ---------------------------------------------------------------------------------

    def keep(self, what: str, data: bytes) -> None:
        """Evidence of the running case; of a long one the newest pieces."""
        self._evidence = [*self._evidence[-EVIDENCE_PIECES + 1 :], (what, data)]

    async def watch(self) -> None:
        """Notes how long this process stands still; runs beside the cases until it is cancelled."""
        loop, step_s = asyncio.get_running_loop(), 0.1
        before = loop.time()
        while True:
            await asyncio.sleep(step_s)
            now = loop.time()
            self._lag_ms = max(self._lag_ms, round((now - before - step_s) * 1000))
            before = now

    async def run(self, case: Case) -> Result:
        """Runs one case to its verdict. A line that broke is tried once more, so that one lost packet blames nobody."""
        self._evidence, self._lag_ms, self.script = [], 0, None
        self.partner.restate()
        self._wrong_before, self._refused_before = len(self.wrong), len(self.door.refused)
        began_ms = self.partner.now_ms()
        verdict, party, came, breached = await self._try(case)
        if verdict is Verdict.INCONCLUSIVE and party is Responsible.NETWORK and not self.lost:
            self.caller.close()
            verdict, party, came, breached = await self._try(case)
        self.script = None
        if verdict is Verdict.PASS and len(self.wrong) > self._wrong_before:
            breach = self.wrong[self._wrong_before]
            verdict, party, came, breached = Verdict.FAIL, Responsible.NODE, breach.detail, breach.clause
        return Result(
            case=case.id,
            clauses=case.clauses,
            did=case.does,
            expected=case.expects,
            came=came,
            verdict=verdict,
            responsible=party,
            breached=breached,
            milliseconds=max(0, self.partner.now_ms() - began_ms),
            evidence=tuple(_piece(what, data) for what, data in self._evidence),
        )

    async def _try(self, case: Case) -> tuple[Verdict, Responsible, str, str]:
        if self.lost:
            return Verdict.INCONCLUSIVE, self.lost[0], f"{NOT_TRIED}{self.lost[1]}", ""
        try:
            await self.answer_tests()
            return Verdict.PASS, Responsible.NOBODY, await case.run(self), ""
        except Failed as failed:
            return self._whose_fault(failed)
        except Breach as breach:
            return Verdict.FAIL, Responsible.NODE, breach.detail, breach.clause
        except Unclear as unclear:
            return Verdict.INCONCLUSIVE, unclear.party, str(unclear), ""
        except (NotApplicable, Told) as reason:
            party = Responsible.SPECIFICATION if isinstance(reason, Told) else Responsible.NOBODY
            return Verdict.NOT_APPLICABLE, party, str(reason), ""
        except LineFailed as failed:
            return await self._whose_line(failed)

    def _whose_fault(self, failed: Failed) -> tuple[Verdict, Responsible, str, str]:
        """The node's, unless the qualifier slept while it waited."""
        if failed.waited and self._lag_ms > LAG_MS:
            why = f"{failed}; but the qualifier itself stood still for {self._lag_ms} ms"
            return Verdict.INCONCLUSIVE, Responsible.QUALIFIER, why, ""
        return Verdict.FAIL, Responsible.NODE, str(failed), ""

    async def _whose_line(self, failed: LineFailed) -> tuple[Verdict, Responsible, str, str]:
        """Whether the way is broken, or the node at its end does not talk."""
        try:
            await self.caller.reach()
            await self.caller.connect()
        except LineFailed as again:
            if again.stage == "refused" and self.partner.receipted_s:
                why = f"{failed}; the node has been there, and nobody listens at its address any more"
                return Verdict.INCONCLUSIVE, Responsible.NODE, why, ""
            if again.stage in NO_WAY:
                return Verdict.INCONCLUSIVE, Responsible.NETWORK, f"{failed}; no way to the node: {again.detail}", ""
            why = f"{failed}; the way is there, and the node takes no handshake: {again.detail}"
            return Verdict.FAIL, Responsible.NODE, why, "LINE-1"
        return Verdict.FAIL, Responsible.NODE, f"the node broke off: {failed}", ""


def size_in(reply: Reply) -> int:
    """The size in an answer of status 409 (DEL-6). Raises Breach."""
    if not reply.body.endswith(b"\n") or reply.kind.partition(";")[0] != "text/x.tlog.size":
        raise Breach("DEL-6", f"status 409 with {reply.kind!r} and {reply.body[:40]!r}")
    return read_number(reply.body[:-1].decode(errors="replace"), "DEL-6")


def _piece(what: str, data: bytes) -> Piece:
    shown = base64.b64encode(data[:EVIDENCE_BYTES]).decode()
    return Piece(what, shown, len(data), hashlib.sha256(data).hexdigest())
