/** When the lines are down: a sent message is read out, and what the partner's officer reads out is keyed in. */
import { html, nothing, type TemplateResult } from "lit";
import { say, send } from "./actions";
import * as api from "./api";
import { clock, day } from "./format";
import { partnerLanguages } from "./forms";
import { LANGUAGE_NAMES } from "./language";
import { choice } from "./state";
import { t, word, wording } from "./texts";
import type { VoiceStatementView, View } from "./view";
import { checkTyped, splitGroups, type Checked, type Fault } from "./voice_code";
import { bodyLines } from "./words";

interface KeyIn {
  channel: string;
  text: string;
  count: number | null;
  remark: string;
  /** What the node says that the groups mean; null while they are not whole. */
  found: api.VoiceCheck | null;
  taking: boolean;
}

let keyed: KeyIn | null = null;
let shown: { channel: string; serial: number; generation: number; form: api.ReadOut } | null = null;
let redraw: () => void = () => undefined;
export const onVoiceChange = (draw: () => void): void => void (redraw = draw);

// --- read out ---------------------------------------------------------------------------------------------------

export async function openReadOut(channel: string, serial: number, generation: number): Promise<void> {
  const answer = await api.readOut(channel, serial, generation);
  if (!answer.ok) return say(`${word("reason", answer.no.reason)}: ${answer.no.detail || answer.no.field}`, true);
  shown = { channel, serial, generation, form: answer.value };
  choice.panel = "readout";
  redraw();
  focusOn(".by-voice .act");
}

/** In the page's language, or in one that the partner's officer reads. */
export const printPath = (channel: string, serial: number, generation: number, language = wording().language): string =>
  `${api.voicePath(channel, serial, generation, ".pdf")}&language=${language}`;

export function readOutPanel(): TemplateResult {
  if (!shown) return html``;
  const { channel, serial, generation, form } = shown;
  const note = (back: boolean) => async () => {
    const command = { act: "note-read-out", channel, serial, generation, read_back: back } as const;
    if (await send(command, t(back ? "voice-said-back" : "voice-said-out", { serial: String(serial) }))) closePanel();
  };
  return html`<div class="by-voice" data-test="read-out">
    <p>${t("voice-say-first", { opening: form.opening, seconds: form.seconds.toFixed(0) })}</p>
    <ol class="groups">
      ${form.groups.map(
        (group) => html`<li class=${group.check ? "check" : ""}>
          <small>${group.place}${group.check ? ` ${t("voice-check")}` : ""}</small><b>${group.text}</b><span>${group.spoken}</span>
        </li>`,
      )}
    </ol>
    ${meaning(form.heard)}
    <div class="form-end">
      <button class="act primary" data-test="note-read-back" @click=${note(true)}>${t("voice-noted-back")}</button>
      <button class="act" data-test="note-read-out" @click=${note(false)}>${t("voice-noted-out")}</button>
      <a class="act" download href=${printPath(channel, serial, generation)} data-test="voice-print">${t("voice-print")}</a>
      ${partnerLanguages(channel).map((language) => html`<a class="act" download lang=${language} data-test="voice-print-${language}"
        href=${printPath(channel, serial, generation, language)}>PDF, ${LANGUAGE_NAMES[language]}</a>`)}
    </div>
  </div>`;
}

// --- key in -----------------------------------------------------------------------------------------------------

export function openKeyIn(channel: string): void {
  if (keyed?.channel !== channel) keyed = { channel, text: "", count: null, remark: "", found: null, taking: false };
  choice.form = null;
  choice.panel = "voice";
  redraw();
  focusOn(".by-voice [name=count]");
}

export function keyInPanel(view: View): TemplateResult {
  if (!keyed) return html``;
  const groups = splitGroups(keyed.text);
  const checked = checkTyped(groups, view.exercise, keyed.count ?? keyed.found?.expected ?? null);
  const heard = keyed.found?.heard ?? null;
  return html`<form class="by-voice" data-test="key-in" @submit=${submit}>
    <p class="fine">${t("voice-hint")}</p>
    <div class="fields">
      <label>${t("voice-channel")}<select data-test="voice-channel" @change=${(event: Event) => openKeyIn((event.target as HTMLSelectElement).value)}>
        ${view.lines.map(({ channel }) => html`<option value=${channel} ?selected=${channel === keyed?.channel}>${channel}</option>`)}
      </select></label>
      <label>${t("voice-count")}<input name="count" type="number" min="1" max="24" step="1" data-test="voice-count" .value=${keyed.count === null ? "" : String(keyed.count)} @input=${countTyped} /></label>
      <label class="wide">${t("voice-remark")}<input maxlength="200" autocomplete="off" data-test="voice-remark" .value=${keyed.remark} @input=${remarkTyped} /></label>
      <label class="wide">${t("voice-groups")}<textarea rows="2" maxlength="400" autocomplete="off" autocapitalize="characters" spellcheck="false" data-test="voice-groups" .value=${keyed.text} @input=${groupsTyped} @keydown=${enterTakes}></textarea></label>
    </div>
    ${typedGroups(groups, checked)} ${checked.faults.map(fault)}
    ${heard ? meaning(heard) : refused(keyed.found)}
    <div class="form-end"><button type="submit" class="act primary" data-test="voice-take" ?disabled=${!heard || keyed.taking}>${t("voice-take")} <kbd>Enter</kbd></button></div>
  </form>`;
}

const STATE_SIGNS: Readonly<Record<string, string>> = { ok: "✓", waiting: "…", incomplete: "_", wrong: "✕" };

const typedGroups = (groups: readonly string[], { states }: Checked): TemplateResult => html`<ol class="groups" data-test="voice-states">
  ${groups.map((group, index) => html`<li class="g-${states[index] ?? ""}" data-test="voice-group-${index + 1}"><small>${index + 1} ${STATE_SIGNS[states[index] ?? ""]}</small><b>${group}</b></li>`)}
</ol>`;

function fault({ kind, groups }: Fault): TemplateResult {
  const places = groups.length > 2 ? `${groups[0]}–${groups.at(-1)}` : groups.join(", ");
  return html`<p class="no" role="alert" data-test="voice-fault">✕ ${t("voice-again", { what: t(`voice-fault-${kind}`, { places }) })}</p>`;
}

const refused = (found: api.VoiceCheck | null): TemplateResult | typeof nothing =>
  found?.refusal
    ? html`<p class="no" role="alert" data-test="voice-refused">✕ ${word("reason", found.refusal.reason)}: ${found.refusal.detail || found.refusal.field}</p>`
    : nothing;

function meaning(heard: api.Heard): TemplateResult {
  return html`<dl class="meaning" data-test="voice-meaning">
    <dt>${t("voice-says")}</dt>
    <dd><b>${word("type", heard.type)}</b> · ${heard.channel} · ${heard.sender} ${heard.serial} · ${day(heard.stated_ms)} ${clock(heard.stated_ms)}${heard.incident ? ` · ${heard.incident}` : ""}${heard.in_reply_to === null ? "" : ` · ${t("in-reply-to", { serial: String(heard.in_reply_to) })}`}</dd>
    ${bodyLines(heard.type, heard.body).map(([what, value]) => html`<dt>${what}</dt><dd>${value}</dd>`)}
    ${heard.unspoken.length ? html`<dt>${t("voice-unspoken")}</dt><dd>${heard.unspoken.join(", ")}</dd>` : nothing}
  </dl>`;
}

function countTyped(event: Event): void {
  const value = (event.target as HTMLInputElement).valueAsNumber;
  if (keyed) keyed.count = Number.isInteger(value) && value > 0 && value < 100 ? value : null;
  void refresh();
}

function remarkTyped(event: Event): void {
  if (keyed) keyed.remark = (event.target as HTMLInputElement).value;
}

function groupsTyped(event: Event): void {
  if (keyed) keyed.text = (event.target as HTMLTextAreaElement).value;
  void refresh();
}

function enterTakes(event: KeyboardEvent): void {
  if (event.key !== "Enter" || !keyed?.found?.heard) return;
  event.preventDefault();
  void take();
}

/** The page checks the groups at once; the node says what they mean. */
async function refresh(): Promise<void> {
  redraw();
  const asked = keyed;
  if (!asked) return;
  const { text, count } = asked;
  asked.found = null;
  const answer = await api.voiceCheck(text, count);
  if (keyed !== asked || asked.text !== text || asked.count !== count) return;
  asked.found = answer.ok ? answer.value : { expected: null, heard: null, refusal: answer.no };
  redraw();
}

function submit(event: SubmitEvent): void {
  event.preventDefault();
  void take();
}

async function take(): Promise<void> {
  const heard = keyed?.found?.heard;
  if (!keyed || !heard || keyed.taking) return;
  keyed.taking = true;
  const remark = keyed.remark.trim();
  const command = { act: "take-voice", channel: keyed.channel, groups: keyed.text.trim(), ...(remark ? { text: remark } : {}) } as const;
  const done = await send(command, t("voice-taken", { type: heard.type, serial: String(heard.serial) }));
  if (done) {
    keyed = null;
    closePanel();
  } else keyed.taking = false;
  redraw();
}

// --- what was said ----------------------------------------------------------------------------------------------

/** All statements of all lines, and how each stands against its signed message. */
export function statements(view: View): TemplateResult | typeof nothing {
  const lines = view.lines.filter(({ voice }) => voice.length);
  if (!lines.length) return nothing;
  return html`<h3>${t("voice-statements")}</h3>
    <table class="statements"><tbody>
      ${lines.flatMap(({ channel, partner, voice }) => voice.map((one) => statement(channel, partner, one)))}
    </tbody></table>`;
}

function statement(channel: string, partner: string, one: VoiceStatementView): TemplateResult {
  return html`<tr class=${one.standing === "differs" ? "amber" : ""} data-test="voice-${channel}-${one.serial}">
    <th>${partner} ${one.serial}</th>
    <td>${word("type", one.type)} ${one.incident ?? ""}</td>
    <td>${clock(one.taken_ms)} ${word("role", one.role)} ${one.remark ? html`<em>“${one.remark}”</em>` : nothing}</td>
    <td>${one.standing === "differs" ? "▲ " : ""}${word("standing", one.standing)}
      ${one.refused ? html`<br />${t("voice-not-driven")}: ${word("reason", one.refused)}` : nothing}
      ${one.differences.map((found) => html`<br />${found.field}: ${t("voice-said")} <b>${found.voice}</b>, ${t("voice-signed")} <b>${found.signed}</b>`)}</td>
  </tr>`;
}

function closePanel(): void {
  choice.panel = null;
  redraw();
}

/** Once it is drawn: on a busy machine that takes more than a frame or two. */
function focusOn(selector: string, frames = 60): void {
  window.requestAnimationFrame(() => {
    const found = document.querySelector<HTMLElement>(selector);
    if (found) found.focus();
    if (frames > 0 && document.activeElement !== found) focusOn(selector, frames - 1);
  });
}
