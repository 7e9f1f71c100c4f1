"""Self-check: whether the qualifier itself is fit to judge, before it judges anybody.

Here: known answers from the examples of docs/spec and RFC 6962, and forgeries that it must not take. What is found is
the qualifier's own fault, and no report is made.
"""

from redshank.conformance.forms import canonical, read_message
from redshank.conformance.wire import LOG, WITNESS, Breach, Key, check_signed, leaf, read_base64, read_note, root_of

# docs/spec/log.md, the example: test keys
_NOTE = """\
redshank/BY-LT/LT/2026
3
59muKVToVbsAKZUVQsH9EfrZ5VhGa6qv7u0ZHJQolKM=

— redshank/BY-LT/LT/2026 AFv5BqE0oRJkCsz5xuVQH2zeffCM7TbWhFpMmWz/7yBM7p3GtYYaK4KlxQ3p\
2aH8wRKw6qwwBwNvFxlraFlW3nmFCgg=
— redshank/BY/witness c9N4oQAAAABp+90IH8aMki5QEpT+AwjBEFfymsQLAMCKS1zaA+a7bZfUkDvh\
O3cIVEpoq9PRIBoHLLe3Vdw0/wUDU2DQfYZH+2MsCQ==
""".encode()
_LOG_KEY = "AXL/5WrlPrnDNxgwiVOpQiGqJbs7BCxGYgTqLKe1/O+0"
_WITNESS_KEY = "BKI5MYsnJgYaWSf6B7mJr6Ad7SvZliBPYQLMD416NuxU"
_WITNESSED_S = 1_778_113_800
# RFC 6962: the root of the leaves "", 0x00 and 0x10, as the test vectors of Certificate Transparency have it
_LEAVES = (b"", b"\x00", b"\x10")
_ROOT = "rra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc="
# docs/spec/messages.md, the first example
_ENTRY = (
    '{"body":{"object":1,"question":"yours-or-known"},"channel":"BY-LT","form":"original","incident":"LT-2026-000012",'
    '"sender":"LT","serial":2,"stated_ms":1778113802000,"text":"Ar žinomas? Ці вядомы?","type":"QUERY","v":1,'
    '"year":2026}'
).encode()
_PLACE, _NOW_MS = ("BY-LT", "LT", 2026, 2), 1_778_113_802_000


def faults() -> list[str]:
    """What is wrong with the qualifier; empty when it is fit."""
    checks = (_notes, _forgeries, _tree, _messages)
    return [fault for check in checks for fault in check()]


def _keys() -> tuple[Key, Key]:
    return (
        Key("redshank/BY-LT/LT/2026", LOG, read_base64(_LOG_KEY, "LOG-2")[1:]),
        Key("redshank/BY/witness", WITNESS, read_base64(_WITNESS_KEY, "LOG-2")[1:]),
    )


def _notes() -> list[str]:
    text, marks = read_note(_NOTE, len(_NOTE))
    try:
        at_s = check_signed(_keys(), marks, text)
    except Breach as breach:
        return [f"the example of docs/spec/log.md is refused: {breach}"]
    return [] if at_s == _WITNESSED_S else [f"the example's receipt is read as of {at_s}"]


def _forgeries() -> list[str]:
    text, marks = read_note(_NOTE, len(_NOTE))
    try:
        check_signed(_keys(), marks, text.replace(b"\n3\n", b"\n4\n"))
    except Breach:
        return []
    return ["a head with another size than the signed one is taken"]


def _tree() -> list[str]:
    found = root_of([leaf(entry) for entry in _LEAVES])
    return [] if found == read_base64(_ROOT, "LOG-6") else ["the tree of RFC 6962 has another root"]


def _messages() -> list[str]:
    try:
        said = read_message(_ENTRY, _PLACE, _NOW_MS)
    except Breach as breach:
        return [f"the example of docs/spec/messages.md is refused: {breach}"]
    if canonical(said) != _ENTRY:
        return ["the example of docs/spec/messages.md is written otherwise"]
    try:
        read_message(_ENTRY.replace(b'"v":1', b'"v": 1'), _PLACE, _NOW_MS)
    except Breach:
        return []
    return ["an entry that is not canonical is taken"]
