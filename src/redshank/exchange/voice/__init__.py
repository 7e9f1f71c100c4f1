"""Voice: any message as a short read-out of numbered groups, for a night when all lines are down (docs/spec/voice.md).

Here: the form, its checks, its comparison with the signed original, the notes of it in a record. Not here: telephones,
what a node does with it, paper. It is an error-detecting code, not authentication. May know: exchange's bounds, terms.
"""

from redshank.exchange.voice.faults import Fault, FaultKind
from redshank.exchange.voice.form import (
    GROUPS_MAX,
    GroupState,
    LiveCheck,
    VoiceForm,
    check_typed,
    coarsened,
    decode,
    encode,
)
from redshank.exchange.voice.layout import Heard
from redshank.exchange.voice.reconcile import Difference, differences
from redshank.exchange.voice.words import split_groups, spoken

__all__ = [
    "GROUPS_MAX", "Difference", "Fault", "FaultKind", "GroupState", "Heard", "LiveCheck", "VoiceForm", "check_typed",
    "coarsened", "decode", "differences", "encode", "split_groups", "spoken",
]  # fmt: skip
