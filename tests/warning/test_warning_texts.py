"""Every language says everything, with every place filled."""

import pytest
from tests.warning.warning_samples import LANGUAGES, SOURCES, TEXTS

from redshank.terms import limits
from redshank.warning.texts import LEVELS, MESSAGES, PARTS, Texts, TextsRefused

PLACES = {"district": "powiat ropczycko-sędziszowski", "from": "00:38", "until": "01:00"}
ALPHABETS = {"be": "ўі", "ru": "ыэ", "lv": "āēī", "lt": "ėįš", "et": "õäü", "pl": "ęąż"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_is_said_in_every_language(language, message):
    """CAP-11."""
    said = TEXTS.say(language, message, PLACES)
    assert said.strip() == said
    assert len(said) > 5
    assert not set("{}$\u2068\u2069") & set(said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("level", LEVELS)
def test_texts_fit_a_phone(language, level):
    headline, description, instruction = (TEXTS.say(language, f"{level}-{part}", PLACES) for part in PARTS)
    mark, note = TEXTS.say(language, "exercise-mark"), TEXTS.say(language, "exercise-note")
    assert len(f"{mark}: {headline}") <= limits.CAP_HEADLINE_CHARS
    assert len(headline + note + description + instruction) < 615, "EU-Alert pages hold 615 characters of UCS-2 text"
    assert PLACES["district"] in headline
    if level != "all-clear":
        assert {"00:38", "01:00"} <= set(description.replace(".", " ").split())


@pytest.mark.parametrize(("language", "letters"), list(ALPHABETS.items()))
def test_languages_are_not_swapped(language, letters):
    everything = "".join(TEXTS.say(language, message, PLACES) for message in MESSAGES).lower()
    assert set(letters) <= set(everything)


@pytest.mark.parametrize("message", MESSAGES)
def test_a_missing_message_is_refused(message):
    lines = [line for line in SOURCES["lv"].splitlines() if not line.startswith(f"{message} =")]
    with pytest.raises(TextsRefused, match=message):
        Texts({"lv": "\n".join(lines)})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{ $district }", "x"),
        ("{ $from }", "x"),
        ("{ $until }", "{ $untill }"),
        ("(EXERCISE)", ""),
    ],
)
def test_a_missing_or_misspelt_place_is_refused(old, new):
    with pytest.raises(TextsRefused):
        Texts({"lt": SOURCES["lt"].replace(old, new, 1)})
