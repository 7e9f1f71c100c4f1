"""Strict YAML: what no file of the project may use, found on the event stream, before anything is built from it.

Here: size, depth, length of a scalar; aliases, tags, merge keys, infinities. Not here: what a file means. May
know: PyYAML, limits. Each of these either costs more than it is long (an alias of aliases, a number in base 60), or
hides something from the person who reads the file, or brings PyYAML's constructors to exceptions that are no YAMLError
(``!!int ""``).
"""

import re

import msgspec
import yaml

from redshank.terms import limits

_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class YamlFault(msgspec.Struct, frozen=True):
    """What is wrong, in which line (from 1), and in which field (``rules[0].partners``; ``file`` for the whole)."""

    line: int
    field: str
    problem: str


class _Trail:
    """Where in the file an event stands. Lives for one reading."""

    def __init__(self) -> None:
        self._steps: list[str | int] = []
        """For each open collection: the key of a mapping (empty where a key is due), or the number in a sequence."""
        self._is_key_due: list[bool] = []

    @property
    def depth(self) -> int:
        """Open collections."""
        return len(self._steps)

    @property
    def field(self) -> str:
        """The path so far."""
        text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self._steps if step != "")
        return text.removeprefix(".")[-200:] or "file"

    def enter(self, event: yaml.Event) -> None:
        """Before an event is looked at: a key is the field that it names."""
        if isinstance(event, yaml.ScalarEvent) and self._steps and self._is_key_due[-1]:
            self._steps[-1] = event.value[:80]

    def leave(self, event: yaml.Event) -> None:
        """After an event was looked at."""
        if isinstance(event, yaml.CollectionStartEvent):
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            self._steps.append("" if is_mapping else 0)
            self._is_key_due.append(is_mapping)
            return
        if isinstance(event, yaml.CollectionEndEvent):
            self._steps.pop()
            self._is_key_due.pop()
        if self._steps and isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
            step = self._steps[-1]
            if isinstance(step, int):
                self._steps[-1] = step + 1
            else:
                self._is_key_due[-1] = not self._is_key_due[-1]


def fault_in(text: str, chars: int) -> YamlFault | None:
    """The first thing in a text of at most `chars` characters that a strict reader does not take; None if it may be
    loaded by yaml.safe_load. Never raises; needs no recursion."""
    if len(text) > chars:
        return YamlFault(1, "file", f"{len(text)} characters; at most {chars}")
    trail = _Trail()
    try:
        for event in yaml.parse(text, yaml.SafeLoader):
            trail.enter(event)
            problem = _problem(event, trail.depth)
            if problem:
                return YamlFault(event.start_mark.line + 1 if event.start_mark else 1, trail.field, problem)
            trail.leave(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return YamlFault(line, "file", f"not YAML: {error.problem}")
    except (yaml.YAMLError, ValueError) as error:  # ValueError: an escape such as \U00110000, which is no character
        return YamlFault(1, "file", f"not YAML: {str(error)[:200]}")
    return None


def _problem(event: yaml.Event, depth: int) -> str | None:
    if isinstance(event, yaml.CollectionStartEvent) and depth >= limits.CONFIG_DEPTH:
        return f"nested deeper than {limits.CONFIG_DEPTH}"
    if isinstance(event, yaml.AliasEvent):
        return "an alias (*name) is not used here: write it out"
    if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
        return f"tags ({event.tag[:40]}) are not used here"
    return _scalar_problem(event) if isinstance(event, yaml.ScalarEvent) else None


def _scalar_problem(event: yaml.ScalarEvent) -> str | None:
    if len(event.value) > limits.CONFIG_SCALAR_CHARS:
        return f"a value of {len(event.value)} characters; at most {limits.CONFIG_SCALAR_CHARS}"
    if event.style is None and event.value == "<<":
        return "merge keys (<<) are not used here: write it out"
    if event.style is None and _NOT_FINITE.fullmatch(event.value):
        return f"{event.value} is no number to decide by"
    return None
