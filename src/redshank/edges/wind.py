"""Wind from a file or an answer of a service: small JSON that any weather service's data are turned into in some lines.

Here: `parse_wind`. Not here: who fetches the bytes, what the wind is for (forecast). The format is in docs/forecast.md,
"Wind". The bytes are hostile: bounded, strict, refused with the name of the field.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from redshank.terms import limits
from redshank.terms.instants import Instant, parse_instant
from redshank.terms.refusal import Reason, Refusal
from redshank.terms.wind import Wind


class _File(msgspec.Struct, forbid_unknown_fields=True):
    v: int
    source: str
    times: list[str]
    heights_m: list[float]
    lats_deg: list[float]
    lons_deg: list[float]
    east_mps: list[float]
    north_mps: list[float]


def parse_wind(data: bytes) -> Wind | Refusal:
    """The field, or why not: MALFORMED (not this format), TOO_LARGE, BAD_TIME, LOCAL_TIME, VALUE_NOT_PLAUSIBLE (a grid
    that does not ascend, a count that does not fit, a wind above WIND_MAX_MPS)."""
    if len(data) > limits.WIND_BYTES:
        return Refusal(Reason.TOO_LARGE, "wind", f"more than {limits.WIND_BYTES} bytes")
    try:
        file = msgspec.json.decode(data, type=_File)
    except msgspec.DecodeError as error:
        return Refusal(Reason.MALFORMED, "wind", str(error)[:200])
    if file.v != 1:
        return Refusal(Reason.MALFORMED, "wind.v", "1 is known")
    times: list[Instant] = []
    for text in file.times:
        when = parse_instant(text)
        if isinstance(when, Refusal):
            return Refusal(when.reason, "wind.times", when.detail)
        times.append(when)
    axes: dict[str, Sequence[float]] = {
        "times": times,
        "heights_m": file.heights_m,
        "lats_deg": file.lats_deg,
        "lons_deg": file.lons_deg,
    }
    for name, axis in axes.items():
        if len(axis) < (1 if name == "heights_m" else 2) or not all(a < b for a, b in pairwise(axis)):
            return Refusal(Reason.VALUE_NOT_PLAUSIBLE, f"wind.{name}", "too few steps, or they do not ascend")
    count = math.prod(len(axis) for axis in axes.values())
    for name, values in (("east_mps", file.east_mps), ("north_mps", file.north_mps)):
        if len(values) != count:
            return Refusal(Reason.VALUE_NOT_PLAUSIBLE, f"wind.{name}", f"{count} values are needed, not {len(values)}")
        if not all(abs(value) <= limits.WIND_MAX_MPS for value in values):
            return Refusal(Reason.VALUE_NOT_PLAUSIBLE, f"wind.{name}", f"above {limits.WIND_MAX_MPS} m/s")
    return Wind(
        file.source[: limits.REPORT_TEXT_CHARS], tuple(times), tuple(file.heights_m), tuple(file.lats_deg),
        tuple(file.lons_deg), tuple(file.east_mps), tuple(file.north_mps),
    )  # fmt: skip
