"""Checks of an alert for what the OASIS schema lets through: open or three-point rings, a latitude of 94, an exercise
that does not say so.

Here: own rules over finished bytes, ours or another's. Not here: the schema itself, which a gateway applies too.
May know: terms, lxml, shapely.
"""

import re
from typing import Final

from lxml import etree
from shapely.geometry import Polygon

from redshank.terms import limits
from redshank.terms.geo import REGION
from redshank.terms.refusal import Reason, Refusal
from redshank.warning.cap import CAP_NAMESPACE

_NS: Final = {"c": CAP_NAMESPACE}
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)
_NAME: Final = re.compile(r"[^\s,<&]+")
_NUMBER: Final = re.compile(r"-?\d{1,3}(\.\d{1,8})?", re.ASCII)
_INFOS_MAX: Final = 16
_MARK: Final = "EXERCISE"


def check_cap(alert: bytes) -> tuple[Refusal, ...]:
    """Everything that is wrong with an alert; empty when nothing is. Never raises, whatever the bytes are."""
    if len(alert) > limits.CAP_BYTES:
        return (Refusal(Reason.TOO_LARGE, "alert", f"is longer than {limits.CAP_BYTES} bytes"),)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(alert, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return (Refusal(Reason.MALFORMED, "alert", str(error)),)
    if root.tag != f"{{{CAP_NAMESPACE}}}alert" or root.getroottree().docinfo.internalDTD is not None:
        return (Refusal(Reason.MALFORMED, "alert", "is not a CAP 1.2 alert, or has a document type"),)
    infos = root.findall("c:info", _NS)
    if not 1 <= len(infos) <= _INFOS_MAX:
        return (Refusal(Reason.MALFORMED, "info", f"needs 1 to {_INFOS_MAX} info elements, has {len(infos)}"),)
    wrong = [*_check_head(root), *_check_exercise(root, infos)]
    languages = [_text(info, "language") for info in infos]
    if len(set(languages)) != len(languages):
        wrong.append(Refusal(Reason.MALFORMED, "language", "the same language twice"))
    for info in infos:
        wrong += _check_info(info, _text(root, "sent"))
    return tuple(wrong)


def _text(parent: etree._Element, name: str) -> str:
    return (parent.findtext(f"c:{name}", "", _NS) or "").strip()


def _check_head(root: etree._Element) -> list[Refusal]:
    wrong = []
    for name in ("identifier", "sender"):
        if not _NAME.fullmatch(_text(root, name)):
            wrong.append(Refusal(Reason.MALFORMED, name, "is empty or has a space, a comma, < or &"))
    if not _TIME.fullmatch(_text(root, "sent")):
        wrong.append(Refusal(Reason.BAD_TIME, "sent", "needs whole seconds and a numeric offset"))
    references = _text(root, "references")
    if _text(root, "msgType") in ("Update", "Cancel") and not references:
        wrong.append(Refusal(Reason.MALFORMED, "references", "an Update or Cancel names what it is about"))
    for reference in references.split():
        parts = reference.split(",")
        if len(parts) != 3 or not all(parts) or not _TIME.fullmatch(parts[2]):
            wrong.append(Refusal(Reason.MALFORMED, "references", f"not sender,identifier,sent: {reference[:80]!r}"))
    return wrong


def _check_exercise(root: etree._Element, infos: list[etree._Element]) -> list[Refusal]:
    """An exercise alert that reached the public would be a false alarm; a real one marked as exercise would be lost."""
    exercise = _text(root, "status") == "Exercise"
    wrong = []
    if exercise and _MARK not in _text(root, "note"):
        wrong.append(Refusal(Reason.NOT_ALLOWED, "note", f"an exercise alert says {_MARK} in its note"))
    if exercise and _text(root, "scope") == "Public":
        wrong.append(Refusal(Reason.NOT_ALLOWED, "scope", "an exercise alert is not for the public"))
    for info in infos:
        if (_MARK in _text(info, "headline")) is not exercise:
            said = "does not say" if exercise else "says"
            wrong.append(Refusal(Reason.NOT_ALLOWED, "headline", f"{said} {_MARK}, status is {_text(root, 'status')}"))
    return wrong


def _check_info(info: etree._Element, sent: str) -> list[Refusal]:
    wrong = []
    for name in ("effective", "onset", "expires"):
        if _text(info, name) and not _TIME.fullmatch(_text(info, name)):
            wrong.append(Refusal(Reason.BAD_TIME, name, "needs whole seconds and a numeric offset"))
    expires = _text(info, "expires")
    if not expires:
        wrong.append(Refusal(Reason.MALFORMED, "expires", "is missing; a warning without an end is never taken down"))
    elif sent.endswith("+00:00") and expires.endswith("+00:00") and expires <= sent:
        wrong.append(Refusal(Reason.TIME_NOT_PLAUSIBLE, "expires", f"{expires} is not after {sent}"))
    if not 0 < len(_text(info, "headline")) <= limits.CAP_HEADLINE_CHARS:
        wrong.append(Refusal(Reason.TOO_LARGE, "headline", f"needs 1 to {limits.CAP_HEADLINE_CHARS} characters"))
    areas = info.findall("c:area", _NS)
    polygons = [polygon for area in areas for polygon in area.findall("c:polygon", _NS)]
    if not polygons:
        wrong.append(Refusal(Reason.MALFORMED, "polygon", "is missing; an alert without an area warns nobody"))
    if len(polygons) > limits.CAP_POLYGONS:
        return [*wrong, Refusal(Reason.TOO_LARGE, "polygon", f"more than {limits.CAP_POLYGONS}")]
    return [*wrong, *(refusal for polygon in polygons for refusal in _check_polygon(polygon.text or ""))]


def _check_polygon(text: str) -> list[Refusal]:
    pairs = [point.split(",") for point in text.split()]
    if any(len(pair) != 2 or not all(map(_NUMBER.fullmatch, pair)) for pair in pairs):
        return [Refusal(Reason.MALFORMED, "polygon", "is not a list of lat,lon pairs")]
    points = [(float(lat), float(lon)) for lat, lon in pairs]
    if len(points) > limits.CAP_POLYGON_POINTS:
        return [Refusal(Reason.TOO_LARGE, "polygon", f"more than {limits.CAP_POLYGON_POINTS} points")]
    if len(points) < 4 or points[0] != points[-1]:
        return [Refusal(Reason.MALFORMED, "polygon", "needs at least four points, the last equal to the first")]
    outside = [point for point in points if not REGION.holds(*point)]
    if outside:
        detail = f"{outside[0]} lies outside the region; CAP writes latitude first"
        return [Refusal(Reason.POSITION_NOT_PLAUSIBLE, "polygon", detail)]
    if not Polygon(points).is_valid:
        return [Refusal(Reason.MALFORMED, "polygon", "crosses itself")]
    return []
