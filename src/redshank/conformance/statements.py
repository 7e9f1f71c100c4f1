"""Statements: what docs/spec/messages.md asks of OWN-OBJECT, MEASURE, FIND, EVIDENCE, NEGATIVE, WARNING, CORRECT and
CANCEL beside their members and ranges (MSG-22 to MSG-26), written a second time.

Here: times around the statement, own districts, serials of the own log. Pure. Not here: JSON, members (forms).
"""

import re
from typing import Any

from redshank.conformance.wire import Breach

Json = dict[str, Any]
DAY_MS, MINUTE_MS = 86_400_000, 60_000
SPAN_MS, PAST_MS, FLIGHT_MS = 31 * DAY_MS, 366 * DAY_MS, 7 * DAY_MS
DISTRICTS = 32
SERIALS = 1 << 40
_HASH = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:|-]{0,31}")


def check(said: Json, kind: str, body: Json) -> None:
    """Raises Breach. `body` is that of the message `said`, or the one of type `kind` within its CORRECT."""
    stated_ms = said["stated_ms"]
    if "from_ms" in body:
        _span(stated_ms, body["from_ms"], body["until_ms"])
    elif "until_ms" in body and not stated_ms <= body["until_ms"] <= stated_ms + FLIGHT_MS:
        raise Breach("MSG-22", "a flight that ends before it was told, or after more than seven days")
    for name in ("found_ms", "obtained_ms"):
        if name in body and not max(0, stated_ms - PAST_MS) <= body[name] <= stated_ms + MINUTE_MS:
            raise Breach("MSG-22", f"{name} is not within the 366 days before the statement")
    if body.get("floor_m", -500) > body.get("ceiling_m", 30_000):
        raise Breach("MSG-23", "a floor above the ceiling")
    if kind == "WARNING":
        _districts(body["districts"], said["sender"])
    if kind == "EVIDENCE":
        if not _HASH.fullmatch(body["sha256"]):
            raise Breach("MSG-25", "not a SHA-256 in small letters")
        _own_serial("MSG-25", said, body.get("find"), body.get("generation"))
    if kind in ("CORRECT", "CANCEL"):
        _own_serial("MSG-26", said, body["serial"], body.get("generation"))


def _span(stated_ms: int, from_ms: int, until_ms: int) -> None:
    if not 0 <= from_ms <= until_ms:
        raise Breach("MSG-9", "ends before it begins")
    if abs(from_ms - stated_ms) > SPAN_MS or until_ms - from_ms > SPAN_MS:
        raise Breach("MSG-22", "begins or lasts beyond 31 days")


def _districts(codes: list[Any], sender: str) -> None:
    if not all(isinstance(code, str) for code in codes):
        raise Breach("MSG-3", "a district that is no text")
    if not 1 <= len(codes) <= DISTRICTS:
        raise Breach("MSG-24", f"{len(codes)} districts")
    if not all(_CODE.fullmatch(code) and code.startswith(f"{sender}-") for code in codes):
        raise Breach("MSG-24", "a district that is not the sender's own")
    if codes != sorted(set(codes)):
        raise Breach("MSG-24", "districts out of order, or one twice")


def _own_serial(clause: str, said: Json, serial: int | None, generation: int | None) -> None:
    """An earlier message of the sender's log, or of one of an earlier generation."""
    own = said.get("generation", 0)
    if generation is not None and (serial is None or not 0 <= generation < own):
        raise Breach(clause, f"names generation {generation}")
    end = said["serial"] if generation is None else SERIALS
    if serial is not None and not 0 <= serial < end:
        raise Breach(clause, f"names serial {serial}")
