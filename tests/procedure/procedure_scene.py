"""A scene of two parties: texts that ship, messages by name, and one side's incidents."""

from importlib.resources import files

from redshank.procedure import record
from redshank.procedure.agreement import Agreement, Tables, in_force, parse_agreement
from redshank.procedure.incident import Incident, Incidents, OpenedBy
from redshank.procedure.kinds import SHIPPED
from redshank.procedure.table import ProcedureTable, parse_table
from redshank.terms.geo import Position
from redshank.terms.ids import ChannelId, IncidentId, PartyId, TrackId
from redshank.terms.instants import Instant
from redshank.terms.message import (
    AckBody,
    AgreeCloseBody,
    Answer,
    Body,
    CloseBody,
    LostBody,
    Message,
    MessageType,
    NoticeBody,
    ObjectState,
    Outcome,
    Phase,
    PointE7,
    QueryBody,
    Question,
    ReplyBody,
)
from redshank.terms.refusal import Refusal
from redshank.terms.track import Status, Track

ROOM = files("redshank.procedure")
NOTICE_TEXT = (ROOM / "tables" / "notice.yaml").read_text(encoding="utf-8")
TABLE: ProcedureTable = parse_table(NOTICE_TEXT)
LAWS = {name: parse_table((ROOM / "tables" / f"{name}.yaml").read_text(encoding="utf-8")) for name in SHIPPED}
LT, BY, LV = PartyId("LT"), PartyId("BY"), PartyId("LV")
BY_LT, LT_LV = ChannelId("BY-LT"), ChannelId("LT-LV")
T0 = Instant(1_778_113_800_000)  # 2026-05-07T00:30:00Z
S = 1_000


def agreement_text(channel: str) -> str:
    return (ROOM / "agreements" / f"{channel.lower()}.yaml").read_text(encoding="utf-8")


def agreements() -> dict[ChannelId, Agreement]:
    texts = [entry.read_text(encoding="utf-8") for entry in (ROOM / "agreements").iterdir()]
    return {agreement.channel: agreement for agreement in (parse_agreement(text, LAWS) for text in texts)}


TABLES: Tables = in_force(LAWS, agreements())


def at(seconds: float) -> Instant:
    """An instant after the scene's beginning."""
    return Instant(T0 + round(seconds * S))


def state(number: int = 1) -> ObjectState:
    return ObjectState(object=number, status=Status.UNKNOWN, at=PointE7(545000000, 255000000), accuracy_m=1000)


def body_of(kind: MessageType, number: int = 1, agrees: bool = True) -> Body:
    match kind:
        case MessageType.NOTICE | MessageType.UPDATE:
            return NoticeBody(phase=Phase.POSSIBLE, object=state(number))
        case MessageType.LOST:
            return LostBody(object=state(number), search_centre=PointE7(0, 0), search_radius_m=5000)
        case MessageType.QUERY:
            return QueryBody(object=number, question=Question.YOURS_OR_KNOWN)
        case MessageType.REPLY:
            return ReplyBody(answer=Answer.KNOWN)
        case MessageType.ACK:
            return AckBody(role="duty-officer")
        case MessageType.CLOSE:
            return CloseBody(outcome=Outcome.CROSSED, objects=1, first_observed_ms=T0, last_observed_ms=T0)
        case _:
            return AgreeCloseBody(agrees="yes" if agrees else "no")


def message(
    kind: MessageType,
    sender: PartyId,
    serial: int,
    incident: str,
    *,
    reply_to: int | None = None,
    channel: ChannelId = BY_LT,
    number: int = 1,
    agrees: bool = True,
    when: Instant = T0,
) -> Message:
    return Message(
        type=kind,
        channel=channel,
        sender=sender,
        year=2026,
        serial=serial,
        stated_ms=when,
        observed_ms=when,
        body=body_of(kind, number, agrees),
        incident=IncidentId(incident),
        in_reply_to=reply_to,
    )


def track(name: str = "LT/17", when: Instant = T0) -> Track:
    return Track(
        id=TrackId(name),
        observer=PartyId(name[:2]),
        at=when,
        position=Position(54.5, 25.5),
        velocity_e_mps=-30.0,
        velocity_n_mps=20.0,
        covariance=(0.0,) * 16,
        first_at=when,
        last_report_at=when,
    )


def done(result: Incidents | Refusal) -> Incidents:
    assert isinstance(result, Incidents), result
    return result


def refused(result: Incidents | Refusal) -> Refusal:
    assert isinstance(result, Refusal), result
    return result


def begun(now: Instant = T0) -> tuple[Incidents, Incident]:
    """LT has opened LT-2026-000001 by a forecast that concerns BY."""
    incidents = done(record.opened(Incidents.none(LT), TABLES, OpenedBy.FORECAST, track(), None, (), now))
    incidents = record.begun(incidents, TABLES, IncidentId("LT-2026-000001"), BY_LT, now)
    return incidents, incidents.get(IncidentId("LT-2026-000001"))


def says(incidents: Incidents, kind: MessageType, serial: int, when: Instant = T0, **more: object) -> Incidents:
    """LT says it."""
    name = str(more.pop("incident", "LT-2026-000001"))
    return done(record.sent(incidents, TABLES, message(kind, LT, serial, name, when=when, **more), "rule", when))  # type: ignore[arg-type]


def hears(incidents: Incidents, kind: MessageType, serial: int, when: Instant = T0, **more: object) -> Incidents:
    """BY has said it to LT."""
    name = str(more.pop("incident", "LT-2026-000001"))
    return done(record.got(incidents, TABLES, message(kind, BY, serial, name, when=when, **more), when))  # type: ignore[arg-type]


def noticed() -> Incidents:
    """LT has given notice as its message 0."""
    return says(begun()[0], MessageType.NOTICE, 0, at(5))
