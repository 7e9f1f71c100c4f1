"""Cases of the node as sender: what it delivers, and what it makes of good, bad and broken answers.

Here: DEL-5 to DEL-8, LOG-6, LOG-9, LOG-10 and MSG clauses seen from the receiving side. Not here: the line itself
(cases_line).
"""

from redshank.conformance.case import Failed, NotApplicable, Run, add, case
from redshank.conformance.exam import Exam, Script
from redshank.conformance.line import Answer
from redshank.conformance.partner import Pushed
from redshank.conformance.wire import (
    PUSH_ENTRIES,
    Breach,
    Head,
    Mark,
    Push,
)

AGAIN_S = 30.0
"""A node gives up after ten seconds and pauses at most five (LINE-5)."""


def _first(answer: Answer) -> Script:
    """Answers the next push so, and the ones after it as a good partner does."""
    left = [answer]
    return lambda pushed: left.pop() if left and pushed.head is not None else None


async def _again(exam: Exam, script: Script) -> tuple[Pushed, Pushed]:
    """Makes the node deliver, answers by the script, and gives the first two pushes. Raises Failed."""
    before = len(exam.pushes)
    exam.script = script
    await exam.say(exam.partner.test())
    first = await exam.next_push(before)
    return first, await exam.next_push(before + 1, AGAIN_S)


def _comes_again(first: Pushed, again: Pushed) -> bool:
    """Whether a push begins where another began and goes at least as far: a sender begins anew with its newest head."""
    if first.push is None or first.head is None or again.push is None or again.head is None:
        return False
    return again.push.old <= first.push.old and again.head.size >= first.head.size


def _of(pushed: Pushed) -> str:
    return "nothing" if pushed.push is None or pushed.head is None else f"{pushed.push.old} to {pushed.head.size}"


async def _repeats(exam: Exam, answer: Answer) -> str:
    """The node must deliver the same entries again, and take the receipt that it then gets."""
    first, again = await _again(exam, _first(answer))
    if not _comes_again(first, again):
        raise Failed(f"{_of(first)}, and then {_of(again)}: the answer was taken for a receipt")
    serial = len(exam.partner.own) - 1
    await exam.reply_to(serial, AGAIN_S)
    await exam.answered(exam.partner.test())
    return f"the same again after {again.at_ms - first.at_ms} ms; it went on after the receipt"


def _refusing(status: int, code: str) -> Answer:
    return Answer(status, f"{code}\n".encode())


ANSWERS: tuple[tuple[tuple[str, ...], str, Answer], ...] = (
    (("DEL-5", "DEL-8"), "status 200 and no bytes", Answer(200, b"")),
    (("DEL-5", "DEL-8"), "status 200 and words that are no signature line", Answer(200, b"thank you\n")),
    (("DEL-8",), "a receipt that is cut in the middle", Answer(200, b"x" * 200, manner="cut")),
    (("DEL-8",), "bytes that are no HTTP", Answer(200, b"\x00\x01\x02garbage\r\n\r\n", manner="garbage")),
    (("DEL-8", "LINE-5"), "an answer that never ends", Answer(200, b"x", manner="endless")),
    (("DEL-8",), "status 500", _refusing(500, "")),
    (("DEL-12", "DEL-8"), "status 429 and busy", _refusing(429, "busy")),
    (("DEL-7", "DEL-8"), "status 422 and forked", _refusing(422, "forked")),
    (("DEL-8",), "status 409 and no number", Answer(409, b"many\n", "text/x.tlog.size")),
    (
        ("DEL-6",),
        "status 409 and a size beyond all that it signed",
        Answer(409, b"1099511627776\n", "text/x.tlog.size"),
    ),
)
"""Clauses, what the door says to a proper push, and how. After each the node must deliver the same head again."""


def _repeated_after(answer: Answer) -> Run:
    async def run(exam: Exam) -> str:
        return await _repeats(exam, answer)

    return run


for _clauses, _what, _answer in ANSWERS:
    add(
        _clauses,
        f"answers a delivery of the node with {_what}",
        "the node takes it for no receipt, and delivers the same entries again",
        _repeated_after(_answer),
    )


@case(
    "DEL-5",
    "LOG-10",
    does="answers with cosignature lines of unknown keys alone, then with such a line before its own",
    expects="the first is no receipt; of the second the unknown line is ignored",
)
async def unknown_lines(exam: Exam) -> str:
    """A witness of a third party may have signed too."""
    partner, seen = exam.partner, list[Head]()

    def script(pushed: Pushed) -> Answer | None:
        if pushed.head is None or len(seen) > 1:
            return None
        seen.append(pushed.head)
        unknown = Mark("example.org/witness", b"\1\2\3\4", bytes(72)).line
        if len(seen) == 1:
            return Answer(200, unknown)
        exam.absorb(pushed)
        return Answer(200, unknown + partner.receipt(pushed.head))

    first, again = await _again(exam, script)
    if not _comes_again(first, again):
        raise Failed("a line of an unknown key was taken for a receipt")
    await exam.answered(partner.test())
    return "repeated, then went on"


@case(
    "DEL-8",
    "LOG-10",
    does="answers with a receipt with one bit flipped, then with one for another root",
    expects="neither is a receipt: the same head comes again",
)
async def bad_receipts(exam: Exam) -> str:
    """A cosignature on something else."""
    partner, seen = exam.partner, list[Head]()

    def script(pushed: Pushed) -> Answer | None:
        if pushed.head is None or len(seen) > 1:
            return None
        seen.append(pushed.head)
        if len(seen) == 1:
            marks = [
                Mark(m.name, m.key_id, m.blob[:-1] + bytes([m.blob[-1] ^ 1])) for m in partner.marks_on(pushed.head)
            ]
            return Answer(200, b"".join(mark.line for mark in marks))
        return Answer(200, partner.cosigned(Head(pushed.head.origin, pushed.head.size, bytes(32))))

    before = len(exam.pushes)
    await _again(exam, script)
    third = await exam.next_push(before + 2, AGAIN_S)
    if not all(_comes_again(push, third) for push in exam.pushes[before : before + 3]):
        raise Failed("a bad receipt was taken for one")
    await exam.answered(partner.test())
    return "the same head three times"


@case(
    "DEL-8",
    "LOG-10",
    does="answers with its receipt for an earlier head",
    expects="not taken for a receipt of the newest: the same head comes again",
)
async def old_receipt(exam: Exam) -> str:
    """A receipt for another size."""
    partner = exam.partner
    await exam.answered(partner.test())
    newest = next(pushed.head for pushed in reversed(exam.pushes) if pushed.head is not None)
    return await _repeats(exam, Answer(200, partner.cosigned(newest)))


@case(
    "LOG-14",
    "LOG-10",
    does="answers with the Ed25519 line of its receipt alone, with the ML-DSA-44 line alone, and with two times",
    expects="none is a receipt: the same head comes again each time",
)
async def half_receipts(exam: Exam) -> str:
    """Nobody goes back to one signature."""
    partner, seen = exam.partner, list[Head]()
    if len(partner.witness_secrets) != 2:
        raise NotApplicable("the node's public keys name no ML-DSA-44 keys")

    def script(pushed: Pushed) -> Answer | None:
        if pushed.head is None or len(seen) > 2:
            return None
        seen.append(pushed.head)
        classic, second = partner.marks_on(pushed.head)
        earlier = partner.witness_secrets[0].mark(pushed.head.text, partner.node_now_ms() // 1000 - 5)
        lines = ((classic,), (second,), (earlier, second))[len(seen) - 1]
        return Answer(200, b"".join(mark.line for mark in lines))

    before = len(exam.pushes)
    await _again(exam, script)
    await exam.next_push(before + 3, AGAIN_S)
    if not all(_comes_again(pushed, exam.pushes[before + 3]) for pushed in exam.pushes[before : before + 4]):
        raise Failed("half a receipt was taken for one")
    await exam.answered(partner.test())
    return "the same head four times"


SIZE_KIND = "text/x.tlog.size"


async def _resumes(exam: Exam, *, share: int) -> tuple[int, Pushed]:
    """Takes `share` halves of the entries of the node's next push, answers 409 with the size that is then held, and
    gives that size and what the node delivers then."""
    partner, before, held = exam.partner, len(exam.pushes), list[int]()

    def script(pushed: Pushed) -> Answer | None:
        if held or pushed.head is None or pushed.push is None or len(pushed.push.entries) < 2:
            return None
        taken = pushed.push.entries[: len(pushed.push.entries) * share // 2]
        part = Push(pushed.push.old, pushed.push.note, taken)
        exam.absorb(Pushed(data=b"", at_ms=0, push=part, head=pushed.head))
        held.append(len(partner.theirs))
        return Answer(409, b"%d\n" % held[0], SIZE_KIND)

    exam.script = script
    await exam.say(partner.test(), partner.test(1))
    await exam.next_push(before)
    if not held:
        raise NotApplicable("the node delivers its messages one by one: there is no middle of a push")
    first, again = exam.pushes[before], await exam.next_push(before + 1, AGAIN_S)
    if first.head is None or again.head is None or again.head.size < first.head.size:
        raise Failed("what came next is less than what had come")
    await exam.answered(partner.test())
    return held[0], again


def _begins(again: Pushed, size: int) -> str:
    if again.push is None or again.push.old != size:
        raise Failed(f"after 409 {size} the next push begins at {again.push and again.push.old}")
    return f"resumed at {size} with {len(again.push.entries)} entries"


@case("DEL-6", does="answers 409 with the size of its last receipt", expects="the next push begins there")
async def resumes_at_the_receipt(exam: Exam) -> str:
    """It has lost what it did not acknowledge: the sender begins there again."""
    held, again = await _resumes(exam, share=0)
    return _begins(again, held)


@case("DEL-6", does="takes half of a push and answers 409 with that size", expects="the next push begins there")
async def resumes_in_the_middle(exam: Exam) -> str:
    """A receiver of another make may keep entries one by one."""
    held, again = await _resumes(exam, share=1)
    return _begins(again, held)


@case(
    "DEL-6",
    "DEL-4",
    does="takes all of a push and answers 409 with the head's size",
    expects="the head comes again, without entries",
)
async def resumes_at_the_end(exam: Exam) -> str:
    """It holds all of it; only the receipt is missing."""
    held, again = await _resumes(exam, share=2)
    return _begins(again, held)


@case(
    "DEL-6",
    "LOG-9",
    does="answers 409 with a size below its own last receipt",
    expects="the node does not resume there: the partner has lost what it acknowledged, and people must talk",
)
async def below_the_receipt(exam: Exam) -> str:
    """The node goes on repeating its push from the receipt on."""
    partner = exam.partner
    await exam.answered(partner.test())
    receipted = partner.their_receipted
    first, again = await _again(exam, _first(Answer(409, b"%d\n" % (receipted - 1), SIZE_KIND)))
    if again.push is None or again.push.old < receipted or not _comes_again(first, again):
        raise Failed(
            f"after 409 {receipted - 1} the node's push begins at {again.push and again.push.old}, below the "
            f"receipt for {receipted}"
        )
    await exam.answered(partner.test())
    return f"still from {again.push.old} on"


@case(
    "DEL-8",
    "LINE-3",
    does="answers with a redirection to another address",
    expects="the node does not go there: the same head comes to the same door again",
)
async def redirected(exam: Exam) -> str:
    """An answer must not send a node, and what it has to say, to a place of the partner's choosing."""
    elsewhere = (("Location", f"https://{exam.sandbox.listen_host}:{exam.sandbox.listen_port}/v1/elsewhere"),)
    wrong = len(exam.wrong)
    told = await _repeats(exam, Answer(307, b"", headers=elsewhere))
    if len(exam.wrong) > wrong:
        raise exam.wrong[wrong]
    return told


@case(
    "DEL-8",
    "DEL-4",
    does="gives a receipt and cuts the line, so that it is lost; gives it again when the head comes again",
    expects="the node takes the second and goes on",
)
async def lost_receipt(exam: Exam) -> str:
    """A receipt that was lost is given again; nothing is said twice."""
    partner, seen = exam.partner, list[Head]()

    def script(pushed: Pushed) -> Answer | None:
        if seen or pushed.head is None:
            return None
        seen.append(pushed.head)
        exam.absorb(pushed)
        return Answer(200, partner.cosigned(pushed.head), manner="cut")

    first, again = await _again(exam, script)
    if not _comes_again(first, again):
        raise Failed("half an answer was taken for a receipt")
    await exam.answered(partner.test())
    return "given twice, counted once"


@case(
    "LOG-9",
    "DEL-2",
    "LINE-6",
    does="says 300 TESTs while it answers no delivery with a receipt, then gives receipts",
    expects="every TEST is answered once, in pushes of at most 256 entries, each under its own head",
)
async def backlog(exam: Exam) -> str:
    """A partner that was away takes any backlog in steps."""
    partner, before = exam.partner, len(exam.pushes)
    exam.script = lambda pushed: Answer(500, b"later\n")
    begin = len(partner.own)
    for _ in range(3):
        await exam.say(*[partner.test(number) for number in range(100)])
    exam.script = None
    end = len(partner.own)
    for serial in range(begin, end):
        await exam.reply_to(serial, 60.0)
    counts = [len(pushed.push.entries) for pushed in exam.pushes[before:] if pushed.push is not None]
    if max(counts) > PUSH_ENTRIES:
        raise Breach("DEL-2", f"a push of {max(counts)} entries")
    return f"{end - begin} answers in pushes of {counts}"


@case(
    "LOG-6",
    "LOG-5",
    "DEL-1",
    "MSG-1",
    "MSG-8",
    "REL-6",
    does="reads everything that the node has said so far, strictly",
    expects="canonical messages with gap-free serials, in well-formed pushes; forms hold nothing but codes and numbers",
)
async def all_it_said(exam: Exam) -> str:
    """The second implementation reads what the first wrote."""
    partner, kinds = exam.partner, dict[str, int]()
    for pushed in exam.pushes:
        if pushed.breach is not None:
            raise pushed.breach
    for serial in range(len(partner.theirs)):
        said = partner.read_theirs(serial)
        if isinstance(said, Breach):
            exam.keep(f"entry {serial}", partner.theirs.entries[serial])
            raise said
        kinds[said["type"]] = kinds.get(said["type"], 0) + 1
    if not kinds:
        raise NotApplicable("the node has said nothing")
    return ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
