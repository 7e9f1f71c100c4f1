"""An officer's seat in a story: one console in its own headless browser, driven by clicks and keys only."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Download, Locator, Page, expect, sync_playwright
from tests.story.story_fleet import NodeProcess

import redshank
from redshank.exercise.accounts import OFFICER

CHROMIUM = shutil.which("chromium")
PAGES = Path(redshank.__file__).parent / "console" / "pages"
WIDE, SMALL = (1920, 1080), (1366, 768)
PATIENCE_MS = 15_000

UNLIKELY = re.compile(r"^(?:(?!(?<![–\d])\d\d+ %)[\s\S])*$")
"""No percentage of two digits, but for the words about a time window."""

needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium"),
    pytest.mark.skipif(not (PAGES / "index.html").is_file(), reason="needs the built pages: tools/build_console.sh"),
]


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """One browser for the consoles of a story."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu", "--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Seat:
    """A console that is open. `faults`: what went wrong on the page; `asked`: every address that it asked for."""

    def __init__(self, browser: Browser, node: NodeProcess, shots: Path, person: str = OFFICER) -> None:
        self.node, self.shots = node, shots
        self.faults: list[str] = []
        self.asked: list[str] = []
        self._number = 0
        context = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, accept_downloads=True)
        context.on("request", lambda request: self.asked.append(request.url))
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.add_init_script("localStorage.setItem('language', 'en')")  # whosever console it is
        self.page.goto(node.link(person))
        expect(self.on("clock")).to_be_visible()

    def on(self, name: str) -> Locator:
        """An element by its stable name (console/README.md)."""
        return self.page.locator(f'[data-test="{name}"]')

    def sees(self, name: str, *texts: str | re.Pattern[str]) -> Locator:
        """Waits until the element is there and says all this; gives it."""
        found = self.on(name)
        expect(found).to_be_visible()
        for text in texts:
            expect(found).to_contain_text(text)
        return found

    def sees_no(self, name: str) -> None:
        """Waits until the element is gone."""
        expect(self.on(name)).to_have_count(0)

    def click(self, name: str) -> None:
        """As a mouse does it."""
        self.on(name).click()

    def press(self, *keys: str) -> None:
        """One after the other; nothing has the focus but what the page itself gave it to."""
        for key in keys:
            self.page.keyboard.press(key)

    def send(self) -> None:
        """Sends the open form with Enter, once it may be sent; it closes when the node has taken it."""
        expect(self.on("form-send")).to_be_enabled()
        self.press("Enter")
        self.sees_no("form")

    def line_of(self, direction: str, kind: str, words: str = "") -> str:
        """The name of the newest message of a kind in the time line, e.g. ``message-got-3``."""
        lines = self.page.locator(f'.line li[data-test^="message-{direction}-"]').filter(
            has=self.page.locator(".message-head b", has_text=kind)
        )
        expect(lines.filter(has_text=words).first).to_be_visible()
        name = lines.filter(has_text=words).first.get_attribute("data-test")
        assert name is not None
        return name

    def download(self, name: str) -> Path:
        """What a click on a link leaves on the officer's disk."""
        with self.page.expect_download() as waiting:
            self.click(name)
        got: Download = waiting.value
        kept = self.shots / f"{self.node.party}-{got.suggested_filename}"
        got.save_as(kept)
        return kept

    def shot(self, moment: str) -> None:
        """Pictures of the whole screen in two sizes, kept in the test's folder for a person to look at."""
        self._number += 1
        for width, height in (SMALL, WIDE):
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_timeout(150)  # the map draws in its next frames
            self.page.screenshot(path=self.shots / f"{self.node.party}-{self._number:02}-{moment}-{width}.png")

    def incidents(self) -> list[Any]:
        """What the node says beside its page."""
        incidents: list[Any] = self.node.view()["incidents"]
        return incidents

    def asked_nobody_else(self) -> None:
        """Every request went to the page's own origin, and nothing went wrong on it."""
        own = self.node.origin
        assert self.asked
        assert [url for url in self.asked if not url.startswith((own + "/", "data:", "blob:"))] == []
        assert self.faults == []
