"""Configuration text: YAML that a legal adviser writes, read strictly, with errors that name line, field and limit.

Here: the reader for tables and agreements. Not here: what they mean. May know: terms.
YAML 1.1 by PyYAML's safe loader, as far as terms.strict_yaml lets it; doubled keys are refused, because they hide
something from the person who reads the file.
"""

import re
from typing import Any, TypeVar

import msgspec
import yaml

from redshank.terms import limits
from redshank.terms.strict_yaml import fault_in

T = TypeVar("T")
Path = tuple[str | int, ...]

_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]")


class ConfigError(ValueError):
    """A configuration text that can not be used: line (from 1), field, and what is wrong with it."""

    def __init__(self, line: int, field: str, problem: str) -> None:
        super().__init__(f"line {line}: {field}: {problem}")
        self.line = line
        self.field = field
        self.problem = problem


class Document:
    """A parsed text that still knows the line of each field."""

    def __init__(self, data: Any, lines: dict[Path, int]) -> None:
        self._data = data
        self._lines = lines

    def decode(self, kind: type[T], *path: str | int) -> T:
        """The value at `path` as a `kind`, strictly. Raises ConfigError; unknown fields are errors."""
        value = self._data
        try:
            for step in path:
                value = value[step]
            return msgspec.convert(value, kind)
        except (KeyError, TypeError, IndexError):
            raise self.error("is missing", *path) from None
        except msgspec.ValidationError as error:
            problem, _, where = str(error).partition(" - at `$")
            known = where.partition("`")[0].partition("[...]")[0]  # msgspec does not tell a mapping's keys
            inner = tuple(name or int(index) for name, index in _STEP.findall(known))
            raise self.error(problem, *path, *inner) from None

    def keys(self, *path: str | int) -> tuple[str, ...]:
        """The keys of the mapping at `path`, in file order. Raises ConfigError if there is none."""
        return tuple(self.decode(dict[str, Any], *path))

    def error(self, problem: str, *path: str | int) -> ConfigError:
        """An error at `path`, or at the nearest field above it that the file has."""
        known = path
        while known and known not in self._lines:
            known = known[:-1]
        return ConfigError(self._lines.get(known, 1), ".".join(map(str, path)) or "file", problem)


def read(text: str) -> Document:
    """YAML text to a document. Raises ConfigError."""
    fault = fault_in(text, limits.CONFIG_CHARS)
    if fault is not None:
        raise ConfigError(fault.line, "file", fault.problem)
    try:
        node = yaml.compose(text, yaml.SafeLoader)
        lines: dict[Path, int] = {}
        if not isinstance(node, yaml.MappingNode):
            raise ConfigError(1, "file", "needs fields (name: value)")
        _note_lines(node, (), lines)
        return Document(yaml.safe_load(text), lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(line, "file", f"not YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, ConfigError):
            raise
        raise ConfigError(1, "file", f"not YAML: {error}") from None


def _note_lines(node: yaml.Node, path: Path, lines: dict[Path, int]) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note_lines(item, (*path, index), lines)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            line = key.start_mark.line + 1
            where = ".".join(map(str, path)) or "file"
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                raise ConfigError(line, where, f"a key must be text, got {getattr(key, 'value', key)!r}")
            inner = (*path, key.value)
            if inner in lines:
                raise ConfigError(line, ".".join(map(str, inner)), "stands here twice")
            lines[inner] = line
            _note_lines(value, inner, lines)
