/**
 * The check of a voice form while it is typed (docs/spec/voice.md, VOICE-2 to VOICE-6); the same as `exchange/voice` in
 * Python, and held against the same vectors. What the groups mean is for the node to say. Pure; knows nothing of a page.
 */

export const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const ROW = 8;
const EXERCISE_MARK = 1 << 19;
const POLYNOMIAL = (1 << 20) | (1 << 3) | 1;
const BASE = 0x9e377;
/** Other letters may have a capital that is a symbol, or two. */
const ASCII = /^[\x00-\x7f]*$/;

export type GroupState = "ok" | "waiting" | "incomplete" | "wrong";

export interface Fault {
  kind: "symbol" | "order" | "swapped" | "row" | "exercise";
  groups: number[];
}

export interface Checked {
  states: GroupState[];
  faults: Fault[];
}

interface Row {
  first: number;
  values: number[];
  off: number;
}

/** The groups of what was typed: white space, commas, semicolons and hyphens part them. */
export const splitGroups = (text: string): string[] =>
  text
    .replace(/[,;\-\t\n\r]/g, " ")
    .split(" ")
    .filter(Boolean)
    .map((group) => (ASCII.test(group) ? group.toUpperCase() : group));

export function groupValue(text: string): number | null {
  if (text.length !== 4 || !ASCII.test(text)) return null;
  let value = 0;
  for (const symbol of text.toUpperCase()) {
    const digit = SYMBOLS.indexOf(symbol);
    if (digit < 0) return null;
    value = value * 32 + digit;
  }
  return value;
}

const groupText = (value: number): string => [15, 10, 5, 0].map((shift) => SYMBOLS[(value >> shift) & 31]).join("");

/** Product in GF(2^20). */
export function times(one: number, other: number): number {
  let product = 0;
  for (; other; other >>= 1) {
    if (other & 1) product ^= one;
    one <<= 1;
    if (one >> 20) one ^= POLYNOMIAL;
  }
  return product;
}

function inverse(element: number): number {
  let power = element;
  let result = 1;
  for (let step = 0; step < 19; step++) {
    power = times(power, power);
    result = times(result, power);
  }
  return result;
}

const WEIGHTS: number[] = [1];
function weight(place: number): number {
  while (WEIGHTS.length <= place) WEIGHTS.push(times(WEIGHTS[WEIGHTS.length - 1]!, BASE));
  return WEIGHTS[place]!;
}

/** What is known of the groups typed so far. `count`: how many the speaker has announced; null if that was not said. */
export function checkTyped(groups: readonly string[], exercise: boolean, count: number | null): Checked {
  const values = groups.map(groupValue);
  const states = groups.map((group, index) => atSight(group, values[index]!));
  const firstBad = values.indexOf(null);
  const whole = (firstBad < 0 ? values : values.slice(0, firstBad)) as number[];
  const rows = rowsOf(whole, count, exercise);
  const faults = faultsIn(rows.filter((row) => row.off));
  const suspected = new Set(faults.flatMap((fault) => fault.groups));
  for (const row of rows) {
    const places = row.values.map((_, index) => row.first + index);
    const fails = places.some((place) => suspected.has(place));
    for (const place of places) states[place - 1] = suspected.has(place) ? "wrong" : fails ? "waiting" : "ok";
  }
  if (count !== null) for (let index = count; index < states.length; index++) states[index] = "wrong";
  return { states, faults };
}

function atSight(group: string, value: number | null): GroupState {
  if (value !== null) return "waiting";
  const foreign = [...group].some((symbol) => !SYMBOLS.includes(symbol));
  return foreign || group.length > 4 ? "wrong" : "incomplete";
}

/** The rows that are whole: full ones, and the last one once the announced number is there. */
function rowsOf(whole: readonly number[], count: number | null, exercise: boolean): Row[] {
  const rows: Row[] = [];
  const upto = count === null ? whole.length : Math.min(count, whole.length);
  for (let start = 0; start < upto; start += ROW) {
    const end = Math.min(start + ROW, upto);
    if (end - start < ROW && end !== count) break;
    const values = whole.slice(start, end);
    const sum = values.reduce((total, value, index) => total ^ times(weight(start + 1 + index), value), 0);
    rows.push({ first: start + 1, values, off: sum ^ (start / ROW + 1) ^ (exercise ? EXERCISE_MARK : 0) });
  }
  return rows;
}

function faultsIn(failed: readonly Row[]): Fault[] {
  for (const [index, one] of failed.entries())
    for (const other of failed.slice(index + 1)) {
      const places = swappedBetween(one, other);
      if (places) return [{ kind: "swapped", groups: places }];
    }
  return failed.flatMap(suspicions);
}

function suspicions(row: Row): Fault[] {
  const places = row.values.map((_, index) => row.first + index);
  if (row.off === EXERCISE_MARK) return [{ kind: "exercise", groups: places }];
  const found: Fault[] = [];
  for (const [index, place] of places.entries()) {
    const kind = slip(place, row.values[index]!, row.off);
    if (kind) found.push({ kind, groups: [place] });
  }
  for (const [index, place] of places.entries())
    for (const other of places.slice(index + 1)) {
      const change = row.values[index]! ^ row.values[other - row.first]!;
      if (times(weight(place) ^ weight(other), change) === row.off) found.push({ kind: "swapped", groups: [place, other] });
    }
  return found.length ? found : [{ kind: "row", groups: places }];
}

/** Whether a single slip in this group would explain the row. */
function slip(place: number, value: number, off: number): "symbol" | "order" | null {
  const said = groupText(value);
  const meant = groupText(value ^ times(off, inverse(weight(place))));
  if ([...said].filter((symbol, index) => symbol !== meant[index]).length === 1) return "symbol";
  return [...said].sort().join("") === [...meant].sort().join("") ? "order" : null;
}

function swappedBetween(one: Row, other: Row): [number, number] | null {
  for (const [index, value] of one.values.entries())
    for (const [across, second] of other.values.entries()) {
      const [place, far, change] = [one.first + index, other.first + across, value ^ second];
      if (times(weight(place), change) === one.off && times(weight(far), change) === other.off) return [place, far];
    }
  return null;
}
