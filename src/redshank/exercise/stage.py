"""Stage: one exercise at a time, from the choice of a night to its end.

Here: the fleet, the feeder, the officers, the observer and the score put together, and the director's view
made of them. Not here: HTTP (director). May know: the rest of this room, compose's map, edges.clock, terms.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from redshank.compose.build import read_geography
from redshank.console.view import View
from redshank.edges.clock import ExerciseClock, set_exercise_clock, set_exercise_pace
from redshank.edges.keys import KeysFailed
from redshank.exercise.accounts import AUTHORITY
from redshank.exercise.cards import moments_of, path_view, scenario_view, truth_view
from redshank.exercise.director_view import (
    DirectorView,
    KnowsView,
    NodeCardView,
    Seat,
    StartExercise,
)
from redshank.exercise.feeder import Emission, Feeder, emissions
from redshank.exercise.fleet import Fleet, FleetFailed, Node
from redshank.exercise.fleet_folder import HOST, ExerciseFolder, make_folder
from redshank.exercise.observer import Observer
from redshank.exercise.officers import Officer
from redshank.exercise.scenario import PARTIES, Scenario
from redshank.exercise.score import Summary, TrueFlight, in_words, scores, summary, true_flight
from redshank.exercise.truth import Flight, entries_of, flights_of
from redshank.forecast.geography import Geography
from redshank.terms.ids import PartyId
from redshank.terms.instants import Instant
from redshank.terms.refusal import Reason, Refusal

POLL_S = 0.5
"""The consoles are read so often; at sixty times the pace an officer looks up every half minute."""

PAGE_CADENCE_S = 1.0
MESSAGE_CHARS = 1_500


class Play:
    """One running exercise."""

    def __init__(self, scenario: Scenario, speed: float, seats: Mapping[PartyId, Seat], geography: Geography) -> None:
        self.scenario = scenario
        self.speed = speed
        self.seats = {party: seats.get(party, "robot") for party in PARTIES}
        self.flights = flights_of(scenario)
        self.truths = [_true_flight(flight, geography, frozenset(scenario.scored)) for flight in self.flights]
        self.moments = moments_of(scenario, self.flights, geography)
        self.observer = Observer(self.flights)
        self.officers = {party: Officer(scenario, party) for party in PARTIES}
        self.paths = [path_view(flight) for flight in self.flights]
        self.views: dict[PartyId, View] = {}
        self.knows: dict[PartyId, KnowsView] = {}
        self.fleet: Fleet | None = None
        self.clock: ExerciseClock | None = None
        self.down: set[PartyId] = set()

    @property
    def now(self) -> Instant:
        """Exercise time; the scenario's start before the clock is there."""
        return self.clock.now() if self.clock else self.scenario.starts

    def set_rate(self, rate: float) -> None:
        """Changes the pace, for all nodes in the same instant."""
        if self.fleet is not None:
            set_exercise_pace(self.fleet.folder.clock, rate)

    def summary(self) -> Summary:
        """The night in numbers, up to now."""
        return summary(self.truths, self.observer.observed, self.now)


class Stage:
    """The director's side of everything: at most one play, and the view of it."""

    def __init__(
        self, scenarios: Mapping[str, Scenario], root: Path, base_port: int, say: Callable[[str], None]
    ) -> None:
        self._scenarios = scenarios
        self._root = root
        self._base_port = base_port
        self._say = say
        self._phase = "choosing"
        self._message: str | None = None
        self._play: Play | None = None
        self._task: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._geography: Geography | None = None
        self._version = 1
        self._turned = asyncio.Condition()

    # -- what the page asks

    async def start(self, wanted: StartExercise) -> Refusal | None:
        """Ends what runs and starts anew, with fresh keys in a fresh folder. The view tells the rest."""
        scenario = self._scenarios.get(wanted.scenario)
        if scenario is None:
            return Refusal(
                Reason.UNKNOWN_FIELD, "scenario", f"no {wanted.scenario[:40]!r}, only {', '.join(self._scenarios)}"
            )
        strangers = [party for party in wanted.seats if party not in PARTIES]
        if strangers:
            return Refusal(Reason.UNKNOWN_FIELD, "seats", f"no seat {strangers[0][:10]!r}, only {', '.join(PARTIES)}")
        await self.close()
        seats = {PartyId(party): seat for party, seat in wanted.seats.items()}
        self._phase, self._message = "starting", "Keys and configurations are made."
        self._task = asyncio.create_task(self._guarded(scenario, wanted.speed, seats))
        self._task.add_done_callback(self._broke)
        await self._turn()
        return None

    async def pause(self) -> Refusal | None:
        """Stops the exercise clock; nothing is sent while it stands."""
        return await self._change_pace("running", "paused", 0.0)

    async def resume(self) -> Refusal | None:
        """Lets the exercise clock run again."""
        return await self._change_pace("paused", "running", self._play.speed if self._play else 0.0)

    async def restart(self, party: str) -> Refusal | None:
        """Restarts one node on its data, as an operator would."""
        play = self._play
        if play is None or play.fleet is None or party not in PARTIES:
            return Refusal(Reason.UNKNOWN_FIELD, "party", "no such node runs")
        try:
            await play.fleet.restart(PartyId(party))
        except FleetFailed as error:
            return Refusal(Reason.BUSY, "party", str(error)[:400])
        play.observer.tell(play.now, party, "fault", "the node was restarted")
        await self._turn()
        return None

    def view(self) -> DirectorView:
        """All that the page shows."""
        play = self._play
        now = play.now if play else Instant(0)
        return DirectorView(
            phase=self._phase,
            now_ms=now,
            clock_rate=play.clock.rate if play and play.clock else 0.0,
            scenario=play.scenario.id if play else None,
            scenarios=[scenario_view(scenario) for scenario in self._scenarios.values()],
            truth=[truth_view(flight, now) for flight in play.flights] if play else [],
            paths=play.paths if play else [],
            nodes=[_node_card(play, party) for party in PARTIES],
            knows=[play.knows.get(party, KnowsView(party=party, tracks=[])) for party in PARTIES] if play else [],
            scores=scores(play.scenario, play.truths, play.observer.observed) if play else [],
            ticker=play.observer.ticker if play else [],
            message=self._message,
        )

    async def changed(self, since_version: int) -> int:
        """Waits for a newer view, at most one per PAGE_CADENCE_S."""
        if since_version:
            await asyncio.sleep(PAGE_CADENCE_S)
        async with self._turned:
            await self._turned.wait_for(lambda: self._version > since_version)
        return self._version

    async def close(self) -> None:
        """Ends the play and all its processes."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._play, self._phase, self._message = None, "choosing", None

    async def wait_until(self, *phases: str) -> str:
        """Waits until the phase is one of these, and gives it."""
        async with self._turned:
            await self._turned.wait_for(lambda: self._phase in phases)
        return self._phase

    @property
    def play(self) -> Play | None:
        """The running exercise."""
        return self._play

    @property
    def message(self) -> str | None:
        """What the page tells: what is being started, what failed, or the summary."""
        return self._message

    # -- the run

    async def _guarded(self, scenario: Scenario, speed: float, seats: Mapping[PartyId, Seat]) -> None:
        try:
            await self._run(scenario, speed, seats)
        except (FleetFailed, KeysFailed, OSError) as error:
            self._phase, self._message = "failed", str(error)[-MESSAGE_CHARS:]
            self._say(self._message)
            await self._turn()

    def _broke(self, task: "asyncio.Task[None]") -> None:
        """An error of our own ends the play: the page must not go on showing it as running."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._phase, self._message = "failed", f"The exercise broke: {error!r}"[:MESSAGE_CHARS]
            self._say(self._message)
            self._telling = asyncio.get_running_loop().create_task(self._turn())

    async def _run(self, scenario: Scenario, speed: float, seats: Mapping[PartyId, Seat]) -> None:
        folder = make_folder(scenario, self._fresh_folder(scenario), self._base_port)
        _check_ports(folder)
        async with Fleet(folder) as fleet:
            started = asyncio.create_task(fleet.start(lambda party: self._say(f"node {party} is ready")))
            try:
                # The map is read while the nodes start: both take about a second.
                if self._geography is None:
                    self._geography = await asyncio.to_thread(read_geography)
                play = Play(scenario, speed, seats, self._geography)
                self._message = "The five nodes start."
                await self._turn()
                await started
            finally:
                started.cancel()
            play.fleet, play.clock = fleet, ExerciseClock(folder.clock)
            self._play, self._phase, self._message = play, "running", None
            play.observer.tell(scenario.starts, None, "seat", _seats_in_words(play.seats))
            set_exercise_clock(folder.clock, scenario.starts, speed)
            await self._perform(play, fleet)

    async def _perform(self, play: Play, fleet: Fleet) -> None:
        async def post(party: PartyId, body: bytes) -> str | None:
            return await fleet.nodes[party].report(body)

        def refused(emission: Emission, why: str) -> None:
            play.observer.tell(emission.at, emission.party, "fault", f"report of {emission.source} was refused: {why}")

        assert play.clock is not None  # noqa: S101 - set by the caller one line above
        feeder = Feeder(play.clock, fleet.folder.feed_ports, post)
        feeding = asyncio.create_task(feeder.run(emissions(play.scenario, play.flights), refused))
        try:
            while True:
                await self._look(play, fleet)
                if self._phase == "running" and play.now >= play.scenario.ends:
                    self._finish(play, fleet.folder)
                if feeding.done():
                    feeding.result()
                await self._turn()
                await asyncio.sleep(POLL_S)
        finally:
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)

    async def _look(self, play: Play, fleet: Fleet) -> None:
        while play.moments and play.moments[0].at <= play.now:
            moment = play.moments.pop(0)
            play.observer.tell(moment.at, None, "truth", moment.text)
        await asyncio.gather(*(self._visit(play, node) for node in fleet.nodes.values()))

    async def _visit(self, play: Play, node: Node) -> None:
        """Reads one console, and lets the robot of that seat act on what it sees."""
        view = await node.view() if node.is_running else None
        if view is None:
            if node.party not in play.down:
                play.down.add(node.party)
                play.observer.tell(play.now, node.party, "fault", "the node does not answer")
            return
        play.down.discard(node.party)
        play.views[node.party] = view
        play.knows[node.party] = play.observer.look(view)
        if play.seats[node.party] == "robot" and self._phase in ("running", "finished"):
            officer = play.officers[node.party]
            for act in officer.due(view):
                if await node.command(act.command) is None:
                    officer.done(act.key)

    def _finish(self, play: Play, folder: ExerciseFolder) -> None:
        play.set_rate(0.0)
        found = play.summary()
        self._phase, self._message = "finished", in_words(found)
        told = {"summary": found, "scores": scores(play.scenario, play.truths, play.observer.observed)}
        (folder.root / "score.json").write_bytes(msgspec.json.format(msgspec.json.encode(told)))

    async def _change_pace(self, was: str, becomes: str, rate: float) -> Refusal | None:
        if self._phase != was or self._play is None:
            return Refusal(Reason.NOT_IN_TABLE, "phase", f"the exercise is {self._phase}")
        self._play.set_rate(rate)
        self._phase = becomes
        await self._turn()
        return None

    def _fresh_folder(self, scenario: Scenario) -> Path:
        number = 1
        while (folder := self._root / f"{number:02d}-{scenario.id}").exists():
            number += 1
        return folder

    async def _turn(self) -> None:
        async with self._turned:
            self._version += 1
            self._turned.notify_all()


def _check_ports(folder: ExerciseFolder) -> None:
    tcp = [port for node in folder.nodes.values() for port in (node.console_port, node.peer_port)]
    wanted = [(port, socket.SOCK_STREAM) for port in tcp]
    wanted += [(port, socket.SOCK_DGRAM) for port in folder.feed_ports.values()]
    for port, kind in wanted:
        with contextlib.closing(socket.socket(socket.AF_INET, kind)) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                raise FleetFailed(f"Port {port} is in use; choose other ports with --port.") from error


def _true_flight(flight: Flight, geography: Geography, scored: frozenset[str]) -> TrueFlight:
    country = geography.country_at(flight.end)
    districts = geography.districts_at(flight.end)
    names = {district: name for district, _, name in geography.districts}
    place = (str(country), districts[0], names[districts[0]]) if country and districts else None
    return true_flight(flight, entries_of(flight, geography), scored, place)


def _node_card(play: Play | None, party: PartyId) -> NodeCardView:
    node = play.fleet.nodes.get(party) if play and play.fleet else None
    view = play.views.get(party) if play else None
    return NodeCardView(
        party=party,
        console_url=node.link() if node and node.console else "",
        authority_url=node.link(AUTHORITY) if node and node.console else "",
        up=play is not None and view is not None and party not in play.down,
        seat=play.seats[party] if play else "robot",
        open_incidents=sum(incident.phase != "closed" for incident in view.incidents) if view else 0,
        tracks=sum(track.life == "live" for track in view.tracks) if view else 0,
        lines=[(line.partner, line.state) for line in view.lines] if view else [],
        heard_ms=view.now_ms if view else None,
    )


def _seats_in_words(seats: Mapping[PartyId, Seat]) -> str:
    people = [party for party, seat in seats.items() if seat == "person"]
    return f"people hold the seats of {', '.join(people)}; robots the others" if people else "robots hold all seats"
