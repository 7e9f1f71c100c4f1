"""Messages as sentences: any message, in any language, all of it, and on the pages as in the program."""

import json
import shutil
import subprocess
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.exchange.exchange_messages import messages
from tests.wording.wording_sources import CONSOLE, PLAN

from redshank.edges.wording import district_names, wording
from redshank.terms.message import MessageType
from redshank.wording import figures
from redshank.wording.wording import LANGUAGES, Wording, languages_of

POINT = {"lat_e7": 546_020_000, "lon_e7": 257_200_000}
WHEN = 1_778_113_500_000
OBJECT = {
    "object": 3, "status": "uav", "at": POINT, "accuracy_m": 3200, "course_deg": 75, "speed_kmh": 140,
    "altitude_m": 300, "count": 2,
}  # fmt: skip
PERIOD = {"from_ms": WHEN, "until_ms": WHEN + 3_600_000}
AREA = {"centre": POINT, "radius_m": 12_000, **PERIOD}
HEAD = {"origin": "lt.example/BY-LT/2026", "size": 21, "root": "qqqq="}
LIFE = {"agreement": "ab" * 32, "life": 2, "taken": 22}
TO_COME: dict[str, list[dict[str, Any]]] = {
    "OWN-OBJECT": [
        {"condition": code, "object": OBJECT, "until_ms": WHEN}
        for code in ("out-of-control", "in-flight", "under-control", "landed")
    ],
    "MEASURE": [
        {"measure": code, **AREA, "floor_m": 0, "ceiling_m": 3000}
        for code in ("airspace-closed", "airspace-restricted", "response-flight", "search-flight")
    ],
    "FIND": [
        {"what": what, "at": POINT, "accuracy_m": 20, "found_ms": WHEN, "hazard": hazard, "secured": "yes", "object": 1}
        for what in ("debris", "whole-object", "balloon", "payload")
        for hazard in ("none-seen", "possible", "confirmed")
    ],
    "EVIDENCE": [
        {"kind": kind, "sha256": "ab" * 32, "bytes": 1_000_002, "obtained_ms": WHEN, "find": 4, "generation": 1}
        for kind in ("photograph", "document", "data", "part")
    ],
    "NEGATIVE": [{"means": means, **AREA} for means in ("radar", "air", "ground", "water")],
    "WARNING": [
        {"level": level, "districts": ["LT-01", "BY-HR"], **PERIOD} for level in ("possible", "shelter", "all-clear")
    ],
    "CORRECT": [{"serial": 4, "generation": 1, "type": "REPLY", "body": {"answer": "ours"}}],
    "CANCEL": [{"serial": 4, "why": why} for why in ("sent-in-error", "wrong-object", "wrong-partner", "superseded")],
    "ACTIVATE": [LIFE],
    "RESUME": [LIFE],
    "SUSPEND": [LIFE | {"why": why} for why in ("ordered", "technical", "keys-in-doubt", "misuse", "no-reason-given")],
    "END": [
        LIFE | {"why": why, "from_ms": WHEN}
        for why in ("ordered", "expired", "replaced", "breach", "withdrawn", "no-reason-given")
    ],
    "LOG-OPEN": [{"end": HEAD, "partner_end": HEAD, "why": "planned"}],
}
"""Bodies that the plan knows: one for each code of each type that came after the first twelve."""
CASES = [(kind, body) for kind, bodies in TO_COME.items() for body in bodies]


def body_of(message: Any) -> dict[str, Any]:
    body: dict[str, Any] = msgspec.to_builtins(message.body)
    return body


@settings(max_examples=300, deadline=None)  # the first one reads the texts
@given(message=messages(2**52), language=st.sampled_from(LANGUAGES))
def test_lang_3_any_message_is_said_in_any_language(message, language: str) -> None:
    """LANG-3, LANG-4: without an error, each sentence whole, and no member by its name."""
    said = wording(language).sentences(message.type.value, body_of(message))
    assert said
    for sentence in said:
        assert sentence == sentence.strip()
        assert message.type is MessageType.LOG_OPEN or not set("{}$\u2068\u2069") & set(sentence)
        assert not sentence.startswith(("text-", "figure-"))
    members = set(_members(body_of(message)))
    assert not [sentence for sentence in said if sentence.partition(":")[0] in members]


def _members(value: Any) -> Any:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _members(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _members(inner)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lang_3_the_types_to_come_are_said_whole(language: str) -> None:
    """LANG-3."""
    for kind, body in CASES:
        said = wording(language).sentences(kind, body)
        members = set(_members(body))
        assert said, kind
        assert not [sentence for sentence in said if sentence.partition(":")[0] in members], (kind, said)


def test_lang_3_what_a_message_says_in_english_and_polish() -> None:
    """LANG-3, LANG-5: the same message, two languages, with their plurals."""
    body = {"outcome": "found", "objects": 22, "first_observed_ms": WHEN, "last_observed_ms": WHEN}
    told = "2026-05-07\u00a000:25:00\u00a0UTC"
    assert wording("en").sentences("CLOSE", body) == [
        "We close the incident: the object has been found.",
        "There were 22 objects.",
        f"First observed on {told}, last observed on {told}.",
    ]
    assert wording("pl").sentences("CLOSE", body)[1] == "Były 22 obiekty."
    assert wording("pl").sentences("CLOSE", body | {"objects": 25})[1] == "Było 25 obiektów."


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("lt", {1: "objektas", 2: "objektai", 9: "objektai", 10: "objektų", 11: "objektų", 21: "objektas"}),
        ("lv", {1: "objekts", 2: "objekti", 10: "objektu", 11: "objektu", 21: "objekts", 22: "objekti"}),
        ("et", {1: "objekt.", 2: "objekti.", 21: "objekti."}),
        ("pl", {1: "obiekt.", 2: "obiekty", 5: "obiektów", 12: "obiektów", 21: "obiektów", 22: "obiekty"}),
        ("be", {1: "аб’ект.", 2: "аб’екты", 5: "аб’ектаў", 11: "аб’ектаў", 21: "аб’ект.", 22: "аб’екты"}),
        ("ru", {1: "объект.", 2: "объекта", 5: "объектов", 11: "объектов", 21: "объект.", 22: "объекта"}),
        ("en", {1: "object.", 2: "objects"}),
    ],
)
def test_lang_5_objects_are_counted_as_the_language_counts(language: str, forms: dict[int, str]) -> None:
    """LANG-5."""
    for count, form in forms.items():
        said = wording(language).say("text-close-objects", count=count)
        assert form in said, (count, said)


def test_lang_4_what_no_text_is_for_is_shown_as_it_stands() -> None:
    """LANG-4: an unknown type, member, code and district, and a value that is not of its kind."""
    words = wording("lt")
    assert words.sentences("FUTURE", {"b": {"y": 2, "x": [1]}, "a": 7}) == ['b: {"x":[1],"y":2}', "a: 7"]
    assert words.sentences("REPLY", {"answer": "perhaps"}) == ["answer: perhaps"]
    assert words.sentences("REPLY", {"answer": "ours", "more": 1})[1:] == ["more: 1"]
    assert words.word("status", "saucer") == "saucer"
    assert words.district("XX-1") == "XX-1"
    assert words.sentences("LOST", {"object": 7, "search_centre": 1, "search_radius_m": "far"})[1:]
    assert words.say("no-such-text") == "no-such-text"
    assert words.sentences("NEGATIVE", {"means": "air", "from_ms": 5})[1:] == ["from_ms: 5"]
    assert words.sentences("WARNING", {"districts": 7})[0] == "Teritorija: 7."


def test_lang_4_a_missing_text_shows_its_name() -> None:
    """LANG-4: at run time, without an error."""
    empty = Wording("lt", {"message": "text-broken = {"}, PLAN, {})
    assert empty.sentences("REPLY", {"answer": "ours"}) == ["text-unnamed"]
    assert empty.sentences("TEST", {"number": 1}) == ["text-test"]


def test_lang_7_figures_are_the_same_in_each_language_but_for_mark_and_unit() -> None:
    """LANG-7: ISO dates, UTC, degrees and minutes; a no-break space before the unit."""
    body = {"object": OBJECT, "search_centre": POINT, "search_radius_m": 9949}
    for language in LANGUAGES:
        said = "\n".join(wording(language).sentences("LOST", body))
        assert "54°36.12′N\u00a0025°43.20′E" in said
        assert "075°" in said
        assert f"3{'.' if language == 'en' else ','}2\u00a0" in said
        assert "140\u00a0" in said
        assert wording(language).time(WHEN) == "2026-05-07\u00a000:25:00\u00a0UTC"


@settings(deadline=None)
@given(at_ms=st.integers(-(2**53), 2**53), other_ms=st.integers(-(2**53), 2**53))
def test_lang_7_a_time_beyond_the_calendar_is_a_number(at_ms: int, other_ms: int) -> None:
    """LANG-7."""
    inside = 0 <= at_ms < figures.CALENDAR_END_MS
    assert (figures.moment(at_ms) is not None) == inside
    assert wording("be").time(at_ms).endswith("UTC") == inside
    assert (figures.window(at_ms, other_ms) is None) == (not inside or not 0 <= other_ms < figures.CALENDAR_END_MS)


def test_lang_8_districts_bear_their_names() -> None:
    """LANG-8: that of home; of Cyrillic ones a Latin form for readers of Latin letters, and their code."""
    assert wording("pl").district("LT-01") == "Akmenės r. sav. (LT-01)"
    assert wording("be").district("BY-HR") == "Гродзенская вобласць (BY-HR)"
    assert wording("ru").district("BY-HR") == "Гродненская область (BY-HR)"
    assert wording("lt").district("BY-HR") == "Grodno (BY-HR)"


@pytest.mark.parametrize(
    ("party", "agreed", "own"),
    [
        ("BY", ("be", "ru", "lt", "en"), ["be", "ru"]),
        ("LT", ("be", "ru", "lt", "en"), ["lt"]),
        ("LT", ("en",), ["en"]),
    ],
)
def test_lang_9_a_partner_reads_in_its_own_languages(party: str, agreed: tuple[str, ...], own: list[str]) -> None:
    """LANG-9."""
    assert languages_of(party, agreed) == own


needs_packages = pytest.mark.skipif(
    shutil.which("node") is None or not (CONSOLE / "node_modules" / "esbuild").exists(),
    reason="needs Node and the console's packages: tools/build_console.sh",
)


@needs_packages
@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(made=st.lists(messages(2**52), min_size=40, max_size=40))
def test_lang_10_the_pages_say_the_same_as_the_program(made) -> None:
    """LANG-10: letter for letter, in each language, of any message and of what no text is for."""
    odd = [
        ("FUTURE", {"b": {"y": 2, "x": [1, "ą"]}, "a": 7}),
        ("LOST", {"object": 7, "search_centre": 1}),
        ("WARNING", {"districts": 7, "from_ms": 5}),
    ]
    cases = [*((one.type.value, body_of(one)) for one in made), *CASES, *odd]
    asked = [{"language": language, "type": kind, "body": body} for kind, body in cases for language in LANGUAGES]
    given_in = json.dumps({"names": district_names(), "cases": asked})
    done = subprocess.run(
        ["node", "check_wording.mjs"],
        cwd=CONSOLE,
        input=given_in,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for case, said in zip(asked, json.loads(done.stdout), strict=True):
        assert said == wording(case["language"]).sentences(case["type"], case["body"]), case


def test_lang_3_each_type_of_this_version_was_tried() -> None:
    """LANG-3: the plan knows each, by a name in capitals."""
    assert {kind.value for kind in MessageType} <= {name for name in PLAN if name.isupper()}
