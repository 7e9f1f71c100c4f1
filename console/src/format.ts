/** How figures are written. UTC only, and by hand: not every browser has date data for every language. */

import { t } from "./texts";

const MINUS = "\u2212";

const two = (value: number): string => String(value).padStart(2, "0");

/** `02:41:07Z` */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}Z`;
}

/** `02:41Z` */
export function minute(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}Z`;
}

/** `Thu 2026-05-07` */
export function day(ms: number): string {
  const at = new Date(ms);
  return `${t(`weekday-${at.getUTCDay()}`)} ${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
}

/** Time until something: `12:41`, `1:02:03`; `−00:43` once it has passed. */
export function countdown(ms: number): string {
  const late = ms < 0;
  const seconds = late ? Math.floor(-ms / 1000) : Math.ceil(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return (late ? MINUS : "") + (hours ? `${hours}:${rest}` : rest);
}

/** Age or delay in words short enough for a label: `4 s`, `3 min`, `2 h`. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return t("unit-seconds", { value: String(seconds) });
  if (seconds < 7200) return t("unit-minutes", { value: String(Math.round(seconds / 60)) });
  return t("unit-hours", { value: String(Math.round(seconds / 3600)) });
}

/** `87 %`; never 0 or 100 for what is not certain. */
export function percent(probability: number): string {
  const value = probability > 0 && probability < 0.01 ? "<1" : probability < 1 && probability > 0.99 ? ">99" : String(Math.round(probability * 100));
  return t("figure-percent", { value });
}

/** `54°36.12′N 025°43.20′E`: degrees and minutes, as aviation reads them. */
export function place(lat: number, lon: number): string {
  return `${angle(lat, 2)}${lat < 0 ? "S" : "N"} ${angle(lon, 3)}${lon < 0 ? "W" : "E"}`;
}

function angle(value: number, digits: number): string {
  const hundredths = Math.round(Math.abs(value) * 6000);
  const minutes = ((hundredths % 6000) / 100).toFixed(2).padStart(5, "0");
  return `${String(Math.floor(hundredths / 6000)).padStart(digits, "0")}°${minutes}′`;
}

/** Track ids as short as they stay unique on a screen: `BY-LT/BY-2026-000003/BY/1` is `BY 3/1`; what the partner told
 * in an incident that we opened keeps its sender: `BY in LT 3/1`. */
export const shortId = (id: string): string =>
  id.replace(/^[A-Z]{2}-[A-Z]{2}\/([A-Z]{2})-\d{4}-0*(\d+)\/([A-Z]{2})\/(\d+)/, (_, opener: string, number: string, sender: string, object: string) =>
    `${sender === opener ? "" : `${sender} in `}${opener} ${number}/${object}`,
  );

/** `850 m`, `3.2 km`, `41 km` */
export function distance(metres: number): string {
  if (metres < 1000) return height(metres);
  return metres < 9950 ? kilometres(metres) : t("figure-km", { value: String(Math.round(metres / 1000)) });
}

/** `1250 m` */
export const height = (metres: number): string => t("figure-m", { value: String(Math.round(metres)) });

/** `3.2 km`, however far */
export const kilometres = (metres: number): string => t("figure-km", { value: decimal(metres / 1000) });

const decimal = (value: number): string => value.toFixed(1).replace(".", t("figure-decimal"));

/** `158 km/h` */
export const speed = (kilometresPerHour: number): string => t("figure-kmh", { value: String(Math.round(kilometresPerHour)) });

export const kmh = (metresPerSecond: number): string => speed(metresPerSecond * 3.6);

export const course = (degrees: number): string => `${String(Math.round(degrees) % 360).padStart(3, "0")}°`;

/** `+39 min` before, `−73 min` late. */
export function lead(seconds: number): string {
  const minutes = Math.abs(seconds) < 600 ? decimal(Math.abs(seconds) / 60) : String(Math.round(Math.abs(seconds) / 60));
  return `${seconds < 0 ? MINUS : "+"}${t("unit-minutes", { value: minutes })}`;
}
