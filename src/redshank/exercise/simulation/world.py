"""World: one queue of happenings on a virtual clock; each is one step, and after each the invariants are checked.

Here: time, chance, crashes and restarts, who acts when, the trace, the end of a run. Not here: what a node does (node),
what else goes wrong (trouble), what an evil party does (byzantine), what is right (invariants). Everything is drawn
from the seed; nothing is read from the machine.
"""

import hashlib
import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import msgspec
import numpy as np

from redshank.edges.recovery import RecoveryFailed
from redshank.edges.turn import Turn
from redshank.exercise.simulation import invariants, scenes
from redshank.exercise.simulation.byzantine.campaign import Campaign
from redshank.exercise.simulation.byzantine.mouth import EvilNode
from redshank.exercise.simulation.clocks import MachineClock
from redshank.exercise.simulation.disk import Disk
from redshank.exercise.simulation.invariants import whole
from redshank.exercise.simulation.lives import Lives, all_dormant
from redshank.exercise.simulation.network import HEDGED, Pump, Weather
from redshank.exercise.simulation.node import Fate, Node
from redshank.exercise.simulation.officers import ROLE, Officer, to_settle
from redshank.exercise.simulation.rotations import Rotations, sets_of
from redshank.exercise.simulation.trouble import Trouble, draw_plan
from redshank.node.commands import Command, TestLine
from redshank.node.effects import KeepEntry, KeepEvent
from redshank.node.events import Reported, Ticked
from redshank.node.state import NodeState
from redshank.terms.ids import PartyId, partner_on
from redshank.terms.instants import HOUR_MS, MINUTE_MS, SECOND_MS, Instant, format_instant
from redshank.terms.invariant import InvariantBroken
from redshank.terms.refusal import Refusal
from redshank.terms.track import Life

LONG_WAIT_MS = 3 * HOUR_MS
"""After that only the ladders of complaints and of nights are still running: steps are far between."""
SETTLE_MS = 50 * HOUR_MS
"""By then every ladder of the procedure has ended, every track is lost, and a clock that ran ahead has been reached."""
STEP_MS = SECOND_MS
"""About the time of one step of one node with faults: flights are spread over what the steps will last."""
PATIENCE_MS = 4 * MINUTE_MS
"""How long officers of the good world wait before they close: until vanished tracks have been told as lost."""
FATE_SHARE, LONG_FATE_SHARE = 1 / 25, 1 / 50
"""Of turns that a node does not survive; in a long run, where each restart replays more, fewer."""
DEAR_EVERY = 1_000
TICK_MS = (4 * SECOND_MS, 16 * SECOND_MS)
FEED_MS = (3 * SECOND_MS, 6 * SECOND_MS)
THINK_MS = (3 * SECOND_MS, 20 * SECOND_MS)
CALM_TICK_MS, LATE_TICK_MS = (20 * SECOND_MS, 60 * SECOND_MS), (150 * SECOND_MS, 400 * SECOND_MS)
"""Until officers close, and then: only deadlines are still running."""
LONG_TICK_MS = (20 * MINUTE_MS, 40 * MINUTE_MS)
LONG_SLOWNESS, WAITING_SLOWNESS = 60, 4
"""Officers of long waits, and those of the good world who wait, think so many times more seldom: what they say then
meets no fault."""
QUIET_MS = (2 * MINUTE_MS, 6 * MINUTE_MS)
"""Pauses of everybody in the hours in which a node is dead: hours pass in few steps."""
DOWN_MS = (200, 90 * SECOND_MS)


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
    marks: str
    steps: int
    trace: str
    counts: dict[str, int]


class World:
    """One run. `steps` and `evil` overrule what the seed would draw; `node_type` may be a node with a mistake in it, to
    test the invariants."""

    def __init__(
        self, seed: int, steps: int | None = None, node_type: type[Node] = Node, *, evil: bool | None = None
    ) -> None:
        self.seed = seed
        self.now = scenes.START
        self.step = self._in_trouble = 0
        self.counts: Counter[str] = Counter()
        self.calm = self.quiet = False
        self._rng = np.random.default_rng([seed, 1])
        self._sky = np.random.default_rng([seed, 2])
        self._trace = hashlib.blake2b(digest_size=16)
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._happenings = 0
        self._calm_since = self.now
        self.plan = plan = draw_plan(self._rng, seed, steps, evil)
        self.memo = invariants.Memo(evil=plan.evil)
        self.weather = Weather(np.random.default_rng([seed, 3]), plan.garble)
        self.memo.garbled = self.weather.garbled
        self._keys = {party: scenes.Keys(seed, party) for party in plan.cast}
        self._clocks = {party: MachineClock(self._rng, self.now, wild=plan.wild_clocks) for party in plan.cast}
        self._flights = scenes.draw_flights(self._sky, plan.cast, plan.steps * STEP_MS // len(plan.cast))
        self.nodes = {party: self._new_node(party, node_type) for party in plan.cast}
        self._officers = {party: Officer(np.random.default_rng([seed, 4, n])) for n, party in enumerate(plan.cast)}
        self.campaign = Campaign(self, np.random.default_rng([seed, 5]))
        self._rotations = Rotations(self, np.random.default_rng([seed, 6]))
        self._lives = Lives(self, np.random.default_rng([seed, 7]))
        self._begin()

    def _new_node(self, party: PartyId, node_type: type[Node]) -> Node:
        made = EvilNode if party == self.plan.evil else node_type
        fresh, clock = scenes.fresh_state(party, self._keys), self._clocks[party]
        fresh = all_dormant(fresh) if self.plan.lives else fresh
        keys = sets_of(self.seed, party) if self.plan.rotates else self._keys[party]
        return made(party, fresh, keys, lambda: clock.read(self.now), self._soon)

    def _begin(self) -> None:
        for node in self.nodes.values():
            self._connect(node)
            self.after(self.between(TICK_MS), partial(self._tick, node))
            self.after(self.between(FEED_MS), partial(self._feed, node))
            self.after(self.between(THINK_MS), partial(self._think, node))
        Trouble(self, self.plan).begin()
        self.campaign.begin()
        if self.plan.rotates:
            self._rotations.begin()
        if self.plan.lives:
            self._lives.begin()

    # -- running -------------------------------------------------------------------------------------------------------

    def run(self) -> Result:
        """Runs to the end. Raises SimulationFailed."""
        try:
            while self._in_trouble < self.plan.steps:
                self._in_trouble += not self.quiet
                self._next()
            self._settle()
            self._check_all()
            self._count_kinds()
        except SimulationFailed:
            raise
        except Exception as error:
            raise self._failed(type(error).__name__, str(error)) from error
        return Result(
            seed=self.seed,
            parties=tuple(self.nodes),
            marks=self.plan.marks,
            steps=self.step,
            trace=self._trace.hexdigest(),
            counts=dict(sorted(self.counts.items())),
        )

    def _count_kinds(self) -> None:
        """How many threads of each kind the nodes hold at the end."""
        for node in self.nodes.values():
            for incident in (*node.state.incidents.open.values(), *node.state.incidents.closed.values()):
                for thread in incident.threads.values():
                    self.note(f"kind {thread.kind}")

    def after(self, delay_ms: int, happens: Callable[[], None]) -> None:
        """Has something happen; things of one instant happen in the order in which they were asked for."""
        self._happenings += 1
        heapq.heappush(self._heap, (self.now + delay_ms, self._happenings, happens))

    def _next(self) -> None:
        at, _, happens = heapq.heappop(self._heap)
        self.now, self.step = Instant(at), self.step + 1
        self.memo.touched.clear()
        happens()
        self.campaign.look()
        if self.memo.touched:  # no disk and no state changes but by a turn or a restart
            for check in invariants.EACH_STEP:
                self.complain(check.__name__, check(self.nodes, self.memo))
        if self.step % DEAR_EVERY == 0:
            self._check_all()

    def _check_all(self) -> None:
        for check in invariants.NOW_AND_THEN:
            self.complain(check.__name__, check(self.nodes, self.memo))

    def complain(self, invariant: str, complaints: Iterator[str]) -> None:
        """Raises SimulationFailed for the first complaint, if there is one."""
        for complaint in complaints:
            raise self._failed(invariant, complaint)

    def _failed(self, invariant: str, detail: str) -> SimulationFailed:
        where = f"step {self.step} ({format_instant(self.now)}) of {'-'.join(self.nodes)}"
        return SimulationFailed(self.seed, self.plan.steps, where, invariant, detail)

    def _settle(self) -> None:
        """Nothing fails any more, nothing new flies, nobody lies, officers do their duty: everything must come to its
        end. Every line is tested, so that whoever has lost something meets somebody who has not."""
        self.calm, self._calm_since, self.quiet = True, self.now, False
        self.weather.clear()
        self.campaign.end()
        for node in self.nodes.values():
            self._clocks[node.party].put_right(self.now)
            node.absent = False
            self.restart(node)
        for node in self.nodes.values():
            for channel in filter(node.state.hears, sorted(node.state.sessions)):
                node.order(ROLE, TestLine(channel=channel), lambda _: None)
        end = self.now + SETTLE_MS
        while self.now < end and not (self.memo.touched and self._is_over()):
            self._next()
        for check in invariants.AT_THE_END:
            self.complain(check.__name__, check(self.nodes, self.memo))

    def _is_over(self) -> bool:
        flying = any(shown.track.life is Life.LIVE for node in self.nodes.values() for shown in node.state.objects)
        return not flying and not any(True for check in invariants.AT_THE_END for _ in check(self.nodes, self.memo))

    def between(self, bounds: tuple[int, int]) -> int:
        """A whole number of the seed, the upper bound left out."""
        return int(self._rng.integers(*bounds))

    def note(self, what: str, *parts: bytes) -> None:
        """Counts a happening and takes it into the trace."""
        self.counts[what] += 1
        for part in (f"{self.now} {what}".encode(), *parts):
            told = HEDGED.sub(rb"\1\n", part)
            self._trace.update(len(told).to_bytes(4, "big") + told)

    # -- what happens --------------------------------------------------------------------------------------------------

    def _pause(self, usual: tuple[int, int]) -> int:
        return self.between(QUIET_MS if self.quiet else usual)

    def _tick(self, node: Node) -> None:
        node.post(Ticked())
        usual = TICK_MS if not self.calm else LATE_TICK_MS if self._is_late() else CALM_TICK_MS
        self.after(self._pause(LONG_TICK_MS if self._waits_long() else usual), partial(self._tick, node))

    def _is_late(self) -> bool:
        """Whether what is lost has been told as lost: officers close now."""
        return self.calm and self.now - self._calm_since >= PATIENCE_MS

    def _waits_long(self) -> bool:
        return self.calm and self.now - self._calm_since >= LONG_WAIT_MS

    def _feed(self, node: Node) -> None:
        if self.calm:
            return
        decoded = scenes.reports(self._flights, node.party, node.now(), self._sky)
        if decoded.reports:
            node.post(Reported(scenes.source_of(node.party), decoded))
        self.after(self._pause(FEED_MS), partial(self._feed, node))

    def _think(self, node: Node) -> None:
        officer = self._officers[node.party]
        wanted = officer.next_command(node.state)
        for command in to_settle(node.state) if self._is_late() else () if wanted is None else (wanted,):
            node.order(ROLE, command, partial(self._ordered, command))
        slowness = officer.slowness if not self.calm else 1 if self._is_late() else WAITING_SLOWNESS
        slowness = LONG_SLOWNESS if self._waits_long() else slowness
        self.after(slowness * self._pause(THINK_MS), partial(self._think, node))

    def _ordered(self, command: Command, result: tuple[int, bytes] | Refusal | None) -> None:
        said = str(result.reason) if isinstance(result, Refusal) else "done"
        self.note(f"order {type(command).__name__} {said}")

    # -- nodes ---------------------------------------------------------------------------------------------------------

    def _soon(self, node: Node) -> None:
        """A node has something to do; what comes until then goes into one turn."""
        self.after(self.between((1, 80)), partial(self._turn, node, node.life))

    def _turn(self, node: Node, life: int) -> None:
        if not node.lives(life):
            return
        before, fate = node.state, self._fate_of(node)
        self.memo.touched.add(node.party)
        self.memo.clock_moved(node.party, node.now() - self.now)
        done = node.turn(fate)
        if done is not None:
            self._write(node, done)
            self._refusals(before, node)
            for check in invariants.EACH_TURN if node.party != self.plan.evil else ():
                self.complain(check.__name__, check(before, done, self.memo))
        if not node.up:
            self.note(f"{node.party} {fate}")
            self.after(self.between(DOWN_MS), partial(self.restart, node))

    def _fate_of(self, node: Node) -> Fate:
        share = FATE_SHARE if self.plan.steps <= 700 else LONG_FATE_SHARE
        if self.calm or self._rng.random() > share or node.party == self.plan.evil:
            return Fate.LIVES
        fates = list(Fate)
        return fates[int(self._rng.integers(len(fates)))]

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

    def set_clock(self, party: PartyId, by_ms: int) -> None:
        """Somebody sets a machine's clock forward or back."""
        self._clocks[party].jump(by_ms)

    def rolled_back(self, node: Node, backup: Disk) -> None:
        """A node is about to start from an old backup."""
        whole.log_was_rolled_back(node, backup, self.nodes, self.memo)

    def restart(self, node: Node) -> None:
        """A node that is down comes back, unless it is to stay away for hours."""
        if node.up or node.absent:
            return
        self.memo.touched.add(node.party)
        try:
            node.restart()
        except (RecoveryFailed, InvariantBroken) as error:
            raise self._failed("restart_gives_the_same", str(error)) from error
        self.note("restart", node.party.encode())
        self.complain("restart_gives_the_same", whole.restart_gives_the_same(node, node.kept))
        self._connect(node)

    def _connect(self, node: Node) -> None:
        """New pumps for a new life; timers of an old life move nothing, but what is on the wire arrives."""
        life = node.life

        def in_this_life(delay_ms: int, happens: Callable[[], None]) -> None:
            self.after(delay_ms, lambda: happens() if node.lives(life) else None)

        pumps = {}
        for channel in filter(node.state.hears, sorted(node.state.sessions)):
            partner = self.nodes[partner_on(channel, node.party)]
            receive = partial(partner.receive, channel)
            pumps[channel] = Pump(channel, node, receive, self.weather, in_this_life, self.after)
        node.pumps = pumps
        for pump in pumps.values():
            in_this_life(1, pump.wake)
