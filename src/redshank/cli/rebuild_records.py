"""Rebuild records: the partner's records of one channel, one for each generation of its logs, made into plans.

Here: their order, that they chain, and under which keys each is taken. Not here: what may be restored of one record
(edges.rebuild). May know: compose, edges, exchange.

The newest record has to be under keys that are here and pinned. The older ones follow from it: its logs begin with the
heads in which those before them ended, so nobody can put another past in their place.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec

from redshank.cli.chaining import side_of
from redshank.compose.begun import Pair
from redshank.edges.rebuild import ChannelPlan, RebuildRefused, plan_channel
from redshank.edges.salvage import Salvaged
from redshank.exchange.chain import Link, follows, generation_of, keys_of
from redshank.exchange.generations import UNENDORSED, prefix_of
from redshank.exchange.parties import PartyKeys, raw_keys
from redshank.exchange.record import MANIFEST, Manifest
from redshank.exchange.session import Session, open_session
from redshank.exchange.verifier import verify_record
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.message import LogEndBody, Message
from redshank.terms.refusal import Refusal

Files = Mapping[str, bytes]


def manifest_of(files: Files) -> Manifest:
    """What a record says that it is about. Raises ValueError."""
    try:
        return msgspec.json.decode(files.get(MANIFEST, b""), type=Manifest)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{MANIFEST}: {error}") from error


def plan_records(
    fresh: Session, records: Sequence[Files], confirmed: int, salvaged: Salvaged, now: Pair
) -> list[ChannelPlan]:
    """One plan for each generation, oldest first. `confirmed` is about the newest; `now` are our keys and the partner's
    as they were confirmed last; a lone log has one generation and no partner's keys. Raises RebuildRefused."""
    ordered = sorted(records, key=lambda files: generation_of(manifest_of(files)))
    _require_all(fresh.channel, [generation_of(manifest_of(files)) for files in ordered])
    if len(ordered) == 1:
        return [_unended(plan_channel(fresh, ordered[0], confirmed, salvaged))]
    sessions = [_session(fresh, files) for files in ordered]
    if (raw_keys(sessions[-1].keys), raw_keys(sessions[-1].partner_keys)) != now:
        raise RebuildRefused(f"{fresh.channel}: the newest record is under other keys than were confirmed last")
    links = [_links(fresh.channel, *pair) for pair in pairwise(ordered)]
    sizes = [_own_size(session, files) for session, files in zip(sessions, ordered, strict=True)]
    plans = [
        plan_channel(session, files, size, salvaged)
        for session, files, size in zip(sessions, ordered, [*sizes[:-1], confirmed], strict=True)
    ]
    after = [_after(plan, link) for plan, link in zip(plans[1:], links, strict=True)]
    return [plans[0], *after[:-1], _unended(after[-1])]


def _require_all(channel: ChannelId, found: Sequence[int]) -> None:
    if list(found) != list(range(len(found))):
        raise RebuildRefused(
            f"{channel}: records of the generations {', '.join(map(str, found))}; all are needed, each once, from 0: "
            "the partner exports each with ?generation=N"
        )


def _session(fresh: Session, files: Files) -> Session:
    """An empty session under the keys that a record claims; whether they are right follows from the chain."""
    manifest = manifest_of(files)
    held = {party: keys_of(claimed) for party, claimed in manifest.keys.items()}
    mine, theirs = held.get(fresh.me), held.get(fresh.partner)
    if not isinstance(mine, PartyKeys) or not isinstance(theirs, PartyKeys):
        raise RebuildRefused(f"{fresh.channel}: the record of generation {generation_of(manifest)} names no keys")
    session = open_session(
        prefix=prefix_of(fresh),
        channel=fresh.channel,
        me=fresh.me,
        year=fresh.year,
        keys=mine,
        partner_keys=theirs,
        witnesses=fresh.witnesses,
        generation=generation_of(manifest),
    )
    if isinstance(session, Refusal):
        raise RebuildRefused(f"{fresh.channel}: {session}")
    return session


def _links(channel: ChannelId, before: Files, after: Files) -> tuple[Link, ...]:
    sides = [side_of(files, verify_record(files)) for files in (before, after)]
    found = None if sides[0] is None or sides[1] is None else follows(sides[0], sides[1])
    if found is None or isinstance(found, Refusal):
        raise RebuildRefused(f"{channel}: the records do not chain: {found}")
    for link in found:
        if link.faults:
            raise RebuildRefused(f"{channel}: the records do not chain: {link.party}: {link.faults[0]}")
    return found


def _own_size(session: Session, files: Files) -> int:
    """How many of our entries a record holds; of an older generation the newer one's opening says the same."""
    directions = verify_record(files).directions
    return next((one.size for one in directions if one.party == session.me), 0)


def _after(plan: ChannelPlan, links: Sequence[Link]) -> ChannelPlan:
    """With what the record says of the keys of the generation before it."""
    gone = {PartyId(link.party) for link in links if link.why in UNENDORSED}
    session = plan.session
    return msgspec.structs.replace(plan, keyless=session.me in gone, partner_keyless=session.partner in gone)


def _unended(plan: ChannelPlan) -> ChannelPlan:
    """Raises RebuildRefused when our newest log has ended: then another one was opened, and may have left."""
    session = plan.session
    last = plan.last_own()
    if isinstance(last, Message) and isinstance(last.body, LogEndBody):
        raise RebuildRefused(
            f"{session.channel}: our log of generation {session.generation} has ended; bring the record of the next "
            "one too. If the partner has none, pair anew and begin new data"
        )
    return plan
