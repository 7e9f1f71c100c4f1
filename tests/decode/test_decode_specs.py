"""The specifications in the file are those of libasterix, to the last item of each edition."""

from importlib.resources import files

import msgspec

from redshank.decode.source import CATEGORIES
from redshank.decode.specs import Editions, editions_of, spec_of_record


def test_the_file_holds_what_libasterix_says():
    packed = files("redshank.decode").joinpath("specs.msgpack").read_bytes()
    kept = msgspec.msgpack.decode(packed, type=Editions)
    assert tuple(kept) == tuple(CATEGORIES)
    for category, editions in kept.items():
        theirs = editions_of(category)
        assert list(editions) == list(theirs)
        for edition, spec in editions.items():
            assert spec == spec_of_record(theirs[edition].cv_uap.cv_record), (category, edition)
