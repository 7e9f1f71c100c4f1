"""Lanes: what waits for a node's turns, and in which order it gets them. Procedure first, the picture always next.

Here: three bounded queues and the choice of the next batch. Not here: the turn (turn), the commit (engine). May know:
decode, node, terms.

*Orders* are officers' commands, a new release policy, and before the first of them that keys are missing; *line* is
what comes from partners and witnesses. Both go before *reports* and ticks.
After each turn of theirs the picture gets one piece, and after each piece they are asked again: a command waits for one
piece at most, the picture for one turn at most, and neither can starve the other. A tick is no event that could pile
up: it says that the time is to be looked at, and ten of them say no more. Each lane has its own bound, so that a feed
that fills its lane keeps no command out.
"""

import asyncio
from collections import deque
from typing import TypeVar

from redshank.decode.decoded import newest_only
from redshank.node.events import Asked, DeliveryCame, Event, KeysMissed, PolicyTaken, Reported, Ticked
from redshank.terms import limits
from redshank.terms.ids import SourceId

T = TypeVar("T")


class Lanes:
    """The waiting events of one node."""

    def __init__(self) -> None:
        self._orders: asyncio.Queue[Event] = asyncio.Queue(limits.EVENT_QUEUE)
        self._line: asyncio.Queue[Event] = asyncio.Queue(limits.EVENT_QUEUE)
        self._reports: asyncio.Queue[Reported] = asyncio.Queue(limits.EVENT_QUEUE)
        self._next_delivery: Event | None = None
        self._held: deque[Reported] = deque()
        self._is_tick_due = False
        self._arrived = asyncio.Event()

    async def put(self, event: Event) -> None:
        """Takes an event; waits while its lane is full (back-pressure). A tick never waits."""
        match event:
            case Ticked():
                self._is_tick_due = True
            case Reported():
                await self._reports.put(event)
            case Asked() | KeysMissed() | PolicyTaken():
                await self._orders.put(event)
            case _:
                await self._line.put(event)
        self._arrived.set()

    def look_again(self) -> None:
        """The picture has not been looked at to the end: it wants another piece."""
        self._is_tick_due = True
        self._arrived.set()

    async def arrived(self) -> None:
        """Waits until there is something to do."""
        await self._arrived.wait()
        self._arrived.clear()

    def procedure(self) -> list[Event]:
        """Officers' commands and then what came over the lines, as much as fits a turn; of a lane that is not empty at
        least one event."""
        batch = _some(self._orders, limits.EVENTS_PER_COMMIT)
        room = limits.DELIVERY_BYTES_PER_TURN
        for count in range(limits.EVENTS_PER_COMMIT):
            event, self._next_delivery = self._next_delivery, None
            if event is None:
                if self._line.empty():
                    break
                event = self._line.get_nowait()
            size = len(event.body) if isinstance(event, DeliveryCame) else 0
            if count and size > room:
                self._next_delivery = event
                break
            batch.append(event)
            room -= size
        return batch

    def picture(self) -> list[Event]:
        """One piece: waiting reports up to a bound, and the tick, if one is due."""
        batch: list[Event] = list(self._some_reports())
        if self._is_tick_due:
            self._is_tick_due = False
            batch.append(Ticked())
        self._wake()
        return batch

    def _some_reports(self) -> list[Reported]:
        """In order of arrival. Once more wait than a turn takes, each system track is reduced to its newest report."""
        waiting, is_more = sum(len(event.decoded.reports) for event in self._held), False
        while waiting < limits.REPORTS_PER_BATCH and not self._reports.empty():  # the rest makes feeds wait
            self._held.append(self._reports.get_nowait())
            waiting, is_more = waiting + len(self._held[-1].decoded.reports), True
        if is_more and waiting > limits.REPORTS_PER_TURN:
            self._held = deque(conflated(self._held))
        batch: list[Reported] = []
        room = limits.REPORTS_PER_TURN
        while self._held and (not batch or len(self._held[0].decoded.reports) <= room):
            batch.append(self._held.popleft())
            room -= len(batch[-1].decoded.reports)
        return batch

    def _wake(self) -> None:
        """What was left behind is work as well."""
        lanes = (self._orders, self._line, self._reports)
        if self._next_delivery or self._held or self._is_tick_due or not all(lane.empty() for lane in lanes):
            self._arrived.set()


def _some(lane: "asyncio.Queue[T]", most: int) -> list[T]:
    return [lane.get_nowait() for _ in range(min(most, lane.qsize()))]


def conflated(waiting: "deque[Reported]") -> list[Reported]:
    """The same sources' reports with each system track's newest state only, cut into batches that fit a turn. All that
    was told stays counted; what is left out was older than what is kept, so that no age shown becomes untrue."""
    sources: dict[SourceId, list[Reported]] = {}
    for event in waiting:
        sources.setdefault(event.source, []).append(event)
    return [
        Reported(source, part)
        for source, events in sources.items()
        for part in newest_only([event.decoded for event in events]).batches(limits.REPORTS_PER_TURN)
    ]
