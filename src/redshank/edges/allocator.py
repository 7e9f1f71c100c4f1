"""Allocator: what a start took and needs no more goes back to the machine.

Here: the call of the C library. Knows no room.
"""

import contextlib
import ctypes


def give_back_memory() -> None:
    """Has the C library hand free pages back (malloc_trim(3), glibc). Reading the map leaves some 40 MB of them, which
    would otherwise count as the node's for as long as it runs. Where the library has no such call nothing happens."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
