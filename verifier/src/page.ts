// Page: takes what is dropped or opened, has it checked beside itself, shows the result. Knows the browser; the checks are
// elsewhere. The same script is the worker: a page that is one file has no other.
import { readAgreement } from "./agreement";
import { Auditor } from "./auditor";
import { el, save } from "./dom";
import { broughtKeys, checkEvidence, isEvidence } from "./evidence";
import type { PublicKeys } from "./parties";
import { readPublicKeys } from "./public_keys";
import { Unreadable } from "./source";
import { LinesTable } from "./table";
import type { Answer, Handed } from "./talk";
import { evidenceSection, failed, result, unreadable } from "./view";
import { work } from "./worker";
import type { WitnessPolicy } from "./witnessing";

const at = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

interface Brought {
  file: string;
  keys: PublicKeys;
}

let record: { name: string; handed: Handed } | null = null;
let brought: Brought[] = [];
let agreement: { file: string; policy: WitnessPolicy } | null = null;
let evidence: { file: string; data: Uint8Array }[] = [];
let trouble: string[] = [];
let auditor: Auditor | null = null;
let table: LinesTable | null = null;
let script = "";

// --- what is on the desk -----------------------------------------------------------------------------------

function held(text: string, test: string, away: string, drop: () => void): HTMLElement {
  const attrs = { type: "button", "aria-label": away };
  const gone = (): void => {
    drop();
    check();
  };
  return el("span", { test }, text, el("button", { class: "bare", attrs, onclick: gone }, "✕"));
}

function drawHeld(): void {
  const keys = brought.map((one) =>
    held(`Keys of ${one.keys.party} (${one.file})`, `keys-${one.keys.party}`, `Remove the keys of ${one.keys.party}`, () => {
      brought = brought.filter((other) => other !== one);
    }),
  );
  const policy = agreement?.policy;
  at("desk").classList.toggle("loaded", record !== null);
  at("held").replaceChildren(
    ...(record ? [el("span", { test: "record-name" }, `Record: ${record.name}`)] : []),
    ...keys,
    ...(policy
      ? [held(`Third parties: ${policy.required} of ${policy.witnesses.length} (${agreement?.file})`, "agreement-name", "Remove the agreement", () => (agreement = null))]
      : []),
    ...trouble.map((text) => el("span", { class: "bad-ink", test: "trouble" }, `✕ ${text}`)),
  );
}

function drawEvidence(): void {
  const known = brought.length > 0 ? broughtKeys(brought.map((one) => one.keys)) : null;
  at("evidence").replaceChildren(
    ...evidence.map((one) =>
      evidenceSection(one.file, checkEvidence(one.data, known), () => {
        evidence = evidence.filter((other) => other !== one);
        drawEvidence();
      }),
    ),
  );
}

// --- checking ----------------------------------------------------------------------------------------------

const PARTS = { reading: "Unpacking and looking it through", checking: "Checking signatures, proofs and messages", judging: "Judging test cases" };

function stop(): void {
  auditor?.stop();
  auditor = table = null;
  at("save").setAttribute("disabled", "");
  at("result").replaceChildren();
}

/** A worker of its own for each check, so that it can be ended at any moment; what it says goes to `hear`. */
function begin(name: string, hear: (answer: Answer) => void): Auditor {
  stop();
  const bar = el("progress", { attrs: { max: "1", "aria-label": "How much is done" } });
  const told = el("span", { class: "fine", test: "progress-told" }, "Beginning …");
  const cancel = (): void => {
    stop();
    at("result").replaceChildren(el("section", { test: "cancelled" }, `${name} was not checked: you cancelled it.`));
  };
  const button = el("button", { test: "cancel", attrs: { type: "button" }, onclick: cancel }, "Cancel");
  const section = el("section", { class: "progress", test: "checking" }, el("b", {}, name), bar, told, button);
  at("result").replaceChildren(section);
  const made = new Auditor(script, (answer) => {
    if (made !== auditor) return;
    if (answer.told !== "progress") return hear(answer);
    bar.value = answer.all > 0 ? answer.done / answer.all : 0;
    told.textContent = `${PARTS[answer.part]}: ${Math.floor(bar.value * 100)} %`;
  });
  auditor = made;
  return made;
}

function check(): void {
  drawHeld();
  drawEvidence();
  if (record === null) return;
  const { name, handed } = record;
  const keys = brought.length > 0 ? brought.map((one) => one.keys) : null;
  const pins = { keys, witnesses: agreement?.policy ?? null };
  begin(name, (answer) => hear(name, answer)).ask({ do: "check", record: handed, pins });
}

function hear(name: string, answer: Answer): void {
  switch (answer.told) {
    case "checked": {
      const { summary } = answer;
      const lines = summary.lineCount > 0 ? new LinesTable(summary, (query, near) => auditor?.ask({ do: "rows", query, near })) : null;
      table = lines;
      at("result").replaceChildren(...result(summary, lines?.section ?? null));
      at("save").removeAttribute("disabled");
      return;
    }
    case "rows":
      return table?.show(answer.query, answer.rows);
    case "saved":
      at("save").removeAttribute("disabled");
      return save("report.json", answer.report);
    case "unreadable":
      stop();
      record = null;
      drawHeld();
      return at("result").replaceChildren(unreadable(name, answer.why));
    case "failed":
      stop();
      return at("result").replaceChildren(failed(answer.why));
  }
}

/** Judges a file of test cases: anybody can hold this page against public vectors. */
function judge(file: File): void {
  begin(file.name, (answer) => {
    if (answer.told !== "judged") return hear(file.name, answer);
    const all = answer.verdicts.split("\n").filter((line) => line !== "");
    const accepted = all.filter((verdict) => verdict.includes('"verdict":"accepted"')).length;
    const area = el("textarea", { test: "verdicts", attrs: { readonly: "", "aria-label": "Verdicts" } });
    area.value = answer.verdicts;
    const keep = (): void => save("verdicts.jsonl", new Blob([answer.verdicts], { type: "application/json" }));
    at("result").replaceChildren(
      el(
        "section", {},
        el("h2", {}, `Test cases: ${file.name}`),
        el("p", { test: "cases-done" }, `${all.length} judged, ${accepted} accepted.`),
        area,
        el("button", { attrs: { type: "button" }, onclick: keep }, "Save verdicts"),
      ),
    );
  }).ask({ do: "judge", file });
}

// --- what is dropped or opened -----------------------------------------------------------------------------

const isRecord = (file: File): boolean => !/\.(json|jsonl|ya?ml)$/.test(file.name);

async function takeSmall(file: File): Promise<void> {
  const text = /\.ya?ml$/.test(file.name) ? await file.text() : null;
  if (text !== null) {
    agreement = { file: file.name, policy: readAgreement(text, file.name) };
    return;
  }
  const data = new Uint8Array(await file.arrayBuffer());
  if (isEvidence(data)) {
    evidence = [...evidence.filter((one) => one.file !== file.name), { file: file.name, data }];
    return;
  }
  const keys = readPublicKeys(data, file.name);
  brought = [...brought.filter((one) => one.keys.party !== keys.party), { file: file.name, keys }];
}

async function takeAll(files: File[]): Promise<void> {
  trouble = [];
  const cases = files.find((file) => file.name.endsWith(".jsonl"));
  if (cases) return judge(cases);
  const found = files.filter(isRecord).pop();
  if (found) {
    stop();
    record = { name: found.name, handed: found };
  }
  for (const file of files.filter((one) => !isRecord(one))) {
    try {
      await takeSmall(file);
    } catch (error) {
      if (error instanceof Unreadable) trouble.push(error.message);
      else if (error instanceof DOMException) trouble.push(`${file.name} can not be read; for an unpacked record use “Open unpacked record”`);
      else throw error;
    }
  }
  check();
}

async function takeFolder(files: File[]): Promise<void> {
  trouble = [];
  stop();
  const handed = files.map((file) => ({ path: file.webkitRelativePath.split("/").slice(1).join("/"), file }));
  record = { name: files[0]?.webkitRelativePath.split("/")[0] ?? "folder", handed };
  check();
}

// --- the page itself ---------------------------------------------------------------------------------------

function theme(): void {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
}

function saveReport(): void {
  if (at("save").hasAttribute("disabled")) return;
  at("save").setAttribute("disabled", "");
  auditor?.ask({ do: "save" });
}

function opens(button: string, input: string, use: (files: File[]) => Promise<void>): void {
  const field = at<HTMLInputElement>(input);
  at(button).addEventListener("click", () => field.click());
  field.addEventListener("change", () => {
    const files = [...(field.files ?? [])];
    field.value = "";
    if (files.length > 0) void use(files);
  });
}

const KEYS: Record<string, () => void> = {
  o: () => at("open-record").click(),
  k: () => at("open-keys").click(),
  t: theme,
  p: () => window.print(),
  s: saveReport,
  f: () => document.getElementById("search")?.focus(),
};

function onKey(event: KeyboardEvent): void {
  const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
  if (event.key === "Escape" && typing) (event.target as HTMLElement).blur();
  if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
  const act = KEYS[event.key.toLowerCase()];
  const chooses = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement;
  if (act === undefined || chooses) return;
  event.preventDefault();
  act();
}

function start(): void {
  script = document.getElementById("script")?.textContent ?? "";
  if (matchMedia("(prefers-color-scheme: dark)").matches) theme();
  opens("open-record", "record", takeAll);
  opens("open-folder", "folder", takeFolder);
  opens("open-keys", "keys", takeAll);
  at("theme").addEventListener("click", theme);
  at("print").addEventListener("click", () => window.print());
  at("save").addEventListener("click", saveReport);
  document.addEventListener("keydown", onKey);
  const over = (is: boolean) => (event: DragEvent) => {
    event.preventDefault();
    at("desk").classList.toggle("over", is);
  };
  document.addEventListener("dragover", over(true));
  document.addEventListener("dragleave", over(false));
  document.addEventListener("drop", (event) => {
    over(false)(event);
    void takeAll([...(event.dataTransfer?.files ?? [])]);
  });
}

if (typeof document === "undefined") work();
else start();
