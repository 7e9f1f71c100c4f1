"""Fits the forecast on real flights, judges it on aircraft that it was not fitted on, and writes what came of it.

Writes the results into docs/forecast.md (between its markers), the diagrams into docs/images, and the numbers fitted on
all aircraft into src/redshank/forecast/fitted.py; with `--check` it writes nothing and ends with 1 if they differ.

Run: make calibration, or python -m benchmarks.real_flights [--check]
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import numpy.typing as npt

from benchmarks.real_flights import report
from benchmarks.real_flights.cases import Cases, Plan, cases_of, joined
from benchmarks.real_flights.held_out import RIVALS, Study, fit, forecast_held_out, rivals_held_out, study
from benchmarks.real_flights.recordings import FOR_THE_FIT, SLOW, TRANSIT, pieces
from benchmarks.real_flights.scores import Outcomes, outcomes
from redshank.forecast import fitted, kinds

ROOT = Path(__file__).parents[2]
PAGE, IMAGE = ROOT / "docs" / "forecast.md", ROOT / "docs" / "images" / "forecast-reliability.svg"
NUMBERS = ROOT / "src" / "redshank" / "forecast" / "fitted.py"
BEGIN, END = "<!-- results: written by make calibration -->\n", "<!-- end of results -->"

SLOW_PLAN = Plan(60, 120, fitted.HORIZONS_S, 50.0)
FIT_PLAN = Plan(60, 360, fitted.HORIZONS_S, 50.0)
TRANSIT_PLAN = Plan(60, 60, (240,), 250.0)
JUDGED_FROM_S = 300.0
WITH_RIVALS_S = (240, 300, 600, 1_200)
PROVENANCE = """Data: sample flights of `traffic` 2.13 (MIT), read as docs/forecast.md says. Slow: 15 aircraft, gliders,
surveys and border surveillance, with the others it names for the weights alone. Fast: airliners of `switzerland`."""

Reals = npt.NDArray[np.float64]
Results = dict[tuple[str, int], dict[str, Outcomes]]


def slow_study() -> Study:
    """Each of the judged aircraft is a fold of its own."""
    judged = cases_of(pieces(SLOW), SLOW_PLAN)
    names = sorted(set(judged.aircraft.tolist()))
    rest = cases_of([piece for piece in pieces(FOR_THE_FIT) if piece.aircraft not in names], FIT_PLAN)
    return study(joined(judged, rest), SLOW_PLAN, names, len(names), kinds.SLOW.fail_share)


def transit_study() -> Study:
    """Five folds by aircraft."""
    found = cases_of(pieces(TRANSIT), TRANSIT_PLAN)
    return study(found, TRANSIT_PLAN, sorted(set(found.aircraft.tolist())), 5, 0.0)


def judged(given: Study, name: str, into: Results) -> list[tuple[str, Outcomes, Outcomes]]:
    """Adds the outcomes of ours and of the rivals at each horizon; gives the panels of the diagram."""
    rows = given.judged & (given.cases.since_s >= JUDGED_FROM_S)
    told, raw = forecast_held_out(given)
    panels = []
    for number, horizon_s in enumerate(given.plan.horizons_s):
        ours, plain = (_outcomes(given.cases, p[:, number], number, rows) for p in (told, raw))
        others = rivals_held_out(given, number, boosting=horizon_s in WITH_RIVALS_S)
        into[name, horizon_s] = {"ours": ours} | {
            rival: _outcomes(given.cases, others[rival], number, rows) for rival in RIVALS if rival in others
        }
        panels.append((f"{name}, {horizon_s // 60} min", ours, plain))
        print(f"{name}, {horizon_s // 60} min: judged", flush=True)
    return panels


def _outcomes(cases: Cases, p: Reals, number: int, rows: npt.NDArray[np.bool_]) -> Outcomes:
    return outcomes(p[rows], cases.crossed[rows, number], cases.aircraft[rows])


def main() -> int:
    """Fits, judges, writes."""
    found: Results = {}
    slow, fast = slow_study(), transit_study()
    numbers = report.module(fit(slow, None), fit(fast, None), PROVENANCE)
    if "--check" not in sys.argv[1:]:
        NUMBERS.write_text(numbers, encoding="utf-8")  # first: what ships does not wait for the rivals
    panels = judged(slow, "slow", found) + judged(fast, "transit", found)
    results = report.table(found) + "\n"
    for horizon_s in (300, 600, 1_200):
        told = found["slow", horizon_s]
        names = sorted(set(slow.cases.aircraft[slow.judged].tolist()))
        heard = np.isfinite(slow.cases.crossed[:, SLOW_PLAN.horizons_s.index(horizon_s), 0])
        late = slow.judged & (slow.cases.since_s >= JUDGED_FROM_S) & heard
        names = [name for name in names if (slow.cases.aircraft[late] == name).any()]
        results += f"\nSkill by aircraft, {horizon_s // 60} min: "
        results += report.by_aircraft(told["ours"], told["climatology"], names) + ".\n"
    print(results)
    page = PAGE.read_text(encoding="utf-8")
    head, tail = page.split(BEGIN)[0], page.split(END)[1]
    written = {
        PAGE: head + BEGIN + results + END + tail,
        IMAGE: report.diagrams(panels),
        NUMBERS: numbers,
    }
    differ = [path for path, text in written.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        print("differ: " + ", ".join(path.name for path in differ) if differ else "all as written")
        return 1 if differ else 0
    for path in differ:
        path.write_text(written[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
