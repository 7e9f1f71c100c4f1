"""Compiled: the one door to numba.

Here: the decorator under which every loop of the tracker is compiled and kept on disk. Not here: any loop.
May know: nothing.
"""

from collections.abc import Callable
from importlib.resources import files
from typing import Any, ParamSpec, TypeVar, cast
from zlib import crc32

import numba

P = ParamSpec("P")
R = TypeVar("R")

SOURCE = tuple(
    (one.name, crc32(one.read_bytes()))
    for one in sorted(files("redshank.picture.tracking").iterdir(), key=lambda one: one.name)
    if one.name.endswith(".py")
)
"""Of all loops: numba holds machine code against the file of its own loop alone, and would keep what it was made from
after another file has changed."""


def compiled(loop: Callable[P, R]) -> Callable[P, R]:
    """The loop as machine code, made once per machine and kept beside the source or in the user's cache.

    Without fast-math and without contraction of products and sums: the same input gives the same bytes on each run.
    """
    made = numba.njit(cache=True, error_model="numpy")(loop)
    cast(Any, made)._cache._cache_file._source_stamp = SOURCE
    return cast(Callable[P, R], made)
