"""Record files: a record's files from a zip or a folder that somebody handed in, within bounds and in one reading.

Here: what may be unpacked and how much of it. Not here: what the files say (exchange.verifier). Nothing is written to
disk, so a path in a zip leads nowhere. A zip may lie about every number in it: what counts is what comes out, and that
is stopped at the bound, not measured afterwards. What two readers might read in two ways is refused: a name twice, a
method that records do not use, a link out of a folder.
"""

import struct
import zipfile
import zlib
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


class RecordUnreadable(ValueError):
    """What was handed in can not be read as the files of a record; the text names what and the bound."""


def read_files(record: Path) -> dict[str, bytes]:
    """The files of a record, by path. Raises RecordUnreadable, or OSError when the disk does not give them."""
    if record.is_dir():
        return _folder(record)
    size = record.stat().st_size
    if size > limits.RECORD_BYTES:
        raise RecordUnreadable(f"{size} bytes, allowed {limits.RECORD_BYTES}")
    with record.open("rb") as file:
        return unzipped(file, size)


def unzipped(file: BinaryIO, size: int) -> dict[str, bytes]:
    """The members of a zip of `size` bytes. Raises RecordUnreadable; holds at most what it gives, and one chunk."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = [member for member in archive.infolist() if not member.orig_filename.endswith("/")]
            _check_members(members)
            return _unpacked(archive, members, _allowance(size))
    except RecordUnreadable:
        raise
    except _FAULTS as error:
        raise RecordUnreadable(f"the zip is damaged: {str(error)[:120]}") from error


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


def _unpacked(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], allowance: int) -> dict[str, bytes]:
    files, left = dict[str, bytes](), allowance
    for member in members:
        with archive.open(member) as packed:
            files[member.orig_filename] = data = _bounded(packed, left, allowance)
        left -= len(data)
    return files


def _bounded(file: IO[bytes], left: int, allowance: int) -> bytes:
    """All of a file if it has at most `left` bytes. `read` without a size would unpack first and count then."""
    parts, got = list[bytes](), 0
    while part := file.read(_CHUNK_BYTES):
        got += len(part)
        if got > left:
            raise RecordUnreadable(f"unpacks to more than {allowance} bytes")
        parts.append(part)
    return b"".join(parts)


def _folder(record: Path) -> dict[str, bytes]:
    files, left = dict[str, bytes](), limits.RECORD_BYTES
    for path in sorted(record.rglob("*")):
        name = path.relative_to(record).as_posix()
        if path.is_symlink():
            raise RecordUnreadable(f"{name!r} is a link: a record has files of its own")
        if not path.is_file():
            continue
        if len(files) == limits.RECORD_FILES:
            raise RecordUnreadable(f"more than {limits.RECORD_FILES} files")
        _check_path(name)
        with path.open("rb") as file:
            files[name] = data = _bounded(file, left, limits.RECORD_BYTES)
        left -= len(data)
    return files
