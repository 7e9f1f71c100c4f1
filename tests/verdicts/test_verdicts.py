"""One verdict from all four: Python, the page in Chromium, the Node script, and Go's own tools.

On 10,000 mutated proofs of our own, always; on the public vectors when they lie beside the project.
"""

import re
from base64 import b64decode
from collections import Counter

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.verdicts import case_sets
from tests.verdicts.case_sets import SHARED, SHARES, cctv_cases, merkle_cases, more_cases, own_cases, wycheproof_cases
from tests.verdicts.judges import (
    CHROMIUM,
    PAGE,
    Verdicts,
    by_page,
    by_python,
    go_running,
    has_go,
    node_running,
    verdicts_of,
)
from tests.verdicts.proof_cases import Case
from tests.verdicts.record_cases import bases

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not PAGE.is_file(), reason="needs the built verifier: tools/build_verifier.sh"),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium"),
    pytest.mark.skipif(not has_go(), reason="needs Debian's packages golang-go and golang-golang-x-mod-dev"),
]
HAS_VECTORS = SHARED.is_dir()
needs_vectors = pytest.mark.skipif(not HAS_VECTORS, reason=f"the public vectors are not beside the project: {SHARED}")
WITH_REASONS = ("entry", "record", "scrambled", "chain")
"""Sets whose reasons are compared too, between Python, Node and the page."""


NO_HASH = "merkle/consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"
"""Its roots have 12 bytes. RFC 9162 compares them as they are; a hash of Go's tlog has 32 bytes and no other length."""


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    made = [*own_cases(), *more_cases()]
    if HAS_VECTORS:
        made += [*merkle_cases(), *wycheproof_cases(), *cctv_cases()]
    return {case["id"]: case for case in made}


@pytest.fixture(scope="module")
def verdicts(cases: dict[str, Case], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdicts]:
    """What each judge says; Node and Go run beside the page."""
    folder = tmp_path_factory.mktemp("verdicts")
    lines = folder / "cases.jsonl"
    lines.write_text(case_sets.to_lines(list(cases.values())), encoding="utf-8")
    running = {"node": node_running(lines), "go": go_running(lines, folder)}
    found = {"page": by_page(lines), "python": by_python(lines)}
    return found | {name: verdicts_of(program) for name, program in running.items()}


def set_of(case: Case) -> str:
    return str(case["id"]).partition("-")[0]


def off(cases: dict[str, Case], judged: Verdicts, prefix: str = "") -> list[str]:
    """Cases whose verdict is not the one that their making implies."""
    wanted = {name: case["expect"] for name, case in cases.items() if case["expect"] and name.startswith(prefix)}
    assert wanted
    return [name for name, expect in wanted.items() if judged[name][0] != expect]


# --- our own ---------------------------------------------------------------------------------------------


def test_there_are_ten_thousand(cases: dict[str, Case]) -> None:
    """Each set has its share, and some of each are good: a judge that refuses all is found out."""
    own = [case for case in cases.values() if set_of(case) in SHARES]
    assert len(own) == sum(count for _, count in SHARES.values()) == 10_000
    expected = Counter((set_of(case), case["expect"]) for case in own)
    assert all(expected[name, verdict] >= 40 for name in SHARES for verdict in ("accepted", "refused"))


@pytest.mark.browser
@pytest.mark.parametrize("judge", ["python", "node", "page"])
def test_each_gives_the_verdict_that_the_making_implies(
    cases: dict[str, Case], verdicts: dict[str, Verdicts], judge: str
) -> None:
    """LOG-3, LOG-4, LOG-5, LOG-8, LOG-14, LOG-16, MSG-1, MSG-3, MSG-15, MSG-19, REC-3, REC-4, REC-5, REC-8, REC-12."""
    assert verdicts[judge].keys() == cases.keys()
    assert [name for set_name in SHARES for name in off(cases, verdicts[judge], set_name + "-")] == []


@pytest.mark.browser
def test_python_node_and_the_page_agree_in_reasons_too(cases: dict[str, Case], verdicts: dict[str, Verdicts]) -> None:
    """REC-11, MSG-15: scrambled bytes among them, of which nobody knows beforehand what becomes."""
    assert verdicts["node"] == verdicts["page"]
    mine, theirs = verdicts["python"], verdicts["node"]
    assert [name for name in cases if mine[name][0] != theirs[name][0]] == []
    reasoned = [name for name, case in cases.items() if set_of(case) in WITH_REASONS]
    assert [name for name in reasoned if mine[name] != theirs[name]] == []
    scrambled = Counter(mine[name][0] for name in cases if name.startswith("scrambled-"))
    assert min(scrambled.values()) >= 5


@pytest.mark.go
def test_go_agrees_as_far_as_it_sees(cases: dict[str, Case], verdicts: dict[str, Verdicts]) -> None:
    """LOG-4, LOG-8, LOG-14, REC-4, REC-5: Go has no ML-DSA and reads no message; it refuses nothing that is good, and
    all that is bad but for what differs in ML-DSA-44 signatures alone."""
    good = bases()
    judged = verdicts["go"]
    blind = {name for name, case in cases.items() if sees_nothing(case, good)}
    silent = {name for name, case in cases.items() if case["kind"] in ("entry", "mldsa", "chain")}
    assert {name for name, (verdict, _) in judged.items() if verdict == "none"} == silent
    seen = {name: case for name, case in cases.items() if name not in silent | blind | {NO_HASH}}
    assert off(seen, judged) == []
    assert all(judged[name][0] == verdicts["python"][name][0] for name in seen)
    assert len(blind) < 2_500
    assert len(seen) > 6_000


def sees_nothing(case: Case, good: dict[str, dict[str, bytes]]) -> bool:
    """Whether a case is bad only in what an Ed25519 verifier ignores, and in evidence, which Go does not read."""
    if case["expect"] != "refused":
        return False
    if case["kind"] == "note":
        return masked(b64decode(case["note"])) == masked(b64decode(case["of"]))
    if case["kind"] != "record" or not case["changes"]:
        return False
    files = good[case["base"]]
    return all(
        data is not None
        and path in files
        and (path.startswith("evidence/") or masked(b64decode(data)) == masked(files[path]))
        for path, data in case["changes"].items()
    )


LINE = re.compile(rb"(\xe2\x80\x94 \S+ )([A-Za-z0-9+/]{3243}=)\n")
"""A line with 4 + 8 + 2,420 bytes in base64: an ML-DSA-44 signature."""


def masked(note: bytes) -> bytes:
    """A note with the key ids of its ML-DSA-44 lines in the place of the signatures."""
    return LINE.sub(lambda found: found[1] + b64decode(found[2])[:4].hex().encode() + b"\n", note)


# --- public vectors ----------------------------------------------------------------------------------------


@needs_vectors
@pytest.mark.browser
@pytest.mark.go
def test_public_vectors(cases: dict[str, Case], verdicts: dict[str, Verdicts]) -> None:
    """LOG-3, LOG-8, LOG-16: transparency-dev/merkle and Wycheproof, all four; Go has no ML-DSA."""
    merkle = [name for name in cases if name.startswith("merkle/")]
    wycheproof = [name for name in cases if re.match(r"(ed25519_test|mldsa_\d\d_verify_test) ", name)]
    assert len(merkle) >= 196
    assert len(wycheproof) == 782
    for judge, judged in verdicts.items():
        for name in [*merkle, *wycheproof]:
            if judge != "go" or (cases[name]["kind"] != "mldsa" and name != NO_HASH):
                assert judged[name][0] == cases[name]["expect"], (judge, name)


@needs_vectors
@pytest.mark.browser
@pytest.mark.go
def test_the_one_rule_on_914_edges(cases: dict[str, Case], verdicts: dict[str, Verdicts]) -> None:
    """LOG-3: what OpenSSL accepts, and no key of low order."""
    edges = [case for name, case in cases.items() if name.startswith("cctv ")]
    assert len(edges) == 914
    for case in edges:
        wanted = "accepted" if accepted_by_openssl(case) and not case["low_order_key"] else "refused"
        assert {judge: judged[case["id"]][0] for judge, judged in verdicts.items()} == dict.fromkeys(verdicts, wanted)
    assert sum(map(accepted_by_openssl, edges)) == 208


def accepted_by_openssl(case: Case) -> bool:
    key, signature, message = (b64decode(case[name]) for name in ("key", "signature", "message"))
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
