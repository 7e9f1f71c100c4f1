"""Verdicts of release about 10,000 tracks and four partners beside the plain loop over tracks, partners and rules.

Both read the same frozen tracks under the same policy, LT's for the exercise with a zone, hours and a delay added; the
distances to the partners are given to both. The peer asks `mismatch`, which `decide` is made of, and builds no body
either; what `decide` itself takes, bodies included, is printed beside. Each verdict of ours is held against the peer's
before anything is timed. Medians of several runs, one after the other in one process.

Run: python -m benchmarks.release_10000
"""

import statistics
import time
from collections.abc import Callable
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from benchmarks.figures import print_figure
from redshank.release.batch import judge
from redshank.release.decide import decide
from redshank.release.match import Moment, fault, mismatch, sigma_m
from redshank.release.policy import DEFAULT_DENY, DRAFT_CHECK, Policy
from redshank.release.reader import parse_policy
from redshank.terms.draft import TrackDraft
from redshank.terms.geo import Position
from redshank.terms.ids import ChannelId, IncidentId, PartyId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.message import MessageType, Phase
from redshank.terms.track import Life, Status, Track

TRACKS, RUNS = 10_000, 9
PARTNERS = tuple(PartyId(party) for party in ("BY", "EE", "LV", "PL"))
NOW = Instant(1_778_113_807_123)
GOAL_MS = 50.0
MORE = """
  - id: range
    effect: deny
    partners: [any]
    types: [NOTICE, UPDATE, LOST]
    zones: [range]
  - id: night
    effect: allow
    partners: [EE]
    types: [NOTICE]
    hours: {from: "22:00", until: "04:00"}
    coarsen: {position_m: 5000, time_s: 60}
    min_delay_s: 4
    automatic: true
"""
ZONES = "zones:\n  range: [[54.9, 24.1], [55.2, 24.0], [55.3, 24.6], [55.1, 24.9], [54.9, 24.5]]\n"


def policy() -> Policy:
    """LT's for the exercise, and the conditions that it does not use, before all others."""
    text = files("redshank.release").joinpath("policies", "LT.yaml").read_text(encoding="utf-8")
    return parse_policy(text.replace("rules:\n", f"rules:{MORE}", 1) + ZONES)


def picture(count: int, seed: int = 7) -> tuple[list[Track], npt.NDArray[np.float64]]:
    """Tracks of all kinds, and their distances to the partners."""
    rng = np.random.default_rng(seed)
    distances = np.maximum(0.0, rng.uniform(-50_000, 300_000, (count, len(PARTNERS))))
    tracks = []
    for number in range(count):
        sigma_m2, sigma_m2ps2 = float(rng.uniform(50, 4_000)) ** 2, float(rng.uniform(1, 6)) ** 2
        spread = (
            sigma_m2,
            0.0,
            0.0,
            0.0,
            0.0,
            sigma_m2,
            0.0,
            0.0,
            0.0,
            0.0,
            sigma_m2ps2,
            0.0,
            0.0,
            0.0,
            0.0,
            sigma_m2ps2,
        )
        tracks.append(
            Track(
                id=TrackId(f"LT/{number}"),
                observer=PartyId("LT"),
                at=Instant(NOW - int(rng.integers(0, 10_000))),
                position=Position(float(rng.uniform(53.5, 56.5)), float(rng.uniform(22.0, 27.0))),
                velocity_e_mps=float(rng.uniform(-60, 60)),
                velocity_n_mps=float(rng.uniform(-60, 60)),
                covariance=spread,
                altitude_m=None if number % 3 else float(rng.uniform(50, 12_000)),
                status=list(Status)[int(rng.integers(len(Status)))],
                life=Life.LIVE if number % 20 else Life.LOST,
                first_at=NOW,
                last_report_at=NOW,
                reports=int(rng.integers(1, 12)),
                cooperative=number % 4 == 0,
            )
        )
    return tracks, distances


def drafts_of(tracks: list[Track], distances_m: npt.NDArray[np.float64]) -> list[TrackDraft]:
    """What the loop decides about, made outside of the timing."""
    return [
        TrackDraft(
            type=MessageType.NOTICE,
            channel=ChannelId(f"LT-{partner}"),
            partner=partner,
            incident=IncidentId("LT-2026-000001"),
            object_number=1,
            track=track,
            phase=Phase.POSSIBLE,
            distance_to_partner_m=float(distance_m),
        )
        for track, row in zip(tracks, distances_m, strict=True)
        for partner, distance_m in zip(PARTNERS, row, strict=True)
    ]


def plain(rules: Policy, drafts: list[TrackDraft]) -> list[str]:
    """The loop: the first rule that matches."""
    found = []
    for draft in drafts:
        sigma = sigma_m(draft)
        if fault(draft, sigma) is not None:
            found.append(DRAFT_CHECK)
            continue
        moment = Moment(rules, NOW, sigma)
        found.append(next((r.id for r in rules.rules if mismatch(r, draft, moment) is None), DEFAULT_DENY))
    return found


def median_ms(work: Callable[[], object], runs: int) -> float:
    """Median wall time."""
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1_000)
    return statistics.median(times)


def main() -> None:
    """Measures both and prints the figure."""
    rules, (tracks, distances_m) = policy(), picture(TRACKS)
    drafts = drafts_of(tracks, distances_m)
    verdicts = judge(rules, tracks, PARTNERS, distances_m, NOW)
    decided = [decide(rules, draft, NOW).verdict for draft in drafts]
    width = len(PARTNERS)
    for number, one in enumerate(decided):
        if verdicts.of(number // width, number % width) != (one.rule, one.effect):
            raise SystemExit(f"draft {number}: the batch differs from the single decision: no figure")
    if plain(rules, drafts) != [one.rule for one in decided]:
        raise SystemExit("the loop differs from the decision: no figure")
    ours_ms = median_ms(lambda: judge(rules, tracks, PARTNERS, distances_m, NOW), RUNS)
    plain_ms = median_ms(lambda: plain(rules, drafts), 3)
    decide_ms = median_ms(lambda: [decide(rules, draft, NOW) for draft in drafts], 3)
    print(f"{TRACKS} tracks x {width} partners: ours {ours_ms:.1f} ms, loop {plain_ms:.0f}, decide {decide_ms:.0f} ms")
    print_figure(
        "release_10000",
        ours_ms,
        plain_ms,
        unit="ms",
        goal=GOAL_MS,
        goal_is_ours=True,
        beside={"peer_is": "loop over mismatch", "decide_with_bodies_ms": round(decide_ms, 1)},
    )


if __name__ == "__main__":
    main()
