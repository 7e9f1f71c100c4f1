"""The texts: every language says everything, in its own words and letters, with the same places."""

import re
from enum import Enum

import pytest
import yaml
from babel import Locale
from tests.wording.wording_sources import (
    FILES,
    LANGUAGES,
    PLAN,
    ROOT,
    WORDING,
    all_texts,
    asked_by_pages,
    letters_of,
    path_of,
    texts,
    variables,
    variants,
)

from redshank.exchange.voice.bodies import ROLES
from redshank.procedure.obligation import Step
from redshank.terms import message
from redshank.terms.message import MessageType
from redshank.terms.refusal import Reason
from redshank.terms.track import Life, Status
from redshank.warning.proposal import Level
from redshank.wording.wording import LANGUAGES as SAID

OTHERS = [language for language in LANGUAGES if language != "en"]
ALL_FILES = (*FILES, "console")
ALPHABETS = {
    "lt": "aąbcčdeęėfghiįyjklmnoprsštuųūvzž",
    "lv": "aābcčdeēfgģhiījkķlļmnņoprsštuūvzž",
    "et": "abdefghijklmnoprsšzžtuvõäöü",
    "pl": "aąbcćdeęfghijklłmnńoóprsśtuwyzźż",
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя’",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
}
FOREIGN = {"ms", "km", "SHA", "UTC", "EXERCISE", "PDF", "JSON", "redshank", "rotate", "release", "audit"}
"""Words of other letters that may stand in a text."""
SAME_AS_ENGLISH = {
    "figure-m": "lt lv et pl",
    "figure-km": "lt lv et pl",
    "figure-kmh": "lt lv et pl",
    "unit-seconds": "lt lv et pl",
    "unit-minutes": "lt lv et pl",
    "unit-hours": "lv et",
    "say-number": "et",
    "seat-robot": "et pl",
    "party-ee": "pl",
    "role-administrator": "pl",
    "field-status": "pl",
    "director-start": "pl",
}
"""Texts that are the same as in English, and in which languages: signs, and words that happen to be so."""


def test_lang_1_the_languages_are_those_that_agreements_may_name() -> None:
    """LANG-1: seven, and each has a folder with the same files."""
    from redshank.procedure.agreement import LANGUAGES as AGREED

    assert set(SAID) == set(AGREED) == set(LANGUAGES)
    assert {path.name for path in (WORDING / "texts").iterdir()} == set(LANGUAGES)
    for language in LANGUAGES:
        found = {path.name for path in (WORDING / "texts" / language).iterdir()}
        assert found == {f"{name}.ftl" for name in FILES}
    assert {path.name for path in (ROOT / "console" / "texts").iterdir()} == {f"{name}.ftl" for name in LANGUAGES}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", ALL_FILES)
def test_lang_2_every_text_is_there_with_the_same_places(language: str, name: str) -> None:
    """LANG-2: the same ids in each language, and the same variables in each text."""
    here, english = texts(language, name), texts("en", name)
    assert list(here) == list(english)
    assert {text: variables(pattern) for text, pattern in here.items()} == {
        text: variables(pattern) for text, pattern in english.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_lang_2_no_id_stands_in_two_files(language: str) -> None:
    """LANG-2."""
    assert all_texts(language)


def said_by_the_plan() -> tuple[set[str], set[str]]:
    steps = [step for steps in PLAN.values() for step in steps]
    said = {step["say"] for step in steps if "say" in step}
    return {text for text in said if "{" not in text}, {text.partition("{")[0] for text in said if "{" in text}


def test_lang_2_no_text_is_missing_and_none_is_unused() -> None:
    """LANG-2: of the texts that plan, program and pages ask for, and of those that there are."""
    outright, built = said_by_the_plan()
    asked, begun = asked_by_pages()
    python = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "redshank").rglob("*.py"))
    named = set(re.findall(r"[\"']((?:text|paper|figure)-[a-z0-9-]+)[\"']", python)) - {"paper-unspoken"}
    english = all_texts("en")
    assert not (outright | named) - set(english), "asked for, and not there"
    begun |= built | {"paper-unspoken-"} | {f"{group}-" for group in code_sets()}
    named |= outright | asked
    warning = set(texts("en", "warning"))
    unused = [
        text for text in english if text not in named | warning and not any(text.startswith(begin) for begin in begun)
    ]
    assert not unused


def code_sets() -> dict[str, set[str]]:
    """The closed sets of codes, by the name that their words begin with."""
    tables = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (ROOT / "src/redshank/procedure/tables").glob("*.yaml")
    ]
    return {
        "type": codes(MessageType),
        "status": codes(Status),
        "phase": codes(message.Phase),
        "question": codes(message.Question),
        "answer": codes(message.Answer),
        "outcome": codes(message.Outcome),
        "agrees": {"yes", "no"},
        "role": set(ROLES),
        "level": codes(Level),
        "life": codes(Life),
        "reason": codes(Reason),
        "escalation": codes(Step),
        "state": {"at-home"} | {state for table in tables for state in table["states"]},
        "owes": {"read-out"} | {owed for table in tables for owed in table["obligations"]},
        "party": {"lt", "lv", "ee", "pl", "by", "ru", "ru-kgd", "ua"},
    }


def codes(kind: type[Enum]) -> set[str]:
    return {str(one.value).lower() for one in kind}


@pytest.mark.parametrize("language", LANGUAGES)
def test_lang_3_every_code_has_a_word(language: str) -> None:
    """LANG-3."""
    there = all_texts(language)
    assert not [
        f"{group}-{code}" for group, found in code_sets().items() for code in found if f"{group}-{code}" not in there
    ]


def test_lang_3_every_code_of_a_body_has_its_sentence() -> None:
    """LANG-3: for each step of the plan that chooses its text by a code."""
    there = all_texts("en")
    sets = {
        "phase": codes(message.Phase), "question": codes(message.Question), "answer": codes(message.Answer),
        "outcome": codes(message.Outcome), "agrees": {"yes", "no"}, "level": codes(Level),
    }  # fmt: skip
    for group, found in sets.items():
        assert not [code for code in found if f"text-{group}-{code}" not in there], group
    for name in ("Condition", "Measure", "Found", "Hazard", "Secured", "Item", "Means", "CancelWhy", "Why"):
        kind = getattr(message, name, None)
        for code in () if kind is None else codes(kind):
            assert any(text.startswith("text-") and text.endswith(f"-{code}") for text in there), (name, code)


def test_lang_3_every_type_has_a_plan() -> None:
    """LANG-3: a type without one would be shown by its members."""
    assert not {kind.value for kind in MessageType} - set(PLAN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lang_5_plurals_are_those_of_cldr(language: str) -> None:
    """LANG-5: a text that counts has a form for each kind of whole number that the language knows, and no other."""
    rule = Locale(language).plural_form
    needed = {rule(number) for number in range(1000)}
    for text, pattern in all_texts(language).items():
        for _, keys in variants(pattern):
            named, exact = {key for key in keys if not key.isdigit()}, {key for key in keys if key.isdigit()}
            none = len(named) == 1 and exact == {"0"}  # nothing, or a number after a colon
            english = language == "en" and named == {"other"} and exact == {"1"}
            assert named == needed or none or english, (text, keys)


@pytest.mark.parametrize("language", OTHERS)
def test_lang_6_each_language_is_written_in_its_own_letters(language: str) -> None:
    """LANG-6: no letter of another script or language, in particular none that only looks alike."""
    own = set(ALPHABETS[language])
    for text, pattern in all_texts(language).items():
        for word in re.findall(r"[^\W\d_]+(?:’[^\W\d_]+)*", letters_of(pattern)):
            assert word in FOREIGN or not set(word.lower()) - own, (text, word)


@pytest.mark.parametrize("language", OTHERS)
def test_lang_6_no_english_is_left(language: str) -> None:
    """LANG-6: a text may be as the English one only where the list says so."""
    english, here = all_texts("en"), all_texts(language)
    worded = [text for text in here if re.search(r"[^\W\d_]", letters_of(here[text]))]
    same = {text for text in worded if here[text].equals(english[text])}
    assert same == {text for text, languages in SAME_AS_ENGLISH.items() if language in languages.split()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_lang_7_a_number_and_its_unit_are_held_together(language: str) -> None:
    """LANG-7: by a no-break space, also where a percentage stands in a sentence."""
    source = path_of(language, "message").read_text(encoding="utf-8")
    assert not re.findall(r"\d %|\} (?:m|km|km/h|м|км|км/ч|км/г|ms|мс)\b", source)


def test_the_glossary_is_said_in_seven_languages() -> None:
    """docs/languages.md has each word of docs/glossary.md, in the letters of each language."""
    words = re.findall(r"^\| \*\*(.+?)\*\*", (ROOT / "docs/glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    lines = (ROOT / "docs/languages.md").read_text(encoding="utf-8").splitlines()
    rows = {
        cells[1].strip(): [cell.strip() for cell in cells[2:8]] for line in lines if len(cells := line.split("|")) == 10
    }
    assert not set(words) - set(rows)
    for word, said in rows.items():
        for language, text in zip(OTHERS, said, strict=True):
            own = set(ALPHABETS[language]) | set(" ,()’")
            assert text
            assert word == "word" or set("---") == set(text) or not set(text.lower()) - own, (word, language)
