"""Robot officers: sit on the seats that no person holds, and act through the console as a person would.

Here: which acts a view calls for, after which human delay; pure, seeded by the scenario. Not here: HTTP
(fleet), what a node makes of an act. An act that is refused is tried again later and then given up: a robot
never insists. May know: console's view, node's commands, scenario, terms.
"""

import zlib
from collections.abc import Iterator

import msgspec
import numpy as np

from redshank.console.view import IncidentView, MessageView, ThreadView, View
from redshank.exercise.scenario import Scenario
from redshank.node.commands import (
    Acknowledge,
    AgreeClose,
    CloseAlone,
    CloseIncident,
    Command,
    IssueWarning,
    SendNotice,
    SendQuery,
    SendReply,
)
from redshank.terms.ids import ChannelId, IncidentId
from redshank.terms.instants import SECOND_MS, Instant
from redshank.terms.message import Answer, Outcome

STATEMENTS = frozenset({"OWN-OBJECT", "MEASURE", "FIND", "EVIDENCE", "NEGATIVE", "WARNING"})
READ_TYPES = frozenset({"NOTICE", "LOST", "CLOSE", "CORRECT", "CANCEL"}) | STATEMENTS
"""A person reads these; updates are read on the map, queries are answered instead."""

TRIES = 4
AGAIN_MS = 60_000
MIN_DELAY_MS = 5_000


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """Something that an officer sees to be done: `key` names the occasion, so that it is done once."""

    key: str
    command: Command


class _Plan(msgspec.Struct):
    due: Instant
    tries: int = 0


class Officer:
    """One robot on one seat. It remembers what it has seen to do and when it will get to it."""

    def __init__(self, scenario: Scenario, party: str) -> None:
        self._manner = scenario.officers
        self._seed = scenario.seed
        self._party = party
        self._plans: dict[str, _Plan] = {}
        self._quiet_since: dict[str, Instant] = {}

    def due(self, view: View) -> list[Act]:
        """The acts that are due now. Each counts as one try."""
        now = Instant(view.now_ms)
        found = []
        for act in self._wanted(view, now):
            plan = self._plans.setdefault(act.key, _Plan(Instant(now + self._delay_ms(act.key))))
            if plan.due <= now and plan.tries < TRIES:
                plan.tries += 1
                plan.due = Instant(now + AGAIN_MS)
                found.append(act)
        return found

    def done(self, key: str) -> None:
        """The node has done it: never again."""
        self._plans[key].tries = TRIES

    def _draw(self, key: str) -> np.random.Generator:
        return np.random.default_rng([self._seed, zlib.crc32(f"{self._party}/{key}".encode())])

    def _delay_ms(self, key: str) -> int:
        seconds = self._draw(key).normal(self._manner.mean_s, self._manner.spread_s)
        return max(MIN_DELAY_MS, round(float(seconds) * SECOND_MS))

    def _wanted(self, view: View, now: Instant) -> Iterator[Act]:
        alive = {track.id.rstrip("*") for track in view.tracks if track.life == "live"}
        mine = {track.id.rstrip("*") for track in view.tracks if track.mine}
        for incident in view.incidents:
            yield from self._warnings(incident)
            quiet = self._is_quiet(incident, alive, now)
            for thread in incident.threads:
                yield from _answers(incident, thread, bool(mine & set(incident.tracks)))
                yield from self._talk(incident, thread, quiet=quiet)

    def _warnings(self, incident: IncidentView) -> Iterator[Act]:
        for warning in incident.warnings:
            if warning.issued_ms is None and warning.ended_ms is None:
                yield Act(key=f"warning/{warning.id}", command=IssueWarning(warning=warning.id))

    def _is_quiet(self, incident: IncidentView, alive: set[str], now: Instant) -> bool:
        """Whether no track of the incident has lived for long enough: the object is down, gone or lost."""
        if alive & set(incident.tracks):
            self._quiet_since.pop(incident.id, None)
            return False
        since = self._quiet_since.setdefault(incident.id, now)
        return now - since >= self._manner.closes_after_s * SECOND_MS

    def _talk(self, incident: IncidentView, thread: ThreadView, *, quiet: bool) -> Iterator[Act]:
        place = f"{incident.id}/{thread.channel}"
        name, channel = IncidentId(incident.id), ChannelId(thread.channel)
        owes_notice = any(owed.owner == "us" and owed.what == "notice" for owed in thread.obligations)
        if "notice" in thread.acts and owes_notice and not _said(thread, "NOTICE"):
            yield Act(key=f"notice/{place}", command=SendNotice(incident=name, channel=channel))
        if "query" in thread.acts and not quiet and self._asks(incident, thread) and not _said(thread, "QUERY"):
            yield Act(key=f"query/{place}", command=SendQuery(incident=name, channel=channel, object=1))
        if not quiet:
            return
        # The side that spoke first on the channel closes; the other one does so when its own duty to close
        # is overdue.
        if "close" in thread.acts and (self._began(incident, thread) or _close_is_overdue(incident, thread)):
            outcome = _outcome(incident)
            yield Act(key=f"close/{place}", command=CloseIncident(incident=name, channel=channel, outcome=outcome))
        if "close-alone" in thread.acts:
            yield Act(key=f"close-alone/{place}", command=CloseAlone(incident=name, channel=channel))

    def _asks(self, incident: IncidentView, thread: ThreadView) -> bool:
        share = float(self._draw(f"asks/{incident.id}/{thread.channel}").random())
        return not self._began(incident, thread) and share < self._manner.asks_share

    def _began(self, incident: IncidentView, thread: ThreadView) -> bool:
        """Whether the first NOTICE on the channel was ours. The id alone does not say it: an incident that a
        partner opened may have gone on from us to a third party."""
        first = next((message for message in thread.messages if message.type == "NOTICE"), None)
        return first.direction == "sent" if first else incident.id.startswith(f"{self._party}-")


def _close_is_overdue(incident: IncidentView, thread: ThreadView) -> bool:
    return any(owed.what == "close" and owed.missed for owed in (*thread.obligations, *incident.obligations))


def _answers(incident: IncidentView, thread: ThreadView, known: bool) -> Iterator[Act]:
    """What a partner's messages call for. An object that we see ourselves is known to us; nobody says whose
    it is."""
    channel = ChannelId(thread.channel)
    for message in thread.messages:
        if message.direction != "got":
            continue
        serial, log = message.serial, message.generation
        key = f"{thread.channel}/{log}/{serial}"
        if "ack" in thread.acts and message.type in READ_TYPES and message.read_ms is None:
            yield Act(key=f"ack/{key}", command=Acknowledge(channel=channel, serial=serial, generation=log))
        if "reply" in thread.acts and message.type == "QUERY" and message.answered_ms is None:
            answer = Answer.KNOWN if known else Answer.NO_INFORMATION
            reply = SendReply(channel=channel, serial=serial, generation=log, answer=answer)
            yield Act(key=f"reply/{key}", command=reply)
    if "agree-close" in thread.acts:
        agree = AgreeClose(incident=IncidentId(incident.id), channel=channel, agrees=True)
        yield Act(key=f"agree/{incident.id}/{thread.channel}", command=agree)


def _said(thread: ThreadView, kind: str) -> bool:
    return any(message.direction == "sent" and message.type == kind for message in thread.messages)


def _outcome(incident: IncidentView) -> Outcome:
    messages = [message for thread in incident.threads for message in thread.messages]
    if any(message.type == "LOST" for message in messages):
        return Outcome.LOST
    if any(_phase(message) == "crossed" for message in messages):
        return Outcome.CROSSED
    if any(message.type in ("NOTICE", "UPDATE") for message in messages):
        return Outcome.NO_FURTHER_INFORMATION
    return Outcome.DID_NOT_CROSS


def _phase(message: MessageView) -> str | None:
    phase = message.body.get("phase")
    return phase if isinstance(phase, str) else None
