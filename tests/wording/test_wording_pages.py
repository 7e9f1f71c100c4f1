"""The console in a headless Chromium, in each language: nothing is cut, nothing overlaps, and it can be switched."""

import dataclasses
import shutil
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, expect, sync_playwright
from tests.console.test_console_pages import MINUTE, NOW, PAGES, FakeNode, link, on
from tests.wording.test_wording_messages import CASES, OBJECT, POINT, WHEN
from tests.wording.wording_sources import LANGUAGES

from redshank.console import view as views

CHROMIUM = shutil.which("chromium")
SIZES = {"desk": (1366, 768), "telephone": (390, 844)}
__all__ = ["link"]  # a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium"),
    pytest.mark.skipif(not (PAGES / "index.html").is_file(), reason="needs the built pages: tools/build_console.sh"),
]

CROSSING = {
    "border": "BY-LT", "out_of": "BY", "into": "LT", "permille": 870, "p10_ms": WHEN, "p50_ms": WHEN + MINUTE,
    "p90_ms": WHEN + 3 * MINUTE, "stretch_from": POINT, "stretch_to": POINT,
}  # fmt: skip
DISTRICT = {"district": "LT-01", "permille": 300, "p10_ms": WHEN, "p50_ms": WHEN + MINUTE, "p90_ms": WHEN + MINUTE}
NOTICE = {"phase": "possible", "object": OBJECT, "crossing": CROSSING, "districts": [DISTRICT]}
MESSAGES: list[tuple[str, dict[str, Any]]] = [
    ("TEST", {"number": 12}),
    ("TEST-REPLY", {"number": 12}),
    ("NOTICE", NOTICE),
    ("UPDATE", NOTICE | {"phase": "crossed"}),
    ("LOST", {"object": OBJECT, "search_centre": POINT, "search_radius_m": 12_000}),
    ("QUERY", {"object": 3, "question": "yours-or-known"}),
    ("REPLY", {"answer": "no-information"}),
    ("ACK", {"role": "releasing-authority"}),
    (
        "CLOSE",
        {"outcome": "no-further-information", "objects": 22, "first_observed_ms": WHEN, "last_observed_ms": WHEN},
    ),
    ("AGREE-CLOSE", {"agrees": "no"}),
    ("LOG-END", {"generation": 1, "keys": "ab" * 32, "partner_keys": "cd" * 32, "why": "partner"}),
    *CASES,
]


@dataclasses.dataclass
class Talkative:
    """A view with a message of each kind, everything owed, and a warning of each level."""

    base: views.View

    def view(self) -> views.View:
        [incident] = self.base.incidents
        [thread] = incident.threads
        messages = [
            views.MessageView(
                channel="BY-LT", direction="sent" if number % 2 else "got", serial=100 + number, type=kind,
                stated_ms=NOW - number * 1000, incident=incident.id, in_reply_to=4, body=body, text="unofficial" * 15,
                rule="a-rule-of-the-policy-in-force" if number % 2 else None, received_ms=NOW, read_ms=None,
                answered_ms=None,
            )
            for number, (kind, body) in enumerate(MESSAGES)
        ]  # fmt: skip
        owed = [
            views.ObligationView(
                id=f"o{number}", owner=owner, what=what, due_ms=NOW - 1000, missed=True, escalation="atc-supervisor"
            )
            for number, (owner, what) in enumerate([("us", "agree-close"), ("partner", "test-reply"), ("us", "lost")])
        ]
        warnings = [
            views.WarningView(
                id=f"w{level}", incident=incident.id, district="LT-01", district_name="Akmenės r. sav.", level=level,
                proposed_ms=NOW, impact_p50_ms=NOW + MINUTE, issued_ms=None, ended_ms=None, languages=["lt"],
            )
            for level in ("possible", "shelter", "all-clear")
        ]  # fmt: skip
        acts = ["ack", "reply", "query", "notice", "close", "agree-close", "disagree-close", "close-alone"]
        replace = msgspec.structs.replace
        asked = [*thread.messages, *messages]
        full = replace(thread, state="asked-to-close", messages=asked, obligations=owed, acts=acts)
        line = views.LineView(
            channel="BY-LT", partner="BY", state="up", own_size=1, receipted_size=1, partner_size=1, queued=0,
            last_contact_ms=NOW, last_test_ms=NOW, refusals=[], languages=["be", "ru"],
        )  # fmt: skip
        return replace(self.base, incidents=[replace(incident, threads=[full], warnings=warnings)], lines=[line])


class TalkativeNode(FakeNode):
    """The fake node with that view."""

    def view(self) -> views.View:
        return Talkative(super().view()).view()


@pytest.fixture
def node() -> TalkativeNode:
    return TalkativeNode()


@pytest.fixture
def faults() -> list[str]:
    return []


@pytest.fixture
def page(link, faults):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu", "--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1366, "height": 768})
        opened.set_default_timeout(20_000)
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.goto(link)
        expect(on(opened, "chosen-incident")).to_be_visible(timeout=20_000)
        yield opened
        browser.close()


def speak(page: Page, language: str) -> None:
    on(page, "language").select_option(language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.wait_for_function("language => document.querySelector('.language').value === language", arg=language)


MEASURE = """() => {
  const wrong = [];
  const view = document.querySelector('[data-test="chosen-incident"]');
  const edge = view.getBoundingClientRect();
  const told = (element) => `${element.tagName}.${element.className} ${element.textContent.trim().slice(0, 60)}`;
  const isInline = (element) => getComputedStyle(element).display === 'inline';
  for (const element of [view, ...view.querySelectorAll('*')]) {
    const box = element.getBoundingClientRect();
    if (!box.width || element.tagName === 'OPTION') continue;
    const hides = element !== view && getComputedStyle(element).overflowY !== 'visible';
    if (element.clientWidth && element.scrollWidth > element.clientWidth + 1) wrong.push(`cut: ${told(element)}`);
    if (hides && element.scrollHeight > element.clientHeight + 3) wrong.push(`cut below: ${told(element)}`);
    if (box.right > edge.right + 1 || box.left < edge.left - 1) wrong.push(`outside: ${told(element)}`);
    const parts = [...element.children].filter((part) => part.getBoundingClientRect().height && !isInline(part));
    parts.forEach((part, at) => {
      const here = part.getBoundingClientRect();
      for (const other of parts.slice(at + 1)) {
        const there = other.getBoundingClientRect();
        const across = Math.min(here.right, there.right) - Math.max(here.left, there.left);
        const down = Math.min(here.bottom, there.bottom) - Math.max(here.top, there.top);
        if (across > 1 && down > 1) wrong.push(`overlap: ${told(part)} / ${told(other)}`);
      }
    });
  }
  const wide = document.scrollingElement.scrollWidth;
  if (wide > window.innerWidth) wrong.push(`the page is ${wide} wide`);
  return wrong;
}"""


@pytest.mark.parametrize("size", list(SIZES))
def test_lang_11_no_text_is_cut_or_overlaps(page: Page, faults: list[str], size: str) -> None:
    """LANG-11: in each language, every message unfolded, every act, obligation and warning; on a desk and on a
    telephone."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    for language in LANGUAGES:
        speak(page, language)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.wait_for_timeout(100)  # a frame or two
        wrong = page.evaluate(MEASURE)
        assert not wrong, "\n".join([language, *wrong[:12]])
        said = on(page, "chosen-incident").inner_text()
        assert "text-" not in said
        assert "figure-" not in said
    assert not faults


def test_lang_12_the_page_speaks_the_language_of_its_party(page: Page) -> None:
    """LANG-12: until an officer chooses another, which the address says and the browser keeps."""
    expect(page.locator("html")).to_have_attribute("lang", "lt")
    expect(on(page, "says-got-102")).to_contain_text("Objektas gali kirsti sieną.")
    speak(page, "pl")
    expect(on(page, "says-got-102")).to_contain_text("Obiekt może przekroczyć granicę.")
    expect(on(page, "act-reply")).to_contain_text("Odpowiedz")
    assert "lang=pl" in page.url
    plain = page.url.partition("?")[0]
    page.goto(plain)
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    page.goto(f"{plain}?lang=be")
    expect(page.locator("html")).to_have_attribute("lang", "be")
    expect(on(page, "chosen-incident")).to_be_visible(timeout=20_000)
    page.keyboard.press("t")  # the keys are still the page's
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_lang_9_a_preview_shows_what_the_partner_will_read(page: Page) -> None:
    """LANG-9: in the partner's own languages of the agreement."""
    page.keyboard.press("r")
    on(page, "choose-ours").click()
    expect(on(page, "preview-be")).to_contain_text("Аб’ект наш.")
    expect(on(page, "preview-ru")).to_contain_text("ОТВЕТ")
    assert page.evaluate(MEASURE) == []


def test_lang_4_a_page_with_a_text_missing_goes_on(page: Page, faults: list[str]) -> None:
    """LANG-4: English stands in for a text of the page; a sentence shows its name and a word its code."""
    page.route("**/texts/et.ftl", lambda route: route.fulfill(body="act-reply = Vasta\n"))
    page.evaluate("localStorage.clear()")
    page.goto(page.url.partition("?")[0] + "?lang=et")
    expect(on(page, "act-reply")).to_contain_text("Vasta")
    expect(on(page, "act-close")).to_contain_text("Close")
    on(page, "says-sent-105").locator("summary").click()
    expect(on(page, "says-sent-105")).to_contain_text("text-unnamed")
    assert not faults
