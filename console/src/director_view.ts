/**
 * The view of the exercise director, as it comes from the server: the TypeScript side of `src/redshank/exercise/director_view.py`.
 * Degrees, metres, UTC milliseconds. A test compares the members of both sides.
 */

export interface ScenarioView {
  id: string;
  title: string;
  start_ms: number;
  end_ms: number;
  objects: number;
  documented: string[];
  invented: string[];
}

export interface TruthView {
  id: string;
  kind: string;
  state: string;
  lat: number;
  lon: number;
  course_deg: number;
  speed_mps: number;
  altitude_m: number;
  ended_how: string | null;
}

export interface PathView {
  id: string;
  points: [number, number, number][];
}

export interface KnownTrackView {
  id: string;
  observer: string;
  lat: number;
  lon: number;
  course_deg: number | null;
  speed_mps: number;
  life: string;
  truth: string | null;
  error_m: number | null;
}

export interface KnowsView {
  party: string;
  tracks: KnownTrackView[];
}

export interface NodeCardView {
  party: string;
  console_url: string;
  authority_url: string;
  up: boolean;
  seat: "robot" | "person";
  open_incidents: number;
  tracks: number;
  lines: [string, string][];
  heard_ms: number | null;
}

export interface ScoreView {
  id: string;
  object: string;
  party: string;
  place: string;
  crossed_ms: number | null;
  noticed_ms: number | null;
  notice_by: string | null;
  notice_lead_s: number | null;
  warned_ms: number | null;
  impact_ms: number | null;
  warning_lead_s: number | null;
  documented_lead_min: number | null;
  documented: string | null;
}

export interface TickerView {
  id: number;
  at_ms: number;
  party: string | null;
  kind: string;
  text: string;
}

export interface DirectorView {
  phase: string;
  now_ms: number;
  clock_rate: number;
  scenario: string | null;
  scenarios: ScenarioView[];
  truth: TruthView[];
  paths: PathView[];
  nodes: NodeCardView[];
  knows: KnowsView[];
  scores: ScoreView[];
  ticker: TickerView[];
  message: string | null;
}

export interface StartExercise {
  scenario: string;
  speed: number;
  seats: Record<string, "robot" | "person">;
}
