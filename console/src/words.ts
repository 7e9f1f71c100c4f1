/** A message body of the wire, in words. Codes become words; 1e-7 degrees, per mille and milliseconds become figures. */
import { html, type TemplateResult } from "lit";
import { clock, course, distance, height, percent, place, speed } from "./format";
import { t, word, wording } from "./texts";

type Values = Record<string, unknown>;

const isObject = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);

const point = (value: unknown): string =>
  isObject(value) ? place(Number(value["lat_e7"]) / 1e7, Number(value["lon_e7"]) / 1e7) : "";

/** What a form asks for and its message does not say, in words. */
export const lacking = (members: readonly string[]): string =>
  members.map((member) => word("field", member.split(".").pop())).join(", ");

/** Lines of (what, value) that say all that a message says; an unknown member is shown by its name. */
export function bodyLines(type: string, body: Values): [string, string][] {
  const lines: [string, string][] = [];
  for (const [member, value] of Object.entries(body)) {
    if (value === null || value === undefined) continue;
    if (member === "body" && isObject(value)) lines.push(...bodyLines(String(body["type"]), value));
    else if (member === "type" && type === "CORRECT") lines.push([t("preview-type"), word("type", String(value))]);
    else if (member === "object" && isObject(value)) lines.push(...objectLines(value));
    else if (member === "crossing" && isObject(value)) lines.push([t("say-crossing"), crossingLine(value)]);
    else if (member === "districts" && Array.isArray(value)) {
      if (value.length) lines.push([t("say-districts"), value.map((one) => (isObject(one) ? districtWord(one) : String(one))).join(", ")]);
    } else lines.push([word("say", member), plain(type, member, value)]);
  }
  return lines;
}

function objectLines(state: Values): [string, string][] {
  const parts = [word("status", String(state["status"]))];
  if (Number(state["count"] ?? 1) > 1) parts.push(`× ${String(state["count"])}`);
  if (typeof state["speed_kmh"] === "number") parts.push(speed(state["speed_kmh"]));
  if (typeof state["course_deg"] === "number") parts.push(course(state["course_deg"]));
  if (typeof state["altitude_m"] === "number") parts.push(height(state["altitude_m"]));
  return [
    [t("say-object-n", { number: String(state["object"]) }), parts.join(" · ")],
    [t("say-place"), `${point(state["at"])} ± ${distance(Number(state["accuracy_m"]))}`],
  ];
}

const crossingLine = (claim: Values): string =>
  `${String(claim["out_of"])} → ${String(claim["into"])} · ${percent(Number(claim["permille"]) / 1000)} · ` +
  `${clock(Number(claim["p50_ms"]))} (${clock(Number(claim["p10_ms"])).slice(0, 5)}–${clock(Number(claim["p90_ms"])).slice(0, 5)}Z)`;

const districtWord = (claim: Values): string =>
  `${String(claim["district"])} ${percent(Number(claim["permille"]) / 1000)}`;

function plain(type: string, member: string, value: unknown): string {
  if (isObject(value)) return "lat_e7" in value ? point(value) : JSON.stringify(value);
  if (typeof value === "number") {
    if (member.endsWith("_ms")) return clock(value);
    if (member.endsWith("_m")) return distance(value);
    return String(value);
  }
  if (typeof value !== "string") return JSON.stringify(value);
  return word(member === "role" ? "role" : member === "agrees" ? "agrees" : type === "CLOSE" ? "outcome" : member, value);
}

/** All that a message says, as sentences in the page's language. */
export const fullText = (type: string, body: Values): string[] => wording().sentences(type, body);

/** A sentence as a paragraph in which no figure is broken: a browser would break a date at its hyphens. */
export const paragraph = (sentence: string): TemplateResult =>
  html`<p>${sentence.split(/([^ ]*\u00a0[^ ]*)/).map((part) => (part.includes("\u00a0") ? html`<span class="held">${part}</span>` : part))}</p>`;

/** One short line for the time line. */
export function gist(type: string, body: Values): string {
  switch (type) {
    case "NOTICE":
    case "UPDATE": {
      const state = isObject(body["object"]) ? word("status", String(body["object"]["status"])) : "";
      const claim = isObject(body["crossing"]) ? crossingLine(body["crossing"]) : "";
      return [word("phase", String(body["phase"])), state, claim].filter(Boolean).join(" · ");
    }
    case "LOST":
      return t("gist-lost", { radius: distance(Number(body["search_radius_m"])) });
    case "QUERY":
      return word("question", String(body["question"]));
    case "REPLY":
      return word("answer", String(body["answer"]));
    case "CLOSE":
      return word("outcome", String(body["outcome"]));
    case "AGREE-CLOSE":
      return word("agrees", String(body["agrees"]));
    case "ACK":
      return word("role", String(body["role"]));
    default:
      return bodyLines(type, body).map(([, value]) => value).join(" · ");
  }
}
