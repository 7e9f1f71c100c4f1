/** The page that lets in: by a one-time link a person enrols (or an exercise's account comes in); else one logs in. */
import "./enter.css";
import { html, nothing, render, type TemplateResult } from "lit";
import { post, type Answer, type Refusal } from "./api";
import { loadTexts, t, word } from "./texts";
import { createPasskey, usePasskey, type Options } from "./webauthn";

interface Shown {
  name?: string;
  person?: string;
  kind?: string;
  ticket?: string;
  options?: Options;
  secret?: string;
  uri?: string;
  entered?: boolean;
  national?: boolean;
  inside?: boolean;
}

const root = document.getElementById("app")!;
/** The secret of the link stands after the # and is taken out of the address bar at once. */
const link = window.location.hash.slice(1);
let whose: Shown | null = null;
let code: Shown | null = null;
let no: Refusal | null = null;
let busy = false;
let national = false;

const step = (form: object): Promise<Answer<Shown>> => post<Shown>("/api/enter", form);

function draw(): void {
  render(
    html`<main class="enter" data-test="enter">
      <h1>Redshank</h1>
      ${whose ? enrol(whose) : logIn()}
      ${no ? html`<p class="no" role="alert" data-test="enter-refused">✕ ${word("reason", no.reason)}: ${no.detail || no.field}</p>` : nothing}
    </main>`,
    root,
  );
}

function enrol(who: Shown): TemplateResult {
  return html`<p>${t("enter-enrol", { name: who.name ?? "", person: who.person ?? "" })}</p>
    <section>
      <h2>${t("enter-passkey")}</h2>
      <p class="fine">${t("enter-passkey-means")}</p>
      <button class="act primary" data-test="make-passkey" ?disabled=${busy || !hasPasskeys()} @click=${() => void makePasskey()}>${t("enter-make-passkey")}</button>
      ${hasPasskeys() ? nothing : html`<p class="fine">${t("enter-no-passkeys")}</p>`}
    </section>
    <section>
      <h2>${t("enter-code")}</h2>
      ${code ? takeCode(code) : html`<button class="act" data-test="make-code" ?disabled=${busy} @click=${() => void makeCode()}>${t("enter-make-code")}</button>`}
    </section>`;
}

const takeCode = (made: Shown): TemplateResult => html`<form @submit=${(event: SubmitEvent) => void sendCode(event, made.ticket ?? "")}>
  <p>${t("enter-code-key")} <code data-test="code-secret">${made.secret}</code></p>
  <p class="fine"><a href=${made.uri ?? ""}>${t("enter-code-open")}</a>. ${t("enter-code-means")}</p>
  ${field("password", "password", "new-password", 12)} ${field("code", "text", "one-time-code", 6)}
  <button class="act primary" data-test="enter-send" ?disabled=${busy}>${t("enter-finish")}</button>
</form>`;

const logIn = (): TemplateResult => html`<p>${t("enter-log-in")}</p>
  <section>
    <h2>${t("enter-passkey")}</h2>
    <button class="act primary" data-test="use-passkey" ?disabled=${busy || !hasPasskeys()} @click=${() => void withPasskey()}>${t("enter-use-passkey")}</button>
    ${hasPasskeys() ? nothing : html`<p class="fine">${t("enter-no-passkeys")}</p>`}
  </section>
  <section>
    <h2>${t("enter-code")}</h2>
    <form @submit=${(event: SubmitEvent) => void withPassword(event)}>
      ${field("person", "text", "username", 1)} ${field("password", "password", "current-password", 1)} ${field("code", "text", "one-time-code", 6)}
      <button class="act" data-test="enter-send" ?disabled=${busy}>${t("enter-go")}</button>
    </form>
  </section>
  ${national ? html`<section><h2>${t("enter-national")}</h2><a class="act" href="/api/national" data-test="use-national">${t("enter-use-national")}</a></section>` : nothing}
  <p class="fine">${t("enter-lost")}</p>`;

const field = (name: string, type: string, autocomplete: string, least: number): TemplateResult =>
  html`<label>${t(`enter-your-${name}`)}<input name=${name} type=${type} autocomplete=${autocomplete as "username"} minlength=${least} required
    inputmode=${name === "code" ? "numeric" : "text"} data-test="enter-${name}" /></label>`;

/** Passkeys are bound to a name; at a numeric address there are none. */
const hasPasskeys = (): boolean => window.isSecureContext && "credentials" in navigator && !/^[\d.:[\]]+$/.test(window.location.hostname);

async function makePasskey(): Promise<void> {
  await trying(async () => {
    const begun = await step({ step: "make-passkey", link });
    if (!begun.ok) return begun;
    const credential = await createPasskey(begun.value.options ?? {});
    return step({ step: "take-passkey", ticket: begun.value.ticket, credential });
  });
}

async function withPasskey(): Promise<void> {
  await trying(async () => {
    const begun = await step({ step: "call-passkey" });
    if (!begun.ok) return begun;
    const credential = await usePasskey(begun.value.options ?? {});
    return step({ step: "with-passkey", ticket: begun.value.ticket, credential });
  });
}

async function makeCode(): Promise<void> {
  await trying(async () => {
    const begun = await step({ step: "make-code", link });
    if (begun.ok) code = begun.value;
    return begun;
  });
  document.querySelector<HTMLInputElement>("input[name=password]")?.focus();
}

async function sendCode(event: SubmitEvent, ticket: string): Promise<void> {
  event.preventDefault();
  const given = new FormData(event.target as HTMLFormElement);
  await trying(() => step({ step: "take-code", ticket, password: given.get("password"), code: given.get("code") }));
}

async function withPassword(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const given = new FormData(event.target as HTMLFormElement);
  const proof = { person: given.get("person"), password: given.get("password"), code: given.get("code") };
  await trying(() => step({ step: "with-password", ...proof }));
}

/** One try at a time; who is in goes to the console. */
async function trying(act: () => Promise<Answer<Shown>>): Promise<void> {
  busy = true;
  no = null;
  draw();
  try {
    const answer = await act();
    if (answer.ok && answer.value.entered) return window.location.replace("/");
    if (!answer.ok) no = answer.no;
  } catch (error) {
    no = { reason: "not-allowed", field: "passkey", detail: String(error) };
  }
  busy = false;
  draw();
}

async function start(): Promise<void> {
  await loadTexts("en");
  if (link) {
    window.history.replaceState(null, "", window.location.pathname);
    const known = await step({ step: "look", link });
    if (known.ok && known.value.kind === "exercise") return trying(() => step({ step: "enter", link }));
    if (known.ok) whose = known.value;
    else no = known.no;
  }
  if (!whose) {
    const ways = await step({ step: "ways" });
    if (ways.ok && ways.value.inside) return window.location.replace("/"); // the link was used in this very browser
    national = ways.ok && ways.value.national === true;
  }
  draw();
  document.querySelector<HTMLElement>("button:not(:disabled), input")?.focus();
}

void start();
