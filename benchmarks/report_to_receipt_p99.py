"""Report in to partner's receipt out, five nodes on this machine: the 99th percentile. See `receipts`.

Run: python -m benchmarks.report_to_receipt_p99
"""

from benchmarks.figures import print_figure, quantile
from benchmarks.receipts import measure_receipts

SHARE = 0.99
GOAL_MS = 1_000.0


def main() -> None:
    """Measures and prints the figure."""
    ours_ms, plain_ms = measure_receipts()
    ours, limit = quantile(ours_ms, SHARE), quantile(plain_ms, SHARE)
    print_figure("report_to_receipt_p99", ours, limit, unit="ms", goal=GOAL_MS, goal_is_ours=True)


if __name__ == "__main__":
    main()
