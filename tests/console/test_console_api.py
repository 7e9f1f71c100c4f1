"""The web API of the console: what it answers, the live stream, and the contract with the pages."""

import asyncio
import json
import re
from pathlib import Path

import msgspec
import pytest
from tests.console.fake_node import ACK, COOKIE, line, view

from redshank.console import agreement_view, people_view
from redshank.console import view as views
from redshank.console.stream import VIEW_KEYS, Snapshot, Snapshots, events
from redshank.exercise import director_view
from redshank.terms import limits
from redshank.terms.message import Answer

# --- what it answers ------------------------------------------------------------------------------------------


async def test_bodies_have_a_size(officer, node):
    long = {"act": "acknowledge", "channel": "x" * limits.CONSOLE_COMMAND_BYTES, "serial": 1}
    assert (await officer.post("/api/command", json=long)).status_code == 413
    answer = await officer.post("/api/reports", content=b"{" + b" " * limits.REPORT_JSON_BYTES)
    assert answer.status_code == 413
    assert answer.json()["reason"] == "too-large"
    assert not node.commands
    assert not node.reports


@pytest.mark.parametrize(
    "body",
    [b"", b"nonsense", b"[]", b"{}", b'{"act":"fire"}', b'{"act":"acknowledge","channel":"BY-LT"}', b"\xff\xfe",
     b'{"act":"acknowledge","channel":"BY-LT","serial":-1}', b"[" * 4000,
     b'{"act":"acknowledge","channel":"BY-LT","serial":3,"owner":"BY"}',
     b'{"act":"send-reply","channel":"BY-LT","serial":3,"answer":"hostile"}',
     b'{"act":"close-incident","incident":"LT-2026-000001","channel":"BY-LT","outcome":"won"}',
     b'{"act":"acknowledge","channel":"BY-LT","serial":3,"text":"' + b"x" * 201 + b'"}'],
)  # fmt: skip
async def test_a_form_that_says_nonsense_is_refused_and_not_passed_on(officer, node, body):
    answer = await officer.post("/api/command", content=body)
    assert answer.status_code == 422
    assert answer.json()["reason"] == "malformed"
    assert not node.commands


async def test_a_refusal_of_the_node_reaches_the_officer(officer):
    answer = await officer.post("/api/command", json={**ACK, "serial": 99})
    assert answer.status_code == 404
    assert answer.json() == {"reason": "unknown-message", "field": "serial", "detail": "no such message"}


async def test_a_read_out_on_the_page_and_on_paper(officer, feed, stranger):
    """VOICE-16: a message of ours, delivered or not; nobody but an officer gets it."""
    form = (await officer.get("/api/voice/BY-LT/1")).json()
    assert form["opening"] == "exercise groups six"
    assert [group["check"] for group in form["groups"]] == [False] * 5 + [True]
    assert form["heard"]["body"] == {"number": 3}
    assert (await officer.get("/api/voice/BY-LT/9")).status_code == 404
    assert (await officer.get("/api/voice/BY-LT/x")).status_code in (404, 422)
    paper = await officer.get("/api/voice/BY-LT/1.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    assert (await officer.get("/api/voice/BY-LT/1.pdf?language=be")).status_code == 200
    assert (await officer.get("/api/voice/BY-LT/1.pdf?language=xx")).status_code == 422
    assert paper.content == b"%PDF-"
    for caller in (feed, stranger):
        assert (await caller.get("/api/voice/BY-LT/1")).status_code in (401, 403)
        assert (await caller.post("/api/voice/check", json={"groups": ""})).status_code in (401, 403)


async def test_groups_are_checked_while_they_are_typed(officer, node):
    """VOICE-6: and nothing is recorded by it."""
    groups = [group["text"] for group in (await officer.get("/api/voice/BY-LT/1")).json()["groups"]]
    part = (await officer.post("/api/voice/check", json={"groups": " ".join(groups[:3]) + " Q", "count": 6})).json()
    assert part["states"] == ["waiting"] * 3 + ["incomplete"]
    whole = (await officer.post("/api/voice/check", json={"groups": " ".join(groups), "count": 6})).json()
    assert whole["heard"]["type"] == "TEST"
    assert whole["faults"] == []
    for bad in ({}, {"groups": "x" * 401}, {"groups": "", "count": 0}, {"groups": "", "more": 1}):
        assert (await officer.post("/api/voice/check", json=bad)).status_code == 422
    long = {"groups": "x" * limits.CONSOLE_COMMAND_BYTES}
    assert (await officer.post("/api/voice/check", json=long)).status_code == 413
    assert not node.commands


async def test_the_preview_shows_what_the_partner_will_read(officer, node):
    form = {"act": "send-reply", "channel": "BY-LT", "serial": 2, "answer": "unknown"}
    answer = await officer.post("/api/preview", json=form)
    assert answer.json()["body"] == {"answer": Answer.UNKNOWN.value}
    assert not node.commands
    assert (await officer.post("/api/preview", json=ACK)).status_code == 409


async def test_reports_come_from_the_desk_or_from_a_feed(officer, feed, node):
    assert (await officer.post("/api/reports", content=b"{}")).status_code == 202
    assert (await feed.post("/api/reports", content=b"{}")).status_code == 202
    assert (await feed.post("/api/reports", content=b"?")).status_code == 422
    assert [source for _, source in node.reports] == ["desk", "feed", "feed"]


async def test_record_and_warning(officer):
    record = await officer.get("/api/record/BY-LT")
    assert record.headers["content-type"] == "application/zip"
    assert record.headers["content-disposition"] == 'attachment; filename="redshank-record-BY-LT.zip"'
    assert (await officer.get("/api/record/LT-PL")).json()["reason"] == "wrong-channel"
    evidence = await officer.get("/api/evidence/BY-LT/0")
    assert evidence.headers["content-disposition"] == 'attachment; filename="redshank-evidence-BY-LT-0.json"'
    for wrong in ("1", "-1", "x", "0" * 400):
        assert (await officer.get(f"/api/evidence/BY-LT/{wrong}")).status_code == 404
    warning = await officer.get("/api/warnings/W1.xml")
    assert (warning.content, warning.headers["content-type"]) == (b"<alert/>", "application/cap+xml")
    assert (await officer.get("/api/warnings/W2.xml")).status_code == 404


@pytest.mark.parametrize(
    ("form", "kind"), [("json", "application/json"), ("html", "text/html"), ("pdf", "application/pdf")]
)
async def test_the_report_of_compliance_in_three_forms(officer, form, kind):
    """RPT-5: the period is open where nothing is said."""
    answer = await officer.get(f"/api/compliance/BY-LT.{form}?from=2026-05-07T00:00:00Z&until=2026-05-08T00:00Z")
    assert answer.content == f"{form} 1778112000000 1778198400000".encode()
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"] == f'attachment; filename="redshank-report-BY-LT.{form}"'
    ever = await officer.get(f"/api/compliance/BY-LT.{form}")
    assert ever.content.split()[1:] == [b"0", b"253402300799999"]


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("LT-PL.json", 404, "channel"),
        ("BY-LT.exe", 422, "form"),
        ("BY-LT.json?from=2026-05-07T00:00:00", 422, "from"),
        ("BY-LT.json?until=" + "9" * 400, 422, "until"),
        ("BY-LT.json?from=2026-05-08T00:00Z&until=2026-05-07T00:00Z", 422, "until"),
    ],
)
async def test_a_report_that_can_not_be_made_is_refused(officer, feed, path, status, field):
    answer = await officer.get(f"/api/compliance/{path}")
    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert (await feed.get("/api/compliance/BY-LT.json")).status_code == 403


async def test_the_base_map_answers_range_requests(officer, pages):
    answer = await officer.get("/basemap.pmtiles", headers={"Range": "bytes=10-19"})
    assert answer.status_code == 206
    assert answer.content == bytes(range(10, 20))
    (pages / "base.pmtiles").unlink()
    assert (await officer.get("/basemap.pmtiles")).status_code == 404


@pytest.mark.parametrize("path", ["/../gate.py", "/%2e%2e/gate.py", "/..%2fgate.py", "/nothing.js"])
async def test_only_built_pages_are_served(officer, path):
    answer = await officer.get(path)
    assert answer.status_code == 404
    assert answer.json()["field"] == "path"


async def test_the_api_describes_every_route(officer, app):
    described = (await officer.get("/openapi.json")).json()
    routes = {route.path.replace("{warning}", "{warning}") for route in app.routes if hasattr(route, "methods")}
    assert set(described["paths"]) == routes - {"/openapi.json"}
    names = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(described)))
    assert names <= set(described["components"]["schemas"])


# --- the live stream ------------------------------------------------------------------------------------------


async def test_the_stream_begins_whole_and_goes_on_with_what_changed(node):
    stream = events(node.changed, Snapshots(node.view, VIEW_KEYS), heartbeat_s=0.05)
    first = await anext(stream)
    assert first["event"] == "whole"
    assert msgspec.json.decode(first["data"], type=views.View) == view()
    await node.show(view(now_ms=2_000, lines=[line(), line("LT-PL")]))
    part = json.loads((await anext(stream))["data"])
    assert part.keys() == {"now_ms", "lines"}
    assert [item["channel"] for item in part["lines"]["set"]] == ["LT-PL"]
    await node.show(view(now_ms=2_000, lines=[line("LT-PL", queued=4)]))
    part = json.loads((await anext(stream))["data"])
    assert part.keys() == {"lines"}
    assert part["lines"]["gone"] == ["BY-LT"]
    assert (await anext(stream))["event"] == "beat"
    await stream.aclose()


async def test_a_page_that_comes_later_gets_the_newest_view(node):
    snapshots = Snapshots(node.view, VIEW_KEYS)
    assert (await anext(events(node.changed, snapshots)))["event"] == "whole"
    await node.show(view(now_ms=9_000))
    late = await anext(events(node.changed, snapshots))
    assert json.loads(late["data"])["now_ms"] == 9_000


def test_an_unchanged_view_has_no_part():
    assert Snapshot(view(), VIEW_KEYS).part_since(Snapshot(view(), VIEW_KEYS)) is None


async def test_streams_are_bounded_and_given_back(app, node, people):
    """An ASGI server in miniature, because httpx waits for the end of a body."""
    running = []

    async def open_stream():
        started, got = asyncio.get_running_loop().create_future(), []

        async def receive():
            await asyncio.Event().wait()

        async def send(message):
            if message["type"] == "http.response.start" and not started.done():
                started.set_result(message["status"])
            got.append(message)

        scope = {
            "type": "http", "method": "GET", "path": "/api/stream", "raw_path": b"/api/stream", "query_string": b"",
            "headers": [(b"host", b"127.0.0.1:8101"), (b"cookie", f"{COOKIE}={people.token()}".encode())],
            "scheme": "http", "server": ("127.0.0.1", 8101), "client": ("127.0.0.1", 1), "http_version": "1.1",
            "root_path": "", "asgi": {"version": "3.0"},
        }  # fmt: skip
        running.append(asyncio.create_task(app(scope, receive, send)))
        return await asyncio.wait_for(started, 5)

    assert {await open_stream() for _ in range(limits.CONSOLE_STREAMS)} == {200}
    assert await open_stream() == 503
    running[0].cancel()
    await asyncio.wait(running[:1])
    assert await open_stream() == 200
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


# --- the contract with the pages ----------------------------------------------------------------------------------


def typescript_members(source: Path) -> dict[str, set[str]]:
    found = re.findall(r"^export interface (\w+) \{\n(.*?)^\}", source.read_text(), re.M | re.S)
    return {name: set(re.findall(r"^  (\w+)\??:", body, re.M)) for name, body in found}


@pytest.mark.parametrize(
    ("modules", "file"),
    [((views, agreement_view, people_view), "view.ts"), ((director_view,), "director_view.ts")],
)
def test_the_pages_know_the_same_members(modules, file):
    pages = typescript_members(Path(__file__).parents[2] / "console" / "src" / file)
    ours = {
        name: set(kind.__struct_fields__)
        for module in modules
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ == module.__name__
    }
    assert pages == ours
