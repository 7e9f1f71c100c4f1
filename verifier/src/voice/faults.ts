// Faults: whether the rows of a voice form pass, and where the fault may be when one does not (VOICE-2, VOICE-5,
// VOICE-6). Knows refusals. The twin of src/redshank/exchange/voice/field.py, words.py and faults.py.
import { Refusal } from "../refusal";

const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ROW_GROUPS = 7;
export const ROW = ROW_GROUPS + 1;
const EXERCISE_MARK = 1 << 19;
const POLYNOMIAL = (1 << 20) | (1 << 3) | 1;
const BASE = 0x9e377;

interface Row {
  first: number;
  values: number[];
  off: number;
}

interface Fault {
  exercise: boolean;
  groups: number[];
}

/** The value of four symbols; null for anything else. */
export function groupValue(text: string): number | null {
  if (!/^[0-9A-Za-z]{4}$/.test(text)) return null;
  const digits = [...text.toUpperCase()].map((symbol) => SYMBOLS.indexOf(symbol));
  return digits.includes(-1) ? null : digits.reduce((sum, digit) => sum * 32 + digit, 0);
}

const groupText = (value: number): string => [15, 10, 5, 0].map((shift) => SYMBOLS[(value >> shift) & 31]).join("");

/** Product in GF(2^20). */
function times(one: number, other: number): number {
  let product = 0;
  for (; other; other >>= 1) {
    if (other & 1) product ^= one;
    one <<= 1;
    if (one >> 20) one ^= POLYNOMIAL;
  }
  return product;
}

/** The element that gives 1 with it: element^(2^20 - 2). */
function inverse(element: number): number {
  let [power, result] = [element, 1];
  for (let step = 0; step < 19; step++) {
    power = times(power, power);
    result = times(result, power);
  }
  return result;
}

/** The weight of a place of the form, from 1. */
const weight = (place: number): number => (place ? times(BASE, weight(place - 1)) : 1);

function rowsOf(values: readonly number[], exercise: boolean): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < values.length; at += ROW) {
    const row = values.slice(at, at + ROW);
    const sum = row.reduce((total, value, index) => total ^ times(weight(at + 1 + index), value), 0);
    rows.push({ first: at + 1, values: row, off: sum ^ (at / ROW + 1) ^ (exercise ? EXERCISE_MARK : 0) });
  }
  return rows;
}

/** The values without the last one, the check, of each row. */
export const dataOf = (values: readonly number[]): number[] =>
  values.filter((_, at) => at % ROW !== ROW - 1 && at !== values.length - 1);

/** Null when every row passes; else the places to ask for again, or that the form is of the other kind. */
export function failing(values: readonly number[], exercise: boolean): Refusal | null {
  const found = faultsIn(rowsOf(values, exercise).filter((row) => row.off));
  if (found.length === 0) return null;
  if (found.every((fault) => fault.exercise)) {
    return new Refusal("wrong-channel", "form", "of an exercise in operation, or of operation in an exercise");
  }
  const places = [...new Set(found.flatMap((fault) => fault.groups))].sort((a, b) => a - b);
  return new Refusal("wrong-check", `group ${places.join(", ")}`, "ask for this again");
}

function faultsIn(failed: readonly Row[]): Fault[] {
  for (const [index, one] of failed.entries()) {
    for (const other of failed.slice(index + 1)) {
      const places = swappedBetween(one, other);
      if (places) return [{ exercise: false, groups: places }];
    }
  }
  return failed.flatMap(suspicions);
}

function suspicions({ first, values, off }: Row): Fault[] {
  const places = values.map((_, index) => first + index);
  if (off === EXERCISE_MARK) return [{ exercise: true, groups: places }];
  const found: number[][] = [];
  values.forEach((value, index) => {
    if (isSlip(first + index, value, off)) found.push([first + index]);
    values.slice(index + 1).forEach((second, after) => {
      const other = first + index + 1 + after;
      if (times(weight(first + index) ^ weight(other), value ^ second) === off) found.push([first + index, other]);
    });
  });
  return (found.length ? found : [places]).map((groups) => ({ exercise: false, groups }));
}

/** Whether a single slip in this group would explain the row: one symbol, or the order of the four. */
function isSlip(place: number, value: number, off: number): boolean {
  const said = groupText(value);
  const meant = groupText(value ^ times(off, inverse(weight(place))));
  const sorted = (text: string): string => [...text].sort().join("");
  return [...said].filter((symbol, at) => symbol !== meant[at]).length === 1 || sorted(said) === sorted(meant);
}

function swappedBetween(one: Row, other: Row): number[] | null {
  for (const [index, value] of one.values.entries()) {
    for (const [across, second] of other.values.entries()) {
      const [place, far, change] = [one.first + index, other.first + across, value ^ second];
      if (times(weight(place), change) === one.off && times(weight(far), change) === other.off) return [place, far];
    }
  }
  return null;
}
