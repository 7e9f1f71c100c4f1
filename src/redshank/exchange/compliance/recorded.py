"""Recorded: the copies of a channel's logs in a record that was examined. May know: exchange.audit, log, terms."""

from collections.abc import Iterator, Mapping

from redshank.exchange.audit.proven_log import ProvenLog
from redshank.exchange.chain import generation_of
from redshank.exchange.compliance.copies import LogCopy
from redshank.exchange.envelope import Place
from redshank.exchange.record import Manifest
from redshank.exchange.verifier import Examined
from redshank.log import tiles
from redshank.terms.ids import ChannelId
from redshank.terms.invariant import require
from redshank.terms.refusal import Refusal


def copies_in(examined: Examined, files: Mapping[str, bytes]) -> tuple[LogCopy, ...]:
    """Both logs of a record, with the receipts that hold. Of a record that is not in order there may be fewer entries
    than were signed: whoever shows a report of it says so."""
    manifest = examined.report.manifest
    if manifest is None:
        return ()
    return tuple(_copy(log, manifest, files) for log in examined.logs if not log.keyless)


def _copy(log: ProvenLog, manifest: Manifest, files: Mapping[str, bytes]) -> LogCopy:
    party, size = log.direction.party, log.direction.size

    def read() -> Iterator[bytes]:
        for tile in tiles.entry_bundles(size):
            bundle = tiles.parse_bundle(files[f"{party}/{tile.path}"])
            require(not isinstance(bundle, Refusal), "a bundle that was proven is read again as it was")
            yield from () if isinstance(bundle, Refusal) else bundle

    first = Place(ChannelId(manifest.channel), party, manifest.year, 0, generation_of(manifest))
    return LogCopy(first, size, log.receipts, read)
