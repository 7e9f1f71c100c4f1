"""Sources: what a node's config says of each feed, checked field by field.

Here: `SourceConfig` and its strict parser. Not here: reading a config file, addresses and ports (edges).
The ASTERIX edition is not on the wire, so it stands here, per source and category. May know: terms,
decode.layout.
"""

import math
import re
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from redshank.decode.specs import specs_of
from redshank.terms import limits
from redshank.terms.geo import REGION, Area, Position
from redshank.terms.ids import SourceId
from redshank.terms.refusal import Reason, Refusal

CATEGORIES = (48, 62)
"""The ASTERIX categories that this room turns into reports: monoradar target reports and system tracks."""

SERVICE_CATEGORIES = (34, 65)
"""Service messages of the same senders: north marks, end of batch. They hold no target."""


class SourceKind(StrEnum):
    """What a source speaks."""

    ASTERIX = "asterix"
    JSON = "json"


class RadarSite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a radar's antenna stands; altitude above mean sea level, metres. Its north is true north."""

    lat_deg: Annotated[float, Meta(ge=-90, le=90)]
    lon_deg: Annotated[float, Meta(ge=-180, le=180)]
    altitude_m: Annotated[float, Meta(ge=-500, le=9_000)] = 0.0

    @property
    def position(self) -> Position:
        """The antenna's place on WGS 84."""
        return Position(self.lat_deg, self.lon_deg)


class SourceConfig(msgspec.Struct, frozen=True, kw_only=True):
    """One feed. Sigmas are standard deviations of what the source measures, where the data do not say it."""

    id: SourceId
    kind: SourceKind
    editions: tuple[tuple[int, str], ...] = ()
    """(category, edition); a category without an edition here is refused with WRONG_CATEGORY."""
    ignored: tuple[int, ...] = SERVICE_CATEGORIES
    sac_sic: tuple[tuple[int, int], ...] = ()
    """Accepted system area and identification codes; any when empty."""
    radar: RadarSite | None = None
    system_reference: Position | None = None
    """Centre of the stereographic plane of I062/100 and I062/185, where the tracker has one."""
    sigma_range_m: float = 100.0
    sigma_azimuth_deg: float = 0.15
    sigma_position_m: float = 500.0
    """Used for tracks that do not state their accuracy."""
    sigma_velocity_mps: float = 10.0
    area: Area = REGION
    altitude_min_m: float = limits.ALTITUDE_MIN_M
    altitude_max_m: float = limits.ALTITUDE_MAX_M
    speed_max_mps: float = limits.SPEED_MAX_MPS
    age_max_ms: int = limits.REPORT_AGE_MS
    check_spares: bool = True
    """A spare bit that is set speaks of a wrong edition. Off only for a sender that is known to misuse
    them."""
    accept_simulated: bool = False
    """Whether targets marked as simulated or test are reports; they are ignored otherwise. For exercises."""

    def edition_of(self, category: int) -> str | None:
        """The edition configured for a category."""
        return next((edition for known, edition in self.editions if known == category), None)


Sigma = Annotated[float, Meta(gt=0, le=limits.SIGMA_MAX_M)]
Octet = Annotated[int, Meta(ge=0, le=255)]


class _Area(msgspec.Struct, forbid_unknown_fields=True):
    lat_min_deg: Annotated[float, Meta(ge=-90, le=90)]
    lat_max_deg: Annotated[float, Meta(ge=-90, le=90)]
    lon_min_deg: Annotated[float, Meta(ge=-180, le=180)]
    lon_max_deg: Annotated[float, Meta(ge=-180, le=180)]


class _Reference(msgspec.Struct, forbid_unknown_fields=True):
    lat_deg: Annotated[float, Meta(ge=-89, le=89)]
    lon_deg: Annotated[float, Meta(ge=-180, le=180)]


class _Code(msgspec.Struct, forbid_unknown_fields=True):
    sac: Octet
    sic: Octet


class _Source(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The fields of a source as they stand in a config file, with their bounds."""

    id: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    kind: SourceKind
    editions: dict[int, str] = {}
    ignored: Annotated[list[Octet], Meta(max_length=16)] = msgspec.field(
        default_factory=lambda: list(SERVICE_CATEGORIES)
    )
    sac_sic: Annotated[list[_Code], Meta(max_length=64)] = []
    radar: RadarSite | None = None
    system_reference: _Reference | None = None
    sigma_range_m: Sigma = 100.0
    sigma_azimuth_deg: Annotated[float, Meta(gt=0, le=10)] = 0.15
    sigma_position_m: Sigma = 500.0
    sigma_velocity_mps: Annotated[float, Meta(gt=0, le=limits.SPEED_MAX_MPS)] = 10.0
    area: _Area | None = None
    altitude_min_m: Annotated[float, Meta(ge=limits.ALTITUDE_MIN_M, le=0)] = limits.ALTITUDE_MIN_M
    altitude_max_m: Annotated[float, Meta(gt=0, le=limits.ALTITUDE_MAX_M)] = limits.ALTITUDE_MAX_M
    speed_max_mps: Annotated[float, Meta(gt=0, le=limits.SPEED_MAX_MPS)] = limits.SPEED_MAX_MPS
    age_max_ms: Annotated[int, Meta(gt=0, le=limits.REPORT_AGE_MS)] = limits.REPORT_AGE_MS
    check_spares: bool = True
    accept_simulated: bool = False


def parse_source(raw: object) -> SourceConfig | Refusal:
    """A source from plain data (of YAML or JSON). A refusal names the field and the limit that it breaks.

    An edition is text: unquoted 1.20 in YAML is the number 1.2, which is another edition, and is refused.
    """
    not_finite = _not_finite(raw, "source")
    if not_finite is not None:
        return Refusal(Reason.MALFORMED, not_finite, "needs a finite number")
    try:
        source = msgspec.convert(raw, _Source, str_keys=True)
    except msgspec.ValidationError as error:
        return refusal_of(error, "source")
    return _checked_editions(source) or _checked_place(source) or _config(source)


def refusal_of(error: msgspec.MsgspecError, whole: str) -> Refusal:
    """A msgspec error as a refusal that names the field: UNKNOWN_FIELD or MALFORMED."""
    text, _, path = str(error).partition(" - at `")
    place = path.rstrip("`").removeprefix("$").lstrip(".")
    unknown = re.search(r"unknown field `(.*)", text, re.DOTALL)  # a name may hold a backtick, or be empty
    if unknown:
        name = unknown.group(1).removesuffix("`")[:40] or "(empty name)"
        return Refusal(Reason.UNKNOWN_FIELD, f"{place}.{name}" if place else name, "is not a field of this form")
    missing = re.search(r"required field `([^`]*)`", text)
    if missing:
        name = missing.group(1)
        return Refusal(Reason.MALFORMED, f"{place}.{name}" if place else name, "is required")
    return Refusal(Reason.MALFORMED, place or whole, text[:200])


def _not_finite(raw: object, place: str) -> str | None:
    """The place of the first NaN or infinity, which YAML can write and no bound below catches for NaN."""
    if isinstance(raw, float) and not math.isfinite(raw):
        return place
    members: list[tuple[Any, object]] = []
    if isinstance(raw, dict):
        members = list(raw.items())
    elif isinstance(raw, list):
        members = list(enumerate(raw))
    return next((found for key, value in members if (found := _not_finite(value, f"{place}.{key}"))), None)


def _checked_editions(source: _Source) -> Refusal | None:
    if source.kind is SourceKind.JSON:
        return None
    if not source.editions:
        return Refusal(Reason.MALFORMED, "editions", 'is required, for example {48: "1.31", 62: "1.18"}')
    for category, edition in source.editions.items():
        if category not in CATEGORIES:
            known = ", ".join(map(str, CATEGORIES))
            return Refusal(Reason.WRONG_CATEGORY, f"editions.{category}", f"only these are decoded: {known}")
        if edition not in specs_of(category):
            known = ", ".join(specs_of(category))
            return Refusal(
                Reason.WRONG_EDITION,
                f"editions.{category}",
                f"no edition {edition[:20]!r}; available: {known}",
            )
    if 48 in source.editions and source.radar is None:
        return Refusal(Reason.MALFORMED, "radar", "is required for category 48, whose plots are polar")
    return None


def _checked_place(source: _Source) -> Refusal | None:
    area = source.area
    if area and not (area.lat_min_deg < area.lat_max_deg and area.lon_min_deg < area.lon_max_deg):
        return Refusal(Reason.MALFORMED, "area", "each minimum must be below its maximum")
    return None


def _config(source: _Source) -> SourceConfig:
    plain = msgspec.structs.asdict(source)
    reference, area = source.system_reference, source.area
    plain |= {
        "id": SourceId(source.id),
        "editions": tuple(sorted(source.editions.items())),
        "ignored": tuple(source.ignored),
        "sac_sic": tuple((code.sac, code.sic) for code in source.sac_sic),
        "system_reference": Position(reference.lat_deg, reference.lon_deg) if reference else None,
        "area": Area(**msgspec.structs.asdict(area)) if area else REGION,
    }
    return SourceConfig(**plain)
