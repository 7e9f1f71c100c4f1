"""Durable file: small files that are there whole after a power cut, or not at all.

Here: the one way in which the node writes a file that is not the store: draft beside it, fsync, rename, fsync of the
folder. A file whose folder was not synced may have no name after a power cut (POSIX fsync(2): "does not necessarily
ensure that the entry in the directory containing the file has also reached disk"). Not here: what the bytes say.
May know: nothing of the node.

A failed fsync is never tried again: the kernel may have dropped the bytes and forgotten the error. The draft is left
as it is, and the error goes to the caller.
"""

import os
from pathlib import Path

DRAFT = ".new"
"""Ending of a file that is not whole yet; a later write of the same file begins it anew."""


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Makes a folder and those above it that lack, and syncs the name of each. Raises OSError."""
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    for part in reversed(missing):
        part.mkdir(mode=mode, exist_ok=True)
    for part in reversed(missing):
        sync_folder(part.parent)


def write_file(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Puts a file in the place of what was there, at once and durably. `mode` less the umask. Raises OSError."""
    draft = path.with_name(path.name + DRAFT)
    try:
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        error.filename = error.filename or str(path)  # a failed write or fsync does not say of which file
        raise


def write_secret(path: Path, content: bytes) -> None:
    """The same, readable by its owner alone."""
    write_file(path, content, 0o600)


def sync_file(path: Path) -> None:
    """Makes what was written to a file durable, its name not. Raises OSError."""
    _sync(path, os.O_RDONLY)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable. Raises OSError."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        error.filename = str(path)  # a failed fsync does not say of which file
        raise
    finally:
        os.close(descriptor)
