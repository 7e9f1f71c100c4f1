"""The page in a headless Chromium: long records, which it checks beside itself; evidence, agreements, cautions."""

import json
import re
import zipfile
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import FilePayload, Page, expect
from tests.exchange.exchange_world import LT, NOW, line_test, two_nodes
from tests.exchange.long_record import long_record
from tests.exchange.test_exchange_evidence import forked, rolled_back
from tests.exchange.test_exchange_record import export
from tests.exchange.test_exchange_record_beside import cosigned_at
from tests.verdicts.judges import CHROMIUM, PAGE
from tests.verdicts.record_cases import ThirdParty, bases
from tests.verdicts.test_verifier_page import both_keys, opened, page, part, show
from tests.verdicts.test_verify_script import agreed

from redshank.exchange.evidence import Kind, encode_evidence
from redshank.exchange.record import LogExport

__all__ = ["opened", "page"]  # fixtures
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium"),
    pytest.mark.skipif(not PAGE.is_file(), reason="needs the built verifier: tools/build_verifier.sh"),
]
ENTRIES = 100_000
CHECKED_MS = 280_000


def file(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


# --- long records ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """100,000 messages as a zip file on the disk, in the form of zip64."""
    path = tmp_path_factory.mktemp("long") / "long.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in long_record(ENTRIES).items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(data)
    return path


def answered_clicks(page: Page) -> int:
    """Clicks that took effect while the record was still being checked."""
    count = 0
    while count < 12 and part(page, "checking").count():
        before = page.locator("html").get_attribute("data-theme")
        part(page, "theme").click()
        if page.locator("html").get_attribute("data-theme") == before:
            break
        count += part(page, "checking").count()
    return count


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_page_answers_while_it_checks_100_000_messages(page: Page, long: Path) -> None:
    """REC-7, REC-11: clicks take effect, a bar grows; then every line can be reached, page by page."""
    page.set_input_files("[data-test=record]", long)
    expect(part(page, "progress-told")).to_contain_text("Checking signatures", timeout=60_000)
    assert answered_clicks(page) >= 5, "the page stood still while it checked"
    first = page.locator("progress").evaluate("bar => bar.value")
    bar = "document.querySelector('progress') === null || document.querySelector('progress').value > "
    deadline = CHECKED_MS // 250
    while deadline and not page.evaluate(f"() => {bar}{first}"):
        page.wait_for_timeout(250)
        deadline -= 1
    assert deadline, "the bar does not grow"
    expect(part(page, "verdict")).to_contain_text("The record agrees with itself", timeout=CHECKED_MS)
    expect(part(page, "count")).to_contain_text("100,000 of 100,000 lines", timeout=60_000)
    assert page.locator("tbody tr").count() <= 200, "it draws a page, not all"
    part(page, "page-last").click()
    expect(part(page, "line-LT-49999")).to_be_visible(timeout=60_000)
    expect(part(page, "line-LT-49999")).to_contain_text("no receipt")
    part(page, "search").fill("line test 31415")
    expect(part(page, "count")).to_contain_text("2 of 100,000 lines", timeout=120_000)
    expect(part(page, "line-BY-31415")).to_be_visible()
    part(page, "search").fill("")
    expect(part(page, "count")).to_contain_text("100,000 of 100,000 lines", timeout=60_000)
    page.locator("[data-test=strip] g").last.click()
    expect(part(page, "line-LT-49600")).to_be_visible(timeout=60_000)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_check_can_be_cancelled(page: Page, long: Path) -> None:
    """REC-11: at once; nothing is said of the record, and the page goes on working."""
    page.set_input_files("[data-test=record]", long)
    part(page, "cancel").click()
    expect(part(page, "cancelled")).to_contain_text("long.zip was not checked")
    expect(part(page, "verdict")).to_have_count(0)
    assert show(page, bases()["talk"], both_keys()) == "The record is in order"


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (390, 844)])
def test_what_is_at_fault_is_seen_at_a_glance(page: Page, width: int, height: int) -> None:
    """REC-7, REC-17: without scrolling: the verdict, and on a large screen both sides with what is open."""
    page.set_viewport_size({"width": width, "height": height})
    show(page, bases()["accused"], both_keys())
    expect(part(page, "verdict")).to_be_in_viewport()
    if width > 1000:
        expect(part(page, "side-BY")).to_contain_text("forked or contradicted")
        expect(part(page, "side-LT")).not_to_contain_text("forked or contradicted")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1366, "height": 768})


# --- evidence ----------------------------------------------------------------------------------------------------


def test_a_record_with_evidence_names_who_contradicted_itself(page: Page) -> None:
    """REC-16, REC-17: the record is in order, and the party is named all the same."""
    assert show(page, bases()["accused"], both_keys()) == "BY contradicted itself"
    expect(part(page, "verdict")).to_contain_text("The record is in order, and the proof is in it")
    expect(part(page, "contradiction-forked")).to_contain_text("BY signed two different logs of 3 messages on BY-LT")
    expect(part(page, "contradiction-forked")).to_contain_text("this convicts BY, whoever shows it")
    expect(part(page, "findings")).to_have_count(0)


def test_evidence_that_shows_nothing_is_a_fault_of_the_record(page: Page) -> None:
    """REC-16."""
    files = {**bases()["talk"], "evidence/0.json": encode_evidence(forked()) + b" "}
    assert show(page, files, both_keys()) == "Not in order: one fault"
    expect(part(page, "finding-not-canonical")).to_contain_text("It accuses nobody")


def test_a_file_of_evidence_by_itself(page: Page) -> None:
    """EVI-2, EVI-3, EVI-8: with the keys that it claims, then with brought ones; a false one shows nothing."""
    page.set_input_files("[data-test=keys]", [file("proof.json", encode_evidence(forked()))])
    expect(part(page, "evidence-forked")).to_contain_text("BY signed two different logs of 3 messages on BY-LT")
    expect(part(page, "evidence-forked")).to_contain_text("only with the keys that the file itself claims")
    keys = [file(f"{one['party']}.json", json.dumps(one).encode()) for one in both_keys()]
    page.set_input_files("[data-test=keys]", keys)
    expect(part(page, "evidence-forked")).to_contain_text("Checked with the keys that you brought")
    false = encode_evidence(forked()).replace(b'"kind":"forked"', b'"kind":"unproven"')
    page.set_input_files("[data-test=keys]", [file("false.json", false)])
    expect(part(page, "evidence-refused")).to_contain_text("no-contradiction")
    part(page, "evidence").first.get_by_role("button").click()
    expect(part(page, "evidence")).to_have_count(1)


def test_one_sides_word_is_said_to_be_that(page: Page) -> None:
    """EVI-4."""
    word = encode_evidence(msgspec.structs.replace(rolled_back(), kind=Kind.UNPROVEN))
    page.set_input_files("[data-test=keys]", [file("word.json", word)])
    expect(part(page, "evidence-unproven")).to_contain_text("This is one side's word: a consistency proof from 1 to 3")
    assert show(page, {**bases()["talk"], "evidence/0.json": word}, both_keys()) == "The record is in order"
    expect(part(page, "verdict")).to_contain_text("so says LT")


# --- third parties, dates ------------------------------------------------------------------------------------


def test_third_parties_are_pinned_by_the_agreement(page: Page, tmp_path: Path) -> None:
    """REC-3, WIT-9: k of n as the user brings them; fewer are refused, and the file can be taken away again."""
    one, two = (ThirdParty(f"witness.example/{name}") for name in ("one", "two"))
    page.set_input_files("[data-test=keys]", agreed(tmp_path, 1, [one, two]))
    expect(part(page, "agreement-name")).to_contain_text("Third parties: 1 of 2 (agreement.yaml)")
    assert show(page, bases()["witnessed"], both_keys()) == "The record is in order"
    expect(part(page, "witnessed-LT")).to_contain_text("They are those of the agreement that you brought")
    page.set_input_files("[data-test=keys]", agreed(tmp_path, 2, [one, two]))
    expect(part(page, "verdict")).to_contain_text("Not in order: one fault")
    expect(part(page, "finding-bad-key")).to_contain_text("other witnesses than the pinned ones")
    part(page, "agreement-name").get_by_role("button").click()
    expect(part(page, "verdict")).to_contain_text("The record is in order")
    page.set_input_files("[data-test=keys]", [file("other.yaml", b"title: something else\n")])
    expect(part(page, "trouble")).to_contain_text("is not the file of an agreement")


def test_a_date_that_can_not_be_right_is_a_caution(page: Page) -> None:
    """REC-19: no fault, and said in the verdict."""
    by, lt = two_nodes()
    lt.say(line_test(1), NOW)
    note = cosigned_at(by, lt, 1, NOW - 30 * 365 * 86_400_000)
    assert (
        show(page, export(logs={LT: LogExport(note, 1, lt.said, {1: note})}), both_keys()) == "The record is in order"
    )
    expect(part(page, "verdict")).to_contain_text("One receipt has a date that can not be right")
    expect(part(page, "cautions")).to_contain_text("LT/receipts/1 is dated before what it covers was said: 946080000 s")


def test_the_worker_is_bound_by_the_policy_too() -> None:
    """The policy allows a worker out of a Blob, and nothing else beside the page's own script and style."""
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', PAGE.read_text(encoding="utf-8"))
    assert policy is not None
    hashed = r"'sha256-[A-Za-z0-9+/]{43}='"
    assert re.fullmatch(
        rf"default-src 'none'; script-src {hashed}; style-src {hashed}; worker-src blob:; "
        "base-uri 'none'; form-action 'none'",
        policy[1],
    )
