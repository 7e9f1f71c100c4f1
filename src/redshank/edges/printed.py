"""Printed: the voice form on paper, one A4 page as PDF, for fax or courier (VOICE-18).

Here: the page. Not here: the form and its words (exchange.voice). The same form gives the same bytes: no date of
making, no name of a machine. The font is Noto Sans, embedded, from its own package. May know: exchange,
wording.
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

from redshank.edges.wording import wording
from redshank.exchange import voice
from redshank.exchange.voice.form import VoiceForm
from redshank.exchange.voice.plain import Line, plain_lines
from redshank.terms import limits
from redshank.wording.wording import Wording

FONT: Final = "NotoSans"
WIDTH, HEIGHT = A4
LEFT, RIGHT = 15 * mm, WIDTH - 15 * mm
CELLS: Final = limits.VOICE_ROW_GROUPS + 1
CELL: Final = (RIGHT - LEFT) / CELLS
ROW_HEIGHT: Final = 21 * mm
SAYS: Final = 32 * mm  # where the second column begins
SIZES: Final = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
"""Points of what the message says: the largest at which all of it fits."""
BOXES_HEIGHT: Final = 45 * mm
FOOT_TOP: Final = 24 * mm
NOTES: Final = ("paper-note-check", "paper-note-no-proof", "paper-note-signed")
BOXES: Final = (
    *("paper-read-out-by", "paper-to", "paper-when"),
    *("paper-read-back", "paper-reader", "paper-hearer"),
)


def printed_form(form: VoiceForm, language: str = "en") -> bytes:
    """The page of a form in one of `LANGUAGES`, as PDF. Raises nothing that depends on the form."""
    words = wording(language)
    register_font()
    out = BytesIO()
    page: Any = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, initialFontName=FONT)
    message = form.heard.message
    page.setTitle(f"Redshank {message.channel} {message.sender} {message.serial}")
    y = _heading(page, form, words)
    y = _groups(page, form, y, words)
    y = _says(page, plain_lines(form.heard, words), y - 6 * mm)
    _boxes(page, y - 4 * mm, words)
    _foot(page, words)
    page.showPage()
    page.save()
    return out.getvalue()


@cache
def register_font() -> None:
    """Once per process. The variable font's default is its regular weight."""
    path = files("fontpkg_noto_sans").joinpath("files", "NotoSans[wdth,wght].ttf")
    pdfmetrics.registerFont(TTFont(FONT, BytesIO(path.read_bytes())))


def _heading(page: Any, form: VoiceForm, words: Wording) -> float:
    message, y = form.heard.message, HEIGHT - 18 * mm
    if form.exercise:
        page.setFillGray(0)
        page.rect(LEFT, y - 2 * mm, RIGHT - LEFT, 9 * mm, stroke=0, fill=1)
        page.setFillGray(1)
        _text(page, LEFT + 3 * mm, y, f"{words.say('paper-exercise')}   EXERCISE  EXERCISE", 16)
        page.setFillGray(0)
        y -= 12 * mm
    _text(page, LEFT, y, f"{words.word('type', message.type.value)}  {message.sender} {message.serial}", 20)
    y -= 6 * mm
    rate, seconds = str(limits.VOICE_WORDS_PER_MINUTE), f"{form.seconds:.0f}"
    _text(page, LEFT, y, words.say("paper-seconds", channel=message.channel, seconds=seconds, words=rate), 10)
    y -= 6 * mm
    _text(page, LEFT, y, words.say("paper-say-first", opening=form.opening), 10)
    return float(y - 3 * mm)


def _groups(page: Any, form: VoiceForm, top: float, words: Wording) -> float:
    y, check = top, words.say("paper-check")
    for start in range(0, len(form.groups), CELLS):
        row = form.groups[start : start + CELLS]
        for column, group in enumerate(row):
            _cell(page, LEFT + column * CELL, y, start + column + 1, group, check if column == len(row) - 1 else "")
        y -= ROW_HEIGHT
    return float(y)


def _cell(page: Any, x: float, y: float, place: int, group: str, check: str) -> None:
    """A group with its number above and its words below; a check is shaded and says so."""
    if check:
        page.setFillGray(0.9)
    page.rect(x, y - ROW_HEIGHT, CELL, ROW_HEIGHT, stroke=1, fill=1 if check else 0)
    page.setFillGray(0)
    _text(page, x + 1.5 * mm, y - 4 * mm, f"{place}  {check}", 7, CELL - 3 * mm)
    page.setFont(FONT, 17)
    for column, symbol in enumerate(group):
        page.drawCentredString(x + (column + 0.75) * CELL / 4.5, y - 11.5 * mm, symbol)
    words = voice.spoken(group).split(" ")
    for line, pair in enumerate((words[:2], words[2:])):
        page.setFont(FONT, 6)
        page.drawCentredString(x + CELL / 2, y - (15 + 3 * line) * mm, " ".join(pair))


def _says(page: Any, lines: list[Line], top: float) -> float:
    """What the message says, as large as the page has room for it."""
    room = top - (FOOT_TOP + BOXES_HEIGHT + 4 * mm)
    size = next((size for size in SIZES if _leading(size) * len(_rows(lines, size)) <= room), SIZES[-1])
    y = top
    for what, line in _rows(lines, size):
        _text(page, LEFT, y, what, size, SAYS - 2 * mm)
        _text(page, LEFT + SAYS, y, line, size)
        y -= _leading(size)
    return float(y)


def _leading(size: float) -> float:
    """From line to line."""
    return float(size * 0.5 * mm)


def _rows(lines: list[Line], size: float) -> list[Line]:
    """Lines broken to the width of the page."""
    rows = list[Line]()
    for what, value in lines:
        broken = _wrapped(value, size, RIGHT - LEFT - SAYS)
        rows += [(what if number == 0 else "", line) for number, line in enumerate(broken)]
    return rows


def _wrapped(text: str, size: float, width: float) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and pdfmetrics.stringWidth(longer, FONT, size) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def _boxes(page: Any, y: float, words: Wording) -> None:
    """Where people sign. Two by two, high enough for a hand."""
    width, height = (RIGHT - LEFT) / 2, BOXES_HEIGHT / 3
    for number, title in enumerate(BOXES):
        x, top = LEFT + number % 2 * width, y - number // 2 * height
        page.rect(x, top - height, width, height, stroke=1, fill=0)
        _text(page, x + 1.5 * mm, top - 4 * mm, words.say(title), 7, width - 3 * mm)


def _foot(page: Any, words: Wording) -> None:
    for number, note in enumerate(reversed(NOTES)):
        _text(page, LEFT, (12 + 4 * number) * mm, words.say(note), 7.5)


def _text(page: Any, x: float, y: float, text: str, size: float, width: float | None = None) -> None:
    """One line; smaller where it would run out of its `width`, or out of the page. The font has no arrow."""
    text, room = text.replace("→", ">"), RIGHT - x if width is None else width
    wide = pdfmetrics.stringWidth(text, FONT, size)
    page.setFont(FONT, size if wide <= room else size * room / wide)
    page.drawString(x, y, text)
