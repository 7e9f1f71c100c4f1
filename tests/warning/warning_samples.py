"""Samples for the tests of the warning room."""

from importlib.resources import files

from redshank.terms.crossing import DistrictForecast, TimeWindow
from redshank.terms.ids import CountryId, DistrictId, IncidentId, PartyId
from redshank.terms.instants import MINUTE_MS, Instant
from redshank.warning.cap import Sender
from redshank.warning.proposal import Level, Proposal, parse_rules
from redshank.warning.texts import Texts

NOW = Instant(1_778_113_800_123)
LV = PartyId("LV")
INCIDENT = IncidentId("LV-2026-000012")
LANGUAGES = ("lt", "lv", "et", "pl", "be", "ru", "en")
ROOM = files("redshank.warning")
RULES_TEXT = ROOM.joinpath("rules.yaml").read_text(encoding="utf-8")
RULES = parse_rules(RULES_TEXT)
WORDING = files("redshank.wording")
SOURCES = {lang: WORDING.joinpath(f"texts/{lang}/warning.ftl").read_text(encoding="utf-8") for lang in LANGUAGES}
TEXTS = Texts(SOURCES)
SENDER = Sender(id="civil-protection.example", name="Valsts ugunsdzēsības un glābšanas dienests")
RING = ((56.40, 27.10), (56.40, 27.50), (56.62, 27.62), (56.70, 27.20), (56.40, 27.10))


def minutes(count):
    return Instant(NOW + count * MINUTE_MS)


def district(probability, in_min, *, name="LV-077", leaves_min=None):
    window = TimeWindow(minutes(in_min - 2), minutes(in_min), minutes(in_min + 4))
    leaves = minutes(in_min + 12 if leaves_min is None else leaves_min)
    return DistrictForecast(DistrictId(name), CountryId("LV"), "Rēzeknes novads", probability, window, leaves)


def proposal(level=Level.POSSIBLE, **changes):
    clear = level is Level.ALL_CLEAR
    fields = {
        "id": f"{INCIDENT}.LV-077.2",
        "incident": INCIDENT,
        "district": DistrictId("LV-077"),
        "name": "Rēzeknes novads",
        "level": level,
        "made_at": NOW,
        "onset": None if clear else TimeWindow(minutes(8), minutes(10), minutes(14)),
        "expires": minutes(30),
        "permille": 0 if clear else 620,
        "references": (f"{INCIDENT}.LV-077.1",),
        "languages": ("lv", "ru", "en"),
    }
    return Proposal(**(fields | changes))
