"""Claims: what the manifest says of the channel and its keys, held against what the user brought (REC-2, REC-3,
REC-12, REC-20). Nobody signed it."""

from collections.abc import Mapping

import msgspec
from msgspec import UNSET, UnsetType

from redshank.exchange.chain import generation_of
from redshank.exchange.parties import PartyKeys, check_channel, check_distinct, check_keys
from redshank.exchange.record import (
    CLASSIC_VERSION,
    MANIFEST,
    RECORD_VERSION,
    ClaimedKeys,
    ClaimedWitnesses,
    Manifest,
    claimed_witnesses,
    encode_manifest,
)
from redshank.exchange.witnessing import WitnessPolicy, parse_witnesses
from redshank.log.note import HybridKey, parse_vkey
from redshank.terms.ids import ChannelId, PartyId, parties_of
from redshank.terms.refusal import Reason, Refusal


def read_manifest(files: Mapping[str, bytes]) -> Manifest | Refusal:
    """What the record is about; refuses with TRUNCATED, MALFORMED, NOT_CANONICAL, UNKNOWN_TYPE, WRONG_CHANNEL,
    WRONG_YEAR, WRONG_GENERATION or BAD_KEY."""
    data = files.get(MANIFEST)
    if data is None:
        return Refusal(Reason.TRUNCATED, MANIFEST, "missing")
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
        canonical = encode_manifest(manifest) == data
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Refusal(Reason.MALFORMED, MANIFEST, str(error)[:200])
    if not canonical:
        return Refusal(Reason.NOT_CANONICAL, MANIFEST, "spelled otherwise")
    bad = _misversioned(manifest) or check_channel(
        manifest.prefix, manifest.channel, manifest.year, generation_of(manifest)
    )
    if bad is not None:
        return bad
    return _misheld(manifest) or manifest


def _misversioned(manifest: Manifest) -> Refusal | None:
    """None when the manifest has what its version has, and nothing of another one."""
    if manifest.v not in (CLASSIC_VERSION, RECORD_VERSION):
        return Refusal(Reason.UNKNOWN_TYPE, "v", f"version {manifest.v}, this is {RECORD_VERSION}")
    if manifest.generation == 0 or (manifest.v == CLASSIC_VERSION and manifest.generation is not UNSET):
        return Refusal(Reason.MALFORMED, MANIFEST, "the first logs, and those of version 1, name no generation")
    if (manifest.witnesses is UNSET) is (manifest.v == RECORD_VERSION):
        return Refusal(
            Reason.MALFORMED, MANIFEST, "version 2 names its third parties, if only none; version 1 has none"
        )
    if manifest.by_voice is not UNSET and manifest.generation is not UNSET:
        return Refusal(Reason.MALFORMED, MANIFEST, "a lone log is followed by none")
    if manifest.by_voice is not UNSET and manifest.v == CLASSIC_VERSION:
        return Refusal(Reason.MALFORMED, MANIFEST, "version 1 has keys of both parties")
    second = [key for keys in manifest.keys.values() for key in (keys.log_mldsa, keys.witness_mldsa)]
    if any((key is None) is (manifest.v == RECORD_VERSION) for key in second):
        return Refusal(Reason.MALFORMED, MANIFEST, "version 2 has ML-DSA-44 keys, and version 1 has none")
    return None


def _misheld(manifest: Manifest) -> Refusal | None:
    """None when the keys are those of both parties, or of the one beside a party `by_voice` (REC-20)."""
    parties = parties_of(ChannelId(manifest.channel))
    if manifest.by_voice is not UNSET and manifest.by_voice not in parties:
        return Refusal(Reason.WRONG_SENDER, "by_voice", f"{manifest.by_voice[:20]!r} is no party of the channel")
    if sorted(manifest.keys) != [party for party in parties if party != manifest.by_voice]:
        return Refusal(Reason.BAD_KEY, "keys", "needs the keys of both parties and no others, but for one by voice")
    return None


def keys_of(manifest: Manifest, pinned: Mapping[PartyId, PartyKeys] | None) -> dict[PartyId, PartyKeys] | Refusal:
    """The keys to check with, by party, none for one by voice; refuses with BAD_KEY those that are others than the
    pinned ones, or none."""
    channel, keys = ChannelId(manifest.channel), dict[PartyId, PartyKeys]()
    for party in parties_of(channel):
        if party == manifest.by_voice:
            if pinned is not None and party in pinned:
                return Refusal(Reason.BAD_KEY, party, "the record claims that it has no keys, and some are pinned")
            continue
        found = _parsed(manifest.keys[party])
        if isinstance(found, Refusal):
            return found
        wanted = found if pinned is None else pinned.get(party)
        if wanted != found:
            return Refusal(Reason.BAD_KEY, party, "the record claims other keys than the pinned ones")
        bad = check_keys(manifest.prefix, channel, manifest.year, party, found, generation_of(manifest))
        if bad is not None:
            return bad
        keys[party] = found
    return check_distinct(*_both(keys)) or keys


def _both(keys: Mapping[PartyId, PartyKeys]) -> tuple[PartyKeys, PartyKeys | None]:
    """The keys of both parties, or of the one that has any."""
    one, *others = keys.values()
    return one, others[0] if others else None


def _parsed(keys: ClaimedKeys) -> PartyKeys | Refusal:
    log, witness = _hybrid(keys.log, keys.log_mldsa), _hybrid(keys.witness, keys.witness_mldsa)
    if isinstance(log, Refusal):
        return log
    return witness if isinstance(witness, Refusal) else PartyKeys(log, witness)


def _hybrid(classic: str, mldsa: str | None) -> HybridKey | Refusal:
    first, second = parse_vkey(classic), None if mldsa is None else parse_vkey(mldsa)
    if isinstance(first, Refusal):
        return first
    return second if isinstance(second, Refusal) else HybridKey(first, second)


def policy_of(
    manifest: Manifest, keys: Mapping[PartyId, PartyKeys], pinned: WitnessPolicy | None
) -> WitnessPolicy | Refusal:
    """The third-party witnesses to check with; refuses with BAD_KEY or VALUE_NOT_PLAUSIBLE."""
    said = ClaimedWitnesses() if isinstance(manifest.witnesses, UnsetType) else manifest.witnesses
    claimed = parse_witnesses(said.required, [("witnesses", vkeys) for vkeys in said.of])
    if isinstance(claimed, Refusal):
        return claimed
    if pinned is not None and claimed_witnesses(pinned) != said:
        return Refusal(Reason.BAD_KEY, "witnesses", "the record claims other witnesses than the pinned ones")
    third = [key for witness in claimed.witnesses for key in witness.keys]
    return check_distinct(*_both(keys), third) or claimed
