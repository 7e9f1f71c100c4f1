"""`redshank decode`: a recording as JSON lines, with progress on the terminal and refusals counted at the end."""

import sys
from collections import Counter
from pathlib import Path

import msgspec
import yaml
from rich.console import Console
from rich.progress import Progress

from redshank.decode.source import parse_source
from redshank.edges.clock import SystemClock
from redshank.edges.feeds.recording import decode_file
from redshank.terms.refusal import Refusal


def decode_path(recording: Path, source_path: Path, port: int | None) -> int:
    """Prints the reports of one recording; exit code 0, or 2 when source or recording cannot be used."""
    try:
        source = parse_source(yaml.safe_load(source_path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        print(f"{source_path}: {error}", file=sys.stderr)
        return 2
    if isinstance(source, Refusal):
        print(f"{source_path}: {source}", file=sys.stderr)
        return 2
    reports, refused = 0, Counter[str]()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(recording.name, total=recording.stat().st_size)
        batches = decode_file(
            recording, source, SystemClock().now(), port, lambda read, _: progress.update(task, completed=read)
        )
        for batch in batches:
            refused.update(refusal.reason.value for refusal in batch.refusals)
            for report in batch.reports:
                reports += 1
                sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    told = ", ".join(f"{reason} {count}" for reason, count in sorted(refused.items())) or "none"
    print(f"{reports} reports; refused: {told}", file=sys.stderr)
    return 0
