"""Partner: one channel as the qualifier holds it: its own log, the node's log as it came, receipts both ways.

Here: saying, delivering, judging the node's pushes and answers. Not here: what is tried (cases). What the qualifier
says is on disk before it is signed, and what the node says before it is receipted: it keeps LOG-9 and DEL-5 itself.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from redshank.conformance import wire
from redshank.conformance.forms import AHEAD_MS, Json, canonical, message, read_message, stated
from redshank.conformance.keys import Folder, Published, Secret, log_origin, witness_name
from redshank.conformance.line import Reply
from redshank.conformance.wire import Breach, Head, Mark


class Sandbox(msgspec.Struct, frozen=True, kw_only=True):
    """What a qualification is about."""

    url: str
    listen_host: str
    listen_port: int
    node: Published
    prefix: str
    year: int

    def channel(self, mine: str) -> str:
        """Both party codes in alphabetical order (MSG-3)."""
        return "-".join(sorted((mine, self.node.party)))


HEADS_UNDER_WAY = 4  # LOG-9


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """One push of the node, judged: `breach` says what is wrong with it; without one, the rest is there."""

    data: bytes
    at_ms: int
    push: wire.Push | None = None
    head: Head | None = None
    breach: Breach | None = None
    follows: bool = False
    """It goes on where an earlier push would have ended that was not taken: it was on its way already (DEL-13)."""


class KeptLog:
    """A log's entries, in memory and in a file of one bundle."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.entries: list[bytes] = []
        if path.exists():
            self.entries = list(wire.read_bundle(path.read_bytes()))

    def __len__(self) -> int:
        return len(self.entries)

    def append(self, entries: Sequence[bytes]) -> None:
        """Durable when it returns. Raises OSError."""
        self.entries.extend(entries)
        with self._path.open("ab") as file:
            file.write(wire.bundle(entries))
            file.flush()
            os.fsync(file.fileno())

    def cut(self, size: int) -> None:
        """Forgets what was written and never accepted."""
        if size == len(self.entries):
            return
        del self.entries[size:]
        draft = self._path.with_suffix(".new")
        draft.write_bytes(wire.bundle(self.entries))
        draft.replace(self._path)


class Partner:
    """Both logs of the sandbox channel, and the keys of both sides."""

    def __init__(self, sandbox: Sandbox, folder: Folder, now_ms: Callable[[], int]) -> None:
        self.sandbox, self.me, self.node = sandbox, folder.published.party, sandbox.node.party
        self.channel = sandbox.channel(self.me)
        self.origin = log_origin(sandbox.prefix, self.channel, self.me, sandbox.year)
        self.their_origin = log_origin(sandbox.prefix, self.channel, self.node, sandbox.year)
        self.log_secrets = folder.secrets(self.origin, "log")
        self.witness_secrets = folder.secrets(witness_name(sandbox.prefix, self.me), "witness")
        self.their_log_keys = sandbox.node.log_keys(self.their_origin)
        self.their_witness_keys = sandbox.node.witness_keys(sandbox.prefix)
        self.own, self.theirs = KeptLog(folder.path / "own.entries"), KeptLog(folder.path / "theirs.entries")
        self.receipted_s = 0
        """Time in the node's newest receipt."""
        self.offset_ms = 0
        """The node's clock less the qualifier's, as the first receipt tells."""
        self.their_receipted = len(self.theirs)
        """Size of the node's log that the qualifier has given a receipt for."""
        self.under_way: tuple[Head, ...] = ()
        """Heads that the node has shown and that have no receipt yet."""
        self.stated_ms = 0
        """When the running case says what it says: one time for a case, so that the same words are the same bytes."""
        self.understood_ms = 0
        """The newest statement of the qualifier that the node has answered."""
        self._their_newest = [0]
        self._now_ms = now_ms
        self.restate()

    def restate(self) -> None:
        """A new case begins. A node that took a statement from the future holds all later ones for back-dated (MSG-18):
        with that one the qualifier goes along, so that one fault is told once."""
        now_ms = self.node_now_ms()
        self.stated_ms = now_ms if self.understood_ms <= now_ms + AHEAD_MS else self.understood_ms

    @property
    def note_limit(self) -> int:
        """LOG-4: a note with ML-DSA signatures is longer."""
        return wire.HYBRID_NOTE_BYTES if self.sandbox.node.is_hybrid else wire.NOTE_BYTES

    def now_ms(self) -> int:
        """The qualifier's clock."""
        return self._now_ms()

    def node_now_ms(self) -> int:
        """What the node's clock shows now, as far as its receipts told."""
        return self._now_ms() + self.offset_ms

    # -- speaking ----------------------------------------------------------------------------------------------

    def entry(self, kind: str, content: Json, ahead: int = 0, **more: object) -> bytes:
        """The entry of a message that will stand `ahead` places after the end of the own log."""
        place = (self.channel, self.me, self.sandbox.year, len(self.own) + ahead)
        return canonical(message(kind, place, self.stated_ms, content, more))

    def test(self, ahead: int = 0, **more: object) -> bytes:
        """A TEST whose number is its serial, so that its answer names it twice."""
        return self.entry("TEST", {"number": len(self.own) + ahead}, ahead, **more)

    def note(self, head: Head, secrets: Sequence[Secret] | None = None) -> bytes:
        """A head signed by the own log's keys."""
        marks = [secret.mark(head.text, self.now_ms() // 1000) for secret in secrets or self.log_secrets]
        return head.text + b"\n" + b"".join(mark.line for mark in marks)

    def head(self, entries: Sequence[bytes] = ()) -> Head:
        """The head of the own log with these entries after it."""
        return wire.head_over(self.origin, [*self.own.entries, *entries])

    def push(self, entries: Sequence[bytes] = ()) -> bytes:
        """The proper push of these entries."""
        return wire.push(len(self.own), self.note(self.head(entries)), entries)

    def take_receipt(self, reply: Reply, head: Head) -> int:
        """Checks an answer that must be a receipt for `head` (DEL-5, LOG-10); its time in seconds. Raises Breach."""
        if reply.status != 200:
            raise Breach("DEL-5", f"a proper push is answered with {reply.status} {reply.body[:60]!r}")
        marks = wire.read_marks(reply.body)
        at_s = wire.check_signed(self.their_witness_keys, marks, head.text)
        if not self.receipted_s:
            self.offset_ms = at_s * 1000 - self.now_ms()
        self.receipted_s = max(self.receipted_s, at_s)
        return at_s

    # -- listening ---------------------------------------------------------------------------------------------

    def judge(self, data: bytes) -> Pushed:
        """A push of the node, held against the specification and against all that came before it."""
        at_ms = self.now_ms()
        try:
            push = wire.read_push(data, self.note_limit)
            text, marks = wire.read_note(push.note, self.note_limit)
            head = wire.read_head(text)
            if head.origin != self.their_origin:
                raise Breach("LOG-1", f"the origin is {head.origin[:80]!r}")
            wire.check_signed(self.their_log_keys, marks, text)
            self._check_growth(push, head)
        except Breach as breach:
            return Pushed(data=data, at_ms=at_ms, breach=breach)
        if head not in self.under_way:
            self.under_way = (*self.under_way, head)
        follows = push.old > len(self.theirs)
        return Pushed(data=data, at_ms=at_ms, push=push, head=head, follows=follows)

    def _check_growth(self, push: wire.Push, head: Head) -> None:
        if push.old + len(push.entries) != head.size:
            raise Breach("DEL-3", f"old {push.old} and {len(push.entries)} entries do not end at size {head.size}")
        self._check_heads(head)
        if push.old > len(self.theirs):
            if push.old not in {shown.size for shown in self.under_way}:
                raise Breach("DEL-3", f"the push begins at {push.old}, and {len(self.theirs)} were taken or pushed")
            return
        whole = [*self.theirs.entries[: push.old], *push.entries]
        if whole[: len(self.theirs)] != self.theirs.entries[: len(whole)]:
            raise Breach("LOG-12", f"an entry below {len(self.theirs)} is another one than before")
        if wire.head_over(self.their_origin, whole).root != head.root:
            raise Breach("LOG-6", "the entries do not give the signed root")

    def _check_heads(self, head: Head) -> None:
        if head.size < self.their_receipted:
            raise Breach("LOG-9", f"a head of {head.size} after a receipt for {self.their_receipted}")
        if head.size > self.their_receipted + wire.PUSH_ENTRIES:
            raise Breach("LOG-9", f"a head of {head.size}, more than one delivery beyond {self.their_receipted}")
        others = [shown for shown in self.under_way if shown != head]
        if any(shown.size == head.size for shown in others):
            raise Breach("LOG-12", f"another head of {head.size} than before")
        if len(others) >= HEADS_UNDER_WAY:
            raise Breach("LOG-9", f"a head of {head.size} while {len(others)} others have no receipt")

    def keep(self, pushed: Pushed) -> list[Json | Breach]:
        """Stores what is new of a good push; each new message, or what is wrong with it."""
        if pushed.push is None or pushed.head is None:
            return []
        begin = len(self.theirs)
        new = pushed.push.entries[begin - pushed.push.old :]
        self.theirs.append(new)
        return [self.read_theirs(begin + number) for number in range(len(new))]

    def read_theirs(self, serial: int) -> Json | Breach:
        """The node's message at a serial, or what is wrong with it."""
        place = (self.channel, self.node, self.sandbox.year, serial)
        try:
            return read_message(self.theirs.entries[serial], place, self.node_now_ms(), self.their_newest_ms(serial))
        except Breach as breach:
            return breach

    def their_newest_ms(self, serial: int) -> int:
        """The newest statement of the node before a serial. Its log was read to there already."""
        while len(self._their_newest) <= serial:
            stated_ms = stated(self.theirs.entries[len(self._their_newest) - 1])
            self._their_newest.append(max(self._their_newest[-1], stated_ms))
        return self._their_newest[serial]

    def receipt(self, head: Head) -> bytes:
        """The receipt for a head of the node; from now on the node may go on."""
        self.their_receipted = head.size
        self.under_way = tuple(shown for shown in self.under_way if shown.size > head.size)
        return self.cosigned(head)

    def cosigned(self, head: Head) -> bytes:
        """Cosignature lines on a head, whatever follows from them."""
        return b"".join(mark.line for mark in self.marks_on(head))

    def marks_on(self, head: Head) -> list[Mark]:
        """The cosignatures of the qualifier's witness on a head."""
        return [secret.mark(head.text, self.node_now_ms() // 1000) for secret in self.witness_secrets]

    def files(self) -> dict[str, bytes]:
        """The own log as static files (LINE-3)."""
        return {"checkpoint": self.note(self.head()), **wire.log_files(self.own.entries)}
