"""Both sides of each bound that a message, a report or a file can meet: at it taken, beyond it refused, and the refusal
names the field and the limit."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import pytest
from tests.decode.decode_feeds import NIGHT, source, track_block
from tests.decode.test_decode_report_json import NORTH_OF_ZARASAI, desk, gazetteer
from tests.edges.test_feeds_recording import capture
from tests.exchange.exchange_world import BY, LT, NOTICE, NOW, line_test, two_nodes

from redshank.decode.asterix import decode_block
from redshank.decode.report_json import parse_report
from redshank.edges.feeds.capture import Piece, read_pieces
from redshank.exchange import bounds, session
from redshank.exchange.delivery import encode_delivery, parse_delivery
from redshank.log.checkpoint import parse_size
from redshank.log.note import parse_signatures
from redshank.log.tiles import encode_bundle, parse_bundle
from redshank.procedure.agreement import parse_agreement
from redshank.procedure.config import ConfigError, read
from redshank.procedure.table import parse_table
from redshank.release.policy import PolicyRefused, parse_policy
from redshank.terms import limits
from redshank.terms.ids import ChannelId, IncidentId
from redshank.terms.instants import Instant, format_instant
from redshank.terms.message import Message, MessageType, PointE7
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.strict_yaml import fault_in


class Sides(NamedTuple):
    """A bound: what is at it, what is just beyond it, the field that a refusal names, and the number that it says."""

    at: Any
    beyond: Any
    field: str
    says: str


# --- reports -----------------------------------------------------------------------------------------------------


def said(**fields: Any) -> object:
    plain: dict[str, Any] = {"at": format_instant(NIGHT), "reporter": "police"}
    return parse_report(desk(), json.dumps(plain | fields).encode(), NIGHT, gazetteer())


def near(**fields: Any) -> object:
    return said(**NORTH_OF_ZARASAI | fields)


HERE = {"lat_deg": 56.0, "lon_deg": 27.0}
REPORTS = {
    "REPORT_TEXT_CHARS": (near, "remark", "x" * limits.REPORT_TEXT_CHARS, "x" * (limits.REPORT_TEXT_CHARS + 1)),
    "OBJECTS_PER_REPORT": (near, "count", limits.OBJECTS_PER_REPORT, limits.OBJECTS_PER_REPORT + 1),
    "PLACE_DISTANCE_MAX_KM": (near, "distance_km", limits.PLACE_DISTANCE_MAX_KM, limits.PLACE_DISTANCE_MAX_KM + 0.1),
    "SIGMA_MAX_M": (near, "accuracy_m", limits.SIGMA_MAX_M * 2, limits.SIGMA_MAX_M * 2 + 1),
    "SPEED_MAX_MPS": (near, "speed_kmh", limits.SPEED_MAX_MPS * 3.6, limits.SPEED_MAX_MPS * 3.6 + 1),
    "ALTITUDE_MIN_M": (near, "height_m", limits.ALTITUDE_MIN_M, limits.ALTITUDE_MIN_M - 1),
    "ALTITUDE_MAX_M": (near, "height_m", limits.ALTITUDE_MAX_M, limits.ALTITUDE_MAX_M + 1),
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report(name: str) -> None:
    """REPORT_TEXT_CHARS, OBJECTS_PER_REPORT, PLACE_DISTANCE_MAX_KM, SIGMA_MAX_M, SPEED_MAX_MPS, ALTITUDE_MIN_M,
    ALTITUDE_MAX_M"""
    say, field, at, beyond = REPORTS[name]
    assert not isinstance(say(**{field: at}), Refusal)
    refusal = say(**{field: beyond})
    assert isinstance(refusal, Refusal)
    assert refusal.field == field
    number = len(at) if isinstance(at, str) else at
    assert f"{number:g}" in refusal.detail.replace(".0", ""), refusal


def test_the_time_of_a_report() -> None:
    """REPORT_AGE_MS, REPORT_AHEAD_MS"""
    for at, beyond in ((-limits.REPORT_AGE_MS, -limits.REPORT_AGE_MS - 1), (limits.REPORT_AHEAD_MS, 5_001)):
        assert not isinstance(near(at=format_instant(Instant(NIGHT + at))), Refusal)
        refusal = near(at=format_instant(Instant(NIGHT + beyond)))
        assert isinstance(refusal, Refusal)
        assert (refusal.reason, refusal.field) == (Reason.TIME_NOT_PLAUSIBLE, "time")
        assert f"{abs(at) // 1000} s" in refusal.detail


def test_the_size_of_a_report() -> None:
    """REPORT_JSON_BYTES"""
    plain = json.dumps({"at": format_instant(NIGHT), "reporter": "police", "position": HERE}).encode()
    full = plain + b" " * (limits.REPORT_JSON_BYTES - len(plain))
    assert not isinstance(parse_report(desk(), full, NIGHT, gazetteer()), Refusal)
    refusal = parse_report(desk(), full + b" ", NIGHT, gazetteer())
    assert isinstance(refusal, Refusal)
    assert refusal.field == "report"
    assert str(limits.REPORT_JSON_BYTES) in refusal.detail


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ((limits.REGION_LAT_MIN_DEG, 20.0), (limits.REGION_LAT_MIN_DEG - 1e-6, 20.0)),
        ((limits.REGION_LAT_MAX_DEG, 20.0), (limits.REGION_LAT_MAX_DEG + 1e-6, 20.0)),
        ((55.0, limits.REGION_LON_MIN_DEG), (55.0, limits.REGION_LON_MIN_DEG - 1e-6)),
        ((55.0, limits.REGION_LON_MAX_DEG), (55.0, limits.REGION_LON_MAX_DEG + 1e-6)),
    ],
)
def test_the_region(inside: tuple[float, float], outside: tuple[float, float]) -> None:
    """REGION_LAT_MIN_DEG, REGION_LAT_MAX_DEG, REGION_LON_MIN_DEG, REGION_LON_MAX_DEG: in a report and in a message."""
    for (lat, lon), fits in ((inside, True), (outside, False)):
        reported = said(position={"lat_deg": lat, "lon_deg": lon})
        told = bounds.check_message(notice(at=PointE7(round(lat * 1e7), round(lon * 1e7))), NOW)
        assert isinstance(reported, Refusal) is not fits
        assert (told is None) is fits
        if isinstance(reported, Refusal):
            assert str(limits.REGION_LAT_MAX_DEG) in reported.detail
        if told is not None:
            assert told.field == "object.at"


def test_what_one_datagram_may_have_refused() -> None:
    """REFUSALS_PER_DATAGRAM, DATAGRAM_BYTES: a datagram of empty blocks is refused block by block, and then as one."""
    blocks = bytes([1, 0, 3]) * limits.REFUSALS_PER_DATAGRAM
    assert len(decode_block(source(), blocks, NIGHT).refusals) == limits.REFUSALS_PER_DATAGRAM
    more = decode_block(source(), bytes([1, 0, 3]) * (limits.DATAGRAM_BYTES // 3), NIGHT).refusals
    assert len(more) == limits.REFUSALS_PER_DATAGRAM + 1
    assert more[-1].reason is Reason.TOO_LARGE


@pytest.mark.parametrize("kind", ["pcap", "pcapng"])
def test_a_packet_of_a_capture(kind: str) -> None:
    """CAPTURE_PACKET_BYTES: a frame that long is passed over or read; one that states more is a corrupt capture."""
    import io

    room = limits.CAPTURE_PACKET_BYTES - (0 if kind == "pcap" else 32)  # a pcapng block holds 20 bytes beside the frame
    for size, fits in ((room, True), (limits.CAPTURE_PACKET_BYTES + 1, False)):
        found = list(read_pieces(io.BytesIO(capture([bytes(size), b"\x00" * 14], 1, kind))))
        assert (found == []) is fits
        if not fits:
            (refusal,) = found
            assert isinstance(refusal, Refusal)
            assert str(limits.CAPTURE_PACKET_BYTES) in refusal.detail
    (piece,) = read_pieces(io.BytesIO(track_block()))
    assert isinstance(piece, Piece)


# --- messages and logs -------------------------------------------------------------------------------------------


def notice(stated_ms: int = NOW, text: str | None = None, in_reply_to: int | None = None, **changes: Any) -> Message:
    body = NOTICE
    if "at" in changes:
        body = msgspec.structs.replace(body, object=msgspec.structs.replace(body.object, at=changes["at"]))
    if "districts" in changes:
        body = msgspec.structs.replace(body, districts=body.districts * changes["districts"])
    return Message(
        type=MessageType.NOTICE,
        channel=ChannelId("BY-LT"),
        sender=LT,
        year=2026,
        serial=0,
        stated_ms=Instant(stated_ms),
        body=body,
        incident=IncidentId("LT-2026-000001"),
        in_reply_to=in_reply_to,
        text=text,
    )


MESSAGES: dict[str, tuple[dict[str, Any], dict[str, Any], str, int]] = {
    "MESSAGE_TEXT_CHARS": ({"text": "x" * 200}, {"text": "x" * 201}, "text", limits.MESSAGE_TEXT_CHARS),
    "MESSAGE_AHEAD_MS": (
        {"stated_ms": NOW + limits.MESSAGE_AHEAD_MS},
        {"stated_ms": NOW + limits.MESSAGE_AHEAD_MS + 1},
        "stated_ms",
        limits.MESSAGE_AHEAD_MS + 1,
    ),
    "DISTRICTS_PER_MESSAGE": ({"districts": 40}, {"districts": 41}, "districts", limits.DISTRICTS_PER_MESSAGE),
    "LOG_ENTRIES": (
        {"in_reply_to": limits.LOG_ENTRIES - 1},
        {"in_reply_to": limits.LOG_ENTRIES},
        "in_reply_to",
        limits.LOG_ENTRIES - 1,
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message(name: str) -> None:
    """MESSAGE_TEXT_CHARS, MESSAGE_AHEAD_MS, DISTRICTS_PER_MESSAGE, LOG_ENTRIES"""
    at, beyond, field, number = MESSAGES[name]
    assert bounds.check_message(notice(**at), NOW) is None
    refusal = bounds.check_message(notice(**beyond), NOW)
    assert refusal is not None
    assert refusal.field == field
    assert str(number) in refusal.detail


def refused(found: object, field: str, number: int) -> None:
    assert isinstance(found, Refusal)
    assert (found.reason, found.field) == (Reason.TOO_LARGE, field)
    assert str(number) in found.detail


def test_sizes_on_the_wire() -> None:
    """ENTRY_BYTES, DELIVERY_ENTRIES, DELIVERY_BYTES, NOTE_BYTES, LOG_ENTRIES"""
    longest = b"x" * limits.ENTRY_BYTES
    assert parse_bundle(encode_bundle([longest])) == (longest,)
    refused(parse_bundle(encode_bundle([longest + b"x"])), "entry 0", limits.ENTRY_BYTES)
    most = [b"x"] * limits.DELIVERY_ENTRIES
    assert not isinstance(parse_delivery(encode_delivery(0, b"n\n", most)), Refusal)
    refused(parse_delivery(encode_delivery(0, b"n\n", [*most, b"x"])), "bundle", limits.DELIVERY_ENTRIES)
    full = b"redshank-delivery/1 5\n".ljust(limits.DELIVERY_BYTES, b"\x01")
    at = parse_delivery(full)
    assert isinstance(at, Refusal)
    assert at.reason is not Reason.TOO_LARGE, "looked at, up to the bound"
    refused(parse_delivery(full + b"\x01"), "delivery", limits.DELIVERY_BYTES)
    note = b"n" * (limits.NOTE_BYTES + 40 - len(b"old 0\n\n"))
    assert not isinstance(parse_delivery(encode_delivery(0, note, [b"x"])), Refusal)
    refused(parse_delivery(encode_delivery(0, note + b"n", [b"x"])), "text", limits.NOTE_BYTES)
    assert parse_size(str(limits.LOG_ENTRIES)) == limits.LOG_ENTRIES
    assert isinstance(parse_size(str(limits.LOG_ENTRIES + 1)), Refusal)


def test_signature_lines() -> None:
    """NOTE_SIGNATURES, NOTE_BYTES: each refusal says its own bound."""
    line = "— a AAAAAAAA\n".encode()
    assert len(parsed(line * limits.NOTE_SIGNATURES)) == limits.NOTE_SIGNATURES
    refused(parse_signatures(line * (limits.NOTE_SIGNATURES + 1)), "signatures", limits.NOTE_SIGNATURES)
    refused(parse_signatures(b"x" * (limits.NOTE_BYTES + 1)), "signatures", limits.NOTE_BYTES)


def parsed(block: bytes) -> Any:
    found = parse_signatures(block)
    assert not isinstance(found, Refusal), found
    return found


def test_heads_that_are_remembered() -> None:
    """HEADS_REMEMBERED: the oldest one kept is known for a replay; the one before it is one that came late."""
    by, lt = two_nodes()
    pushes = []
    for number in range(limits.HEADS_REMEMBERED + 2):
        lt.say(line_test(number, BY))
        lt.sign()
        pushes.append(lt.push())
        assert lt.answered(by.take(pushes[-1])) is None
    assert len(by.session.theirs.earlier) == limits.HEADS_REMEMBERED
    for push, reason in ((pushes[0], Reason.OVERTAKEN), (pushes[1], Reason.REPLAYED)):
        found = session.receive(by.session, push, NOW)
        assert isinstance(found, Refusal)
        assert found.reason is reason


# --- texts -------------------------------------------------------------------------------------------------------


def shipped(package: str, *path: str) -> str:
    from importlib.resources import files

    return files(package).joinpath(*path).read_text(encoding="utf-8")


def policy(rules: int = 1, grain: int = 1_000, time_s: int = 1) -> str:
    rule = "  - {{id: r{}, effect: allow, partners: [BY], types: [NOTICE], coarsen: {{position_m: {}, time_s: {}}}}}\n"
    return "policy: p\nparty: LT\nrules:\n" + "".join(rule.format(n, grain, time_s) for n in range(rules))


TABLE = shipped("redshank.procedure", "tables", "notice.yaml")
AGREEMENT = shipped("redshank.procedure", "agreements", "ee-lv.yaml")
WIDE = "a: " + "[" * (limits.CONFIG_DEPTH - 1) + "]" * (limits.CONFIG_DEPTH - 1)
TEXTS: dict[str, tuple[Callable[[str], object], str, str, int]] = {
    "POLICY_BYTES": (
        parse_policy,
        policy() + "#" * (limits.POLICY_BYTES - len(policy())),
        policy() + "#" * (limits.POLICY_BYTES + 1 - len(policy())),
        limits.POLICY_BYTES,
    ),
    "POLICY_RULES": (parse_policy, policy(limits.POLICY_RULES), policy(limits.POLICY_RULES + 1), limits.POLICY_RULES),
    "POSITION_GRAIN_MIN_M": (parse_policy, policy(grain=50), policy(grain=49), limits.POSITION_GRAIN_MIN_M),
    "POSITION_GRAIN_MAX_M": (parse_policy, policy(grain=50_000), policy(grain=50_001), limits.POSITION_GRAIN_MAX_M),
    "TIME_GRAIN_MAX_S": (parse_policy, policy(time_s=60), policy(time_s=61), limits.TIME_GRAIN_MAX_S),
    "CONFIG_CHARS": (
        read,
        "a: b\n".ljust(limits.CONFIG_CHARS, "#"),
        "a: b\n".ljust(limits.CONFIG_CHARS + 1, "#"),
        limits.CONFIG_CHARS,
    ),
    "CONFIG_DEPTH": (read, WIDE, WIDE.replace("[", "[[", 1).replace("]", "]]", 1), limits.CONFIG_DEPTH),
    "CONFIG_SCALAR_CHARS": (
        read,
        "a: " + "x" * limits.CONFIG_SCALAR_CHARS,
        "a: " + "x" * (limits.CONFIG_SCALAR_CHARS + 1),
        limits.CONFIG_SCALAR_CHARS,
    ),
    "DEADLINE_S": (
        parse_agreement,
        AGREEMENT.replace("deadlines: {}", f"deadlines: {{ack-notice: {limits.DEADLINE_S}}}"),
        AGREEMENT.replace("deadlines: {}", f"deadlines: {{ack-notice: {limits.DEADLINE_S + 1}}}"),
        limits.DEADLINE_S,
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text(name: str) -> None:
    """POLICY_BYTES, POLICY_RULES, POSITION_GRAIN_MIN_M, POSITION_GRAIN_MAX_M, TIME_GRAIN_MAX_S, CONFIG_CHARS,
    CONFIG_DEPTH, CONFIG_SCALAR_CHARS, DEADLINE_S"""
    parse, at, beyond, number = TEXTS[name]
    parse(at)
    with pytest.raises((ConfigError, PolicyRefused), match=str(number)):
        parse(beyond)


def test_the_states_of_a_procedure() -> None:
    """PROCEDURE_STATES"""
    whole = read(TABLE).keys("states")
    line = "  {}: {{phase: open, means: invented}}\n"
    for count, fits in ((limits.PROCEDURE_STATES, True), (limits.PROCEDURE_STATES + 1, False)):
        more = "".join(line.format(f"more-{number}") for number in range(count - len(whole)))
        text = TABLE.replace("\nstates:\n", f"\nstates:\n{more}", 1)
        assert len(read(text).keys("states")) == count
        with pytest.raises(
            ConfigError
        ) as error:  # at the bound it is refused too, but for states that nothing leads to
            parse_table(text)
        assert (str(limits.PROCEDURE_STATES) in error.value.problem) is not fits


@pytest.mark.parametrize(
    ("text", "line", "field", "words"),
    [
        ("a: &x [1]\nb: *x\n", 2, "b", "alias"),
        ("a: {b: !!int ''}\n", 1, "a.b", "tags"),
        ("a:\n  - 1\n  - !x 2\n", 3, "a[1]", "tags"),
        ("a: {<<: {b: 1}}\n", 1, "a.<<", "merge"),
        ("a: -.inf\n", 1, "a", "no number"),
        ("a: {b: [1, {c: .NaN}]}\n", 1, "a.b[1].c", "no number"),
        ("a: '\\ud800'\nb: \"\\U00110000\"\n", 1, "file", "YAML"),
        ("a: [", 1, "file", "YAML"),
    ],
)
def test_what_a_strict_reader_does_not_take(text: str, line: int, field: str, words: str) -> None:
    """CONFIG_CHARS, CONFIG_DEPTH: beside size and depth, whatever hides something or costs more than it is long."""
    fault = fault_in(text, limits.CONFIG_CHARS)
    assert fault is not None
    assert (fault.line, fault.field) == (line, field)
    assert words in fault.problem


def test_a_laugh_of_aliases_is_refused_at_the_first_one() -> None:
    """CONFIG_CHARS: a billion of them fit into 300 characters."""
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    fault = fault_in("\n".join(lines), limits.CONFIG_CHARS)
    assert fault is not None
    assert (fault.line, fault.field) == (2, "a1[0]")
