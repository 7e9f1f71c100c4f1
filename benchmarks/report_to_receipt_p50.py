"""Report in to partner's receipt out, five nodes on this machine: the median. See `receipts`.

Run: python -m benchmarks.report_to_receipt_p50
"""

from benchmarks.figures import print_figure, quantile
from benchmarks.receipts import measure_receipts

SHARE = 0.50
GOAL_MS = 500.0


def main() -> None:
    """Measures and prints the figure."""
    ours_ms, plain_ms = measure_receipts()
    ours, limit = quantile(ours_ms, SHARE), quantile(plain_ms, SHARE)
    print_figure("report_to_receipt_p50", ours, limit, unit="ms", goal=GOAL_MS, goal_is_ours=True)


if __name__ == "__main__":
    main()
