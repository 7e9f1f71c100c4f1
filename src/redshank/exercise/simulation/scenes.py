"""Scenes: who takes part, with which keys, policies and agreements, and what flies where.

Here: nodes' first states from the data that ships with the program, test keys from seeded bytes, flights across real
borders and what each party's sensors report of them. The map is loaded once per process. Not here: time (world).
"""

import hashlib
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from redshank.compose.build import packaged, read_geography, read_tables, read_texts
from redshank.decode.decoded import Decoded, velocity
from redshank.exchange.parties import EXERCISE_PREFIX, PartyKeys, RawKeys, party_keys
from redshank.exchange.session import Session, open_session
from redshank.forecast.geography import Geography
from redshank.node.state import Charter, NodeState
from redshank.picture import Picture
from redshank.procedure.agreement import Agreement, in_force, parse_agreement
from redshank.procedure.incident import Incidents
from redshank.procedure.table import ProcedureTable
from redshank.release.policy import Policy
from redshank.release.reader import parse_policy
from redshank.terms.geo import Position, destination
from redshank.terms.ids import ChannelId, PartyId, SourceId, channel_between
from redshank.terms.instants import MINUTE_MS, SECOND_MS, Instant
from redshank.terms.invariant import InvariantBroken
from redshank.terms.refusal import Refusal
from redshank.terms.track import HorizontalCovariance, Report, ReportKind
from redshank.warning.proposal import Rules, parse_rules
from redshank.warning.texts import Texts

T = TypeVar("T")

SHORT_MS = 3 * MINUTE_MS

START = Instant(1_778_113_800_000)  # 2026-05-07T00:30:00Z
YEAR = 2026

CASTS = (
    ("BY", "LT"), ("BY", "LV"), ("BY", "PL"), ("EE", "LV"), ("LT", "LV"), ("BY", "LT", "LV"), ("BY", "LT", "PL"),
    ("BY", "LT", "LV", "PL"), ("BY", "EE", "LT", "LV", "PL"),
)  # fmt: skip
"""Who may take part; EE and BY have a dormant agreement, LV and PL have none."""

GATES = {
    "BY-LT": Position(54.53, 25.72), "BY-LV": Position(55.80, 27.30), "BY-PL": Position(53.50, 23.65),
    "EE-LV": Position(57.77, 26.00), "LT-LV": Position(56.38, 25.00), "LT-PL": Position(54.33, 22.90),
}  # fmt: skip
"""A place near the border of each pair."""


class Keys:
    """A party's private keys. Test keys: whoever knows the seed knows them."""

    def __init__(self, seed: int, party: PartyId) -> None:
        self.seed, self.party = seed, party
        self._log, self._witness = _key(seed, party, "log"), _key(seed, party, "witness")
        self._log_mldsa = MLDSA44PrivateKey.from_seed_bytes(_secret(seed, party, "log ml-dsa"))
        self._witness_mldsa = MLDSA44PrivateKey.from_seed_bytes(_secret(seed, party, "witness ml-dsa"))

    def sign_with_log_key(self, message: bytes) -> bytes:
        """Ed25519 signature (64 bytes) by the log key."""
        return self._log.sign(message)

    def sign_with_witness_key(self, message: bytes) -> bytes:
        """Ed25519 signature (64 bytes) by the witness key."""
        return self._witness.sign(message)

    def sign_with_log_mldsa_key(self, message: bytes) -> bytes:
        """ML-DSA-44 signature (2,420 bytes) by the log's second key."""
        return self._log_mldsa.sign(message)

    def sign_with_witness_mldsa_key(self, message: bytes) -> bytes:
        """ML-DSA-44 signature (2,420 bytes) by the witness's second key."""
        return self._witness_mldsa.sign(message)

    def public(self, channel: ChannelId, party: PartyId) -> PartyKeys:
        """The public keys under their names on one channel."""
        return _sound(party_keys(EXERCISE_PREFIX, channel, YEAR, party, self.raw()))

    def raw(self) -> RawKeys:
        """The public keys without names."""
        keys = (self._log, self._witness, self._log_mldsa, self._witness_mldsa)
        return RawKeys(*(key.public_key().public_bytes_raw() for key in keys))


class Bunch(Keys):
    """A party's sets of keys, of which it is the first itself; signs a turn with the one that is asked for."""

    def __init__(self, *sets: Keys) -> None:
        super().__init__(sets[0].seed, sets[0].party)
        self.sets = sets

    def holding(self, keys: PartyKeys) -> Keys:
        """The set with these public keys. Raises InvariantBroken."""
        for one in self.sets:
            if one.raw().log == keys.log.classic.public_key:
                return one
        raise InvariantBroken("nothing is signed with keys that are not there")


def _key(seed: int, party: PartyId, role: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_secret(seed, party, role))


def _secret(seed: int, party: PartyId, role: str) -> bytes:
    return hashlib.blake2b(f"redshank simulation, {seed}, {party}, {role}".encode(), digest_size=32).digest()


def _sound(value: T | Refusal) -> T:
    if isinstance(value, Refusal):
        raise InvariantBroken(f"the simulation's own set-up was refused: {value}")
    return value


# --- nodes ------------------------------------------------------------------------------------------------------------


class Law(msgspec.Struct, frozen=True):
    """What all nodes of all seeds share; it never changes."""

    geography: Geography
    tables: dict[str, ProcedureTable]
    agreements: dict[ChannelId, Agreement]
    rules: Rules
    texts: Texts


@cache
def law() -> Law:
    """The map, procedures, agreements and texts in force; about a second, once per process."""
    folder = files("redshank.procedure").joinpath("agreements")
    agreements = [parse_agreement(entry.read_text(encoding="utf-8")) for entry in folder.iterdir()]
    return Law(
        geography=read_geography(),
        tables=read_tables(),
        agreements={agreement.channel: agreement for agreement in agreements},
        rules=parse_rules(packaged("redshank.warning", "rules.yaml")),
        texts=Texts(read_texts()),
    )


@cache
def policy_of(party: PartyId) -> Policy:
    """The release policy that ships for a party."""
    return parse_policy(packaged("redshank.release", "policies", f"{party}.yaml"))


def fresh_state(party: PartyId, cast: Mapping[PartyId, Keys]) -> NodeState:
    """A node that has heard nothing yet, with a channel to each partner with whom there is an agreement."""
    shared = law()
    channels = {other: channel_between(party, other) for other in cast if other != party}
    channels = {other: channel for other, channel in channels.items() if channel in shared.agreements}
    agreements = {channel: shared.agreements[channel] for channel in channels.values()}
    charter = Charter(
        party=party,
        exercise=True,
        geography=shared.geography,
        policy=policy_of(party),
        agreements=agreements,
        tables=in_force(shared.tables, agreements),
        warning_rules=shared.rules,
        warning_texts=shared.texts,
        alert_sender=f"civil-protection.{party.lower()}",
        open_at_probability=0.3,
    )
    return NodeState(
        charter=charter,
        picture=Picture.empty(party),
        incidents=Incidents.none(party),
        sessions={channel: _session(party, other, channel, cast) for other, channel in channels.items()},
        lines={},
    )


def _session(me: PartyId, partner: PartyId, channel: ChannelId, cast: Mapping[PartyId, Keys]) -> Session:
    keys, theirs = cast[me].public(channel, me), cast[partner].public(channel, partner)
    opened = open_session(prefix=EXERCISE_PREFIX, channel=channel, me=me, year=YEAR, keys=keys, partner_keys=theirs)
    return _sound(opened)


# --- what flies -------------------------------------------------------------------------------------------------------


class Sensor(msgspec.Struct, frozen=True):
    """How one party sees one flight: as plots, as a system track or by people; and how often."""

    kind: ReportKind
    probability: float


class Flight(msgspec.Struct, frozen=True, kw_only=True):
    """Straight legs with one turn, across or past a gate. Numbered from 1."""

    number: int
    begins: Instant
    ends: Instant
    start: Position
    course_deg: float
    speed_mps: float
    turns_at: Instant
    turn_deg: float
    sensors: dict[PartyId, Sensor]

    def course_at(self, now: Instant) -> float:
        """Degrees true."""
        return self.course_deg if now < self.turns_at else self.course_deg + self.turn_deg

    def position_at(self, now: Instant) -> Position:
        """Where it is, between its begin and its end."""
        straight_s = (min(now, self.turns_at) - self.begins) / SECOND_MS
        corner = destination(self.start, self.course_deg, straight_s * self.speed_mps)
        if now < self.turns_at:
            return corner
        after_s = (now - self.turns_at) / SECOND_MS
        return destination(corner, self.course_deg + self.turn_deg, after_s * self.speed_mps)


def draw_flights(rng: np.random.Generator, cast: tuple[PartyId, ...], span_ms: int) -> tuple[Flight, ...]:
    """One to three flights (in a short run, to two), each at a gate between two parties that take part."""
    pairs = [GATES[name] for name in sorted(GATES) if set(name.split("-")) <= set(cast)]
    most = int(rng.integers(1, 4 if span_ms > SHORT_MS else 3))
    return tuple(_flight(rng, number, pairs, cast, span_ms) for number in range(1, most + 1))


def _flight(
    rng: np.random.Generator, number: int, gates: list[Position], cast: tuple[PartyId, ...], span_ms: int
) -> Flight:
    gate = destination(gates[int(rng.integers(len(gates)))], float(rng.uniform(0, 360)), float(rng.uniform(0, 12_000)))
    course, speed_mps = float(rng.uniform(0, 360)), float(rng.uniform(18, 55))
    begins = Instant(START + int(rng.uniform(0, 0.6) * span_ms))
    return Flight(
        number=number,
        begins=begins,
        ends=Instant(begins + int(rng.uniform(2, 12) * MINUTE_MS)),
        start=destination(gate, course + 180.0, float(rng.uniform(4_000, 25_000))),
        course_deg=course,
        speed_mps=speed_mps,
        turns_at=Instant(begins + int(rng.uniform(1, 8) * MINUTE_MS)),
        turn_deg=float(rng.uniform(-150, 150)),
        sensors={party: _sensor(rng) for party in cast if rng.random() < 0.8},
    )


def _sensor(rng: np.random.Generator) -> Sensor:
    kind = (ReportKind.TRACK, ReportKind.TRACK, ReportKind.PLOT, ReportKind.SIGHTING)[int(rng.integers(4))]
    return Sensor(kind, 0.08 if kind is ReportKind.SIGHTING else float(rng.uniform(0.7, 1.0)))


def source_of(party: PartyId) -> SourceId:
    """The one source of a node; its name must never leave."""
    return SourceId(f"sensor-of-{party.lower()}")


def reports(flights: tuple[Flight, ...], party: PartyId, now: Instant, rng: np.random.Generator) -> Decoded:
    """What a party's sensors report now."""
    seen = []
    for flight in flights:
        sensor = flight.sensors.get(party)
        if sensor is not None and flight.begins <= now < flight.ends and rng.random() < sensor.probability:
            seen.append(_report(flight, sensor, party, now, rng))
    return Decoded(reports=tuple(seen))


def _report(flight: Flight, sensor: Sensor, party: PartyId, now: Instant, rng: np.random.Generator) -> Report:
    sigma_m = 1_500.0 if sensor.kind is ReportKind.SIGHTING else 80.0
    bearing, off_m = float(rng.uniform(0, 360)), abs(float(rng.normal(0, sigma_m)))
    east, north = velocity(flight.speed_mps, math.fmod(flight.course_at(now), 360.0))
    report = Report(
        source=source_of(party),
        kind=sensor.kind,
        at=now,
        position=destination(flight.position_at(now), bearing, off_m),
        covariance=HorizontalCovariance(sigma_m**2, 0.0, sigma_m**2),
        altitude_m=300.0,
    )
    if sensor.kind is not ReportKind.TRACK:
        return report
    return msgspec.structs.replace(
        report, velocity_e_mps=east, velocity_n_mps=north, sigma_velocity_mps=4.0, track_number=900 + flight.number
    )
