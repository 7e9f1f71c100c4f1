/** The forms: closed choices, a preview of what the partner will read, and no way to send nonsense. */
import { html, nothing, type TemplateResult } from "lit";
import { ANSWERS, OUTCOMES, STATUSES, cancelForm, fill, ready, sendForm } from "./actions";
import type { Command, Preview } from "./api";
import { objectsNamed } from "./derive";
import { LANGUAGE_NAMES } from "./language";
import { statementFields } from "./statements";
import { choice, type Form } from "./state";
import { t, word, wordingNow } from "./texts";
import type { ThreadView } from "./view";
import { bodyLines, lacking, paragraph } from "./words";

let threadOf: (channel: string) => ThreadView | null = () => null;
export const knowThreads = (find: typeof threadOf): void => void (threadOf = find);

let languagesOf: (channel: string) => readonly string[] = () => [];
export const knowLanguages = (find: typeof languagesOf): void => void (languagesOf = find);
export const partnerLanguages = (channel: string): readonly string[] => languagesOf(channel);

export function formBox(form: Form): TemplateResult {
  return html`<form class="form" data-test="form" @submit=${submit}>
    <h3>${form.title}</h3>
    ${fields(form)} ${remark(form)} ${previewBox(form)}
    ${form.no ? html`<p class="no" role="alert" data-test="form-refused">✕ ${word("reason", form.no.reason)}: ${form.no.detail || form.no.field}</p>` : nothing}
    <div class="form-end">
      <button type="submit" class="act primary send" data-test="form-send" ?disabled=${!ready(form)}>
        ${form.sending ? t("form-sending") : t(form.kind === "warning" ? "form-issue" : "form-send")} <kbd>Enter</kbd>
      </button>
      <button type="button" class="act" data-test="form-cancel" @click=${cancelForm}>${t("form-cancel")} <kbd>Esc</kbd></button>
    </div>
  </form>`;
}

function submit(event: SubmitEvent): void {
  event.preventDefault();
  void sendForm();
}

function fields(form: Form): TemplateResult | typeof nothing {
  if (form.draft.act === "correct-message") {
    return html`<p>${t("text-correct", { serial: String(form.draft.serial) })}</p>${fieldsOf(form.draft.by)}`;
  }
  return fieldsOf(form.draft);
}

function fieldsOf(draft: Command): TemplateResult | typeof nothing {
  switch (draft.act) {
    case "send-reply":
      return choices("answer", ANSWERS, draft.answer);
    case "close-incident":
      return choices("outcome", OUTCOMES, draft.outcome);
    case "set-status":
      return choices("status", STATUSES, draft.status);
    case "send-query": {
      const thread = threadOf(draft.channel);
      const numbers = thread ? objectsNamed(thread) : [];
      return html`<p>${t("form-query-asks")}</p>
        ${choices("object", (numbers.length ? numbers : [draft.object]).map(String), String(draft.object), Number)}`;
    }
    case "issue-warning":
      return html`<p>${t("form-warning-asks")}</p>`;
    case "open-incident":
      return html`<p>${t("form-open-asks")}</p>`;
    case "close-alone":
      return html`<p>${t("form-alone-asks")}</p>`;
    case "cancel-message":
      return html`<p>${t("text-cancel", { serial: String(draft.serial) })}</p>${statementFields({ ...draft }, fill)}`;
    case "send-own-object":
    case "send-measure":
    case "send-find":
    case "send-evidence":
    case "send-negative":
    case "send-warning":
      return statementFields({ ...draft }, fill);
    default:
      return nothing;
  }
}

function choices(
  member: "answer" | "outcome" | "status" | "object",
  codes: readonly string[],
  chosen: string,
  value: (code: string) => unknown = String,
): TemplateResult {
  return html`<fieldset class="choices">
    ${codes.map(
      (code, index) => html`<label data-test="choose-${code}">
        <input type="radio" name=${member} value=${code} .checked=${code === chosen} @change=${() => fill({ [member]: value(code) })} />
        <kbd>${index + 1}</kbd> ${member === "object" ? t("say-object-n", { number: code }) : word(member, code)}
      </label>`,
    )}
  </fieldset>`;
}

function remark(form: Form): TemplateResult | typeof nothing {
  if (["warning", "open", "status", "alone"].includes(form.kind)) return nothing;
  return html`<label class="remark-field">${t("form-remark")}
    <input type="text" maxlength="200" data-test="form-text" .value=${form.draft.text ?? ""}
      @change=${(event: Event) => fill({ text: (event.target as HTMLInputElement).value.trim() })} />
  </label>`;
}

function previewBox(form: Form): TemplateResult | typeof nothing {
  const shown = form.preview;
  if (!shown) return nothing;
  if (!shown.released && !shown.asks)
    return html`<div class="preview held" data-test="preview"><b>✕ ${t("preview-held", { rule: shown.rule })}</b>${hidden(shown.hidden)}</div>`;
  return html`<div class="preview" data-test="preview">
    <b>${t("preview-title", { partner: word("party", shown.partner) })}</b>
    ${shown.released ? nothing : html`<p class="asks" data-test="preview-asks">▲ ${t("preview-asks", { persons: String(shown.asks) })}</p>`}
    <dl>
      <dt>${t("preview-type")}</dt>
      <dd>${word("type", shown.type)}</dd>
      ${bodyLines(shown.type, shown.body).map(([what, value]) => html`<dt>${what}</dt><dd>${value}</dd>`)}
      ${form.draft.text ? html`<dt>${t("say-text")}</dt><dd>“${form.draft.text}”</dd>` : nothing}
      <dt>${t("preview-rule")}</dt>
      <dd>§ ${shown.rule}</dd>
    </dl>
    ${languagesOf(shown.channel).map((language, index) => asRead(shown, language, index === 0))}
    ${shown.missing.length ? html`<p class="fine" data-test="preview-missing">${t("preview-missing", { members: lacking(shown.missing) })}</p>` : nothing}
    ${hidden(shown.hidden)}
  </div>`;
}

/** The message as it is read over there, in one of the partner's own languages. */
function asRead(shown: Preview, language: string, open: boolean): TemplateResult | typeof nothing {
  const words = wordingNow(language);
  if (!words) return nothing;
  return html`<details class="says" ?open=${open} lang=${language} data-test="preview-${language}">
    <summary>${LANGUAGE_NAMES[language]}: ${words.word("type", shown.type)}</summary>
    ${words.sentences(shown.type, shown.body).map(paragraph)}
  </details>`;
}

const hidden = (pairs: [string, string][]): TemplateResult | typeof nothing =>
  pairs.length
    ? html`<p class="fine">${t("preview-hidden")} ${pairs.map(([field, rule]) => html`<span class="rule">${word("field", field)} § ${rule}</span> `)}</p>`
    : nothing;

/** A digit picks a choice of the open form. */
export function pickChoice(digit: number): boolean {
  const radios = document.querySelectorAll<HTMLInputElement>(".form .choices input");
  const radio = choice.form ? radios[digit - 1] : undefined;
  radio?.click();
  return radio !== undefined;
}
