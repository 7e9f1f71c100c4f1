"""Results of the evaluation as a table, reliability diagrams as SVG, and the fitted numbers as a module.

Here: text out of numbers. Not here: how they came about.
"""

from collections.abc import Mapping, Sequence
from html import escape

from benchmarks.real_flights.scores import Outcomes, brier_by_aircraft, calibration_error, reliability, skill
from redshank.forecast import fitted
from redshank.forecast.kinds import KNOTS, Kind

GOALS = {("slow", 300): 0.45, ("slow", 600): 0.40, ("slow", 1_200): 0.38, ("transit", 240): 0.94}
SIDE, LEFT, TOP, GAP = 200, 46, 44, 50


def table(found: Mapping[tuple[str, int], Mapping[str, Outcomes]]) -> str:
    """Markdown: for each kind of flight and horizon the skills of ours and of the rivals, and calibration."""
    names = ["ours", *next(iter(found.values()))]
    names = list(dict.fromkeys(name for name in names if name != "climatology"))
    lines = ["| flights, horizon | cases, aircraft | came true | " + " | ".join(f"skill: {name}" for name in names)
             + " | goal | calibration error (by chance) |", "|---" * (len(names) + 5) + "|"]  # fmt: skip
    for (kind, horizon_s), told in found.items():
        ours = told["ours"]
        value, low, high = skill(ours, told["climatology"])
        cells = [f"**{value:.3f}** ({low:.2f} to {high:.2f})"]
        cells += [f"{skill(told[name], told['climatology'])[0]:.3f}" if name in told else "" for name in names[1:]]
        error, chance = calibration_error(ours)
        goal = GOALS.get((kind, horizon_s))
        lines.append(
            f"| {kind}, {horizon_s // 60} min | {len(ours.p):,}, {ours.aircraft.max() + 1} "
            f"| {(ours.weight * ours.came).sum():.3f} | {' | '.join(cells)} | {goal if goal else ''} "
            f"| {error:.4f} ({chance:.4f}) |"
        )
    return "\n".join(lines)


def by_aircraft(ours: Outcomes, reference: Outcomes, names: Sequence[str]) -> str:
    """One line: the skill of each aircraft."""
    skills = 1 - brier_by_aircraft(ours) / brier_by_aircraft(reference)
    return ", ".join(f"{name} {value:.2f}" for name, value in zip(names, skills.tolist(), strict=True))


def diagrams(panels: Sequence[tuple[str, Outcomes, Outcomes]]) -> str:
    """SVG: for each panel (title, recalibrated, raw) the share that came true over what was forecast, and how often."""
    width = LEFT + len(panels) * (SIDE + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{TOP + SIDE + 84}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{TOP + SIDE + 84}" fill="#ffffff"/>',
    ]
    for number, (title, told, raw) in enumerate(panels):
        x, y = LEFT + number * (SIDE + GAP), TOP + SIDE
        parts += [
            f'<text x="{x}" y="{TOP - 26}" font-size="13">{escape(title)}</text>',
            f'<text x="{x}" y="{TOP - 10}" fill="#555">error {calibration_error(told)[0]:.3f}, before '
            f"{calibration_error(raw)[0]:.3f}</text>",
            f'<rect x="{x}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>',
            f'<line x1="{x}" y1="{y}" x2="{x + SIDE}" y2="{TOP}" stroke="#bbb" stroke-dasharray="4 3"/>',
        ]
        for tick in (0.0, 0.5, 1.0):
            parts.append(f'<text x="{x + tick * SIDE}" y="{y + 14}" text-anchor="middle">{tick:g}</text>')
            parts.append(f'<text x="{x - 4}" y="{y - tick * SIDE + 4}" text-anchor="end">{tick:g}</text>')
        parts += _curve(raw, (x, y), "#b58900", dashed=True) + _curve(told, (x, y), "#005a9c", dashed=False)
        parts += [
            f'<rect x="{x + SIDE * (place + 0.1) / 10:.1f}" y="{y + 50 - 30 * weight:.1f}" '
            f'width="{SIDE * 0.08:.1f}" height="{30 * weight:.1f}" fill="#005a9c"/>'
            for place, weight in enumerate(reliability(told)[0].tolist())
        ]
        parts.append(f'<text x="{x}" y="{y + 68}" fill="#555">forecast probability; bars: how often</text>')
    return "\n".join([*parts, "</svg>", ""])


def _curve(found: Outcomes, corner: tuple[int, int], colour: str, dashed: bool) -> list[str]:
    weight, told, came = reliability(found)
    points = [
        (corner[0] + SIDE * p, corner[1] - SIDE * share)
        for much, p, share in zip(weight.tolist(), told.tolist(), came.tolist(), strict=True)
        if much > 0.002
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dash = ' stroke-dasharray="5 3"' if dashed else ""
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
    return [f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"{dash}/>', *dots]


def module(slow: Kind, fast: Kind, provenance: str) -> str:
    """The text of src/redshank/forecast/fitted.py."""

    def rows(name: str, values: Sequence[Sequence[float]]) -> str:
        lines = "\n".join("    (" + ", ".join(f"{value:g}" for value in row) + ")," for row in values)
        return f"{name} = (\n{lines}\n)\n"

    identity = (KNOTS,) * (len(fitted.HORIZONS_S) - 1)
    return (
        f'"""Numbers of the forecast that were fitted on real flights: written by `make calibration`, not by hand.\n\n'
        f"{provenance}\n"
        'How to read them: `kinds.Kind`. A map of a fast object beyond its horizon is the identity.\n"""\n\n'
        "# fmt: off\n"
        f"COURSES = {fitted.COURSES!r}\n".replace("'", '"')
        + f"HORIZONS_S = {fitted.HORIZONS_S!r}\n"
        + rows("SLOW", slow.table)
        + rows("FAST", fast.table)
        + rows("SLOW_MAPS", slow.maps)
        + rows("FAST_MAPS", (*fast.maps, *identity))
    )
