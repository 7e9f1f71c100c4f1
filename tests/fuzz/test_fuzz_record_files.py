"""Records that somebody hands in as a zip or a folder: bombs, liars, twins, links, and what a terminal shows."""

import io
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import msgspec
import pytest
from fuzz.files import small_record
from fuzz.seeds import seeds
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.test_exchange_evidence import forked

from redshank.cli.evidence import verify_evidence
from redshank.cli.record_files import RecordUnreadable, open_record, read_files, unzipped
from redshank.cli.terminal import shown
from redshank.cli.verifying import verify_path
from redshank.compose.desk import zipped
from redshank.exchange.evidence import encode_evidence
from redshank.terms import limits

MIB = 1_048_576


def read(data: bytes) -> dict[str, bytes]:
    return unzipped(io.BytesIO(data), len(data))


def refused(data: bytes) -> str:
    with pytest.raises(RecordUnreadable) as error:
        read(data)
    return str(error.value)


def with_members(*members: tuple[str, bytes]) -> bytes:
    """A zip of members in this order, names as given, also twice."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def test_a_record_comes_out_as_it_went_in() -> None:
    """REC-1: of a zip and of a folder."""
    assert read(zipped(small_record())) == small_record()


def test_a_folder_is_read_alike(tmp_path: Path) -> None:
    """REC-1"""
    for path, data in small_record().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    assert read_files(tmp_path) == small_record()
    (tmp_path / "BY" / "more").symlink_to("/etc/hostname")
    with pytest.raises(RecordUnreadable, match="link"):
        read_files(tmp_path)


def test_a_bomb_is_stopped_at_its_bound() -> None:
    """REC-11, RECORD_INFLATION, RECORD_INFLATION_FROM_BYTES: on both sides; it costs the bound and not the bomb."""
    allowed = limits.RECORD_INFLATION_FROM_BYTES
    near = with_members(("zeros", bytes(allowed)))
    assert len(read(near)["zeros"]) == allowed
    grown = with_members(("zeros", bytes(allowed + limits.RECORD_INFLATION * 4_096)))
    assert str(limits.RECORD_INFLATION_FROM_BYTES + limits.RECORD_INFLATION * len(grown)) in refused(grown)
    bomb = with_members(("zeros", bytes(64 * MIB)))
    tracemalloc.start()
    refused(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * (allowed + limits.RECORD_INFLATION * len(bomb)) + 4 * MIB


def test_a_bomb_that_lies_about_its_size_is_stopped_too() -> None:
    """REC-11, RECORD_INFLATION: zipfile believes the directory and would unpack it all before it cuts it to size."""
    honest = with_members(("zeros", bytes(64 * MIB)))
    lying = honest.replace(struct.pack("<I", 64 * MIB), struct.pack("<I", 10))
    assert lying != honest
    tracemalloc.start()
    refused(lying)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * MIB


def test_many_members_share_one_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """REC-11, RECORD_BYTES, RECORD_FILES: both sides, in a zip and in its own size."""
    monkeypatch.setattr(limits, "RECORD_BYTES", 1_000)
    assert len(read(with_members(("a", bytes(600)), ("b", bytes(400))))) == 2
    assert "1000" in refused(with_members(("a", bytes(600)), ("b", bytes(401))))
    monkeypatch.setattr(limits, "RECORD_FILES", 3)
    assert len(read(with_members(*((f"f{n}", b"") for n in range(3))))) == 3
    assert "allowed 3" in refused(with_members(*((f"f{n}", b"") for n in range(4))))


def test_a_folder_has_the_same_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """REC-11, RECORD_BYTES, RECORD_FILES"""
    monkeypatch.setattr(limits, "RECORD_BYTES", 1_000)
    monkeypatch.setattr(limits, "RECORD_FILES", 2)
    (tmp_path / "a").write_bytes(bytes(600))
    (tmp_path / "b").write_bytes(bytes(400))
    assert len(read_files(tmp_path)) == 2
    (tmp_path / "b").write_bytes(bytes(401))
    with pytest.raises(RecordUnreadable, match="1000 bytes"):
        read_files(tmp_path)
    (tmp_path / "b").write_bytes(b"")
    (tmp_path / "c").write_bytes(b"")
    with pytest.raises(RecordUnreadable, match="more than 2 files"):
        read_files(tmp_path)
    big = tmp_path.with_suffix(".zip")
    big.write_bytes(bytes(1_001))
    with pytest.raises(RecordUnreadable, match="1001 bytes, allowed 1000"):
        read_files(big)


def test_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """REC-11, RECORD_PATH_CHARS: a name twice, a long one, an empty one; absolute ones are names like others."""
    assert "twice" in refused(with_members(("record.json", b"1"), ("record.json", b"2")))
    assert "twice" in refused(with_members(("a\0b", b"1"), ("a\0b", b"2")))
    longest = "x" * limits.RECORD_PATH_CHARS
    assert read(with_members((longest, b""))) == {longest: b""}
    assert str(limits.RECORD_PATH_CHARS) in refused(with_members((longest + "x", b"")))
    assert "1.." in refused(with_members(("", b"")))
    odd = {"/etc/passwd": b"1", "../../up": b"2", "a\0b": b"3", "a": b"4"}
    assert read(with_members(*odd.items())) == odd, "a path is only a name: nothing is written"


def test_what_records_do_not_use_is_refused() -> None:
    """REC-11: other methods, encryption, damage."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a", b"x")
    assert "another method" in refused(file.getvalue())
    plain = bytearray(with_members(("a", b"x" * 50)))
    directory = plain.rindex(b"PK\x01\x02")
    locked = bytearray(plain)
    locked[directory + 8] |= 1
    assert "encrypted" in refused(bytes(locked))
    for damage in (plain[:-10], b"", b"PK", plain.replace(b"PK\x03\x04", b"PK\x03\x05")):
        assert "damaged" in refused(bytes(damage))
    packed = zlib.compressobj(wbits=-15).compress(b"x" * 50)
    assert packed is not None
    spoilt = bytearray(plain)
    spoilt[31:34] = b"\xff\xff\xff"
    assert "damaged" in refused(bytes(spoilt))


def test_a_terminal_is_shown_no_escape_and_no_markup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """REC-11: names that clear a screen, or that the printer takes for markup, are printed as what they are."""
    hostile = ["[/bold]", "\x1b[2Jgone", "a\u202eb", "[link=http://x]y", "two\nlines"]
    record = tmp_path / "record.zip"
    record.write_bytes(with_members(*small_record().items(), *((name, b"") for name in hostile)))
    assert verify_path(record, (), as_json=False) == 1
    printed = capsys.readouterr().out
    assert "\x1b[2J" not in printed
    assert "\u202e" not in printed
    assert "[/bold]" in printed
    assert "\\x1b[2Jgone" in printed


def test_evidence_is_shown_as_harmlessly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """EVI-5: the accused of a file that shows nothing may be an escape sequence; a broken file of keys ends with 2."""
    evidence = tmp_path / "evidence.json"
    hostile = msgspec.structs.replace(forked(), accused="\x1b[2J", reporter="\u202e")
    evidence.write_bytes(encode_evidence(hostile))
    assert verify_evidence(evidence, (), as_json=False) == 1
    printed = capsys.readouterr().out
    assert "\\x1b[2J" in printed
    assert "\x1b[2J" not in printed
    keys = tmp_path / "public.json"
    for broken in (b"\xff", b"{}", seeds("public_keys")[0].replace(b'"log_key":"', b'"log_key":"\xc4\x85')):
        keys.write_bytes(broken)
        assert verify_evidence(evidence, (keys,), as_json=False) == 2


@given(st.text(max_size=60))
def test_any_words_can_be_shown(words: str) -> None:
    """REC-11"""
    from rich.text import Text

    plain = Text.from_markup(shown(words)).plain
    assert plain.isprintable()
    if words.isprintable():
        assert plain == words


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"PK\x03\x04", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_record_ends_with_a_code(tmp_path: Path, content: bytes) -> None:
    """REC-11: 2 for what can not be read, 1 for an empty record; never an exception."""
    record = tmp_path / "record.zip"
    record.write_bytes(content)
    assert verify_path(record, (), as_json=False) in (1, 2)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """REC-14: of a folder and of a zip: what was checked and what is shown are the same bytes, or nothing is shown."""
    packed, folder = tmp_path / "record.zip", tmp_path / "record"
    packed.write_bytes(zipped(small_record()))
    for path, data in small_record().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    with open_record(folder) as files:
        assert dict(files) == small_record()
        (folder / "LT" / "checkpoint").write_bytes(small_record()["BY/checkpoint"])
        with pytest.raises(RecordUnreadable, match="has changed"):
            files["LT/checkpoint"]
        (folder / "BY" / "checkpoint").unlink()
        with pytest.raises(RecordUnreadable, match="can no longer be read"):
            files["BY/checkpoint"]
        with pytest.raises(KeyError):
            files["LV/checkpoint"]
    other = {path: data[::-1] for path, data in small_record().items()}
    with open_record(packed) as files:
        assert len(files) == len(small_record())
        packed.write_bytes(zipped(other))
        with pytest.raises(RecordUnreadable):
            files["LT/checkpoint"]


def test_a_zip_of_more_files_than_the_old_form_counts(tmp_path: Path) -> None:
    """REC-14: zip64, as a record with a receipt for each of 70,000 messages needs it."""
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(66_000):
            archive.writestr(f"LT/receipts/{number}", b"x")
    with open_record(path) as files:
        assert len(files) == 66_000
        assert files["LT/receipts/65999"] == b"x"
