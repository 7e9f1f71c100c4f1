"""`redshank verify --owed`: what each side owed in the incidents of a record, and what of it was late, and why.

Here: reading record and agreement, and a line for each obligation that was not met. Not here: the judgement itself
(`exchange.owed`).
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from redshank.cli.record_files import open_record
from redshank.cli.terminal import printable
from redshank.cli.verifying import pinned_of
from redshank.compose.build import read_tables
from redshank.exchange.owed import Kept, Said, Standing, kept_in
from redshank.exchange.verifier import Examined, examine_record
from redshank.procedure.agreement import in_force, parse_agreement
from redshank.terms import limits
from redshank.terms.ids import ChannelId
from redshank.terms.instants import SECOND_MS, Instant, format_instant
from redshank.terms.message import Message


def print_owed(record: Path, keys: tuple[Path, ...], agreement: Path | None, *, as_json: bool) -> int:
    """Prints it; 0 when it could be said, 2 when not. The verdict on the record itself is `verify`'s."""
    try:
        if agreement is None:
            raise ValueError("what was owed stands in the agreement: give it with --agreement")
        laws = read_tables()
        agreed = parse_agreement(agreement.read_text(encoding="utf-8"), laws)
        with open_record(record) as files:
            examined = examine_record(files, pinned_of(files, keys))
            manifest = examined.report.manifest
            if manifest is None or manifest.channel != agreed.channel:
                raise ValueError(f"the agreement is about {agreed.channel}, the record is not")
            kept = kept_in(_said(examined), in_force(laws, {agreed.channel: agreed}), ChannelId(agreed.channel))
    except (OSError, ValueError) as error:
        print(printable(f"{record}: {error}"), file=sys.stderr)
        return 2
    if as_json:
        print(msgspec.json.encode({"owed": kept}).decode())
        return 0
    for line in sentences(kept):
        print(printable(line))
    return 0


def _said(examined: Examined) -> Iterator[Said]:
    for line in examined.lines():
        if isinstance(line.content, Message):
            at_s = line.received_at_s
            yield Said(line.content, None if at_s is None else Instant(at_s * SECOND_MS))


def _time(at: Instant) -> str:
    """What a record says may lie beyond every calendar."""
    return format_instant(at) if at <= limits.CALENDAR_MAX_S * SECOND_MS else f"{at} ms"


def sentences(kept: tuple[Kept, ...]) -> Iterator[str]:
    """A line for each obligation that was late or missed, and a count of all for each side."""
    for one in kept:
        if one.standing in (Standing.LATE, Standing.MISSED):
            about = "" if one.about is None else f" for {one.about.generation}/{one.about.serial}"
            step = f"; {one.step} was due" if one.step else ""
            yield (
                f"OWED {one.incident} ({one.kind.value}): {one.party} {one.what}{about} until {_time(one.due_ms)}: "
                f"{one.standing.value} by {one.late_ms / SECOND_MS:.0f} s; in the way: {one.in_the_way.value}{step}"
            )
    for party in sorted({one.party for one in kept}):
        counts = Counter(one.standing for one in kept if one.party == party)
        told = ", ".join(f"{counts[standing]} {standing.value}" for standing in Standing if counts[standing])
        yield f"{party} owed {sum(counts.values())}: {told}"
