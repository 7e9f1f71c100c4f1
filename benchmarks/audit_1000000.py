"""An auditor is handed the record of 1,000,000 entries. How long does the check take, and how much memory?

A store (`long_logs`) holds half of the entries in each party's log, in full deliveries with a receipt for each; the
record is built of it and zipped as a node does. A fresh process then reads the zip and runs `examine_record`: every
entry parsed, every tile and root computed, every signature of every receipt verified; then it takes the lines one by
one, who received what when. Its seconds and its peak memory count. One inclusion proof is made from the record's tiles
and verified.

The peer: hashing the same entries to the same roots with hashlib, and nothing else. Beside it, where Debian's Go is
installed: the program of tests/go with Go's own `sumdb/tlog` over the unpacked record (entries, tiles, root, the newest
head; no receipts, no messages).

Run: python -m benchmarks.audit_1000000 [--entries 20000] [--cli]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from benchmarks.figures import print_figure
from redshank.cli.record_files import open_record, read_files
from redshank.cli.verifying import verify_path
from redshank.edges.clock import SystemClock
from redshank.edges.store import Store
from redshank.exchange.parties import EXERCISE_PREFIX
from redshank.exchange.record import LogExport, build_record
from redshank.exchange.verifier import examine_record
from redshank.log import merkle, tiles
from redshank.log.tiles import Tile
from redshank.node.effects import NoteKind
from redshank.terms.refusal import Refusal

ENTRIES = 1_000_000
GOAL_S, GOAL_MB, GOAL_PROOF_MS = 60.0, 500.0, 10.0
GO = Path(__file__).resolve().parents[1] / "tests" / "go" / "verify"
GOCODE = Path("/usr/share/gocode")


def _export(store: Store, origin: str) -> LogExport:
    """As a node's desk exports a log."""
    receipts = dict(store.notes(origin, NoteKind.RECEIPT))
    size = max(receipts)
    return LogExport(checkpoint=receipts[size], size=size, entries=store.entries(origin, 0, size), receipts=receipts)


def build(folder: Path, count: int) -> tuple[Path, dict[str, LogExport]]:
    """The zip of a record of `count` entries; and what is in it."""
    # Here, so that the auditor's process does not load a node and its map.
    from tests.story.story_fleet import make_fleet

    from benchmarks.long_logs import Keeper, hear, say_receipted, side_of
    from redshank.compose.desk import zipped

    fleet = make_fleet(folder, ["LT", "BY"], at=SystemClock().now())
    me, other = side_of(fleet["LT"]), side_of(fleet["BY"])
    store = Store(me.data / "node.sqlite")
    now = SystemClock().now()
    keeper = Keeper(store, "both logs", count)
    say_receipted(me, other, keeper, count // 2, now)
    hear(me, other, keeper, count - count // 2, now)
    keeper.flush(now)
    session = me.session
    logs = {
        party: _export(store, keys.log.name)
        for party, keys in ((session.me, session.keys), (session.partner, session.partner_keys))
    }
    store.close()
    files = build_record(
        agreement="benchmark",
        prefix=EXERCISE_PREFIX,
        channel=session.channel,
        year=session.year,
        keys={session.me: session.keys, session.partner: session.partner_keys},
        logs=logs,
    )
    path = folder / "record.zip"
    path.write_bytes(zipped(files))
    return path, {str(party): log for party, log in logs.items()}


def peak_mb() -> float:
    """The most that this process has held so far. (`ru_maxrss` would count its parent before the exec.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def audit(path: Path) -> None:
    """In a process of its own: reads and verifies; prints what it took as JSON."""
    before_mb = peak_mb()
    begin = time.perf_counter()
    with open_record(path) as files:
        read = time.perf_counter()
        examined = examine_record(files)
        checked = time.perf_counter()
        lines = sum(1 for _ in examined.lines())
    report, done = examined.report, time.perf_counter()
    print(
        json.dumps(
            {
                "ok": report.ok,
                "lines": lines,
                "receipted": sum(one.receipted for one in report.directions),
                "read_s": read - begin,
                "verify_s": checked - read,
                "lines_s": done - checked,
                "peak_mb": peak_mb(),
                "before_mb": before_mb,
            }
        )
    )


def plain_root(entries: Sequence[bytes]) -> bytes:
    """RFC 6962, with hashlib alone."""
    level = [sha256(b"\0" + entry).digest() for entry in entries]
    while len(level) > 1:
        above = [sha256(b"\1" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = above + level[len(level) & ~1 :]
    return level[0]


def proof_ms(files: dict[str, bytes], party: str, log: LogExport) -> float:
    """Milliseconds to make an inclusion proof from the record's tiles, and to verify it."""

    def read_tile(tile: Tile) -> tuple[bytes, ...]:
        hashes = tiles.tile_hashes(files[f"{party}/{tile.path}"], tile)
        if isinstance(hashes, Refusal):
            raise TypeError(str(hashes))
        return hashes

    index, root = log.size // 3, plain_root(log.entries)
    begin = time.perf_counter()
    proof = merkle.inclusion_proof(index, log.size, tiles.tile_reader(log.size, read_tile))
    if isinstance(proof, Refusal):
        raise SystemExit(f"no proof: {proof}")
    bad = merkle.verify_inclusion(index, log.size, merkle.leaf_hash(log.entries[index]), root, proof)
    if bad is not None:
        raise SystemExit(f"the proof does not verify: {bad}")
    return (time.perf_counter() - begin) * 1_000


def go_s(folder: Path, files: dict[str, bytes], parties: Sequence[str], sizes: dict[str, int]) -> float | None:
    """Seconds of Go's program over both logs; None without Go."""
    if shutil.which("go") is None or not (GOCODE / "src" / "golang.org" / "x" / "mod" / "sumdb").is_dir():
        return None
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GOCODE), "GOFLAGS": ""}
    environment["GOCACHE"] = str(folder / "cache")
    subprocess.run(["go", "build", "-o", folder / "verify", "."], cwd=GO, env=environment, check=True)
    for path, data in files.items():
        if "/receipts/" not in path:
            (folder / "record" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "record" / path).write_bytes(data)
    seconds = 0.0
    for party, partner in (parties, parties[::-1]):
        size = sizes[party]
        whole = {"old": size, "size": size, "proof": []}
        first = merkle.inclusion_proof(0, size, _reader(files, party, size))
        assert not isinstance(first, Refusal)
        inclusion = {"index": 0, "size": size, "proof": [b64encode(step).decode() for step in first]}
        (folder / "proofs.json").write_text(json.dumps({"inclusion": [inclusion], "consistency": [whole]}))
        begin = time.perf_counter()
        done = subprocess.run(
            [folder / "verify", folder / "record", party, partner, folder / "proofs.json"],
            capture_output=True,
            text=True,
            check=False,
        )
        seconds += time.perf_counter() - begin
        if not done.stdout.endswith("accepted\n"):
            raise SystemExit(f"Go does not accept the record: {done.stdout[-500:]}{done.stderr[-500:]}")
    return seconds


def _reader(files: dict[str, bytes], party: str, size: int) -> merkle.ReadHash:
    def read_tile(tile: Tile) -> tuple[bytes, ...]:
        hashes = tiles.tile_hashes(files[f"{party}/{tile.path}"], tile)
        assert not isinstance(hashes, Refusal)
        return hashes

    return tiles.tile_reader(size, read_tile)


def by_command(path: Path) -> None:
    """`redshank verify`, with its whole report as JSON."""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.audit_1000000", "--command", str(path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    print(f"redshank verify --json: {time.perf_counter() - begin:.1f} s, {float(done.stderr):.0f} MB")


def measure(folder: Path, count: int, *, with_command: bool) -> None:
    """Builds, audits, prints the figure."""
    path, logs = build(folder, count)
    print(f"a record of {count} entries, {path.stat().st_size / 1e6:.0f} MB as a zip", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.audit_1000000", "--audit", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    if not told["ok"] or told["lines"] != count or told["receipted"] != count:
        raise SystemExit(f"the record was not found in order: {told}")
    ours_s, mb = told["read_s"] + told["verify_s"] + told["lines_s"], told["peak_mb"]
    print(
        f"ours: read through in {told['read_s']:.1f} s, verified in {told['verify_s']:.1f} s, "
        f"its lines in {told['lines_s']:.1f} s, at most {mb:.0f} MB",
        flush=True,
    )
    begin = time.perf_counter()
    for log in logs.values():
        plain_root(log.entries)
    peer_s = time.perf_counter() - begin
    files, parties = read_files(path), sorted(logs)
    proofs = max(proof_ms(files, party, logs[party]) for party in parties)
    print(f"peer: hashing alone {peer_s:.1f} s; a proof of inclusion made and verified in {proofs:.2f} ms", flush=True)
    went = go_s(folder, files, parties, {party: log.size for party, log in logs.items()})
    print("no Go here" if went is None else f"Go's tlog: {went:.1f} s", flush=True)
    if with_command:
        by_command(path)
    kept = mb <= GOAL_MB and proofs <= GOAL_PROOF_MS
    also = f"{GOAL_MB:g} MB at most ({mb:.0f}), a proof in {GOAL_PROOF_MS:g} ms ({proofs:.2f})"
    name = "audit_1000000" if count == ENTRIES else f"audit_1000000 (with {count})"
    goal = GOAL_S * count / ENTRIES
    print_figure(name, ours_s, peer_s, unit="s", goal=goal, goal_is_ours=True, also=(also, kept))


def main() -> None:
    """Prints the figure."""
    options = argparse.ArgumentParser()
    options.add_argument("--entries", type=int, default=ENTRIES)
    options.add_argument("--cli", action="store_true", help="also time `redshank verify`")
    options.add_argument("--audit", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--command", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.audit is not None:
        audit(given.audit)
        return
    if given.command is not None:
        code = verify_path(given.command, (), as_json=True)
        print(peak_mb(), file=sys.stderr)
        raise SystemExit(code)
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), given.entries, with_command=given.cli)


if __name__ == "__main__":
    main()
