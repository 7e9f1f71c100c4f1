"""Audit of release: what left a node, held against its journal and the policies that were in force; and what did not.

Here: for each message of an own log, whether it lies within the policy of its time, and, if it is about a track, which
snapshot of the journal it was made of; for each snapshot, what was withheld from whom and by which rule; and the same
for one track, explained. Not here: reading a store (edges). May know: the core rooms below, node's events.

No replay and no key: the journal's snapshots are all that a decision about a track looks at.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from redshank.node.commands import ApproveRelease, CorrectMessage, SendNotice, SendOwnObject
from redshank.node.events import Commanded, PolicyTaken, Recorded, Snapshot, SnapshotTaken
from redshank.picture import search_area
from redshank.release.asking import Approval, Question
from redshank.release.audit import as_corrected, outside
from redshank.release.decide import decide
from redshank.release.policy import TRACK_TYPES, Policy
from redshank.release.preview import Reasoned, explain
from redshank.release.released import Effect, Released, Withheld
from redshank.terms.crossing import Crossing
from redshank.terms.draft import Earlier, OwnFlight, TrackDraft
from redshank.terms.ids import ChannelId, CountryId, IncidentId, PartyId, TrackId, channel_between, partner_on
from redshank.terms.instants import Instant
from redshank.terms.message import CorrectBody, LostBody, Message, MessageType, NoticeBody, OwnObjectBody, Phase
from redshank.terms.track import Life, SearchArea, Status


class Fact(msgspec.Struct, frozen=True):
    """One snapshot of the journal, and when it was decided about."""

    at: Instant
    snapshot: Snapshot
    crossing: Crossing | None = None
    search: SearchArea | None = None
    by_person: bool = False


class Journal(msgspec.Struct, frozen=True):
    """What the journal says of release."""

    party: PartyId
    policies: tuple[tuple[Instant, Policy], ...]
    """Each policy with the time from which it was in force, in order."""
    facts: tuple[Fact, ...]
    approvals: tuple[Approval, ...] = ()
    """Each yes of a releasing authority; a person is its hand."""

    def in_force(self, at: Instant) -> list[Policy]:
        """The policies in force at an instant: more than one where it changed in that very millisecond, none before the
        first."""
        begun = [number for number, (since, _) in enumerate(self.policies) if since <= at]
        changed = [number for number in begun if self.policies[number][0] == at]
        oldest = max(0, changed[0] - 1) if changed else begun[-1] if begun else 0
        return [self.policies[number][1] for number in begun if number >= oldest]


class Unfit(msgspec.Struct, frozen=True):
    """A message that should not have left as it did."""

    channel: ChannelId
    serial: int
    why: str


class Kept(msgspec.Struct, frozen=True, order=True):
    """Decisions that let nothing out: to whom, by which rule, with what effect; how many, about how many tracks."""

    partner: PartyId
    rule: str
    effect: str
    decisions: int
    tracks: int


class Report(msgspec.Struct, frozen=True):
    """What an audit found. Sound when nothing is unfit."""

    sent: int
    about_tracks: int
    unfit: tuple[Unfit, ...]
    kept: tuple[Kept, ...]


def journal_of(party: PartyId, rows: Iterable[tuple[Instant, Recorded]]) -> Journal:
    """What the rows of a journal say of release."""
    policies, facts, approvals = list[tuple[Instant, Policy]](), list[Fact](), list[Approval]()
    for at, event in rows:
        match event:
            case PolicyTaken(policy=policy):
                policies.append((at, policy))
            case SnapshotTaken(snapshot=snapshot) if snapshot.track.observer == party:
                facts.append(Fact(at, snapshot, event.crossing, event.search))
            case Commanded(command=SendNotice() | SendOwnObject() | CorrectMessage(), snapshot=Snapshot() as snapshot):
                lost = snapshot.track.life is Life.LOST
                facts.append(
                    Fact(at, snapshot, None, search_area(snapshot.track, at) if lost else None, by_person=True)
                )
            case Commanded(command=ApproveRelease() as yes):
                approvals.append(Approval(person=event.hand.hex(), at=at, sight=bytes.fromhex(yes.sight)))
            case _:
                pass
    return Journal(party, tuple(policies), tuple(facts), tuple(approvals))


def audit(journal: Journal, sent: Sequence[Message]) -> Report:
    """Holds each message of the own logs, in order of channel and serial, against the journal."""
    at = defaultdict[Instant, list[Fact]](list)
    for fact in journal.facts:
        at[fact.at].append(fact)
    last, unfit = dict[tuple[ChannelId, IncidentId | None, int], Instant](), list[Unfit]()
    for message in sent:
        about = (message.channel, message.incident, _number(message))
        why = _unfit(journal, message, at, last.get(about))
        if why is not None:
            unfit.append(Unfit(message.channel, message.serial, why))
        if as_corrected(message).type in TRACK_TYPES:
            last[about] = message.stated_ms
    tracks = sum(as_corrected(message).type in TRACK_TYPES for message in sent)
    return Report(len(sent), tracks, tuple(unfit), tuple(_kept(journal)))


def _unfit(
    journal: Journal, message: Message, at: Mapping[Instant, list[Fact]], last_sent_ms: Instant | None
) -> str | None:
    policies = journal.in_force(message.stated_ms)
    if not policies:
        return "no policy of this journal was in force when it was stated"
    partner, meant = partner_on(message.channel, journal.party), as_corrected(message)
    most = _together(journal, policies, meant, partner)
    why = [outside(policy, partner, message, last_sent_ms, most, journal.approvals) for policy in policies]
    if all(why):
        return f"lies outside the policy {policies[-1].policy}: {why[-1]}"
    if meant.type not in TRACK_TYPES or _made_of(journal, policies, message, at.get(message.stated_ms, [])):
        return None
    earlier = (fact for fact in journal.facts if fact.at <= message.stated_ms)
    again = (msgspec.structs.replace(fact, by_person=True, search=_searched(fact, meant)) for fact in earlier)
    if _made_of(journal, policies, message, again):  # a person's notice, or one that was asked about until now
        return None
    return "is not what the policy makes of any snapshot in the journal"


def _number(message: Message) -> int:
    return message.body.object.object if isinstance(message.body, NoticeBody | LostBody) else 0


def _together(journal: Journal, policies: list[Policy], message: Message, partner: PartyId) -> int:
    """How many balloons of the journal may have left as this one did: the most that a count may say (PROC-36)."""
    if not isinstance(message.body, NoticeBody) or message.body.object.count == 1:
        return 1
    newest = {fact.snapshot.track.id: fact for fact in journal.facts if fact.at <= message.stated_ms}
    drafts = [draft_of(fact, partner, message.channel, message.type) for fact in newest.values()
              if fact.snapshot.track.status is Status.BALLOON]  # fmt: skip
    may = [msgspec.structs.replace(draft, by_person=True) for draft in drafts if draft is not None]
    return sum(any(isinstance(decide(one, draft, message.stated_ms), Released) for one in policies) for draft in may)


def _searched(fact: Fact, message: Message) -> SearchArea | None:
    lost = fact.snapshot.track.life is Life.LOST
    return search_area(fact.snapshot.track, message.stated_ms) if lost else fact.search


def _corrected(message: Message) -> Earlier | None:
    """Which message of ours this one says anew."""
    body = message.body
    return Earlier(body.serial, body.generation) if isinstance(body, CorrectBody) else None


def _made_of(journal: Journal, policies: list[Policy], message: Message, facts: Iterable[Fact]) -> bool:
    """Whether one of the snapshots, decided about at that time, gives just this message."""
    meant, partner = as_corrected(message), partner_on(message.channel, journal.party)
    body, corrects = meant.body, _corrected(message)
    if not isinstance(body, NoticeBody | LostBody | OwnObjectBody):
        return False
    own = OwnFlight(body.condition, body.until_ms) if isinstance(body, OwnObjectBody) else None
    phase = body.phase if isinstance(body, NoticeBody) else Phase.POSSIBLE
    for fact in facts:
        draft = draft_of(fact, partner, message.channel, meant.type)
        if draft is None:
            continue
        told, named = body.object, IncidentId(message.incident or draft.incident)
        draft = msgspec.structs.replace(draft, object_number=told.object, phase=phase, own=own, together=told.count)
        draft = msgspec.structs.replace(draft, incident=named, corrects=corrects)
        question = Question(asked_at=fact.at, approvals=journal.approvals)
        for policy in policies:
            made = decide(policy, draft, message.stated_ms, question=question)
            if isinstance(made, Released) and (made.body, made.observed_ms) == (message.body, message.observed_ms):
                return True
    return False


def draft_of(fact: Fact, partner: PartyId, channel: ChannelId, kind: MessageType) -> TrackDraft | None:
    """The draft that a snapshot gives for one partner; None where its channel was not active."""
    distance_m = dict(fact.snapshot.distances_m).get(partner)
    if distance_m is None:
        return None
    crossing, country = fact.crossing, CountryId(partner)
    if crossing is not None and country not in (crossing.into, crossing.out_of):
        crossing = None  # another border's crossing is not this partner's
    return TrackDraft(
        type=kind,
        channel=channel,
        partner=partner,
        incident=IncidentId(f"{fact.snapshot.track.observer}-0000-000000"),
        object_number=1,
        track=fact.snapshot.track,
        phase=Phase.POSSIBLE if crossing is None else Phase.CROSSED,
        distance_to_partner_m=distance_m,
        forecast=fact.snapshot.forecast,
        crossing=crossing,
        search=fact.search,
        by_person=fact.by_person,
    )


# --- what was not sent, and why ---------------------------------------------------------------------------------------


def _kept(journal: Journal) -> Iterator[Kept]:
    decisions, tracks = Counter[tuple[PartyId, str, str]](), defaultdict[tuple[PartyId, str, str], set[TrackId]](set)
    for fact in journal.facts:
        for explained in decisions_about(journal, fact, reasons=False):
            verdict = explained.made.verdict
            if verdict.effect is not Effect.RELEASE:
                key = (explained.partner, verdict.rule, verdict.effect.value)
                decisions[key] += 1
                tracks[key].add(fact.snapshot.track.id)
    for key in sorted(decisions):
        yield Kept(*key, decisions[key], len(tracks[key]))


class Explained(msgspec.Struct, frozen=True):
    """What the policy made of one snapshot for one partner, and each rule's part in it."""

    partner: PartyId
    policy: str
    made: Released | Withheld
    reasons: tuple[Reasoned, ...]


def decisions_about(journal: Journal, fact: Fact, *, reasons: bool = True) -> Iterator[Explained]:
    """For each partner whose channel was active: what it could get of this snapshot at that time."""
    policies = journal.in_force(fact.at)
    kind = MessageType.NOTICE if fact.search is None else MessageType.LOST
    for partner, _ in fact.snapshot.distances_m if policies else ():
        draft = draft_of(fact, partner, channel_between(journal.party, partner), kind)
        if draft is not None:
            policy = policies[-1]
            why = explain(policy, draft, fact.at) if reasons else ()
            yield Explained(partner, policy.policy, decide(policy, draft, fact.at), why)


def newest_fact(journal: Journal, track: TrackId, at: Instant | None = None) -> Fact | None:
    """The last snapshot of a track, by any number that it bore, up to an instant."""
    until = [fact for fact in journal.facts if at is None or fact.at <= at]
    return next((fact for fact in reversed(until) if track in (fact.snapshot.track.id, *fact.snapshot.members)), None)
