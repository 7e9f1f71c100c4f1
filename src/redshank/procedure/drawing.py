"""Drawing: a table as one SVG sheet: its states from top to bottom, each change of state as a line, and who owes what.

Here: layout and drawing. Not here: files. May know: terms. The layout is our own, because a state chart of this kind
needs no more: every change has its own line of text beside the state that it leaves, so no label ever lies on
another; its line runs in a lane of its own at the right, the shorter the nearer.
"""

from html import escape

import msgspec

from redshank.procedure.explore import Rules, anything, search
from redshank.procedure.obligation import Owner
from redshank.procedure.table import IncidentPhase, ProcedureTable

BOX_X, BOX_W, TEXT_X, LANES_X, LANE_W, LINE_H = 30, 330, 400, 720, 11, 17
CHARS_BOX, CHARS_LABEL, CHARS_RULE = 48, 42, 100
WIDTH_MIN = 910
COLOURS = {"sent": "#0050a0", "got": "#a04000", "timer": "#8a0030", "own": "#404040", "mixed": "#404040"}
DASHES = {"sent": "", "got": "7 3", "timer": "2 3", "own": "10 3 2 3", "mixed": ""}
PHASE_FILL = {IncidentPhase.OPEN: "#eef4fb", IncidentPhase.CLOSING: "#fdf3e0", IncidentPhase.CLOSED: "#ececec"}
VERBS = {"sent": "we send", "got": "we get", "overdue": "missed:", "exhausted": "ladder at its end:"}
OWN = {
    "receipt": "receipt",
    "forecast": "we forecast a crossing",
    "crossed": "it has crossed",
    "lost": "we lose it",
    "warned": "our public is warned",
    "withheld": "release withholds it",
    "dropped": "we drop it",
    "closed-alone": "we close alone",
}
LEGEND = (("sent", "we send"), ("got", "we get"), ("timer", "a deadline's ladder ends"), ("own", "we see or decide"))


class _Change(msgspec.Struct, kw_only=True):
    """A change of state by one kind of input: where it leaves, where it arrives, in which lane it runs."""

    source: str
    target: str
    kind: str
    lines: list[str]
    leaves: int = 0
    lane: int = 0


def draw(table: ProcedureTable) -> str:
    """The table as SVG text; the same table gives the same bytes."""
    changes, inside = _changes(table), _inside(table)
    tops, bottom = _place(changes, inside)
    _lay_lanes(changes, tops)
    lanes = max((change.lane for change in changes), default=0) + 2
    width = max(WIDTH_MIN, LANES_X + lanes * LANE_W + 10)
    rules, height = _rules(table, bottom + 46)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="Noto Sans, DejaVu Sans, sans-serif" font-size="12" role="img">',
        f"<title>Procedure {_safe(table.name)}, version {table.version}</title>",
        "<desc>States from top to bottom; beside each state what leads out of it and where to.</desc>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0 8 4 0 8z" fill="#303030"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(BOX_X, 30, f"Procedure {table.name}", size=18, bold=True),
        *_legend(),
        *(_line(change, tops) for change in changes),
        *(part for name in table.states for part in _box(table, name, tops[name], inside[name])),
        *(f'<path d="M{BOX_X + BOX_W} {change.leaves}h30" stroke="#b0b0b0" fill="none"/>' for change in changes),
        *(part for change in changes for part in _label(change)),
        *rules,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _kind(given: str) -> str:
    kind = given.partition(":")[0]
    return kind if kind in ("sent", "got") else "timer" if kind in ("overdue", "exhausted") else "own"


def _said(given: str) -> str:
    kind, _, what = given.partition(":")
    return f"{VERBS[kind]} {what.replace(':no', ', no')}" if what else OWN[kind]


def _changes(table: ProcedureTable) -> list[_Change]:
    inputs: dict[tuple[str, str, str], list[str]] = {}
    for (state, given), row in table.rows.items():
        if row.to != state:
            inputs.setdefault((state, row.to, _kind(given)), []).append(_said(given))
    order = list(table.states)
    keys = sorted(inputs, key=lambda key: (order.index(key[0]), order.index(key[1]), list(COLOURS).index(key[2])))
    return [
        _Change(source=key[0], target=key[1], kind=key[2], lines=_wrap("; ".join(inputs[key]), CHARS_LABEL))
        for key in keys
    ]


def _wrap(text: str, chars: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) + 1 > chars:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _inside(table: ProcedureTable) -> dict[str, list[str]]:
    """The lines in each state's box: what it means, and what may be open in it, as the search finds it."""
    rules = Rules(table, all_owed=True)
    owed: dict[str, set[tuple[Owner, str]]] = {name: set() for name in table.states}
    for side in search(rules.start(), lambda side: anything(rules, side)).worlds:
        owed[side.state] |= {(one.owner, one.what) for one in side.owes}
    lines = {}
    for name, rule in table.states.items():
        lines[name] = _wrap(rule.means, CHARS_BOX)
        for owner, who in ((Owner.US, "we may owe"), (Owner.PARTNER, "the partner may owe")):
            what = [known for known in table.obligations if (owner, known) in owed[name]]
            lines[name] += _wrap(f"{who}: {', '.join(what)}", CHARS_BOX) if what else []
    return lines


def _place(changes: list[_Change], inside: dict[str, list[str]]) -> tuple[dict[str, tuple[int, int]], int]:
    """Top and height of each state's box, and where the last one ends. The first line beside a box is for what
    arrives."""
    tops, y = {}, 86
    for name, lines in inside.items():
        beside = LINE_H
        for change in (change for change in changes if change.source == name):
            change.leaves = y + beside + LINE_H // 2
            beside += LINE_H * len(change.lines)
        tops[name] = (y, max(beside, LINE_H * (1 + len(lines))) + 10)
        y += tops[name][1] + 14
    return tops, y


def _lay_lanes(changes: list[_Change], tops: dict[str, tuple[int, int]]) -> None:
    """The innermost free lane for each, short ones first."""
    taken: list[list[tuple[int, int]]] = []
    for change in sorted(changes, key=lambda change: abs(tops[change.target][0] - change.leaves)):
        low, high = sorted((change.leaves, tops[change.target][0] + LINE_H // 2))
        free = (lane for lane, spans in enumerate(taken) if all(high < a or low > b for a, b in spans))
        change.lane = next(free, len(taken))
        if change.lane == len(taken):
            taken.append([])
        taken[change.lane].append((low, high))


def _line(change: _Change, tops: dict[str, tuple[int, int]]) -> str:
    x, arrives = LANES_X + (change.lane + 1) * LANE_W, tops[change.target][0] + LINE_H // 2
    dash = f' stroke-dasharray="{DASHES[change.kind]}"' if DASHES[change.kind] else ""
    end = TEXT_X - 8 + round(6.6 * (len(change.lines[0]) + len(change.target) + 5))
    return (
        f'<path d="M{min(end, LANES_X)} {change.leaves}H{x}V{arrives}H{BOX_X + BOX_W + 3}" fill="none" '
        f'stroke="{COLOURS[change.kind]}" stroke-width="1.3"{dash} marker-end="url(#tip)"/>'
    )


def _box(table: ProcedureTable, name: str, place: tuple[int, int], inside: list[str]) -> list[str]:
    top, height = place
    phase = table.phase(name)
    edge = 2.5 if name == table.start or phase is IncidentPhase.CLOSED else 1
    means = len(_wrap(table.states[name].means, CHARS_BOX))
    parts = [
        f'<rect x="{BOX_X}" y="{top}" width="{BOX_W}" height="{height}" rx="6" fill="{PHASE_FILL[phase]}" '
        f'stroke="#303030" stroke-width="{edge}"/>',
        _text(BOX_X + 10, top + 17, name, size=14, bold=True),
        _text(BOX_X + BOX_W - 10, top + 17, phase.value, size=11, end=True, colour="#505050"),
    ]
    for number, line in enumerate(inside):
        colour = "#101010" if number < means else "#505050"
        parts.append(_text(BOX_X + 10, top + 17 + LINE_H * (number + 1), line, colour=colour))
    return parts


def _label(change: _Change) -> list[str]:
    lines = [*change.lines[:-1], f"{change.lines[-1]} → {change.target}"]
    return [
        _text(TEXT_X, change.leaves + 4 + LINE_H * number, line, colour=COLOURS[change.kind])
        for number, line in enumerate(lines)
    ]


def _legend() -> list[str]:
    parts, x = [], BOX_X
    for kind, said in LEGEND:
        dash = f' stroke-dasharray="{DASHES[kind]}"' if DASHES[kind] else ""
        parts.append(f'<path d="M{x} 56h36" stroke="{COLOURS[kind]}" stroke-width="2"{dash} fill="none"/>')
        parts.append(_text(x + 42, 60, said, colour=COLOURS[kind]))
        x += 62 + 7 * len(said)
    return parts


def _rules(table: ProcedureTable, top: int) -> tuple[list[str], int]:
    """Who owes what by when, and each step of the ladder; and where the sheet ends."""
    parts = [_text(BOX_X, top, "Who owes what, by when, and what happens when it is not done", size=14, bold=True)]
    y = top + 24
    for name, rule in table.obligations.items():
        parts.append(_text(BOX_X, y, name, bold=True))
        parts.append(_text(BOX_X + 110, y, _duration(rule.deadline_s)))
        for owner in (owner for owner in Owner if owner in rule.ladder):
            steps = ", ".join(f"{rung.step.value}\u00a0+{_duration(rung.after_s)}" for rung in rule.ladder[owner])
            who = "by us" if owner is Owner.US else "by the partner"
            for line in _wrap(f"{who}: {steps}", CHARS_RULE):
                parts.append(_text(BOX_X + 190, y, line))
                y += LINE_H
        y += 3
    return parts, y + 10


def _duration(seconds: int) -> str:
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size}\u00a0{unit}"
    return f"{seconds}\u00a0s"


def _text(
    x: int, y: int, words: str, *, size: int = 12, bold: bool = False, end: bool = False, colour: str = "#101010"
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    anchor = ' text-anchor="end"' if end else ""
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}"{weight}{anchor}>{_safe(words)}</text>'


def _safe(words: str) -> str:
    """As XML text. What XML has no place for (control characters) becomes a question mark."""
    return escape("".join(letter if letter.isprintable() or letter == "\u00a0" else "?" for letter in words))
