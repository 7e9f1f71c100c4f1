/** People: who sits here, what waits for a releasing authority, the policy in force, and the shift. */
import { html, nothing, type TemplateResult } from "lit";
import { post } from "./api";
import { say, send } from "./actions";
import { clock, countdown } from "./format";
import { t, word } from "./texts";
import type { ApprovalView, PolicyView, ShiftView, View } from "./view";
import { bodyLines } from "./words";

export interface Somebody {
  id: string;
  name: string;
  roles: string[];
  ends_ms: number;
}

/** Whose session this is; the server decides what it may do, this only spares it the asking. */
export let somebody: Somebody | null = null;

export async function learnWho(): Promise<void> {
  const answer = await fetch("/api/me");
  if (answer.status === 401) return window.location.replace("/enter.html");
  if (answer.ok) somebody = (await answer.json()) as Somebody;
}

export const may = (role: string): boolean => somebody?.roles.includes(role) ?? false;

export async function leave(): Promise<void> {
  const answer = await post("/api/leave", {});
  if (answer.ok) window.location.replace("/enter.html");
  else say(answer.no.detail, true);
}

export const waiting = (view: View): ApprovalView[] => view.approvals.filter(({ standing }) => standing === "waiting");

// --- release ----------------------------------------------------------------------------------------------------

export function releasePanel(view: View, now: number): TemplateResult {
  const open = waiting(view);
  const ended = view.approvals.filter(({ standing }) => standing !== "waiting");
  return html`${policyLine(view.policy)}
    ${open.length ? open.map((one) => question(one, now)) : html`<p class="empty" data-test="no-questions">${t("release-none")}</p>`}
    ${ended.length
      ? html`<h3>${t("release-ended")}</h3>
          <ul class="ended">${ended.map((one) => html`<li data-test="ended-${one.number}">${clock(one.ended_ms ?? 0)} <b>${word("held", one.standing)}</b> ·
            ${word("type", one.type)} → ${word("party", one.partner)} · ${one.incident ?? ""} <span class="rule">§ ${one.rule}</span>
            ${one.ended_by ? word("role", one.ended_by) : nothing} ${one.yes.join(", ")} ${one.why ? html`<em>${one.why}</em>` : nothing}</li>`)}</ul>`
      : nothing}`;
}

const policyLine = (policy: PolicyView | null): TemplateResult | typeof nothing =>
  policy
    ? html`<p class="fine" data-test="policy">${t("release-policy", { name: policy.name, rules: String(policy.rules) })}
        ${policy.since_ms === null ? nothing : t("release-since", { at: `${new Date(policy.since_ms).toISOString().slice(0, 10)} ${clock(policy.since_ms)}` })}
        <code>${policy.sha256.slice(0, 16)}</code></p>`
    : nothing;

function question(one: ApprovalView, now: number): TemplateResult {
  const left = one.ends_ms - now;
  return html`<section class="question ${left < 60_000 ? "late" : ""}" data-test="question-${one.number}">
    <h3>${word("type", one.type)} → ${word("party", one.partner)} ${one.incident ?? ""} ${one.track ?? ""}
      <b data-test="left-${one.number}">${countdown(left)}</b></h3>
    <p>${t("release-why", { rule: one.rule, persons: String(one.persons) })}
      ${t("release-yes", { given: String(one.yes.length) })} ${one.yes.join(", ")}</p>
    <details data-test="reasons-${one.number}"><summary>${t("release-reasons")}</summary>
      <ul>${one.reasons.map(([rule, field, detail]) => html`<li><span class="rule">§ ${rule}</span> ${field ? html`✕ ${word("field", field)}: ` : "● "}${detail}</li>`)}</ul></details>
    <div class="preview" data-test="told-${one.number}"><b>${t("preview-title", { partner: word("party", one.partner) })}</b><dl>
      ${one.observed_ms === null ? nothing : html`<dt>${t("release-observed")}</dt><dd>${clock(one.observed_ms)}</dd>`}
      ${bodyLines(one.type, one.body).map(([what, value]) => html`<dt>${what}</dt><dd>${value}</dd>`)}
      ${one.text ? html`<dt>${t("say-text")}</dt><dd>“${one.text}”</dd>` : nothing}
    </dl><p class="fine">SHA-256 ${one.sight.slice(0, 16)}…</p></div>
    ${may("releasing-authority")
      ? html`<form class="answer" @submit=${(event: SubmitEvent) => event.preventDefault()}>
          <button class="act primary" data-test="approve-${one.number}" @click=${() => approve(one)}>${t("release-approve")}</button>
          <input name="why" maxlength="200" autocomplete="off" aria-label=${t("release-no-why")} placeholder=${t("release-no-why")} data-test="why-${one.number}" />
          <button class="act" data-test="refuse-${one.number}" @click=${(event: Event) => refuse(one, event)}>${t("release-refuse")}</button>
        </form>`
      : html`<p class="fine">${t("release-waits")}</p>`}
  </section>`;
}

const approve = (one: ApprovalView): void =>
  void send({ act: "approve-release", question: one.number, sight: one.sight }, t("said-approved", { number: String(one.number) }));

function refuse(one: ApprovalView, event: Event): void {
  const why = (event.target as HTMLElement).closest("form")?.querySelector("input")?.value.trim();
  void send({ act: "refuse-release", question: one.number, ...(why ? { text: why } : {}) }, t("said-refused", { number: String(one.number) }));
}

// --- shift ------------------------------------------------------------------------------------------------------

export function shiftPanel(view: View, now: number): TemplateResult {
  const shift = view.shift;
  const officer = may("duty-officer");
  if (!shift)
    return html`<p class="empty" data-test="shift-nobody">${t("shift-nobody")}</p>
      ${officer ? html`<button class="act primary" data-test="shift-take" @click=${() => void send({ act: "take-shift" }, t("said-shift-taken"))}>${t("shift-take")}</button>` : nothing}`;
  const mine = shift.person === somebody?.name;
  return html`<p data-test="on-shift"><b>${shift.person}</b> ${t("shift-since", { at: clock(shift.since_ms) })} ${shift.taken_over ? html`<em>▲ ${t("shift-taken-over")}</em>` : nothing}</p>
    ${shift.offered_ms === null ? nothing : offered(shift, now, officer && !mine)}
    ${officer && mine && shift.offered_ms === null
      ? html`<button class="act primary" data-test="shift-offer" @click=${() => void send({ act: "offer-shift" }, t("said-shift-offered"))}>${t("shift-offer")}</button>`
      : nothing}
    ${officer && !mine ? takeOver() : nothing}`;
}

function offered(shift: ShiftView, now: number, accepts: boolean): TemplateResult {
  const ids = shift.to_accept.map(({ id }) => id);
  return html`<p>${t("shift-offered", { at: clock(shift.offered_ms ?? 0), person: shift.person })} ${shift.next ? t("shift-next", { person: shift.next }) : nothing}</p>
    <table><tbody>${shift.to_accept.map(
      (one) => html`<tr class=${one.missed ? "down" : ""} data-test="shift-owed-${one.id}">
        <th>${one.incident}</th><td>${one.channel ?? t("shift-home")}</td><td>${word("owed", one.what)}</td><td>${countdown(one.due_ms - now)}</td>
        <td>${accepts ? html`<button class="act" data-test="accept-${one.id}" @click=${() => accept([one.id])}>${t("shift-accept")}</button>` : nothing}</td></tr>`,
    )}</tbody></table>
    ${accepts ? html`<button class="act primary" data-test="accept-all" @click=${() => accept(ids)}>${t("shift-accept-all", { count: String(ids.length) })}</button>` : nothing}`;
}

const accept = (obligations: string[]): void => void send({ act: "accept-shift", obligations }, t("said-shift-accepted"));

const takeOver = (): TemplateResult => html`<form class="answer" @submit=${(event: SubmitEvent) => {
  event.preventDefault();
  const text = String(new FormData(event.target as HTMLFormElement).get("why") ?? "").trim();
  void send({ act: "take-shift", ...(text ? { text } : {}) }, t("said-shift-taken"));
}}>
  <input name="why" required maxlength="200" autocomplete="off" aria-label=${t("shift-why")} placeholder=${t("shift-why")} data-test="shift-why" />
  <button class="act" data-test="shift-take-over">${t("shift-take-over")}</button>
</form>`;
