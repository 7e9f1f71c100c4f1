"""Paper: the same report as PDF, A4. The same report gives the same bytes: no date of making, no name of a machine.

May know: drawing, plots, tables, words; printed's font; exchange.compliance.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Circle, Line, Rect, String
from reportlab.graphics.shapes import Drawing as Graphic
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from redshank.edges.printed import FONT, register_font
from redshank.edges.report_page.drawing import DIM, INK, SIDES, Drawing, Shape
from redshank.edges.report_page.plots import plots
from redshank.edges.report_page.tables import Cell, Listing, Section, listings, sections
from redshank.edges.report_page.words import NOT_TOLD, RUNS_SHOWN, TWO_CLOCKS, instant, period
from redshank.exchange.compliance.annex import Annex
from redshank.exchange.compliance.figures import Report

INNER: Final = A4[0] - 36 * mm - 12


def _style(name: str, size: float, colour: str = INK, before: float = 0.0) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=FONT, fontSize=size, leading=size * 1.35, textColor=HexColor(colour), spaceBefore=before
    )


TITLE, HEAD, TEXT = _style("title", 17), _style("head", 11.5, before=11), _style("text", 8.5)
FINE, CELL = _style("fine", 7.2, DIM), _style("cell", 7.8)


def report_pdf(report: Report, annex: Annex | None = None) -> bytes:
    """The pages. Raises nothing that depends on the report."""
    register_font()
    out = BytesIO()
    page = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=20 * mm,
        bottomMargin=18 * mm,
        invariant=1,
        initialFontName=FONT,
        title=f"Compliance and reciprocity {report.channel}",
        author="",
    )
    story = [*_front(report), *_figures(report)]
    for listing in listings(report):
        story += _listing(listing)
    story += [Paragraph("What these figures do not say", HEAD), *(Paragraph(escape(one), TEXT) for one in NOT_TOLD)]
    story += _basis(report)
    if annex is not None:
        story += _annex(annex)
    page.build(story, onFirstPage=_edge(report), onLaterPages=_edge(report))
    return out.getvalue()


def _edge(report: Report) -> Any:
    words = f"{report.channel}  {period(report.from_ms, report.until_ms)}"

    def draw(page: Any, document: Any) -> None:
        page.setFont(FONT, 7)
        page.drawString(18 * mm, 10 * mm, words)
        page.drawRightString(A4[0] - 18 * mm, 10 * mm, str(document.page))
        if report.exercise:
            page.rect(0, A4[1] - 11 * mm, A4[0], 7 * mm, stroke=0, fill=1)
            page.setFillGray(1)
            page.setFont(FONT, 11)
            page.drawCentredString(A4[0] / 2, A4[1] - 9 * mm, "EXERCISE  EXERCISE  EXERCISE")
            page.setFillGray(0)

    return draw


def _front(report: Report) -> list[Any]:
    one, other = (side.party for side in report.sides)
    rules = report.rules
    return [
        Paragraph(
            f'Compliance and reciprocity: <font color="{SIDES[0]}">{escape(one)}</font> and '
            f'<font color="{SIDES[1]}">{escape(other)}</font>',
            TITLE,
        ),
        Spacer(1, 3 * mm),
        Paragraph(
            f"Channel {escape(report.channel)}, statements {period(report.from_ms, report.until_ms)}. Newest "
            f"statement in the logs: {instant(report.as_of_ms)}. Held against “{escape(rules.agreement)}”, procedure "
            f"{escape(rules.procedure)} version {rules.procedure_version}, forms edition {rules.forms}. Computed from "
            "the common log alone: either party gets the same from the same heads.",
            TEXT,
        ),
    ]


def _figures(report: Report) -> list[Any]:
    story = list[Any]()
    for plot in plots(report):
        story.append(KeepTogether([Paragraph(escape(plot.title), HEAD), _graphic(plot)]))
    story.append(Paragraph(escape(TWO_CLOCKS), FINE))
    for section in sections(report):
        story += _section(report, section)
    return story


def _section(report: Report, section: Section) -> list[Any]:
    names = [side.party + (" (by voice)" if side.by_voice else "") for side in report.sides]
    head = [
        Paragraph("", CELL),
        *(Paragraph(f'<font color="{SIDES[number]}">{escape(name)}</font>', CELL) for number, name in enumerate(names)),
    ]
    rows = [[Paragraph(escape(label), CELL), _cell(one), _cell(other)] for label, one, other in section.rows]
    title = [Paragraph(escape(section.title), HEAD), Paragraph(escape(section.note), FINE)]
    return [KeepTogether([*title, _table([head, *rows[:3]], (0.3, 0.35, 0.35))]), *_rest(rows[3:])]


def _rest(rows: Sequence[Sequence[Any]]) -> list[Any]:
    return [_table(rows, (0.3, 0.35, 0.35), headed=False)] if rows else []


def _cell(cell: Cell) -> Any:
    shown, rest = cell.serials[:RUNS_SHOWN], len(cell.serials) - RUNS_SHOWN
    more = f" and {rest} more: see the JSON" if rest > 0 else ""
    serials = f'   <font size="6.5" color="{DIM}">{escape(", ".join(shown))}{more}</font>' if shown else ""
    return Paragraph(f"{escape(cell.text)}{serials}", CELL)


def _listing(listing: Listing) -> list[Any]:
    rows = [[Paragraph(escape(one), CELL) for one in row] for row in (listing.head, *listing.lines)]
    left = [Paragraph(f"{listing.left_out} more: the JSON has all.", FINE)] if listing.left_out else []
    return [Paragraph(escape(listing.title), HEAD), _table(rows, listing.shares), *left]


def _basis(report: Report) -> list[Any]:
    head = [Paragraph(name, CELL) for name in ("log of", "generation", "entries", "root", "receipts")]
    rows = [
        [
            Paragraph(escape(str(value)), CELL)
            for value in (held.party, held.generation, held.size, held.root, len(held.receipts))
        ]
        for held in report.heads
    ]
    return [Paragraph("What it was made from", HEAD), _table([head, *rows], (0.1, 0.12, 0.1, 0.56, 0.12))]


def _annex(annex: Annex) -> list[Any]:
    by = "whoever exported the record" if annex.by is None else annex.by
    words = (
        "Beside the common log, and part of no figure above. What was said by voice is signed by nobody; the other "
        "side may have other notes, and other evidence."
    )
    rows = [
        [
            Paragraph(escape(str(value)), CELL)
            for value in (
                instant(note.at_ms),
                note.kind,
                note.about,
                "–" if note.serial is None else note.serial,
                note.says,
            )
        ]
        for note in annex.notes
    ]
    none = [Paragraph("None in this period.", TEXT)]
    table = [_table(rows, (0.24, 0.12, 0.08, 0.1, 0.46), headed=False)] if rows else none
    return [Paragraph(f"Annex: notes of {escape(by)}", HEAD), Paragraph(words, TEXT), *table]


def _table(rows: Sequence[Sequence[Any]], shares: Sequence[float], *, headed: bool = True) -> Any:
    table = LongTable(
        [list(row) for row in rows], colWidths=[share * INNER for share in shares], repeatRows=int(headed)
    )
    rule = [("LINEBELOW", (0, 0), (-1, 0), 0.9, HexColor(INK))] if headed else []
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.3, HexColor("#c6cdd1")),
                *rule,
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ]
        )
    )
    return table


def _graphic(plot: Drawing) -> Any:
    scale = INNER / plot.width
    graphic = Graphic(INNER, plot.height * scale)
    for shape in plot.shapes:
        graphic.add(_painted(shape, plot.height))
    graphic.scale(scale, scale)
    return graphic


def _painted(shape: Shape, height: float) -> Any:
    """The same shape with y growing upwards."""
    colour, y = HexColor(shape.colour), height - shape.y
    paint = {"strokeColor": colour, "fillColor": white} if shape.hollow else {"strokeColor": None, "fillColor": colour}
    match shape.kind:
        case "line":
            ends = (shape.x, y, shape.x2, height - shape.y2)
            return Line(*ends, strokeColor=colour, strokeWidth=shape.width)
        case "box":
            return Rect(shape.x, height - shape.y2, max(0.6, shape.x2 - shape.x), shape.y2 - shape.y, **paint)
        case "dot":
            return Circle(shape.x, y, shape.x2, **paint)
        case _:
            place = {"fontName": FONT, "fontSize": shape.size, "fillColor": colour, "textAnchor": shape.anchor}
            return String(shape.x, y, shape.text, **place)
