"""The button that stops, in a headless Chromium: one press arms it, a second one does it; who acted is shown."""

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect
from tests.console.fake_node import line
from tests.console.test_console_pages import NOW, FakeNode, link, night, noted, on, page, pytestmark

from redshank.console.agreement_view import ActView, AgreementView
from redshank.node import commands
from redshank.terms.ids import ChannelId

__all__ = ["link", "noted", "page", "pytestmark"]
MARK = "0123456789ab"


def agreement(state, may, *acts, suspended_by=()):
    return AgreementView(
        state=state, kind="bilateral", by_file=False, text=MARK, own_text=MARK, fingerprint=MARK * 5 + "cdef",
        partner_text="", differs=False, suspended_by=list(suspended_by), since_ms=None if state == "active" else NOW,
        ending_ms=None, waiting=2 if state == "suspended" else 0, review_overdue=True, may=may, acts=list(acts),
    )  # fmt: skip


class Stoppable(FakeNode):
    """A channel that is active until somebody suspends it."""

    def view(self):
        stopped = any(isinstance(one, commands.Suspend) for one in self.got)
        act = ActView(
            by="LT", type="SUSPEND", at_ms=NOW, agreement=MARK, life=1, effect="taken", serial=9,
            why="no-reason-given", from_ms=None,
        )  # fmt: skip
        held = (
            agreement("suspended", ["resume", "end"], act, suspended_by=["LT"])
            if stopped
            else agreement("active", ["suspend", "end"])
        )
        lines = [replace(line(state="suspended" if stopped else "up"), agreement=held)]
        return replace(night(NOW, NOW), lines=lines)


@pytest.fixture
def node():
    return Stoppable()


def test_agr_8_a_stop_is_one_guarded_button(page, node, noted):
    """AGR-8: beside the line it says what it does, asks for a second press, and shows who stopped and since when."""
    stop = on(page, "suspend-BY-LT").first
    expect(stop).to_have_text("Suspend")
    stop.click()
    expect(stop).to_contain_text("Press again")
    assert node.got == []
    stop.click()
    expect(on(page, "line-BY-LT")).to_contain_text("suspended")
    assert node.got == [commands.Suspend(channel=ChannelId("BY-LT"))]
    on(page, "line-BY-LT").click()
    box = on(page, "agreement-BY-LT")
    for words in ("nothing of an incident is said", MARK, "who alone may resume it", "SUSPEND", "no reason given"):
        expect(box).to_contain_text(words)
    expect(box).to_contain_text("review date has passed")
    expect(box).to_contain_text("2 messages of the partner came under our suspension")
    expect(on(page, "resume-BY-LT")).to_have_count(0)  # an officer stops; what begins or ends is the administrator's
    assert noted.faults == []


def test_agr_8_one_press_alone_does_nothing(page, node):
    """AGR-8: the guard goes back by itself; what was pressed once is not kept for the next hand."""
    stop = on(page, "suspend-BY-LT").first
    stop.click()
    expect(stop).to_contain_text("Press again")
    expect(stop).to_have_text("Suspend", timeout=15_000)
    assert node.got == []


class TestAdministrator:
    """The same page in the hands of the other role."""

    person = "administrator"

    def test_agr_8_who_resumes_is_the_administrator(self, page, node, noted):
        """AGR-8, PEO-1: the acts that begin and end are this role's, and each asks for a second press."""
        for _ in range(2):
            on(page, "suspend-BY-LT").first.click()
        on(page, "line-BY-LT").click()
        resume = on(page, "resume-BY-LT")
        for _ in range(2):
            resume.click()
        expect(on(page, "agreement-BY-LT")).to_be_visible()
        assert node.got == [commands.Suspend(channel=ChannelId("BY-LT")), commands.Resume(channel=ChannelId("BY-LT"))]
        assert noted.faults == []
