/** Figures of messages: integers of the wire in, text out; the twin of `src/redshank/wording/figures.py`. */

export const NBSP = "\u00a0";
const MINUS = "\u2212";
const CALENDAR_END_MS = 253_402_300_800_000;

const digits = (value: number, width: number): string => String(value).padStart(width, "0");

/** `2026-05-07 00:30:01 UTC`, held together; null outside the calendar. */
export function moment(ms: number): string | null {
  if (!(ms >= 0 && ms < CALENDAR_END_MS)) return null;
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 10)}${NBSP}${iso.slice(11, 19)}${NBSP}UTC`;
}

/** `00:35:02–00:52:10 UTC`; with dates where the two days differ. Null outside the calendar. */
export function window(from: number, until: number): string | null {
  const begin = moment(from);
  const end = moment(until);
  if (begin === null || end === null) return null;
  return begin.slice(0, 10) === end.slice(0, 10) ? `${begin.slice(11, 19)}–${end.slice(11)}` : `${begin.slice(0, 19)} – ${end}`;
}

/** `54°36.12′N 025°43.20′E`, held together: degrees and minutes, as aviation reads them. */
export const place = (latE7: number, lonE7: number): string =>
  `${angle(latE7, 2)}${latE7 < 0 ? "S" : "N"}${NBSP}${angle(lonE7, 3)}${lonE7 < 0 ? "W" : "E"}`;

function angle(e7: number, width: number): string {
  const hundredths = Math.floor((Math.abs(e7) * 6000 + 5_000_000) / 10_000_000);
  return `${digits(Math.floor(hundredths / 6000), width)}°${digits(Math.floor((hundredths % 6000) / 100), 2)}.${digits(hundredths % 100, 2)}′`;
}

/** A number of tenths, with the decimal mark of a language. */
export const tenths = (value: number, decimal: string): string => `${Math.floor(value / 10)}${decimal}${value % 10}`;

/** With a true minus. */
export const signed = (value: number): string => (value < 0 ? `${MINUS}${-value}` : String(value));

/** Whole percent; never 0 or 100 for what is not certain. */
export function percent(permille: number): string {
  if (permille > 0 && permille < 10) return "<1";
  return permille > 990 && permille < 1000 ? ">99" : String(Math.floor((permille + 5) / 10));
}

/** `075°` */
export const course = (degrees: number): string => `${digits(((degrees % 360) + 360) % 360, 3)}°`;
