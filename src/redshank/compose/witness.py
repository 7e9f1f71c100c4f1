"""Witness: a third party's witness from its configuration file, and running it.

Here: the file's types and checks, starting and ending in order. Not here: what is cosigned (log.witness). May know:
everything below.
"""

import asyncio
import signal
import ssl
import sys
from pathlib import Path

import msgspec
import yaml

from redshank.compose.config import ConfigFailed, ListenConfig
from redshank.edges.clock import SystemClock
from redshank.edges.witness.keys import WitnessKeys
from redshank.edges.witness.server import WitnessServer
from redshank.edges.witness.store import Contradiction, WitnessStore
from redshank.log.mldsa import NAME_BYTES
from redshank.log.note import KeyKind, VerifierKey, parse_vkey
from redshank.terms.refusal import Refusal


class TlsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """PEM files of the certificate chain and its key. Without them the witness speaks plain HTTP: its answers are
    signed, and what it is told is no secret; a proxy with TLS may stand in front."""

    certificate: str
    key: str


class WitnessConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that a witness is told. `logs`: the verifier keys of each log; each key of one origin has to sign."""

    name: str
    keys: str
    data: str
    listen: ListenConfig
    logs: tuple[str, ...]
    tls: TlsConfig | None = None


def read_witness_config(path: Path) -> tuple[WitnessConfig, Path]:
    """The configuration and the folder that its relative paths start from. Raises ConfigFailed."""
    try:
        return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), WitnessConfig), path.resolve().parent
    except OSError as error:
        raise ConfigFailed(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise ConfigFailed(f"{path}: {error}") from error


def served_logs(vkeys: tuple[str, ...]) -> list[tuple[VerifierKey, ...]]:
    """The keys of each log, by origin. Raises ConfigFailed naming the entry."""
    logs: dict[str, list[VerifierKey]] = {}
    for number, text in enumerate(vkeys):
        key = parse_vkey(text)
        if isinstance(key, Refusal):
            raise ConfigFailed(f"logs[{number}]: {key}")
        if key.kind is KeyKind.WITNESS or len(key.name.encode()) > NAME_BYTES or key in logs.get(key.name, []):
            raise ConfigFailed(f"logs[{number}]: no key of a log, a name over {NAME_BYTES} bytes, or a key twice")
        logs.setdefault(key.name, []).append(key)
    return [tuple(keys) for keys in logs.values()]


def contradictions_of(config_path: Path) -> list[Contradiction]:
    """All proofs against logs that this witness has kept. Raises ConfigFailed."""
    config, base = read_witness_config(config_path)
    store = WitnessStore(base / config.data / "witness.sqlite", served_logs(config.logs))
    try:
        return store.contradictions()
    finally:
        store.close()


async def serve_witness(config_path: Path) -> None:
    """Runs the witness of this configuration until SIGTERM or SIGINT. Raises ConfigFailed, KeysFailed or OSError."""
    config, base = read_witness_config(config_path)
    keys = WitnessKeys(config.name, base / config.keys)
    store = WitnessStore(base / config.data / "witness.sqlite", served_logs(config.logs))
    server = WitnessServer(store, keys, SystemClock())
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        port = await server.start(config.listen.host, config.listen.port, _tls(config, base))
        sys.stdout.write(f"Redshank witness {config.name} listens on port {port}, {len(config.logs)} log keys\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        await server.stop()
        store.close()


def _tls(config: WitnessConfig, base: Path) -> ssl.SSLContext | None:
    if config.tls is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(base / config.tls.certificate, base / config.tls.key)
    return context
