"""Cursor-on-Target: the fliers of `border_traffic` as CoT events, and clients that tell and receive them over TCP.

Here: `event_xml`, `hello_xml`, `Reports` (what was told, so that what comes out of a server is known again),
`events_in`, `Subscriber`, `Feeder`. CoT has neither acknowledgement nor serial number: an event is known again by its
`uid` and its place, which no two reports of a flier share. A subscriber only keeps bytes and their times while it runs
and takes them apart afterwards, so that it is not what is measured. Not here: which server (`tak_servers`), what is
measured (`tak_tracks`, `tak_line_cut`).

Source: MITRE MTR 090284, Cursor on Target message router user's guide (event, point, time, start, stale).
"""

import asyncio
import contextlib
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from benchmarks.border_traffic import SPEED_MPS, Flier

STALE_S = 300.0
KIND = "a-u-A"  # of unknown affiliation, in the air
PLACES = 6  # decimals of a degree: 0.1 m; a flier goes 4 m between two reports at 5 Hz
AGAIN_S = 1.0
ALONG_S = 120.0  # a flier's course is taken as straight in degrees for so long
_EVENT = re.compile(rb"<event\b(?:[^>]*/>|.*?</event>)", re.DOTALL)
_NAMED = {name: re.compile(rb"\b" + name.encode() + rb"=[\"']([^\"']*)[\"']") for name in ("uid", "time", "lat", "lon")}


def instant_text(at: datetime) -> str:
    """As CoT writes it: UTC, milliseconds, `Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def event_xml(uid: str, kind: str, at: datetime, lat: float, lon: float, detail: str) -> bytes:
    """One event; `lat` and `lon` in degrees."""
    told, stale = instant_text(at), instant_text(at + timedelta(seconds=STALE_S))
    return (
        f'<event version="2.0" uid="{uid}" type="{kind}" how="m-r" time="{told}" start="{told}" stale="{stale}">'
        f'<point lat="{lat:.{PLACES}f}" lon="{lon:.{PLACES}f}" hae="400.0" ce="100.0" le="9999999.0"/>'
        f"<detail>{detail}</detail></event>"
    ).encode("ascii")


def hello_xml(number: int, at: datetime) -> bytes:
    """How a client presents itself; some servers serve nobody who has not."""
    callsign = f"BENCH{number}"
    detail = (
        '<takv platform="benchmark" device="none" os="none" version="1"/>'
        f'<contact endpoint="*:-1:stcp" callsign="{callsign}"/><uid Droid="{callsign}"/>'
        '<__group name="Cyan" role="Team Member"/><status battery="100"/><track course="0.0" speed="0.0"/>'
    )
    return event_xml(f"BENCH-CLIENT-{number}", "a-f-G-U-C", at, 54.0, 25.0, detail)


Key = tuple[str, float, float]


def key_of(uid: str, lat: float, lon: float) -> Key:
    """What an event is known again by."""
    return uid, round(lat, PLACES), round(lon, PLACES)


@dataclass(frozen=True)
class Seen:
    """One event that came out of a server: when (`time.perf_counter`), what, and its own word on its time."""

    at_s: float
    key: Key
    time_text: str


def events_in(chunks: Sequence[tuple[float, bytes]]) -> Iterator[Seen]:
    """The events of a stream that came in these pieces; an event's time is that of the piece with its end."""
    rest = b""
    for at_s, piece in chunks:
        rest += piece
        end = 0
        for found in _EVENT.finditer(rest):
            end = found.end()
            if (seen := _seen(at_s, found.group())) is not None:
                yield seen
        rest = rest[end:]


def _seen(at_s: float, event: bytes) -> Seen | None:
    named = {name: pattern.search(event) for name, pattern in _NAMED.items()}
    texts = {name: match.group(1).decode("utf-8", "replace") for name, match in named.items() if match is not None}
    if len(texts) < len(_NAMED):
        return None
    try:
        key = key_of(texts["uid"], float(texts["lat"]), float(texts["lon"]))
    except ValueError:
        return None
    return Seen(at_s, key, texts["time"])


class Subscriber(asyncio.Protocol):
    """A client that receives. Keeps what came as (time, bytes)."""

    def __init__(self, number: int) -> None:
        self.chunks: list[tuple[float, bytes]] = []
        self.ended = False
        self._number = number
        self._transport: asyncio.Transport | None = None

    async def connect(self, port: int) -> None:
        """Connects to loopback and presents itself. Raises OSError."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_connection(lambda: self, "127.0.0.1", port)
        self._transport.write(hello_xml(self._number, datetime.now(UTC)))

    def data_received(self, data: bytes) -> None:
        """Keeps it."""
        self.chunks.append((time.perf_counter(), data))

    def connection_lost(self, exc: Exception | None) -> None:
        """The server or the line ended it."""
        self.ended = True

    def close(self) -> None:
        """Leaves without a word."""
        if self._transport is not None:
            self._transport.abort()

    def seen(self) -> Iterator[Seen]:
        """All events so far."""
        return events_in(self.chunks)


@dataclass
class Reports:
    """What was told: when each report was due (`time.perf_counter`) and the time that stands in it."""

    due_s: dict[Key, float] = field(default_factory=dict)
    time_text: dict[Key, str] = field(default_factory=dict)


class Feeder:
    """A client that tells of all fliers, each so many times a second, one event after the other, spread evenly.

    A server that ends its connection is called again after `AGAIN_S`; what was due in between was told to nobody, and
    counts as told.
    """

    def __init__(self, fliers: Sequence[Flier]) -> None:
        self.reports = Reports()
        self.calls = 0
        self._told = [(flier, *_degrees_per_s(flier)) for flier in fliers]
        self._writer: asyncio.StreamWriter | None = None
        self._calling: asyncio.Task[None] | None = None

    async def connect(self, port: int) -> None:
        """Connects to loopback and presents itself. Raises OSError."""
        connection = await asyncio.open_connection("127.0.0.1", port)
        self._calling = asyncio.create_task(self._stay(port, *connection))

    async def _stay(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            self.calls += 1
            self._writer = writer
            writer.write(hello_xml(0, datetime.now(UTC)))
            with contextlib.suppress(OSError):
                while await reader.read(65_536):
                    pass
            self._writer = None
            writer.transport.abort()
            while self._writer is None:
                await asyncio.sleep(AGAIN_S)
                with contextlib.suppress(OSError):
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    break

    def tell(self, flier_index: int, since_s: float, due_s: float) -> None:
        """One report of one flier, so many seconds after its beginning. What the server does not take waits here."""
        flier, lat_per_s, lon_per_s = self._told[flier_index]
        lat, lon = flier.start.lat_deg + lat_per_s * since_s, flier.start.lon_deg + lon_per_s * since_s
        now = datetime.now(UTC)
        uid = f"TRACK-{flier.number:04}"
        detail = (
            f'<contact callsign="T{flier.number}"/><track course="{flier.course_deg:.1f}" speed="{SPEED_MPS:.1f}"/>'
        )
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(event_xml(uid, KIND, now, lat, lon, detail))
        key = key_of(uid, lat, lon)
        self.reports.due_s[key], self.reports.time_text[key] = due_s, instant_text(now)

    async def run(self, rate_hz: float, seconds: float) -> None:
        """Each flier `rate_hz` times a second. Late reports are sent at once, so that the rate holds."""
        begin, interval_s = time.perf_counter(), 1.0 / (rate_hz * len(self._told))
        for number in range(round(seconds / interval_s)):
            due_s = begin + number * interval_s
            ahead_s = due_s - time.perf_counter()
            if ahead_s > 0 or number % 20 == 0:
                await asyncio.sleep(max(0.0, ahead_s))
            self.tell(number % len(self._told), number * interval_s, due_s)

    def close(self) -> None:
        """Leaves without a word."""
        if self._calling is not None:
            self._calling.cancel()
        if self._writer is not None:
            self._writer.transport.abort()


def _degrees_per_s(flier: Flier) -> tuple[float, float]:
    there = flier.at(ALONG_S)
    return (there.lat_deg - flier.start.lat_deg) / ALONG_S, (there.lon_deg - flier.start.lon_deg) / ALONG_S
