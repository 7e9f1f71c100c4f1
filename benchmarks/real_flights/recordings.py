"""Flights of the `traffic` wheel as places every 10 s: installed when they are wanted, read as the files they are.

Here: `environment`, `pieces`. The wheel lies in a virtual environment of its own in the user's cache (`REDSHANK_PEERS`
names another folder), from `benchmarks/traffic.lock` with hashes, without its dependencies: only its samples are used.
Not here: moments, borders, scores.
"""

import contextlib
import fcntl
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

LOCK = Path(__file__).parents[1] / "traffic.lock"
SLOW = ("gliders", "surveys", "surveillance")
FOR_THE_FIT = (
    "firefighting", "tv_relay", "ambulances", "calibration", "featured/anzac_day", "featured/easter_rabbit",
    "featured/texas_longhorn", "featured/thankyou", "featured/switzerland_map",
)  # fmt: skip
TRANSIT = ("collections/switzerland",)
GAP_S, PIECE_LEAST_S, GRID_S = 60.0, 900.0, 10.0
OVERFLIGHT_FT = 20_000.0
EARTH_M = 6_371_000.0


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of a flight without gaps: places every GRID_S in a local plane, east + i north, metres."""

    name: str
    aircraft: str
    overflight: bool
    """Never below OVERFLIGHT_FT."""
    places_m: npt.NDArray[np.complex128]


def environment() -> Path:
    """The folder of the environment, which is made first if it is not there. Raises CalledProcessError."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = Path(os.environ.get("REDSHANK_PEERS") or cache / "redshank-peers")
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    place = home / f"traffic-{digest}-py{sys.version_info.major}.{sys.version_info.minor}"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "traffic.busy").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        if not (place / "installed").exists():
            print("installing traffic 2.13 (MIT) and scikit-learn (BSD) into an environment of their own", flush=True)
            shutil.rmtree(place, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
            pip = [str(place / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
            subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", str(LOCK)], check=True)
            (place / "installed").touch()
    return place


def pieces(groups: tuple[str, ...]) -> list[Piece]:
    """The pieces of all recordings of some groups (folders or single recordings), in the order of their names."""
    [samples] = (environment() / "lib").glob("python*/site-packages/traffic/data/samples")
    found: list[Piece] = []
    for group in groups:
        for file in sorted(samples.glob(f"{group}.json.gz")) or sorted(samples.glob(f"{group}/*.json.gz")):
            found += _pieces_of(file.name.removesuffix(".json.gz"), _columns(file))
    return found


def _columns(file: Path) -> dict[str, list[Any]]:
    rows = json.loads(gzip.decompress(file.read_bytes()))
    if isinstance(rows, list):
        return {name: [row.get(name) for row in rows] for name in rows[0]}
    return {name: list(column.values()) if isinstance(column, dict) else column for name, column in rows.items()}


def _reals(values: list[Any]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _pieces_of(name: str, columns: dict[str, list[Any]]) -> Iterator[Piece]:
    time_s = np.array([_seconds(value) for value in columns["timestamp"]])
    lat, lon = _reals(columns["latitude"]), _reals(columns["longitude"])
    height_ft = _reals(columns["altitude"]) if "altitude" in columns else np.full(len(lat), np.nan)
    ground = np.array([bool(value) for value in columns.get("onground", [False] * len(lat))])
    aircraft = np.array([str(value) for value in columns.get("icao24", [name] * len(lat))])
    sound = np.isfinite(time_s) & np.isfinite(lat) & np.isfinite(lon) & ~ground
    for one in np.unique(aircraft[sound]).tolist():
        mine = np.flatnonzero(sound & (aircraft == one))
        mine = mine[np.argsort(time_s[mine], kind="stable")]
        mine = mine[np.r_[True, np.diff(time_s[mine]) > 0]]
        mine = mine[np.r_[True, (np.diff(lat[mine]) != 0) | (np.diff(lon[mine]) != 0)]]
        for part in np.split(mine, np.flatnonzero(np.diff(time_s[mine]) > GAP_S) + 1):
            if len(part) < 10 or time_s[part[-1]] - time_s[part[0]] < PIECE_LEAST_S:
                continue
            over = bool(np.nanmin(height_ft[part]) >= OVERFLIGHT_FT) if np.isfinite(height_ft[part]).any() else False
            begin = int(time_s[part[0]])
            yield Piece(f"{name}/{one}/{begin}", one, over, _on_grid(time_s[part], lat[part], lon[part]))


def _seconds(value: Any) -> float:
    """Since 1970, from milliseconds or ISO 8601 in UTC."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return float(np.datetime64(value.removesuffix("Z").removesuffix("+00:00"), "ms").astype(float)) / 1_000
        return float("nan")
    return float(value) / 1_000 if value is not None else float("nan")


def _on_grid(time_s: Any, lat: Any, lon: Any) -> npt.NDArray[np.complex128]:
    north = np.radians(lat - lat[0]) * EARTH_M
    east = np.radians(lon - lon[0]) * EARTH_M * np.cos(np.radians(lat))
    at = np.arange(time_s[0], time_s[-1], GRID_S)
    return np.asarray(np.interp(at, time_s, east + 1j * north))
