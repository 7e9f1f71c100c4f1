"""The view: what the console shows, as plain types that go to the browser as JSON.

Here: the contract between the node's server and its pages; degrees, metres, UTC milliseconds. Not here: how a view
is made from a node's state (`console/render.py`), and no word of HTML.
"""

import msgspec

from redshank.console.agreement_view import AgreementView
from redshank.console.people_view import ApprovalView, PolicyView, ShiftView


class EllipseView(msgspec.Struct, frozen=True, gc=False):
    """95 % position ellipse: half axes in metres, true bearing of the major axis."""

    major_m: float
    minor_m: float
    bearing_deg: float


class TrackView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A track of the picture. `fused_with` names the tracks that the node holds to be the same object."""

    id: str
    observer: str
    mine: bool
    fused: bool
    """True for the node's best estimate over several observers; it is drawn instead of its parts."""
    lat: float
    lon: float
    course_deg: float | None
    speed_mps: float
    altitude_m: float | None
    status: str
    life: str
    at_ms: int
    last_report_ms: int
    ellipse: EllipseView
    sources: int
    trail: list[tuple[float, float]]
    fused_with: list[str]
    incident: str | None
    search_lat: float | None = None
    search_lon: float | None = None
    search_radius_m: float | None = None


class CrossingView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One border of a forecast: the crossing countdown is `p50_ms` minus the view's `now_ms`."""

    border: str
    out_of: str
    into: str
    probability: float
    p10_ms: int
    p50_ms: int
    p90_ms: int
    stretch: list[tuple[float, float]]
    stretch_m: float


class DistrictView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One district of a forecast."""

    district: str
    country: str
    name: str
    probability: float
    p10_ms: int
    p50_ms: int
    p90_ms: int
    leaves_ms: int


class ForecastView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The newest forecast of a track."""

    track: str
    made_at_ms: int
    over: str | None
    borders: list[CrossingView]
    districts: list[DistrictView]


class ObligationView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something owed: by `owner` (``us`` or ``partner``), until `due_ms`."""

    id: str
    owner: str
    what: str
    due_ms: int
    missed: bool
    escalation: str | None
    """The step of the ladder that a missed deadline has reached, as a code."""


class MessageView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One message of a channel, with its three levels of acknowledgement."""

    channel: str
    direction: str
    """``sent`` or ``got``."""
    serial: int
    generation: int = 0
    """Of the log that holds it; serials are counted anew in each."""
    type: str
    stated_ms: int
    incident: str | None
    in_reply_to: int | None
    body: dict[str, object]
    text: str | None
    rule: str | None
    """The release rule that let it out (sent messages)."""
    received_ms: int | None
    read_ms: int | None
    answered_ms: int | None
    voice: str | None = None
    """Set when it was first heard by voice: ``heard``, ``confirmed``, ``differs``, ``withdrawn``; ``unsigned`` when the
    partner has no keys to sign it with."""
    read_out_ms: int | None = None
    """When ours was first read out to the partner's officer, and when he read it back."""
    read_back_ms: int | None = None
    stale_ms: int | None = None
    corrected_by: int | None = None
    """Serials of the CORRECT and of the CANCEL of this message, in the log of its sender."""
    cancelled_by: int | None = None
    """How long a partner's UPDATE was under way, when that makes it old news."""
    missing: list[str] = []
    """Members that its form asks for and that it does not say (RPT-3)."""


class ThreadView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An incident on one channel: its procedure state, what is owed, and the acts that a person may do now."""

    channel: str
    partner: str
    kind: str = ""
    """What it is about, by its first message, and so which table it runs; empty before a thread begins."""
    state: str
    obligations: list[ObligationView]
    messages: list[MessageView]
    lone: bool = False
    """As in LineView."""
    acts: list[str]
    """Codes among ``notice``, ``ack``, ``query``, ``reply``, ``close``, ``agree-close``, ``disagree-close``."""


class WarningView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A CAP proposal for one district: `level` is ``possible``, ``shelter`` or ``all-clear``."""

    id: str
    incident: str
    district: str
    district_name: str
    level: str
    proposed_ms: int
    impact_p50_ms: int | None
    issued_ms: int | None
    ended_ms: int | None
    languages: list[str]


class IncidentView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One incident. `phase` is ``open``, ``closing`` or ``closed``."""

    id: str
    aliases: list[str]
    phase: str
    opened_ms: int
    opened_by: str
    closed_ms: int | None
    outcome: str | None
    tracks: list[str]
    obligations: list[ObligationView]
    threads: list[ThreadView]
    warnings: list[WarningView]


class SeenView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One of my tracks as one partner would get it now. Hidden fields come with the rule that hid them."""

    track: str
    released: bool
    rule: str
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    altitude_m: int | None
    course_deg: int | None
    speed_kmh: int | None
    status: str | None
    hidden: list[tuple[str, str]]
    """(field, rule) pairs: what differs from my own picture, and why."""


class PartnerPictureView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one partner sees of my picture."""

    partner: str
    channel: str
    seen: list[SeenView]


class VoiceDifferenceView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One field: what voice said, and what the signed message says, which counts."""

    field: str
    voice: str
    signed: str


class VoiceStatementView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One statement that was keyed in. `standing`: ``waiting``, ``confirmed``, ``differs``."""

    serial: int
    type: str
    incident: str | None
    taken_ms: int
    role: str
    remark: str | None
    standing: str
    settled_ms: int | None
    refused: str | None
    """Why the procedure was not driven by it, as a reason code."""
    differences: list[VoiceDifferenceView]


class ContradictionView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that the partner signed against its own earlier signatures; an alarm until a person has seen it."""

    number: int
    """Names it: /api/evidence/{channel}/{number}."""
    kind: str
    found_ms: int
    serial: int | None
    size: int
    seen_ms: int | None
    cleared_ms: int | None


class WitnessView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A third party's witness of our log on one channel: entries that it has cosigned, when by its clock, and what is
    wrong since (empty: nothing)."""

    name: str
    size: int
    at_ms: int | None
    trouble: str


class ToReadOutView(msgspec.Struct, frozen=True, kw_only=True):
    """A message of ours that the partner has still to hear: read out by `due_ms` (None: no deadline, a TEST).
    `read_out_ms` is set when it was read out and not yet read back."""

    serial: int
    type: str
    incident: str | None
    stated_ms: int
    due_ms: int | None
    read_out_ms: int | None


class LineView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Health of one channel. `state`: ``up``, ``amber``, ``down``, ``voice`` (the partner has no node), ``dormant``,
    ``suspended``, ``ended``, ``stopped``."""

    channel: str
    partner: str
    state: str
    own_size: int
    receipted_size: int
    partner_size: int
    queued: int
    last_contact_ms: int | None
    last_test_ms: int | None
    refusals: list[tuple[str, int]]
    test_state: str = ""
    """Where the test of the line stands in its table; empty where the agreement names none."""
    obligations: list[ObligationView] = []
    """What is owed for it, and by when."""
    generation: int = 0
    """How many logs the channel had before those that are open."""
    next_keys: str = ""
    """``confirmed``: both officers have confirmed next keys, and either may rotate. ``awaited``: the partner has ended
    its log under keys that our officer has not confirmed."""
    voice: list[VoiceStatementView] = []
    """What the partner has said by voice, newest first."""
    lone: bool = False
    """The partner has no keys either: nothing that it says will ever be signed, and no receipt can come."""
    languages: list[str] = []
    """The partner's own languages among those of the agreement: a preview shows a message as it is read there."""
    to_read_out: list[ToReadOutView] = []
    """On a line by voice: what the partner has still to hear, oldest first."""
    not_heard: list[int] = []
    """Serials of a partner without keys that nobody here has keyed in."""
    contradictions: list[ContradictionView] = []
    witnesses: list[WitnessView] = []
    witnesses_required: int = 0
    witnessed_size: int = 0
    """Entries that as many witnesses as are required have cosigned."""
    key_exchange: str | None = None
    """The group by which the newest link was secured; None before the first."""
    fault: str = ""
    """Why the newest link was refused, in words; empty once one is secured."""
    links_refused: list[tuple[str, int]] = []
    own_certificate_ends_ms: int | None = None
    """When the own certificate ends by the machine's clock, if that is within 30 days or past."""
    partner_certificate_ends_ms: int | None = None
    agreement: AgreementView | None = None


class FeedView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Health of one source."""

    source: str
    accepted: int
    refused: list[tuple[str, int]]
    last_ms: int | None


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a console page needs; sent whole at first and then by changed section."""

    party: str
    exercise: bool
    now_ms: int
    clock_rate: float
    tracks: list[TrackView]
    forecasts: list[ForecastView]
    incidents: list[IncidentView]
    partner_pictures: list[PartnerPictureView]
    lines: list[LineView]
    feeds: list[FeedView]
    strangers: list[tuple[str, int]] = []
    """Calls by nobody that the node knows, refused, by reason."""
    approvals: list[ApprovalView] = []
    """Those that wait, oldest first, then the newest that do not."""
    policy: PolicyView | None = None
    shift: ShiftView | None = None
