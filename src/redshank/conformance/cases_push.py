"""Cases of deliveries to the node: what it must take, and what it must refuse by which code.

Here: DEL and LOG clauses seen from the sending side, most of them as one table of bad pushes. Not here: the messages
inside (cases_message), the node's own deliveries (cases_answer).
"""

import asyncio
import hashlib
from collections.abc import Callable

import h11

from redshank.conformance.case import Failed, Responsible, Run, add, case
from redshank.conformance.exam import Exam, size_in
from redshank.conformance.forged import cofactored, with_larger_s
from redshank.conformance.keys import log_origin
from redshank.conformance.wire import EMPTY_ROOT, LOG, Breach, Head, Mark, bundle, head_over, push

Bad = Callable[[Exam], bytes]


def _framed(exam: Exam, change: Callable[[bytes], bytes]) -> bytes:
    """A proper push with its text changed, its length told as it is then."""
    entries = [exam.partner.test()]
    text = change(b"old %d\n\n" % len(exam.partner.own) + exam.partner.note(exam.partner.head(entries)))
    return b"redshank-delivery/1 %d\n" % len(text) + text + bundle(entries)


def _noted(exam: Exam, change: Callable[[bytes], bytes]) -> bytes:
    """A proper push with its signed head changed."""
    entries = [exam.partner.test()]
    return push(len(exam.partner.own), change(exam.partner.note(exam.partner.head(entries))), entries)


def _signed(exam: Exam, change: Callable[[Head], bytes]) -> bytes:
    """A push whose head has another text, properly signed in Ed25519 and, where its text is a head, in ML-DSA."""
    entries = [exam.partner.test()]
    text = change(exam.partner.head(entries))
    marks = []
    for secret in exam.partner.log_secrets:
        try:
            marks.append(secret.mark(text, exam.partner.now_ms() // 1000))
        except Breach:  # what ML-DSA signs is a head; this text is none
            marks.append(Mark(secret.key.name, secret.key.id, bytes(2_428)))
    return push(len(exam.partner.own), text + b"\n" + b"".join(mark.line for mark in marks), entries)


def _headed(exam: Exam, head: Head, old: int, entries: list[bytes]) -> bytes:
    """A push of these entries under any head, properly signed."""
    return push(old, exam.partner.note(head), entries)


def _renamed(exam: Exam, origin: str) -> bytes:
    """A push for another log: its name in the head, signed by the sandbox's key under its own name."""
    entries = [exam.partner.test()]
    return _headed(exam, head_over(origin, [*exam.partner.own.entries, *entries]), len(exam.partner.own), entries)


def _marks(exam: Exam, change: Callable[[Mark], tuple[Mark, ...]]) -> bytes:
    """A proper push with its Ed25519 signature line changed or repeated."""
    partner, entries = exam.partner, [exam.partner.test()]
    head = partner.head(entries)
    lines = list[Mark]()
    for secret in partner.log_secrets:
        mark = secret.mark(head.text, partner.now_ms() // 1000)
        lines += change(mark) if secret.key.kind == LOG else (mark,)
    return push(len(partner.own), head.text + b"\n" + b"".join(mark.line for mark in lines), entries)


def _flipped(mark: Mark) -> Mark:
    return Mark(mark.name, mark.key_id, mark.blob[:-1] + bytes([mark.blob[-1] ^ 1]))


def _stray_bits(note: bytes) -> bytes:
    """The last character before the padding of the last line gets bits that decode to nothing (an Ed25519 line ends
    in one sign of padding, and the two lowest bits of the character before it are such)."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = note.rindex(b"=")
    while note[at - 1] == 0x3D:
        at -= 1
    return note[: at - 1] + bytes([alphabet[alphabet.index(note[at - 1]) ^ 1]]) + note[at:]


def _rewritten(exam: Exam) -> bytes:
    """The log goes on, but an entry that was receipted has become another one."""
    partner = exam.partner
    whole = [partner.entry("TEST", {"number": 999}, -len(partner.own)), *partner.own.entries[1:], partner.test()]
    return _headed(exam, head_over(partner.origin, whole), len(partner.own), whole[-1:])


def _forked(exam: Exam) -> bytes:
    partner = exam.partner
    whole = [*partner.own.entries[:-1], partner.entry("TEST", {"number": 999}, -1)]
    return _headed(exam, head_over(partner.origin, whole), len(whole) - 1, whole[-1:])


def _stranger(exam: Exam, mark: Mark, blob: int = 64) -> Mark:
    return Mark("example.org/somebody", hashlib.sha256(mark.key_id).digest()[:4], bytes(blob))


def _many_entries(exam: Exam, count: int, size: int) -> bytes:
    entries = [b"x" * size for _ in range(count)]
    return push(len(exam.partner.own), exam.partner.note(exam.partner.head(entries)), entries)


TRUNCATED, MALFORMED, NOTE = (400, "truncated"), (400, "malformed"), (400, "bad-note")
SIGNATURE, LARGE = (403, "bad-signature"), (413, "too-large")

BAD: tuple[tuple[tuple[str, ...], str, Bad, tuple[int, str]], ...] = (
    (("DEL-1",), "another magic", lambda e: b"redshank-delivery/2" + e.partner.push([e.partner.test()])[19:], MALFORMED),
    (("DEL-1",), "no bytes at all", lambda e: b"", MALFORMED),
    (("DEL-1",), "a length with a leading zero",
     lambda e: e.partner.push([e.partner.test()]).replace(b"/1 ", b"/1 0", 1), MALFORMED),
    (("DEL-1",), "a text that does not begin with `old`", lambda e: _framed(e, lambda t: t.replace(b"old ", b"new ", 1)),
     MALFORMED),
    (("DEL-1",), "an old size with a leading zero", lambda e: _framed(e, lambda t: t.replace(b"old ", b"old 0", 1)),
     MALFORMED),
    (("DEL-1",), "a text that ends before its length", lambda e: e.partner.push([e.partner.test()])[:120], TRUNCATED),
    (("DEL-1", "LOG-7"), "a bundle that ends in the middle of an entry",
     lambda e: e.partner.push([e.partner.test()])[:-1], TRUNCATED),
    (("DEL-1", "LOG-7"), "a bundle that ends in the middle of a length",
     lambda e: e.partner.push([e.partner.test()]) + b"\0", TRUNCATED),
    (("DEL-2",), "257 entries", lambda e: _many_entries(e, 257, 40), LARGE),
    (("DEL-2",), "a push of 2,097,153 bytes", lambda e: e.partner.push([e.partner.test()]).ljust(2_097_153, b"\0"), LARGE),
    (("DEL-2",), "a text of more bytes than a note may have",
     lambda e: _framed(e, lambda t: t + b"x" * e.partner.note_limit + b"\n"), LARGE),
    (("LOG-7", "MSG-2"), "an entry of 4,097 bytes", lambda e: _many_entries(e, 1, 4_097), LARGE),
    (("LOG-7",), "an entry of no bytes", lambda e: _many_entries(e, 1, 0), LARGE),
    (("LOG-1",), "the name of a log in operation, without the sandbox's prefix",
     lambda e: _renamed(e, e.partner.origin.removeprefix(e.sandbox.prefix)), (404, "wrong-origin")),
    (("LOG-1",), "the name of another channel's log",
     lambda e: _renamed(e, log_origin(e.sandbox.prefix, "BY-LT", e.partner.me, e.sandbox.year)), (404, "wrong-origin")),
    (("LOG-1", "LOG-13"), "the name of next year's log",
     lambda e: _renamed(e, log_origin(e.sandbox.prefix, e.partner.channel, e.partner.me, e.sandbox.year + 1)),
     (404, "wrong-origin")),
    (("LOG-1",), "the name of the node's own log", lambda e: _renamed(e, e.partner.their_origin), (404, "wrong-origin")),
    (("LOG-4", "LOG-3"), "a signature with one bit flipped", lambda e: _marks(e, lambda m: (_flipped(m),)), SIGNATURE),
    (("LOG-3",), "a signature whose S is not below the group order",
     lambda e: _marks(e, lambda m: (Mark(m.name, m.key_id, with_larger_s(m.blob)),)), SIGNATURE),
    (("LOG-3",), "a signature that holds only when multiplied by the cofactor",
     lambda e: _marks(e, lambda m: (Mark(m.name, m.key_id, cofactored(e.partner.log_secrets[0].private,
                                                                       e.partner.head([e.partner.test()]).text)),)),
     SIGNATURE),
    (("LOG-4",), "no signature of the sandbox's log", lambda e: _marks(e, lambda m: (_stranger(e, m),)), SIGNATURE),
    (("LOG-4",), "a bad signature before a good one by the same key",
     lambda e: _marks(e, lambda m: (_flipped(m), m)), SIGNATURE),
    (("LOG-2", "LOG-4"), "the witness's signature where the log's should stand",
     lambda e: push(len(e.partner.own), e.partner.note(e.partner.head([e.partner.test()]), e.partner.witness_secrets),
                    [e.partner.test()]), SIGNATURE),
    (("LOG-4",), "base64 with stray bits", lambda e: _noted(e, _stray_bits), NOTE),
    (("LOG-4",), "a carriage return in the note", lambda e: _noted(e, lambda n: n.replace(b"\n", b"\r\n", 1)), NOTE),
    (("LOG-4",), "a note that does not end in a newline", lambda e: _noted(e, lambda n: n[:-1]), NOTE),
    (("LOG-4",), "101 signatures", lambda e: _marks(e, lambda m: (*[_stranger(e, m)] * 100, m)), LARGE),
    (("LOG-5",), "an extension line in the head", lambda e: _signed(e, lambda h: h.text + b"more\n"), NOTE),
    (("LOG-5",), "a size with a leading zero",
     lambda e: _signed(e, lambda h: h.text.replace(b"\n%d\n" % h.size, b"\n0%d\n" % h.size)), NOTE),
    (("LOG-5",), "a size above 2^40",
     lambda e: _signed(e, lambda h: h.text.replace(b"\n%d\n" % h.size, b"\n%d\n" % ((1 << 40) + 1))), NOTE),
    (("LOG-5",), "a root of 31 bytes",
     lambda e: _signed(e, lambda h: Head(h.origin, h.size, h.root[:31]).text), NOTE),
    (("LOG-5",), "an empty log whose root is not the hash of nothing",
     lambda e: _signed(e, lambda h: Head(h.origin, 0, h.root).text), NOTE),
    (("LOG-11", "LOG-12"), "another head of the size that the node holds", _forked, (422, "forked")),
    (("LOG-11", "LOG-6"), "a log whose first entry has become another one", _rewritten, (422, "bad-proof")),
    (("LOG-11", "LOG-6"), "a root that is not that of the entries",
     lambda e: _headed(e, Head(e.partner.origin, len(e.partner.own) + 1, hashlib.sha256(b"else").digest()),
                       len(e.partner.own), [e.partner.test()]), (422, "bad-proof")),
    (("LOG-11", "LOG-6"), "the root of a tree whose leaves are hashed as nodes are",
     lambda e: _headed(e, Head(e.partner.origin, len(e.partner.own) + 1,
                               hashlib.sha256(b"\1" + e.partner.head().root + e.partner.test()).digest()),
                       len(e.partner.own), [e.partner.test()]), (422, "bad-proof")),
)  # fmt: skip
"""Clauses, what is wrong with the push, how it is made, and the answer: status and code."""


def _refused(what: str, make: Bad, wanted: tuple[int, str]) -> Run:
    async def run(exam: Exam) -> str:
        reply = await exam.post(make(exam), f"push with {what}")
        told = f"{reply.status} {reply.body[:60]!r}"
        status, code = wanted
        if reply.status == 200:
            why = await _after_acceptance(exam)
            exam.lost = (Responsible.NODE, why) if why else None
            raise Failed(f"accepted: {told}")
        if (reply.status, reply.body) != (status, code.encode() + b"\n"):
            raise Failed(f"refused by {told}")
        await unchanged(exam)
        return f"{status} {code}; the node holds what it held"

    return run


async def _after_acceptance(exam: Exam) -> str:
    """A node that took what it must refuse: whether the two sides can go on. Empty when they can."""
    try:
        held = await exam.held()
    except Breach as breach:
        return f"the node took a push that it must refuse; then {breach}"
    if held == len(exam.partner.own):
        return ""
    return f"the node took a push that it must refuse, and now holds {held} entries of its own making"


async def unchanged(exam: Exam) -> None:
    """DEL-3, LOG-11: a refusal leaves no trace. The head that was held is held still. Raises Breach."""
    body, head = exam.partner.push(), exam.partner.head()
    exam.partner.take_receipt(await exam.post(body, "the held head again"), head)


for _clauses, _what, _make, _wanted in BAD:
    add(
        (*_clauses, "DEL-3", "DEL-7"),
        f"delivers a push with {_what}",
        f"status {_wanted[0]} and {_wanted[1]}; afterwards the head that was held is receipted as before",
        _refused(_what, _make, _wanted),
    )


@case("DEL-6", "LOG-11", does="delivers a push that begins beyond what the node holds", expects="409, the node's size")
async def gap(exam: Exam) -> str:
    """A serial is missing."""
    held = await exam.held()
    if held != len(exam.partner.own):
        raise Failed(f"says it holds {held}, gave a receipt for {len(exam.partner.own)}")
    return f"409, {held}"


@case(
    "DEL-6", "LOG-11",
    does="delivers pushes that begin below what the node holds, with more and with fewer entries than the head says",
    expects="409 and the node's size each time",
)  # fmt: skip
async def other_beginnings(exam: Exam) -> str:
    """The entries are those from `old` on, all of them and in order."""
    partner = exam.partner
    size, new = len(partner.own), [partner.test()]
    note = partner.note(partner.head(new))
    for old, entries in ((size - 1, [partner.own.entries[-1], *new]), (size, [*new, *new]), (size, []), (size + 1, [])):
        reply = await exam.post(push(old, note, entries), f"push with old {old} and {len(entries)} entries")
        if reply.status != 409 or size_in(reply) != size:
            raise Failed(f"old {old} with {len(entries)} entries is answered with {reply.status} {reply.body[:60]!r}")
    await unchanged(exam)
    return f"409, {size}, four times"


@case("LOG-11", "DEL-6", does="delivers an older head of its own log", expects="409 and the node's size")
async def shrunken(exam: Exam) -> str:
    """The sender has lost its newest entries, or says so."""
    partner = exam.partner
    await exam.say(partner.test())
    short = partner.own.entries[:-1]
    reply = await exam.post(_headed(exam, head_over(partner.origin, short), len(short) - 1, short[-1:]), "older push")
    if reply.status != 409 or size_in(reply) != len(partner.own):
        raise Failed(f"answered with {reply.status} {reply.body[:60]!r}")
    await unchanged(exam)
    return f"409, {len(partner.own)}"


@case("LOG-5", "LOG-11", does="delivers the head of an empty log", expects="409: the log is not empty any more")
async def empty_head(exam: Exam) -> str:
    """The root of size 0 is the hash of the empty string; such a head is well-formed, and too late."""
    reply = await exam.post(_headed(exam, Head(exam.partner.origin, 0, EMPTY_ROOT), 0, []), "empty head")
    if reply.status != 409:
        raise Failed(f"answered with {reply.status} {reply.body[:60]!r}")
    return "409"


@case(
    "DEL-4",
    does="delivers the head again that the node holds, with another old size and with other entries",
    expects="a fresh receipt each time, and nothing added",
)
async def repeated(exam: Exam) -> str:
    """The earlier answer was lost."""
    partner = exam.partner
    head, note, times = partner.head(), partner.note(partner.head()), list[int]()
    for old, entries in ((len(partner.own), []), (0, []), (len(partner.own) - 1, [partner.test()]), (1 << 40, [])):
        reply = await exam.post(push(old, note, entries), f"held head with old {old}")
        times.append(partner.take_receipt(reply, head))
    if await exam.held() != len(partner.own) or times != sorted(times):
        raise Failed(f"the node's log has changed, or its receipts go back in time: {times}")
    return "four receipts, nothing added"


@case(
    "DEL-4", "PROC-17", "LINE-6",
    does="delivers a TEST, and the same push three times more over other connections",
    expects="a receipt each time and one TEST-REPLY",
)  # fmt: skip
async def replayed(exam: Exam) -> str:
    """What came again is not done again."""
    partner = exam.partner
    body, head = partner.push([partner.test()]), partner.head([partner.test()])
    partner.own.append([partner.test()])
    for _ in range(4):
        partner.take_receipt(await exam.caller.ask_once("POST", exam.path(), body), head)
    exam.keep("push, four times", body)
    await exam.reply_to(len(partner.own) - 1)
    await exam.answered(partner.test())
    return "four receipts, one answer"


@case(
    "DEL-4", "DEL-8",
    does="delivers one push over four connections at once",
    expects="a receipt on each, and one TEST-REPLY",
)  # fmt: skip
async def at_once(exam: Exam) -> str:
    """A sender that lost its answer may call again before the first call has ended."""
    partner = exam.partner
    body, head = partner.push([partner.test()]), partner.head([partner.test()])
    partner.own.append([partner.test()])
    exam.keep("push, four at once", body)
    calls = [exam.caller.ask_once("POST", exam.path(), body) for _ in range(4)]
    for reply in await asyncio.gather(*calls):
        partner.take_receipt(reply, head)
    await exam.answered(partner.test())
    return "four receipts, one answer"


@case(
    "DEL-3", "DEL-8",
    does="cuts the line in the middle of a push, then delivers it whole",
    expects="nothing of the first, all of the second",
)  # fmt: skip
async def cut_in_the_middle(exam: Exam) -> str:
    """All or nothing."""
    partner = exam.partner
    entries = [partner.test(), partner.test(1)]
    body, size = partner.push(entries), len(partner.own)
    for share in (1, 2, 3):
        stream = await exam.caller.connect()
        head, _ = exam.caller.request("POST", exam.path(), body)
        await stream.write((h11.Connection(h11.CLIENT).send(head) or b"") + body[: len(body) * share // 4])
        stream.cut()
    held = await exam.held()
    if held != size:
        raise Failed(f"holds {held} after half a push on top of {size}")
    await exam.answered(*entries)
    return f"held {held} after three cuts, then all"


@case(
    "DEL-8", "DEL-4", "LINE-6",
    does="cuts the line right after a whole push, then delivers it again",
    expects="a receipt, and one TEST-REPLY: whether or not the first came through, it counts once",
)  # fmt: skip
async def cut_before_the_answer(exam: Exam) -> str:
    """The outcome of a broken call is never guessed."""
    partner = exam.partner
    entry = partner.test()
    body, head = partner.push([entry]), partner.head([entry])
    partner.own.append([entry])
    stream = await exam.caller.connect()
    asked, _ = exam.caller.request("POST", exam.path(), body)
    await stream.write((h11.Connection(h11.CLIENT).send(asked) or b"") + body)
    stream.cut()
    await exam.quiet(0.3)
    partner.take_receipt(await exam.post(body), head)
    await exam.reply_to(len(partner.own) - 1)
    await exam.answered(partner.test())
    return "one receipt, one answer"


@case(
    "LOG-4",
    does="delivers a head with a signature of an unknown key before its own, and its own twice",
    expects="a receipt: the unknown is ignored, and of several by one key the first counts",
)
async def unknown_signature(exam: Exam) -> str:
    """Others may sign a head too."""
    partner, entry = exam.partner, exam.partner.test()
    body = _marks(exam, lambda mark: (_stranger(exam, mark), mark, _flipped(mark)))
    head = partner.head([entry])
    partner.own.append([entry])
    reply = await exam.post(body)
    if reply.status != 200:
        partner.own.cut(head.size - 1)
    partner.take_receipt(reply, head)
    return "receipted"


@case(
    "DEL-2", "LOG-9",
    does="delivers 256 entries in one push, the last a TEST",
    expects="a receipt, and the TEST is answered",
)  # fmt: skip
async def full_push(exam: Exam) -> str:
    """The bound from within: 255 entries that are no messages, and one that is."""
    partner = exam.partner
    entries = [b"not a message %d" % number for number in range(255)]
    await exam.answered(*entries, partner.test(255))
    return "receipted and answered"


@case("DEL-2", "MSG-2", does="delivers an entry of 4,096 bytes", expects="a receipt")
async def longest_entry(exam: Exam) -> str:
    """The bound from within."""
    await exam.say(b"x" * 4_096)
    return "receipted"


@case(
    "DEL-8",
    does="delivers 24 bodies of bytes that mean nothing, of 1 to 100,000 bytes",
    expects="a refusal each time, and the line goes on",
)
async def noise(exam: Exam) -> str:
    """Hostile bytes lead to a refusal and to nothing else. The bytes are a hash chain, so that anybody can make them."""
    for number in range(24):
        seed = hashlib.shake_256(b"redshank noise %d" % number).digest(1 + number * number * 173)
        body = seed if number % 2 else b"redshank-delivery/1 %d\n" % (len(seed) // 2) + seed
        reply = await exam.post(body, f"noise {number}")
        if not 400 <= reply.status < 500:
            raise Failed(f"body {number} is answered with {reply.status} {reply.body[:60]!r}")
    await exam.answered(exam.partner.test())
    return "24 refusals"
