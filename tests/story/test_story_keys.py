"""Two parties come to trust one another's keys, talk, renew a certificate, and one revokes: by the commands alone."""

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pyotp
import pytest
import yaml
from tests.story.story_fleet import NodeProcess, make_fleet, running

from redshank.edges.keys.sealed import random_passphrase, write_new
from redshank.exercise.accounts import OFFICER
from redshank.terms.instants import Instant

WORD = re.compile(r"\b(\d+) ([a-z]+)\b")


def redshank(*words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "redshank.cli.main", *words],
        check=False,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
    )


def own_words(said: str, party: str) -> list[str]:
    """The check words of a party as a command has told them, in order."""
    lines = "\n".join(line for line in said.splitlines() if line.startswith(f"    {party}  "))
    found = {int(number): word for number, word in WORD.findall(lines)}
    assert sorted(found) == list(range(1, 13)), said
    return [found[number] for number in sorted(found)]


@pytest.fixture
def pair_of_nodes(tmp_path: Path) -> dict[str, NodeProcess]:
    """LT and BY for operation: no exercise clock, and keys that nobody has made yet."""
    nodes = make_fleet(tmp_path, ["BY", "LT"], at=Instant(1_778_113_800_000))
    for node in nodes.values():
        config = yaml.safe_load(node.config.read_text())
        config |= {"exercise": False, "keys": "own", "passphrase_file": "own.passphrase"}
        del config["clock"]
        for channel in config["channels"]:
            channel["partner_keys"] = f"partners/{channel['partner']}.json"
        node.config.write_text(yaml.safe_dump(config))
        (node.folder / "data" / "people.sqlite").unlink()  # an exercise's accounts are none here
        node.staffed = False
        write_new(node.folder / "own.passphrase", random_passphrase().encode())
    return nodes


def make_all_keys(nodes: dict[str, NodeProcess]) -> dict[str, list[str]]:
    words = {}
    for party, node in nodes.items():
        made = redshank(
            "keys", party, str(node.folder / "own"), "--passphrase-file", str(node.folder / "own.passphrase")
        )
        assert made.returncode == 0, made.stderr
        words[party] = own_words(made.stdout, party)
    return words


def pair(
    node: NodeProcess, partner: NodeProcess, words: list[str], last: str = "yes"
) -> "subprocess.CompletedProcess[str]":
    typed = "\n".join([*words, f"officer {node.party}", f"officer {partner.party}", last, ""])
    public = str(partner.folder / "own" / "public.json")
    return redshank("pair", "--config", str(node.config), public, typed=typed)


def let_in(node: NodeProcess) -> None:
    """An officer enrols with a password and codes, as a browser does it."""
    added = redshank(
        *("people", "add", "officer", "--name", f"Officer of {node.party}", "--role", "duty-officer"),
        *("--config", str(node.config)),
    )
    assert added.returncode == 0, added.stderr
    headers = {"Origin": node.origin, "Content-Type": "application/json"}

    def enter(**step: str) -> tuple[Any, str]:
        request = urllib.request.Request(f"{node.origin}/api/enter", json.dumps(step).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as response:
            return json.loads(response.read()), str(response.headers["Set-Cookie"]).partition(";")[0]

    shown, _ = enter(step="make-code", link=added.stdout.split()[-1].partition("#")[2])
    code = pyotp.TOTP(shown["secret"]).now()
    _, cookie = enter(step="take-code", ticket=shown["ticket"], password="seven geese and a lighthouse", code=code)
    node.sessions[OFFICER] = {**headers, "Cookie": cookie}


def line_of(view: dict[str, Any], channel: str = "BY-LT") -> Any:
    return next(line for line in view["lines"] if line["channel"] == channel)


def test_a_ceremony_a_link_a_renewal_and_a_revocation(pair_of_nodes: dict[str, NodeProcess]) -> None:
    """KEY-4, KEY-6, KEY-11 and KEY-12 as officers do them, with real nodes."""
    nodes = pair_of_nodes
    lt, by = nodes["LT"], nodes["BY"]
    words = make_all_keys(nodes)
    refused = redshank("node", "--config", str(lt.config))
    assert refused.returncode == 2
    assert "pair with this partner first" in refused.stderr
    for node, partner in ((lt, by), (by, lt)):
        paired = pair(node, partner, words[partner.party])
        assert paired.returncode == 0, paired.stdout + paired.stderr
        assert own_words(paired.stdout, node.party) == words[node.party]
    listed = redshank("pairings", "--config", str(lt.config))
    assert "by voice: officer LT with officer BY" in listed.stdout, listed.stderr
    with running(lt, by):
        for node in (lt, by):
            let_in(node)
        shown = lt.wait_for(lambda view: line_of(view)["key_exchange"] and line_of(view))
        assert (shown["key_exchange"], shown["fault"], shown["own_certificate_ends_ms"]) == ("X25519MLKEM768", "", None)
        passphrase = ("--passphrase-file", str(lt.folder / "own.passphrase"))
        assert redshank("renew", "LT", str(lt.folder / "own"), *passphrase).returncode == 0
        lt.wait_for(lambda _: "the renewed TLS certificate is in use" in lt.log())
        revoked = redshank("revoke", "--config", str(lt.config), str(by.folder / "own" / "revocation.json"))
        assert revoked.returncode == 0, revoked.stderr
        shown = lt.wait_for(lambda view: line_of(view)["fault"] and line_of(view))
        assert shown["fault"] == "the keys of BY are revoked: pair anew"
        held = line_of(lt.view())["partner_size"]
        assert by.call("POST", "/api/command", {"act": "test-line", "channel": "BY-LT"}) == {"accepted": True}
        by.wait_for(lambda view: line_of(view)["state"] == "down")
        assert line_of(lt.view())["partner_size"] == held
    again = pair(lt, by, words["BY"])
    assert again.returncode == 2
    assert "are revoked" in again.stderr


def test_a_wrong_word_or_a_no_pins_nothing(pair_of_nodes: dict[str, NodeProcess]) -> None:
    """KEY-4: BY's file was exchanged on the way: the words that BY reads are not those of the file."""
    nodes = pair_of_nodes
    lt, by = nodes["LT"], nodes["BY"]
    words = make_all_keys(nodes)
    heard = [*words["BY"][:4], *[words["LT"][4]] * 3]
    stopped = pair(lt, by, heard)
    assert stopped.returncode == 2
    assert f"word 5: “{words['LT'][4]}” is a check word, but not the one of this file" in stopped.stdout
    assert "Nothing was pinned" in stopped.stderr
    said_no = pair(lt, by, words["BY"], last="no")
    assert said_no.returncode == 2
    assert "both sides must have heard" in said_no.stderr
    assert not (lt.folder / "partners" / "BY.json").exists()


def test_a_wrong_passphrase_and_a_pin_of_an_exercise_are_told(pair_of_nodes: dict[str, NodeProcess]) -> None:
    """KEY-9, and KEY-4 in operation."""
    nodes = pair_of_nodes
    lt = nodes["LT"]
    make_all_keys(nodes)
    (lt.folder / "wrong.passphrase").touch(0o600)
    (lt.folder / "wrong.passphrase").write_text(random_passphrase())
    wrong = redshank("node", "--config", str(lt.config), "--passphrase-file", str(lt.folder / "wrong.passphrase"))
    assert wrong.returncode == 2
    assert "log.key: does not open with this passphrase" in wrong.stderr
    config = yaml.safe_load(lt.config.read_text())
    config |= {"keys": "keys", "passphrase_file": "passphrase"}
    config["channels"][0]["partner_keys"] = "pinned/BY.json"
    lt.config.write_text(yaml.safe_dump(config))
    exercise = redshank("node", "--config", str(lt.config))
    assert exercise.returncode == 2
    assert "was pinned in an exercise; pair with BY by voice" in exercise.stderr
