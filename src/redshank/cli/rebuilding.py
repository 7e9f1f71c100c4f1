"""`redshank rebuild`: reads the configuration, the partners' records and what the person said; says what was done."""

import sys
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec.structs import replace

from redshank.cli.keeping import open_keys
from redshank.cli.rebuild_records import manifest_of, plan_records
from redshank.cli.record_files import read_files
from redshank.compose.begun import NOTE, Pair, begun_keys
from redshank.compose.build import build_state, first_pairs
from redshank.compose.config import ConfigFailed, NodeConfig
from redshank.compose.policy_file import silent
from redshank.compose.serve import clock_of
from redshank.edges.durable_file import make_folder
from redshank.edges.keys import KeyRing, KeysFailed
from redshank.edges.rebuild import ChannelPlan, Decision, RebuildRefused, never_used, plan_lone, rebuild
from redshank.edges.salvage import Salvaged, salvage
from redshank.edges.store import StoreFailed
from redshank.exchange.parties import raw_keys
from redshank.node.state import NodeState
from redshank.terms.ids import ChannelId

STORE = "node.sqlite"


class Wishes(msgspec.Struct, frozen=True):
    """What was typed."""

    records: tuple[Path, ...]
    by: str
    sizes: tuple[str, ...]
    damaged: Path | None
    unused: tuple[str, ...]
    accept_loss: bool
    passphrase_file: Path | None


def rebuild_node(config_path: Path, wishes: Wishes) -> int:
    """Rebuilds; prints what was done. The exit code: 0 done, 1 refused, 2 could not be read, 3 a disk failed."""
    try:
        config, base, keys = open_keys(config_path, wishes.passphrase_file)
        fresh = build_state(config, base, keys, _begun(wishes, config, base, keys), silent(config.party))
        salvaged = Salvaged() if wishes.damaged is None else salvage(wishes.damaged / STORE)
        plans = _plans(fresh, wishes, salvaged, first_pairs(config, base, keys))
        fresh = _from_the_first(fresh, plans)
        digests = tuple(sha256(path.read_bytes()).hexdigest() for path in wishes.records)
        decision = Decision(wishes.by, digests, wishes.accept_loss)
        make_folder(base / config.data)
        begun_keys(base / config.data, _begun_of(fresh), keep=True)
        state = rebuild(fresh, plans, decision, clock_of(config, base).now(), base / config.data / STORE)
    except RebuildRefused as error:
        print(f"Not rebuilt: {error}", file=sys.stderr)
        return 1
    except StoreFailed as error:
        print(f"Not rebuilt: {error}", file=sys.stderr)
        return 3
    except (OSError, ValueError, zipfile.BadZipFile, ConfigFailed, KeysFailed) as error:
        print(f"Not rebuilt: {error}", file=sys.stderr)
        return 2
    _tell(plans, state)
    return 0


def _begun(wishes: Wishes, config: NodeConfig, base: Path, keys: KeyRing) -> dict[ChannelId, Pair]:
    """Under which keys the channels were begun: as it was noted beside the damaged store, if that is left."""
    old = wishes.damaged
    noted = old if old is not None and (old / NOTE).exists() else base / config.data
    return begun_keys(noted, first_pairs(config, base, keys), keep=False)


def _plans(fresh: NodeState, wishes: Wishes, salvaged: Salvaged, now: Mapping[ChannelId, Pair]) -> list[ChannelPlan]:
    """One for each channel of the configuration and each of its generations; `now` as in
    `plan_records`. Raises RebuildRefused, OSError, ValueError, BadZipFile."""
    records, sizes = _records(wishes), _sizes(wishes)
    plans = []
    for channel, session in sorted(fresh.sessions.items()):
        if channel in records and channel in sizes:
            plans += plan_records(session, records[channel], sizes[channel], salvaged, now[channel])
        elif session.lone and channel in sizes:
            plans.append(plan_lone(session, sizes[channel], salvaged))
        elif channel in wishes.unused:
            plans.append(never_used(session, salvaged))
        else:
            raise RebuildRefused(
                f"{channel}: its partner has no keys: needs --size {channel}=N, the newest size that a third party's "
                "witness or whoever has a record of it holds, and --damaged or --from with a record that was exported "
                f"here; or --unused {channel} if nothing was ever said on it"
                if session.lone
                else f"{channel}: needs --from with the partner's record and --size {channel}=N as its officer says by "
                f"voice; or --unused {channel} if nothing was ever said on it"
            )
    strangers = (records.keys() | sizes.keys() | set(wishes.unused)) - fresh.sessions.keys()
    if strangers:
        raise RebuildRefused(f"{', '.join(sorted(strangers))}: no channel of this node")
    return plans


def _from_the_first(fresh: NodeState, plans: list[ChannelPlan]) -> NodeState:
    """The state with each channel's first logs under the keys that they were begun with."""
    first = {plan.session.channel: plan.session for plan in plans if not plan.session.generation}
    return replace(fresh, sessions={**fresh.sessions, **first})


def _begun_of(fresh: NodeState) -> dict[ChannelId, Pair]:
    return {
        channel: (raw_keys(session.keys), None if session.paired is None else raw_keys(session.paired))
        for channel, session in fresh.sessions.items()
    }


def _records(wishes: Wishes) -> dict[ChannelId, list[Mapping[str, bytes]]]:
    """By channel; of one that has been rotated there are several."""
    found = dict[ChannelId, list[Mapping[str, bytes]]]()
    for path in wishes.records:
        files = read_files(path)
        try:
            channel = ChannelId(manifest_of(files).channel)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
        found.setdefault(channel, []).append(files)
    return found


def _sizes(wishes: Wishes) -> dict[ChannelId, int]:
    sizes = {}
    for text in wishes.sizes:
        channel, _, digits = text.partition("=")
        if not (digits.isascii() and digits.isdecimal()):
            raise ValueError(f"--size {text}: write it as BY-LT=12")
        sizes[ChannelId(channel)] = int(digits)
    return sizes


def _tell(plans: list[ChannelPlan], state: NodeState) -> None:
    for plan in plans:
        session, unsigned = plan.session, len(plan.own.entries) - plan.own.signed
        print(
            f"{session.channel}: own log {plan.own.signed} entries under the newest head, {unsigned} more that were "
            f"never signed; the partner's log {plan.theirs.signed}"
        )
    for lost in (lost for plan in plans for lost in plan.lost):
        print(f"LOST: {lost}")
    print(f"Open incidents: {', '.join(sorted(state.incidents.open)) or 'none'}")
    print("The picture, warnings and remarks are not in the logs: check them by hand. The node may be started.")
