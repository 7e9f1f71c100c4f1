"""Takes the pictures of the README from a real exercise: docs/images/director.png and
docs/images/console.png.

Runs the demo's five nodes without a window, lets a documented night come to a moment, pauses it and
photographs the director's page and one console in headless Chromium. Needs `make setup-test` (Chromium,
playwright).
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from redshank.exercise.director import opened
from redshank.exercise.director_view import StartExercise
from redshank.exercise.scenario import read_scenarios
from redshank.exercise.stage import Stage
from redshank.terms.ids import PartyId
from redshank.terms.instants import format_instant

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
SETTLE_S = 4.0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="lv-2026-05-07")
    parser.add_argument("--until", default="00:12", help="UTC time of the night to stop at, HH:MM")
    parser.add_argument("--party", default="LV", help="whose console")
    parser.add_argument("--speed", type=float, default=40.0)
    parser.add_argument("--port", type=int, default=8600)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    return parser.parse_args()


async def photograph(browser: Browser, link: str, path: Path, size: tuple[int, int]) -> list[str]:
    """Opens a page, waits for its first data and saves it; gives what the page complained of."""
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.add_init_script("localStorage.setItem('language', 'en')")
    await page.goto(link)
    await page.wait_for_selector("#app *")
    await asyncio.sleep(SETTLE_S)
    await page.screenshot(path=path)
    await page.close()
    return complaints


async def play_until(stage: Stage, until: str) -> None:
    """Lets the night run to a minute, or to its end, and pauses it there."""
    seen = 0
    while (play := stage.play) is not None and stage.view().phase == "running":
        if format_instant(play.now)[11:16] == until:
            await stage.pause()
            print(f"paused at {format_instant(play.now)}")
            return
        seen = await stage.changed(seen)


async def take(wanted: argparse.Namespace, folder: Path) -> int:
    stage = Stage(read_scenarios(), folder, wanted.port, lambda text: print(f"  {text}"))
    async with opened(stage, wanted.port) as link, async_playwright() as playwright:
        no = await stage.start(StartExercise(wanted.scenario, wanted.speed))
        if no is not None or await stage.wait_until("running", "failed") == "failed":
            print(no or stage.message)
            return 1
        play = stage.play
        await play_until(stage, wanted.until)
        node = play.fleet.nodes[PartyId(wanted.party)] if play and play.fleet else None
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        wanted.out.mkdir(parents=True, exist_ok=True)
        complaints = await photograph(browser, link, wanted.out / "director.png", (1600, 1000))
        if node is not None:
            complaints += await photograph(browser, node.link(), wanted.out / "console.png", (1600, 1000))
        await browser.close()
    for complaint in complaints:
        print(f"the page complained: {complaint}")
    print(f"saved {wanted.out / 'director.png'} and {wanted.out / 'console.png'}")
    return 0


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="redshank-") as folder:
        return asyncio.run(take(arguments(), Path(folder)))


if __name__ == "__main__":
    raise SystemExit(main())
