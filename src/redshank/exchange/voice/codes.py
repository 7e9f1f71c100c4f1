"""Codes: parties, territories, borders, districts and incidents as bits of a voice form.

Here: the codes that have a short form; one that has none is not spoken. May know: terms.
"""

import re
from typing import Final

from redshank.exchange.voice.bits import Reader, Writer, refuse
from redshank.terms.ids import BorderId, CountryId, DistrictId, IncidentId, PartyId
from redshank.terms.refusal import Reason

LETTER_A: Final = ord("A")
YEAR_BITS: Final = 14
INCIDENT_BITS: Final = 20

_PAIR = re.compile(r"[A-Z]{2}")
_PART = re.compile(r"([A-Z]{2})-([A-Z]{3})")
_DISTRICT = re.compile(r"([A-Z]{2})-(?:(\d{2})|(\d{3})|pow-([1-9]\d{0,2})|([A-Z]{1,3}))", re.ASCII)


class Parties:
    """Who speaks to whom: the two codes that need no letters."""

    def __init__(self, sender: str, receiver: str) -> None:
        self.both = (sender, receiver)


def put_letters(out: Writer, letters: str) -> None:
    """Capitals, five bits each."""
    for letter in letters:
        out.put(ord(letter) - LETTER_A, 5)


def take_letters(bits: Reader, count: int, field: str) -> str:
    """Capitals."""
    return "".join(chr(LETTER_A + bits.take(5, field, 25)) for _ in range(count))


def put_country(out: Writer, code: str, parties: Parties) -> bool:
    """A territory; False when it has no short form. 0 sender, 1 receiver, 2 two letters, 3 two and three letters."""
    part = _PART.fullmatch(code)
    if code in parties.both:
        out.put(parties.both.index(code), 2)
    elif _PAIR.fullmatch(code):
        out.put(2, 2)
        put_letters(out, code)
    elif part:
        out.put(3, 2)
        put_letters(out, part[1] + part[2])
    else:
        return False
    return True


def take_country(bits: Reader, parties: Parties, field: str) -> CountryId:
    """A territory in its shortest form."""
    form = bits.take(2, field)
    if form < 2:
        return CountryId(parties.both[form])
    letters = take_letters(bits, 2 if form == 2 else 5, field)
    if form == 3:
        return CountryId(f"{letters[:2]}-{letters[2:]}")
    if letters in parties.both:
        refuse(Reason.NOT_CANONICAL, field, "a party of the channel has a shorter code")
    return CountryId(letters)


def border_order(border: str, out_of: str, into: str) -> int | None:
    """A border is named by the two territories of the crossing, in one order or the other."""
    orders = (f"{out_of}|{into}", f"{into}|{out_of}")
    return orders.index(border) if border in orders and out_of != into else None


def border_of(order: int, out_of: str, into: str) -> BorderId:
    """The border of a crossing."""
    return BorderId(f"{into}|{out_of}" if order else f"{out_of}|{into}")


def put_district(out: Writer, code: str, parties: Parties) -> bool:
    """A district: its country, then one of four forms; False when it has none."""
    match = _DISTRICT.fullmatch(code)
    if match is None or not put_country(out, match[1], parties):
        return False
    two, three, powiat, letters = match[2], match[3], match[4], match[5]
    if letters:
        out.put(3, 2)
        put_letters(out, letters[:1])
        for letter in (letters[1:2], letters[2:3]):
            out.put(ord(letter) - LETTER_A + 1 if letter else 0, 5)
        return True
    out.put(0 if two else 1 if three else 2, 2)
    out.put(int(two or three or powiat), 7 if two else 10)
    return True


def take_district(bits: Reader, parties: Parties, field: str) -> DistrictId:
    """A district."""
    country = take_country(bits, parties, field)
    if len(country) != 2:
        refuse(Reason.VALUE_NOT_PLAUSIBLE, field, "no country of a district")
    form = bits.take(2, field)
    if form == 3:
        first = take_letters(bits, 1, field)
        second, third = bits.take(5, field, 26), bits.take(5, field, 26)
        if third and not second:
            refuse(Reason.NOT_CANONICAL, field, "a gap between letters")
        rest = "".join(chr(LETTER_A + value - 1) for value in (second, third) if value)
        return DistrictId(f"{country}-{first}{rest}")
    number = bits.take(7 if form == 0 else 10, field, 99 if form == 0 else 999)
    if form == 2:
        if not number:
            refuse(Reason.VALUE_NOT_PLAUSIBLE, field, "no such district")
        return DistrictId(f"{country}-pow-{number}")
    return DistrictId(f"{country}-{number:0{2 + form}d}")


def put_incident(out: Writer, name: str | None, parties: Parties, year: int) -> None:
    """0 none, 1 named by the sender, 2 by the receiver, 3 by another; its year unless it is the log's; its number."""
    if name is None:
        return out.put(0, 2)
    opener, given, number = name.split("-")
    if opener in parties.both:
        out.put(parties.both.index(opener) + 1, 2)
    else:
        out.put(3, 2)
        put_letters(out, opener)
    out.put_optional(None if int(given) == year else int(given), YEAR_BITS)
    return out.put(int(number), INCIDENT_BITS)


def take_incident(bits: Reader, parties: Parties, year: int) -> IncidentId | None:
    """The name of an incident."""
    form = bits.take(2, "incident")
    if form == 0:
        return None
    opener = PartyId(parties.both[form - 1]) if form < 3 else PartyId(take_letters(bits, 2, "incident"))
    if form == 3 and opener in parties.both:
        refuse(Reason.NOT_CANONICAL, "incident", "a party of the channel has a shorter code")
    given = bits.take_optional(YEAR_BITS, "incident", 9_999)
    if given == year:
        refuse(Reason.NOT_CANONICAL, "incident", "the year of the log needs no digits")
    number = bits.take(INCIDENT_BITS, "incident", 999_999)
    return IncidentId(f"{opener}-{year if given is None else given:04d}-{number:06d}")
