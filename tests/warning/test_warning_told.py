"""The neighbour hears that our public was warned (docs/spec/warning.md, CAP-12)."""

import msgspec
from tests.node.node_pair import CHANNEL, deliver
from tests.node.test_node_statements import got, last_sent, night
from tests.node.test_node_voice import Night

from redshank.node.commands import IssueWarning
from redshank.node.events import Ticked
from redshank.procedure.incident import Direction
from redshank.terms.message import WarningBody

__all__ = ["night"]  # a fixture


def test_cap_12_the_neighbour_hears_that_the_public_was_warned(night: Night) -> None:
    """CAP-12: an alert that a person issues is told on the channel on which the incident was spoken of; where the
    agreement does not name the type the alert goes out all the same."""
    for _ in range(6):
        night.wait(5)
        night.lt.take(Ticked())
    proposed = next(iter(night.lt.state.alerts.values())).proposal
    before = night.lt.state
    assert night.lt.order(IssueWarning(warning=proposed.id)) is None
    told = last_sent(night.lt)
    assert told.type == "WARNING"
    assert isinstance(told.body, WarningBody)
    assert (told.body.districts, told.body.level.value) == ((proposed.district,), proposed.level.value)
    assert (told.body.from_ms, told.body.until_ms) == (night.lt.now, proposed.expires)
    deliver(night.lt, night.by)
    assert [entry.body for entry in got(night.by, "WARNING")] == [told.body]
    agreement = before.charter.agreements[CHANNEL]
    fewer = tuple(kind for kind in agreement.messages if kind.value != "WARNING")
    bare, held = msgspec.structs.replace(agreement, messages=fewer), before.charter.tables
    tables = msgspec.structs.replace(held, channels={**held.channels, CHANNEL: (bare, held.channels[CHANNEL][1])})
    charter = msgspec.structs.replace(before.charter, tables=tables)
    night.lt.state = msgspec.structs.replace(before, charter=charter)
    assert night.lt.order(IssueWarning(warning=proposed.id)) is None
    assert night.lt.state.alerts[proposed.id].issued_at == night.lt.now
    assert all(entry.type != "WARNING" for entry in night.lt.incidents()[0].messages(CHANNEL, Direction.SENT))
