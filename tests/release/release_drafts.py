"""Drafts and strategies for the tests of the release room."""

from hypothesis import strategies as st

from redshank.release.policy import Policy
from redshank.release.reader import parse_policy
from redshank.terms.crossing import BorderForecast, Crossing, DistrictForecast, Forecast, Stretch, TimeWindow
from redshank.terms.draft import FormDraft, TrackDraft
from redshank.terms.geo import Position
from redshank.terms.ids import (
    BorderId,
    ChannelId,
    CountryId,
    DistrictId,
    IncidentId,
    PartyId,
    SourceId,
    TrackId,
)
from redshank.terms.instants import Instant
from redshank.terms.message import (
    AckBody,
    AgreeCloseBody,
    Answer,
    CloseBody,
    MessageType,
    Outcome,
    Phase,
    QueryBody,
    Question,
    ReplyBody,
    TestBody,
)
from redshank.terms.track import Life, SearchArea, Status, Track, TrailPoint

NOW = Instant(1_778_113_807_123)
LT, BY = PartyId("LT"), PartyId("BY")
SECRET = SourceId("radar-secret-7")

POLICY_TEXT = """
policy: test
party: LT
rules:
  - id: strip
    effect: allow
    partners: [BY]
    types: [NOTICE, UPDATE, LOST]
    within_km: 50
    coarsen: {position_m: 1000, time_s: 10, course_deg: 15, speed_kmh: 20, permille: 50}
    strip: [altitude, status]
    automatic: true
  - id: forms
    effect: allow
    partners: [BY]
    types: [TEST, TEST-REPLY, QUERY, REPLY, ACK, CLOSE, AGREE-CLOSE]
    coarsen: {time_s: 10}
    automatic: true
"""
POLICY = parse_policy(POLICY_TEXT)
DENY_ALL = Policy(policy="none", party=LT, rules=())


def covariance(sigma_m=200.0, sigma_mps=5.0):
    p, v = sigma_m**2, sigma_mps**2
    return (p, 0.0, 0.0, 0.0, 0.0, p, 0.0, 0.0, 0.0, 0.0, v, 0.0, 0.0, 0.0, 0.0, v)


def track(**changes):
    fields = {
        "id": TrackId("LT/4711"),
        "observer": LT,
        "at": Instant(NOW - 2_000),
        "position": Position(54.5, 25.5),
        "velocity_e_mps": -30.0,
        "velocity_n_mps": 20.0,
        "covariance": covariance(),
        "altitude_m": 437.0,
        "status": Status.UAV,
        "life": Life.LIVE,
        "sources": (SECRET,),
        "first_at": Instant(NOW - 90_000),
        "last_report_at": Instant(NOW - 3_000),
        "reports": 9,
    }
    return Track(**(fields | changes))


def forecast(places=((("LT|BY"), "BY", "LT"),), districts=("BY", "LT")):
    window = TimeWindow(Instant(NOW + 61_001), Instant(NOW + 95_003), Instant(NOW + 131_007))
    at = Position(54.512345, 25.612345)
    return Forecast(
        track=TrackId("LT/4711"),
        made_at=NOW,
        horizon_ms=3_600_000,
        over=CountryId("BY"),
        borders=tuple(
            BorderForecast(BorderId(b), CountryId(o), CountryId(i), 0.731, window, Stretch(at, at, at, 900.0))
            for b, o, i in places
        ),
        districts=tuple(
            DistrictForecast(DistrictId(f"{c}-{n:03d}"), CountryId(c), "x", 0.9 - n / 100, window, NOW)
            for c in districts
            for n in range(60)
        ),
    )


def draft(**changes):
    fields = {
        "type": MessageType.NOTICE,
        "channel": ChannelId("BY-LT"),
        "partner": BY,
        "incident": IncidentId("LT-2026-000001"),
        "object_number": 1,
        "track": track(),
        "phase": Phase.POSSIBLE,
        "distance_to_partner_m": 12_000.0,
        "forecast": forecast(),
    }
    return TrackDraft(**(fields | changes))


def crossing():
    return Crossing(
        TrackId("LT/4711"),
        BorderId("LT|BY"),
        CountryId("BY"),
        CountryId("LT"),
        Instant(NOW - 1_234),
        Position(54.5111, 25.5999),
    )


def search():
    return SearchArea(NOW, Position(54.6, 25.6), 4_321.0, Position(54.55, 25.55), Instant(NOW - 61_111))


BODIES = {
    MessageType.TEST: TestBody(3),
    MessageType.TEST_REPLY: TestBody(3),
    MessageType.QUERY: QueryBody(1, Question.YOURS_OR_KNOWN),
    MessageType.REPLY: ReplyBody(Answer.UNKNOWN),
    MessageType.ACK: AckBody("duty-officer"),
    MessageType.AGREE_CLOSE: AgreeCloseBody("yes"),
    MessageType.CLOSE: CloseBody(
        outcome=Outcome.LOST, objects=1, first_observed_ms=Instant(NOW - 99_999), last_observed_ms=NOW
    ),
}


def form(kind, **changes):
    fields = {"type": kind, "channel": ChannelId("BY-LT"), "partner": BY, "body": BODIES[kind], "by_person": True}
    return FormDraft(**(fields | changes))


finite = st.floats(allow_nan=False, allow_infinity=False, width=32)
positions = st.builds(Position, st.floats(47.5, 61.5), st.floats(10.5, 35.5))
sigmas = st.floats(1.0, 5_000.0)


@st.composite
def tracks(draw):
    return track(
        position=draw(positions),
        velocity_e_mps=draw(st.floats(-150, 150)),
        velocity_n_mps=draw(st.floats(-150, 150)),
        covariance=covariance(draw(sigmas), draw(st.floats(0.1, 50))),
        altitude_m=draw(st.none() | st.floats(-100, 9e3)),
        status=draw(st.sampled_from(Status)),
        life=draw(st.sampled_from(Life)),
        reports=draw(st.integers(1, 99)),
        cooperative=draw(st.booleans()),
        at=Instant(NOW - draw(st.integers(0, 99_999))),
        trail=draw(st.lists(st.builds(TrailPoint, st.just(NOW), positions), max_size=2).map(tuple)),
    )


track_drafts = st.builds(
    draft,
    track=tracks(),
    partner=st.sampled_from([BY, PartyId("LV"), PartyId("PL")]),
    type=st.sampled_from([MessageType.NOTICE, MessageType.UPDATE, MessageType.LOST]),
    search=st.just(search()),
    distance_to_partner_m=st.floats(0, 3e5),
    forecast=st.none() | st.just(forecast()),
    by_person=st.booleans(),
)
form_drafts = st.builds(form, st.sampled_from(list(BODIES)), by_person=st.booleans())
