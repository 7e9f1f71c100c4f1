"""The printed form in each language: all that is said, nothing out of the page, and no letter that the font lacks."""

import re
import shutil
import subprocess
import zipfile
from html import unescape

import pytest
from tests.exchange.test_exchange_record import export
from tests.exchange.test_voice_notes import a_night
from tests.exchange.voice_messages import form_of, the_longest, the_notice
from tests.wording.wording_sources import LANGUAGES, letters_of, texts
from typer.testing import CliRunner

from redshank.cli.main import app
from redshank.edges.printed import FOOT_TOP, HEIGHT, LEFT, RIGHT, printed_form
from redshank.edges.wording import district_names, wording
from redshank.exchange.envelope import encode_message
from redshank.exchange.voice.plain import plain_lines
from redshank.terms.message import MessageType

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs Debian's poppler-utils")
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


def words_of(pdf: bytes) -> list[tuple[float, float, float, float, str]]:
    """Each word with its box, in points from the upper left corner."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    found = WORD.findall(done.stdout.decode())
    return [
        (float(left), float(top), float(right), float(low), unescape(word)) for left, top, right, low, word in found
    ]


@needs_poppler
@pytest.mark.parametrize("language", LANGUAGES)
def test_lang_13_nothing_runs_out_of_the_page(language: str) -> None:
    """LANG-13: of the longest messages that are spoken, in an exercise; what they say stays above the boxes and the
    notes at the foot."""
    first_box = wording(language).say("paper-read-out-by").split()[0]
    first_note = wording(language).say("paper-note-signed").split()[0]
    for message in (the_longest(MessageType.NOTICE), the_longest(MessageType.LOST), the_notice(text="remark")):
        form, kind = form_of(message, exercise=True), message.type
        pdf = printed_form(form, language)
        words = words_of(pdf)
        assert min(left for left, *_ in words) >= LEFT - 1, kind
        assert max(right for _, _, right, *_ in words) <= RIGHT + 1, kind
        assert max(low for *_, low, _ in words) <= HEIGHT, kind
        notes = min(top for _, top, *_, word in words if top > HEIGHT - FOOT_TOP)
        says = "".join(said for _, said in plain_lines(form.heard, wording(language))).replace("→", ">")
        there = "".join(word for *_, word in words)
        for sentence in re.split(r"\s", says):
            assert sentence in there, (kind, sentence)
        boxes = [top for left, top, *_, word in words if word == first_box and left < LEFT + 20 and top > HEIGHT / 3]
        assert boxes
        assert boxes[-1] < notes
        assert any(word == first_note for *_, word in words)
        assert pdf.count(b"/Type /Page\n") <= 1


def test_lang_13_the_font_has_every_letter_of_every_text() -> None:
    """LANG-13: of texts, and of the names of districts; the arrow, which it lacks, is printed as a sign that it has."""
    from reportlab.pdfbase import pdfmetrics

    printed_form(form_of(the_notice()))
    known = set(pdfmetrics.getFont("NotoSans").face.charToGlyph)
    needed = {letter for language in LANGUAGES for name in ("codes", "message", "paper")
              for pattern in texts(language, name).values() for letter in letters_of(pattern)}  # fmt: skip
    needed |= {letter for names in district_names().values() for name in names.values() for letter in name}
    needed |= set("°′–\u2212\u00a0<>")
    assert {letter for letter in needed if ord(letter) not in known and letter != "\n"} == {"→"}


@needs_poppler
def test_lang_13_a_form_is_printed_and_read_out_in_another_language(tmp_path) -> None:
    """LANG-13: `redshank voice --language`."""
    entry, pdf = tmp_path / "entry.json", tmp_path / "form.pdf"
    entry.write_bytes(encode_message(the_notice()))
    run = CliRunner().invoke
    done = run(app, ["voice", "--language", "be", "print", str(entry), "--exercise", "--to", str(pdf)])
    assert done.exit_code == 0, done.output
    assert {"АПАВЯШЧЭННЕ", "ВУЧЭННІ", "EXERCISE"} <= {word for *_, word in words_of(pdf.read_bytes())}
    read = run(app, ["voice", "--language", "ru", "read", str(entry)])
    assert "Объект 3: беспилотный летательный аппарат." in read.output
    assert run(app, ["voice", "--language", "xx", "read", str(entry)]).exit_code == 2


def test_lang_13_a_record_says_what_its_messages_mean(tmp_path) -> None:
    """LANG-13: `redshank verify --language`; without it the report is as it was."""
    by, lt, _ = a_night()
    path = tmp_path / "record.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in export(lt, by).items():
            archive.writestr(name, data)
    run = CliRunner().invoke
    plain, said = run(app, ["verify", str(path)]), run(app, ["verify", "--language", "lv", str(path)])
    assert plain.exit_code == said.exit_code == 0, said.output
    assert "Objekts var šķērsot robežu." not in plain.output
    assert "PAZIŅOJUMS, kārtas numurs 0, sūta LT" in said.output
    assert "Objekts 3: bezpilota gaisa kuģis." in said.output
    assert "\\xa0" not in said.output
    assert run(app, ["verify", "--language", "xx", str(path)]).exit_code == 2
