"""Printed: the voice form on paper, one A4 page as PDF, for fax or courier (VOICE-18).

Here: the page. Not here: the form and its words (exchange.voice). The same form gives the same bytes: no date of
making, no name of a machine. The font is Noto Sans, embedded, from its own package. May know: exchange.
"""

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from redshank.exchange import voice
from redshank.exchange.voice.form import VoiceForm
from redshank.exchange.voice.plain import plain_lines
from redshank.terms import limits

FONT: Final = "NotoSans"
WIDTH, HEIGHT = A4
LEFT, RIGHT = 15 * mm, WIDTH - 15 * mm
CELLS: Final = limits.VOICE_ROW_GROUPS + 1
CELL: Final = (RIGHT - LEFT) / CELLS
ROW_HEIGHT: Final = 21 * mm
SAYS: Final = 32 * mm  # where the second column begins
DISCLAIMER: Final = (
    "The last group of each row is a check: any one wrong group and any two swapped groups are found with certainty.",
    "It is no authentication: whoever knows the rules can make such a form. Know whom you speak with.",
    "The signed message counts when it comes; this page is reconciled with it.",
)
BOXES: Final = (
    "read out or handed over by",
    "to (name, rank, party)",
    "date and time (UTC)",
    "read back correctly: yes / no",
)


def printed_form(form: VoiceForm) -> bytes:
    """The page of a form, as PDF. Raises nothing that depends on the form."""
    register_font()
    out = BytesIO()
    page: Any = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, initialFontName=FONT)
    message = form.heard.message
    page.setTitle(f"Redshank {message.channel} {message.sender} {message.serial}")
    y = _heading(page, form)
    y = _groups(page, form, y)
    y = _says(page, form, y - 6 * mm)
    _boxes(page, y - 8 * mm)
    _foot(page)
    page.showPage()
    page.save()
    return out.getvalue()


@cache
def register_font() -> None:
    """Once per process. The variable font's default is its regular weight."""
    path = files("fontpkg_noto_sans").joinpath("files", "NotoSans[wdth,wght].ttf")
    pdfmetrics.registerFont(TTFont(FONT, BytesIO(path.read_bytes())))


def _heading(page: Any, form: VoiceForm) -> float:
    message, y = form.heard.message, HEIGHT - 18 * mm
    if form.exercise:
        page.setFillGray(0)
        page.rect(LEFT, y - 2 * mm, RIGHT - LEFT, 9 * mm, stroke=0, fill=1)
        page.setFillGray(1)
        _text(page, LEFT + 3 * mm, y, "EXERCISE  EXERCISE  EXERCISE", 16)
        page.setFillGray(0)
        y -= 12 * mm
    _text(page, LEFT, y, f"{message.type.value}  {message.sender} {message.serial}", 20)
    _right(
        page,
        y,
        f"channel {message.channel}, {form.seconds:.0f} s at {limits.VOICE_WORDS_PER_MINUTE} words a minute",
        10,
    )
    y -= 7 * mm
    _text(page, LEFT, y, f"Say first: “{form.opening}”. Then each group, symbol by symbol, without its number.", 10)
    return float(y - 3 * mm)


def _groups(page: Any, form: VoiceForm, top: float) -> float:
    y = top
    for start in range(0, len(form.groups), CELLS):
        row = form.groups[start : start + CELLS]
        for column, group in enumerate(row):
            _cell(page, LEFT + column * CELL, y, start + column + 1, group, column == len(row) - 1)
        y -= ROW_HEIGHT
    return float(y)


def _cell(page: Any, x: float, y: float, place: int, group: str, check: bool) -> None:
    """A group with its number above and its words below; a check is shaded and says so."""
    if check:
        page.setFillGray(0.9)
    page.rect(x, y - ROW_HEIGHT, CELL, ROW_HEIGHT, stroke=1, fill=1 if check else 0)
    page.setFillGray(0)
    _text(page, x + 1.5 * mm, y - 4 * mm, f"{place}{'  check' if check else ''}", 7)
    page.setFont(FONT, 17)
    for column, symbol in enumerate(group):
        page.drawCentredString(x + (column + 0.75) * CELL / 4.5, y - 11.5 * mm, symbol)
    words = voice.spoken(group).split(" ")
    for line, pair in enumerate((words[:2], words[2:])):
        page.setFont(FONT, 6)
        page.drawCentredString(x + CELL / 2, y - (15 + 3 * line) * mm, " ".join(pair))


def _says(page: Any, form: VoiceForm, top: float) -> float:
    y = top
    for what, value in plain_lines(form.heard):
        _text(page, LEFT, y, what, 9)
        for line in _wrapped(value, 9, RIGHT - LEFT - SAYS):
            _text(page, LEFT + SAYS, y, line, 9)
            y -= 4.8 * mm
    return y


def _wrapped(text: str, size: float, width: float) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and pdfmetrics.stringWidth(longer, FONT, size) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def _boxes(page: Any, y: float) -> None:
    """Where people sign. Two by two, high enough for a hand."""
    width, height = (RIGHT - LEFT) / 2, 15 * mm
    for number, title in enumerate((*BOXES, "signature of the reader", "signature of the hearer")):
        x, top = LEFT + number % 2 * width, y - number // 2 * height
        page.rect(x, top - height, width, height, stroke=1, fill=0)
        _text(page, x + 1.5 * mm, top - 4 * mm, title, 7)


def _foot(page: Any) -> None:
    for number, line in enumerate(reversed(DISCLAIMER)):
        _text(page, LEFT, (12 + 4 * number) * mm, line, 7.5)


def _text(page: Any, x: float, y: float, text: str, size: float) -> None:
    page.setFont(FONT, size)
    page.drawString(x, y, text)


def _right(page: Any, y: float, text: str, size: float) -> None:
    page.setFont(FONT, size)
    page.drawRightString(RIGHT, y, text)
