/** The life of a channel's agreement: its state, who did what when, and the buttons. A stop is armed by one press and
 * done by a second within five seconds; so are all acts here, for a slip of the hand must not speak for a state. */
import * as actions from "./actions";
import type { Command } from "./api";
import { html, nothing, type TemplateResult } from "lit";
import { clock } from "./format";
import { may } from "./people";
import { t, word } from "./texts";
import type { ActView, LineView } from "./view";

const ARMED_MS = 5_000;

/** Which button was pressed once, and until when a second press counts. */
let armed: { name: string; until: number } | null = null;

function press(name: string, command: Command, done: string): void {
  const now = performance.now();
  if (armed?.name === name && now < armed.until) {
    armed = null;
    void actions.send(command, done);
    return;
  }
  armed = { name, until: now + ARMED_MS };
  actions.say(t("agreement-again"));
}

const isArmed = (name: string): boolean => armed?.name === name && performance.now() < armed.until;

/** Who sits here may give it; the server decides, this only spares the asking. */
const given = (act: string): boolean => may("administrator") || (act === "suspend" && may("duty-officer"));

/** The button in the strip that stops at once; nothing where nothing can be stopped. */
export function stopButton(line: LineView): TemplateResult | typeof nothing {
  return line.agreement?.may.includes("suspend") && line.agreement.state === "active" && given("suspend") ? button(line, "suspend") : nothing;
}

export function agreementBox(line: LineView): TemplateResult | typeof nothing {
  const held = line.agreement;
  if (!held) return nothing;
  const partner = word("party", line.partner);
  const cautions = [
    held.differs ? t("agreement-differs", { own: held.own_text, partner: held.partner_text }) : "",
    held.review_overdue ? t("agreement-review") : "",
    held.text && held.text !== held.own_text ? t("agreement-file", { own: held.own_text, text: held.text }) : "",
    held.waiting ? t("agreement-waiting", { count: String(held.waiting) }) : "",
    held.ending_ms === null ? "" : t("agreement-ends", { at: `${new Date(held.ending_ms).toISOString().slice(0, 10)} ${clock(held.ending_ms)}` }),
  ].filter(Boolean);
  return html`<section class="agreement ${held.state}" data-test="agreement-${line.channel}">
    <h3>${line.channel}: ${word("agreement", held.state)}${held.by_file ? ` (${t("agreement-by-file")})` : ""}</h3>
    <p class="fine">${t("agreement-text", { text: held.text || held.own_text, kind: word("agreement-kind", held.kind) })}
      ${held.suspended_by.map((party) => html`<em data-test="suspended-by-${line.channel}">${t("agreement-suspended-by", { party: word("party", party) })}</em>`)}
      ${held.partner_text && !held.differs ? html`<em>${t("agreement-partner-waits", { partner, text: held.partner_text })}</em>` : nothing}
      ${held.since_ms === null ? nothing : t("agreement-since", { at: clock(held.since_ms) })}</p>
    ${cautions.map((text) => html`<p class="amber">▲ ${text}</p>`)}
    <p>${held.may.filter(given).map((act) => button(line, act))}</p>
    ${held.acts.length ? html`<ul>${held.acts.map(actLine)}</ul>` : nothing}
  </section>`;
}

function button(line: LineView, act: string): TemplateResult {
  const name = `${act}-${line.channel}`;
  const command = { act, channel: line.channel } as Command;
  const text = isArmed(name) ? t("agreement-confirm", { act: t(`agreement-do-${act}`) }) : t(`agreement-do-${act}`);
  return html`<button class="act ${isArmed(name) ? "primary" : ""}" data-test="${name}"
    @click=${() => press(name, command, t("agreement-done", { act: t(`agreement-do-${act}`), channel: line.channel }))}>${text}</button>`;
}

function actLine(act: ActView): TemplateResult {
  return html`<li>${clock(act.at_ms)} <b>${act.by} ${word("type", act.type)}</b> ${act.agreement}
    ${act.why ? word("why", act.why) : nothing} ${act.effect === "taken" ? nothing : html`<em>${word("effect", act.effect)}</em>`}
    ${act.serial === null ? html`<em>${t("agreement-voice")}</em>` : nothing}</li>`;
}
