"""A forecast's hinges as sentences: what the probability would become if it were known what the object does next.

Here: English from codes, for documents and logs; a page says them in its reader's language from the same codes. Not
here: which hinges there are (sums). May know: terms.
"""

from redshank.terms.crossing import Course, Forecast

WORDS = {
    Course.TRANSIT: "holds its course",
    Course.CRUISE: "goes on and wanders",
    Course.LOITER: "stays about where it has been",
    Course.RETURN: "turns back",
    Course.DRIFT: "goes on drifting as its trail did",
    Course.FAIL: "comes down soon",
}


def what_it_hangs_on(forecast: Forecast) -> tuple[str, ...]:
    """A sentence for each hinge, strongest first; one that says so if there is none, none without a border."""
    if not forecast.borders:
        return ()
    first = forecast.borders[0]
    if not forecast.hinges:
        return (f"No single course changes the {_percent(first.probability)} for {first.border} by much.",)
    return tuple(
        f"If it {WORDS[hinge.course]} ({_percent(hinge.weight)}), {hinge.border} into {hinge.into} is crossed with "
        f"{_percent(hinge.probability)}."
        for hinge in forecast.hinges
    )


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"
