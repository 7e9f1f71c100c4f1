// Page: takes what is dropped or opened, has it checked, shows the result. Knows the browser; the checks are elsewhere.
import { Judge } from "./cases";
import { el, save } from "./dom";
import type { PublicKeys } from "./parties";
import { readPublicKeys } from "./public_keys";
import { type Files, verifyRecord } from "./record";
import { type RecordReport, reportJson } from "./report";
import { result, unreadable } from "./view";
import { readZip, Unreadable } from "./zip";

const at = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const [desk, held, shown] = [at("desk"), at("held"), at("result")];

interface Brought {
  file: string;
  keys: PublicKeys;
}

let record: { name: string; files: Files } | null = null;
let brought: Brought[] = [];
let report: RecordReport | null = null;
let trouble: string[] = [];

const bytesOf = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());
const drawn = (): Promise<void> => new Promise((done) => setTimeout(done, 30));

function drawHeld(): void {
  const keys = brought.map((one) => {
    const drop = (): void => {
      brought = brought.filter((other) => other !== one);
      void check();
    };
    const gone = el("button", { class: "bare", attrs: { type: "button", "aria-label": `Remove the keys of ${one.keys.party}` }, onclick: drop }, "✕");
    return el("span", { test: `keys-${one.keys.party}` }, `Keys of ${one.keys.party} (${one.file})`, gone);
  });
  held.replaceChildren(
    ...(record ? [el("span", { test: "record-name" }, `Record: ${record.name}`)] : []),
    ...keys,
    ...trouble.map((text) => el("span", { class: "bad-ink", test: "trouble" }, `✕ ${text}`)),
  );
}

async function check(): Promise<void> {
  drawHeld();
  if (record === null) return;
  shown.replaceChildren(el("section", { test: "checking" }, `Checking ${record.name} …`));
  at("save").setAttribute("disabled", "");
  await drawn();
  report = verifyRecord(record.files, brought.length > 0 ? brought.map((one) => one.keys) : null);
  shown.replaceChildren(...result(report));
  at("save").removeAttribute("disabled");
}

function take(name: string, read: () => Files): void {
  try {
    record = { name, files: read() };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    record = report = null;
    at("save").setAttribute("disabled", "");
    shown.replaceChildren(unreadable(name, error.message));
  }
}

/** Judges a file of test cases: anybody can hold this page against public vectors. */
async function judge(name: string, text: string): Promise<void> {
  const judge = new Judge();
  const verdicts: string[] = [];
  const told = el("p", { test: "cases-told" });
  shown.replaceChildren(el("section", {}, el("h2", {}, `Test cases: ${name}`), told));
  let since = performance.now();
  for (const line of text.split("\n")) {
    const verdict = judge.line(line);
    if (verdict !== null) verdicts.push(verdict);
    if (performance.now() - since > 200) {
      told.textContent = `${verdicts.length} judged …`;
      await drawn();
      since = performance.now();
    }
  }
  const accepted = verdicts.filter((verdict) => verdict.includes('"verdict":"accepted"')).length;
  const all = `${verdicts.join("\n")}\n`;
  const area = el("textarea", { test: "verdicts", attrs: { readonly: "", "aria-label": "Verdicts" } });
  area.value = all;
  told.textContent = `${verdicts.length} judged, ${accepted} accepted.`;
  told.dataset.test = "cases-done";
  told.after(area, el("button", { attrs: { type: "button" }, onclick: () => save("verdicts.jsonl", "application/json", all) }, "Save verdicts"));
}

async function takeFile(file: File): Promise<void> {
  if (file.name.endsWith(".jsonl")) return judge(file.name, await file.text());
  const data = await bytesOf(file);
  if (!file.name.endsWith(".json")) return take(file.name, () => readZip(data));
  try {
    const keys = readPublicKeys(data, file.name);
    brought = [...brought.filter((one) => one.keys.party !== keys.party), { file: file.name, keys }];
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    trouble.push(error.message);
  }
}

async function takeAll(files: File[]): Promise<void> {
  trouble = [];
  if (files.length === 1 && files[0]?.name.endsWith(".jsonl")) return takeFile(files[0]);
  for (const file of files) {
    try {
      await takeFile(file);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      trouble.push(`${file.name} can not be read; for an unpacked record use “Open unpacked record”`);
    }
  }
  await check();
}

async function takeFolder(files: File[]): Promise<void> {
  trouble = [];
  const found: Files = new Map();
  for (const file of files) {
    found.set(file.webkitRelativePath.split("/").slice(1).join("/"), await bytesOf(file));
  }
  take(files[0]?.webkitRelativePath.split("/")[0] ?? "folder", () => found);
  await check();
}

function theme(): void {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
}

function saveReport(): void {
  if (report !== null) save("report.json", "application/json", `${reportJson(report)}\n`);
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

function start(): void {
  if (matchMedia("(prefers-color-scheme: dark)").matches) theme();
  opens("open-record", "record", takeAll);
  opens("open-folder", "folder", takeFolder);
  opens("open-keys", "keys", takeAll);
  at("theme").addEventListener("click", theme);
  at("print").addEventListener("click", () => window.print());
  at("save").addEventListener("click", saveReport);
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.key === "Escape" && typing) (event.target as HTMLElement).blur();
    if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    const act = KEYS[event.key.toLowerCase()];
    const chooses = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement;
    if (act === undefined || chooses) return;
    event.preventDefault();
    act();
  });
  const over = (is: boolean) => (event: DragEvent) => {
    event.preventDefault();
    desk.classList.toggle("over", is);
  };
  document.addEventListener("dragover", over(true));
  document.addEventListener("dragleave", over(false));
  document.addEventListener("drop", (event) => {
    over(false)(event);
    void takeAll([...(event.dataTransfer?.files ?? [])]);
  });
}

start();
