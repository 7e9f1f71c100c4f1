"""Forms: the messages of docs/spec/messages.md, written a second time with Python's own JSON.

Here: canonical bytes, building a message, and the strict reader of what the node says. Pure. Not here: logs (wire).
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from redshank.conformance import statements
from redshank.conformance.wire import ENTRY_BYTES, Breach

Json = dict[str, Any]
INTEGER_MAX = (1 << 53) - 1
AHEAD_MS, PAST_MS = 60_000, 60_000
TEXT_CHARS = 200

OBJECT = {"object": int, "status": str, "at": dict, "accuracy_m": int}
OBJECT_MAY = {"count": int, "altitude_m": int, "course_deg": int, "speed_kmh": int}
CROSSING = {
    "border": str,
    "out_of": str,
    "into": str,
    "permille": int,
    "p10_ms": int,
    "p50_ms": int,
    "p90_ms": int,
    "stretch_from": dict,
    "stretch_to": dict,
}
DISTRICT = {"district": str, "permille": int, "p10_ms": int, "p50_ms": int, "p90_ms": int}
AREA = {"centre": dict, "radius_m": int}
SPAN = {"from_ms": int, "until_ms": int}
FIND = {"what": str, "at": dict, "accuracy_m": int, "found_ms": int, "hazard": str, "secured": str}
NOTICE_MAY = {"crossing": dict, "districts": list}
BODIES: dict[str, tuple[Mapping[str, type], Mapping[str, type]]] = {
    "TEST": ({"number": int}, {}),
    "TEST-REPLY": ({"number": int}, {}),
    "NOTICE": ({"phase": str, "object": dict}, NOTICE_MAY),
    "UPDATE": ({"phase": str, "object": dict}, NOTICE_MAY),
    "LOST": ({"object": dict, "search_centre": dict, "search_radius_m": int}, {}),
    "QUERY": ({"object": int, "question": str}, {}),
    "REPLY": ({"answer": str}, {}),
    "ACK": ({"role": str}, {}),
    "CLOSE": ({"outcome": str, "objects": int, "first_observed_ms": int, "last_observed_ms": int}, {}),
    "AGREE-CLOSE": ({"agrees": str}, {}),
    "OWN-OBJECT": ({"condition": str, "object": dict}, {"until_ms": int}),
    "MEASURE": ({"measure": str, **AREA, **SPAN}, {"floor_m": int, "ceiling_m": int}),
    "FIND": (FIND, {"object": int}),
    "EVIDENCE": ({"kind": str, "sha256": str, "bytes": int, "obtained_ms": int}, {"find": int, "generation": int}),
    "NEGATIVE": ({**AREA, **SPAN, "means": str}, {}),
    "WARNING": ({"level": str, "districts": list, **SPAN}, {}),
    "CORRECT": ({"serial": int, "type": str, "body": dict}, {"generation": int}),
    "CANCEL": ({"serial": int, "why": str}, {"generation": int}),
    "LOG-END": ({"generation": int, "keys": str, "partner_keys": str, "why": str}, {}),
    "LOG-OPEN": ({"end": dict, "partner_end": dict, "why": str}, {}),
    "ACTIVATE": ({"agreement": str, "life": int, "taken": int}, {}),
    "SUSPEND": ({"agreement": str, "life": int, "taken": int, "why": str}, {}),
    "RESUME": ({"agreement": str, "life": int, "taken": int}, {}),
    "END": ({"agreement": str, "life": int, "taken": int, "why": str, "from_ms": int}, {}),
}
"""Members of each body: those that must be there, those that may (MSG-7)."""
HEADER = {
    "v": int,
    "type": str,
    "channel": str,
    "sender": str,
    "year": int,
    "serial": int,
    "form": str,
    "stated_ms": int,
    "body": dict,
}
HEADER_MAY = {
    "observed_ms": int,
    "incident": str,
    "in_reply_to": int,
    "generation": int,
    "reply_generation": int,
    "text": str,
}
OF_LOG = ("LOG-END", "LOG-OPEN")
OF_LIFE = ("ACTIVATE", "SUSPEND", "RESUME", "END")
END_AHEAD_MS = 400 * 86_400_000
LIFE_WHYS = {
    "SUSPEND": ("ordered", "technical", "keys-in-doubt", "misuse", "no-reason-given"),
    "END": ("ordered", "expired", "replaced", "breach", "withdrawn", "no-reason-given"),
}
"""The codes of `why` in these two types (AGR-3); those of the others stand in WHY."""
OF_EARLIER = ("CORRECT", "CANCEL")
NOT_CORRECTABLE = ("TEST", "TEST-REPLY", *OF_LOG, *OF_LIFE, *OF_EARLIER)
GENERATIONS, ORIGIN_CHARS = 1_000, 80
CLAIM = {"origin": str, "root": str, "size": int}
CODES: dict[str, tuple[str, ...]] = {
    "phase": ("possible", "crossing", "crossed"),
    "question": ("yours-or-known",),
    "answer": ("ours", "known", "unknown", "no-information", "cannot-say"),
    "outcome": ("crossed", "did-not-cross", "identified", "lost", "found", "no-further-information"),
    "agrees": ("yes", "no"),
    "condition": ("out-of-control", "in-flight", "under-control", "landed"),
    "measure": ("airspace-closed", "airspace-restricted", "response-flight", "search-flight"),
    "what": ("debris", "whole-object", "balloon", "payload"),
    "hazard": ("none-seen", "possible", "confirmed"),
    "secured": ("yes", "no"),
    "kind": ("photograph", "document", "data", "part"),
    "means": ("radar", "air", "ground", "water"),
    "level": ("possible", "shelter", "all-clear"),
    "status": ("unknown", "unidentified", "strayed", "uav", "balloon", "aircraft", "helicopter", "birds"),
}
WHY = {
    "CANCEL": ("sent-in-error", "wrong-object", "wrong-partner", "superseded"),
    "LOG-END": ("planned", "expiry", "revoked", "lost", "partner"),
}
WHY["LOG-OPEN"] = WHY["LOG-END"]
RANGES = {
    "object": (1, 999_999),
    "count": (1, 10_000),
    "accuracy_m": (0, 200_000),
    "altitude_m": (-500, 30_000),
    "course_deg": (0, 359),
    "speed_kmh": (0, 3_600),
    "search_radius_m": (0, 1_000_000),
    "radius_m": (0, 1_000_000),
    "floor_m": (-500, 30_000),
    "ceiling_m": (-500, 30_000),
    "bytes": (0, (1 << 40) - 1),
    "permille": (0, 1_000),
    "objects": (0, 999_999),
    "number": (0, INTEGER_MAX),
    "lat_e7": (470_000_000, 620_000_000),
    "lon_e7": (100_000_000, 360_000_000),
}
NAMES = ("border", "out_of", "into", "district", "role")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:|-]{0,31}")
_INCIDENT = re.compile(r"[A-Z]{2}-[0-9]{4}-[0-9]{6}")
_MARK = re.compile(r"[0-9a-f]{64}")
_ROOT = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff\ufeff\ufff0-\U0010ffff]"
)


def canonical(value: object) -> bytes:
    """The one spelling of MSG-1."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def message(kind: str, place: tuple[str, str, int, int], at_ms: int, content: Json, more: Json) -> Json:
    """A message; `place` is channel, sender, year, serial. What `more` holds replaces, is added, or, when None, is
    left out."""
    channel, sender, year, serial = place
    made: Json = {
        "v": 1,
        "type": kind,
        "channel": channel,
        "sender": sender,
        "year": year,
        "serial": serial,
        "form": "original",
        "stated_ms": at_ms,
        "body": content,
    }
    return {name: value for name, value in {**made, **more}.items() if value is not None}


def read_message(
    entry: bytes, place: tuple[str, str, int, int], now_ms: int, newest_ms: int = 0, generation: int = 0
) -> Json:
    """A message of the node at its place, read as MSG-1 to MSG-14, MSG-18 and MSG-20 to MSG-26 have it; `newest_ms` is
    the newest statement before it in its log. Raises Breach."""
    if len(entry) > ENTRY_BYTES:
        raise Breach("MSG-2", f"{len(entry)} bytes")
    said = _json(entry)
    _members(said, HEADER, HEADER_MAY, "MSG-3")
    if said["v"] != 1:
        raise Breach("MSG-4", f"version {said['v']}")
    if said["form"] != "original":
        raise Breach("MSG-5", f"form {said['form']!r}")
    if said["type"] not in BODIES:
        raise Breach("MSG-6", f"type {said['type']!r}")
    _members(said["body"], *BODIES[said["type"]], "MSG-7")
    if said["type"] == "CORRECT":
        _corrected(said["body"])
    if (said["channel"], said["sender"], said["year"], said["serial"]) != place:
        raise Breach("MSG-8", f"says it is at {said['channel']} {said['sender']} {said['year']} {said['serial']}")
    if said.get("generation", 0) != generation or said.get("generation") == 0:
        raise Breach("MSG-20", f"says it is of generation {said.get('generation')}")
    _times(said, now_ms)
    if said["stated_ms"] < newest_ms - PAST_MS:
        raise Breach("MSG-18", f"stated {newest_ms - said['stated_ms']} ms before an earlier one")
    _references(said)
    _of_log(said)
    _of_life(said)
    _text(said.get("text"))
    _values(said["body"], said["type"])
    statements.check(said, said["type"], said["body"])
    if said["type"] == "CORRECT":
        _values(said["body"]["body"], said["body"]["type"])
        statements.check(said, said["body"]["type"], said["body"]["body"])
    if canonical(said) != entry:
        raise Breach("MSG-1", "not in canonical form")
    return said


def _corrected(body: Json) -> None:
    """The body within a CORRECT is that of the type that it names (MSG-26)."""
    if body["type"] not in BODIES or body["type"] in NOT_CORRECTABLE:
        raise Breach("MSG-26", f"corrects a {body['type'][:20]!r}")
    _members(body["body"], *BODIES[body["type"]], "MSG-7")


def stated(entry: bytes) -> int:
    """When an entry says that it was said; 0 for one that does not say."""
    try:
        said = json.loads(entry)
    except (ValueError, RecursionError):
        return 0
    found = said.get("stated_ms") if isinstance(said, dict) else None
    return found if type(found) is int else 0


def _json(entry: bytes) -> Json:
    def once(pairs: Sequence[tuple[str, Any]]) -> Json:
        if len({name for name, _ in pairs}) != len(pairs):
            raise Breach("MSG-1", "a member that stands twice")
        return dict(pairs)

    def refused(text: str) -> object:
        raise Breach("MSG-1", f"a number that is no integer: {text[:20]}")

    try:
        said = json.loads(entry.decode(), object_pairs_hook=once, parse_float=refused, parse_constant=refused)
    except (ValueError, RecursionError) as error:
        raise Breach("MSG-1", f"not JSON: {error}") from error
    if not isinstance(said, dict):
        raise Breach("MSG-1", "not an object")
    return said


def _members(said: Json, must: Mapping[str, type], may: Mapping[str, type], clause: str) -> None:
    missing, unknown = must.keys() - said.keys(), said.keys() - must.keys() - may.keys()
    if missing or unknown:
        raise Breach(clause, f"missing: {sorted(missing)}; unknown: {sorted(unknown)}")
    for name, value in said.items():
        if type(value) is not {**must, **may}[name]:
            raise Breach(clause, f"{name} is a {type(value).__name__}")


def _times(said: Json, now_ms: int) -> None:
    stated, observed = said["stated_ms"], said.get("observed_ms")
    ahead = said["type"] not in (*OF_LOG, *OF_LIFE) and stated > now_ms + AHEAD_MS
    if not 0 <= stated <= INTEGER_MAX or ahead:
        raise Breach("MSG-9", f"stated {stated - now_ms} ms ahead of the qualifier's clock")
    if observed is not None and not 0 <= observed <= stated + AHEAD_MS:
        raise Breach("MSG-9", f"observed {observed - stated} ms after it was stated")


def _references(said: Json) -> None:
    kind, incident, reply = said["type"], said.get("incident"), said.get("in_reply_to")
    none, needs = kind in ("TEST", "TEST-REPLY", *OF_LOG, *OF_LIFE), kind in ("TEST-REPLY", "REPLY", "ACK")
    if incident is None and not (none or kind == "ACK"):
        raise Breach("MSG-10", f"{kind} without an incident")
    if incident is not None and (none or not _INCIDENT.fullmatch(incident)):
        raise Breach("MSG-10", f"{kind} with the incident {incident[:20]!r}")
    if reply is not None and kind in ("EVIDENCE", *OF_EARLIER):
        raise Breach("MSG-10", f"{kind} in reply to {reply}")
    if (reply is None and needs) or (reply is not None and not 0 <= reply < 1 << 40):
        raise Breach("MSG-10", f"{kind} in reply to {reply}")


def _of_log(said: Json) -> None:
    """What MSG-20 and MSG-21 ask beside the members of a body."""
    reply, log, body = said.get("in_reply_to"), said.get("generation", 0), said["body"]
    if "reply_generation" in said and (reply is None or not 0 <= said["reply_generation"] < log):
        raise Breach("MSG-20", f"in reply to {reply} of generation {said['reply_generation']}")
    if said["type"] not in OF_LOG:
        return
    if reply is not None:
        raise Breach("MSG-21", f"{said['type']} in reply to {reply}")
    if said["type"] == "LOG-END":
        marks = all(_MARK.fullmatch(body[name]) for name in ("keys", "partner_keys"))
        ends = body["why"] not in ("revoked", "lost")
        if not (marks and ends) or body["generation"] != log + 1 or body["generation"] >= GENERATIONS:
            raise Breach("MSG-21", "a LOG-END with other marks, another generation or another reason than it may have")
        return
    if said["serial"] or not log:
        raise Breach("MSG-21", "a LOG-OPEN that does not stand first in a log that follows another")
    for claim in (body["end"], body["partner_end"]):
        _members(claim, CLAIM, {}, "MSG-21")
        origin = claim["origin"]
        named = 1 <= len(origin) <= ORIGIN_CHARS and origin.isascii() and origin.isprintable()
        if not named or not _ROOT.fullmatch(claim["root"]) or not 0 <= claim["size"] <= 1 << 40:
            raise Breach("MSG-21", f"names a head that can be none: {origin[:40]!r}")


def _of_life(said: Json) -> None:
    """What AGR-3 asks of the four types about the agreement itself."""
    if said["type"] not in OF_LIFE:
        return
    body = said["body"]
    if "in_reply_to" in said:
        raise Breach("AGR-3", f"{said['type']} in reply to {said['in_reply_to']}")
    if not _MARK.fullmatch(body["agreement"]) or not 1 <= body["life"] <= 1_000 or not 0 <= body["taken"] <= 1 << 40:
        raise Breach("AGR-3", "names no text, no life, or takes more than there can be")
    if "from_ms" in body and not 0 <= body["from_ms"] - said["stated_ms"] <= END_AHEAD_MS:
        raise Breach("AGR-3", f"ends {body['from_ms'] - said['stated_ms']} ms after it was stated")


def _text(text: str | None) -> None:
    if text is None:
        return
    if not 1 <= len(text) <= TEXT_CHARS or _HIDDEN.search(text) or not unicodedata.is_normalized("NFC", text):
        raise Breach("MSG-11", f"a remark of {len(text)} characters, not all of them allowed")


def _values(body: Json, kind: str) -> None:
    for name, value in body.items():
        if isinstance(value, str) and name in CODES and value not in CODES[name]:
            raise Breach("MSG-7", f"{name} {value!r}")
        if name == "why" and value not in {**WHY, **LIFE_WHYS}[kind]:
            raise Breach("MSG-7", f"why {value!r}")
        if isinstance(value, str) and name in NAMES and not _NAME.fullmatch(value):
            raise Breach("MSG-14", f"{name} {value[:40]!r}")
        if isinstance(value, int) and name in RANGES and not RANGES[name][0] <= value <= RANGES[name][1]:
            raise Breach("MSG-12" if name.endswith("_e7") else "MSG-13", f"{name} {value}")
    _nested(body, kind)
    for times in (("p10_ms", "p50_ms", "p90_ms"), ("first_observed_ms", "last_observed_ms")):
        found = [body[name] for name in times if name in body]
        if found != sorted(found):
            raise Breach("MSG-9", f"times of a {kind} that decrease: {found}")
    if len(body.get("districts", ())) > 40:
        raise Breach("MSG-13", "more than 40 districts")


def _nested(body: Json, kind: str) -> None:
    """The objects within a body; a default or an empty list is left out (MSG-1)."""
    if body.get("count") == 1 or body.get("districts") == []:
        raise Breach("MSG-1", "a member with its default value")
    for name, value in body.items():
        if kind == "WARNING" or (kind == "CORRECT" and name == "body"):
            continue  # `statements` reads these
        if name == "object" and isinstance(value, dict):
            _members(value, OBJECT, OBJECT_MAY, "MSG-7")
        elif name == "crossing":
            _members(value, CROSSING, {}, "MSG-7")
        elif isinstance(value, dict) and name not in ("end", "partner_end"):
            _members(value, {"lat_e7": int, "lon_e7": int}, {}, "MSG-7")
        for inner in value if isinstance(value, list) else [value]:
            if name == "districts":
                _members(inner, DISTRICT, {}, "MSG-7")
            if isinstance(inner, dict):
                _values(inner, name)
