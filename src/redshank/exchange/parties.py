"""Names and keys of a channel's parties.

Here: the names of logs and witnesses, and the eight public keys of a channel. Not here: private keys (edges),
who decides which key to pin (compose). May know: log, terms.
"""

import re
from collections.abc import Sequence

import msgspec

from redshank.log.note import HybridKey, KeyKind, VerifierKey, hybrid_key, verifier_key
from redshank.terms import limits
from redshank.terms.ids import ChannelId, PartyId
from redshank.terms.refusal import Reason, Refusal

EXERCISE_PREFIX = "exercise/"
"""Prefix of every name in an exercise: an exercise key can not sign for a live log, nor the other way
round."""

_PREFIX = re.compile(r"(?:[a-z0-9-]{1,32}/)?")
_CHANNEL = re.compile(r"([A-Z]{2})-([A-Z]{2})")
YEAR_MIN, YEAR_MAX = 2000, 9999


class PartyKeys(msgspec.Struct, frozen=True):
    """One party's public keys on one channel: of its log, and of its witness, which cosigns the partner's
    log; Ed25519 and ML-DSA-44 each."""

    log: HybridKey
    witness: HybridKey


class RawKeys(msgspec.Struct, frozen=True):
    """A party's four public keys without names: 32 bytes each of Ed25519, 1,312 each of ML-DSA-44."""

    log: bytes
    witness: bytes
    log_mldsa: bytes
    witness_mldsa: bytes


def log_origin(prefix: str, channel: ChannelId, sender: PartyId, year: int, generation: int = 0) -> str:
    """Origin and key name of a sender's log, e.g. ``redshank/BY-LT/LT/2026``; ``redshank/BY-LT/LT/2026/1`` is the one
    that follows it (LOG-18)."""
    first = f"{prefix}redshank/{channel}/{sender}/{year}"
    return f"{first}/{generation}" if generation else first


def witness_name(prefix: str, party: PartyId) -> str:
    """Key name of a party's witness, e.g. ``redshank/BY/witness``."""
    return f"{prefix}redshank/{party}/witness"


def check_channel(prefix: str, channel: str, year: int, generation: int = 0) -> Refusal | None:
    """None when all of it can stand in a name; refuses with WRONG_CHANNEL, WRONG_YEAR or WRONG_GENERATION."""
    match = _CHANNEL.fullmatch(channel)
    if match is None or match[1] >= match[2] or _PREFIX.fullmatch(prefix) is None:
        return Refusal(Reason.WRONG_CHANNEL, "channel", f"no channel: {prefix[:40]!r} {channel[:40]!r}")
    if not YEAR_MIN <= year <= YEAR_MAX:
        return Refusal(Reason.WRONG_YEAR, "year", f"allowed {YEAR_MIN}..{YEAR_MAX}")
    if not 0 <= generation < limits.LOG_GENERATIONS:
        return Refusal(Reason.WRONG_GENERATION, "generation", f"allowed 0..{limits.LOG_GENERATIONS - 1}")
    return None


def party_keys(
    prefix: str, channel: ChannelId, year: int, party: PartyId, public: RawKeys, generation: int = 0
) -> PartyKeys | Refusal:
    """A party's keys under their names; refuses with BAD_KEY, WRONG_CHANNEL, WRONG_YEAR or WRONG_GENERATION."""
    bad = check_channel(prefix, channel, year, generation)
    if bad is not None:
        return bad
    log = hybrid_key(log_origin(prefix, channel, party, year, generation), KeyKind.LOG, public.log, public.log_mldsa)
    witness = hybrid_key(witness_name(prefix, party), KeyKind.WITNESS, public.witness, public.witness_mldsa)
    if isinstance(log, Refusal):
        return log
    return witness if isinstance(witness, Refusal) else PartyKeys(log, witness)


def raw_keys(keys: PartyKeys) -> RawKeys:
    """The same keys without their names."""
    return RawKeys(
        log=keys.log.classic.public_key,
        witness=keys.witness.classic.public_key,
        log_mldsa=keys.log.mldsa.public_key,
        witness_mldsa=keys.witness.mldsa.public_key,
    )


def classic_keys(
    prefix: str, channel: ChannelId, year: int, party: PartyId, log: bytes, witness: bytes
) -> PartyKeys | Refusal:
    """Keys of a party from before the second signature, 32 bytes of Ed25519 each: good for old records only. Refuses
    as `party_keys`."""
    bad = check_channel(prefix, channel, year)
    if bad is not None:
        return bad
    first = verifier_key(log_origin(prefix, channel, party, year), KeyKind.LOG, log)
    second = verifier_key(witness_name(prefix, party), KeyKind.WITNESS, witness)
    if isinstance(first, Refusal):
        return first
    return second if isinstance(second, Refusal) else PartyKeys(HybridKey(first, None), HybridKey(second, None))


def check_keys(
    prefix: str, channel: ChannelId, year: int, party: PartyId, keys: PartyKeys, generation: int = 0
) -> Refusal | None:
    """None when the keys carry the names of this party on this channel; refuses with BAD_KEY."""
    origin, witness = log_origin(prefix, channel, party, year, generation), witness_name(prefix, party)
    wanted = (_kinds(keys.log, origin, KeyKind.LOG), _kinds(keys.witness, witness, KeyKind.WITNESS))
    return None if all(wanted) else Refusal(Reason.BAD_KEY, party, f"keys are named for another log: {keys.log.name!r}")


def _kinds(keys: HybridKey, name: str, classic: KeyKind) -> bool:
    kinds = (classic, KeyKind.MLDSA)
    return all((key.name, key.kind) == (name, kind) for key, kind in zip(keys.both, kinds, strict=False))


def check_log_key(
    prefix: str, channel: ChannelId, year: int, party: PartyId, key: HybridKey, generation: int = 0
) -> Refusal | None:
    """None when the keys carry the name of this party's log on this channel; refuses with BAD_KEY."""
    origin = log_origin(prefix, channel, party, year, generation)
    wanted = ((origin, KeyKind.LOG), (origin, KeyKind.MLDSA))
    fits = tuple((one.name, one.kind) for one in key.both) == wanted
    return None if fits else Refusal(Reason.BAD_KEY, party, f"the key is named for another log: {key.name!r}")


def check_distinct(mine: PartyKeys, partner: PartyKeys | None, others: Sequence[VerifierKey] = ()) -> Refusal | None:
    """None when all public keys, and those of `others`, differ: one key in two roles would let one signature
    serve as another. A partner may have none."""
    hybrids = [hybrid for party in (mine, partner) if party is not None for hybrid in (party.log, party.witness)]
    publics = [key.public_key for key in (*(key for hybrid in hybrids for key in hybrid.both), *others)]
    return None if len(set(publics)) == len(publics) else Refusal(Reason.BAD_KEY, "keys", "one key in two roles")
