"""Report: what a qualification found, as one signed note that anybody can keep and check.

Here: the report's form, its signature and check, and its renderings for people. Not here: running (exam). The text of
the note is the report itself in canonical JSON (MSG-1), so nothing can come apart.
"""

import hashlib
import html
from collections.abc import Sequence

import msgspec

from redshank.conformance.case import NOT_TRIED, Responsible, Result, Verdict
from redshank.conformance.keys import Secret, report_name
from redshank.conformance.wire import LOG, Breach, Key, check_signed, read_base64, read_note

VERSION = 1
REPORT_BYTES = 64 * 1_048_576


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One qualification of one node."""

    v: int = VERSION
    kind: str = "redshank-qualification"
    url: str
    node: str
    node_public_sha256: str
    """Of the node's file of public keys, as the qualifier had it."""
    qualifier: str
    qualifier_key: str
    """The verifier key of the signature below."""
    channel: str
    prefix: str
    year: int
    began_ms: int
    ended_ms: int
    clock_apart_ms: int
    """The node's clock less the qualifier's."""
    selection: str
    """Which clauses were asked for; empty: all."""
    counts: dict[str, int]
    results: tuple[Result, ...]
    unseen: dict[str, str]
    """Clauses that cannot be seen over the wire, with the reason."""

    @property
    def qualifies(self) -> bool:
        """Whether all cases ran and none failed; of a selection nothing follows for the rest."""
        bad = {Verdict.FAIL, Verdict.INCONCLUSIVE}
        return bool(self.results) and not any(result.verdict in bad for result in self.results)


class Checked(msgspec.Struct, frozen=True):
    """A report whose signature holds; `pinned`: by a key that the reader brought, not by the one that it claims."""

    report: Report
    pinned: bool


def counts_of(results: Sequence[Result]) -> dict[str, int]:
    """How many of each verdict, and for how many each party is responsible; a case that was not tried counts for none:
    it has its cause in another one."""
    counts = {verdict.value: sum(result.verdict is verdict for result in results) for verdict in Verdict}
    tried = [result for result in results if not result.came.startswith(NOT_TRIED)]
    for party in (Responsible.NODE, Responsible.QUALIFIER, Responsible.NETWORK, Responsible.SPECIFICATION):
        counts[f"by-{party.value}"] = sum(result.responsible is party for result in tried)
    return counts


def signed(report: Report, secret: Secret) -> bytes:
    """The note: the report, a blank line, the signature."""
    text = msgspec.json.encode(report, order="sorted") + b"\n"
    return text + b"\n" + secret.mark(text, 0).line


def check(data: bytes, vkey: str | None = None) -> Checked:
    """Reads a signed report; verified with the key brought, else with the one that it claims. Raises Breach."""
    text, marks = read_note(data, REPORT_BYTES)
    try:
        report = msgspec.json.decode(text, type=Report)
    except msgspec.MsgspecError as error:
        raise Breach("report", f"not a report: {error}") from error
    if msgspec.json.encode(report, order="sorted") + b"\n" != text or report.v != VERSION:
        raise Breach("report", "not in canonical form, or of another version")
    key = _key(vkey or report.qualifier_key)
    if key.name != report_name(report.qualifier):
        raise Breach("report", f"the key {key.name!r} is no key for reports of {report.qualifier}")
    check_signed((key,), marks, text)
    if report.counts != counts_of(report.results):
        raise Breach("report", "the counts are not those of the cases")
    return Checked(report, vkey is not None)


def _key(vkey: str) -> Key:
    name, _, rest = vkey.partition("+")
    key_id, _, encoded = rest.partition("+")
    material = read_base64(encoded, "LOG-2")
    key = Key(name, LOG, material[1:])
    if material[:1] != bytes([LOG]) or key.id.hex() != key_id:
        raise Breach("LOG-2", f"not a verifier key: {vkey[:60]!r}")
    return key


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal, by which people compare a report."""
    return hashlib.sha256(data).hexdigest()


def page(report: Report) -> str:
    """The report as one HTML page without any reference to elsewhere."""
    rows = "".join(_row(result) for result in report.results)
    unseen = "".join(f"<li><b>{html.escape(clause)}</b>: {html.escape(why)}" for clause, why in report.unseen.items())
    counts = ", ".join(f"{name} {count}" for name, count in report.counts.items() if count)
    title = f"Qualification of {html.escape(report.node)} by {html.escape(report.qualifier)}"
    return (
        f"<!doctype html><meta charset=utf-8><title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>"
        f"<p>{html.escape(report.url)}, channel {html.escape(report.prefix + report.channel)}; {counts}. "
        "This page is not signed; the note beside it is: check it with <code>redshank qualify check</code>.</p>"
        "<table><tr><th>case<th>clauses<th>what was done<th>expected<th>what came<th>verdict<th>who</tr>"
        f"{rows}</table><h2>Not seen over the wire</h2><ul>{unseen}</ul>\n"
    )


def _row(result: Result) -> str:
    pieces = "".join(
        f"<dt>{html.escape(piece.what)} ({piece.length} bytes, SHA-256 {piece.sha256})<dd><code>{piece.bytes}</code>"
        for piece in result.evidence
    )
    came = f"<details><summary>{html.escape(result.came)}</summary><dl>{pieces}</dl></details>"
    broken = f" (broke {html.escape(result.breached)})" if result.breached else ""
    cells = (result.case, " ".join(result.clauses), result.did, result.expected)
    shown = "".join(f"<td>{html.escape(cell)}" for cell in cells)
    verdict = f"<td>{result.verdict.value}{broken}<td>{result.responsible.value}"
    return f'<tr class="{result.verdict.value}">{shown}<td>{came}{verdict}</tr>'


_STYLE = (
    "body{font:15px/1.4 sans-serif;margin:2em;color:#111;background:#fff}table{border-collapse:collapse}"
    "td,th{border:1px solid #888;padding:.3em .5em;vertical-align:top;text-align:left}code{word-break:break-all}"
    ".fail td{background:#fbd5c8}.inconclusive td{background:#fdf0bf}.not-applicable td{color:#555}"
)
