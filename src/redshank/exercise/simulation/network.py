"""Network: deliveries and answers between nodes, lost, doubled, late, overtaken, garbled and parted, all by the seed.

Here: the lines between nodes, and the pump of one channel (edges/peers/pump on the virtual clock). What arrives late,
twice or garbled is worse than TLS allows: the rooms below must bear it. Not here: what the bytes say, when a line is
cut or slow (trouble), crashes (world).
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Protocol

import numpy as np

from redshank.exchange.delivery import OK
from redshank.terms import limits
from redshank.terms.ids import ChannelId
from redshank.terms.instants import SECOND_MS
from redshank.terms.refusal import Refusal

Schedule = Callable[[int, Callable[[], None]], None]
"""Has something happen after so many milliseconds."""
Reply = Callable[[int, bytes], None]
Receive = Callable[[bytes, Reply], bool]
"""Takes a delivery at the partner; False if nobody listens there."""

TIMEOUT_MS = int(limits.PEER_TIMEOUT_S * SECOND_MS)
_PAUSE_MIN_MS = int(limits.PEER_RETRY_MIN_S * SECOND_MS)


HEDGED = re.compile(rb"(\xe2\x80\x94 \S+ [A-Za-z0-9+/]{16})[A-Za-z0-9+/]{3227}=\n")
"""A signature line of type 0x06: dash, name, key id and time, signature. The library draws that signature anew each
time (FIPS 204, hedged): it is the one thing in a run that the seed does not give, and nothing may hang on it."""


class Weather:
    """How bad the lines are. `cut` channels carry nothing; `slow` ones add so many milliseconds to each message."""

    PAUSE_MAX_MS = int(limits.PEER_RETRY_MAX_S * SECOND_MS)

    def __init__(self, rng: np.random.Generator, garble: float) -> None:
        self._rng = rng
        self.loss, self.double, self.late = (float(rng.uniform(0, top)) for top in (0.25, 0.1, 0.1))
        self.garble = garble
        self.cut: set[ChannelId] = set()
        self.slow: dict[ChannelId, int] = {}
        self.garbled: Counter[ChannelId] = Counter()
        """How many messages of each channel have been garbled so far."""
        self.pause_max_ms = self.PAUSE_MAX_MS
        """The longest pause of a pump; longer in quiet hours, so that hours cost few steps."""

    def clear(self) -> None:
        """From now on every line is good."""
        self.loss = self.double = self.late = self.garble = 0.0
        self.cut.clear()
        self.slow.clear()
        self.pause_max_ms = self.PAUSE_MAX_MS

    def copies(self, channel: ChannelId, message: bytes) -> list[tuple[int, bytes]]:
        """What arrives of a message, and after how many milliseconds; nothing if it is lost."""
        lost, doubled = self._rng.random() < self.loss, self._rng.random() < self.double
        delays = [self._delay_ms() + self.slow.get(channel, 0) for _ in range(2 if doubled else 1)]
        if lost or channel in self.cut:
            return []
        return [(delay, self._as_it_arrives(channel, message)) for delay in delays]

    def _delay_ms(self) -> int:
        usual, late = int(self._rng.uniform(5, 150)), int(self._rng.uniform(1_000, 2.5 * TIMEOUT_MS))
        return late if self._rng.random() < self.late else usual

    def _as_it_arrives(self, channel: ChannelId, message: bytes) -> bytes:
        if not self.garble or not message or self._rng.random() >= self.garble:
            return message
        self.garbled[channel] += 1
        if self._rng.random() < 0.25:
            return message[: int(self._rng.integers(len(message)))]
        bad, fresh = bytearray(message), [line.span() for line in HEDGED.finditer(message)]
        for at in self._rng.integers(len(bad), size=int(self._rng.integers(1, 4))).tolist():
            bit = int(self._rng.integers(8))
            if any(begin <= at < end for begin, end in fresh):
                bad[at] |= 0x80  # no letter of base64, whichever one stood there in this run
            else:
                bad[at] ^= 1 << bit
        return bytes(bad)


class Sender(Protocol):
    """The sending side of one channel, as its node offers it."""

    def next_delivery(self, channel: ChannelId, pushed: int) -> tuple[bytes, int] | None:
        """The next delivery after those on their way, up to size `pushed`, and the size that it ends at; None when
        nothing more is due now."""

    def answered(
        self, channel: ChannelId, status: int, body: bytes, pushed: int, then: Callable[[Refusal | None], None]
    ) -> None:
        """Hands an answer to the node; `then` hears what became of it."""

    def line_failed(self, channel: ChannelId, why: str) -> None:
        """Tells the node that the partner could not be reached."""


class Pump:
    """Delivers what one channel owes until the partner has receipted it all; then waits to be woken. As the real one
    it has several deliveries on their way, and begins anew after anything but a receipt.

    `after` belongs to one life of its node, `wire` to nobody: what is sent arrives, whatever becomes of the sender.
    """

    def __init__(
        self, channel: ChannelId, sender: Sender, receive: Receive, weather: Weather, after: Schedule, wire: Schedule
    ) -> None:
        self._channel = channel
        self._sender = sender
        self._receive = receive
        self._weather = weather
        self._after = after
        self._wire = wire
        self._pauses = False
        self._attempts = 0
        self._flight: dict[int, int] = {}
        """Sizes that the deliveries on their way end at, by attempt."""
        self._pushed = 0
        self._stretches = 0
        """Times that it has begun anew: tells an answer to what went out since from an older one."""
        self.failed_in_a_row = 0
        """Deliveries that found nobody, or got no answer, since the last answer."""
        self._pause_ms = _PAUSE_MIN_MS

    def wake(self) -> None:
        """There may be something to deliver."""
        while not self._pauses and len(self._flight) < limits.HEADS_UNDER_WAY:
            due = self._sender.next_delivery(self._channel, self._pushed)
            if due is None:
                return
            self._send(*due)

    def _send(self, delivery: bytes, size: int) -> None:
        self._attempts += 1
        attempt, self._pushed = self._attempts, size
        self._flight[attempt] = size
        for delay_ms, bytes_there in self._weather.copies(self._channel, delivery):
            self._wire(delay_ms, partial(self._arrive, attempt, size, bytes_there))
        self._after(TIMEOUT_MS, lambda: self._failed(attempt, "no answer in time"))

    def _arrive(self, attempt: int, size: int, delivery: bytes) -> None:
        def reply(status: int, body: bytes) -> None:
            for delay_ms, bytes_here in self._weather.copies(self._channel, body):
                self._after(delay_ms, partial(self._answer, attempt, size, status, bytes_here[: limits.NOTE_BYTES]))

        if self._channel in self._weather.cut or not self._receive(delivery, reply):
            self._after(20, lambda: self._failed(attempt, "connection refused"))

    def _answer(self, attempt: int, size: int, status: int, body: bytes) -> None:
        """An answer to an attempt that has been given up reaches the node as well, but moves nothing here."""
        self.failed_in_a_row = 0
        if self._flight.pop(attempt, None) is None:
            self._sender.answered(self._channel, status, body, size, lambda _: None)
            return
        self._sender.answered(self._channel, status, body, size, partial(self._settled, self._stretches, status))

    def _settled(self, stretch: int, status: int, refusal: Refusal | None) -> None:
        if stretch != self._stretches:
            return
        if refusal is not None:
            self._pause()
            return
        self._pause_ms = _PAUSE_MIN_MS
        if status != OK:
            self._begin_anew()
        self.wake()

    def _failed(self, attempt: int, why: str) -> None:
        if self._flight.pop(attempt, None) is None:
            return
        self.failed_in_a_row += 1
        self._sender.line_failed(self._channel, why)
        self._pause()

    def _begin_anew(self) -> None:
        self._flight.clear()
        self._pushed = 0
        self._stretches += 1

    def _pause(self) -> None:
        self._begin_anew()
        self._pauses = True
        self._after(self._pause_ms, self._resume)
        self._pause_ms = min(self._pause_ms * 2, self._weather.pause_max_ms)

    def _resume(self) -> None:
        self._pauses = False
        self.wake()
