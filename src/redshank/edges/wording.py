"""Wording from the disk: the texts and the plan that ship with the program, and the names of districts.

Here: reading them once per process. Not here: what is said (`wording`). May know: wording, geodata.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from redshank import geodata
from redshank.wording.wording import Plan, Wording


@cache
def wording(language: str) -> Wording:
    """The texts of a language (`LANGUAGES`). Raises FileNotFoundError for a language that there is not."""
    folder = files("redshank.wording").joinpath("texts", language)
    sources = {entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir()}
    return Wording(language, sources, plan(), district_names())


@cache
def plan() -> Plan:
    """What is said of each type."""
    content: Plan = json.loads(files("redshank.wording").joinpath("plan.json").read_bytes())
    return content


@cache
def district_names() -> dict[str, dict[str, str]]:
    """District to its names by language; under ``""`` the one that it bears at home."""
    collection: dict[str, Any] = json.loads(geodata.read("districts.geojson"))
    return {str(one["id"]): _names(one) for one in (feature["properties"] for feature in collection["features"])}


def _names(properties: dict[str, Any]) -> dict[str, str]:
    """Of names in other letters, those in Latin ones serve the languages that are written so."""
    home, given = str(properties["name"]), properties.get("names") or {}
    names = {"": home} | {language: str(given[language]) for language in ("be", "ru") if language in given}
    if not home.isascii() and any("\u0400" <= letter <= "\u04ff" for letter in home) and "en" in given:
        names |= {language: str(given["en"]) for language in ("lt", "lv", "et", "pl", "en")}
    return names
