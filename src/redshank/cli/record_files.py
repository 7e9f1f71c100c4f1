"""Record files: a record's files from a zip or a folder that somebody handed in, within bounds, one at a time.

Here: what may be unpacked and how much of it. Not here: what the files say (exchange.verifier). Nothing is written to
disk, so a path in a zip leads nowhere. A zip may lie about every number in it: what counts is what comes out, and that
is stopped at the bound, not measured afterwards. What two readers might read in two ways is refused: a name twice, a
method that records do not use, a link out of a folder.

Every file is read through once before any is given out, so that a damaged record is no record at all; its SHA-256 is
kept, and a file that is another one when it is asked for is refused.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import IO, BinaryIO

from redshank.terms import limits

_CHUNK_BYTES = 65_536
_ENCRYPTED = 0x1
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    IndexError,
    ValueError,
    OSError,
)
"""What zipfile raises on files that are not what they seem; a read that the file's end forbids is an OSError."""

Open = Callable[[str], AbstractContextManager[IO[bytes]]]


class RecordUnreadable(ValueError):
    """What was handed in can not be read as the files of a record; the text names what and the bound."""


class RecordFiles(Mapping[str, bytes]):
    """The files of a record by path, each read from its place when it is asked for.

    Asking raises RecordUnreadable when the file is no longer what it was, or OSError when the disk does not give it.
    """

    def __init__(self, digests: dict[str, bytes], open_file: Open, close: Callable[[], None]) -> None:
        self._digests = digests
        self._open = open_file
        self._close = close

    def __getitem__(self, path: str) -> bytes:
        wanted = self._digests[path]
        try:
            with self._open(path) as file:
                data = _bounded(file, limits.RECORD_BYTES, limits.RECORD_BYTES)
        except RecordUnreadable:
            raise
        except _FAULTS as error:
            raise RecordUnreadable(f"{path!r} can no longer be read: {str(error)[:120]}") from error
        if sha256(data).digest() != wanted:
            raise RecordUnreadable(f"{path!r} has changed while the record was read")
        return data

    def __contains__(self, path: object) -> bool:
        return path in self._digests

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)

    def __enter__(self) -> "RecordFiles":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()


def open_record(record: Path) -> RecordFiles:
    """The files of a record, to be closed. Raises RecordUnreadable, or OSError when the disk does not give them."""
    if record.is_dir():
        return _folder(record)
    size = record.stat().st_size
    if size > limits.RECORD_BYTES:
        raise RecordUnreadable(f"{size} bytes, allowed {limits.RECORD_BYTES}")
    file = record.open("rb")
    try:
        return _zip(file, size)
    except BaseException:
        file.close()
        raise


def read_files(record: Path) -> dict[str, bytes]:
    """All files of a record in memory. Raises as `open_record`."""
    with open_record(record) as files:
        return dict(files)


def unzipped(file: BinaryIO, size: int) -> dict[str, bytes]:
    """The members of a zip of `size` bytes, in memory. Raises RecordUnreadable."""
    return dict(_zip(file, size))


def _zip(file: BinaryIO, size: int) -> RecordFiles:
    try:
        archive = zipfile.ZipFile(file)
        members = [member for member in archive.infolist() if not member.orig_filename.endswith("/")]
        _check_members(members)
        by_path = {member.orig_filename: member for member in members}
        digests, allowance = dict[str, bytes](), _allowance(size)
        left = allowance
        for path, member in by_path.items():
            with archive.open(member) as packed:
                digests[path], got = _digest(packed, left, allowance)
            left -= got
    except RecordUnreadable:
        raise
    except _FAULTS as error:
        raise RecordUnreadable(f"the zip is damaged: {str(error)[:120]}") from error
    return RecordFiles(digests, lambda path: archive.open(by_path[path]), file.close)


def _allowance(size: int) -> int:
    """Bytes that may come out of a zip of this size."""
    return min(limits.RECORD_BYTES, limits.RECORD_INFLATION_FROM_BYTES + size * limits.RECORD_INFLATION)


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > limits.RECORD_FILES:
        raise RecordUnreadable(f"{len(members)} files, allowed {limits.RECORD_FILES}")
    names = set[str]()
    for member in members:
        _check_path(member.orig_filename)
        # orig_filename: zipfile cuts a name at a NUL, so that two names could become one.
        if member.orig_filename in names:
            raise RecordUnreadable(f"{member.filename!r} is in it twice: two readers could read two records")
        names.add(member.orig_filename)
        if member.compress_type not in _PLAIN_METHODS or member.flag_bits & _ENCRYPTED:
            raise RecordUnreadable(f"{member.filename!r} is encrypted or packed by another method than deflate")


def _check_path(path: str) -> None:
    if not 1 <= len(path) <= limits.RECORD_PATH_CHARS:
        raise RecordUnreadable(f"a path of {len(path)} characters, allowed 1..{limits.RECORD_PATH_CHARS}")


def _digest(file: IO[bytes], left: int, allowance: int) -> tuple[bytes, int]:
    """SHA-256 and length of a file that has at most `left` bytes; nothing of it is kept."""
    digest, got = sha256(), 0
    for part in _parts(file, left, allowance):
        digest.update(part)
        got += len(part)
    return digest.digest(), got


def _bounded(file: IO[bytes], left: int, allowance: int) -> bytes:
    """All of a file if it has at most `left` bytes."""
    return b"".join(_parts(file, left, allowance))


def _parts(file: IO[bytes], left: int, allowance: int) -> Iterator[bytes]:
    """A file in pieces, stopped at the bound. `read` without a size would unpack first and count then."""
    while part := file.read(_CHUNK_BYTES):
        left -= len(part)
        if left < 0:
            raise RecordUnreadable(f"unpacks to more than {allowance} bytes")
        yield part


def _folder(record: Path) -> RecordFiles:
    digests, left = dict[str, bytes](), limits.RECORD_BYTES
    for path in sorted(record.rglob("*")):
        name = path.relative_to(record).as_posix()
        if path.is_symlink():
            raise RecordUnreadable(f"{name!r} is a link: a record has files of its own")
        if not path.is_file():
            continue
        if len(digests) == limits.RECORD_FILES:
            raise RecordUnreadable(f"more than {limits.RECORD_FILES} files")
        _check_path(name)
        with path.open("rb") as file:
            digests[name], got = _digest(file, left, limits.RECORD_BYTES)
        left -= got
    return RecordFiles(digests, lambda path: (record / path).open("rb"), lambda: None)
