"""Charter: what a node has been told and does not change while it runs: party, map, agreements, procedures, policy.

Here: frozen references to parsed data. Not here: how the data were read (compose). May know: the core rooms.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from redshank.forecast.geography import Geography
from redshank.procedure.agreement import Agreement
from redshank.procedure.table import ProcedureTable
from redshank.release.policy import Policy
from redshank.terms.ids import ChannelId, PartyId
from redshank.warning.proposal import Rules


@dataclass(frozen=True, eq=False)
class Charter:
    """`open_at_probability`: from this probability of a crossing on, an incident is opened without being asked."""

    party: PartyId
    exercise: bool
    geography: Geography
    policy: Policy
    agreements: Mapping[ChannelId, Agreement]
    tables: Mapping[str, ProcedureTable]
    warning_rules: Rules
    open_at_probability: float
