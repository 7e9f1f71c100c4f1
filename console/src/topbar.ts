/** The top bar: who we are, exercise or not, what time it is, what is due next, and how old the picture is. */
import { html, nothing, type TemplateResult } from "lit";
import { nextOwed } from "./derive";
import { clock, countdown, day } from "./format";
import { STALE_LIMIT_S, type Link } from "./live";
import { leave, somebody, waiting } from "./people";
import { choice } from "./state";
import { LANGUAGE_NAMES } from "./language";
import { t, word, wording } from "./texts";
import type { View } from "./view";

export interface TopActions {
  theme(): void;
  panel(name: "report" | "help" | "release" | "shift"): void;
  next(incident: string): void;
  language(chosen: string): void;
}

const languageChoice = (actions: TopActions): TemplateResult => html`<select class="language" data-test="language" aria-label=${t("top-language")} title=${t("top-language")}
  @change=${(event: Event) => {
    const list = event.target as HTMLSelectElement;
    list.blur(); // the keys are the page's again
    actions.language(list.value);
  }}>
  ${Object.entries(LANGUAGE_NAMES).map(([code, name]) => html`<option value=${code} lang=${code} .selected=${code === wording().language}>${name}</option>`)}
</select>`;

export function topbar(view: View, now: number, link: Link, actions: TopActions): TemplateResult {
  return html`<header class="top">
      <div class="who"><b>${view.party}</b><span>${word("party", view.party)}</span></div>
      ${view.exercise ? html`<div class="exercise" data-test="exercise" role="note"><span>${t("exercise")}</span></div>` : nothing}
      <div class="clock" data-test="clock">
        <b>${clock(now)}</b><span>${day(now)}${view.clock_rate === 1 ? "" : ` · ${rate(view.clock_rate)}`}</span>
      </div>
      ${due(view, now, actions)} ${linkState(link, view)}
      <nav>
        <button data-test="open-release" class=${waiting(view).length ? "asks" : ""} @click=${() => actions.panel("release")}
          title=${t("panel-release")} aria-label=${t("panel-release")}>${waiting(view).length ? `▲ ${waiting(view).length}` : "✓"} <kbd>E</kbd></button>
        <button data-test="open-shift" @click=${() => actions.panel("shift")} aria-label=${t("panel-shift")}
          title=${view.shift ? view.shift.person : t("top-no-shift")}>⇄ <kbd>H</kbd></button>
        <button data-test="open-report" @click=${() => actions.panel("report")}>${t("top-report")} <kbd>P</kbd></button>
        <button data-test="theme" @click=${actions.theme} title=${t("top-theme")} aria-label=${t("top-theme")}>
          ${choice.theme === "dark" ? "☀" : "☾"} <kbd>T</kbd>
        </button>
        <button data-test="leave" aria-label=${t("top-leave")} title=${somebody ? `${t("top-leave")}: ${somebody.name}, ${somebody.roles.map((role) => word("role", role)).join(", ")}` : t("top-leave")} @click=${() => void leave()}>⏻</button>
        ${languageChoice(actions)}
        <button data-test="help" @click=${() => actions.panel("help")} aria-label=${t("top-help")}>?</button>
      </nav>
    </header>
    ${view.exercise ? html`<div class="hatch" aria-hidden="true"></div>` : nothing}`;
}

const rate = (value: number): string => (value === 0 ? t("clock-paused") : t("clock-rate", { rate: String(value) }));

function due(view: View, now: number, actions: TopActions): TemplateResult {
  const owed = nextOwed(view);
  if (!owed) return html`<div class="due calm" data-test="next-deadline"><b>${t("due-none")}</b></div>`;
  const left = owed.due_ms - now;
  const tone = owed.missed || left < 0 ? "late" : owed.owner === "us" && left < 60_000 ? "soon" : "runs";
  return html`<button class="due ${tone} ${owed.owner}" data-test="next-deadline" @click=${() => actions.next(owed.incident)}>
    <b>${tone === "late" ? "▲ " : ""}${countdown(left)}</b>
    <span>${t(owed.owner === "partner" ? "due-partner" : owed.partner ? "due-us-to" : "due-us", { what: word("owes", owed.what), partner: owed.partner ?? "" })}
      <small>${owed.incident}</small></span>
  </button>`;
}

function linkState(link: Link, view: View): TemplateResult {
  const seconds = String(Math.floor(link.connected ? link.stale_s : link.silent_s));
  if (!link.connected) return html`<div class="link bad" data-test="link" role="alert">✕ ${t("link-lost", { seconds })}</div>`;
  if (link.stale_s > STALE_LIMIT_S)
    return html`<div class="link warn" data-test="link" role="alert">▲ ${t("link-stale", { seconds })}</div>`;
  return html`<div class="link good" data-test="link">● ${t(view.clock_rate === 0 ? "link-paused" : "link-live", { seconds })}</div>`;
}
