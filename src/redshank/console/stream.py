"""The live stream: first the whole view, then only what changed in it.

Here: the comparison of two views and the server-sent events; works for any frozen Struct whose lists are
keyed. Not here: HTTP. May know: terms.

Events: ``whole`` carries the view; ``part`` carries changed members, where a keyed list becomes ``{"set":
[changed items], "gone": [keys]}`` and every other member is simply replaced; ``beat`` is the heartbeat."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping

import msgspec
from sse_starlette.sse import EventSourceResponse

from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal

VIEW_KEYS: Mapping[str, str] = {
    "tracks": "id",
    "forecasts": "track",
    "incidents": "id",
    "partner_pictures": "partner",
    "lines": "channel",
    "feeds": "source",
    "approvals": "number",
}

_encode = msgspec.json.Encoder().encode


class Snapshot:
    """A view cut into encoded pieces, so that the next one can be compared with it, bytes against bytes."""

    def __init__(self, view: msgspec.Struct, keys: Mapping[str, str]) -> None:
        self.lists: dict[str, dict[str, bytes]] = {}
        self.plain: dict[str, bytes] = {}
        for name in view.__struct_fields__:
            value = getattr(view, name)
            if name in keys:
                self.lists[name] = {str(getattr(item, keys[name])): _encode(item) for item in value}
            else:
                self.plain[name] = _encode(value)

    def whole(self) -> bytes:
        """The view as JSON."""
        members = {name: b"[" + b",".join(items.values()) + b"]" for name, items in self.lists.items()}
        return _object(self.plain | members)

    def part_since(self, old: "Snapshot") -> bytes | None:
        """What is new since `old`, None if nothing is."""
        members = {name: value for name, value in self.plain.items() if old.plain.get(name) != value}
        for name, items in self.lists.items():
            before = old.lists.get(name, {})
            fresh = [item for key, item in items.items() if before.get(key) != item]
            gone = [key for key in before if key not in items]
            if fresh or gone:
                members[name] = b'{"set":[' + b",".join(fresh) + b'],"gone":' + _encode(gone) + b"}"
        return _object(members) if members else None


class Snapshots:
    """One snapshot per version, shared by all streams: a view is encoded once, not once per page."""

    def __init__(self, view: Callable[[], msgspec.Struct], keys: Mapping[str, str]) -> None:
        self._view = view
        self._keys = keys
        self._version = -1
        self._newest: Snapshot | None = None

    def at(self, version: int) -> Snapshot:
        """The snapshot of this version, or of a newer one."""
        if self._newest is None or version > self._version:
            self._newest, self._version = Snapshot(self._view(), self._keys), version
        return self._newest


async def events(
    changed: Callable[[int], Awaitable[int]],
    snapshots: Snapshots,
    heartbeat_s: float = limits.CONSOLE_HEARTBEAT_S,
) -> AsyncGenerator[dict[str, str], None]:
    """Server-sent events without end. `changed(since)` waits for a newer version and gives it."""
    version = 0
    sent: Snapshot | None = None
    while True:
        try:
            async with asyncio.timeout(heartbeat_s if sent else None):
                version = await changed(version)
        except TimeoutError:
            yield {"event": "beat", "data": "{}"}
            continue
        newest = snapshots.at(version)
        part = newest.part_since(sent) if sent else newest.whole()
        kind = "part" if sent else "whole"
        sent = newest
        yield {"event": kind, "data": part.decode("utf-8")} if part else {"event": "beat", "data": "{}"}


def _object(members: Mapping[str, bytes]) -> bytes:
    return b"{" + b",".join(b'"' + name.encode("ascii") + b'":' + value for name, value in members.items()) + b"}"


class Streams:
    """The open streams of one server: at most limits.CONSOLE_STREAMS."""

    def __init__(self, changed: Callable[[int], Awaitable[int]], snapshots: Snapshots) -> None:
        self._changed = changed
        self._snapshots = snapshots
        self._open = 0

    def answer(self, is_open: Callable[[], bool] = lambda: True) -> EventSourceResponse | Refusal:
        """A new stream, or BUSY. It ends when the session does: `is_open` is asked before each event."""
        if self._open >= limits.CONSOLE_STREAMS:
            return Refusal(Reason.BUSY, "stream", f"{limits.CONSOLE_STREAMS} pages are open; close one")
        self._open += 1
        return EventSourceResponse(self._counted(is_open), ping=3600)

    async def _counted(self, is_open: Callable[[], bool]) -> AsyncIterator[dict[str, str]]:
        try:
            async for event in events(self._changed, self._snapshots):
                if not is_open():
                    return
                yield event
        finally:
            self._open -= 1
