/** The report of compliance and reciprocity: channel and period are chosen, the node computes, the page shows and saves. */
import "./compliance.css";
import { html, nothing, render, type TemplateResult } from "lit";
import type { Refusal } from "./api";
import { firstLanguage } from "./language";
import { t, word } from "./texts";
import type { View } from "./view";

const PATIENCE_MS = 300_000;
const DAY_MS = 86_400_000;
const TYPED = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d))?$/;

interface Asked {
  channel: string;
  from: string;
  until: string;
}

const root = document.getElementById("app")!;
const sheet = document.createElement("div");
const shadow = sheet.attachShadow({ mode: "open" });
sheet.className = "sheet";

let view: View;
let asked: Asked;
let state: "choosing" | "working" | "shown" = "choosing";
let no: string | null = null;

/** As it stands in the fields: minutes of UTC. */
const typed = (at_ms: number): string => new Date(at_ms).toISOString().slice(0, 16).replace("T", " ");

/** What was typed, as the node reads it; null when it is no time. Empty means: open at this end. */
function instant(text: string): string | null {
  if (!text.trim()) return "";
  const found = TYPED.exec(text.trim());
  return found ? `${found[1]}T${found[2] ?? "00:00"}:00Z` : null;
}

function address(form: "json" | "html" | "pdf"): string | null {
  const from = instant(asked.from);
  const until = instant(asked.until);
  if (from === null || until === null) return null;
  const query = new URLSearchParams({ ...(from && { from }), ...(until && { until }) });
  return `/api/compliance/${encodeURIComponent(asked.channel)}.${form}?${query}`;
}

async function show(): Promise<void> {
  const path = address("html");
  if (path === null) return say(t("compliance-bad-time"));
  state = "working";
  no = null;
  draw();
  try {
    const answer = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) {
      const why = (await answer.json()) as Refusal;
      return say(`${word("reason", why.reason)}: ${why.detail || why.field}`);
    }
    put(await answer.text());
    state = "shown";
  } catch (error) {
    return say(String(error));
  }
  draw();
}

function say(why: string): void {
  state = "choosing";
  no = why;
  draw();
}

/** The same sheet that can be saved, in a tree of its own: nothing of it runs, and its styles stay with it. */
function put(file: string): void {
  const page = new DOMParser().parseFromString(file, "text/html");
  const style = new CSSStyleSheet();
  style.replaceSync(page.querySelector("style")?.textContent ?? "");
  shadow.adoptedStyleSheets = [style];
  const report = page.querySelector("main.report");
  shadow.replaceChildren(...(report ? [document.importNode(report, true)] : []));
}

const presets = (): [string, number | null, number | null][] => {
  const now = new Date(view.now_ms);
  const month = (by: number): number => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + by, 1);
  return [
    ["last-day", view.now_ms - DAY_MS, view.now_ms + 60_000],
    ["last-week", view.now_ms - 7 * DAY_MS, view.now_ms + 60_000],
    ["this-month", month(0), month(1)],
    ["last-month", month(-1), month(0)],
    ["ever", null, null],
  ];
};

function pick(from_ms: number | null, until_ms: number | null): void {
  asked = { ...asked, from: from_ms === null ? "" : typed(from_ms), until: until_ms === null ? "" : typed(until_ms) };
  void show();
}

function draw(): void {
  document.title = `${t("compliance-title")} · ${view.party}`;
  render(page(), root);
  if (state === "shown") root.append(sheet);
  else sheet.remove();
}

function page(): TemplateResult {
  return html`<header class="ask">
      <h1>${t("compliance-title")}</h1>
      <label>${t("compliance-channel")}
        <select data-test="channel" @change=${(event: Event) => (asked.channel = (event.target as HTMLSelectElement).value)}>
          ${view.lines.map(({ channel }) => html`<option value=${channel} ?selected=${channel === asked.channel}>${channel}</option>`)}
        </select>
      </label>
      ${field("from")} ${field("until")}
      <button class="act primary" data-test="show" ?disabled=${state === "working"} @click=${() => void show()}>${t("compliance-show")}</button>
      <span class="presets">
        ${presets().map(([name, from, until]) => html`<button data-test="preset-${name}" @click=${() => pick(from, until)}>${t(`compliance-${name}`)}</button>`)}
      </span>
      <span class="save">${t("compliance-save")} ${(["json", "html", "pdf"] as const).map(saveLink)}</span>
      <p class="fine">${t("compliance-json-means")} ${t("compliance-not-sent")}</p>
    </header>
    ${view.exercise ? html`<div class="hatch" aria-hidden="true"></div>` : nothing}
    ${no === null ? nothing : html`<p class="note bad" role="alert" data-test="refused">✕ ${t("compliance-refused", { why: no })}</p>`}
    ${state === "working" ? html`<p class="note" role="status" data-test="working">${t("compliance-working")}</p>` : nothing}`;
}

const field = (name: "from" | "until"): TemplateResult => html`<label>${t(`compliance-${name}`)}
  <input type="text" spellcheck="false" placeholder="2026-05-07 01:00" data-test=${name} .value=${asked[name]}
    @input=${(event: Event) => {
      asked[name] = (event.target as HTMLInputElement).value;
      draw();
    }}
    @keydown=${(event: KeyboardEvent) => event.key === "Enter" && void show()} /></label>`;

function saveLink(form: "json" | "html" | "pdf"): TemplateResult {
  const path = address(form);
  return path === null
    ? html`<span class="act" aria-disabled="true">${form.toUpperCase()}</span>`
    : html`<a class="act" download href=${path} data-test="save-${form}">${form.toUpperCase()}</a>`;
}

async function begin(): Promise<void> {
  await firstLanguage();
  document.documentElement.dataset["theme"] = localStorage.getItem("theme") === "light" ? "light" : "dark";
  view = (await (await fetch("/api/view")).json()) as View;
  const wanted = new URLSearchParams(window.location.search).get("channel");
  const channel = view.lines.find((line) => line.channel === wanted) ?? view.lines[0];
  asked = { channel: channel?.channel ?? "", from: "", until: "" };
  const [, from, until] = presets()[0]!;
  if (channel) pick(from, until);
  else say(t("compliance-channel"));
}

void begin();
