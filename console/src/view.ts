/**
 * The view of a node, as it comes from the server: the TypeScript side of `src/redshank/console/view.py`.
 * Degrees, metres, UTC milliseconds. A test compares the members of both sides.
 */

export interface EllipseView {
  major_m: number;
  minor_m: number;
  bearing_deg: number;
}

export interface TrackView {
  id: string;
  observer: string;
  mine: boolean;
  fused: boolean;
  lat: number;
  lon: number;
  course_deg: number | null;
  speed_mps: number;
  altitude_m: number | null;
  status: string;
  life: string;
  at_ms: number;
  last_report_ms: number;
  ellipse: EllipseView;
  sources: number;
  trail: [number, number][];
  fused_with: string[];
  incident: string | null;
  search_lat: number | null;
  search_lon: number | null;
  search_radius_m: number | null;
}

export interface CrossingView {
  border: string;
  out_of: string;
  into: string;
  probability: number;
  p10_ms: number;
  p50_ms: number;
  p90_ms: number;
  stretch: [number, number][];
  stretch_m: number;
}

export interface DistrictView {
  district: string;
  country: string;
  name: string;
  probability: number;
  p10_ms: number;
  p50_ms: number;
  p90_ms: number;
  leaves_ms: number;
}

export interface ForecastView {
  track: string;
  made_at_ms: number;
  over: string | null;
  borders: CrossingView[];
  districts: DistrictView[];
}

export interface ObligationView {
  id: string;
  owner: string;
  what: string;
  due_ms: number;
  missed: boolean;
  escalation: string | null;
}

export interface MessageView {
  channel: string;
  direction: string;
  serial: number;
  generation: number;
  type: string;
  stated_ms: number;
  incident: string | null;
  in_reply_to: number | null;
  body: Record<string, unknown>;
  text: string | null;
  rule: string | null;
  received_ms: number | null;
  read_ms: number | null;
  answered_ms: number | null;
  voice: string | null;
  read_out_ms: number | null;
  read_back_ms: number | null;
  stale_ms: number | null;
  corrected_by: number | null;
  cancelled_by: number | null;
  missing: string[];
}

export interface ThreadView {
  channel: string;
  partner: string;
  kind: string;
  state: string;
  obligations: ObligationView[];
  messages: MessageView[];
  lone: boolean;
  acts: string[];
}

export interface WarningView {
  id: string;
  incident: string;
  district: string;
  district_name: string;
  level: string;
  proposed_ms: number;
  impact_p50_ms: number | null;
  issued_ms: number | null;
  ended_ms: number | null;
  languages: string[];
}

export interface IncidentView {
  id: string;
  aliases: string[];
  phase: string;
  opened_ms: number;
  opened_by: string;
  closed_ms: number | null;
  outcome: string | null;
  tracks: string[];
  obligations: ObligationView[];
  threads: ThreadView[];
  warnings: WarningView[];
}

export interface SeenView {
  track: string;
  released: boolean;
  rule: string;
  lat: number | null;
  lon: number | null;
  accuracy_m: number | null;
  altitude_m: number | null;
  course_deg: number | null;
  speed_kmh: number | null;
  status: string | null;
  hidden: [string, string][];
}

export interface PartnerPictureView {
  partner: string;
  channel: string;
  seen: SeenView[];
}

export interface VoiceDifferenceView {
  field: string;
  voice: string;
  signed: string;
}

export interface VoiceStatementView {
  serial: number;
  type: string;
  incident: string | null;
  taken_ms: number;
  role: string;
  remark: string | null;
  standing: string;
  settled_ms: number | null;
  refused: string | null;
  differences: VoiceDifferenceView[];
}

export interface ContradictionView {
  number: number;
  kind: string;
  found_ms: number;
  serial: number | null;
  size: number;
  seen_ms: number | null;
  cleared_ms: number | null;
}

export interface WitnessView {
  name: string;
  size: number;
  at_ms: number | null;
  trouble: string;
}

export interface ToReadOutView {
  serial: number;
  type: string;
  incident: string | null;
  stated_ms: number;
  due_ms: number | null;
  read_out_ms: number | null;
}

/** One act about an agreement; `serial` null: by voice only. */
export interface ActView {
  by: string;
  type: string;
  at_ms: number;
  agreement: string;
  life: number;
  effect: string;
  serial: number | null;
  why: string;
  from_ms: number | null;
}

export interface AgreementView {
  state: string;
  kind: string;
  by_file: boolean;
  text: string;
  own_text: string;
  fingerprint: string;
  partner_text: string;
  differs: boolean;
  suspended_by: string[];
  since_ms: number | null;
  ending_ms: number | null;
  waiting: number;
  review_overdue: boolean;
  may: string[];
  acts: ActView[];
}

export interface LineView {
  channel: string;
  partner: string;
  state: string;
  own_size: number;
  receipted_size: number;
  partner_size: number;
  queued: number;
  last_contact_ms: number | null;
  last_test_ms: number | null;
  refusals: [string, number][];
  generation: number;
  next_keys: string;
  voice: VoiceStatementView[];
  lone: boolean;
  languages: string[];
  to_read_out: ToReadOutView[];
  not_heard: number[];
  contradictions: ContradictionView[];
  witnesses: WitnessView[];
  witnesses_required: number;
  witnessed_size: number;
  test_state: string;
  obligations: ObligationView[];
  key_exchange: string | null;
  fault: string;
  links_refused: [string, number][];
  own_certificate_ends_ms: number | null;
  partner_certificate_ends_ms: number | null;
  agreement: AgreementView | null;
}

export interface FeedView {
  source: string;
  accepted: number;
  refused: [string, number][];
  last_ms: number | null;
}

export interface ApprovalView {
  number: number;
  channel: string;
  partner: string;
  type: string;
  incident: string | null;
  track: string | null;
  rule: string;
  body: Record<string, unknown>;
  text: string | null;
  observed_ms: number | null;
  sight: string;
  asked_ms: number;
  ends_ms: number;
  persons: number;
  reasons: [string, string, string][];
  yes: string[];
  standing: string;
  ended_ms: number | null;
  ended_by: string;
  why: string;
  serial: number | null;
}

export interface PolicyView {
  name: string;
  sha256: string;
  since_ms: number | null;
  rules: number;
}

export interface ShiftOwedView {
  id: string;
  incident: string;
  channel: string | null;
  what: string;
  due_ms: number;
  missed: boolean;
}

export interface ShiftView {
  person: string;
  since_ms: number;
  taken_over: boolean;
  offered_ms: number | null;
  next: string;
  to_accept: ShiftOwedView[];
  accepted: [string, number][];
}

export interface View {
  party: string;
  exercise: boolean;
  now_ms: number;
  clock_rate: number;
  tracks: TrackView[];
  forecasts: ForecastView[];
  incidents: IncidentView[];
  partner_pictures: PartnerPictureView[];
  lines: LineView[];
  feeds: FeedView[];
  strangers: [string, number][];
  approvals: ApprovalView[];
  policy: PolicyView | null;
  shift: ShiftView | null;
}
