"""`redshank verify`: has a record on the disk checked, and says what was found, for people or as JSON.

Here: the keys and the agreement that the user brings, and the report as JSON, line by line. Not here: the report for
people (`report_table`), what may be read at all (`record_files`).
"""

import sys
from base64 import b64decode
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import msgspec

from redshank.cli.evidence import compare
from redshank.cli.record_files import open_record
from redshank.cli.report_table import print_record
from redshank.edges.keys import PublicKeys
from redshank.edges.wording import wording
from redshank.exchange.chain import generation_of
from redshank.exchange.parties import YEAR_MIN, PartyKeys, classic_keys, party_keys
from redshank.exchange.record import MANIFEST, Manifest, claimed
from redshank.exchange.verifier import Examined, RecordReport, examine_record
from redshank.exchange.witnessing import WitnessPolicy
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.refusal import Refusal


def verify_path(
    record: Path,
    keys: tuple[Path, ...],
    agreement: Path | None = None,
    *,
    as_json: bool,
    language: str | None = None,
) -> int:
    """Checks one record; prints the report, with what each message says in `language`; the exit code: 0 in order, 1
    not, 2 could not be read."""
    try:
        with open_record(record) as files:
            pinned = pinned_keys(files, _brought(keys))
            examined = examine_record(files, pinned, None if agreement is None else _agreed(agreement))
            if as_json:
                _write_json(examined, sys.stdout)
            else:
                print_record(examined, None if language is None else wording(language))
    except BrokenPipeError:
        raise  # of whoever reads what we print, not of the record
    except (OSError, ValueError) as error:
        print(f"{record}: cannot be read as a record: {error}", file=sys.stderr)
        return 2
    return 0 if examined.report.ok else 1


def _write_json(examined: Examined, out: TextIO) -> None:
    """One JSON object on one line, its members as in RecordReport; the lines are not all in memory at any time."""
    encoder = msgspec.json.Encoder()
    for number, name in enumerate(RecordReport.__struct_fields__):
        out.write(f"{',' if number else '{'}{encoder.encode(name).decode()}:")
        if name != "lines":
            out.write(encoder.encode(getattr(examined.report, name)).decode())
            continue
        out.write("[")
        for at, line in enumerate(examined.lines()):
            out.write(("," if at else "") + encoder.encode(line).decode())
        out.write("]")
    out.write("}\n")


class ClassicPublicKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A public.json from before the second signature: it fits records of version 1 only."""

    party: PartyId
    log_key: str
    witness_key: str
    authority_pem: str


Brought = PublicKeys | ClassicPublicKeys


def read_public_keys(data: bytes) -> Brought:
    """A file of public keys, as its party gave it out. Raises ValueError for what is none."""
    public: Brought
    try:
        public = msgspec.json.decode(data, type=PublicKeys)
    except msgspec.MsgspecError as error:
        try:
            public = msgspec.json.decode(data, type=ClassicPublicKeys)
        except msgspec.MsgspecError:
            raise ValueError(f"is not a file of public keys: {error}") from error
    # Any channel will do: whether these are keys does not depend on it.
    keys = _named(public, "", ChannelId("AA-BB"), YEAR_MIN)
    if isinstance(keys, Refusal):
        raise ValueError(str(keys))
    return public


def _brought(paths: tuple[Path, ...]) -> list[Brought] | None:
    """Keys that the caller brought. Raises OSError, or ValueError for what is no file of public keys."""
    found = []
    for path in paths:
        try:
            found.append(read_public_keys(path.read_bytes()))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    return found or None


def _named(public: Brought, prefix: str, channel: ChannelId, year: int, generation: int = 0) -> PartyKeys | Refusal:
    if isinstance(public, PublicKeys):
        return party_keys(prefix, channel, year, public.party, public.raw(), generation)
    raw = (b64decode(text, validate=True) for text in (public.log_key, public.witness_key))
    return classic_keys(prefix, channel, year, public.party, *raw)


def pinned_keys(files: Mapping[str, bytes], brought: Sequence[Brought] | None) -> dict[PartyId, PartyKeys] | None:
    """Keys that the caller brought, named for the channel that the record is about.

    A record that does not say what it is about gets none: then the verifier names what is wrong with it.
    """
    if brought is None:
        return None
    try:
        manifest = msgspec.json.decode(files.get(MANIFEST, b""), type=Manifest)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    pinned = dict[PartyId, PartyKeys]()
    for public in brought:
        place = (manifest.prefix, ChannelId(manifest.channel), manifest.year, generation_of(manifest))
        keys, party = _named(public, *place), public.party
        fits = party in pinned and claimed(pinned[party]) == manifest.keys.get(party)
        if isinstance(keys, PartyKeys) and not fits:  # of several sets of one party the one that the record is under
            pinned[party] = keys
    return pinned


def pinned_of(files: Mapping[str, bytes], keys: tuple[Path, ...]) -> dict[PartyId, PartyKeys] | None:
    """As `pinned_keys`, of files of public keys. Raises OSError or ValueError."""
    return pinned_keys(files, _brought(keys))


def compare_paths(one: Path, other: Path, keys: tuple[Path, ...]) -> int:
    """Two records that were in order, side by side; the proof of a contradiction is written into the present folder."""
    brought = _brought(keys)
    with ExitStack() as opened:
        files = [opened.enter_context(open_record(path)) for path in (one, other)]
        reports = [examine_record(held, pinned_keys(held, brought)).report for held in files]
        return compare(reports, files, Path.cwd())


def _agreed(path: Path) -> WitnessPolicy:
    """The witnesses of the agreement that the caller brought."""
    from redshank.compose.build import read_witnesses
    from redshank.compose.config import ConfigFailed

    try:
        return read_witnesses(path)
    except ConfigFailed as error:
        raise ValueError(str(error)) from error
