"""The forms of statements and of what is taken back, in a headless Chromium: what is sent, and what can not be."""

import msgspec
import pytest
from playwright.sync_api import expect
from tests.console import test_console_pages as pages
from tests.console.test_console_pages import NOW, on

from redshank.console.port import PreviewView
from redshank.node import commands
from redshank.terms.ids import ChannelId
from redshank.terms.message import CancelWhy, Found, PointE7, Secured

pytestmark = pages.pytestmark
link, noted, page = pages.link, pages.noted, pages.page  # fixtures
PLACE = {"lat_e7": 545_000_000, "lon_e7": 260_000_000}
STATE = {"object": 1, "status": "uav", "at": PLACE, "accuracy_m": 500}


def sent(serial, kind, body, **marks):
    return msgspec.structs.replace(pages.message(serial, kind, body), direction="sent", **marks)


class Node(pages.FakeNode):
    """One incident in which we have said a NOTICE and taken back a QUERY."""

    def view(self):
        shown = super().view()
        [incident] = shown.incidents
        [thread] = incident.threads
        messages = [
            *thread.messages,
            sent(3, "NOTICE", {"phase": "possible", "object": STATE}, corrected_by=6),
            sent(4, "QUERY", {"object": 1, "question": "yours-or-known"}, cancelled_by=5),
        ]
        acts = [*thread.acts, "find", "measure", "correct", "cancel"]
        thread = msgspec.structs.replace(thread, messages=messages, acts=acts)
        return msgspec.structs.replace(shown, incidents=[msgspec.structs.replace(incident, threads=[thread])])

    async def preview(self, command):
        kind = {"SendFind": "FIND", "CorrectMessage": "CORRECT"}.get(type(command).__name__, "CANCEL")
        return PreviewView(type=kind, channel="BY-LT", partner="BY", released=True, rule="forms", body={"serial": 3})


@pytest.fixture
def node():
    return Node()


def test_a_find_is_sent_only_whole_and_previewed(page, node, noted):
    """A choice that is not made, a place off the map, a time that is none: each keeps the form from being sent."""
    on(page, "incident-BY-2026-000003").click()
    on(page, "statements").locator("summary").click()
    on(page, "act-find").click()
    send = on(page, "form-send")
    expect(send).to_be_disabled()
    for choice in ("debris", "possible", "yes"):
        expect(send).to_be_disabled()
        on(page, f"choose-{choice}").locator("input").check()
    expect(send).to_be_enabled(timeout=15_000)
    for field, bad, good in (
        ("at-lat", "12", "54.5"),
        ("accuracy_m", "1.5", "50"),
        ("found_ms", "yesterday", "2026-05-07T00:20:00Z"),
    ):
        on(page, f"field-{field}").fill(bad)
        on(page, f"field-{field}").press("Tab")
        expect(send).to_be_disabled()
        on(page, f"field-{field}").fill(good)
        on(page, f"field-{field}").press("Tab")
        expect(send).to_be_enabled(timeout=15_000)
    send.click()
    expect(on(page, "form")).to_have_count(0, timeout=15_000)
    [find] = node.got
    assert isinstance(find, commands.SendFind)
    assert (find.what, find.secured, find.accuracy_m) == (Found.DEBRIS, Secured.YES, 50)
    assert find.at == PointE7(545_000_000, 260_000_000)
    assert find.found_ms < NOW
    assert noted.faults == []


def test_a_message_is_taken_back_with_its_reason_and_both_stand(page, node, noted):
    """MSG-28: marked with what corrected or cancelled it; a cancelled one has no button any more."""
    on(page, "incident-BY-2026-000003").click()
    expect(on(page, "corrected-3")).to_contain_text("6")
    expect(on(page, "cancelled-4")).to_contain_text("5")
    expect(on(page, "cancel-4")).to_have_count(0)
    on(page, "cancel-3").click()
    expect(on(page, "form-send")).to_be_disabled()
    on(page, "choose-wrong-object").locator("input").check()
    expect(on(page, "form-send")).to_be_enabled(timeout=15_000)
    on(page, "form-send").click()
    expect(on(page, "form")).to_have_count(0, timeout=15_000)
    on(page, "correct-3").click()
    expect(on(page, "form-send")).to_be_enabled(timeout=15_000)
    on(page, "form-send").click()
    expect(on(page, "form")).to_have_count(0, timeout=15_000)
    cancel, correct = node.got
    assert cancel == commands.CancelMessage(
        channel=ChannelId("BY-LT"), serial=3, generation=0, why=CancelWhy.WRONG_OBJECT
    )
    assert isinstance(correct, commands.CorrectMessage)
    assert isinstance(correct.by, commands.SendNotice)
    assert noted.faults == []
