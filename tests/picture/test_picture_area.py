"""Where own tracks can be held: wider than the map that forecasts are made on, and no wider than the plane serves."""

import pytest
from msgspec.structs import replace
from tests.picture.picture_scene import LT, at, system

from redshank.picture import Picture, absorb, own_tracks
from redshank.terms.geo import PICTURE_AREA, REGION, Position, grid_turn
from redshank.terms.ids import SourceId
from redshank.terms.refusal import Reason

ADRIATIC = Position(42.5, 16.0)
SAHARA = Position(23.0, 10.0)


def seen_at(place: Position) -> Picture:
    return absorb(Picture.empty(LT), [replace(system(0, 0, 0), position=place)], at(0))


def test_a_track_off_the_map_is_held_where_it_was_seen():
    assert not REGION.holds(ADRIATIC.lat_deg, ADRIATIC.lon_deg)
    (track,) = own_tracks(seen_at(ADRIATIC))
    assert track.position.lat_deg == pytest.approx(ADRIATIC.lat_deg, abs=1e-9)
    assert track.position.lon_deg == pytest.approx(ADRIATIC.lon_deg, abs=1e-9)


def test_a_place_where_the_plane_does_not_serve_is_refused_by_name():
    picture = seen_at(SAHARA)
    assert own_tracks(picture) == ()
    assert picture.sources[SourceId("national")].refused == {Reason.POSITION_NOT_PLAUSIBLE: 1}


def test_the_plane_s_scale_is_off_by_little_in_the_whole_area():
    a = PICTURE_AREA
    for lat in (a.lat_min_deg, a.lat_max_deg):
        for lon in (a.lon_min_deg, a.lon_max_deg):
            assert float(grid_turn(lat, lon)[1]) == pytest.approx(1.0, abs=0.051)
