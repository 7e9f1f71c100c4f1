"""Alerts: a proposal in the Common Alerting Protocol 1.2 (OASIS CAP-v1.2, 1 July 2010; ITU-T X.1303 bis).

Here: building the XML. Not here: whether to warn (`proposal`), checking (`check`), sending. May know: terms, lxml.

CAP writes points as "lat,lon" and times with a numeric offset and whole seconds: never Z, never a fraction
(clause 3.3.2). Everything is in UTC.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec
from lxml import etree

from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.refusal import Reason, Refusal
from redshank.warning.area import Ring, rings_for_alert
from redshank.warning.proposal import Level, Proposal
from redshank.warning.texts import Texts

CAP_NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LIKELY_PERMILLE: Final = 500  # CAP 1.2 clause 3.2.2, certainty: "Likely" is p > ~50 %


class CapStatus(StrEnum):
    """An exercise is unmistakable: by this code, by the note, and by the first words of each headline."""

    EXERCISE = "Exercise"
    ACTUAL = "Actual"


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Who warns: `id` is unique and without spaces or commas (``civil-protection.lv``), `name` is for people."""

    id: str
    name: str


class _Manner(msgspec.Struct, frozen=True):
    urgency: str
    severity: str
    response: str
    eu_alert: str


_MANNERS: Final = {
    Level.POSSIBLE: _Manner("Expected", "Severe", "Prepare", "EU-Alert Level 2"),
    Level.SHELTER: _Manner("Immediate", "Extreme", "Shelter", "EU-Alert Level 1"),
    Level.ALL_CLEAR: _Manner("Past", "Minor", "AllClear", "EU-Info"),
}


def format_cap_time(at: Instant) -> str:
    """``2026-05-07T00:30:00+00:00``; milliseconds are cut off."""
    return f"{_EPOCH + timedelta(seconds=at // SECOND_MS):%Y-%m-%dT%H:%M:%S}+00:00"


def build_cap(
    proposal: Proposal,
    rings: Sequence[Ring],
    texts: Texts,
    sender: Sender,
    *,
    sent: Instant,
    status: CapStatus = CapStatus.EXERCISE,
    issued: Mapping[str, Instant] | None = None,
) -> bytes | Refusal:
    """The alert as UTF-8 XML, or why there is none.

    `rings`: outer rings of the district, (lat, lon) in degrees. `sent`: when a person sends it. `issued`: of the
    earlier proposals those that were sent, with their times; only they are named as references. The first alert is an
    Alert, a later one an Update, an all-clear a Cancel; an all-clear of nothing that was sent is refused.
    """
    area = rings_for_alert(rings)
    if isinstance(area, Refusal):
        return area
    named = [(earlier, (issued or {})[earlier]) for earlier in proposal.references if earlier in (issued or {})]
    missing = [language for language in proposal.languages if language not in texts.languages]
    if missing or not proposal.languages:
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "languages", f"no texts in {', '.join(missing) or 'any language'}")
    if proposal.level is Level.ALL_CLEAR and not named:
        return Refusal(Reason.NOT_ALLOWED, "references", "nothing was issued that could be cleared")
    if proposal.expires <= sent:
        return Refusal(Reason.TIME_NOT_PLAUSIBLE, "expires", "the proposal has expired; take the next one")
    try:
        alert = _head(proposal, sender, sent, status, named, texts)
        for language in proposal.languages:
            info = _add_info(alert, proposal, texts, language, sender, sent, status)
            _add_area(info, proposal, area)
    except ValueError as error:  # a character that XML can not hold
        return Refusal(Reason.VALUE_NOT_PLAUSIBLE, "text", str(error))
    return bytes(etree.tostring(alert, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{CAP_NAMESPACE}}}{name}").text = text


def _add_pair(parent: etree._Element, name: str, value_name: str, value: str) -> None:
    pair = etree.SubElement(parent, f"{{{CAP_NAMESPACE}}}{name}")
    _add(pair, "valueName", value_name)
    _add(pair, "value", value)


def _head(
    proposal: Proposal,
    sender: Sender,
    sent: Instant,
    status: CapStatus,
    named: list[tuple[str, Instant]],
    texts: Texts,
) -> etree._Element:
    alert = etree.fromstring(f'<alert xmlns="{CAP_NAMESPACE}"/>')
    first = "Update" if named else "Alert"
    _add(alert, "identifier", proposal.id)
    _add(alert, "sender", sender.id)
    _add(alert, "sent", format_cap_time(sent))
    _add(alert, "status", status.value)
    _add(alert, "msgType", "Cancel" if proposal.level is Level.ALL_CLEAR else first)
    if status is CapStatus.EXERCISE:
        _add(alert, "scope", "Restricted")
        _add(alert, "restriction", "EXERCISE participants only")
        notes = [texts.say(language, "exercise-note") for language in proposal.languages]
        _add(alert, "note", " ".join(["EXERCISE.", *notes]))
    else:
        _add(alert, "scope", "Public")
    if named:
        _add(alert, "references", " ".join(f"{sender.id},{name},{format_cap_time(at)}" for name, at in named))
    _add(alert, "incidents", proposal.incident)
    return alert


def _add_info(
    alert: etree._Element,
    proposal: Proposal,
    texts: Texts,
    language: str,
    sender: Sender,
    sent: Instant,
    status: CapStatus,
) -> etree._Element:
    info = etree.SubElement(alert, f"{{{CAP_NAMESPACE}}}info")
    manner = _MANNERS[proposal.level]
    exercise = status is CapStatus.EXERCISE
    headline, description, instruction = _words(proposal, texts, language, exercise)
    _add(info, "language", language)
    _add(info, "category", "Security")
    _add(info, "category", "Safety")
    _add(info, "event", texts.say(language, "event"))
    _add(info, "responseType", manner.response)
    _add(info, "urgency", manner.urgency)
    _add(info, "severity", manner.severity)
    _add(info, "certainty", _certainty(proposal))
    _add_pair(info, "eventCode", "redshank:event", f"air-object-{proposal.level.value}")
    _add(info, "effective", format_cap_time(sent))
    if proposal.onset is not None:
        _add(info, "onset", format_cap_time(proposal.onset.p10))
    _add(info, "expires", format_cap_time(proposal.expires))
    _add(info, "senderName", sender.name)
    _add(info, "headline", headline)
    _add(info, "description", description)
    _add(info, "instruction", instruction)
    _add_pair(info, "parameter", "EU-Alert", "EU-Exercise" if exercise else manner.eu_alert)
    return info


def _words(proposal: Proposal, texts: Texts, language: str, exercise: bool) -> tuple[str, str, str]:
    places = {"district": proposal.name}
    if proposal.onset is not None:
        places |= {"from": _clock(proposal.onset.p10), "until": _clock(proposal.expires)}
    level = proposal.level.value
    headline = texts.say(language, f"{level}-headline", places)
    description = texts.say(language, f"{level}-description", places)
    if exercise:
        headline = f"{texts.say(language, 'exercise-mark')}: {headline}"
        description = f"{texts.say(language, 'exercise-note')} {description}"
    return headline, description, texts.say(language, f"{level}-instruction", places)


def _clock(at: Instant) -> str:
    return f"{_EPOCH + timedelta(seconds=at // SECOND_MS):%H:%M}"


def _certainty(proposal: Proposal) -> str:
    if proposal.level is Level.ALL_CLEAR:
        return "Unlikely"
    return "Likely" if proposal.permille > _LIKELY_PERMILLE else "Possible"


def _add_area(info: etree._Element, proposal: Proposal, rings: Sequence[Ring]) -> None:
    area = etree.SubElement(info, f"{{{CAP_NAMESPACE}}}area")
    _add(area, "areaDesc", proposal.name)
    for ring in rings:
        _add(area, "polygon", " ".join(f"{lat:.4f},{lon:.4f}" for lat, lon in ring))
    _add_pair(area, "geocode", "redshank:district", proposal.district)
