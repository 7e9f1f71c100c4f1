"""What `redshank release` reads of a node and prints of it."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import msgspec
from rich.console import Console
from rich.table import Table

from redshank.cli.record_files import open_record
from redshank.compose.config import ConfigFailed, NodeConfig, read_config
from redshank.compose.policy_file import read_policy
from redshank.edges.reading import StoreReader
from redshank.edges.store import StoreFailed
from redshank.exchange.envelope import Place, parse_entry
from redshank.exchange.parties import EXERCISE_PREFIX, log_origin
from redshank.exchange.verifier import examine_record
from redshank.node.audit import Explained, Fact, Journal, Report, journal_of
from redshank.release.audit import as_corrected, outside
from redshank.release.policy import TRACK_TYPES
from redshank.release.released import Released
from redshank.terms.ids import PartyId, channel_between, partner_on
from redshank.terms.instants import Instant, format_instant
from redshank.terms.message import Message
from redshank.terms.refusal import Refusal


def read_node(config_path: Path, stop: Callable[[str], NoReturn]) -> tuple[Journal, list[Message]]:
    """The journal and all messages of the own logs, of one moment. Calls `stop` when they can not be read."""
    try:
        config, base = read_config(config_path)
        store = StoreReader(base / config.data / "node.sqlite")
        try:
            journal = journal_of(config.party, store.journal())
            partners = sorted(channel.partner for channel in config.channels)
            return journal, [message for partner in partners for message in _sent(config, partner, store)]
        finally:
            store.close()
    except (ConfigFailed, StoreFailed) as error:
        stop(str(error))


def _sent(config: NodeConfig, partner: PartyId, store: StoreReader) -> list[Message]:
    channel = channel_between(config.party, partner)
    origin = log_origin(EXERCISE_PREFIX if config.exercise else "", channel, config.party, config.year)
    sent = []
    for serial, entry in enumerate(store.entries(origin)):
        message = parse_entry(entry, Place(channel, config.party, config.year, serial), None)
        if isinstance(message, Refusal):
            raise StoreFailed(f"log {origin}, entry {serial}: {message}")
        sent.append(message)
    return sent


def audit_record(record: Path, policy_path: Path, party: str, stop: Callable[[str], NoReturn]) -> int:
    """Prints which of a party's messages in a record lie outside one policy; the exit code."""
    try:
        policy = read_policy(policy_path, PartyId(party)).policy
        with open_record(record) as files:
            examined = examine_record(files)
            sent = [line.content for line in examined.lines() if line.sender == policy.party]
    except (ConfigFailed, OSError, ValueError) as error:
        stop(f"{record}: {error}")
    faults = [f"the record itself: {one.path}: {one.refusal}" for one in examined.report.findings]
    last = dict[str | None, Instant]()
    for serial, message in enumerate(sent):
        if isinstance(message, Refusal):
            faults.append(f"{serial}: is no message: {message}")
            continue
        partner = partner_on(message.channel, policy.party)
        why = outside(policy, partner, message, last.get(message.incident))
        faults += [] if why is None else [f"{serial}: {message.type.value} to {partner}: {why}"]
        if as_corrected(message).type in TRACK_TYPES:
            last[message.incident] = message.stated_ms
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{len(sent)} messages of {party} held against {policy.policy}: {len(faults) or 'no'} faults")
    return 1 if faults else 0


def print_fact(track: str, fact: Fact) -> None:
    """What was decided about, and when."""
    held = fact.snapshot.track
    by = "a person's command" if fact.by_person else "the picture"
    print(f"{track}: decided about at {format_instant(fact.at)}, by {by}")
    print(
        f"  own picture: {held.status.value}, {held.life.value}, {held.reports} reports, "
        f"{held.position.lat_deg:.5f} N {held.position.lon_deg:.5f} E at {format_instant(held.at)}"
    )


def print_explained(one: Explained) -> None:
    """What one partner could get, what is hidden from it, and each rule's part."""
    made, verdict = one.made, one.made.verdict
    print(f"\n{one.partner}: {verdict.effect.value} by {verdict.rule} of {one.policy}. {verdict.detail}".rstrip())
    told = made if isinstance(made, Released) else made.shown
    if told is not None:
        observed = "" if told.observed_ms is None else f", observed {format_instant(told.observed_ms)}"
        print(f"  {'gets' if isinstance(made, Released) else 'would get'}{observed}:")
        print(f"  {msgspec.json.encode(told.body).decode()}")
    if verdict.hidden:
        print(f"  hidden or coarse: {', '.join(f'{field} ({rule})' for field, rule in verdict.hidden)}")
    for reason in one.reasons:
        mark = "decides" if reason.decides else "matches" if reason.matches else "no match"
        field = f"{reason.field}: " if reason.field else ""
        print(f"  {mark:8}  {reason.rule}  {field}{reason.detail}".rstrip())


def print_report(journal: Journal, report: Report) -> None:
    """What was sent, what should not have been, and what was withheld."""
    console = Console(highlight=False)
    for at, policy in journal.policies:
        console.print(f"Policy {policy.policy} in force from {format_instant(at)}")
    console.print(f"{report.sent} messages sent, {report.about_tracks} about tracks")
    for wrong in report.unfit:
        console.print(f"[bold]FAULT[/bold] {wrong.channel} {wrong.serial}: {wrong.why}")
    if not report.unfit:
        console.print(
            "Each lies within the policy of its time; each about a track is made of a snapshot in the journal."
        )
    table = Table("to", "rule", "effect", "decisions", "tracks", title="Withheld")
    for kept in report.kept:
        table.add_row(kept.partner, kept.rule, kept.effect, str(kept.decisions), str(kept.tracks))
    console.print(table)
