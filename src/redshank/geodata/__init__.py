"""Borders, countries, districts, places, airports, their rasters and the base map, as data files.

Here: the files, their manifest (hashes), licence and attribution, and `read`, which hands out bytes. Not here: what the
files mean (`forecast/geography`). Knows no room. Only edges, compose, tools and tests call `read`.
"""

import gzip
import hashlib
import json
from importlib.resources import files
from typing import Any


class DamagedGeodata(Exception):
    """A data file is not the one that the manifest names: the installation is damaged."""


def manifest() -> dict[str, Any]:
    """The manifest: attribution, plane, and for each file its size and SHA-256."""
    content: dict[str, Any] = json.loads(files(__name__).joinpath("manifest.json").read_bytes())
    return content


def read(name: str) -> bytes:
    """The bytes of a data file, checked against the manifest; ``borders.geojson`` is unpacked from its ``.gz``.

    Raises KeyError for a name that the manifest does not hold, DamagedGeodata when the hash differs.
    """
    known = manifest()["files"]
    packed = name if name in known else f"{name}.gz"
    expected = known[packed]["sha256"]
    data = files(__name__).joinpath(packed).read_bytes()
    if hashlib.sha256(data).hexdigest() != expected:
        raise DamagedGeodata(f"{packed} is not the file that the manifest names")
    return data if packed == name else gzip.decompress(data)


def attribution() -> str:
    """The line that every map made from these files must show."""
    return str(manifest()["attribution"])
