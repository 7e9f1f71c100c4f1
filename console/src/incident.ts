/** The chosen incident: acts, forms, the time line of both sides, warnings. */
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { ACT_KEYS, act, issueWarning, openCancel, openCorrect, openStatement } from "./actions";
import { isToDecide, needsReading, owedIn, unread, urgentThread, warningsInHaste } from "./derive";
import { formBox } from "./forms";
import { age, clock, countdown, shortId } from "./format";
import { obligation } from "./queue";
import { choice } from "./state";
import { mayTakeBack, saidBy, STATEMENTS } from "./statements";
import { t, word } from "./texts";
import type { IncidentView, MessageView, ThreadView, View, WarningView } from "./view";
import { openReadOut } from "./voice";
import { fullText, gist, lacking, paragraph } from "./words";

/** The acts that answer a partner, in the order of their haste; each has the name of the obligation that it settles.
 * Only the first that is owed is coloured. */
const ANSWERING = ["ack", "reply", "agree-close"];

export function chosenThread(incident: IncidentView): ThreadView | null {
  return incident.threads.find((thread) => thread.channel === choice.channel) ?? urgentThread(incident);
}

export function incidentColumn(view: View, now: number, pickThread: (channel: string) => void): TemplateResult {
  const incident = view.incidents.find((item) => item.id === choice.incident);
  const form = choice.form ? formBox(choice.form) : nothing;
  if (!incident) return html`<section class="incident">${form}<p class="empty">${t("incident-none")}</p></section>`;
  const thread = chosenThread(incident);
  // Keyed: when another incident is chosen its buttons are new ones, never old ones with another meaning under the pointer.
  return html`${keyed(incident.id, html`<section class="incident" aria-label=${incident.id} data-test="chosen-incident">
    <h2>${incident.id} <em>${word("incident-phase", incident.phase)}</em></h2>
    <p class="fine">
      ${t("incident-opened", { at: clock(incident.opened_ms), by: word("opened", incident.opened_by) })}
      · ${incident.tracks.map(shortId).join(", ")}${incident.aliases.length ? ` · ${t("incident-aliases", { ids: incident.aliases.join(", ") })}` : ""}
    </p>
    ${form} ${warningsBox(warningsInHaste(incident), now)}
    <div class="tabs" role="tablist">
      ${incident.threads.map((item) => tab(item, item === thread, pickThread))}
    </div>
    ${thread ? keyed(thread.channel, threadBox(incident, thread, now)) : html`<p class="empty">${t("thread-none")}</p>`}
  </section>`)}`;
}

function tab(thread: ThreadView, chosen: boolean, pick: (channel: string) => void): TemplateResult {
  const late = thread.obligations.some((item) => item.missed);
  const news = thread.acts.includes("ack") && unread(thread) !== undefined;
  return html`<button role="tab" aria-selected=${chosen ? "true" : "false"} data-test="thread-${thread.channel}"
    @click=${() => pick(thread.channel)}>
    ${late ? "▲ " : ""}${thread.state === "at-home" ? t("thread-at-home") : thread.partner} ${news ? html`<i title=${t("unread")}>●</i>` : nothing}
  </button>`;
}

function threadBox(incident: IncidentView, thread: ThreadView, now: number): TemplateResult {
  const owed = owedIn(incident).filter((item) => item.channel === thread.channel);
  const waiting = unread(thread);
  const first = ANSWERING.find((code) => thread.acts.includes(code) && owed.some(({ owner, what }) => owner === "us" && what === code));
  return html`<div class="thread" data-test="chosen-thread-${thread.channel}">
    <p class="fine">${thread.state === "at-home" ? word("state", thread.state) : t("thread-state", { partner: word("party", thread.partner), state: word("state", thread.state) })}</p>
    ${thread.lone ? html`<p class="lone" data-test="lone-${thread.channel}">◇ ${t("lone-thread", { partner: word("party", thread.partner) })}</p>` : nothing}
    ${owed.map((item) => obligation(item, now))}
    <div class="acts">
      ${Object.entries(ACT_KEYS)
        .filter(([code]) => thread.acts.includes(code) && (code !== "ack" || waiting))
        .map(
          ([code, key]) => html`<button class="act ${code === first ? "primary" : ""}" data-test="act-${code}"
            @click=${() => act(code, incident, thread)}>
            ${word("act", code)}${code === "ack" && waiting ? ` ${waiting.type} ${waiting.serial}` : ""} <kbd>${key.toUpperCase()}</kbd>
          </button>`,
        )}
    </div>
    ${statementActs(incident, thread)}
    <ol class="line">
      ${repeat(
        [...thread.messages].sort((one, other) => other.stated_ms - one.stated_ms),
        ({ direction, generation, serial }) => `${direction} ${generation} ${serial}`, // what is unfolded stays with its message
        (message) => messageLine(incident, thread, message),
      )}
    </ol>
  </div>`;
}

/** What we say of our own doing and findings: rarer than the acts above, so one step further away. */
function statementActs(incident: IncidentView, thread: ThreadView): TemplateResult | typeof nothing {
  const may = Object.keys(STATEMENTS).filter((code) => thread.acts.includes(code));
  if (!may.length) return nothing;
  return html`<details class="statements" data-test="statements"><summary>${may.map((code) => word("type", code)).join(" · ")} …</summary>
    <div class="acts">${may.map((code) => html`<button class="act" data-test="act-${code}" @click=${() => openStatement(code, incident, thread)}>${word("type", code)}</button>`)}</div>
  </details>`;
}

/** A correction never rewrites: both stand in the line, and each names the other. */
function takenBack(incident: IncidentView, thread: ThreadView, message: MessageView): TemplateResult {
  return html`${message.corrected_by === null ? nothing : html`<span class="mark corrected" data-test="corrected-${message.serial}">✎ ${word("type", "CORRECT")} ${message.corrected_by}</span>`}
    ${message.cancelled_by === null ? nothing : html`<span class="mark cancelled" data-test="cancelled-${message.serial}">✕ ${word("type", "CANCEL")} ${message.cancelled_by}</span>`}
    ${mayTakeBack(thread, message, "correct") && saidBy(incident, message)
      ? html`<button class="quiet" data-test="correct-${message.serial}" @click=${() => openCorrect(incident, message)}>${word("type", "CORRECT")} …</button>`
      : nothing}
    ${mayTakeBack(thread, message, "cancel")
      ? html`<button class="quiet" data-test="cancel-${message.serial}" @click=${() => openCancel(message)}>${word("type", "CANCEL")} …</button>`
      : nothing}`;
}

function messageLine(incident: IncidentView, thread: ThreadView, message: MessageView): TemplateResult {
  const lone = thread.lone;
  const sent = message.direction === "sent";
  return html`<li class="${sent ? "sent" : "got"}" data-test="message-${message.direction}-${message.serial}${message.generation ? `-${message.generation}` : ""}">
    <span class="message-head">
      <time>${clock(message.stated_ms)}</time>
      <b>${sent ? "→" : "←"} ${word("type", message.type)}</b>
      <span class="fine">${t("serial", { serial: String(message.serial) })}${message.in_reply_to === null
          ? ""
          : ` · ${t("in-reply-to", { serial: String(message.in_reply_to) })}`}</span>
    </span>
    <span class="gist">${gist(message.type, message.body)}</span>
    <details class="says" data-test="says-${message.direction}-${message.serial}">
      <summary>${t("says-all")}</summary>
      ${fullText(message.type, message.body).map(paragraph)}
    </details>
    ${message.text ? html`<span class="remark">“${message.text}” <em>${t("unofficial")}</em></span>` : nothing}
    ${message.missing.length ? html`<span class="fine" data-test="missing-${message.direction}-${message.serial}">◌ ${t("message-missing", { members: lacking(message.missing) })}</span>` : nothing}
    <span class="marks">
      ${message.stale_ms === null ? nothing : html`<span class="mark stale" data-test="stale-${message.serial}">▲ ${t("stale", { age: age(message.stale_ms) })}</span>`}
      ${lone ? notReadOut(message) : mark("received", message.received_ms)}
      ${needsReading(message) && (message.read_ms !== null || message.answered_ms === null) ? mark("read", message.read_ms) : nothing}
      ${message.type === "QUERY" || message.type === "CLOSE" ? mark("answered", message.answered_ms) : nothing}
      ${voiceMarks(message)} ${takenBack(incident, thread, message)}
      ${message.rule ? html`<span class="rule" title=${t("rule-title")}>§ ${message.rule}</span>` : nothing}
    </span>
  </li>`;
}

/** Where no receipt can come: what has not been read out yet. */
const notReadOut = (message: MessageView): TemplateResult | typeof nothing =>
  message.direction === "sent" && message.read_out_ms === null && message.read_ms === null && message.answered_ms === null
    ? html`<span class="mark not">○ ${t("not-read-out")}</span>`
    : nothing;

/** What went by voice is marked in words: it is neither received nor read. */
function voiceMarks(message: MessageView): TemplateResult {
  return html`${message.voice ? html`<span class="mark voice ${message.voice}">◇ ${word("voice", message.voice)}</span>` : nothing}
    ${message.read_back_ms !== null
      ? html`<span class="mark voice">◇ ${t("read-back")} <time>${clock(message.read_back_ms)}</time></span>`
      : message.read_out_ms !== null
        ? html`<span class="mark voice">◇ ${t("read-out")} <time>${clock(message.read_out_ms)}</time></span>`
        : nothing}
    ${message.direction === "sent"
      ? html`<button class="quiet" data-test="read-out-${message.serial}" title=${t("panel-readout")}
          @click=${() => openReadOut(message.channel, message.serial, message.generation)}>${t("voice-read")}</button>`
      : nothing}`;
}

/** The three levels of acknowledgement are three words with three signs, never one tick. */
function mark(level: "received" | "read" | "answered", at: number | null): TemplateResult {
  const sign = at === null ? "○" : { received: "⇥", read: "◉", answered: "⇄" }[level];
  return html`<span class="mark ${at === null ? "not" : level}">${sign} ${t(at === null ? `not-${level}` : level)}
    ${at === null ? nothing : html`<time>${clock(at)}</time>`}</span>`;
}

function warningsBox(warnings: WarningView[], now: number): TemplateResult | typeof nothing {
  if (!warnings.length) return nothing;
  return html`<div class="warnings">
    <h3>${t("warnings-title")}</h3>
    ${warnings.map((warning) => warningLine(warning, now))}
  </div>`;
}

function warningLine(warning: WarningView, now: number): TemplateResult {
  const open = isToDecide(warning);
  const state = warning.ended_ms !== null
    ? t("warning-ended", { at: clock(warning.ended_ms) })
    : warning.issued_ms !== null
      ? t("warning-issued", { at: clock(warning.issued_ms) })
      : t("warning-proposed", { at: clock(warning.proposed_ms) });
  return html`<div class="warning ${warning.level} ${open ? "open" : ""}" data-test="warning-${warning.id}">
    <b>${word("level", warning.level)}</b>
    <span>${warning.district_name}
      <small>${state}${warning.impact_p50_ms !== null && warning.ended_ms === null
          ? ` · ${warning.impact_p50_ms > now ? t("warning-impact", { left: countdown(warning.impact_p50_ms - now) }) : t("warning-here")}`
          : ""} · ${warning.languages.join(" ")}</small></span>
    <a href="/api/warnings/${encodeURIComponent(warning.id)}.xml" target="_blank" rel="noopener" data-test="warning-cap-${warning.id}">CAP</a>
    ${open
      ? html`<button class="act" data-test="warning-issue-${warning.id}" @click=${() => issueWarning(warning)}>${t("warning-issue")}</button>`
      : nothing}
  </div>`;
}
