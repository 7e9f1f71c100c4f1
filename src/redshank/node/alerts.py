"""Alerts: warning proposals of an incident, and the CAP alert of one.

Here: which forecasts go into a proposal, and what an issued proposal says. Not here: the thresholds and the XML
(warning). May know: the core rooms below, node's state.
"""

from collections.abc import Iterable
from msgspec.structs import replace

import msgspec

from redshank.node.state import Alert, NodeState
from redshank.procedure import home
from redshank.terms.crossing import DistrictForecast, Forecast
from redshank.terms.ids import CountryId, IncidentId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal
from redshank.warning.cap import CapStatus, Sender, build_cap
from redshank.warning.check import check_cap
from redshank.warning.proposal import propose


def proposed(
    state: NodeState, incident: IncidentId, forecasts: Iterable[Forecast], now: Instant, *, lost: bool, over: bool
) -> NodeState:
    """The state with the proposals that are new at `now`. `lost`: an object has vanished
    and was not found. `over`: nothing of the incident is in the air any more."""
    charter = state.charter
    own = CountryId(charter.party)
    districts: list[DistrictForecast] = [
        district for forecast in forecasts for district in forecast.districts if district.country == own
    ]
    earlier = [alert.proposal for alert in state.alerts.values() if alert.proposal.incident == incident]
    fresh = propose(charter.warning_rules, charter.party, incident, districts, earlier, now, lost=lost, over=over)
    if not fresh:
        return state
    return replace(state, alerts={**state.alerts, **{proposal.id: Alert(proposal) for proposal in fresh}})


def threatens(state: NodeState, forecasts: Iterable[Forecast], now: Instant) -> bool:
    """Whether a forecast reaches the threshold of the first warning in a district of ours."""
    own, possible = CountryId(state.charter.party), state.charter.warning_rules.possible
    districts = (district for forecast in forecasts for district in forecast.districts if district.country == own)
    return any(possible.reached(district, now) for district in districts)


def issued(state: NodeState, warning: str, now: Instant) -> tuple[NodeState, bytes] | Refusal:
    """The state with the warning issued by a person at `now`, and the alert to publish."""
    alert = state.alerts.get(warning)
    if alert is None:
        return Refusal(Reason.UNKNOWN_MESSAGE, "warning", f"no warning {warning[:60]}")
    if alert.issued_at is not None:
        return Refusal(Reason.NOT_ALLOWED, "warning", "was issued already")
    cap = _build(state, alert, now)
    if isinstance(cap, Refusal):
        return cap
    faults = check_cap(cap)
    if faults:  # what the public gets is looked at once more, by rules that did not build it
        return faults[0]
    done = msgspec.structs.replace(alert, issued_at=now)
    noted = home.noted(state.incidents, state.charter.tables, alert.proposal.incident, "warned", now)
    return replace(state, incidents=noted, alerts={**state.alerts, warning: done}), cap


def cap_of(state: NodeState, warning: str, now: Instant) -> bytes | None:
    """The CAP XML of a warning: as it was issued, or as it would be if it were issued now."""
    alert = state.alerts.get(warning)
    if alert is None:
        return None
    cap = _build(state, alert, alert.issued_at if alert.issued_at is not None else now)
    return None if isinstance(cap, Refusal) else cap


def _build(state: NodeState, alert: Alert, sent: Instant) -> bytes | Refusal:
    charter, proposal = state.charter, alert.proposal
    others = state.alerts.values()
    return build_cap(
        proposal,
        charter.geography.district_rings(proposal.district),
        charter.warning_texts,
        Sender(id=charter.alert_sender, name=charter.alert_sender),
        sent=sent,
        status=CapStatus.EXERCISE if charter.exercise else CapStatus.ACTUAL,
        issued={other.proposal.id: other.issued_at for other in others if other.issued_at is not None},
    )
