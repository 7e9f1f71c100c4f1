"""Identifiers. Each is a distinct type so that a track can not be passed where an incident is meant."""

from typing import NewType

PartyId = NewType("PartyId", str)
"""ISO 3166-1 alpha-2 code of a state in the channel, e.g. ``LT``."""

ChannelId = NewType("ChannelId", str)
"""The two party ids in alphabetical order joined by a hyphen, e.g. ``BY-LT``."""

SourceId = NewType("SourceId", str)
"""A feed of one node (a sensor, a tracker, a reporting desk). Never leaves the node."""

TrackId = NewType("TrackId", str)
"""A track of one node: ``LT/17`` is own track 17 of LT; ``BY-LT/BY-2026-000003/1`` is a received one."""

IncidentId = NewType("IncidentId", str)
"""``<opener>-<year>-<six digits>``, e.g. ``LT-2026-000012``; unique because each party counts its own."""

DistrictId = NewType("DistrictId", str)
"""Id of a district in the geodata in force, e.g. ``LV-077`` or ``PL-pow-7``."""

CountryId = NewType("CountryId", str)
"""Id of a territory in the geodata: a party id, or a neighbour such as ``RU``, ``RU-KGD``, ``UA``."""

BorderId = NewType("BorderId", str)
"""Two country ids as the geodata orders them, e.g. ``LT|BY`` (land and sea parts together)."""


def channel_between(one: PartyId, other: PartyId) -> ChannelId:
    """The channel of two parties, the same whoever asks. Raises ValueError if both are the same."""
    if one == other:
        raise ValueError(f"a channel needs two parties, got {one!r} twice")
    return ChannelId("-".join(sorted((one, other))))


def parties_of(channel: ChannelId) -> tuple[PartyId, PartyId]:
    """Both parties of a channel, in alphabetical order."""
    first, _, second = channel.partition("-")
    return PartyId(first), PartyId(second)


def partner_on(channel: ChannelId, me: PartyId) -> PartyId:
    """The other party of a channel. Raises ValueError if `me` is not a party of it."""
    first, second = parties_of(channel)
    if me not in (first, second):
        raise ValueError(f"{me} is not a party of channel {channel}")
    return second if me == first else first
