"""The compiled layouts against libasterix's own strict parser, on valid, mutated and random bytes."""

from typing import Any

import pytest
from asterix.base import Bits, ParsingMode
from hypothesis import given, settings
from hypothesis import strategies as st

from redshank.decode.layout import Layout, LayoutFault, Starts, layout_of
from redshank.decode.specs import editions_of
from redshank.terms.invariant import InvariantBroken

EDITIONS = [(category, edition) for category in (48, 62) for edition in editions_of(category)]
QUANTITIES = {
    48: [
        ("140", "s"), ("040/RHO", "NM"), ("040/THETA", "°"), ("090/FL", "FL"), ("110/3DH", "ft"), ("042/X", "NM"),
        ("042/Y", "NM"), ("200/GSP", "NM/s"), ("200/HDG", "°"), ("210/SIGV", "NM/s"), ("130/RPD", "NM"),
    ],
    62: [
        ("070", "s"), ("105/LAT", "°"), ("105/LON", "°"), ("100/X", "m"), ("185/VX", "m/s"), ("185/VY", "m/s"),
        ("130", "ft"), ("136", "FL"), ("135/CTB", "FL"), ("500/APC/X", "m"), ("500/COV", "m"), ("500/APW/LON", "°"),
        ("500/ATV/Y", "m/s"), ("380/POS/LON", "°"), ("270/ORIENTATION", "°"),
    ],
}  # fmt: skip
INTEGERS = {
    48: ["010/SAC", "020/TYP", "020/SIM", "020/RAB", "020/TST", "090/V", "161/TRN", "170/CNF", "170/TRE", "020/MI"],
    62: ["010/SIC", "040", "080/MON", "080/SIM", "080/TSE", "080/MD5", "080/AAC", "380/EMC", "060/CH", "245/STI"],
}


def by_libasterix(record: Any, path: str, unit: str | None) -> float | None:
    """One field by way of libasterix's objects."""
    names = path.split("/")
    found = record.get_item(names[0])
    for name in names[1:]:
        if found is None:
            return None
        found = found.variation.get_item(name)
    if found is None:
        return None
    value: float = found.as_uint() if unit is None else found.variation.content.as_quantity(unit)
    return value


def records_of(layout: Layout, data: bytes) -> list[tuple[Starts, int, int]] | LayoutFault:
    found, at = [], 0
    try:
        while at < len(data):
            starts, after = layout.record(data, at, len(data))
            found.append((starts, at, after))
            at = after
    except LayoutFault as fault:
        return fault
    return found


def same_reading(category: int, edition: str, data: bytes) -> int:
    """Asserts that both read the same records out of `data`, and says how many."""
    layout = layout_of(category, edition)
    ours = records_of(layout, data)
    theirs = editions_of(category)[edition].cv_uap.parse(Bits.from_bytes(data))
    if isinstance(theirs, ValueError):
        assert isinstance(ours, LayoutFault), theirs
        return 0
    assert not isinstance(ours, LayoutFault), ours
    assert len(ours) == len(theirs)
    for (starts, first, after), record in zip(ours, theirs, strict=True):
        assert data[first:after] == record.unparse().to_bytes()
        assert {name for name in starts if len(name) <= 3} == set(record.items_regular)
        for path, unit in QUANTITIES[category]:
            assert layout.quantity(path, unit)(data, starts) == by_libasterix(record, path, unit), path
        for path in INTEGERS[category]:
            assert layout.integer(path)(data, starts) == by_libasterix(record, path, None), path
    return len(ours)


@st.composite
def valid_record(draw: st.DrawFn, category: int, edition: str) -> bytes:
    """A record that libasterix accepts: any field specification, any contents, cut where libasterix ends it."""
    record = editions_of(category)[edition].cv_uap.cv_record
    slots = [place for place, item in enumerate(record.cv_items_list) if hasattr(item, "cv_non_spare")]
    chosen = draw(st.sets(st.sampled_from(slots), min_size=1, max_size=10))
    fspec = bytearray(max(chosen) // 7 + 1)
    for place in chosen:
        fspec[place // 7] |= 0x80 >> place % 7
    for byte in range(len(fspec) - 1):
        fspec[byte] |= 1
    # Even octets keep extended items, which are told to go on by an odd one, from running out.
    octet = st.one_of(st.integers(0, 255), st.integers(0, 127).map(lambda half: half * 2))
    body = bytes(draw(st.lists(octet, min_size=40, max_size=160)))
    data = bytes(fspec) + body
    parsed = record.parse(ParsingMode.StrictParsing, Bits.from_bytes(data))
    if isinstance(parsed, ValueError):
        return data
    return data[: len(data) - len(parsed[1]) // 8]


@pytest.mark.parametrize(("category", "edition"), EDITIONS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_reads_any_record_as_libasterix_does(category: int, edition: str, data: st.DataObject) -> None:
    one = data.draw(valid_record(category, edition))
    two = data.draw(valid_record(category, edition))
    same_reading(category, edition, one + two)


@pytest.mark.parametrize(("category", "edition"), [(48, "1.32"), (62, "1.21")])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_faults_where_libasterix_faults(category: int, edition: str, data: st.DataObject) -> None:
    valid = bytearray(data.draw(valid_record(category, edition)))
    place = data.draw(st.integers(0, len(valid) - 1))
    valid[place] ^= data.draw(st.integers(1, 255))
    same_reading(category, edition, bytes(valid))
    same_reading(category, edition, bytes(valid[:place]))


@pytest.mark.parametrize("category", [48, 62])
@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=80))
def test_random_bytes_read_the_same(category: int, data: bytes) -> None:
    same_reading(category, next(iter(editions_of(category))), data)


def test_the_generator_makes_valid_records_often() -> None:
    """Or the tests above would compare nothing but faults."""
    count = 0

    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @given(data=valid_record(62, "1.18"))
    def read(data: bytes) -> None:
        nonlocal count
        count += same_reading(62, "1.18", data)

    read()
    assert count >= 15


def test_a_field_that_libasterix_lacks_is_a_fault_of_ours() -> None:
    with pytest.raises(InvariantBroken, match="105/ALT"):
        layout_of(62, "1.18").quantity("105/ALT", "m")
    with pytest.raises(InvariantBroken, match="given in m"):
        layout_of(62, "1.18").quantity("130", "m")
    with pytest.raises(InvariantBroken, match=r"2\.0"):
        layout_of(62, "2.0")
