// Coarse: the steps in which places, times and numbers are said (VOICE-8, VOICE-9). Integers only. Knows nothing.
//
// The twin of src/redshank/exchange/voice/coarse.py.
import type { Members } from "../json";

const E7 = 10_000_000n;
const PER_DEGREE = 600n; // steps of a tenth of a minute of arc
const LAT_FIRST = 47n * PER_DEGREE;
const LON_FIRST = 10n * PER_DEGREE;
export const LAT_STEPS = 9_000;
export const LON_STEPS = 15_600;
export const RADIUS_STEP_M = 100n;
export const ALTITUDE_STEP_M = 50n;
export const ALTITUDE_FIRST_M = -500n;
const TIME_STEP_MS = 10_000n;
const OFFSET_FIRST = -720n;
const OFFSET_STEPS = 2_048n;
const SPREAD_STEPS = 512n;
const ACCURACY_STEPS = 2_000n;
const SEARCH_STEPS = 10_000n;

/** Division rounded down, whatever the signs; BigInt's own rounds to zero. */
function floor(value: bigint, by: bigint): bigint {
  const whole = value / by;
  return whole * by > value ? whole - 1n : whole;
}
const ceiling = (value: bigint, by: bigint): bigint => -floor(-value, by);

/** The nearest point of the grid, counted from its south-west corner. */
export const placeSteps = (point: Members): [bigint, bigint] => [
  floor((point.lat_e7 as bigint) * PER_DEGREE + E7 / 2n, E7) - LAT_FIRST,
  floor((point.lon_e7 as bigint) * PER_DEGREE + E7 / 2n, E7) - LON_FIRST,
];

export const placeOf = (north: bigint, east: bigint): { lat_e7: bigint; lon_e7: bigint } => ({
  lat_e7: floor((north + LAT_FIRST) * E7 + PER_DEGREE / 2n, PER_DEGREE),
  lon_e7: floor((east + LON_FIRST) * E7 + PER_DEGREE / 2n, PER_DEGREE),
});

/** The smallest integer whose square is at least `square`. */
function rootUpwards(square: bigint): bigint {
  let root = BigInt(Math.floor(Math.sqrt(Number(square))));
  while (root * root < square) root++;
  while (root > 0n && (root - 1n) * (root - 1n) >= square) root--;
  return root;
}

/** How far at most the rounding moves a point, in whole metres upwards. */
export function movedM(point: Members): bigint {
  const rounded = placeOf(...placeSteps(point));
  const north = rounded.lat_e7 - (point.lat_e7 as bigint);
  const east = rounded.lon_e7 - (point.lon_e7 as bigint);
  return ceiling(rootUpwards(north * north * 10_000n + east * east * 4_652n) * 1_117n, E7);
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);
const radiusSteps = (radiusM: bigint, moved: bigint): bigint => ceiling(radiusM + moved, RADIUS_STEP_M);
export const accuracySteps = (m: bigint, moved: bigint): bigint => least(ACCURACY_STEPS, radiusSteps(m, moved));
export const searchSteps = (m: bigint, moved: bigint): bigint => least(SEARCH_STEPS, radiusSteps(m, moved));

/** To the nearest 50 m, from 500 m below the sea on. */
export const altitudeSteps = (m: bigint): bigint =>
  floor(m - ALTITUDE_FIRST_M + ALTITUDE_STEP_M / 2n, ALTITUDE_STEP_M);

/** To the nearest percent; what is not certain never becomes certain, nor impossible. */
export function percent(permille: bigint): bigint {
  if (permille === 0n || permille === 1000n) return permille / 10n;
  const nearest = (permille + 5n) / 10n;
  return nearest < 1n ? 1n : least(99n, nearest);
}

/** A time window as steps after the statement, or null when it does not fit: the median, how much earlier, how much later. */
export function windowSteps(claim: Members, statedS: bigint): [bigint, bigint, bigint] | null {
  const zero = statedS * 1000n;
  const early = floor((claim.p10_ms as bigint) - zero, TIME_STEP_MS);
  const middle = floor((claim.p50_ms as bigint) - zero, TIME_STEP_MS);
  const late = ceiling((claim.p90_ms as bigint) - zero, TIME_STEP_MS);
  const [offset, before, after] = [middle - OFFSET_FIRST, middle - early, late - middle];
  const fits = offset >= 0n && offset < OFFSET_STEPS && before < SPREAD_STEPS && after < SPREAD_STEPS;
  return fits && zero + early * TIME_STEP_MS >= 0n ? [offset, before, after] : null;
}

export function windowOf(offset: bigint, before: bigint, after: bigint, statedS: bigint): Members {
  const middle = offset + OFFSET_FIRST;
  const at = (steps: bigint): bigint => statedS * 1000n + steps * TIME_STEP_MS;
  return { p10_ms: at(middle - before), p50_ms: at(middle), p90_ms: at(middle + after) };
}

// --- whole minutes, for what lasts or is long past ----------------------------------------------------------

const MINUTE_MS = 60_000n;
export const SPAN_MINUTES = 44_640n;
export const PAST_MINUTES = 527_040n;
const END_STEP_MS = 600_000n;
export const END_STEPS = 1_008n;
const most = (one: bigint, other: bigint): bigint => (one > other ? one : other);

/** When something begins, in minutes after the statement, and how many minutes it lasts; rounded outwards. */
export function spanSteps(body: Members, statedS: bigint): [bigint, bigint] {
  const zero = statedS * 1000n;
  const early = most(floor((body.from_ms as bigint) - zero, MINUTE_MS), -(zero / MINUTE_MS));
  const late = ceiling((body.until_ms as bigint) - zero, MINUTE_MS);
  return [early, least(SPAN_MINUTES, late - early)];
}

export function spanOf(early: bigint, lasts: bigint, statedS: bigint): { from_ms: bigint; until_ms: bigint } {
  const from_ms = statedS * 1000n + early * MINUTE_MS;
  return { from_ms, until_ms: from_ms + lasts * MINUTE_MS };
}

/** How many minutes before the statement something was, rounded away from it; 0 for what its clock calls later. */
export function pastSteps(at: bigint, statedS: bigint): bigint {
  const zero = statedS * 1000n;
  return least(least(PAST_MINUTES, zero / MINUTE_MS), most(0n, -floor(at - zero, MINUTE_MS)));
}
export const pastOf = (minutes: bigint, statedS: bigint): bigint => statedS * 1000n - minutes * MINUTE_MS;

/** When a flight ends, in steps of ten minutes after the statement, upwards. */
export const endSteps = (end: bigint, statedS: bigint): bigint =>
  least(END_STEPS, ceiling(end - statedS * 1000n, END_STEP_MS));
export const endOf = (steps: bigint, statedS: bigint): bigint => statedS * 1000n + steps * END_STEP_MS;

/** A radius of what was looked at: downwards, so that nobody is said to have looked where he did not. */
export const lookedSteps = (m: bigint, moved: bigint): bigint => most(0n, m - moved) / RADIUS_STEP_M;
