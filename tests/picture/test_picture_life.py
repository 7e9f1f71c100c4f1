"""A long random life of a picture: whatever comes in whatever order, its books agree with one another at every step."""

import msgspec
import numpy as np
import pytest
from tests.picture.picture_scene import BY, LT, LV, at, plot, sighting, system, told

from redshank.picture import (
    Picture,
    absorb,
    advance,
    ellipse_95,
    fused,
    own_tracks,
    partner_lost,
    receive,
    search_area,
    track,
    withdraw,
)
from redshank.terms.ids import TrackId
from redshank.terms.refusal import Refusal
from redshank.terms.track import HorizontalCovariance, Life, Report, Track


def some_reports(draw: np.random.Generator, now: float) -> list[Report]:
    """Few objects, many sources, so that everything meets; some covariances as thin as they may be."""
    made: list[Report] = []
    for _ in range(draw.integers(0, 6)):
        k = int(draw.integers(0, 3))
        x, y = 45.0 * now + draw.normal(0, 80), 1_500.0 * k + draw.normal(0, 80)
        when = now - draw.choice([0.0, 1.0, 4.0, 9.0, 30.0], p=[0.5, 0.2, 0.15, 0.1, 0.05])
        kind = draw.integers(0, 4)
        if kind == 0:
            made.append(plot(x, y, when, source=f"radar-{draw.integers(0, 2)}"))
        elif kind == 1:
            made.append(sighting(x, y, when, 10 ** draw.uniform(2, 4.6)))
        else:
            made.append(system(x, y, when, (45.0, 0.0), k, f"national-{kind}", ended=bool(draw.random() < 0.05)))
        if draw.random() < 0.3:
            thin = 10 ** draw.uniform(0, 9)
            made[-1] = msgspec.structs.replace(made[-1], covariance=HorizontalCovariance(thin, thin**0.5, 1.0))
    return made


def some_told(draw: np.random.Generator, now: float) -> Track:
    partner = (LV, BY)[draw.integers(0, 2)]
    k = draw.integers(0, 4)
    sigma = 10 ** draw.uniform(0, 4.5)
    return told(
        45.0 * now + draw.normal(0, 300),
        1_500.0 * k + draw.normal(0, 300),
        now - draw.uniform(0, 20),
        sigma_m=sigma,
        sigma_mps=10 ** draw.uniform(-1, 2),
        name=f"{partner}/{k}",
        observer=partner,
    )


def stepped(picture: Picture, draw: np.random.Generator, now: float) -> Picture:
    picture = absorb(picture, some_reports(draw, now), at(now))
    if draw.random() < 0.4:
        shown = some_told(draw, now)
        lineage = frozenset(party for party in (LT, LV, BY) if draw.random() < 0.5) or None
        got = receive(picture, shown.observer, shown, at(now), lineage)
        picture = picture if isinstance(got, Refusal) else got
    if picture.received and draw.random() < 0.1:
        chosen = sorted(picture.received)[0]
        area = search_area(picture.received[chosen].track, at(now))
        lost = partner_lost(picture, chosen, area, at(now)) if draw.random() < 0.5 else withdraw(picture, chosen)
        assert isinstance(lost, Picture)
        picture = lost
    check(picture, now)
    if draw.random() < 0.8:
        picture, facts = advance(picture, at(now))
        for fact in facts:
            shown_now = track(picture, fact.track)
            assert isinstance(shown_now, Track)
            assert shown_now.life is Life.LOST
        check(picture, now)
    return picture


def check(picture: Picture, now: float) -> None:
    """The books agree, every object is shown once, every covariance is one."""
    for key, owner in picture.system.items():
        assert any(part.key == key for part in picture.own[owner].parts)
    assert not set(picture.aliases) & set(picture.own)
    for own in picture.own.values():
        assert own.parts
        assert len([part for part in own.parts if part.source is None]) <= 1
    members = [member for one in fused(picture, at(now)) for member in one.members]
    shown = {i for i, own in picture.own.items() if own.life is not Life.ENDED}
    shown |= {i for i, received in picture.received.items() if received.track.life is not Life.ENDED}
    assert sorted(members) == sorted(shown)
    for one in (*own_tracks(picture), *(f.track for f in fused(picture, at(now)))):
        matrix = np.reshape(one.covariance, (4, 4))
        assert (matrix == matrix.T).all()
        sigma = np.sqrt(np.diag(matrix))
        assert np.linalg.eigvalsh(matrix / np.outer(sigma, sigma))[0] > 0
        assert ellipse_95(one)[0] > 0


@pytest.mark.parametrize("seed", range(5))
def test_a_long_random_life(seed):
    draw = np.random.default_rng(seed)
    picture, now = Picture.empty(LT), 0.0
    for _ in range(150):
        now += float(draw.choice([0.2, 1.0, 5.0, 40.0, 900.0], p=[0.3, 0.4, 0.25, 0.04, 0.01]))
        picture = stepped(picture, draw, now)
    assert picture.next_number > 1
    assert isinstance(track(picture, TrackId("LT/0")), Refusal)
