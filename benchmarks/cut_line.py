"""A line that can be cut: a port that leads to a partner's port, and then to nowhere, and back again.

Here: `CutLine`. While it is cut, calls are refused and running connections are ended without a farewell.
"""

import asyncio
import contextlib
from pathlib import Path

import yaml


class CutLine:
    """One direction of calls; both directions of bytes."""

    def __init__(self, from_port: int, to_port: int) -> None:
        self.port = from_port
        self._to = to_port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def mend(self) -> None:
        """Calls get through."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    def cut(self) -> None:
        """Nothing gets through."""
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
            self._writers |= {writer, back}
            await asyncio.gather(self._carry(reader, back), self._carry(there, writer), return_exceptions=True)
            self._writers -= {writer, back}
        writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(65_536):
                writer.write(piece)
                await writer.drain()
        finally:
            writer.close()


def lead_through(config: Path, port: int) -> None:
    """The node of this configuration calls its one partner at this port."""
    told = yaml.safe_load(config.read_text(encoding="utf-8"))
    (channel,) = told["channels"]
    channel["url"] = f"https://127.0.0.1:{port}"
    config.write_text(yaml.safe_dump(told), encoding="utf-8")
