"""Compiled: the one door to numba.

Here: the decorator under which every loop of the tracker is compiled and kept on disk. Not here: any loop.
May know: nothing.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(loop: Callable[P, R]) -> Callable[P, R]:
    """The loop as machine code, made once per machine and kept beside the source or in the user's cache.

    Without fast-math and without contraction of products and sums: the same input gives the same bytes on each run.
    """
    return cast(Callable[P, R], numba.njit(cache=True, error_model="numpy")(loop))
