"""`redshank report` from an exported record: a third party computes what the parties compute, with tools of its own."""

import json
from base64 import b64decode

import msgspec
import pytest

from redshank.cli.compliance import ReportOrder, run_report
from redshank.exchange.compliance.figures import Report
from redshank.terms.ids import ChannelId

NAME = "redshank-report-BY-LT"


@pytest.fixture
def record(request, tmp_path):
    """The small record of the vectors, as a folder."""
    files = json.loads((request.config.rootpath / "vectors" / "record" / "small.json").read_bytes())["files"]
    for name, data in files.items():
        path = tmp_path / "record" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b64decode(data))
    return tmp_path / "record"


@pytest.fixture
def agreement(request):
    return request.config.rootpath / "src" / "redshank" / "procedure" / "agreements" / "by-lt.yaml"


def order(record, out, **more):
    given = {"channel": ChannelId("BY-LT"), "agreement": None, "from_text": None, "until_text": None, "like": None}
    return ReportOrder(**{**given, "config": None, "records": (record,), "keys": (), "out": out, **more})


def test_a_record_is_enough(record, agreement, tmp_path):
    """RPT-4, RPT-12: all entries under both heads, and each receipt that holds."""
    assert run_report(order(record, tmp_path / "out", agreement=agreement)) == 0
    report = msgspec.json.decode((tmp_path / "out" / f"{NAME}.json").read_bytes(), type=Report)
    said = {one.party: sum(kind.all.count for kind in one.said) for one in report.sides}
    assert all(said.values())
    assert {held.party: held.size for held in report.heads} == said
    assert any(held.receipts for held in report.heads)
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir() if "annex" not in path.name) == [
        ".html",
        ".json",
        ".pdf",
    ]


def test_a_record_that_is_not_in_order_says_so(record, agreement, tmp_path, capsys):
    """RPT-4: there is a report, with what is wrong with the record named and the exit code 1."""
    [bundle] = (path for path in (record / "BY" / "tile" / "entries").rglob("*") if path.is_file())
    data = bytearray(bundle.read_bytes())
    data[40] ^= 1
    bundle.write_bytes(bytes(data))
    assert run_report(order(record, tmp_path / "out", agreement=agreement)) == 1
    assert "FAULT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"channel": ChannelId("BY-LV")}, "is no record of BY-LV"),
        ({"agreement": None}, "bring its file with --agreement"),
        ({"from_text": "2026-05-07T01:00"}, "needs UTC"),
        ({"from_text": "2026-05-07T01:00Z", "until_text": "2026-05-07T01:00Z"}, "is not after"),
    ],
)
def test_what_can_not_be_computed_is_said_in_a_sentence(record, agreement, tmp_path, capsys, more, why):
    """RPT-5, RPT-6."""
    assert run_report(order(record, tmp_path / "out", **{"agreement": agreement, **more})) == 2
    assert why in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_two_records_of_one_generation_are_not_counted_twice(record, agreement, tmp_path, capsys):
    """RPT-4."""
    assert run_report(order(record, tmp_path / "out", agreement=agreement, records=(record, record))) == 2
    assert "same generation" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"{}", "no report of this version"),
        (b"[" * 100_000, "no report of this version"),
        (b"\xff", "no report of this version"),
        (None, "-1 entries"),
    ],
)
def test_no_report_is_like_what_is_none(record, agreement, tmp_path, capsys, data, why):
    """RPT-4: the other's report comes from the other."""
    other = tmp_path / "other.json"
    if data is None:
        assert run_report(order(record, tmp_path / "first", agreement=agreement)) == 0
        made = msgspec.json.decode((tmp_path / "first" / f"{NAME}.json").read_bytes())
        made["heads"][0]["size"] = -1
        data = msgspec.json.encode(made)
    other.write_bytes(data)
    assert run_report(order(record, tmp_path / "out", agreement=agreement, like=other)) == 2
    assert why in capsys.readouterr().err
