"""Cases of pull: the node's log as files, and the receipt of a partner that has read them.

Here: DEL-9 to DEL-11, LOG-7, LOG-8. Not here: pushes of either side.
"""

from redshank.conformance.case import Failed, case
from redshank.conformance.exam import Exam, size_in
from redshank.conformance.line import Answer
from redshank.conformance.wire import (
    TILE,
    Breach,
    bundle,
    check_signed,
    head_over,
    leaf,
    log_files,
    push,
    read_bundle,
    read_head,
    read_note,
    tile_path,
)


@case(
    "DEL-9",
    "LINE-3",
    "LOG-7",
    "LOG-8",
    does="reads the node's log as files: checkpoint, all tiles, all bundles",
    expects="the same log that the node delivered, under a head that it signed",
)
async def pulled(exam: Exam) -> str:
    """Push and pull lead to the same state."""
    partner = exam.partner
    await exam.answered(partner.test())
    reply = await exam.caller.ask("GET", f"/v1/{partner.channel}/log/checkpoint")
    exam.keep(f"checkpoint {reply.status}", reply.body)
    if reply.status != 200:
        raise Failed(f"checkpoint is answered with {reply.status}")
    text, marks = read_note(reply.body, partner.note_limit)
    head = read_head(text)
    check_signed(partner.their_log_keys, marks, text)
    entries = partner.theirs.entries[: head.size]
    if head.size > len(partner.theirs) or head_over(partner.their_origin, entries).root != head.root:
        raise Breach("LOG-12", f"the checkpoint of size {head.size} is not of the log that was delivered")
    files = log_files(entries)
    for path, wanted in files.items():
        got = await exam.caller.ask("GET", f"/v1/{partner.channel}/log/{path}")
        if (got.status, got.body) != (200, wanted):
            exam.keep(f"{path}: {got.status}", got.body)
            raise Breach("LOG-7", f"{path} is answered with {got.status} and other bytes than the log has")
    return f"size {head.size}, {len(files)} files"


@case(
    "DEL-11",
    "DEL-10",
    "DEL-9",
    does="takes no push, reads the node's checkpoint and its bundles instead, and posts the receipt",
    expects="status 200 without a body; the node goes on from there. A receipt for an older head: 409, the signed size",
)
async def pulls(exam: Exam) -> str:
    """A channel works both ways as long as either node reaches the other."""
    partner, before = exam.partner, len(exam.pushes)
    base = f"/v1/{partner.channel}"
    exam.script = lambda pushed: Answer(503, b"busy\n")
    await exam.say(partner.test())
    await exam.next_push(before)
    reply = await exam.caller.ask("GET", f"{base}/log/checkpoint")
    head, held = read_head(read_note(reply.body, partner.note_limit)[0]), len(partner.theirs)
    entries = list[bytes]()
    for index in range(held // TILE, -(-head.size // TILE)):
        path = tile_path("entries", index, min(TILE, head.size - index * TILE))
        entries += read_bundle((await exam.caller.ask("GET", f"{base}/log/{path}")).body)
    taken = partner.judge(push(held, reply.body, entries[held % TILE :]))
    if taken.breach is not None or taken.head is None:
        raise taken.breach or Failed("what was pulled cannot be read")
    exam.absorb(taken)
    old = partner.cosigned(head_over(partner.their_origin, partner.theirs.entries[:1]))
    wrong = await exam.caller.ask("POST", f"{base}/receipt", old)
    exam.keep(f"answer to an older receipt {wrong.status}", wrong.body)
    done = await exam.caller.ask("POST", f"{base}/receipt", partner.receipt(head))
    exam.keep(f"answer to the receipt {done.status}", done.body)
    if (done.status, done.body) != (200, b""):
        raise Failed(f"the receipt is answered with {done.status} {done.body[:60]!r}")
    if wrong.status != 409 or size_in(wrong) != head.size:
        raise Failed(f"an older receipt is answered with {wrong.status} {wrong.body[:60]!r}")
    pushes = len(exam.pushes)
    exam.script = None
    await exam.answered(partner.test())
    later = [pushed.push.old for pushed in exam.pushes[pushes:] if pushed.push is not None]
    if later and min(later) < head.size:
        raise Failed(f"after the receipt for {head.size} a push began at {min(later)}")
    return f"pulled and receipted up to {head.size}"


@case(
    "LOG-17",
    "LOG-7",
    does="reads the checkpoint, tiles of every width up to its size, and one beyond",
    expects="text that is never cached; bytes that are cached for ever; nothing beyond the signed size",
)
async def widths(exam: Exam) -> str:
    """Who read an earlier head still finds its files."""
    partner = exam.partner
    await exam.answered(partner.test())
    entries, base = partner.theirs.entries, f"/v1/{partner.channel}/log/"
    shown = await exam.caller.ask("GET", base + "checkpoint")
    exam.keep(f"checkpoint {shown.status} {shown.kind} {shown.cached}", shown.body)
    if shown.kind.replace(" ", "") != "text/plain;charset=utf-8" or not {"no-cache", "no-store"} & _words(shown.cached):
        raise Failed(f"the checkpoint comes as {shown.kind!r}, cached {shown.cached!r}")
    last = len(entries) // TILE
    for width in (*range(1, min(len(entries), TILE - 1) + 1, 16), len(entries) % TILE or 1):
        index = last if width <= len(entries) % TILE else 0
        part = entries[index * TILE : index * TILE + width]
        for level, wanted in (("entries", bundle(part)), ("0", b"".join(leaf(entry) for entry in part))):
            path = tile_path(level, index, width)
            got = await exam.caller.ask("GET", base + path)
            if (got.status, got.body) != (200, wanted) or "immutable" not in _words(got.cached):
                exam.keep(f"{path}: {got.status} {got.cached}", got.body)
                raise Failed(f"{path} comes as {got.status} {got.kind!r}, cached {got.cached!r}, {len(got.body)} bytes")
    beyond = tile_path("entries", last, len(entries) % TILE + 1)
    if (await exam.caller.ask("GET", base + beyond)).status != 404:
        raise Failed(f"{beyond} is there, beyond the signed size {len(entries)}")
    return f"size {len(entries)}"


def _words(header: str) -> set[str]:
    return {word.strip() for word in header.split(",")}
