"""Keeping keys: the talks with a person behind `redshank keys`, `renew`, `pair`, `revoke` and `pairings`.

Here: what is asked and told on the terminal. Not here: keys, pins and words themselves (edges/keys). May know: compose,
edges.keys.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path

import typer

from redshank.compose.build import read_public_keys
from redshank.compose.config import ChannelConfig, ConfigFailed, NodeConfig, read_config
from redshank.edges.clock import SystemClock
from redshank.edges.keys import KeyRing, KeySet, KeysFailed, PublicKeys, make_keys
from redshank.edges.keys.certificates import make_node_certificate
from redshank.edges.keys.pins import VOICE, confirmed, next_path, pin_partner, place_for, read_journal, read_pin
from redshank.edges.keys.public import fingerprint, public_bytes
from redshank.edges.keys.revocation import keep_revocation, make_revocation, revoked_path
from redshank.edges.keys.ring import make_next
from redshank.edges.keys.sealed import Passphrase, Seal, find_passphrase, write_new
from redshank.edges.keys.token import TokenPlace
from redshank.edges.keys.words import word_fault, words_of
from redshank.terms.ids import PartyId
from redshank.terms.instants import SECOND_MS

TRIES_PER_WORD = 3
PUBLIC, REVOCATION = "public.json", "revocation.json"

Ask = Callable[[str], str]


def make(party: PartyId, folder: Path, passphrase_file: Path | None, token: TokenPlace | None) -> None:
    """Makes the keys, the public file and the revocation; tells the check words. Raises KeysFailed or OSError."""
    fresh = not (folder / "salt").exists()
    passphrase = find_passphrase(passphrase_file, None, fresh=fresh)
    pin = None if token is None else getpass(f"PIN of the token {token.token}: ")
    keys = make_keys(
        party, folder, SystemClock().now(), passphrase, token=None if token is None or pin is None else (token, pin)
    )
    (folder / PUBLIC).write_bytes(public_bytes(keys.public()))
    if not (folder / REVOCATION).exists():
        write_new(folder / REVOCATION, make_revocation(keys))
    typer.echo(f"Keys of {party} are in {folder}, sealed with the passphrase.")
    typer.echo(f"Give {folder / PUBLIC} to your partners; then pair with each of them by voice. Your check words:")
    _show_words(keys.public())
    typer.echo(f"Move {folder / REVOCATION} to a place apart from the keys: whoever has it can revoke them, and should")
    typer.echo(f"the keys be lost, it alone can. {folder / 'authority.key'} is needed to renew certificates only.")


def make_beside(party: PartyId, folder: Path, passphrase_file: Path | None) -> None:
    """Makes the next set of log and witness keys beside those of the folder; tells its check words. Raises KeysFailed
    or OSError."""
    keys = make_next(party, folder, find_passphrase(passphrase_file, None))
    (keys.folder / PUBLIC).write_bytes(public_bytes(keys.public()))
    write_new(keys.folder / REVOCATION, make_revocation(keys))
    typer.echo(f"The next keys of {party} are in {keys.folder}. Nothing has changed yet: the logs go on as they are.")
    typer.echo(f"1. Give {keys.folder / PUBLIC} to each partner whose channel is to change over.")
    typer.echo("2. Pair with its officer by voice (redshank pair), on both sides; these are the words of the new set:")
    _show_words(keys.public())
    typer.echo("3. Change over, channel by channel: redshank rotate --config NODE.yaml PARTNER. Other channels go on.")
    typer.echo(f"Move {keys.folder / REVOCATION} to a place apart from the keys. Keep the old set: it is still read.")


def renew(party: PartyId, folder: Path, passphrase_file: Path | None) -> None:
    """A new TLS certificate under the same authority; a running node takes it within seconds. Raises KeysFailed."""
    seal = Seal(folder, find_passphrase(passphrase_file, None))
    ends = make_node_certificate(party, seal, SystemClock().now()).certificate.not_valid_after_utc
    typer.echo(f"The TLS certificate of {party} is new and holds until {ends:%Y-%m-%d}. Nobody needs to pair anew.")


def pair(config_path: Path, partner_public: Path, passphrase_file: Path | None, ask: Ask = typer.prompt) -> None:
    """The ceremony for two: compare both fingerprints by voice, then pin. Raises KeysFailed or ConfigFailed."""
    config, base, keys = open_keys(config_path, passphrase_file)
    public = read_public_keys(partner_public)
    channel = _channel(config, public.party)
    if channel.partner_keys is None:
        raise KeysFailed(
            f"{config_path}: the channel to {public.party} is by voice: name partner_keys first (VOICE-25)"
        )
    typer.echo(f"Call the officer of {public.party} at a number that you know from elsewhere, not from this file.")
    own = keys.newest.public()
    typer.echo(f"Read out the words of {own.party}, numbered; the officer there types them in:")
    _show_words(own)
    typer.echo(f"Now have the words of {public.party} read to you, and type each as you hear it.")
    hear_words(words_of(fingerprint(public)), ask)
    typer.echo(f"All words of {public.party} are right:")
    _show_words(public)
    here = ask("Your role and name")
    there = ask(f"Role and name of the officer of {public.party}, as you heard them")
    if ask(f"Did that officer say that all words of {own.party} are right? (yes/no)").strip().lower() != "yes":
        raise KeysFailed("nothing was pinned: both sides must have heard the right words")
    at = SystemClock().now()
    path = place_for(keys.base, base / channel.partner_keys, public, own)
    pin_partner(keys.base, path, public, confirmed(keys.base, public, here, there, at, VOICE, own), own)
    if path == base / channel.partner_keys:
        typer.echo(f"{public.party} is pinned in {path}. Start the node anew to use it.")
        return
    typer.echo(f"{public.party} is pinned in {path}, beside the pin in use. A running node knows it within seconds;")
    typer.echo("start it anew if its links to this partner are barred, or if the partner has a new authority.")
    typer.echo(f"Change over when both officers are ready: redshank rotate --config {config_path} {public.party}")


def hear_words(expected: tuple[str, ...], ask: Ask) -> None:
    """Asks for each word until it is right, a few times. Raises KeysFailed naming the word that stayed wrong."""
    for number in range(len(expected)):
        for _ in range(TRIES_PER_WORD):
            fault = word_fault(ask(f"Word {number + 1} of {len(expected)}"), number, expected)
            if fault is None:
                break
            typer.echo(f"  {fault}")
        else:
            raise KeysFailed(
                f"word {number + 1} is not the word of this file: the file is not what your partner holds, or you "
                "do not speak with your partner. Nothing was pinned"
            )


def revoke(config_path: Path, revocation: Path, passphrase_file: Path | None) -> None:
    """Takes a partner's revocation: no node of ours takes these keys from then on. Raises KeysFailed, ConfigFailed."""
    config, base, keys = open_keys(config_path, passphrase_file)
    content, faults = revocation.read_bytes(), []
    for channel in config.channels:
        path = None if channel.partner_keys is None else base / channel.partner_keys
        if path is None or not path.exists():
            continue
        try:
            public = _revoked(keys.base, path, content)
        except KeysFailed as error:
            faults.append(f"{channel.partner}: {error}")
            continue
        typer.echo(f"The keys of {public.party} are revoked: {revoked_path(path)}. A running node ends its links")
        typer.echo("within seconds. Its record up to now stays valid. Pair anew with new keys.")
        return
    raise KeysFailed(f"{revocation}: fits no pinned partner: {'; '.join(faults)}")


def _revoked(keys: KeySet, path: Path, content: bytes) -> PublicKeys:
    """Keeps the revocation beside the pin that it is about: the one in use, or the one for the next logs."""
    for place in (one for one in (path, next_path(path)) if one == path or one.exists()):
        public, _ = read_pin(keys, place)
        try:
            keep_revocation(place, content, public)
        except KeysFailed:
            if place == path and next_path(path).exists():
                continue
            raise
        return public
    raise KeysFailed("no pin is there")


def pairings(config_path: Path, passphrase_file: Path | None) -> None:
    """Tells who paired with whom, when, and how. Raises KeysFailed when the journal was tampered with."""
    _, _, keys = open_keys(config_path, passphrase_file)
    for told in read_journal(keys.base):
        at = datetime.fromtimestamp(told.at // SECOND_MS, UTC)
        typer.echo(
            f"{at:%Y-%m-%d %H:%M:%S} UTC  {told.partner} {told.partner_fingerprint[:32]}…  by {told.how}: "
            f"{told.officer} with {told.partner_officer}; our keys {told.fingerprint[:32]}…"
        )


def passphrase_of(path: Path | None, descriptor: int | None) -> Passphrase | None:
    """What was named on the command line; None when nothing was, so that the configuration may name it."""
    return None if path is None and descriptor is None else find_passphrase(path, descriptor)


def open_keys(config_path: Path, passphrase_file: Path | None) -> tuple[NodeConfig, Path, KeyRing]:
    """A node's configuration, its folder and its opened keys. Raises ConfigFailed, KeysFailed or OSError."""
    config, base = read_config(config_path)
    named = passphrase_file
    if named is None and config.passphrase_file is not None:
        named = base / config.passphrase_file
    return config, base, KeyRing(config.party, base / config.keys, find_passphrase(named, None))


def _channel(config: NodeConfig, partner: PartyId) -> ChannelConfig:
    for channel in config.channels:
        if channel.partner == partner:
            return channel
    raise ConfigFailed(f"channels: {partner} is no partner of {config.party}")


def _show_words(public: PublicKeys) -> None:
    words = words_of(fingerprint(public))
    numbered = [f"{number:2} {word:<9}" for number, word in enumerate(words, 1)]
    for row in range(0, len(numbered), 4):
        typer.echo(f"    {public.party}  " + " ".join(numbered[row : row + 4]))
