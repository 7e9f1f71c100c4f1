"""Message enqueued until its receipt is durable at the sender, at 1,000 messages a second: p50. See `latency`.

Run: python -m benchmarks.message_latency_p50
"""

from benchmarks.figures import print_figure, quantile
from benchmarks.latency import measure_latency

GOAL_MS = 3.0


def main() -> None:
    """Prints the figure."""
    ours, limit = measure_latency()
    print_figure(
        "message_latency_p50",
        quantile(ours, 0.50),
        quantile(limit, 0.50),
        unit="ms",
        goal=GOAL_MS,
        goal_is_ours=True,
    )


if __name__ == "__main__":
    main()
