"""Reporter: the report of compliance and reciprocity as a running node gives it to its console.

Here: what the node knows of a channel, put together for the process that computes. Not here: that process
(`store_report`). May know: everything below.
"""

import asyncio
from pathlib import Path

from redshank.compose.config import ConfigFailed
from redshank.compose.reporting.law import law_in
from redshank.compose.reporting.store_report import Form, Order, ReportFailed, made_apart
from redshank.exchange.compliance.annex import Annex, Note
from redshank.exchange.compliance.report import Period
from redshank.node.state import NodeState
from redshank.terms.ids import ChannelId, partner_on
from redshank.terms.refusal import Reason, Refusal


class Reporter:
    """Has reports made, one at a time."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._one = asyncio.Lock()

    async def made(self, state: NodeState, channel: ChannelId, period: Period, form: Form) -> bytes | Refusal:
        """One report in one form; refuses with WRONG_CHANNEL or, when it can not be made, with MALFORMED."""
        if channel not in state.sessions:
            return Refusal(Reason.WRONG_CHANNEL, "channel", f"{channel} is no channel of this node")
        try:
            order = Order(
                store=str(self._store),
                channel=channel,
                law=law_in(state.charter.agreements[channel]),
                period=period,
                year=state.session(channel).year,
                exercise=state.charter.exercise,
                form=form,
                annex=_annex(state, channel, period),
            )
            async with self._one:
                return await made_apart(order)
        except (ConfigFailed, ReportFailed) as error:
            return Refusal(Reason.MALFORMED, "report", str(error))


def _annex(state: NodeState, channel: ChannelId, period: Period) -> Annex:
    """What this node notes beside the common log."""
    me, partner = state.charter.party, partner_on(channel, state.charter.party)
    notes = [
        Note(at_ms=one.taken_at, kind="heard", about=partner, serial=one.serial, says=one.standing.value)
        for one in state.statements(channel)
    ]
    notes += [
        Note(
            at_ms=one.at,
            kind="read-out",
            about=me,
            serial=one.serial,
            says="read back" if one.read_back else "not read back",
        )
        for one in state.read_outs.get(channel, ())
    ]
    notes += [
        Note(at_ms=one.at, kind="evidence", about=partner, serial=one.serial, says=one.kind.value)
        for one in state.contradictions.get(channel, ())
        if one.cleared_at is None
    ]
    inside = [note for note in notes if period.from_ms <= note.at_ms < period.until_ms]
    return Annex(me, tuple(sorted(inside, key=lambda note: (note.at_ms, note.kind, note.serial or 0))))
