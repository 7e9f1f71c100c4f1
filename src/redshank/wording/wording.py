"""Wording: the interpreter of the plan for one language.

A plan is a list of steps by type of message. A step names a text and the members that fill it; a step whose member is
absent is not said. What the plan does not name is said by its code, so that nothing of a message is ever left out, and
a text that is missing shows its own name: neither is a reason to show less (LANG-4).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import fluent_number

from redshank.wording import figures

LANGUAGES: Final = ("lt", "lv", "et", "pl", "be", "ru", "en")
"""By their BCP 47 codes."""
HOME: Final[dict[str, tuple[str, ...]]] = {
    "LT": ("lt",),
    "LV": ("lv",),
    "EE": ("et",),
    "PL": ("pl",),
    "BY": ("be", "ru"),
}
"""The state languages of the parties."""

Steps = list[dict[str, Any]]
Plan = dict[str, Steps]
Names = Mapping[str, Mapping[str, str]]
"""District to its name by language; under ``""`` the name that it bears at home."""

_TAKES: Final[dict[str, type]] = {
    **dict.fromkeys(("number", "time", "window", "metres", "distance", "kmh", "percent", "course"), int),
    **dict.fromkeys(("code", "district"), str),
}


class Wording:
    """The texts of one language. Immutable for its users."""

    def __init__(self, language: str, sources: Mapping[str, str], plan: Plan, names: Names) -> None:
        """`sources`: the contents of the language's ``.ftl`` files by name. What does not parse is missing."""
        self.language = language
        self._plan = plan
        self._names = names
        self._bundle = FluentBundle([language], use_isolating=False)
        for source in sources.values():
            self._bundle.add_resource(FluentResource(source))
        self._kinds: dict[str, Callable[..., Any]] = {
            "number": lambda value: fluent_number(value, useGrouping=False),
            "code": str,
            "time": self.time,
            "window": lambda begin, end: figures.window(begin, end) or f"{self.time(begin)} – {self.time(end)}",
            "place": lambda point: figures.place(point["lat_e7"], point["lon_e7"]),
            "metres": lambda value: self.say("figure-m", value=figures.signed(value)),
            "distance": self._distance,
            "kmh": lambda value: self.say("figure-kmh", value=str(value)),
            "percent": lambda value: self.say("figure-percent", value=figures.percent(value)),
            "course": figures.course,
            "district": self.district,
        }

    def say(self, text: str, **places: Any) -> str:
        """One text; its own name when there is none."""
        return self._said(text, places) or text

    def word(self, group: str, code: str) -> str:
        """The word for a code of a closed set; the code when there is none."""
        name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in code.lower())
        return self._said(f"{group}-{name}", {}) or code

    def district(self, code: str) -> str:
        """Its name in this language or else at home, and its code; the code alone when it is not known."""
        names = self._names.get(code)
        return code if names is None else f"{names.get(self.language) or names['']} ({code})"

    def time(self, at_ms: int) -> str:
        """Date and time, UTC."""
        return figures.moment(at_ms) or self.say("figure-beyond", value=str(at_ms))

    def sentences(self, kind: str, body: Mapping[str, Any]) -> list[str]:
        """All that a body says. `kind` is the message's type, `body` has the members of the wire."""
        return list(self._body(kind, body, 0))

    def _body(self, kind: str, body: Mapping[str, Any], depth: int) -> Iterator[str]:
        steps = self._plan.get(kind, []) if kind.isupper() else []
        yield from self._steps(steps, body, depth)

    def _steps(self, steps: Steps, scope: Mapping[str, Any], depth: int) -> Iterator[str]:
        named = set[str]()
        for step in steps:
            members, said = self._step(step, scope, depth)
            named |= members
            yield from said
        for member, value in scope.items():
            if member not in named and value is not None:
                yield self.say("text-unnamed", member=member, value=_shown(value))

    def _step(self, step: dict[str, Any], scope: Mapping[str, Any], depth: int) -> tuple[set[str], list[str]]:
        """The members that a step has dealt with, and its sentences."""
        if "nested" in step:
            return self._nested(step, scope, depth)
        if "of" in step or "each" in step:
            member = step.get("of") or step["each"]
            inner = {key: value for key, value in step.items() if key not in {"of", "each"}}
            given = scope.get(member)
            parts = [] if given is None else given if "each" in step and isinstance(given, list | tuple) else [given]
            said = [text for part in parts for text in self._one(inner, part, depth)]
            return {member}, said
        if "use" in step:
            steps = self._plan[step["use"]]
            done = [self._step(one, scope, depth) for one in steps]
            return set().union(*(members for members, _ in done)), [text for _, said in done for text in said]
        return self._say_step(step, scope)

    def _one(self, step: dict[str, Any], part: Any, depth: int) -> Iterator[str]:
        """One step over a part of a body that has members of its own, or that is a bare value (``.``)."""
        if not isinstance(part, Mapping):
            bare = self._say_step(step, {".": part})[1] if "say" in step else []
            return iter(bare or [_shown(part)])
        return self._steps(self._plan[step["use"]] if "use" in step else [step], part, depth)

    def _nested(self, step: dict[str, Any], scope: Mapping[str, Any], depth: int) -> tuple[set[str], list[str]]:
        """A body within a body (CORRECT); one within that is shown by its members."""
        inner = scope.get(step["nested"])
        if depth or not isinstance(inner, Mapping):
            return {step["type"]}, []
        return {step["nested"], step["type"]}, list(self._body(str(scope.get(step["type"])), inner, depth + 1))

    def _say_step(self, step: dict[str, Any], scope: Mapping[str, Any]) -> tuple[set[str], list[str]]:
        text, named = step["say"], set[str]()
        if "{" in text:
            before, _, rest = text.partition("{")
            member = rest.rstrip("}")
            code = scope.get(member)
            if code is None:
                return {member}, []
            said = self._said(f"{before}{code}", self._filled(step, scope) or {})
            return {member, *_members(step)}, [said or self.say("text-unnamed", member=member, value=str(code))]
        named = set(_members(step))
        if all(scope.get(member) == value for member, value in step.get("except", {"": 0}).items()):
            return named, []
        places = self._filled(step, scope)
        return (set(), []) if places is None else (named, [self.say(text, **places)])

    def _filled(self, step: dict[str, Any], scope: Mapping[str, Any]) -> dict[str, Any] | None:
        """The places of a text; None when a member is absent."""
        places = dict[str, Any]()
        for place, recipe in step.get("with", {}).items():
            kind, *members = recipe.split(" ")
            values = [scope.get(member) for member in members]
            if any(value is None for value in values):
                return None
            places[place] = self._figure(kind, values)
        return places

    def _figure(self, kind: str, values: list[Any]) -> Any:
        """A value as its kind is written; one that is not of its kind, as it is."""
        group = kind.partition(":")[2]
        if group:
            return self.word(group, str(values[0]))
        sound = _is_point(values[0]) if kind == "place" else all(isinstance(value, _TAKES[kind]) for value in values)
        return self._kinds[kind](*values) if sound else ", ".join(map(_shown, values))

    def _distance(self, metres: int) -> str:
        """``850 m``, ``3.2 km``, ``41 km``"""
        if metres < 1000:
            return self.say("figure-m", value=str(metres))
        if metres < 9950:
            return self.say("figure-km", value=figures.tenths((metres + 50) // 100, self.say("figure-decimal")))
        return self.say("figure-km", value=str((metres + 500) // 1000))

    def _said(self, text: str, places: Mapping[str, Any]) -> str | None:
        """The text with its places filled; None for one that is missing, or that needs a place which is not given."""
        pattern = self._bundle.get_message(text).value if self._bundle.has_message(text) else None
        if pattern is None:
            return None
        said, errors = self._bundle.format_pattern(pattern, dict(places))
        return None if errors else str(said)


def _members(step: dict[str, Any]) -> Iterator[str]:
    for recipe in step.get("with", {}).values():
        yield from recipe.split(" ")[1:]


def _is_point(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(value.get(name), int) for name in ("lat_e7", "lon_e7"))


def _shown(value: Any) -> str:
    """What no text is for, as it stands on the wire."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def languages_of(party: str, agreed: tuple[str, ...]) -> list[str]:
    """The party's own languages among those that an agreement names, in its order; English if there is none."""
    return [language for language in agreed if language in HOME.get(party, ())] or ["en"]
