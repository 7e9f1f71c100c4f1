/** What follows from a view: who owes what next, what comes first, what a map shows. Pure functions. */
import { age, clock, countdown, height as metres, kilometres, kmh, percent, shortId, speed } from "./format";
import { mercatorScale, xy, type Mark, type Scene, type Threat } from "./scene";
import { word } from "./texts";
import type {
  CrossingView,
  ForecastView,
  IncidentView,
  MessageView,
  ObligationView,
  PartnerPictureView,
  ThreadView,
  TrackView,
  View,
  WarningView,
} from "./view";
import type { Risk } from "./basemap";

export interface Owed extends ObligationView {
  incident: string;
  channel: string | null;
  partner: string | null;
}

/** Everything that is owed in an incident, once each: missed first, then by deadline. */
export function owedIn(incident: IncidentView): Owed[] {
  const owed = new Map<string, Owed>();
  for (const item of incident.obligations) owed.set(item.id, { ...item, incident: incident.id, channel: null, partner: null });
  for (const thread of incident.threads)
    for (const item of thread.obligations)
      owed.set(item.id, { ...item, incident: incident.id, channel: thread.channel, partner: thread.partner });
  return [...owed.values()].sort(
    (one, other) => Number(other.missed) - Number(one.missed) || one.due_ms - other.due_ms,
  );
}

export const nextOwed = (view: View): Owed | null =>
  view.incidents
    .filter((incident) => incident.phase !== "closed")
    .flatMap(owedIn)
    .sort(byDuty)[0] ?? null;

/** Ours before theirs when both are missed or both run; a missed one of ours before all. */
function byDuty(one: Owed, other: Owed): number {
  const weight = (item: Owed) => (item.missed && item.owner === "us" ? 0 : 1);
  return weight(one) - weight(other) || one.due_ms - other.due_ms;
}

/** A fused estimate bears the id of its leading part and a star; forecasts and incidents name the part. */
export const partId = (track: string): string => track.replace(/\*$/, "");

export const forecastOf = (view: View, track: string): ForecastView | undefined =>
  view.forecasts.find((forecast) => forecast.track === partId(track));

export interface Coming extends CrossingView {
  track: string;
}

const WORTH_A_LINE = 0.1;

/** The crossings that an incident's tracks may make, soonest first; into our own land before others. What is hardly
 * likely does not stand before or beside what is. */
export function comingIn(view: View, incident: IncidentView): Coming[] {
  const best = new Map<string, Coming>();
  const leading = view.tracks.filter((track) => track.fused && track.fused_with.some((part) => incident.tracks.includes(part)));
  for (const track of new Set([...incident.tracks, ...leading.map((fused) => partId(fused.id))]))
    for (const border of forecastOf(view, track)?.borders ?? []) {
      const key = `${border.border} ${border.into}`;
      const known = best.get(key);
      if (!known || border.probability > known.probability) best.set(key, { ...border, track });
    }
  const all = [...best.values()];
  const likely = all.filter((border) => border.probability >= WORTH_A_LINE);
  return (likely.length ? likely : all).sort(
    (one, other) => Number(other.into === view.party) - Number(one.into === view.party) || one.p50_ms - other.p50_ms,
  );
}

/** The queue: by next obligation (missed ones of ours first), then by the next crossing. */
export function queue(view: View, closed: boolean): IncidentView[] {
  const key = (incident: IncidentView): [number, number] => {
    if (incident.phase === "closed") return [3, -(incident.closed_ms ?? 0)];
    const owed = owedIn(incident).sort(byDuty)[0];
    if (owed) return [owed.missed && owed.owner === "us" ? 0 : 1, owed.due_ms];
    return [2, comingIn(view, incident)[0]?.p50_ms ?? Number.MAX_SAFE_INTEGER];
  };
  return view.incidents
    .filter((incident) => closed || incident.phase !== "closed")
    .map((incident) => ({ incident, key: key(incident) }))
    .sort((one, other) => one.key[0] - other.key[0] || one.key[1] - other.key[1])
    .map(({ incident }) => incident);
}

/** Whether anything was said, or is owed, to this partner. */
export const isSpoken = (thread: ThreadView): boolean => thread.state !== "quiet" && thread.state !== "at-home";

/** The thread that needs us most: with an act that is owed by us, else the first open one. */
export function urgentThread(incident: IncidentView): ThreadView | null {
  const owing = owedIn(incident).find((item) => item.owner === "us" && item.channel);
  return (
    incident.threads.find((thread) => thread.channel === owing?.channel) ??
    incident.threads.find((thread) => thread.acts.length > 0 && isSpoken(thread)) ??
    incident.threads.find((thread) => thread.acts.length > 0) ??
    incident.threads[0] ??
    null
  );
}

/** The partner's oldest message of a thread that a person here has neither read nor answered. */
export const unread = (thread: ThreadView): MessageView | undefined =>
  thread.messages.find(
    (message) => message.direction === "got" && message.read_ms === null && message.answered_ms === null && needsReading(message),
  );

/** ACK, TEST and their like are settled by the machine; after the answer to a CLOSE nobody has the word. */
export const needsReading = (message: MessageView): boolean =>
  !["ACK", "TEST", "TEST-REPLY", "AGREE-CLOSE"].includes(message.type);

/** The partner's oldest QUERY that has no REPLY of ours. */
export const unanswered = (thread: ThreadView): MessageView | undefined =>
  thread.messages.find((message) => message.direction === "got" && message.type === "QUERY" && message.answered_ms === null);

/** Warnings as an officer takes them up: those to decide first, shelter before the rest, the soonest first. */
export function warningsInHaste(incident: IncidentView): WarningView[] {
  const weight = (warning: WarningView) =>
    isToDecide(warning) ? (warning.level === "shelter" ? 0 : 1) : warning.ended_ms === null ? 2 : 3;
  return [...incident.warnings].sort(
    (one, other) => weight(one) - weight(other) || (one.impact_p50_ms ?? 0) - (other.impact_p50_ms ?? 0),
  );
}

export const isToDecide = (warning: WarningView): boolean => warning.issued_ms === null && warning.ended_ms === null;

/** Object numbers that have been named on a thread; a query must name one of them. */
export function objectsNamed(thread: ThreadView): number[] {
  const numbers = new Set<number>();
  for (const { body } of thread.messages) {
    const state = body["object"];
    if (typeof state === "number") numbers.add(state);
    else if (state && typeof state === "object") numbers.add(Number((state as Record<string, unknown>)["object"]));
  }
  return [...numbers].filter((number) => number >= 1).sort((one, other) => one - other);
}

/** Tracks that stand for themselves: the parts of a fused one are drawn as one. */
export function shownTracks(view: View): TrackView[] {
  const parts = new Set(view.tracks.filter((track) => track.fused).flatMap((track) => [partId(track.id), ...track.fused_with]));
  return view.tracks.filter((track) => track.life !== "ended" && (track.fused || !parts.has(track.id)));
}

const URGENT_MS = 10 * 60_000;

const urgent = (crossing: CrossingView, now: number): boolean =>
  crossing.probability >= 0.3 && crossing.p10_ms - now < URGENT_MS;

/** Only what belongs to an incident threatens: an airliner with a transponder crosses borders all day. */
export function mineScene(view: View, now: number, selected: ReadonlySet<string>): Scene {
  const pressing = new Set(
    view.forecasts.filter((forecast) => forecast.borders.some((border) => urgent(border, now))).map(({ track }) => track),
  );
  const shown = new Map(shownTracks(view).map((track) => [partId(track.id), track]));
  return {
    marks: [...shown.values()].map((track) => markOf(track, now, selected, pressing)),
    threats: view.forecasts.flatMap((forecast) => {
      const track = shown.get(forecast.track);
      if (!track || !(track.incident || isSelected(track, selected))) return [];
      return forecast.borders
        .filter((border) => border.probability >= WORTH_A_LINE)
        .map((border) => threatOf(track, border, now, isSelected(track, selected)));
    }),
  };
}

const isSelected = (track: TrackView, selected: ReadonlySet<string>): boolean =>
  selected.has(track.id) || selected.has(partId(track.id));

function markOf(track: TrackView, now: number, selected: ReadonlySet<string>, pressing: ReadonlySet<string>): Mark {
  const old = now - track.last_report_ms;
  const height = track.altitude_m === null ? "" : ` · ${metres(track.altitude_m)}`;
  return {
    id: track.id,
    at: xy(track.lat, track.lon),
    scale: mercatorScale(track.lat),
    kind: track.fused ? "fused" : track.mine ? "own" : "received",
    status: track.status,
    life: track.life,
    course_deg: track.course_deg,
    speed_mps: track.speed_mps,
    ellipse: track.ellipse,
    trail: track.trail.map(([lat, lon]) => xy(lat, lon)),
    tone: !track.incident ? "idle" : pressing.has(partId(track.id)) ? "urgent" : "act",
    selected: isSelected(track, selected),
    label: `${shortId(track.id)} ${word("status", track.status)}`,
    detail:
      track.life === "lost"
        ? `${word("life", "lost")} · ${age(old)}`
        : `${kmh(track.speed_mps)}${height} · ${age(old)}`,
    search:
      track.search_lat !== null && track.search_lon !== null && track.search_radius_m !== null
        ? { at: xy(track.search_lat, track.search_lon), radius_m: track.search_radius_m }
        : null,
  };
}

function threatOf(track: TrackView, border: CrossingView, now: number, selected: boolean): Threat {
  return {
    from: xy(track.lat, track.lon),
    stretch: border.stretch.map(([lat, lon]) => xy(lat, lon)),
    probability: border.probability,
    tone: urgent(border, now) ? "urgent" : "act",
    selected,
    label: `${percent(border.probability)} · ${clock(border.p50_ms).slice(0, 5)}Z (${countdown(border.p50_ms - now)})`,
  };
}

/** What one partner would have of my tracks: only what release lets out, as coarse as it lets it out. */
export function theirScene(picture: PartnerPictureView, selected: ReadonlySet<string>): Scene {
  return {
    threats: [],
    marks: picture.seen.flatMap((seen) => {
      if (!seen.released || seen.lat === null || seen.lon === null) return [];
      const accuracy = seen.accuracy_m ?? 0;
      const height = seen.altitude_m === null ? "" : ` · ${metres(seen.altitude_m)}`;
      const mark: Mark = {
        id: seen.track,
        at: xy(seen.lat, seen.lon),
        scale: mercatorScale(seen.lat),
        kind: "own",
        status: seen.status ?? "unknown",
        life: "live",
        course_deg: seen.course_deg,
        speed_mps: (seen.speed_kmh ?? 0) / 3.6,
        ellipse: { major_m: accuracy, minor_m: accuracy, bearing_deg: 0 },
        trail: [],
        tone: "act",
        selected: selected.has(seen.track),
        label: word("status", seen.status ?? "unknown"),
        detail: `${seen.speed_kmh === null ? "" : speed(seen.speed_kmh)}${height} · ±${kilometres(accuracy)}`,
        search: null,
      };
      return [mark];
    }),
  };
}

/** Our own districts in the path of an incident's object, each with its highest probability and the warning that stands for it. */
export function risks(view: View): Map<string, Risk> {
  const found = new Map<string, Risk>();
  const home = new Map(view.tracks.map((track) => [track.id, track.incident]));
  for (const { track, districts } of view.forecasts)
    for (const { district, country, probability } of districts)
      if (country === view.party && home.get(track) && probability >= 0.1 && probability > (found.get(district)?.probability ?? 0))
        found.set(district, { probability, level: null });
  for (const incident of view.incidents)
    for (const warning of incident.warnings)
      if (warning.ended_ms === null && warning.level !== "all-clear")
        found.set(warning.district, { probability: found.get(warning.district)?.probability ?? 0.1, level: warning.level });
  return found;
}
