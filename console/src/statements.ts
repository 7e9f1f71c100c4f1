/** Statements: the forms of what we do and find, and of what we take back. Each is a list of fields, each field a closed
 * choice or a number within bounds: what lacks one can not be sent, and what would be sent is previewed. */
import { html, type TemplateResult } from "lit";
import type { Command } from "./api";
import { t, word } from "./texts";
import type { IncidentView, MessageView, ThreadView } from "./view";

type Values = Record<string, unknown>;
type Kind = "code" | "place" | "metres" | "time" | "sha256" | "bytes" | "number" | "districts";

interface Field {
  member: string;
  kind: Kind;
  codes?: readonly string[];
  /** Numbers: what a message may hold. */
  low?: number;
  high?: number;
  optional?: boolean;
}

const code = (member: string, ...codes: string[]): Field => ({ member, kind: "code", codes });
const place = (member: string): Field => ({ member, kind: "place" });
const metres = (member: string, low: number, high: number, optional = false): Field => ({ member, kind: "metres", low, high, optional });
const time = (member: string, optional = false): Field => ({ member, kind: "time", optional });
const SPAN = [time("from_ms"), time("until_ms")];
const AREA = [place("centre"), metres("radius_m", 0, 400_000)];

/** Act code of the node -> the command that it is said with, and its fields. */
export const STATEMENTS: Readonly<Record<string, { act: string; fields: readonly Field[] }>> = {
  "own-object": {
    act: "send-own-object",
    fields: [code("condition", "out-of-control", "in-flight", "under-control", "landed"), time("until_ms", true)],
  },
  measure: {
    act: "send-measure",
    fields: [
      code("measure", "airspace-closed", "airspace-restricted", "response-flight", "search-flight"),
      ...AREA, ...SPAN, metres("floor_m", -500, 30_000, true), metres("ceiling_m", -500, 30_000, true),
    ],
  },
  find: {
    act: "send-find",
    fields: [
      code("what", "debris", "whole-object", "balloon", "payload"), code("hazard", "none-seen", "possible", "confirmed"),
      code("secured", "yes", "no"), place("at"), metres("accuracy_m", 0, 200_000), time("found_ms"),
      { member: "object", kind: "number", low: 1, high: 999_999, optional: true },
    ],
  },
  evidence: {
    act: "send-evidence",
    fields: [
      code("kind", "photograph", "document", "data", "part"), { member: "sha256", kind: "sha256" },
      { member: "bytes", kind: "bytes", low: 0, high: 2 ** 40 - 1 }, time("obtained_ms"),
      { member: "find", kind: "number", low: 0, high: 2 ** 40 - 1, optional: true },
    ],
  },
  negative: { act: "send-negative", fields: [code("means", "radar", "air", "ground", "water"), ...AREA, ...SPAN] },
  warning: {
    act: "send-warning",
    fields: [code("level", "possible", "shelter", "all-clear"), { member: "districts", kind: "districts" }, ...SPAN],
  },
};
const CANCEL_WHYS = ["sent-in-error", "wrong-object", "wrong-partner", "superseded"];
/** The sentences of a message say what each code means, in every language. */
const SAID: Readonly<Record<string, string>> = { kind: "text-evidence", why: "text-cancel-why" };
const LABELS: Readonly<Record<string, string>> = { centre: "say-place", at: "say-place", object: "say-object", sha256: "SHA-256", districts: "say-districts" };
const HOUR_MS = 3_600_000;

const fieldsOf = (act: string): readonly Field[] =>
  act === "cancel-message"
    ? [code("why", ...CANCEL_WHYS)]
    : (Object.values(STATEMENTS).find((one) => one.act === act)?.fields ?? []);

/** Whether every field that must be there is there, and each is what it may be. */
export const filled = (draft: Values): boolean => fieldsOf(String(draft["act"])).every((field) => fits(field, draft[field.member]));

function fits(field: Field, value: unknown): boolean {
  if (value === undefined || value === null || value === "") return field.optional === true;
  switch (field.kind) {
    case "code":
      return field.codes?.includes(String(value)) ?? false;
    case "place": {
      const { lat_e7: lat, lon_e7: lon } = value as { lat_e7: number; lon_e7: number };
      return lat >= 47e7 && lat <= 62e7 && lon >= 10e7 && lon <= 36e7;
    }
    case "sha256":
      return /^[0-9a-f]{64}$/.test(String(value));
    case "districts":
      return Array.isArray(value) && value.length > 0 && value.length <= 32;
    case "time":
      return Number.isInteger(value) && Number(value) > 0;
    default:
      return Number.isInteger(value) && Number(value) >= (field.low ?? 0) && Number(value) <= (field.high ?? Number.MAX_SAFE_INTEGER);
  }
}

/** An empty statement of an act, with what is known: where the newest object is, and the hour from now on. */
export function blank(act: string, incident: IncidentView, thread: ThreadView, now_ms: number): Command {
  const draft: Values = { act: STATEMENTS[act]?.act, incident: incident.id, channel: thread.channel };
  const now = Math.floor(now_ms / 1000) * 1000;
  const known: Values = {
    from_ms: now, until_ms: now + HOUR_MS, found_ms: now, obtained_ms: now, radius_m: 5_000, accuracy_m: 100,
    districts: [...new Set(incident.warnings.map((warning) => warning.district))].sort(),
  };
  const at = newestPlace(thread);
  for (const field of STATEMENTS[act]?.fields ?? []) {
    if (field.kind === "place" && at) draft[field.member] = at;
    else if (!field.optional && field.member in known) draft[field.member] = known[field.member];
  }
  return draft as unknown as Command;
}

function newestPlace(thread: ThreadView): Values | null {
  for (const { body } of [...thread.messages].reverse()) {
    const state = body["object"];
    const at = typeof state === "object" && state !== null ? (state as Values)["at"] : undefined;
    if (at) return at as Values;
  }
  return null;
}

const MADE_BY: Readonly<Record<string, string>> = {
  NOTICE: "send-notice", UPDATE: "send-notice", LOST: "send-notice", QUERY: "send-query", CLOSE: "close-incident",
};

/** The command by which a message of ours was, or would have been, said; null for one that has no form of its own. */
export function saidBy(incident: IncidentView, message: MessageView): Command | null {
  const at = { incident: incident.id, channel: message.channel };
  const statement = STATEMENTS[message.type.toLowerCase()];
  if (statement) {
    const members = statement.fields.map(({ member }) => [member, message.body[member]] as const);
    return { act: statement.act, ...at, ...Object.fromEntries(members.filter(([, value]) => value !== undefined)) } as unknown as Command;
  }
  if (message.type === "REPLY" && message.in_reply_to !== null) {
    return { act: "send-reply", channel: message.channel, serial: message.in_reply_to, generation: message.generation, answer: String(message.body["answer"]) };
  }
  const act = MADE_BY[message.type];
  return act ? ({ act, ...at, ...pick(message.body, "object", "outcome") } as unknown as Command) : null;
}

function pick(body: Values, ...members: string[]): Values {
  return Object.fromEntries(members.filter((member) => typeof body[member] !== "object" && body[member] !== undefined).map((member) => [member, body[member]]));
}

/** Whether a message of ours may be corrected or cancelled now. */
export const mayTakeBack = (thread: ThreadView, message: MessageView, act: "correct" | "cancel"): boolean =>
  thread.acts.includes(act) && message.direction === "sent" && message.cancelled_by === null &&
  !["CORRECT", "CANCEL", "TEST", "TEST-REPLY"].includes(message.type);

/** The fields of a statement, or of a CANCEL; `fill` changes what would be sent. */
export function statementFields(draft: Values, fill: (change: Values) => void): TemplateResult {
  return html`${fieldsOf(String(draft["act"])).map((field) => fieldBox(field, draft[field.member], fill))}`;
}

function fieldBox(field: Field, value: unknown, fill: (change: Values) => void): TemplateResult {
  const { member } = field;
  if (field.kind === "code") {
    return html`<fieldset class="choices">
      ${(field.codes ?? []).map((one) => html`<label data-test="choose-${one}">
        <input type="radio" name=${member} value=${one} .checked=${one === value} @change=${() => fill({ [member]: one })} />
        ${word(SAID[member] ?? `text-${member}`, one)}</label>`)}
    </fieldset>`;
  }
  const wrong = !fits(field, value);
  const label = `${t(LABELS[member] ?? `field-${member.replaceAll("_", "-")}`)}${field.optional ? "" : " *"}`;
  if (field.kind === "place") return placeBox(field, value, fill);
  const shown = field.kind === "time" ? stamp(value) : field.kind === "districts" ? ((value as string[] | undefined) ?? []).join(" ") : String(value ?? "");
  return html`<label class="remark-field ${wrong ? "wrong" : ""}">${label}
    <input type="text" data-test="field-${member}" .value=${shown} aria-invalid=${wrong ? "true" : "false"}
      @change=${(event: Event) => fill({ [member]: parse(field, (event.target as HTMLInputElement).value.trim()) })} />
  </label>`;
}

function placeBox(field: Field, value: unknown, fill: (change: Values) => void): TemplateResult {
  const at = (value ?? {}) as { lat_e7?: number; lon_e7?: number };
  const box = (part: "lat_e7" | "lon_e7") => html`<label class="remark-field ${fits(field, value) ? "" : "wrong"}">${t("say-place")}, ${t(part === "lat_e7" ? "field-lat" : "field-lon")} *
    <input type="number" step="0.0001" data-test="field-${field.member}-${part === "lat_e7" ? "lat" : "lon"}" .value=${at[part] === undefined ? "" : String(at[part] / 1e7)}
      @change=${(event: Event) => fill({ [field.member]: { ...at, [part]: Math.round(Number((event.target as HTMLInputElement).value) * 1e7) } })} />
  </label>`;
  return html`${box("lat_e7")} ${box("lon_e7")}`;
}

const stamp = (value: unknown): string => (typeof value === "number" ? new Date(value).toISOString().slice(0, 19) + "Z" : "");

/** What was typed, as the node takes it; undefined for what is no such thing: then the form can not be sent. */
function parse(field: Field, text: string): unknown {
  if (text === "") return undefined;
  if (field.kind === "sha256") return text.toLowerCase();
  if (field.kind === "districts") return [...new Set(text.split(/[\s,;]+/))].sort();
  if (field.kind === "time") {
    const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(at) ? "" : at;
  }
  const number = Number(text);
  return Number.isInteger(number) ? number : "";
}
