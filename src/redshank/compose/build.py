"""Build: a node's first state from its configuration: agreements, procedures, policy, map, keys of partners.

Here: reading files and handing texts to the rooms that parse them. Not here: running anything (serve).
"""

import io
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import numpy as np

from redshank import geodata
from redshank.compose.begun import Pair
from redshank.compose.config import ChannelConfig, ConfigFailed, NodeConfig
from redshank.decode.gazetteer import Gazetteer, gazetteer_of
from redshank.decode.source import SourceConfig, SourceKind, parse_source
from redshank.decode.specs import keep_specs
from redshank.edges.keys import KeyRing, KeysFailed, PublicKeys
from redshank.edges.keys.pins import VOICE, Confirmation, newest_pin
from redshank.edges.keys.public import parse_public
from redshank.edges.wind import parse_wind
from redshank.exchange.parties import EXERCISE_PREFIX, PartyKeys, RawKeys, party_keys
from redshank.exchange.session import Session, open_session
from redshank.exchange.witnessing import WitnessPolicy, parse_witnesses
from redshank.forecast.geography import Geography, load_geography
from redshank.forecast.motion import Numbers
from redshank.node.state import Charter, NodeState
from redshank.picture import Picture
from redshank.procedure.agreement import Agreement, in_force, parse_agreement
from redshank.procedure.incident import Incidents
from redshank.procedure.kinds import SHIPPED
from redshank.procedure.table import ProcedureTable, parse_table
from redshank.release.policy import Policy
from redshank.release.reader import parse_policy
from redshank.terms.ids import ChannelId, PartyId, channel_between, partner_on
from redshank.terms.refusal import Refusal
from redshank.terms.wind import Wind
from redshank.warning.proposal import parse_rules
from redshank.warning.texts import Texts
from redshank.wording.wording import LANGUAGES

T = TypeVar("T")


def build_state(
    config: NodeConfig, base: Path, keys: KeyRing, begun: Mapping[ChannelId, Pair], policy: Policy | None = None
) -> NodeState:
    """The state of a node that has heard nothing yet, with each channel's first keys as they are in `begun` (compose.
    begun). Raises ConfigFailed naming the file.

    `policy`: what is in force before the journal says otherwise; that of the configured file if absent.
    """
    sessions, agreements = {}, {}
    for channel in config.channels:
        name = channel_between(config.party, channel.partner)
        agreements[name] = _agreement(base / channel.agreement, name)
        witnesses = _witnesses(agreements[name], base / channel.agreement)
        _check_by_voice(config, channel, agreements[name], base / channel.agreement)
        read_pinned(config, base, channel, keys)  # nothing is begun or gone on with without a pin
        sessions[name] = _session(config, name, begun[name], witnesses)
    charter = Charter(
        party=config.party,
        exercise=config.exercise,
        geography=read_geography(),
        policy=policy or _parsed(base / config.policy, parse_policy),
        agreements=agreements,
        tables=in_force(read_tables(), agreements),
        laws=read_tables(),
        warning_rules=parse_rules(packaged("redshank.warning", "rules.yaml")),
        warning_texts=Texts(read_texts()),
        alert_sender=config.alert_sender,
        open_at_probability=config.open_at_probability,
        by_voice=frozenset(
            channel_between(config.party, channel.partner) for channel in config.channels if channel.url is None
        ),
        wind=read_wind(base / config.wind) if config.wind is not None else None,
    )
    return NodeState(
        charter=charter,
        picture=Picture.empty(config.party),
        incidents=Incidents.none(config.party),
        sessions=sessions,
        lines={},
    )


def read_wind(path: Path) -> Wind:
    """A wind forecast from a file. Raises ConfigFailed."""
    try:
        wind = parse_wind(path.read_bytes())
    except OSError as error:
        raise ConfigFailed(f"{path}: cannot be read: {error.strerror}") from error
    if isinstance(wind, Refusal):
        raise ConfigFailed(f"{path}: {wind}")
    return wind


def packaged(package: str, *path: str) -> str:
    """The text of a data file of the installation."""
    return files(package).joinpath(*path).read_text(encoding="utf-8")


@cache
def read_geography() -> Geography:
    """The map in force; read once per process."""
    return load_geography(
        geodata.read("borders.geojson"),
        geodata.read("countries.geojson"),
        geodata.read("districts.geojson"),
        geodata.read("grid.npz"),
    )


def read_numbers() -> Numbers:
    """The quasi-random numbers that the forecast's paths are drawn from."""
    kept = np.load(io.BytesIO(files("redshank.forecast").joinpath("numbers.npz").read_bytes()), allow_pickle=False)
    return Numbers(kept["uniforms"], kept["normals"])


def read_gazetteer() -> Gazetteer:
    """Places for people's reports. Raises ConfigFailed for a damaged installation."""
    places = gazetteer_of(geodata.read("places.geojson"))
    if isinstance(places, Refusal):
        raise ConfigFailed(f"places.geojson: {places}")
    return places


def read_tables() -> dict[str, ProcedureTable]:
    """The procedures that ship with the program, by name."""
    tables = [parse_table(packaged("redshank.procedure", "tables", f"{name}.yaml")) for name in SHIPPED]
    return {table.name: table for table in tables}


def read_texts() -> dict[str, str]:
    """Fluent texts of warnings by language."""
    folder = files("redshank.wording").joinpath("texts")
    return {language: folder.joinpath(language, "warning.ftl").read_text(encoding="utf-8") for language in LANGUAGES}


def read_sources(config: NodeConfig) -> tuple[SourceConfig, ...]:
    """The configured sources. Raises ConfigFailed naming the field."""
    keep_specs(files("redshank.decode").joinpath("specs.msgpack").read_bytes())
    sources = []
    for number, feed in enumerate(config.feeds):
        source = parse_source(feed.source)
        if isinstance(source, Refusal):
            raise ConfigFailed(f"feeds[{number}].source: {source}")
        if source.kind is SourceKind.ASTERIX and feed.udp is None:
            raise ConfigFailed(f"feeds[{number}].udp: {source.id} needs an address to listen on")
        sources.append(source)
    return tuple(sources)


def _agreement(path: Path, channel: ChannelId) -> Agreement:
    agreement = _parsed(path, parse_agreement)
    if agreement.channel != channel:
        raise ConfigFailed(f"{path}: is about {agreement.channel}, not {channel}")
    return agreement


def _check_by_voice(config: NodeConfig, channel: ChannelConfig, agreement: Agreement, path: Path) -> None:
    """Configuration and agreement say the same of who has no keys. Raises ConfigFailed."""
    if agreement.by_voice == config.party:
        raise ConfigFailed(f"{path}: by_voice: says that {config.party} runs no node, and this is one")
    if agreement.by_voice is None and channel.partner_keys is None:
        raise ConfigFailed(
            f"channels: {channel.partner}: needs partner_keys (redshank pair); only where the agreement says "
            f"`by_voice: {channel.partner}` the partner has none"
        )
    if agreement.by_voice is not None and channel.partner_keys is not None:
        raise ConfigFailed(
            f"channels: {channel.partner}: the agreement says that {channel.partner} has no keys (by_voice), and "
            "partner_keys names some. Take one of the two away; what a change of it asks for, see VOICE-25"
        )


def _parsed(path: Path, parse: Callable[[str], T]) -> T:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigFailed(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigFailed(f"{path}: {error}") from error


def read_public_keys(path: Path) -> PublicKeys:
    """A partner's public keys. Raises ConfigFailed."""
    try:
        return parse_public(path.read_bytes())
    except OSError as error:
        raise ConfigFailed(f"{path}: cannot be read: {error.strerror}") from error
    except KeysFailed as error:
        raise ConfigFailed(f"{path}: {error}") from error


def read_witnesses(path: Path) -> WitnessPolicy:
    """The third-party witnesses of an agreement's file. Raises ConfigFailed."""
    return _witnesses(_parsed(path, parse_agreement), path)


def _witnesses(agreement: Agreement, path: Path) -> WitnessPolicy:
    given = agreement.witnesses
    policy = parse_witnesses(given.required, [(witness.url, witness.keys) for witness in given.of])
    if isinstance(policy, Refusal):
        raise ConfigFailed(f"{path}: witnesses: {policy}")
    return policy


def read_pinned(
    config: NodeConfig, base: Path, channel: ChannelConfig, keys: KeyRing
) -> tuple[PublicKeys, Confirmation] | None:
    """A partner's keys as they were pinned last, and who confirmed them; None for one that has none. Raises
    ConfigFailed."""
    if channel.partner_keys is None:
        return None
    try:
        theirs, confirmation = newest_pin(keys.base, base / channel.partner_keys)
    except KeysFailed as error:
        raise ConfigFailed(str(error)) from error
    if theirs.party != channel.partner:
        raise ConfigFailed(f"{channel.partner_keys}: holds the keys of {theirs.party}, not of {channel.partner}")
    if confirmation.how != VOICE and not config.exercise:
        raise ConfigFailed(f"{channel.partner_keys}: was pinned in an exercise; pair with {channel.partner} by voice")
    return theirs, confirmation


def confirmed_pair(
    config: NodeConfig, base: Path, channel: ChannelConfig, keys: KeyRing
) -> tuple[RawKeys, RawKeys] | None:
    """Our keys and the partner's as both officers confirmed them last; None when the partner has none, or the set of
    ours is not here any more, or has another authority now. Raises ConfigFailed."""
    pinned = read_pinned(config, base, channel, keys)
    if pinned is None:
        return None
    theirs, told = pinned
    mine = keys.named(told.fingerprint)
    try:
        return None if mine is None else (mine.raw(), theirs.raw())
    except ValueError as error:
        raise ConfigFailed(f"{channel.partner_keys}: {error}") from error


def first_pairs(config: NodeConfig, base: Path, keys: KeyRing) -> dict[ChannelId, Pair]:
    """By channel the keys that it would begin with now. Raises ConfigFailed."""
    pairs = dict[ChannelId, Pair]()
    for channel in config.channels:
        pair: Pair | None = confirmed_pair(config, base, channel, keys)
        if pair is None:
            pinned = read_pinned(config, base, channel, keys)
            pair = keys.base.public().raw(), None if pinned is None else pinned[0].raw()
        pairs[channel_between(config.party, channel.partner)] = pair
    return pairs


def _session(config: NodeConfig, name: ChannelId, pair: Pair, witnesses: WitnessPolicy) -> Session:
    prefix = EXERCISE_PREFIX if config.exercise else ""
    partner, (own, theirs) = partner_on(name, config.party), pair
    session = open_session(
        prefix=prefix,
        channel=name,
        me=config.party,
        year=config.year,
        keys=_party_keys(prefix, name, config.year, config.party, own),
        partner_keys=None if theirs is None else _party_keys(prefix, name, config.year, partner, theirs),
        witnesses=witnesses,
    )
    if isinstance(session, Refusal):
        raise ConfigFailed(f"channels: {name}: {session}")
    return session


def _party_keys(prefix: str, channel: ChannelId, year: int, party: PartyId, raw: RawKeys) -> PartyKeys:
    keys = party_keys(prefix, channel, year, party, raw)
    if isinstance(keys, Refusal):
        raise ConfigFailed(f"public keys of {party}: {keys}")
    return keys
