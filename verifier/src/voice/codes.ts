// Codes: parties, territories, borders, districts and incidents as bits of a voice form (VOICE-7, VOICE-9). Knows bits.
//
// The twin of src/redshank/exchange/voice/codes.py. `both` is the sender and the receiver.
import { type Reader, refuse, type Writer } from "./bits";

export type Both = readonly [string, string];

const YEAR_BITS = 14;
const INCIDENT_BITS = 20;
const LETTER_A = 65;
const DISTRICT = /^([A-Z]{2})-(?:([0-9]{2})|([0-9]{3})|pow-([1-9][0-9]{0,2})|([A-Z]{1,3}))$/;

const letter = (value: bigint): string => String.fromCharCode(LETTER_A + Number(value));
const indexOf = (symbol: string): number => symbol.charCodeAt(0) - LETTER_A;

export function putLetters(out: Writer, letters: string): void {
  for (const symbol of letters) out.put(indexOf(symbol), 5);
}

export const takeLetters = (bits: Reader, count: number, field: string): string =>
  Array.from({ length: count }, () => letter(bits.take(5, field, 25))).join("");

/** A territory; false when it has no short form. 0 sender, 1 receiver, 2 two letters, 3 two and three letters. */
export function putCountry(out: Writer, code: string, both: Both): boolean {
  if (both.includes(code)) {
    out.put(both.indexOf(code), 2);
  } else if (/^[A-Z]{2}$/.test(code)) {
    out.put(2, 2);
    putLetters(out, code);
  } else if (/^[A-Z]{2}-[A-Z]{3}$/.test(code)) {
    out.put(3, 2);
    putLetters(out, code.replace("-", ""));
  } else {
    return false;
  }
  return true;
}

/** A territory in its shortest form. */
export function takeCountry(bits: Reader, both: Both, field: string): string {
  const form = Number(bits.take(2, field));
  if (form < 2) return both[form] as string;
  const letters = takeLetters(bits, form === 2 ? 2 : 5, field);
  if (form === 3) return `${letters.slice(0, 2)}-${letters.slice(2)}`;
  if (both.includes(letters)) refuse("not-canonical", field, "a party of the channel has a shorter code");
  return letters;
}

/** A border is named by the two territories of the crossing, in one order or the other; null: it is not. */
export function borderOrder(border: string, outOf: string, into: string): number | null {
  const order = [`${outOf}|${into}`, `${into}|${outOf}`].indexOf(border);
  return order < 0 || outOf === into ? null : order;
}

export const borderOf = (order: bigint, outOf: string, into: string): string =>
  order ? `${into}|${outOf}` : `${outOf}|${into}`;

/** A district: its country, then one of four forms; false when it has none. */
export function putDistrict(out: Writer, code: string, both: Both): boolean {
  const found = DISTRICT.exec(code);
  if (!found || !putCountry(out, found[1] as string, both)) return false;
  const [two, three, powiat, letters] = found.slice(2);
  if (letters) {
    out.put(3, 2);
    putLetters(out, letters.slice(0, 1));
    for (const at of [1, 2]) out.put(letters[at] ? indexOf(letters[at]) + 1 : 0, 5);
    return true;
  }
  out.put(two ? 0 : three ? 1 : 2, 2);
  out.put(Number(two ?? three ?? powiat), two ? 7 : 10);
  return true;
}

export function takeDistrict(bits: Reader, both: Both, field: string): string {
  const country = takeCountry(bits, both, field);
  if (country.length !== 2) refuse("value-not-plausible", field, "no country of a district");
  const form = Number(bits.take(2, field));
  if (form === 3) {
    const first = takeLetters(bits, 1, field);
    const [second, third] = [bits.take(5, field, 26), bits.take(5, field, 26)];
    if (third && !second) refuse("not-canonical", field, "a gap between letters");
    return `${country}-${first}${[second, third].map((value) => (value ? letter(value - 1n) : "")).join("")}`;
  }
  const number = bits.take(form === 0 ? 7 : 10, field, form === 0 ? 99 : 999);
  if (form < 2) return `${country}-${number.toString().padStart(2 + form, "0")}`;
  if (!number) refuse("value-not-plausible", field, "no such district");
  return `${country}-pow-${number}`;
}

/** 0 none, 1 named by the sender, 2 by the receiver, 3 by another; its year unless it is the log's; its number. */
export function putIncident(out: Writer, name: string | null, both: Both, year: number): void {
  if (name === null) return out.put(0, 2);
  const [opener, given, number] = name.split("-") as [string, string, string];
  if (both.includes(opener)) {
    out.put(both.indexOf(opener) + 1, 2);
  } else {
    out.put(3, 2);
    putLetters(out, opener);
  }
  out.putOptional(Number(given) === year ? null : Number(given), YEAR_BITS);
  out.put(Number(number), INCIDENT_BITS);
}

export function takeIncident(bits: Reader, both: Both, year: number): string | null {
  const form = Number(bits.take(2, "incident"));
  if (form === 0) return null;
  const opener = form < 3 ? (both[form - 1] as string) : takeLetters(bits, 2, "incident");
  if (form === 3 && both.includes(opener)) {
    refuse("not-canonical", "incident", "a party of the channel has a shorter code");
  }
  const given = bits.takeOptional(YEAR_BITS, "incident", 9_999);
  if (given === BigInt(year)) refuse("not-canonical", "incident", "the year of the log needs no digits");
  const number = bits.take(INCIDENT_BITS, "incident", 999_999);
  return `${opener}-${String(given ?? year).padStart(4, "0")}-${number.toString().padStart(6, "0")}`;
}
