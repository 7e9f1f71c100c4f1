"""World: one queue of happenings on a virtual clock; each is one step, and after each the invariants are checked.

Here: time, chance, crashes and restarts, cut lines, who acts when, the trace, the end of a run. Not here: what a node
does (node), what is right (invariants). Everything is drawn from the seed; nothing is read from the machine.
"""

import hashlib
import heapq
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import msgspec
import numpy as np

from redshank.edges.recovery import RecoveryFailed
from redshank.edges.turn import Turn
from redshank.exercise.simulation import invariants, scenes
from redshank.exercise.simulation.network import Pump, Weather
from redshank.exercise.simulation.node import Fate, Node
from redshank.exercise.simulation.officers import ROLE, Officer, to_settle
from redshank.node.commands import Command
from redshank.node.effects import KeepEntry, KeepEvent
from redshank.node.events import Reported, Ticked
from redshank.node.state import NodeState
from redshank.terms.ids import ChannelId, PartyId, partner_on
from redshank.terms.instants import HOUR_MS, MINUTE_MS, SECOND_MS, Instant, format_instant
from redshank.terms.invariant import InvariantBroken
from redshank.terms.refusal import Refusal
from redshank.terms.track import Life

STEPS = 1_500
"""Steps with all that can go wrong; then the world is good, and must come to its end."""
SETTLE_MS = 2 * HOUR_MS
"""By then every ladder of the procedure has ended and every track is lost."""
STEP_MS = SECOND_MS
"""About the time of one step of one node with faults: flights are spread over what the steps will last."""
PATIENCE_MS = 4 * MINUTE_MS
"""How long officers of the good world wait before they close: until vanished tracks have been told as lost."""
FATE_SHARE = 1 / 25
DEAR_EVERY = 1_000
TICK_MS = (3 * SECOND_MS, 12 * SECOND_MS)
FEED_MS = (3 * SECOND_MS, 6 * SECOND_MS)
THINK_MS = (3 * SECOND_MS, 20 * SECOND_MS)
CALM_TICK_MS = (10 * SECOND_MS, 20 * SECOND_MS)
CUT_AFTER_MS, CUT_FOR_MS = (20 * SECOND_MS, 6 * MINUTE_MS), (5 * SECOND_MS, 4 * MINUTE_MS)
DOWN_MS = (200, 90 * SECOND_MS)
_MLDSA = re.compile(rb"(\xe2\x80\x94 \S+ [A-Za-z0-9+/]{16})[A-Za-z0-9+/]{3227}=\n")
"""A signature line of type 0x06: dash, name, key id and time, signature. The library draws that signature anew each
time (FIPS 204, hedged), so the trace has all of the line but it."""


class SimulationFailed(Exception):
    """An invariant did not hold, or the core broke. The text says where, and how to see it again."""

    def __init__(self, seed: int, steps: int, where: str, invariant: str, detail: str) -> None:
        self.seed = seed
        self.invariant = invariant
        super().__init__(
            f"seed {seed}, {where}: {invariant}: {detail}\n"
            f"replay: make simulate SEED={seed} STEPS={steps}\n"
            f"    or: python -m redshank.exercise.simulation --seed {seed} --steps {steps}"
        )


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a run that held. `trace` is a hash over all that was kept and said, but for what the signature
    library draws by itself."""

    seed: int
    parties: tuple[str, ...]
    steps: int
    trace: str
    counts: dict[str, int]


class World:
    """One run. `node_type` may be a node with a mistake in it, for tests of the invariants."""

    def __init__(self, seed: int, steps: int = STEPS, node_type: type[Node] = Node) -> None:
        self.seed, self.steps = seed, steps
        self.now = scenes.START
        self.step = 0
        self.counts: Counter[str] = Counter()
        self.memo = invariants.Memo()
        self._rng = np.random.default_rng([seed, 1])
        self._sky = np.random.default_rng([seed, 2])
        self._weather = Weather(np.random.default_rng([seed, 3]))
        self._trace = hashlib.blake2b(digest_size=16)
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._happenings = 0
        self._calm = self._touched = False
        self._calm_since = self.now
        names = tuple(PartyId(name) for name in scenes.CASTS[int(self._rng.integers(len(scenes.CASTS)))])
        self._keys = {party: scenes.Keys(seed, party) for party in names}
        self._flights = scenes.draw_flights(self._sky, names, steps * STEP_MS // len(names))
        self.nodes = {party: self._new_node(party, node_type) for party in names}
        self._kept: dict[PartyId, NodeState] = {party: node.state for party, node in self.nodes.items()}
        self._officers = {party: Officer(np.random.default_rng([seed, 4, n])) for n, party in enumerate(names)}
        self._begin()

    def _new_node(self, party: PartyId, node_type: type[Node]) -> Node:
        skew_ms = int(self._rng.integers(-3 * SECOND_MS, 3 * SECOND_MS))
        fresh = scenes.fresh_state(party, self._keys)
        return node_type(party, fresh, self._keys[party], lambda: Instant(self.now + skew_ms), self._soon)

    def _begin(self) -> None:
        for node in self.nodes.values():
            self._connect(node)
            self.after(self._between(TICK_MS), partial(self._tick, node))
            self.after(self._between(FEED_MS), partial(self._feed, node))
            self.after(self._between(THINK_MS), partial(self._think, node))
            for channel in node.state.active_channels():
                if channel.startswith(node.party):
                    self.after(self._between(CUT_AFTER_MS), partial(self._cut, channel))

    # -- running -------------------------------------------------------------------------------------------------------

    def run(self) -> Result:
        """Runs to the end. Raises SimulationFailed."""
        try:
            while self.step < self.steps:
                self._next()
            self._settle()
            self._check_all()
        except SimulationFailed:
            raise
        except Exception as error:
            raise self._failed(type(error).__name__, str(error)) from error
        return Result(
            seed=self.seed,
            parties=tuple(self.nodes),
            steps=self.step,
            trace=self._trace.hexdigest(),
            counts=dict(sorted(self.counts.items())),
        )

    def after(self, delay_ms: int, happens: Callable[[], None]) -> None:
        """Has something happen; things of one instant happen in the order in which they were asked for."""
        self._happenings += 1
        heapq.heappush(self._heap, (self.now + delay_ms, self._happenings, happens))

    def _next(self) -> None:
        at, _, happens = heapq.heappop(self._heap)
        self.now, self.step = Instant(at), self.step + 1
        self._touched = False
        happens()
        if self._touched:  # no disk and no state changes but by a turn or a restart
            for check in invariants.EACH_STEP:
                self._complain(check.__name__, check(self.nodes, self.memo))
        if self.step % DEAR_EVERY == 0:
            self._check_all()

    def _check_all(self) -> None:
        for check in invariants.NOW_AND_THEN:
            self._complain(check.__name__, check(self.nodes, self.memo))

    def _complain(self, invariant: str, complaints: Iterator[str]) -> None:
        for complaint in complaints:
            raise self._failed(invariant, complaint)

    def _failed(self, invariant: str, detail: str) -> SimulationFailed:
        where = f"step {self.step} ({format_instant(self.now)}) of {'-'.join(self.nodes)}"
        return SimulationFailed(self.seed, self.steps, where, invariant, detail)

    def _settle(self) -> None:
        """Nothing fails any more, nothing new flies, officers do their duty: everything must come to its end."""
        self._calm, self._calm_since = True, self.now
        self._weather.clear()
        for node in self.nodes.values():
            if not node.up:
                self._restart(node)
        end = self.now + SETTLE_MS
        while self.now < end and not self._is_over():
            self._next()
        for check in invariants.AT_THE_END:
            self._complain(check.__name__, check(self.nodes))

    def _is_over(self) -> bool:
        flying = any(shown.track.life is Life.LIVE for node in self.nodes.values() for shown in node.state.objects)
        return not flying and not any(True for check in invariants.AT_THE_END for _ in check(self.nodes))

    def _between(self, bounds: tuple[int, int]) -> int:
        return int(self._rng.integers(*bounds))

    def note(self, what: str, *parts: bytes) -> None:
        """Counts a happening and takes it into the trace."""
        self.counts[what] += 1
        for part in (f"{self.now} {what}".encode(), *parts):
            told = _MLDSA.sub(rb"\1\n", part)
            self._trace.update(len(told).to_bytes(4, "big") + told)

    # -- what happens --------------------------------------------------------------------------------------------------

    def _tick(self, node: Node) -> None:
        node.post(Ticked())
        self.after(self._between(CALM_TICK_MS if self._calm else TICK_MS), partial(self._tick, node))

    def _feed(self, node: Node) -> None:
        if self._calm:
            return
        decoded = scenes.reports(self._flights, node.party, node.now(), self._sky)
        if decoded.reports:
            node.post(Reported(scenes.source_of(node.party), decoded))
        self.after(self._between(FEED_MS), partial(self._feed, node))

    def _think(self, node: Node) -> None:
        officer = self._officers[node.party]
        settling = self._calm and self.now - self._calm_since >= PATIENCE_MS
        wanted = officer.next_command(node.state)
        for command in to_settle(node.state) if settling else () if wanted is None else (wanted,):
            node.order(ROLE, command, partial(self._ordered, command))
        self.after(self._between(THINK_MS), partial(self._think, node))

    def _ordered(self, command: Command, result: tuple[int, bytes] | Refusal | None) -> None:
        said = str(result.reason) if isinstance(result, Refusal) else "done"
        self.note(f"order {type(command).__name__} {said}")

    def _cut(self, channel: ChannelId) -> None:
        if self._calm:
            return
        self.note("line cut", channel.encode())
        self._weather.cut.add(channel)
        self.after(self._between(CUT_FOR_MS), lambda: self._weather.cut.discard(channel))
        self.after(self._between(CUT_AFTER_MS), partial(self._cut, channel))

    # -- nodes ---------------------------------------------------------------------------------------------------------

    def _soon(self, node: Node) -> None:
        """A node has something to do; what comes until then goes into one turn."""
        self.after(self._between((1, 80)), partial(self._turn, node, node.life))

    def _turn(self, node: Node, life: int) -> None:
        if not node.lives(life):
            return
        fates = list(Fate)
        fate = (
            Fate.LIVES if self._calm or self._rng.random() > FATE_SHARE else fates[int(self._rng.integers(len(fates)))]
        )
        before, self._touched = node.state, True
        done = node.turn(fate)
        if done is not None:
            self._kept[node.party] = node.state
            self._write(node, done)
            self._refusals(before, node)
            for check in invariants.EACH_TURN:
                self._complain(check.__name__, check(before, done))
        if not node.up:
            self.note(f"{node.party} {fate}")
            self.after(self._between(DOWN_MS), partial(self._restart, node))

    def _write(self, node: Node, done: Turn) -> None:
        for durable in done.durables:
            match durable:
                case KeepEvent(event=event):
                    self.note("event", node.party.encode(), event)
                case KeepEntry(origin=origin, body=body):
                    self.note("entry", origin.encode(), body)
                case _:
                    self.note("note", durable.origin.encode(), durable.body)

    def _refusals(self, before: NodeState, node: Node) -> None:
        """Counts what a node could not use of a partner's words, by reason."""
        for channel in node.state.sessions:
            old, new = before.line(channel).refusals, node.state.line(channel).refusals
            for reason, count in new.items():
                for _ in range(count - old.get(reason, 0)):
                    self.note(f"of the partner {reason}")

    def _restart(self, node: Node) -> None:
        if node.up:
            return
        self._touched = True
        try:
            node.restart()
        except (RecoveryFailed, InvariantBroken) as error:
            raise self._failed("restart_gives_the_same", str(error)) from error
        self.note("restart", node.party.encode())
        self._complain("restart_gives_the_same", invariants.restart_gives_the_same(node, self._kept[node.party]))
        self._connect(node)

    def _connect(self, node: Node) -> None:
        """New pumps for a new life; timers of an old life move nothing, but what is on the wire arrives."""
        life = node.life

        def in_this_life(delay_ms: int, happens: Callable[[], None]) -> None:
            self.after(delay_ms, lambda: happens() if node.lives(life) else None)

        pumps = {}
        for channel in node.state.active_channels():
            partner = self.nodes[partner_on(channel, node.party)]
            receive = partial(partner.receive, channel)
            pumps[channel] = Pump(channel, node, receive, self._weather, in_this_life, self.after)
        node.pumps = pumps
        for pump in pumps.values():
            in_this_life(1, pump.wake)
