"""Warning texts: the words of an alert in the languages of the parties, as Fluent messages.

Here: reading and checking the texts, filling in the places. Not here: which level is said when. May know: Fluent.
"""

from collections.abc import Mapping
from typing import Final

from fluent.runtime import FluentBundle, FluentResource

PARTS: Final = ("headline", "description", "instruction")
LEVELS: Final = ("possible", "shelter", "all-clear")
MESSAGES: Final = (
    *("exercise-mark", "exercise-note", "event"),
    *(f"{level}-{part}" for level in LEVELS for part in PARTS),
)
PLACES: Final = {"district": "\u0001", "from": "\u0002", "until": "\u0003"}
NEEDED: Final = {
    "possible-headline": ("district",),
    "possible-description": ("from", "until"),
    "shelter-headline": ("district",),
    "shelter-description": ("from", "until"),
    "all-clear-headline": ("district",),
}


class TextsRefused(ValueError):
    """Texts with a message or a place missing; an alert would have a hole in one language."""


class Texts:
    """Checked texts by language. Immutable for its users."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        """`sources`: language to the content of its ``.ftl`` file. Raises TextsRefused."""
        self._bundles = {language: _bundle(language, source) for language, source in sources.items()}

    @property
    def languages(self) -> frozenset[str]:
        """The languages that can be said."""
        return frozenset(self._bundles)

    def say(self, language: str, message: str, places: Mapping[str, str] | None = None) -> str:
        """One message in one language. Raises KeyError for a language that was not given."""
        said, _ = _format(self._bundles[language], message, places or {})
        return said


def _format(bundle: FluentBundle, message: str, places: Mapping[str, str]) -> tuple[str, list[str]]:
    """The text and what was wrong with it; an absent message says its own name."""
    pattern = bundle.get_message(message).value if bundle.has_message(message) else None
    if pattern is None:
        return message, [f"message {message} is missing"]
    said, errors = bundle.format_pattern(pattern, dict(places))
    return str(said), [f"message {message}: {error}" for error in errors]


def _bundle(language: str, source: str) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(source))
    said = {}
    for message in MESSAGES:
        said[message], errors = _format(bundle, message, PLACES)
        if errors:
            raise TextsRefused(f"{language}: {errors[0]}; no warning could be said in {language}")
    for message, places in NEEDED.items():
        for place in places:
            if PLACES[place] not in said[message]:
                raise TextsRefused(f"{language}: message {message} does not say ${place}")
    if "EXERCISE" not in said["exercise-mark"]:
        raise TextsRefused(f"{language}: exercise-mark must hold the word EXERCISE, whatever else it says")
    return bundle
