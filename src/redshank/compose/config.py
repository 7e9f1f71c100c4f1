"""Configuration of one node: a YAML file, strictly read, with errors that name the field and what to do.

Here: the types and the reading. Relative paths are relative to the file. Not here: any default that weakens security;
there is no switch for that.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import yaml

from redshank.edges.feeds.udp import UdpAddress
from redshank.edges.people.provider import Provider
from redshank.terms.ids import PartyId


class ConfigFailed(Exception):
    """The file is missing or wrong; the text says where and what to do."""


class ListenConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address to listen on. The console takes loopback addresses only: put a TLS proxy in front of it to serve a
    network (`console_url`)."""

    host: str
    port: int


class ClockConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`exercise_file`: the face of an exercise clock. `real_time`: an exercise, such as a sandbox for a partner
    qualification, that runs by the machine's own clock. Neither stands in operation."""

    exercise_file: str | None = None
    real_time: bool = False


class ChannelConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One partner: where its node is, the file with its public keys, and the agreement in force.

    Without `url` the partner has no node that could be reached: the channel lives on the voice form and paper. Without
    `partner_keys` it has no keys either, and the agreement says so (`by_voice`): then our own log is the only one.
    """

    partner: PartyId
    agreement: str
    partner_keys: str | None = None
    url: str | None = None


class FeedConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One feed: how its source is to be decoded (see decode/source.py), and for ASTERIX where its datagrams arrive.

    A source of kind `json` needs no address: its reports come to the console's /api/reports.
    """

    source: dict[str, Any]
    udp: UdpAddress | None = None


class NodeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that a node is told."""

    party: PartyId
    exercise: bool
    """Marks every alert and the log names; exercise keys are other keys (DESIGN §11)."""
    year: int
    """UTC year in which the channels' logs were opened; it is part of their names."""
    data: str
    """Folder of the store and of issued alerts."""
    keys: str
    passphrase_file: str | None = None
    """The passphrase of the keys, in a file that only its owner can read; absent where systemd or a person gives it."""
    console: ListenConfig
    console_url: str | None = None
    """Where people open the console when it is not at localhost: the https address of the proxy that stands in front.
    Passkeys are bound to its name."""
    national_login: Provider | None = None
    """An OpenID Connect provider; its client is registered with the return address CONSOLE_URL/api/national/return."""
    peers: ListenConfig
    policy: str
    channels: tuple[ChannelConfig, ...]
    feeds: tuple[FeedConfig, ...] = ()
    clock: ClockConfig = ClockConfig()
    alert_sender: str
    """Sender name of CAP alerts, a domain name of the authority (CAP 1.2 §3.2.1)."""
    open_at_probability: float = 0.3
    wind: str | None = None
    """A wind forecast for balloons (docs/forecast.md, "Wind"), read at the start; absent: the wind of now stays."""


def read_config(path: Path) -> tuple[NodeConfig, Path]:
    """The configuration and the folder that its relative paths start from. Raises ConfigFailed."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        config = msgspec.convert(raw, NodeConfig)
    except OSError as error:
        raise ConfigFailed(f"{path}: cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ConfigFailed(f"{path}: is not YAML: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigFailed(f"{path}: {error}") from error
    problem = _problem(config)
    if problem:
        raise ConfigFailed(f"{path}: {problem}")
    return config, path.resolve().parent


def _is_origin(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and parts.path in ("", "/") and not parts.query


def _problem(config: NodeConfig) -> str | None:
    if config.console.host not in ("127.0.0.1", "::1", "localhost"):
        return f"console.host: {config.console.host} is not a loopback address; put a TLS proxy in front instead"
    if config.console_url is not None and not _is_origin(config.console_url):
        return f"console_url: {config.console_url}: is https://NAME, with a port if need be, and no path"
    if config.national_login is not None and (fault := config.national_login.fault()):
        return f"national_login.{fault}"
    if not 0.0 < config.open_at_probability <= 1.0:
        return f"open_at_probability: must lie in (0, 1], got {config.open_at_probability}"
    if config.exercise != ((config.clock.exercise_file is not None) != config.clock.real_time):
        return "exercise: needs clock.exercise_file or clock.real_time, not both; operation must have neither"
    partners = [channel.partner for channel in config.channels]
    for partner in partners:
        if partner == config.party or partners.count(partner) > 1:
            return f"channels: {partner} is the party itself or stands there twice"
    for channel in config.channels:
        if channel.url is not None and channel.partner_keys is None:
            return f"channels: {channel.partner}: url needs partner_keys; nothing is called whose keys are not pinned"
    return None
