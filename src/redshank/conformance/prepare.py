"""Prepare: a sandbox's folder, and what the node's operator needs to let it in.

Here: the folder's settings, the sample agreement and node configuration. Not here: keys (keys).
"""

from pathlib import Path

import msgspec
import yaml

from redshank.conformance.keys import PREFIX, Folder, Published, Unusable, make_folder, read_published
from redshank.conformance.partner import Sandbox

SETTINGS = "sandbox.yaml"
NODE_KEYS = "node.json"
PARTY = "XQ"
"""ISO 3166-1 leaves XA to XZ to their users: no state is ever meant by it."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands in `sandbox.yaml`."""

    year: int
    listen: str
    """Where the qualifier's door is: address and port that the node can reach."""
    clock: str
    """``own``: the node's clock must agree with the qualifier's. ``node``: the node runs on an exercise's clock."""


def prepare(path: Path, node_keys: Path, *, listen: str, clock: str, year: int, now_s: int) -> dict[str, str]:
    """Makes the folder; the texts that were written, by file name. Raises Unusable or OSError."""
    node = read_published(node_keys)
    if node.party == PARTY:
        raise Unusable(f"{node_keys}: holds keys of {PARTY}, which is the sandbox itself")
    split(listen)
    make_folder(path, PARTY, node, now_s)
    (path / NODE_KEYS).write_bytes(node_keys.read_bytes())
    texts = {
        SETTINGS: yaml.safe_dump({"year": year, "listen": listen, "clock": clock}, sort_keys=False),
        "agreement.yaml": _agreement(node.party),
        "node-part.yaml": _node_part(node, listen, year),
    }
    for name, text in texts.items():
        (path / name).write_text(text, encoding="utf-8")
    return texts


def read_sandbox(path: Path, url: str) -> tuple[Sandbox, Folder, Settings]:
    """An opened sandbox. Raises Unusable."""
    try:
        settings = msgspec.convert(yaml.safe_load((path / SETTINGS).read_text(encoding="utf-8")), Settings)
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise Unusable(f"{path / SETTINGS}: {error}; make it by `redshank qualify prepare`") from error
    if settings.clock not in ("own", "node"):
        raise Unusable(f"{path / SETTINGS}: clock is `own` or `node`, not {settings.clock!r}")
    host, port = split(settings.listen)
    sandbox = Sandbox(
        url=url,
        listen_host=host,
        listen_port=port,
        node=read_published(path / NODE_KEYS),
        prefix=PREFIX,
        year=settings.year,
    )
    return sandbox, Folder(path), settings


def split(listen: str) -> tuple[str, int]:
    """Host and port. Raises Unusable."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise Unusable(f"listen: {listen!r} is not an address and a port, such as 192.0.2.7:8471")
    return host.strip("[]"), int(port)


def _channel(node: str) -> str:
    return "-".join(sorted((node, PARTY)))


def _agreement(node: str) -> str:
    first, second = sorted((node, PARTY))
    return f"""\
# Agreement of the sandbox channel of {node} with a partner qualifier. Exercise only: {PARTY} is no state.
channel: {_channel(node)}
parties: [{first}, {second}]
title: Sandbox of {node} for a partner qualification
kind: exercise
state: active
legal_basis:
  documented: []
  assumed:
    - "a sandbox: it binds nobody, and nothing said in it is about a real object"
area: {{strip_km: 150}}
messages: [TEST, TEST-REPLY, NOTICE, UPDATE, LOST, QUERY, REPLY, ACK, CLOSE, AGREE-CLOSE,
  OWN-OBJECT, MEASURE, FIND, EVIDENCE, NEGATIVE, WARNING, CORRECT, CANCEL]
procedure: notice
deadlines: {{}}
escalation: []
languages: [en]
line_test: {{interval_s: 86400}}
review_date: 2099-12-31
"""


def _node_part(node: Published, listen: str, year: int) -> str:
    return f"""\
# For the operator of {node.party}'s node. Run a second node for the sandbox, never the one in operation:
# an exercise, with keys made for it by `redshank keys {node.party} FOLDER`, and a store of its own.
# Give it a policy that releases TEST and TEST-REPLY to {PARTY} automatically, and no feeds.
party: {node.party}
exercise: true
year: {year}
clock: {{real_time: true}}
channels:
  - partner: {PARTY}
    partner_keys: pinned/{PARTY}.json   # the qualifier's public.json, as you have pinned it
    agreement: agreement.yaml   # from its folder too
    url: https://{listen}
"""
