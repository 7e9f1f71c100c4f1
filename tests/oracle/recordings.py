"""The real recordings that ship with asterix_decoder, as that decoder reads them.

Here: where the oracle lives, its records in plain types. Any test may use it; it skips where the oracle is not set up
(`make test` sets it up in .venv/oracle).
"""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

HERE = Path(__file__).parent
RECORDINGS = ("cat048.raw", "cat_034_048.pcap", "cat062cat065.raw", "cat_062_065.pcap")
SERVICE = (34, 65)


class OracleRecord(NamedTuple):
    """One record as the oracle reads it, in the oracle's units (degrees, nautical miles, knots, m/s, feet)."""

    category: int
    sac: int
    sic: int
    port: int | None
    captured_s: float | None
    time_of_day_s: float
    track_number: int | None
    lat_deg: float | None
    lon_deg: float | None
    items: dict[str, Any]

    def value(self, item: str, field: str) -> Any:
        """The value of one field, None where the record does not have it."""
        return self.items.get(item, {}).get(field, {}).get("val")


def oracle_python() -> Path | None:
    """The interpreter of the oracle's environment."""
    named = os.environ.get("REDSHANK_ORACLE_PYTHON")
    path = Path(named) if named else HERE.parents[1] / ".venv" / "oracle" / "bin" / "python"
    return path if path.exists() else None


@cache
def _run(name: str) -> dict[str, Any]:
    python = oracle_python()
    if python is None:
        pytest.skip("no oracle: .venv/oracle holds no asterix_decoder (tools set it up)")
    script = HERE / "decode_with_oracle.py"
    done = subprocess.run([python, script, name], capture_output=True, text=True, timeout=60, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def recording_path(name: str) -> Path:
    """The file of a recording inside the oracle's environment. Skips the test where there is no oracle."""
    return Path(_run(name)["path"])


def oracle_records(name: str, port: int | None = None) -> list[OracleRecord]:
    """All records of a recording, in order; only those of datagrams to `port`, if given."""
    return [
        _record(record, datagram["port"], datagram["captured_s"])
        for datagram in _run(name)["datagrams"]
        if port in (None, datagram["port"])
        for record in datagram["records"]
    ]


def oracle_tracks(name: str) -> list[OracleRecord]:
    """The CAT062 records of a recording: position, track number and time of day of each system track."""
    return [record for record in oracle_records(name) if record.category == 62]


def _record(record: dict[str, Any], port: int | None, captured_s: float | None) -> OracleRecord:
    def value(item: str, field: str) -> Any:
        return record.get(item, {}).get(field, {}).get("val")

    times = (value("I140", "ToD"), value("I070", "ToT"), value("I030", "ToD"))
    tracks = (value("I161", "Tn"), value("I040", "TrkN"))
    return OracleRecord(
        category=record["category"],
        sac=value("I010", "SAC"),
        sic=value("I010", "SIC"),
        port=port,
        captured_s=captured_s,
        time_of_day_s=next(time for time in times if time is not None),
        track_number=next((track for track in tracks if track is not None), None),
        lat_deg=value("I105", "Lat"),
        lon_deg=value("I105", "Lon"),
        items=record,
    )
