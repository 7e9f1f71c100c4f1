"""Pairs of records before and after a change of keys, as they are and with one change."""

import random
from collections.abc import Iterator
from functools import cache

from tests.exchange.chain_records import rotated
from tests.verdicts.proof_cases import Case, spoilt, text

from redshank.terms.message import Why

Files = dict[str, bytes]
WHYS = (Why.PLANNED, Why.LOST, Why.REVOKED)


@cache  # ML-DSA-44 signs hedged: made twice, the signatures would differ
def chained() -> dict[str, Files]:
    """Good records by name: of three reasons, before and after."""
    pairs = {why: rotated(why) for why in WHYS}
    return {f"{why}-{number}": files for why, pair in pairs.items() for number, files in enumerate(pair)}


def chains(rng: random.Random) -> Iterator[Case]:
    """First each pair of the six; then one file of one side in other bytes, on which only agreement is expected."""
    names = sorted(chained())
    for before in names:
        for after in names:
            same = before[:-2] == after[:-2]
            fits = same and (before[-1], after[-1]) == ("0", "1")
            expect = "accepted" if fits else "refused" if same else None
            yield {"kind": "chain", "before": before, "after": after, "expect": expect}
    while True:
        why, side = rng.choice(WHYS), rng.choice(("before_changes", "after_changes"))
        files = chained()[f"{why}-{0 if side == 'before_changes' else 1}"]
        path = rng.choice(sorted(files))
        changes = {path: text(spoilt(rng, files[path]))}
        yield {"kind": "chain", "before": f"{why}-0", "after": f"{why}-1", side: changes, "expect": None}
