"""The four judges: each gets the same file of cases and gives a verdict on each; the other three are other programs."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, sync_playwright
from tests.verdicts.judging import PythonJudge, Verdict

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "src" / "redshank" / "cli" / "offline"
PAGE, SCRIPT = BUILT / "verifier.html", BUILT / "verify.mjs"
GO_SOURCES = ROOT / "tests" / "go" / "judge"
GOCODE = Path("/usr/share/gocode")  # where Debian's golang-golang-x-mod-dev puts its sources
CHROMIUM = shutil.which("chromium")
Verdicts = dict[str, Verdict]
DEADLINE_S = 300


def _read(lines: str) -> Verdicts:
    found = [json.loads(line) for line in lines.splitlines()]
    return {one["id"]: (one["verdict"], one.get("why")) for one in found}


def by_python(cases: Path) -> Verdicts:
    """The core's own functions, in this process."""
    judge, found = PythonJudge(), {}
    for line in cases.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        verdict = judge.verdict(case)
        if verdict is not None:
            found[case["id"]] = verdict
    return found


def node_running(cases: Path) -> "subprocess.Popen[str]":
    """The Node script, under way."""
    return subprocess.Popen(
        ["node", SCRIPT, "--cases", cases], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def has_go() -> bool:
    """Debian's Go and its copy of golang.org/x/mod."""
    return shutil.which("go") is not None and (GOCODE / "src" / "golang.org" / "x" / "mod" / "sumdb").is_dir()


def go_running(cases: Path, folder: Path) -> "subprocess.Popen[str]":
    """The Go program, built and under way."""
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GOCODE), "GOFLAGS": ""}
    environment.setdefault("GOCACHE", str(folder / "cache"))
    program = folder / "judge"
    built = subprocess.run(
        ["go", "build", "-o", program, "."],
        cwd=GO_SOURCES,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return subprocess.Popen([program, cases], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def verdicts_of(running: "subprocess.Popen[str]") -> Verdicts:
    """What a program said, once it has ended."""
    said, wrong = running.communicate(timeout=DEADLINE_S)
    assert (running.returncode, wrong) == (0, "")
    return _read(said)


def by_page(cases: Path) -> Verdicts:
    """The page in Chromium, opened as a file; whatever it asks a network for is a failure."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu"])
        page = browser.new_page()
        asked = alone(page)
        page.goto(PAGE.as_uri())
        page.set_input_files("[data-test=record]", cases)
        page.wait_for_selector("[data-test=cases-done]", timeout=DEADLINE_S * 1000)
        said: Any = page.locator("[data-test=verdicts]").input_value()
        browser.close()
    assert asked == []
    return _read(said)


def alone(page: Page) -> list[str]:
    """Cuts the page off from everything but its own file; what it asked for, and what went wrong in it."""
    wrong: list[str] = []

    def decide(route: Route) -> None:
        if route.request.url == PAGE.as_uri():
            route.continue_()
        else:
            wrong.append(route.request.url)
            route.abort()

    page.route("**/*", decide)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    return wrong
