"""Cases of messages: which entries a node understands. What it understands is seen by its TEST-REPLY (LINE-6): a TEST
that must be refused is not answered, keeps its serial, and the TEST after it is answered.

Here: MSG clauses, and PROC clauses as far as the wire shows them. Not here: bounds of bodies other than TEST, which
have no effect that a partner can see (coverage).
"""

from collections.abc import Callable

from redshank.conformance.case import Failed, Run, add, case
from redshank.conformance.exam import Exam
from redshank.conformance.forms import AHEAD_MS, INTEGER_MAX, PAST_MS, Json, canonical
from redshank.conformance.wire import PUSH_ENTRIES

Make = Callable[[Exam], bytes]
MARGIN_MS = 5_000
"""Between the two clocks and the way: what lies within it is neither tried as good nor as bad."""


def _with(**more: object) -> Make:
    return lambda exam: exam.partner.test(0, **more)


def _spelled(change: Callable[[bytes], bytes]) -> Make:
    """A proper TEST in other bytes."""
    return lambda exam: change(exam.partner.test())


def _swapped(exam: Exam) -> bytes:
    """Members in another order."""
    entry = exam.partner.test()
    return entry.replace(b'"v":1,', b"").replace(b"{", b'{"v":1,', 1)


def _ahead(ms: int) -> Make:
    return lambda exam: exam.partner.test(stated_ms=exam.partner.node_now_ms() + ms)


def _observed(after_ms: int) -> Make:
    return lambda exam: exam.partner.test(observed_ms=exam.partner.stated_ms + after_ms)


def _notice(exam: Exam, ahead: int = 0, **more: object) -> bytes:
    """A NOTICE of an object far from every border, in the sandbox's own name."""
    partner = exam.partner
    state = {
        "object": 1,
        "status": "unidentified",
        "at": {"lat_e7": 553000000, "lon_e7": 237000000},
        "accuracy_m": 1500,
    }
    incident = f"{partner.me}-{exam.sandbox.year}-{more.pop('number', 1):06d}"
    body: Json = {"phase": "possible", "object": state}
    return partner.entry("NOTICE", body, ahead, **{"incident": incident, **more})


HIDDEN = ("\u0007", "\u00ad", "\u200b", "\u202e", "\u2066", "\ue000", "\ufff9", "\U0001f600", "\u061c")

REFUSED: tuple[tuple[tuple[str, ...], str, Make], ...] = (
    (("MSG-1",), "with a space after a colon", _spelled(lambda entry: entry.replace(b'"v":1', b'"v": 1'))),
    (("MSG-1",), "with its members in another order", _swapped),
    (("MSG-1",), "with a member that stands twice", _spelled(lambda entry: entry.replace(b'"v":1', b'"v":1,"v":1'))),
    (("MSG-1",), "with an integer written as a fraction", _spelled(lambda entry: entry.replace(b'"v":1', b'"v":1.0'))),
    (
        ("MSG-1",),
        "with an integer written with an exponent",
        _spelled(lambda entry: entry.replace(b'"v":1', b'"v":1e0')),
    ),
    (
        ("MSG-1",),
        "with a letter written as an escape",
        _spelled(lambda entry: entry.replace(b'"TEST"', b'"T\\u0045ST"')),
    ),
    (("MSG-1",), "with a member that is null", _spelled(lambda entry: entry.replace(b'"v":1', b'"text":null,"v":1'))),
    (("MSG-1",), "with a newline at its end", _spelled(lambda entry: entry + b"\n")),
    (("MSG-1",), "cut in the middle", _spelled(lambda entry: entry[: len(entry) // 2])),
    (("MSG-1", "MSG-19"), "nested a thousand deep", lambda exam: b"[" * 1_000),
    (("MSG-1",), "in bytes that are no UTF-8", _spelled(lambda entry: entry.replace(b"TEST", b"T\xffST"))),
    (("MSG-3",), "with a member that nobody knows", _with(priority=1)),
    (("MSG-3",), "with an unknown member in its body", _with(body={"number": 1, "more": 1})),
    (("MSG-3",), "without `stated_ms`", _with(stated_ms=None)),
    (("MSG-3",), "with a serial that is text", _with(year="2026")),
    (("MSG-4",), "of version 2", _with(v=2)),
    (("MSG-5",), "as a correction", _with(form="correction")),
    (("MSG-5",), "as a cancel", _with(form="cancel")),
    (("MSG-5",), "of a form that nobody knows", _with(form="draft")),
    (("MSG-6",), "of a type that nobody knows", _with(type="APOLOGY")),
    (("MSG-7",), "with a body of another type", _with(body={"agrees": "yes"})),
    (("MSG-7",), "with a number that is text", _with(body={"number": "1"})),
    (("MSG-8",), "that says it stands on another channel", _with(channel="BY-LT")),
    (("MSG-8",), "that says the node had sent it", lambda exam: exam.partner.test(sender=exam.partner.node)),
    (("MSG-8",), "with the serial of an earlier one", lambda exam: exam.partner.test(serial=len(exam.partner.own) - 1)),
    (("MSG-8",), "with a serial that skips one", lambda exam: exam.partner.test(serial=len(exam.partner.own) + 1)),
    (("MSG-8", "LOG-13"), "of another year", lambda exam: exam.partner.test(year=exam.sandbox.year + 1)),
    (("MSG-20",), "of another generation", lambda exam: exam.partner.test(generation=1)),
    (("MSG-20",), "that writes the generation 0 out", lambda exam: exam.partner.test(generation=0)),
    (
        ("MSG-20",),
        "that names a generation to answer in, and answers nothing",
        lambda exam: exam.partner.test(reply_generation=0),
    ),
    (("MSG-9",), "stated two minutes ahead of the node's clock", _ahead(2 * AHEAD_MS)),
    (("MSG-9",), "stated in the year 10000", lambda exam: exam.partner.test(stated_ms=253_402_300_800_000)),
    (("MSG-9",), "stated beyond 2^53 - 1", lambda exam: exam.partner.test(stated_ms=INTEGER_MAX + 1)),
    (("MSG-9",), "stated before 1970", lambda exam: exam.partner.test(stated_ms=-1)),
    (("MSG-9",), "observed two minutes after it was stated", _observed(2 * AHEAD_MS)),
    (
        ("MSG-10",),
        "with an incident, which a TEST has none of",
        lambda exam: exam.partner.test(incident="XQ-2026-000001"),
    ),
    (("MSG-10",), "in reply to a negative serial", _with(in_reply_to=-1)),
    (("MSG-10",), "in reply to serial 2^40", _with(in_reply_to=1 << 40)),
    (("MSG-11",), "with a remark of 201 characters", _with(text="x" * 201)),
    (("MSG-11",), "with an empty remark", _with(text="")),
    (("MSG-11",), "with a remark that is not in normalisation form C", _with(text="Z\u030c")),
    *((("MSG-11",), f"with U+{ord(sign):04X} in its remark", _with(text=f"a{sign}b")) for sign in HIDDEN),
    (("MSG-13",), "with a number below 0", _with(body={"number": -1})),
    (("MSG-13",), "with a number above 2^53 - 1", _with(body={"number": INTEGER_MAX + 1})),
    (("MSG-13",), "with a number of 400 digits", _with(body={"number": 10**400})),
)
"""Clauses, what is wrong with the TEST, how it is made."""

ACCEPTED: tuple[tuple[tuple[str, ...], str, Make], ...] = (
    (("MSG-9",), "stated almost a minute ahead of the node's clock", _ahead(AHEAD_MS - MARGIN_MS)),
    (("MSG-9",), "observed a minute after it was stated", _observed(AHEAD_MS)),
    (("MSG-10",), "in reply to a serial that may not have arrived", _with(in_reply_to=(1 << 40) - 1)),
    (("MSG-11",), "with a remark of 200 characters of seven languages", _with(text="Ąžėß ўŁõ мова "[:10] * 20)),
    (("MSG-19", "MSG-11"), "with 200 brackets in its remark", _with(text="[{" * 100)),
    (("MSG-1", "MSG-11"), "with quotation marks and backslashes in its remark", _with(text='"\\" \\\\ "')),
)
"""Clauses, what is unusual about the TEST, how it is made."""


def _is_refused(make: Make) -> Run:
    async def run(exam: Exam) -> str:
        partner, serial = exam.partner, len(exam.partner.own)
        entry = make(exam)
        exam.keep("entry", entry)
        await exam.answered(entry, partner.test(1))
        if serial in exam.replies:
            raise Failed(f"it was understood: the node answered {canonical(exam.replies[serial]).decode()}")
        return "receipted and not answered; the TEST after it was answered"

    return run


def _is_understood(make: Make) -> Run:
    async def run(exam: Exam) -> str:
        entry = make(exam)
        exam.keep("entry", entry)
        serial = len(exam.partner.own)
        await exam.say(entry, exam.partner.test(1))
        await exam.reply_to(serial + 1)
        if serial not in exam.replies:
            raise Failed("it was not answered, though the TEST after it was")
        return "answered"

    return run


for _clauses, _what, _make in REFUSED:
    add(
        (*_clauses, "MSG-16", "MSG-17"),
        f"says a TEST {_what}, and a good one after it",
        "both get their receipt; only the good one is answered",
        _is_refused(_make),
    )
for _clauses, _what, _make in ACCEPTED:
    add(_clauses, f"says a TEST {_what}", "it is answered", _is_understood(_make))


@case(
    "MSG-18",
    "MSG-9",
    does="says a TEST stated 55 s ahead, then one stated two minutes before it, then one stated 55 s before it",
    expects="the first and the last are answered: a sender's time does not run backwards by more than 60 s",
)
async def back_dated(exam: Exam) -> str:
    """An old statement may come late, but not after a newer one."""
    partner, serial = exam.partner, len(exam.partner.own)
    newest_ms = partner.stated_ms + AHEAD_MS - MARGIN_MS
    await exam.say(
        partner.test(0, stated_ms=newest_ms),
        partner.test(1, stated_ms=newest_ms - 2 * PAST_MS),
        partner.test(2, stated_ms=newest_ms - PAST_MS + MARGIN_MS),
    )
    await exam.reply_to(serial + 2)
    if serial not in exam.replies or serial + 1 in exam.replies:
        raise Failed(f"answered: {sorted(set(exam.replies) & {serial, serial + 1, serial + 2})} of {serial} and on")
    return "the second was not answered"


@case(
    "PROC-5",
    "PROC-10",
    "LOG-10",
    does="says NOTICE",
    expects="its receipt at once, which says nothing of a person: no ACK by the machine",
)
async def notice(exam: Exam) -> str:
    """Received is not read."""
    partner, heard = exam.partner, len(exam.partner.theirs)
    await exam.answered(_notice(exam), partner.test(1))
    await exam.quiet(0.5)
    said = [partner.read_theirs(serial) for serial in range(heard, len(partner.theirs))]
    kinds = [one["type"] for one in said if isinstance(one, dict)]
    if "ACK" in kinds:
        raise Failed("an ACK came within half a second: no person is as quick")
    return f"receipted; the node said {', '.join(kinds)}"


def _statements(me: str, now_ms: int, state: Json) -> list[tuple[str, Json]]:
    """What one side does and finds, and takes back: types of MSG-22 to MSG-26, each within its bounds."""
    span = {"from_ms": now_ms, "until_ms": now_ms + 60_000}
    area = {"centre": state["at"], "radius_m": 1_000, **span}
    find = {"what": "debris", "at": state["at"], "accuracy_m": 10, "found_ms": now_ms, "hazard": "none-seen"}
    return [
        ("OWN-OBJECT", {"condition": "landed", "object": state}),
        ("MEASURE", {"measure": "airspace-closed", **area}),
        ("FIND", {**find, "secured": "yes"}),
        ("EVIDENCE", {"kind": "data", "sha256": "0" * 64, "bytes": 1, "obtained_ms": now_ms}),
        ("NEGATIVE", {"means": "radar", **area}),
        ("WARNING", {"level": "possible", "districts": [f"{me}-1"], **span}),
        ("CORRECT", {"serial": 0, "type": "REPLY", "body": {"answer": "ours"}}),
        ("CANCEL", {"serial": 0, "why": "superseded"}),
    ]


@case(
    "PROC-19",
    "PROC-7",
    "PROC-2",
    "PROC-15",
    does="says UPDATE, LOST, QUERY, REPLY, ACK, CLOSE, AGREE-CLOSE and every statement of MSG-22 to MSG-26 about an "
    "incident that nobody opened",
    expects="receipts, and nothing else: the line goes on",
)
async def out_of_turn(exam: Exam) -> str:
    """What has no row changes nothing."""
    partner, name = exam.partner, f"{exam.sandbox.node.party}-{exam.sandbox.year}-999999"
    state = {"object": 1, "status": "uav", "at": {"lat_e7": 553000000, "lon_e7": 237000000}, "accuracy_m": 100}
    summary = {"outcome": "lost", "objects": 1, "first_observed_ms": 0, "last_observed_ms": 0}
    said: tuple[tuple[str, Json, Json], ...] = (
        ("UPDATE", {"phase": "crossed", "object": state}, {}),
        ("LOST", {"object": state, "search_centre": state["at"], "search_radius_m": 10}, {}),
        ("QUERY", {"object": 1, "question": "yours-or-known"}, {}),
        ("REPLY", {"answer": "ours"}, {"in_reply_to": 0}),
        ("ACK", {"role": "duty-officer"}, {"in_reply_to": 0}),
        ("CLOSE", summary, {}),
        ("AGREE-CLOSE", {"agrees": "yes"}, {}),
        *((kind, body, {}) for kind, body in _statements(partner.me, partner.stated_ms, state)),
    )
    entries = [
        partner.entry(kind, body, number, incident=name, **more) for number, (kind, body, more) in enumerate(said)
    ]
    heard = len(partner.theirs)
    await exam.answered(*entries, partner.test(len(entries)))
    return f"receipted; the node said {len(partner.theirs) - heard} message"


@case(
    "PROC-18",
    "LINE-5",
    does=f"says {4 * PUSH_ENTRIES} NOTICEs of as many incidents, then a TEST",
    expects="receipts, and the TEST is answered in time: what a partner can make grow is bounded",
)
async def flood(exam: Exam) -> str:
    """More open incidents than one partner may hold."""
    for batch in range(4):
        numbers = range(1 + batch * PUSH_ENTRIES, 1 + (batch + 1) * PUSH_ENTRIES)
        await exam.say(*[_notice(exam, ahead, number=number) for ahead, number in enumerate(numbers)])
    await exam.answered(exam.partner.test())
    return "answered after the flood"
