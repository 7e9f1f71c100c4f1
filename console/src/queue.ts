/** The incident queue: for each incident the crossing countdown beside the procedure's clocks. */
import { html, nothing, svg, type TemplateResult } from "lit";
import { comingIn, isSpoken, isToDecide, owedIn, queue, type Coming, type Owed } from "./derive";
import { clock, countdown, distance, percent } from "./format";
import { choice } from "./state";
import { t, word } from "./texts";
import type { IncidentView, View } from "./view";

const CARDS = 60;
const BAR_MS = 60 * 60_000;

export function queueColumn(view: View, now: number, pick: (incident: string) => void, toggleClosed: () => void): TemplateResult {
  const incidents = queue(view, choice.closed);
  const closed = view.incidents.filter((incident) => incident.phase === "closed").length;
  return html`<section class="queue" aria-label=${t("queue-title")}>
    <h2>${t("queue-title")} <span class="count">${incidents.length}</span></h2>
    ${incidents.length === 0 ? html`<p class="empty">${t("queue-empty")}</p>` : nothing}
    ${incidents.slice(0, CARDS).map((incident, index) => card(view, incident, now, index, pick))}
    ${incidents.length > CARDS ? html`<p class="empty">${t("queue-more", { count: String(incidents.length - CARDS) })}</p>` : nothing}
    ${closed
      ? html`<button class="quiet" data-test="toggle-closed" @click=${toggleClosed}>
          ${t(choice.closed ? "queue-hide-closed" : "queue-show-closed", { count: String(closed) })}
        </button>`
      : nothing}
  </section>`;
}

function card(view: View, incident: IncidentView, now: number, index: number, pick: (incident: string) => void): TemplateResult {
  const closed = incident.phase === "closed";
  const coming = closed ? [] : comingIn(view, incident);
  const owed = owedIn(incident);
  const missed = owed.some((item) => item.missed && item.owner === "us");
  const warnings = incident.warnings.filter(isToDecide).length;
  return html`<button
    class="card ${incident.id === choice.incident ? "chosen" : ""} ${missed ? "late" : ""} ${incident.phase}"
    data-test="incident-${incident.id}"
    aria-current=${incident.id === choice.incident ? "true" : "false"}
    @click=${() => pick(incident.id)}
  >
    <span class="card-head">
      ${index < 9 ? html`<kbd>${index + 1}</kbd>` : nothing}
      <b>${incident.id}</b>
      <span class="channels">${incident.threads.filter(isSpoken).map((thread) => html`<i>${thread.partner}</i>`)}</span>
      <em>${word("incident-phase", incident.phase)}</em>
    </span>
    ${coming.slice(0, 3).map((border, row) => crossing(border, now, row === 0))}
    ${coming.length === 0 && !closed ? html`<span class="no-crossing">${t("no-crossing")}</span>` : nothing}
    ${owed.map((item) => obligation(item, now))}
    ${warnings ? html`<span class="warn-count">◆ ${t("warnings-proposed", { count: warnings })}</span>` : nothing}
    ${incident.outcome ? html`<span class="no-crossing">${word("outcome", incident.outcome)}</span>` : nothing}
  </button>`;
}

/** Minutes and seconds to the likeliest moment, the 10–90 % window, the probability, and the stretch. */
function crossing(border: Coming, now: number, first: boolean): TemplateResult {
  const window = `${countdown(border.p10_ms - now)} – ${countdown(border.p90_ms - now)}`;
  return html`<span class="crossing ${first ? "first" : ""}" data-test="crossing-${border.border}-${border.into}">
    <span class="big">${countdown(border.p50_ms - now)}</span>
    <span class="into">${border.out_of} → <b>${border.into}</b></span>
    <span class="chance">${percent(border.probability)}</span>
    ${first
      ? html`<span class="fine">${t("window", { window, at: clock(border.p50_ms).slice(0, 5) + "Z", stretch: distance(border.stretch_m) })}</span>
          ${windowBar(border, now)}`
      : nothing}
  </span>`;
}

/** The next hour as a bar: the window as a band, the median as a line. */
function windowBar(border: Coming, now: number): TemplateResult {
  const x = (ms: number) => Math.max(0, Math.min(240, ((ms - now) / BAR_MS) * 240));
  return html`<svg class="bar" viewBox="0 0 240 8" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class="rail" x="0" y="3" width="240" height="2"></rect>
      <rect class="band" x=${x(border.p10_ms)} y="0" width=${Math.max(2, x(border.p90_ms) - x(border.p10_ms))} height="8"></rect>
      <rect class="median" x=${Math.max(0, x(border.p50_ms) - 1)} y="0" width="2.5" height="8"></rect>`}
  </svg>`;
}

export function obligation(item: Owed, now: number): TemplateResult {
  const left = item.due_ms - now;
  const late = item.missed || left < 0;
  const who = item.owner === "us" ? t("owner-us") : t("owner-partner", { partner: item.partner ?? "" });
  return html`<span class="owed ${item.owner} ${late ? "late" : left < 60_000 ? "soon" : ""}" data-test="owed-${item.id}">
    <i aria-hidden="true">${late ? "▲" : item.owner === "us" ? "◷" : "…"}</i>
    <span>${late ? html`<b>${t("overdue")}</b> ` : nothing}${who} ${word("owes", item.what)}
      ${item.escalation ? html`<strong>${t("escalated", { step: word("escalation", item.escalation) })}</strong>` : nothing}</span>
    <b class="left">${countdown(left)}</b>
  </span>`;
}
