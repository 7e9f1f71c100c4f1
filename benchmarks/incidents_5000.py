"""What 5,000 open incidents with running deadlines cost a node, beside the least that timers can cost.

The real turns of a node over twelve minutes of its clock, four ticks a second, each turn committed to its store on the
disk, with its bookmarks. 5,000 incidents are open, as many as a node takes, begun over the five minutes before:
crossings, told to BY; BY has receipted all and acknowledged every second one. From then on everybody is absent: each
deadline passes, and every step of every ladder falls due, is recorded and is durable, which is the worst that deadlines
can do. Processor time of the whole process, fsync's share included, over the time of the node's clock.

The limit: as many timers of the same times in one `heapq`, each popped when it is due and pushed for its next step,
looked at as often; nothing is recorded.

Run: python -m benchmarks.incidents_5000
"""

import heapq
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks.figures import print_figure
from redshank.edges.store import Store
from redshank.edges.turn import take_turn
from redshank.exercise.simulation.scenes import Keys, fresh_state
from redshank.node.bookmark import bookmark_of
from redshank.node.effects import KeepEvent
from redshank.node.events import Ticked
from redshank.node.state import NodeState
from redshank.procedure import record
from redshank.procedure.incident import Incidents, OpenedBy
from redshank.procedure.table import CROSSED
from redshank.terms import limits
from redshank.terms.geo import Position
from redshank.terms.ids import ChannelId, IncidentId, PartyId, TrackId
from redshank.terms.instants import MINUTE_MS, SECOND_MS, Instant
from redshank.terms.message import AckBody, Body, Message, MessageType, NoticeBody, ObjectState, Phase, PointE7
from redshank.terms.refusal import Refusal
from redshank.terms.track import Status, Track

LT, BY, CHANNEL = PartyId("LT"), PartyId("BY"), ChannelId("BY-LT")
BEGIN = Instant(1_778_113_800_000)
INCIDENTS, SPREAD_MS, RUN_MS = limits.OPEN_INCIDENTS, 5 * MINUTE_MS, 12 * MINUTE_MS
TICK_MS = round(limits.TICK_S * SECOND_MS)
GOAL_PERCENT = 5.0
PLACE = PointE7(545_000_000, 255_000_000)


def track(number: int, at: Instant) -> Track:
    """An object of ours; where it is does not matter here."""
    return Track(
        id=TrackId(f"LT/{number}"), observer=LT, at=at, position=Position(54.5, 25.5), velocity_e_mps=0.0,
        velocity_n_mps=0.0, covariance=(0.0,) * 16, first_at=at, last_report_at=at,
    )  # fmt: skip


def message(kind: MessageType, sender: PartyId, serial: int, name: IncidentId, at: Instant, body: Body) -> Message:
    """One message of the channel; an ACK answers the NOTICE of its incident."""
    reply = int(name[-6:]) - 1 if kind is MessageType.ACK else None
    return Message(
        type=kind, channel=CHANNEL, sender=sender, year=2026, serial=serial, stated_ms=at, observed_ms=at, body=body,
        incident=name, in_reply_to=reply,
    )  # fmt: skip


def done(after: Incidents | Refusal) -> Incidents:
    """What must not be refused."""
    if isinstance(after, Refusal):
        raise SystemExit(f"refused: {after}")
    return after


def with_open_incidents(state: NodeState) -> NodeState:
    """The node in the middle of the worst night that it takes."""
    incidents, tables, acks = state.incidents, state.charter.tables, 0
    for number in range(INCIDENTS):
        at = Instant(BEGIN - SPREAD_MS + SPREAD_MS * number // INCIDENTS)
        name = IncidentId(f"LT-2026-{number + 1:06d}")
        mine = track(number + 1, at)
        incidents = done(record.opened(incidents, tables, OpenedBy.CROSSING, mine, None, (mine.id,), at))
        incidents = done(record.happened(incidents, tables, name, CROSSED, at, CHANNEL))
        told = ObjectState(object=1, status=Status.UNKNOWN, at=PLACE, accuracy_m=1_000)
        notice = message(MessageType.NOTICE, LT, number, name, at, NoticeBody(phase=Phase.CROSSED, object=told))
        incidents = done(record.sent(incidents, tables, notice, "rule", at))
        if number % 2:
            ack = message(MessageType.ACK, BY, acks, name, at, AckBody(role="duty-officer"))
            incidents, acks = done(record.got(incidents, tables, ack, at)), acks + 1
    return msgspec.structs.replace(
        state, incidents=record.receipted(incidents, tables, CHANNEL, INCIDENTS, BEGIN, (2026, 0))
    )


def timers(state: NodeState) -> list[tuple[Instant, int]]:
    """When each obligation's next step is due, and how many steps its ladder still has."""
    return [
        (o.next_at, len(o.ladder))
        for incident in state.incidents.open.values()
        for thread in incident.threads.values()
        for o in thread.obligations
        if o.next_at is not None
    ]


def ours(state: NodeState, store: Store, signer: Keys) -> tuple[float, int]:
    """Seconds of processor time, and how many steps fell due."""
    steps, marked, begin = 0, 0, time.process_time()
    for now in range(BEGIN, BEGIN + RUN_MS, TICK_MS):
        turn = take_turn(state, [Ticked()], Instant(now), signer)
        state = turn.state
        if turn.durables:
            store.commit(turn.durables, Instant(now))
            steps += sum(isinstance(durable, KeepEvent) for durable in turn.durables)
        if steps - marked >= limits.BOOKMARK_EVENTS:
            store.keep_bookmark(bookmark_of(state))
            marked = steps
    return time.process_time() - begin, steps


def limit(due: list[tuple[Instant, int]]) -> float:
    """The same timers in a heap."""
    heap = list(due)
    begin = time.process_time()
    heapq.heapify(heap)
    for now in range(BEGIN, BEGIN + RUN_MS, TICK_MS):
        while heap and heap[0][0] <= now:
            at, left = heapq.heappop(heap)
            if left > 1:
                heapq.heappush(heap, (Instant(at + MINUTE_MS), left - 1))
    return time.process_time() - begin


def main() -> None:
    """Measures both, prints what was done and the figure."""
    keys = {party: Keys(7, party) for party in (LT, BY)}
    state = with_open_incidents(fresh_state(LT, keys))
    due = timers(state)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "node.sqlite")
        used_s, steps = ours(state, store, keys[LT])
        store.close()
    run_s, limit_s = RUN_MS / SECOND_MS, limit(due)
    print(f"{INCIDENTS:,} open incidents, {len(due):,} deadlines; {steps:,} steps fell due in {run_s:g} s")
    print_figure(
        "incidents_5000", 100 * used_s / run_s, 100 * limit_s / run_s, unit="% of a core", goal=GOAL_PERCENT,
        goal_is_ours=True, also=("each incident's deadlines counted", steps > INCIDENTS),
        beside={"steps": steps, "peer_is": "heapq of the same timers"},
    )  # fmt: skip


if __name__ == "__main__":
    main()
