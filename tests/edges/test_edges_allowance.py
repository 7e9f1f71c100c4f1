"""What one partner may hand in: on both sides of the rate, and what a refused push costs."""

from hypothesis import given
from hypothesis import strategies as st

from redshank.edges.peers.allowance import Allowance
from redshank.terms import limits
from redshank.terms.instants import SECOND_MS, Instant

T0 = Instant(1_778_113_800_000)


def at(seconds: float) -> Instant:
    return Instant(T0 + round(seconds * SECOND_MS))


def admitted(allowance: Allowance, size: int, now: Instant) -> int:
    """How many pushes of one size pass at one instant."""
    count = 0
    while allowance.admits(size, now):
        count += 1
    return count


def test_the_burst_is_as_large_as_it_says() -> None:
    """DEL-12, PEER_BURST_BYTES, PEER_DELIVERY_COST_BYTES: the last push may overdraw, the next is refused."""
    each = 500 * 1_024 + limits.PEER_DELIVERY_COST_BYTES
    assert admitted(Allowance(), 500 * 1_024, T0) == limits.PEER_BURST_BYTES // each + 1
    empty = limits.PEER_BURST_BYTES // limits.PEER_DELIVERY_COST_BYTES
    assert admitted(Allowance(), 0, T0) == empty + 1


def test_the_rate_is_as_high_as_it_says() -> None:
    """DEL-12, PEER_BYTES_PER_S: after the burst, a second lets through a second's worth and no more."""
    allowance = Allowance()
    admitted(allowance, 0, T0)
    cost = limits.PEER_DELIVERY_COST_BYTES
    for second in range(1, 6):
        passed = admitted(allowance, 0, at(second))
        assert abs(passed - limits.PEER_BYTES_PER_S / cost) <= 1


def test_the_rate_that_the_specification_promises_passes() -> None:
    """DEL-12: 500 pushes a second, and 16 MiB a second, for as long as one likes."""
    many, heavy = Allowance(), Allowance()
    for step in range(60 * 100):
        assert all(many.admits(100, at(step / 100)) for _ in range(5))
        assert heavy.admits(16 * 1_048_576 // 100, at(step / 100))


def test_a_refused_push_costs_more() -> None:
    """DEL-12, PEER_REFUSED_COST_BYTES: who sends what is refused is soon held to about 60 a second."""
    allowance, passed = Allowance(), 0
    for step in range(20 * 100):
        while allowance.admits(100, at(10 + step / 100)):
            allowance.refused()
            passed += 1
    burst = limits.PEER_BURST_BYTES / limits.PEER_REFUSED_COST_BYTES
    assert passed <= burst + 20 * (limits.PEER_BYTES_PER_S / limits.PEER_REFUSED_COST_BYTES) + 1


@given(st.lists(st.tuples(st.integers(-5_000, 5_000), st.integers(0, limits.DELIVERY_BYTES)), max_size=60))
def test_no_jump_of_a_clock_gives_more_than_the_burst(steps: list[tuple[int, int]]) -> None:
    """DEL-12: a clock that goes back refills nothing, and one that leaps ahead gives one burst."""
    allowance, now, gone_ms, passed = Allowance(), T0, 0, 0
    for step_ms, size in steps:
        now = Instant(now + step_ms)
        gone_ms += max(step_ms, 0)
        if allowance.admits(size, now):
            passed += size + limits.PEER_DELIVERY_COST_BYTES
    most = limits.PEER_BURST_BYTES + gone_ms * limits.PEER_BYTES_PER_S / SECOND_MS
    assert passed <= most + limits.DELIVERY_BYTES + limits.PEER_DELIVERY_COST_BYTES
