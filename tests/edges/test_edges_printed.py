"""The printed form: one page with all that is said, the same bytes each time, with letters that a fax can read."""

import shutil
import subprocess

import pytest
from tests.exchange.voice_messages import form_of, the_longest, the_notice

from redshank.edges.printed import printed_form
from redshank.edges.wording import wording
from redshank.exchange import voice
from redshank.exchange.voice.plain import plain_lines
from redshank.terms.message import MessageType

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs Debian's poppler-utils")


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


@pytest.mark.parametrize("kind", [MessageType.NOTICE, MessageType.LOST])
@pytest.mark.parametrize("exercise", [False, True])
def test_voice_18_the_same_form_gives_the_same_page(kind: MessageType, exercise: bool) -> None:
    """VOICE-18: byte for byte; another form gives another."""
    form = form_of(the_longest(kind), exercise)
    assert printed_form(form) == printed_form(form)
    assert printed_form(form) != printed_form(form_of(the_notice(), exercise))


@needs_poppler
def test_voice_18_the_page_says_all_that_is_said() -> None:
    """VOICE-18: groups with numbers, checks and words, plain text, what is not spoken, room for signatures, and what
    it is not. Exercise stands on it in capitals; a font is embedded."""
    form = form_of(the_notice(text="unofficial"), exercise=True)
    pdf = printed_form(form)
    said = text_of(pdf)
    squeezed = "".join(said.split())
    for group in form.groups:
        assert group in squeezed
        for word in voice.spoken(group).split():
            assert word in said
    assert said.count("check") >= len(form.groups) // 8
    for what, value in plain_lines(form.heard, wording("en")):
        assert what in said
        assert "".join(value.replace("→", ">").split()) in squeezed
    for words in ("EXERCISE", "not spoken", "signature of the hearer", "no authentication", form.opening):
        assert words in said
    assert said.count("\f") == 1
    fonts = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    [font] = fonts.splitlines()[2:]
    assert "NotoSans" in font
    assert " yes " in font


def test_voice_18_the_font_has_the_letters_of_all_languages() -> None:
    """VOICE-18: names of districts and people may be printed in each of them."""
    from reportlab.pdfbase import pdfmetrics

    printed_form(form_of(the_notice()))
    face = pdfmetrics.getFont("NotoSans").face
    letters = "ąčęėįšųūž āčēģīķļņšūž äõöüšž ąćęłńóśźż ёъыэщ ўіЎІ ’“”№"
    assert not [letter for letter in letters if letter != " " and ord(letter) not in face.charToGlyph]
