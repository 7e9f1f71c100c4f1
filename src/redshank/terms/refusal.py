"""Refusals: the first of the three kinds of wrong. A refusal is a value, is normal life, and is recorded.

The second kind, *failed*, is an exception from an edge. The third, *broken*, is in `invariant`.
"""

from enum import StrEnum

import msgspec


class Reason(StrEnum):
    """Why something was refused. The codes are part of the wire format (docs/spec) and never change meaning."""

    # feeds
    BAD_TIME = "bad-time"
    LOCAL_TIME = "local-time"
    TIME_NOT_PLAUSIBLE = "time-not-plausible"
    TOO_LATE = "too-late"
    POSITION_NOT_PLAUSIBLE = "position-not-plausible"
    VALUE_NOT_PLAUSIBLE = "value-not-plausible"
    TRUNCATED = "truncated"
    WRONG_EDITION = "wrong-edition"
    WRONG_CATEGORY = "wrong-category"
    UNKNOWN_SOURCE = "unknown-source"
    NO_POSITION = "no-position"
    MALFORMED = "malformed"
    UNKNOWN_FIELD = "unknown-field"
    TOO_LARGE = "too-large"
    UNKNOWN_PLACE = "unknown-place"
    AMBIGUOUS_PLACE = "ambiguous-place"
    # messages and logs
    NOT_CANONICAL = "not-canonical"
    WRONG_CHANNEL = "wrong-channel"
    WRONG_SENDER = "wrong-sender"
    WRONG_SERIAL = "wrong-serial"
    WRONG_YEAR = "wrong-year"
    UNKNOWN_TYPE = "unknown-type"
    UNKNOWN_INCIDENT = "unknown-incident"
    UNKNOWN_MESSAGE = "unknown-message"
    UNKNOWN_TRACK = "unknown-track"
    BAD_SIGNATURE = "bad-signature"
    BAD_KEY = "bad-key"
    BAD_NOTE = "bad-note"
    WRONG_ORIGIN = "wrong-origin"
    WRONG_SIZE = "wrong-size"
    OVERTAKEN = "overtaken"
    FORKED = "forked"
    SHRUNKEN = "shrunken"
    REPLAYED = "replayed"
    BACK_DATED = "back-dated"
    BAD_PROOF = "bad-proof"
    NO_CONTRADICTION = "no-contradiction"
    NOT_WITNESSED = "not-witnessed"
    WRONG_CHECK = "wrong-check"
    NOT_HYBRID = "not-hybrid"
    WRONG_GENERATION = "wrong-generation"
    LOG_ENDED = "log-ended"
    WRONG_OPENING = "wrong-opening"
    NOT_AGREED = "not-agreed"
    NOT_CORRECTABLE = "not-correctable"
    OTHER_TYPE = "other-type"
    ALREADY_CANCELLED = "already-cancelled"
    # procedure, release, people
    NOT_IN_TABLE = "not-in-table"
    CHANNEL_NOT_ACTIVE = "channel-not-active"
    NOT_RELEASED = "not-released"
    NOT_ALLOWED = "not-allowed"
    ALREADY_CLOSED = "already-closed"
    BUSY = "busy"


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """A named no: the reason code, the field (or item) it is about, and one sentence that says what to do."""

    reason: Reason
    field: str
    detail: str = ""

    def __str__(self) -> str:
        return (
            f"{self.reason.value}: {self.field}: {self.detail}" if self.detail else f"{self.reason.value}: {self.field}"
        )
