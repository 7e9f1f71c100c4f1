"""Alert sender: leaves each issued CAP alert as a file where the public authority's system fetches it.

Here: an atomic, durable write into a spool folder. Not here: what the alert says (warning), whether it may go (a
person issued it). May know: nothing of the node.
"""

import re
from pathlib import Path

from redshank.edges.durable_file import make_folder, write_file

_SAFE = re.compile(r"[^A-Za-z0-9._-]+")


class SpoolSender:
    """Writes `<warning id>.xml` into a folder; a file that is complete has no `.new` ending."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        make_folder(folder)

    def path_of(self, warning: str) -> Path:
        """Where the alert of this id lies or would lie."""
        return self._folder / f"{_SAFE.sub('_', warning)}.xml"

    def publish(self, warning: str, cap: bytes) -> None:
        """Keeps the alert. Raises OSError; publishing the same id again replaces the file by the same bytes."""
        write_file(self.path_of(warning), cap)
