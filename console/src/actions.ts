/** What an officer does: opens a form, sees what the partner will read, sends it. Reading has one key. */
import * as api from "./api";
import { objectsNamed, partId, unanswered, unread } from "./derive";
import { choice, type Form } from "./state";
import { blank, filled, saidBy } from "./statements";
import { t, word } from "./texts";
import type { IncidentView, MessageView, ThreadView, TrackView, WarningView } from "./view";

export const ANSWERS = ["ours", "known", "unknown", "no-information", "cannot-say"] as const;
export const OUTCOMES = ["crossed", "did-not-cross", "identified", "lost", "found", "no-further-information"] as const;
export const STATUSES = ["unknown", "unidentified", "strayed", "uav", "balloon", "aircraft", "helicopter", "birds"] as const;

/** Act code of the node -> key on the keyboard, in the order of the buttons. */
export const ACT_KEYS: Readonly<Record<string, string>> = {
  ack: "a",
  reply: "r",
  query: "q",
  notice: "n",
  close: "c",
  "agree-close": "g",
  "disagree-close": "d",
  "close-alone": "x",
};

const SENDS: ReadonlySet<Form["kind"]> = new Set(["query", "reply", "notice", "close", "agree", "disagree", "statement", "correct", "cancel"]);

let nodeNow: () => number = Date.now;
export const knowTime = (now: () => number): void => void (nodeNow = now);

let redraw: () => void = () => undefined;
export const onChange = (draw: () => void): void => void (redraw = draw);

export function say(text: string, bad = false): void {
  choice.said = { text, bad, until: performance.now() + (bad ? 12_000 : 5_000) };
  redraw();
}

const noText = (no: api.Refusal): string => `${word("reason", no.reason)}: ${no.detail || no.field}`;

/** Does what stands behind an act's button on a thread; a form opens unless the act needs none. */
export function act(code: string, incident: IncidentView, thread: ThreadView): void {
  if (!thread.acts.includes(code)) return;
  const { channel, partner } = thread;
  const at = { incident: incident.id, channel };
  switch (code) {
    case "ack":
      return acknowledge(thread);
    case "reply": {
      const query = unanswered(thread);
      if (query) openForm("reply", { act: "send-reply", channel, serial: query.serial, generation: query.generation, answer: "" }, t("form-reply", { partner }));
      return;
    }
    case "query":
      return openForm("query", { act: "send-query", ...at, object: objectsNamed(thread)[0] ?? 1 }, t("form-query", { partner }));
    case "notice":
      return openForm("notice", { act: "send-notice", ...at }, t("form-notice", { partner }));
    case "close":
      return openForm("close", { act: "close-incident", ...at, outcome: "" }, t("form-close", { partner }));
    case "agree-close":
      return openForm("agree", { act: "agree-close", ...at, agrees: true }, t("form-agree", { partner, outcome: closeOf(thread) }));
    case "disagree-close":
      return openForm("disagree", { act: "agree-close", ...at, agrees: false }, t("form-disagree", { partner, outcome: closeOf(thread) }));
    case "close-alone":
      return openForm("alone", { act: "close-alone", ...at }, t(thread.state === "at-home" ? "form-home" : "form-alone", { partner }));
  }
}

/** A statement of our own doing or findings: its form begins with what is known. */
export function openStatement(code: string, incident: IncidentView, thread: ThreadView): void {
  if (!thread.acts.includes(code)) return;
  openForm("statement", blank(code, incident, thread, nodeNow()), `${word("type", code)} → ${word("party", thread.partner)}`);
}

export function openCorrect(incident: IncidentView, message: MessageView): void {
  const { channel, serial, generation } = message;
  const by = saidBy(incident, message);
  if (by) openForm("correct", { act: "correct-message", channel, serial, generation, by }, `${word("type", "CORRECT")}: ${word("type", message.type)} ${serial}`);
}

export function openCancel(message: MessageView): void {
  const { channel, serial, generation } = message;
  openForm("cancel", { act: "cancel-message", channel, serial, generation, why: "" }, `${word("type", "CANCEL")}: ${word("type", message.type)} ${serial}`);
}

/** What the partner's newest CLOSE says of the incident, in words. */
function closeOf(thread: ThreadView): string {
  const close = thread.messages.filter(({ direction, type }) => direction === "got" && type === "CLOSE").at(-1);
  return close ? word("outcome", String(close.body["outcome"])) : "";
}

function acknowledge(thread: ThreadView): void {
  const message = unread(thread);
  if (!message) return say(t("said-nothing-to-read"));
  void send({ act: "acknowledge", channel: thread.channel, serial: message.serial, generation: message.generation }, t("said-read", { serial: String(message.serial) }));
}

export const issueWarning = (warning: WarningView): void =>
  openForm("warning", { act: "issue-warning", warning: warning.id }, t("form-warning", { level: word("level", warning.level), district: warning.district_name }));

export const openIncident = (track: TrackView): void =>
  openForm("open", { act: "open-incident", track: partId(track.id) }, t("form-open", { track: track.id }));

export const setStatus = (track: TrackView): void =>
  openForm("status", { act: "set-status", track: partId(track.id), status: track.status }, t("form-status", { track: track.id }));

export const testLine = (channel: string): void => void send({ act: "test-line", channel }, t("said-test", { channel }));

export const seeContradiction = (channel: string, number: number): void =>
  void send({ act: "see-contradiction", channel, number }, t("said-seen"));

function openForm(kind: Form["kind"], draft: api.Command, title: string): void {
  choice.form = { kind, draft, title, preview: null, no: null, sending: false };
  choice.panel = null;
  void refreshPreview();
  redraw();
  const first = () => document.querySelector<HTMLElement>(".form input, .form select, .form .send");
  window.requestAnimationFrame(() => first()?.focus());
}

/** Changes the open form; the preview follows. */
export function fill(change: Partial<Record<string, unknown>>): void {
  const form = choice.form;
  if (!form) return;
  const draft = form.draft;
  if (draft.act === "correct-message" && !("text" in change)) form.draft = { ...draft, by: { ...draft.by, ...change } as api.Command };
  else form.draft = { ...draft, ...change } as api.Command;
  if (!form.draft.text) delete form.draft.text;
  form.no = form.preview = null;
  void refreshPreview();
  redraw();
}

/** What goes to a partner is seen first, as the partner will read it. */
export const ready = (form: Form): boolean =>
  complete(form) && !form.sending && (!SENDS.has(form.kind) || form.preview?.released === true || (form.preview?.asks ?? 0) > 0);

/** A form that lacks a choice can not be sent. */
function complete(form: Form): boolean {
  const draft = form.draft.act === "correct-message" ? form.draft.by : form.draft;
  if (!filled(draft as unknown as Record<string, unknown>)) return false;
  if (draft.act === "send-reply") return draft.answer !== "";
  if (draft.act === "close-incident") return draft.outcome !== "";
  return (draft.text ?? "").length <= 200;
}

async function refreshPreview(): Promise<void> {
  const form = choice.form;
  if (!form || !SENDS.has(form.kind) || !complete(form)) return;
  const draft = form.draft;
  const answer = await api.preview(draft);
  if (choice.form !== form || form.draft !== draft) return;
  form.preview = answer.ok ? answer.value : null;
  form.no = answer.ok ? null : answer.no;
  redraw();
}

export async function sendForm(): Promise<void> {
  const form = choice.form;
  if (!form || !ready(form)) return;
  form.sending = true;
  redraw();
  const answer = await api.command(form.draft);
  form.sending = false;
  if (answer.ok) {
    if (choice.form === form) choice.form = null;
    say(t("said-done", { what: form.title }));
  } else {
    form.no = answer.no;
    redraw();
  }
}

export function cancelForm(): void {
  choice.form = null;
  redraw();
}

/** Sends a command that has no form of its own; whether the node has done it. */
export async function send(command: api.Command, done: string): Promise<boolean> {
  const answer = await api.command(command);
  if (answer.ok) say(done);
  else say(noText(answer.no), true);
  return answer.ok;
}

export async function sendReport(form: object): Promise<boolean> {
  const answer = await api.report(form);
  if (answer.ok) say(t("said-report"));
  else say(noText(answer.no), true);
  return answer.ok;
}
