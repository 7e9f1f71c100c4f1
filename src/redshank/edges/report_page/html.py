"""HTML: the report as one file that opens anywhere, offline, and prints. Everything that came from a log is escaped.

May know: drawing, plots, tables, words; exchange.compliance.
"""

from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files

from redshank.edges.report_page.drawing import Drawing, svg
from redshank.edges.report_page.plots import plots
from redshank.edges.report_page.tables import Cell, Listing, Section, listings, sections
from redshank.edges.report_page.words import NOT_TOLD, RUNS_SHOWN, TWO_CLOCKS, instant, period
from redshank.exchange.compliance.annex import Annex
from redshank.exchange.compliance.figures import Report


@cache
def _style() -> str:
    return files("redshank.edges.report_page").joinpath("report.css").read_text(encoding="utf-8")


def report_html(report: Report, annex: Annex | None = None) -> bytes:
    """The whole file, in UTF-8."""
    title = f"Compliance and reciprocity {report.channel}"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    page = f"<!doctype html><html lang=en><head>{head}<style>{_style()}</style>"
    page += f"</head><body>{_body(report, annex)}</body></html>"
    return page.encode()


def _body(report: Report, annex: Annex | None) -> str:
    parts = ['<main class="report">']
    if report.exercise:
        parts.append('<div class="mark">EXERCISE</div>')
    parts += [_heading(report), *(_figure(plot) for plot in plots(report))]
    parts.append(f'<p class="dim">{escape(TWO_CLOCKS)}</p>')
    parts += [_section(report, section) for section in sections(report)]
    parts += [_listing(listing) for listing in listings(report)]
    parts += ["<h2>What these figures do not say</h2>", *(f"<p>{escape(words)}</p>" for words in NOT_TOLD)]
    parts += [_basis(report), "" if annex is None else _annex(annex), "</main>"]
    return "".join(parts)


def _heading(report: Report) -> str:
    one, other = (side.party for side in report.sides)
    rules = report.rules
    return (
        f'<h1>Compliance and reciprocity: <span class="one">{escape(one)}</span> and '
        f'<span class="other">{escape(other)}</span></h1>'
        f"<p>Channel {escape(report.channel)}, statements {period(report.from_ms, report.until_ms)}. "
        f"Newest statement in the logs: {instant(report.as_of_ms)}.</p>"
        f'<p class="dim">Held against “{escape(rules.agreement)}”, procedure {escape(rules.procedure)} '
        f"version {rules.procedure_version}, forms edition {rules.forms}. Computed from the common log alone: either "
        "party gets the same bytes from the same heads.</p>"
    )


def _figure(plot: Drawing) -> str:
    return f"<figure><figcaption>{escape(plot.title)}</figcaption>{svg(plot)}</figure>"


def _section(report: Report, section: Section) -> str:
    one, other = (escape(side.party) + (" (by voice)" if side.by_voice else "") for side in report.sides)
    rows = "".join(
        f"<tr><th>{escape(label)}</th><td>{_cell(first)}</td><td>{_cell(second)}</td></tr>"
        for label, first, second in section.rows
    )
    return (
        f'<h2>{escape(section.title)}</h2><p class="dim">{escape(section.note)}</p>'
        '<table class="pair"><thead><tr><th></th>'
        f'<th class="one">{one}</th><th class="other">{other}</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _cell(cell: Cell) -> str:
    return f"<b>{escape(cell.text)}</b>{_serials(cell.serials)}"


def _serials(serials: Sequence[str]) -> str:
    if not serials:
        return ""
    shown, rest = serials[:RUNS_SHOWN], serials[RUNS_SHOWN:]
    more = f" <details><summary>and {len(rest)} more</summary> {escape(', '.join(rest))}</details>" if rest else ""
    return f'<span class="serials">{escape(", ".join(shown))}{more}</span>'


def _listing(listing: Listing) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in listing.head)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(one)}</td>' for one in row)}</tr>" for row in listing.lines)
    left = f'<p class="dim">{listing.left_out} more: the JSON has all.</p>' if listing.left_out else ""
    return f"<h2>{escape(listing.title)}</h2><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{left}"


def _basis(report: Report) -> str:
    rows = "".join(
        f"<tr><td>{escape(held.party)}</td><td>{held.generation}</td><td>{held.size}</td>"
        f"<td><code>{escape(held.root)}</code></td><td>{len(held.receipts)}</td></tr>"
        for held in report.heads
    )
    return (
        "<h2>What it was made from</h2><p>Whoever holds these heads and receipts computes the same report. Whoever "
        "holds more computes it for them with redshank report --like.</p>"
        "<table><thead><tr><th>log of</th><th>generation</th>"
        f"<th>entries</th><th>root</th><th>receipts</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def _annex(annex: Annex) -> str:
    by = "whoever exported the record" if annex.by is None else annex.by
    rows = "".join(
        f"<tr><td>{instant(note.at_ms)}</td><td>{escape(note.kind)}</td><td>{escape(note.about)}</td>"
        f"<td>{'–' if note.serial is None else note.serial}</td><td>{escape(note.says)}</td></tr>"
        for note in annex.notes
    )
    table = (
        "<table><thead><tr><th>at</th><th>what</th><th>of</th><th>serial</th><th></th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        if rows
        else "<p>None in this period.</p>"
    )
    return (
        f'<section class="annex"><h2>Annex: notes of {escape(by)}</h2><p>Beside the common log, and part of no figure '
        "above. What was said by voice is signed by nobody; the other side may have other notes, and other evidence."
        "</p>"
        f"{table}</section>"
    )
