"""First use: a mark beside the keys that they have signed. It keeps a node from beginning anew on an empty disk.

A store that is missing (a disk that was not mounted, a folder that was mistyped) looks like that of a new node. A node
that then began its log again would sign a second first entry, and convict itself. Here: the mark, and the look at it.
Not here: what to do instead (docs/spec/recovery.md). May know: store, durable_file.
"""

import errno
from pathlib import Path

from redshank.edges.durable_file import write_file
from redshank.edges.store import Store, StoreFailed

MARK = "used"
_TEXT = b"These keys have signed. A node with them may only start on the store that knows what they signed.\n"


class FirstUse:
    """Of one key folder."""

    def __init__(self, keys: Path) -> None:
        self._mark = keys / MARK
        self._marked = self._mark.exists()

    def open_store(self, path: Path) -> Store:
        """The store. Raises StoreFailed when the keys have signed and it knows nothing; then none is made."""
        if self._marked and not path.exists():
            raise self._unknown(path)
        store = Store(path)
        if self._marked and store.events == 0:
            store.close()
            raise self._unknown(path)
        return store

    def _unknown(self, path: Path) -> StoreFailed:
        return StoreFailed(
            f"these keys have signed before ({self._mark}), and the store {path} is missing or empty. Is its disk "
            "mounted, is `data` right? If the store is lost: redshank rebuild (docs/spec/recovery.md). Do not delete "
            "the mark: a log that begins again convicts its owner"
        )

    def note(self, events: int) -> None:
        """Leaves the mark as soon as the journal has any events. A key folder that we may not write to goes without."""
        if self._marked or events == 0:
            return
        self._marked = True
        try:
            write_file(self._mark, _TEXT, 0o600)
        except OSError as error:
            if error.errno not in {errno.EROFS, errno.EACCES}:
                raise
