"""A year of a busy channel, 100,000 entries a side: how long does the report of compliance and reciprocity take, and
how much memory?

Line tests each ten minutes, notices with updates, acknowledgements and closes, told by both sides, with a receipt for
each incident. Both logs are read once, hashed, and every figure is counted; then the JSON is written. Processor time,
for a reader has no other work. No signature is verified: a node has done that when the entries came; for a record that
is `audit_1000000`.

The limit: hashing the same entries to the same roots.

Run: python -m benchmarks.report_200000 [--entries 20000]
"""

import argparse
import resource
import time

from tests.exchange.compliance_logs import BY, LT, Talk, report

from benchmarks.figures import print_figure
from redshank.exchange.compliance.copies import root_of
from redshank.exchange.compliance.figures import encode_report
from redshank.exchange.compliance.report import EVER
from redshank.terms.ids import IncidentId
from redshank.terms.message import MessageType

ENTRIES = 200_000
GOAL_S, GOAL_MB = 10.0, 300.0
EVERY_S, UPDATES = 600, 10


def told(count: int) -> Talk:
    """Both logs, with at least so many entries together."""
    talk, at_s = Talk(), 0
    while len(talk.entries[LT]) + len(talk.entries[BY]) < count:
        at_s += EVERY_S
        incident = IncidentId(f"LT-2026-{at_s // EVERY_S:06d}")
        talk.test_reply(BY, at_s + 1, talk.test(LT, at_s))
        talk.test_reply(LT, at_s + 3, talk.test(BY, at_s + 2))
        talk.ack(BY, at_s + 60, talk.notice(LT, at_s + 10, incident=incident), incident)
        for number in range(UPDATES):
            for party in (LT, BY):
                talk.notice(party, at_s + 70 + 20 * number, incident=incident, kind=MessageType.UPDATE)
        talk.agree(BY, at_s + 450, to=talk.close(LT, at_s + 400, incident=incident), incident=incident)
        for party in (LT, BY):
            talk.receipt(party, at_s + 451)
    return talk


def main() -> int:
    """Builds the logs, makes the report, prints the figure; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    copies = told(parser.parse_args().entries).copies()
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    for copy in copies:
        root_of(copy, copy.size)
    hashed = time.process_time()
    made = encode_report(report(copies, EVER))
    done = time.process_time()
    held_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024
    print(
        f"{sum(copy.size for copy in copies)} entries, {len(made)} bytes of JSON, {held_mb:.0f} MB beside the entries"
    )
    met = print_figure(
        "report_200000",
        done - hashed,
        hashed - begun,
        unit="s of processor time",
        goal=GOAL_S,
        goal_is_ours=True,
        also=(f"at most {GOAL_MB:g} MB", held_mb <= GOAL_MB),
    )
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
