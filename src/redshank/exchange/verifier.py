"""Verifier: checks a record without a node, a network or a clock.

Here: the order of the checks; what each decides is in `audit`. Not here: the layout (`record`), printing (cli). May
know: log, terms. Never raises on what a record holds; each fault is named.

It asks for files by name and holds one bundle of entries at a time. So a file that is asked for twice must have the
same bytes both times; whoever reads from a disk sees to that (cli).

A record shows what was signed. It can not show that nothing followed: whoever exports may end it at an
earlier head. A receipt that the other party holds for a larger size convicts such a record.
"""

from collections.abc import Iterator, Mapping

import msgspec

from redshank.exchange.audit.beside import contradictions_in, voice_in
from redshank.exchange.audit.claims import keys_of, policy_of, read_manifest
from redshank.exchange.audit.cosigned import LogKeys
from redshank.exchange.audit.dates import doubtful_dates
from redshank.exchange.audit.desk import Desk
from redshank.exchange.audit.levels import check_replies, lines_of
from redshank.exchange.audit.proven_log import ProvenLog, no_log, verify_log
from redshank.exchange.audit.report import (
    Caution,
    Contradiction,
    Dated,
    Direction,
    Finding,
    Line,
    RecordReport,
)
from redshank.exchange.parties import PartyKeys
from redshank.exchange.record import MANIFEST, Manifest
from redshank.exchange.witnessing import WitnessPolicy
from redshank.terms.ids import ChannelId, PartyId, parties_of
from redshank.terms.refusal import Refusal

__all__ = [
    "Caution",
    "Contradiction",
    "Dated",
    "Direction",
    "Examined",
    "Finding",
    "Line",
    "RecordReport",
    "examine_record",
    "verify_record",
]


class Examined(msgspec.Struct, frozen=True):
    """A record that was checked. `report` says all of it but the lines, which are read again one by one."""

    report: RecordReport
    logs: tuple[ProvenLog, ...] = ()

    def lines(self) -> Iterator[Line]:
        """Each entry with its levels of acknowledgement, in the order of the record."""
        return lines_of(self.report.witnesses, *self.logs) if self.logs else iter(())


def verify_record(
    files: Mapping[str, bytes],
    pinned: Mapping[PartyId, PartyKeys] | None = None,
    witnesses: WitnessPolicy | None = None,
) -> RecordReport:
    """The whole report, with all lines in memory. As `examine_record`."""
    examined = examine_record(files, pinned, witnesses)
    return msgspec.structs.replace(examined.report, lines=tuple(examined.lines()))


def examine_record(
    files: Mapping[str, bytes],
    pinned: Mapping[PartyId, PartyKeys] | None = None,
    witnesses: WitnessPolicy | None = None,
) -> Examined:
    """Checks a record; with `pinned` keys of both parties and the `witnesses` of the agreement, or with those that it
    claims. Never raises."""
    manifest = read_manifest(files)
    if isinstance(manifest, Refusal):
        return _faulty(None, pinned, manifest)
    keys = keys_of(manifest, pinned)
    if isinstance(keys, Refusal):
        return _faulty(manifest, pinned, keys)
    policy = policy_of(manifest, keys, witnesses)
    if isinstance(policy, Refusal):
        return _faulty(manifest, pinned, policy)
    desk = Desk(files, manifest, policy)
    one, other = parties_of(ChannelId(manifest.channel))
    logs = (_log(desk, keys, one, other), _log(desk, keys, other, one))
    check_replies(desk, *logs)
    check_replies(desk, *reversed(logs))
    report = RecordReport(
        ok=False,  # until all findings are in
        pinned=pinned is not None,
        witnesses=policy,
        witnesses_pinned=witnesses is not None,
        manifest=manifest,
        directions=tuple(log.direction for log in logs),
        voice=voice_in(desk, *logs),
        evidence=contradictions_in(desk, keys),
        cautions=tuple(caution for log in logs for caution in doubtful_dates(desk, log)),
    )
    findings = desk.close()
    return Examined(msgspec.structs.replace(report, ok=not findings, findings=findings), logs)


def _log(desk: Desk, keys: Mapping[PartyId, PartyKeys], party: PartyId, partner: PartyId) -> ProvenLog:
    if party not in keys:
        return no_log(desk, party)
    return verify_log(desk, LogKeys(party, keys[party].log, keys[partner].witness if partner in keys else None))


def _faulty(manifest: Manifest | None, pinned: Mapping[PartyId, PartyKeys] | None, refusal: Refusal) -> Examined:
    finding = Finding(MANIFEST, refusal)
    return Examined(RecordReport(ok=False, pinned=pinned is not None, manifest=manifest, findings=(finding,)))
