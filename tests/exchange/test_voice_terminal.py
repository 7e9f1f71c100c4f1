"""`redshank voice`: a partner without a node reads out, keys in and prints with the same program."""

import zipfile

import pytest
from tests.exchange.test_exchange_record import export
from tests.exchange.test_voice_notes import a_night
from tests.exchange.voice_messages import form_of, the_notice
from typer.testing import CliRunner

from redshank.cli.main import app
from redshank.exchange.envelope import encode_message

run = CliRunner().invoke


@pytest.fixture
def entry(tmp_path):
    path = tmp_path / "entry.json"
    path.write_bytes(encode_message(the_notice()))
    return path


def test_read_shows_each_group_with_its_words(entry) -> None:
    done = run(app, ["voice", "read", str(entry), "--exercise"])
    assert done.exit_code == 0, done.output
    form = form_of(the_notice(), exercise=True)
    assert form.opening.upper() in done.output
    for place, group in enumerate(form.groups, start=1):
        assert f"{place:3}  {group}" in done.output
    assert "Object 3: UAV." in done.output
    assert "not spoken      districts 1" in done.output


def test_read_takes_a_message_out_of_a_record(tmp_path) -> None:
    by, lt, message = a_night()
    path = tmp_path / "record.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in export(lt, by).items():
            archive.writestr(name, data)
    done = run(app, ["voice", "read", str(path), "--sender", "LT", "--serial", "0"])
    assert done.exit_code == 0, done.output
    assert form_of(message).groups[-1] in done.output
    assert run(app, ["voice", "read", str(path)]).exit_code == 2
    assert run(app, ["voice", "read", str(path), "--sender", "LT", "--serial", "9"]).exit_code == 2


def test_key_checks_while_it_is_typed_and_says_what_was_heard() -> None:
    groups = list(form_of(the_notice(), exercise=True).groups)
    slip = [*groups[:2], "A" + groups[2][1:] if groups[2][0] != "A" else "B" + groups[2][1:], *groups[3:8]]
    typed = "\n".join([" ".join(slip), f"3 {groups[2]}", *groups[8:], ""])
    done = run(app, ["voice", "key", "--exercise", "--count", str(len(groups))], input=typed)
    assert done.exit_code == 0, done.output
    assert "ASK AGAIN: one symbol was misheard in group 3" in done.output
    assert "incident        LT-2026-000012" in done.output


def test_key_ends_with_1_when_the_form_is_not_whole() -> None:
    groups = form_of(the_notice(), exercise=True).groups
    done = run(app, ["voice", "key", "--exercise"], input=f"{len(groups)}\n{' '.join(groups[:9])}\n-\n\n")
    assert done.exit_code == 1
    assert "not whole" in done.output
    assert "8:" + groups[7] + " ok" in done.output


def test_print_writes_the_page(entry, tmp_path) -> None:
    done = run(app, ["voice", "print", str(entry), "--to", str(tmp_path / "form.pdf")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF-")


def test_a_file_that_is_no_entry_is_said_to_be_none(tmp_path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"nonsense")
    done = run(app, ["voice", "read", str(path)])
    assert done.exit_code == 2
