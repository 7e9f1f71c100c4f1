"""Desk: the record on the desk, which of its files were looked at, and what was found. Lives for one verification."""

from collections.abc import Mapping

from redshank.exchange.audit.report import Finding
from redshank.exchange.record import MANIFEST, Manifest
from redshank.exchange.witnessing import WitnessPolicy
from redshank.terms.refusal import Reason, Refusal


class Desk:
    """Asks the record for its files by name; `files` gives the same bytes for a path each time."""

    def __init__(self, files: Mapping[str, bytes], manifest: Manifest, witnesses: WitnessPolicy) -> None:
        self.files = files
        self.manifest = manifest
        self.witnesses = witnesses
        self.findings: list[Finding] = []
        self._looked_at = {MANIFEST}

    def find(self, path: str, refusal: Refusal) -> None:
        """A fault."""
        self.findings.append(Finding(path, refusal))

    def fault(self, path: str, reason: Reason, field: str, detail: str) -> None:
        """The same, of its parts."""
        self.find(path, Refusal(reason, field, detail))

    def take(self, path: str) -> bytes | None:
        """A file that a record must have; its absence is a finding."""
        self._looked_at.add(path)
        if path not in self.files:
            self.fault(path, Reason.TRUNCATED, "path", "missing")
            return None
        return self.files[path]

    def take_all(self, prefix: str) -> list[str]:
        """The paths below a folder."""
        paths = [path for path in self.files if path.startswith(prefix)]
        self._looked_at.update(paths)
        return paths

    def close(self) -> tuple[Finding, ...]:
        """All findings in one order, with the files that nobody asked for."""
        for path in self.files:
            if path not in self._looked_at:
                self.fault(path, Reason.UNKNOWN_FIELD, "path", "no part of a record")
        return tuple(sorted(self.findings, key=lambda finding: (finding.path, str(finding.refusal))))
