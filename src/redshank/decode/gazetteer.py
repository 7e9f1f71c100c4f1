"""Gazetteer: place names to positions, for reports such as "3 km north of Zarasai".

Here: the lookup, blind to case and accents. Not here: the file (an edge reads it). The names are
GeoNames' (CC BY 4.0), one spelling each. May know: terms.
"""

import unicodedata
from collections import defaultdict

import msgspec

from redshank.terms import limits
from redshank.terms.geo import Area, Position
from redshank.terms.refusal import Reason, Refusal

BARRED = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "ı": "i", "’": "'"})
"""Letters that Unicode does not take apart into a base letter and an accent."""

LISTED = 5
"""So many candidates are named in a refusal: enough to choose from, short enough to read out."""


class Place(msgspec.Struct, frozen=True):
    """A populated place; `country` is the geodata's country id."""

    name: str
    country: str
    population: int
    position: Position


class _Point(msgspec.Struct):
    coordinates: tuple[float, float]


class _Properties(msgspec.Struct):
    name: str
    country: str
    pop: int


class _Feature(msgspec.Struct):
    properties: _Properties
    geometry: _Point


class _Collection(msgspec.Struct):
    features: list[_Feature]


class Gazetteer:
    """An immutable index of places by folded name."""

    def __init__(self, places: tuple[Place, ...]) -> None:
        index: defaultdict[str, list[Place]] = defaultdict(list)
        for place in places:
            index[fold(place.name)].append(place)
        self._index = {name: tuple(found) for name, found in index.items()}

    def find(self, name: str, near: Area, country: str | None = None) -> Place | Refusal:
        """The one place of this name inside `near` (and `country`, if given).

        UNKNOWN_PLACE when there is none, AMBIGUOUS_PLACE with the candidates when there are several.
        """
        found = [
            place
            for place in self._index.get(fold(name), ())
            if near.holds(place.position.lat_deg, place.position.lon_deg) and country in (None, place.country)
        ]
        if len(found) == 1:
            return found[0]
        if not found:
            detail = f"no place {name[:60]!r} near here: give lat_deg and lon_deg"
            return Refusal(Reason.UNKNOWN_PLACE, "reference.name", detail)
        listed = "; ".join(
            f"{place.name} {place.country} {place.position.lat_deg:.3f} {place.position.lon_deg:.3f}"
            for place in found[:LISTED]
        )
        detail = f"{len(found)} places: {listed}: give country, or lat_deg and lon_deg"
        return Refusal(Reason.AMBIGUOUS_PLACE, "reference.name", detail)


def fold(name: str) -> str:
    """A name without case, accents, and doubled spaces; hyphens count as spaces."""
    spread = name
    for _ in range(2):  # folding can compose and composing can unfold: Unicode's own rule (D146) does both twice
        spread = unicodedata.normalize("NFKD", spread.casefold().translate(BARRED))
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return " ".join(bare.replace("-", " ").split())


def gazetteer_of(geojson: str | bytes) -> Gazetteer | Refusal:
    """A gazetteer from a GeoJSON collection of points with name, country and pop. MALFORMED names the
    fault."""
    try:
        features = msgspec.json.decode(geojson, type=_Collection).features
    except msgspec.MsgspecError as error:
        return Refusal(Reason.MALFORMED, "places", str(error)[:200])
    if len(features) > limits.PLACES:
        return Refusal(Reason.TOO_LARGE, "places", f"{len(features)} places, at most {limits.PLACES}")
    return Gazetteer(
        tuple(
            Place(
                feature.properties.name,
                feature.properties.country,
                feature.properties.pop,
                Position(feature.geometry.coordinates[1], feature.geometry.coordinates[0]),
            )
            for feature in features
        )
    )
