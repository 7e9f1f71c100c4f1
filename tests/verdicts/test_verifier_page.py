"""The page in a headless Chromium, opened as a file with every network cut off: what a person reads of a record."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect, sync_playwright
from tests.exchange.exchange_world import LT, NOW, exchange_all, release, two_nodes
from tests.exchange.test_exchange_record import conversation, export
from tests.verdicts.channel_cases import talked
from tests.verdicts.judges import CHROMIUM, PAGE, alone
from tests.verdicts.record_cases import Files, bases, old_keys, public_json, signed_otherwise, zipped

from redshank.terms.message import AgreeCloseBody, MessageType

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium"),
    pytest.mark.skipif(not PAGE.is_file(), reason="needs the built verifier: tools/build_verifier.sh"),
]
BUNDLE = "LT/tile/entries/000.p/18"


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[Page, list[str]]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu"])
        page = browser.new_page(viewport={"width": 1366, "height": 768}, color_scheme="light")
        yield page, alone(page)
        browser.close()


@pytest.fixture
def page(opened: tuple[Page, list[str]]) -> Iterator[Page]:
    """The page, fresh; at the end, nothing was asked of a network and nothing failed."""
    page, wrong = opened
    page.goto(PAGE.as_uri())
    yield page
    assert wrong == []


def part(page: Page, name: str) -> Locator:
    return page.locator(f'[data-test="{name}"]')


def show(page: Page, files: Files | bytes, keys: list[dict[str, Any]] | None = None) -> str:
    """Gives the page the record, and keys; the title of the verdict."""
    brought: list[FilePayload] = [
        {"name": f"{one['party']}.json", "mimeType": "application/json", "buffer": json.dumps(one).encode()}
        for one in keys or ()
    ]
    if brought:
        page.set_input_files("[data-test=keys]", brought)
        expect(part(page, f"keys-{brought[-1]['name'][:2]}")).to_be_visible()
    data = files if isinstance(files, bytes) else zipped(files)
    page.set_input_files("[data-test=record]", {"name": "r.zip", "mimeType": "application/zip", "buffer": data})
    expect(part(page, "verdict")).to_be_visible()
    return page.locator("[data-test=verdict] h2").inner_text()


def both_keys() -> list[dict[str, Any]]:
    return [public_json(node) for node in talked()]


def test_a_record_in_order(page: Page) -> None:
    """REC-3, REC-7: the verdict stands first; each line has its levels of acknowledgement."""
    assert show(page, export(*conversation()), both_keys()) == "The record is in order"
    expect(part(page, "verdict")).to_contain_text("with the keys that you brought")
    expect(part(page, "side-LT")).to_contain_text("BY has signed 1 receipt for the first 2 of 3 messages; 1 is without")
    asked, last = part(page, "line-LT-1"), part(page, "line-LT-2")
    expect(asked).to_contain_text("Asks whether object 1 is theirs or known to them")
    expect(asked).to_contain_text("ACK, serial 0")
    expect(asked.locator("td").last).to_have_text("serial 1")
    expect(last).to_contain_text("no receipt")
    expect(part(page, "missing")).to_contain_text("LT: 1 of 3 messages have no receipt of BY")
    expect(part(page, "findings")).to_have_count(0)


def test_without_keys_it_only_agrees_with_itself(page: Page) -> None:
    """REC-3: and says so; keys that are added later count at once, and so does their removal."""
    assert show(page, bases()["talk"]) == "The record agrees with itself"
    expect(part(page, "verdict")).to_contain_text("only with the keys that the record itself claims")
    show(page, bases()["talk"], both_keys())
    expect(part(page, "verdict")).to_contain_text("The record is in order")
    part(page, "keys-BY").get_by_role("button").click()
    expect(part(page, "verdict")).to_contain_text("Not in order: one fault")
    expect(part(page, "finding-bad-key")).to_contain_text("Bring public.json of both parties")


def test_a_record_of_the_first_version(page: Page) -> None:
    """REC-12: with the keys of its time; today's keys ask for more than it has."""
    old = bases()["old"]
    assert show(page, old, old_keys(old)) == "The record is in order"
    assert show(page, old, both_keys()) == "Not in order: one fault"


def test_third_parties_are_named(page: Page) -> None:
    """REC-2: who witnessed what, by its own clock, and who says so."""
    assert show(page, bases()["witnessed"], both_keys()) == "The record is in order"
    expect(part(page, "witnessed-LT")).to_contain_text("1 of 2 required): 18 of 18 messages are witnessed as sent")
    expect(part(page, "line-LT-0")).to_contain_text("Witnessed as sent by witness.example/one at 2026-05-07 00:30:04")
    expect(part(page, "witnessed-BY")).to_contain_text("0 of 18 messages")


def test_what_was_said_by_voice_stands_apart(page: Page) -> None:
    """REC-15, VOICE-17: said to be nobody's proof; a fault of the file is named, and what is signed is checked all the
    same."""
    good = bases()["voiced"]
    assert show(page, good, both_keys()) == "The record is in order"
    expect(part(page, "voice")).to_contain_text("Nobody signed these notes, and they prove nothing")
    expect(part(page, "voice-0")).to_contain_text("heard from LT")
    expect(part(page, "voice-1")).to_contain_text("differs; the signed one counts")
    assert show(page, bases()["talk"], both_keys()) == "The record is in order"
    expect(part(page, "voice")).to_have_count(0)
    assert show(page, {**good, "voice.json": b"{}"}, both_keys()) == "Not in order: one fault"
    expect(part(page, "finding-malformed")).to_contain_text("The notes of what was said by voice are not of their form")
    expect(part(page, "line-LT-0")).to_contain_text("Line test")


def test_a_forked_log_convicts(page: Page) -> None:
    """REC-5, LOG-12: two histories signed by one key."""
    by, lt = talked()
    rng = random.Random(4)
    while (forked := signed_otherwise(rng, by, lt)).keys() >= {"LT/receipts/300"}:
        continue
    assert show(page, {**bases()["talk"], **forked}, both_keys()) == "Forked: two histories are signed by LT"
    expect(part(page, "finding-forked")).to_contain_text(
        "Whoever holds LT's log key has signed two different histories"
    )


def test_a_changed_message_accuses_nobody_of_a_fork(page: Page) -> None:
    """REC-13: whoever changed the copy is not known; the receipts prove nothing against it."""
    good = bases()["talk"]
    changed = good[BUNDLE].replace(b'"speed_kmh":135', b'"speed_kmh":535', 1)
    assert changed != good[BUNDLE]
    assert show(page, {**good, BUNDLE: changed}, both_keys()).startswith("Not in order: ")
    expect(part(page, "finding-forked")).to_have_count(0)
    expect(part(page, "findings")).to_contain_text("The messages are not those that LT signed")
    expect(part(page, "findings")).to_contain_text("It accuses nobody.")


def test_a_cut_log_is_named(page: Page) -> None:
    """REC-5, REC-10."""
    by, lt = talked()
    cut = {**export(*conversation()), "LT/receipts/18": lt.receipts[18]}
    assert show(page, cut, [public_json(by), public_json(lt)]) == "Cut: LT's log was longer than it is shown here"


def test_what_is_disputed_is_said(page: Page) -> None:
    """REC-7: a close that the other does not agree to."""
    by, lt = two_nodes()
    by.say(release(MessageType.AGREE_CLOSE, AgreeCloseBody("no"), LT), NOW)
    exchange_all(by, lt)
    show(page, export(by, lt), both_keys())
    expect(part(page, "disputed")).to_contain_text("BY does not agree to the close of LT-2026-000012")


@pytest.mark.parametrize(
    "data", [b"", b"no zip at all", zipped({"record.json": b"{}"})[:60]], ids=["nothing", "no zip", "half a zip"]
)
def test_what_can_not_be_read(page: Page, data: bytes) -> None:
    """REC-14: nothing is said of what it might hold."""
    assert show(page, data) == "This can not be read as a record"


def test_hostile_text_stays_text(page: Page) -> None:
    """REC-11: names in a record become text, never markup."""
    files = {**bases()["talk"], "<img src=x onerror=alert(1)>": b""}
    show(page, files, both_keys())
    expect(part(page, "finding-unknown-field")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("img").count() == 0


def test_filters_and_keys_of_the_keyboard(page: Page) -> None:
    """Search, incident and what lacks something; T changes the colours, F goes to the search."""
    show(page, bases()["talk"], both_keys())
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("f")
    page.keyboard.type("meteor")
    expect(part(page, "count")).to_contain_text("0 of 36 lines")
    part(page, "search").fill("line test")
    expect(part(page, "count")).to_contain_text("4 of 36 lines")
    part(page, "search").fill("")
    part(page, "only-missing").check()
    expect(part(page, "count")).to_contain_text("24 of 36 lines")
    with page.expect_download() as saved:
        page.locator("h1").click()
        page.keyboard.press("s")
    report = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert (report["ok"], report["pinned"], len(report["lines"])) == (True, True, 36)


def test_it_fits_a_phone_and_paper(page: Page) -> None:
    """Nothing is wider than the screen; on paper the buttons are gone and the verdict is there."""
    show(page, bases()["talk"], both_keys())
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1366, "height": 768})
    page.emulate_media(media="print")
    expect(part(page, "verdict")).to_be_visible()
    expect(part(page, "open-record")).to_be_hidden()
    page.emulate_media(media="screen")


def test_the_file_names_no_place_to_load_from() -> None:
    """The policy forbids everything but its own script and style, and there is nothing else."""
    text = PAGE.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert re.findall(r"<(?:link|img|iframe|object|embed|base)\b|<[^<>]*\bsrc=|@import|url\(", text) == []
