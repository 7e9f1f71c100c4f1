"""Cases of docs/spec/line.md: who may call whom, by which handshake, and what a bad line may do.

Here: LINE-1 to LINE-6. Not here: what is delivered (cases_push), what the node delivers (cases_answer).
"""

import asyncio

import h11

from redshank.conformance.case import Failed, NotApplicable, Responsible, Told, Unclear, case
from redshank.conformance.exam import CLOCKS_APART_MS, Exam
from redshank.conformance.keys import CLASSICAL_GROUP, HYBRID_GROUP, Identity, host_name, make_authority
from redshank.conformance.line import Answer, exchange
from redshank.conformance.partner import Pushed
from redshank.conformance.tls import NO_WAY, VERSION_1_2, LineFailed

SLOW_CALLERS = 12
CALLS_AGAIN_S = 30.0
"""A sender gives up after ten seconds and pauses at most five (LINE-5)."""


@case(
    "LINE-1",
    does="calls the node by TLS 1.3 with the sandbox's certificate",
    expects="a handshake; the node's certificate is of its pinned authority and names its party",
)
async def handshake(exam: Exam) -> str:
    """The way in. Everything else needs it."""
    stream = await exam.caller.connect()
    shown, group = stream.host_shown(), stream.tls.get_group_name()
    version = stream.tls.get_protocol_version_name()
    stream.close()
    wanted = host_name(exam.sandbox.node.party)
    if wanted not in shown:
        raise Failed(f"the certificate names {shown}, not {wanted}")
    return f"{version}, {group}, certificate of {wanted}"


@case(
    "LINE-3",
    "DEL-6",
    does="asks by a push without entries how much the node holds of the sandbox's log",
    expects="status 409 and the size that was last receipted, or the receipt for it",
)
async def resume(exam: Exam) -> str:
    """Where an earlier run ended; a fresh sandbox begins at 0."""
    try:
        held = await exam.held()
    except Unclear as unclear:
        exam.lost = unclear.party, str(unclear)
        raise
    if held > len(exam.partner.own):
        why = f"the node holds {held} entries of this sandbox, the folder only {len(exam.partner.own)}"
        exam.lost = Responsible.QUALIFIER, f"{why}: prepare a new folder, or use that of the last run"
        raise Unclear(*exam.lost)
    exam.partner.own.cut(held)
    return f"holds {held}"


@case(
    "LOG-10",
    "MSG-9",
    "DEL-5",
    does="delivers a first TEST and reads the time in its receipt",
    expects="a receipt, by a clock that is within 60 s of the qualifier's",
)
async def clocks(exam: Exam) -> str:
    """Two clocks; when they differ, who is right? Only a machine whose clock is disciplined may blame another."""
    await exam.say(exam.partner.entry("TEST", {"number": 0}, stated_ms=0))
    apart_ms = exam.partner.offset_ms
    if exam.follows_node or abs(apart_ms) <= CLOCKS_APART_MS:
        return f"the node's clock less the qualifier's: {apart_ms} ms"
    if exam.clock_is_disciplined:
        raise Failed(f"the node's clock is {apart_ms} ms off; the qualifier's is synchronised, says its kernel")
    raise Unclear(
        Responsible.QUALIFIER,
        f"the two clocks are {apart_ms} ms apart, and the qualifier's is not known to be synchronised",
    )


async def _no_answer(exam: Exam, identity: Identity | None) -> str:
    """The caller must get no HTTP answer that is more than a refusal; the words of what came."""
    try:
        reply = await exam.caller.ask_once("GET", f"/v1/{exam.partner.channel}/log/checkpoint", tls=exam.tls(identity))
    except LineFailed as failed:
        if failed.stage in NO_WAY:
            raise
        return f"not let in: {failed}"
    if reply.status == 403:
        return f"let in and refused: 403 {reply.body[:40]!r}"
    exam.keep(f"answer {reply.status}", reply.body)
    raise Failed(f"the node answered {reply.status} {reply.body[:60]!r}")


@case("LINE-1", does="calls without a certificate", expects="no answer to any request")
async def no_certificate(exam: Exam) -> str:
    """A stranger."""
    return await _no_answer(exam, None)


@case("LINE-1", does="calls by TLS 1.2", expects="the handshake is refused")
async def old_version(exam: Exam) -> str:
    """Nothing older than 1.3, at which certificates are shown in the clear."""
    try:
        await exam.caller.connect(exam.tls(exam.identity, (CLASSICAL_GROUP, "P-256"), VERSION_1_2))
    except LineFailed as failed:
        if failed.stage in NO_WAY:
            raise
        return f"refused: {failed}"
    raise Failed("the handshake by TLS 1.2 went through")


@case(
    "LINE-1",
    does="calls with a certificate in the sandbox's name by an authority that nobody pinned",
    expects="no answer to any request",
)
async def strange_authority(exam: Exam) -> str:
    """The right name, the wrong signature."""
    now_s = exam.partner.now_ms() // 1000
    forged = make_authority(exam.partner.me, now_s).issue(host_name(exam.partner.me), now_s)
    return await _no_answer(exam, forged)


@case(
    "LINE-1",
    "KEY-5",
    "LINE-4",
    does="calls with a certificate by the sandbox's own authority in the name of another party, and of the node",
    expects="status 403 or no answer: an authority speaks for its own party alone",
)
async def strange_name(exam: Exam) -> str:
    """The right signature, the wrong name."""
    now_s = exam.partner.now_ms() // 1000
    names = [exam.sandbox.node.party, "zz"]
    return "; ".join([await _no_answer(exam, exam.folder.authority.issue(host_name(name), now_s)) for name in names])


@case("LINE-1", does="calls with a certificate that ended yesterday", expects="no answer to any request")
async def expired(exam: Exam) -> str:
    """By the machine's clock, also in an exercise."""
    now_s = exam.partner.now_ms() // 1000
    old = exam.folder.authority.issue(host_name(exam.partner.me), now_s, (-9 * 86_400, -86_400))
    return await _no_answer(exam, old)


@case(
    "LINE-4",
    does="delivers with the sandbox's certificate on channels of other parties, real and invented",
    expects="status 403 and wrong-channel",
)
async def other_channel(exam: Exam) -> str:
    """The certificate says whose channel it is."""
    body = exam.partner.push([exam.partner.test()])
    for channel in ("BY-LT", "LV-ZZ", "-".join(sorted((exam.sandbox.node.party, "ZZ")))):
        for method, path in (("POST", exam.path(channel)), ("GET", f"/v1/{channel}/log/checkpoint")):
            reply = await exam.caller.ask(method, path, body if method == "POST" else b"")
            exam.keep(f"{method} {path}: {reply.status}", reply.body)
            if (reply.status, reply.body) != (403, b"wrong-channel\n"):
                raise Failed(f"{method} {path} is answered with {reply.status} {reply.body[:60]!r}")
    return "403 wrong-channel, six times"


@case(
    "LINE-3",
    does="asks for things that are no part of a log, and outside of it",
    expects="status 404 each time",
)
async def no_such_path(exam: Exam) -> str:
    """Nothing else is served."""
    base = f"/v1/{exam.partner.channel}/log/"
    for path in (
        "tile/0/999",
        "tile/entries/x999/999",
        "../../etc/passwd",
        "checkpoint/",
        "tile/0/000.p/0",
        "record.json",
    ):
        reply = await exam.caller.ask("GET", base + path)
        exam.keep(f"GET {path}: {reply.status}", reply.body)
        if reply.status != 404:
            raise Failed(f"{path} is answered with {reply.status} {reply.body[:60]!r}")
    return "404, six times"


@case(
    "LINE-3",
    does="asks by other methods, at other paths, and for no path at all",
    expects="the specification names no status: what came is told",
)
async def other_methods(exam: Exam) -> str:
    """No clause says which refusal; a server error would be one too many."""
    told = []
    for method, path in (("PUT", exam.path()), ("DELETE", exam.path()), ("GET", "/"), ("POST", "/v2/x/delivery")):
        reply = await exam.caller.ask(method, path)
        if reply.status >= 500 or reply.status < 400:
            raise Failed(f"{method} {path} is answered with {reply.status} {reply.body[:60]!r}")
        told.append(f"{method} {path}: {reply.status}")
    raise Told("; ".join(told))


@case(
    "LINE-5",
    "KEY-8",
    "DEL-8",
    does=f"opens {SLOW_CALLERS} connections that end in the middle of a request and {SLOW_CALLERS} without a "
    "handshake, keeps them open, and delivers a TEST beside them",
    expects="the receipt and the TEST-REPLY as always",
)
async def slow_callers(exam: Exam) -> str:
    """A line that says little must not cost others theirs."""
    hanging = []
    writers = [(await asyncio.open_connection(*exam.caller.address))[1] for _ in range(SLOW_CALLERS)]
    try:
        for _ in range(SLOW_CALLERS):
            stream = await exam.caller.connect()
            hanging.append(stream)
            body = exam.partner.push([exam.partner.test()])
            http = h11.Connection(h11.CLIENT)
            head, _ = exam.caller.request("POST", exam.path(), body)
            await stream.write((http.send(head) or b"") + body[: len(body) // 2])
        await exam.answered(exam.partner.test())
    finally:
        for stream in hanging:
            stream.cut()
        for writer in writers:
            writer.close()
    return f"answered beside {2 * SLOW_CALLERS} hanging connections"


@case(
    "LINE-5",
    "DEL-8",
    does="says something that is no HTTP on a good TLS line, and no TLS on a plain one",
    expects="the connection ends; the next delivery is answered as always",
)
async def no_http(exam: Exam) -> str:
    """Hostile bytes lead to a refusal and to nothing else."""
    stream = await exam.caller.connect()
    await stream.write(b"\x00\xff" * 300 + b"\r\n\r\n")
    stream.cut()
    _, writer = await asyncio.open_connection(*exam.caller.address)
    writer.write(b"\x16\x03\x01\xff\xff" + bytes(500))
    await writer.drain()
    writer.close()
    await exam.answered(exam.partner.test())
    return "answered afterwards"


@case(
    "LINE-1",
    does="lets the node call a door that shows a certificate of a strange authority, then one in another's name",
    expects="the node delivers nothing there, and delivers when the right certificate is back",
)
async def wrong_door(exam: Exam) -> str:
    """Who calls must know whom."""
    now_s = exam.partner.now_ms() // 1000
    strange = make_authority(exam.partner.me, now_s).issue(host_name(exam.partner.me), now_s)
    other = exam.folder.authority.issue(host_name("zz"), now_s)
    right, told = exam.door.tls, []
    try:
        for what, identity in (("strange authority", strange), ("another name", other)):
            exam.door.tls = exam.tls(identity)
            exam.door.hang_up()
            calls, pushes = exam.door.calls, len(exam.pushes)
            await exam.say(exam.partner.test())
            await exam.called(calls)
            await exam.quiet(1.0)
            if len(exam.pushes) > pushes:
                raise Failed(f"the node delivered to a door with a certificate of {what}")
            told.append(f"{what}: {exam.door.calls - calls} calls, nothing delivered")
    finally:
        exam.door.tls = right
        exam.door.hang_up()
    await exam.reply_to(len(exam.partner.own) - 1, CALLS_AGAIN_S)
    return "; ".join(told)


@case(
    "LINE-5",
    "DEL-8",
    does="hears a delivery of the node and never answers it",
    expects="the node gives up and delivers it again within 30 s",
)
async def silent_door(exam: Exam) -> str:
    """A partner that says nothing must not stop a channel for ever."""
    before, silent = len(exam.pushes), [True]

    def once(pushed: Pushed) -> Answer | None:
        return Answer(manner="silent") if silent and silent.pop() else None

    exam.script = once
    await exam.say(exam.partner.test())
    first = await exam.next_push(before)
    again = await exam.next_push(before + 1, CALLS_AGAIN_S)
    if first.head is None or again.head is None or again.head.size < first.head.size:
        raise Failed("what came again is less than what had come")
    await exam.reply_to(len(exam.partner.own) - 1)
    return f"again after {again.at_ms - first.at_ms} ms"


@case(
    "LINE-6",
    does="says TEST",
    expects="one TEST-REPLY with the same number, in reply to its serial, from the machine",
)
async def line_test(exam: Exam) -> str:
    """The measure of most cases below: what is answered was understood."""
    serial = len(exam.partner.own)
    reply = await exam.answered(exam.partner.test())
    if reply["body"]["number"] != serial:
        raise Failed(f"the TEST had number {serial}, its answer {reply['body']['number']}")
    return f"answered at serial {reply['serial']}"


@case("LINE-6", does="says TEST-REPLY to a TEST that nobody said", expects="nothing is answered to it")
async def no_echo(exam: Exam) -> str:
    """Two machines must not answer one another for ever."""
    partner = exam.partner
    reply = partner.entry("TEST-REPLY", {"number": 7}, in_reply_to=(1 << 40) - 1)
    serial = len(partner.own)
    await exam.answered(reply, partner.test(1))
    if serial in exam.replies:
        raise Failed("a TEST-REPLY was answered")
    return "not answered; the TEST after it was"


@case(
    "LINE-2",
    "KEY-6",
    "KEY-7",
    "LINE-1",
    does="calls with the classical key exchange alone, and lets the node call a door that has no other",
    expects="no link comes about: a downgrade is refused on both sides",
)
async def downgrade(exam: Exam) -> str:
    """Only where both sides publish the hybrid exchange."""
    if exam.groups != (HYBRID_GROUP,):
        raise NotApplicable("the node's public keys name no hybrid key exchange")
    classical = exam.tls(exam.identity, (CLASSICAL_GROUP,))
    try:
        stream = await exam.caller.connect(classical)
        asked = exam.caller.request("GET", f"/v1/{exam.partner.channel}/log/checkpoint", b"")
        reply = await exchange(stream, h11.Connection(h11.CLIENT), asked)
        raise Failed(f"a classical handshake was let in and answered with {reply.status}")
    except LineFailed as failed:
        if failed.stage in NO_WAY:
            raise
    right = exam.door.tls
    try:
        exam.door.tls = classical
        exam.door.hang_up()
        calls, pushes = exam.door.calls, len(exam.pushes)
        await exam.say(exam.partner.test())
        await exam.called(calls)
        await exam.quiet(1.0)
        if len(exam.pushes) > pushes:
            raise Failed("the node delivered over a classical key exchange")
    finally:
        exam.door.tls = right
        exam.door.hang_up()
    await exam.reply_to(len(exam.partner.own) - 1, CALLS_AGAIN_S)
    return f"refused in both directions; by {exam.door.group} it is let in"
