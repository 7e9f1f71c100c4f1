"""Our own node is examined, all clauses; what fails and is not the node's fault is laid to another party."""

import asyncio
import subprocess
import sys
import time

import msgspec
import pytest
from tests.conformance.sandbox import make_sandbox, not_passed, told
from tests.story.story_fleet import free_port, running

from redshank.compose.config import ConfigFailed, read_config
from redshank.conformance.case import Responsible, Verdict
from redshank.conformance.keys import Folder, Unusable, read_published
from redshank.conformance.prepare import PARTY, prepare
from redshank.conformance.report import check, page, signed
from redshank.conformance.wire import Breach


def redshank(*words):
    command = [sys.executable, "-m", "redshank.cli.main", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_our_node_keeps_the_contract_twice(tmp_path):
    """All clauses by the command, among them LINE-1, LINE-2, LINE-3, LINE-4, LINE-5, LINE-6 and DEL-9; then the same
    sandbox again, with the logs that it has grown; then the report."""
    sandboxed = make_sandbox(tmp_path)
    note = tmp_path / "report.note"
    with running(sandboxed.node):
        for only in ("", "LINE-6,DEL-4,LOG-11"):
            words = ("--folder", sandboxed.folder, "--out", note, "--html", tmp_path / "report.html", "--only", only)
            done = redshank("qualify", sandboxed.url, *words)
            report = check(note.read_bytes()).report
            assert done.returncode == 0, told(report) + done.stdout[-3000:] + done.stderr[-3000:]
            assert report.qualifies
            assert {one.verdict for one in report.results} <= {Verdict.PASS, Verdict.NOT_APPLICABLE}
            assert report.node == "LT"
            assert report.channel == f"LT-{PARTY}"
            assert report.prefix == "exercise/"
            assert "keeps the contract" in done.stdout
    shown = redshank("qualify", "check", note, "--full")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "signature holds" in shown.stdout
    note.write_bytes(note.read_bytes().replace(b'"verdict":"pass"', b'"verdict":"fail"', 1))
    assert redshank("qualify", "check", note).returncode == 2
    assert "<script" not in (tmp_path / "report.html").read_text()


@pytest.mark.slow
async def test_who_is_responsible_when_it_is_not_the_node(tmp_path, nursery):
    """A way that is not there, a clock that nobody keeps, a folder of another run, a node that dies half-way."""
    sandboxed = make_sandbox(tmp_path, nursery)
    with running(sandboxed.node):
        nowhere = await sandboxed.qualify("DEL-1", url=f"https://127.0.0.1:{free_port()}")
        assert {one.responsible for one in nowhere.results} == {Responsible.NETWORK}, told(nowhere)
        assert not nowhere.qualifies

        hour_ms = 3_600_000
        own = await sandboxed.qualify("LINE-6.1", now_ms=lambda: int(time.time() * 1000) - hour_ms)
        clock = not_passed(own)["LOG-10.1"]  # a line test that the node says by itself meanwhile is an hour off as well
        assert (clock.verdict, clock.responsible) == (Verdict.INCONCLUSIVE, Responsible.QUALIFIER), told(own)

        kept = await sandboxed.qualify("LINE-6.1", now_ms=lambda: int(time.time() * 1000) - hour_ms, disciplined=True)
        clock = not_passed(kept)["LOG-10.1"]
        assert (clock.verdict, clock.responsible) == (Verdict.FAIL, Responsible.NODE), told(kept)

        (sandboxed.folder / "own.entries").unlink()
        lost = await sandboxed.qualify("DEL-1")
        assert {one.responsible for one in lost.results[1:]} == {Responsible.QUALIFIER}, told(lost)

        theirs = (sandboxed.folder / "theirs.entries").read_bytes()
        (sandboxed.folder / "own.entries").write_bytes(theirs)
        other = await sandboxed.qualify("DEL-1")
        assert {one.responsible for one in other.results[1:]} == {Responsible.QUALIFIER}, told(other)


@pytest.mark.slow
async def test_of_a_node_that_dies_half_way_nothing_more_is_said_than_that(tmp_path, nursery):
    """Nobody listens any more where it was: its side has to look, and no clause is called broken."""
    sandboxed = make_sandbox(tmp_path, nursery)
    with running(sandboxed.node):

        def after_three(number, of, case, result):
            if number == 3 and result is not None:
                sandboxed.node.kill()

        report = await sandboxed.qualify("MSG", progress=after_three)
    last = report.results[-1]
    assert (last.verdict, last.responsible) == (Verdict.INCONCLUSIVE, Responsible.NODE), told(report)
    assert not report.qualifies


@pytest.mark.slow
async def test_a_door_that_nobody_reaches_is_not_held_against_the_node(tmp_path, nursery):
    """The node's configuration names another address: it may be calling, but not here."""
    sandboxed = make_sandbox(tmp_path, nursery)
    sandboxed.node.config.write_text(sandboxed.node.config.read_text().replace("url: https://", "url: https://x."))
    with running(sandboxed.node):
        report = await sandboxed.qualify("LINE-6.1")
    (silent,) = not_passed(report).values()
    assert (silent.verdict, silent.responsible) == (Verdict.INCONCLUSIVE, Responsible.NETWORK), told(report)


async def test_a_port_that_takes_no_handshake_is_the_nodes_fault(tmp_path):
    """LINE-1: the way is there; what stands at its end does not talk."""
    sandboxed = make_sandbox(tmp_path)

    async def dumb(reader, writer):
        await reader.read(10)
        writer.close()

    server = await asyncio.start_server(dumb, "127.0.0.1", sandboxed.node.peer_port)
    report = await sandboxed.qualify("DEL-1.1")
    server.close()
    assert {one.responsible for one in report.results} == {Responsible.NODE}, told(report)
    assert report.results[0].breached == "LINE-1"


async def test_a_report_is_signed_and_a_changed_one_is_refused(tmp_path):
    """LINE-7: by a key of the sandbox that is no log's."""
    sandboxed = make_sandbox(tmp_path)
    report = await sandboxed.qualify("DEL-1.1", url=f"https://127.0.0.1:{free_port()}")
    secret = Folder(sandboxed.folder).report_secret()
    assert secret.key.name == "exercise/redshank/XQ/qualifier"
    note = signed(report, secret)
    assert check(note, secret.key.text).pinned
    assert not check(note).pinned
    assert check(note).report == report
    other = Folder(make_sandbox(tmp_path / "other").folder).report_secret()
    with pytest.raises(Breach):
        check(note, other.key.text)
    with pytest.raises(Breach):
        check(signed(report, other))
    with pytest.raises(Breach):
        check(note.replace(b'"began_ms":1', b'"began_ms":2', 1))
    with pytest.raises(Breach):
        check(signed(msgspec.structs.replace(report, counts={"pass": 1}), secret))
    assert report.url in page(report)


def test_a_sandbox_keeps_its_keys_and_refuses_what_it_cannot_use(tmp_path):
    """LINE-2, LINE-7: the party's code is no state's; a second `prepare` makes no other keys."""
    sandboxed = make_sandbox(tmp_path)
    before = (sandboxed.folder / "public.json").read_bytes()
    node = tmp_path / "LT" / "public.json"
    prepare(sandboxed.folder, node, listen="127.0.0.1:1", clock="own", year=2026, now_s=1_800_000_000)
    assert (sandboxed.folder / "public.json").read_bytes() == before
    assert read_published(sandboxed.folder / "public.json").party == PARTY
    for listen in ("127.0.0.1", ":5", "127.0.0.1:0", "127.0.0.1:65536"):
        with pytest.raises(Unusable):
            prepare(tmp_path / "x", node, listen=listen, clock="own", year=2026, now_s=1_800_000_000)
    (sandboxed.folder / "log.key").chmod(0o644)
    with pytest.raises(Unusable, match="others than its owner"):
        Folder(sandboxed.folder)


def test_an_exercise_has_one_clock_and_operation_has_none(tmp_path):
    """A sandbox runs by the machine's clock; a live node must not be configured as one."""
    sandboxed = make_sandbox(tmp_path)
    config = sandboxed.node.config
    read_config(config)
    text = config.read_text()
    for bad in (
        text.replace("exercise: true", "exercise: false"),
        text.replace("real_time: true", "real_time: false"),
        text.replace("real_time: true", "real_time: true\n  exercise_file: clock.json"),
    ):
        config.write_text(bad)
        with pytest.raises(ConfigFailed, match="exercise"):
            read_config(config)
