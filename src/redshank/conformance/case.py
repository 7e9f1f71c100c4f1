"""Case: what a qualification tries, one case for one thing that a clause says, and whose fault a failure is.

Here: the types, the register, the ways to end a case. Not here: the cases themselves, running them (exam).
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from redshank.conformance.exam import Exam


class Verdict(StrEnum):
    """How a case ended."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    INCONCLUSIVE = "inconclusive"


class Responsible(StrEnum):
    """Who has to act on a case that did not pass."""

    NOBODY = "nobody"
    NODE = "node"
    QUALIFIER = "qualifier"
    NETWORK = "network"
    SPECIFICATION = "specification"
    """It is silent or leaves a choice: what came is told, and is nobody's fault."""


NOT_TRIED = "not tried: "
"""How the words begin of a case that another one has made impossible."""


class Failed(Exception):
    """The node did something else than the clause says. `waited`: something did not come in time."""

    def __init__(self, came: str, *, waited: bool = False) -> None:
        super().__init__(came)
        self.waited = waited


class Unclear(Exception):
    """The case cannot tell; `party` is who has to look."""

    def __init__(self, party: Responsible, why: str) -> None:
        super().__init__(why)
        self.party = party


class NotApplicable(Exception):
    """The clause asks nothing of this node, and why."""


class Told(Exception):
    """The specification is silent; what came."""


Run = Callable[["Exam"], Awaitable[str]]
"""Runs a case: returns what came when it passed; otherwise raises one of the above, a Breach or a LineFailed."""


class Case(msgspec.Struct, frozen=True):
    """One case. `clauses`: what it is about, the most telling first; `does` and `expects` for a reader."""

    id: str
    clauses: tuple[str, ...]
    does: str
    expects: str
    run: Run


class Piece(msgspec.Struct, frozen=True):
    """A piece of evidence: what it is and the bytes, in base64; of long ones the beginning, and the digest of all."""

    what: str
    bytes: str
    length: int
    sha256: str


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """How one case ended."""

    case: str
    clauses: tuple[str, ...]
    did: str
    expected: str
    came: str
    verdict: Verdict
    responsible: Responsible
    breached: str = ""
    """The clause that was broken, where that is another than the case's own."""
    milliseconds: int = 0
    evidence: tuple[Piece, ...] = ()


CASES: list[Case] = []
"""All cases, in the order in which they run."""


def case(*clauses: str, does: str, expects: str) -> Callable[[Run], Run]:
    """Registers a case under the first clause and a running number."""

    def register(run: Run) -> Run:
        add(clauses, does, expects, run)
        return run

    return register


def add(clauses: tuple[str, ...], does: str, expects: str, run: Run) -> None:
    """Registers one case of a table."""
    number = 1 + sum(known.clauses[0] == clauses[0] for known in CASES)
    CASES.append(Case(f"{clauses[0]}.{number}", clauses, does, expects, run))
