"""Tree heads: origin, size and root of a log as the text of a C2SP tlog-checkpoint.

Here: the text and its strict parse. Not here: signatures (`note`), opening a signed one (`checkpoint`). May know:
terms. Source: c2sp.org/tlog-checkpoint.

Redshank's own logs have no extension lines: no party could check what they say.
"""

from base64 import b64decode, b64encode
from binascii import Error as BinasciiError

import msgspec

from redshank.log.merkle import EMPTY_ROOT, HASH_BYTES
from redshank.terms import limits
from redshank.terms.refusal import Reason, Refusal


class Checkpoint(msgspec.Struct, frozen=True):
    """A tree head: the log's origin, its number of entries, and the root hash over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> bytes:
        """The note text to sign."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n".encode()


def parse_checkpoint(text: bytes) -> Checkpoint | Refusal:
    """A checkpoint from a note's text, as Redshank's logs write it; refuses with BAD_NOTE."""
    head = read_tree_head(text)
    if isinstance(head, Refusal):
        return head
    if head.text != text:
        return _bad("text", "needs exactly three lines (origin, size, root)")
    if head.size == 0 and head.root != EMPTY_ROOT:
        return _bad("root", "an empty log has the hash of the empty string")
    return head


def read_tree_head(text: bytes) -> Checkpoint | Refusal:
    """Origin, size and root of any log's checkpoint, whatever extension lines follow; refuses with BAD_NOTE."""
    try:
        lines = text.decode().split("\n")
    except UnicodeDecodeError:
        return _bad("text", "not UTF-8")
    if len(lines) < 4 or lines.pop() != "" or not all(lines[3:]):
        return _bad("text", f"needs three lines (origin, size, root) and no empty one, has {len(lines)}")
    origin, digits, encoded = lines[:3]
    if not origin:
        return _bad("origin", "empty")
    size = _size(digits)
    if size is None:
        return _bad("size", f"not a size without leading zeros: {digits[:40]!r}")
    root = _root(encoded)
    if root is None:
        return _bad("root", f"not the base64 of {HASH_BYTES} bytes: {encoded[:60]!r}")
    return Checkpoint(origin, size, root)


def parse_size(digits: str) -> int | Refusal:
    """A tree size: ASCII decimal without leading zeros, at most LOG_ENTRIES; refuses with MALFORMED."""
    size = _size(digits)
    return Refusal(Reason.MALFORMED, "size", f"not a size: {digits[:40]!r}") if size is None else size


def _size(digits: str) -> int | None:
    if not (1 <= len(digits) <= 19 and digits.isascii() and digits.isdecimal()):
        return None
    size = int(digits)
    return size if str(size) == digits and size <= limits.LOG_ENTRIES else None


def _root(encoded: str) -> bytes | None:
    try:
        root = b64decode(encoded, validate=True)
    except (BinasciiError, ValueError):
        return None
    return root if len(root) == HASH_BYTES and b64encode(root).decode() == encoded else None


def _bad(field: str, detail: str) -> Refusal:
    return Refusal(Reason.BAD_NOTE, field, detail)
