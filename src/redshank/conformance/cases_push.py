"""Cases of deliveries to the node: what it must take, and what it must refuse by which code.

Here: DEL and LOG clauses seen from the sending side. Not here: how bad pushes are made (bad_pushes), the messages
inside (cases_message), the node's own deliveries (cases_answer).
"""

import asyncio
import hashlib
from contextlib import suppress

import h11

from redshank.conformance.bad_pushes import BAD, Bad, flipped, headed, marked, stranger
from redshank.conformance.case import Failed, Responsible, Run, add, case
from redshank.conformance.exam import BUSY, Exam, size_in
from redshank.conformance.line import Reply
from redshank.conformance.wire import EMPTY_ROOT, Breach, Head, head_over, push


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
    partner = exam.partner
    new = [partner.test(), partner.test(1)]
    reply = await exam.post(headed(exam, partner.head(new), len(partner.own) + 1, new[1:]), "push with a gap")
    if reply.status != 409 or size_in(reply) != len(partner.own):
        raise Failed(f"answered with {reply.status} {reply.body[:60]!r}")
    await unchanged(exam)
    return f"409, {len(partner.own)}"


@case(
    "DEL-6",
    "LOG-11",
    does="delivers pushes that begin below what the node holds, with more and with fewer entries than the head says",
    expects="409 and the node's size each time",
)
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
    reply = await exam.post(headed(exam, head_over(partner.origin, short), len(short) - 1, short[-1:]), "older push")
    if reply.status != 409 or size_in(reply) != len(partner.own):
        raise Failed(f"answered with {reply.status} {reply.body[:60]!r}")
    await unchanged(exam)
    return f"409, {len(partner.own)}"


@case("LOG-5", "LOG-11", does="delivers the head of an empty log", expects="409: the log is not empty any more")
async def empty_head(exam: Exam) -> str:
    """The root of size 0 is the hash of the empty string; such a head is well-formed, and too late."""
    reply = await exam.post(headed(exam, Head(exam.partner.origin, 0, EMPTY_ROOT), 0, []), "empty head")
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
    "DEL-4",
    "PROC-17",
    "LINE-6",
    does="delivers a TEST, and the same push three times more over other connections",
    expects="a receipt each time and one TEST-REPLY",
)
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
    "DEL-4",
    "DEL-8",
    does="delivers one push over four connections at once",
    expects="a receipt on each, and one TEST-REPLY",
)
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
    "DEL-13",
    "DEL-5",
    does="sends three pushes, each of one more TEST, over one connection before it hears an answer",
    expects="three receipts in the order of the pushes, each for the push's head or a later one; and an answer to each",
)
async def ahead(exam: Exam) -> str:
    """A sender need not wait: several heads may be under way."""
    partner, size = exam.partner, len(exam.partner.own)
    bodies, heads = list[bytes](), list[Head]()
    for _ in range(3):
        entry = partner.test()
        bodies.append(partner.push([entry]))
        heads.append(partner.head([entry]))
        partner.own.append([entry])
        exam.keep("one of three pushes", bodies[-1])
    for number, reply in enumerate(await exam.caller.ask_ahead("POST", exam.path(), bodies)):
        if reply.status != 200:
            partner.own.cut(size + number)
        _receipt_for_any(exam, reply, heads[number:])
    for serial in range(size, size + 3):
        await exam.reply_to(serial)
    return "three receipts, three answers"


def _receipt_for_any(exam: Exam, reply: Reply, heads: list[Head]) -> None:
    """A receipt for more covers what came before (LOG-10). Raises Breach when it is for none of the heads."""
    for later in heads[:0:-1]:
        with suppress(Breach):
            exam.partner.take_receipt(reply, later)
            return
    exam.partner.take_receipt(reply, heads[0])


@case(
    "DEL-3",
    "DEL-8",
    does="cuts the line in the middle of a push, then delivers it whole",
    expects="nothing of the first, all of the second",
)
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
    "DEL-8",
    "DEL-4",
    "LINE-6",
    does="cuts the line right after a whole push, then delivers it again",
    expects="a receipt, and one TEST-REPLY: whether or not the first came through, it counts once",
)
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
    body = marked(exam, lambda mark: (stranger(exam, mark), mark, flipped(mark)))
    head = partner.head([entry])
    partner.own.append([entry])
    reply = await exam.post(body)
    if reply.status != 200:
        partner.own.cut(head.size - 1)
    partner.take_receipt(reply, head)
    return "receipted"


@case(
    "DEL-2",
    "LOG-9",
    does="delivers 256 entries in one push, the last a TEST",
    expects="a receipt, and the TEST is answered",
)
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
    """Hostile bytes lead to a refusal and to nothing else. They come from a hash, so that anybody can make them."""
    for number in range(24):
        seed = hashlib.shake_256(b"redshank noise %d" % number).digest(1 + number * number * 173)
        body = seed if number % 2 else b"redshank-delivery/1 %d\n" % (len(seed) // 2) + seed
        reply = await exam.post(body, f"noise {number}")
        if not 400 <= reply.status < 500:
            raise Failed(f"body {number} is answered with {reply.status} {reply.body[:60]!r}")
    await exam.answered(exam.partner.test())
    return "24 refusals"


@case(
    "DEL-12",
    "DEL-4",
    does="delivers the held head 200 times, as fast as the line takes it",
    expects="200 receipts: a partner that sends less than 500 pushes a second is never told to wait",
)
async def honest_rate(exam: Exam) -> str:
    """The rate that a receiver sets lets every honest partner pass."""
    partner = exam.partner
    head, body = partner.head(), partner.push()
    exam.keep("push, 200 times", body)
    for number in range(200):
        reply = await exam.caller.ask("POST", exam.path(), body)
        if (reply.status, reply.body) == BUSY:
            raise Failed(f"busy at push {number}")
        partner.take_receipt(reply, head)
    return "200 receipts"


@case(
    "DEL-12",
    "DEL-8",
    does="delivers 300 pushes that are refused, as fast as the line takes them, then a TEST",
    expects="each is refused or told to wait (429, busy); the TEST is taken once the node is no longer busy",
)
async def refused_rate(exam: Exam) -> str:
    """Refused pushes may cost their sender more, and never the channel."""
    partner, busy = exam.partner, 0
    body = marked(exam, lambda mark: (flipped(mark),))
    exam.keep("push, 300 times", body)
    for number in range(300):
        reply = await exam.caller.ask("POST", exam.path(), body)
        busy += (reply.status, reply.body) == BUSY
        if (reply.status, reply.body) not in (BUSY, (403, b"bad-signature\n")):
            raise Failed(f"push {number} is answered with {reply.status} {reply.body[:60]!r}")
    await exam.answered(partner.test())
    return f"{busy} of 300 told to wait; then taken"
