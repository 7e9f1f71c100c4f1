// Table: who said what when, who received, read and answered; filters, and more lines on demand. Knows story and words.
import { el } from "./dom";
import { refused } from "./refusal";
import type { Line, RecordReport } from "./report";
import { keylessIn, lacks, parties } from "./story";
import { says, secondsOf, timeOf } from "./words";

const LINES_AT_ONCE = 500; // what a browser draws at once without a pause
const HEADS = ["Stated (UTC)", "From", "Serial", "Type", "Says", "Incident", "Received (UTC)", "Read", "Answered"];

function cell(label: string, text: string, extra = ""): HTMLElement {
  return el("td", { label, class: extra }, el("span", {}, text));
}

function row(line: Line, both: string[], keyless: string | null): HTMLElement {
  const { sender, serial, content } = line;
  const partner = both.find((party) => party !== sender) ?? "?";
  const lack = lacks(line, keyless);
  const unreceipted = keyless === null && line.received_at_s === null;
  const received = line.received_at_s !== null ? secondsOf(line.received_at_s) : unreceipted ? "✕ no receipt" : "–";
  const toVoice = line.to_voice ? ` Replies to what ${partner} said by voice.` : "";
  const seen = line.witnessed_by.map(([name, at]) => `Witnessed as sent by ${name} at ${secondsOf(at)}.`).join(" ");
  const wanted = (what: string): string => (lack.includes(what) ? "✕ no" : "–");
  const none = (missing: boolean): string => (missing ? "none" : "");
  return el(
    "tr", { test: `line-${sender}-${serial}` },
    cell("Stated (UTC)", refused(content) ? "–" : timeOf(content.stated_ms), "when"),
    el("th", { label: "From", attrs: { scope: "row" } }, el("span", {}, `${sender} → ${partner}`)),
    cell("Serial", String(serial)),
    cell("Type", refused(content) ? "✕ no message" : content.type, none(refused(content))),
    cell("Says", `${says(content)}${toVoice}${seen && ` ${seen}`}`, "says"),
    cell("Incident", refused(content) ? "–" : (content.incident ?? "–")),
    cell("Received (UTC)", received, none(unreceipted)),
    cell("Read", line.read_by === null ? wanted("not read by a person") : `ACK, serial ${line.read_by}`, none(lack.includes("not read by a person"))),
    cell("Answered", line.answered_by === null ? wanted("not answered") : `serial ${line.answered_by}`, none(lack.includes("not answered"))),
  );
}

function matches(line: Line, words: string, incident: string, only: boolean, keyless: string | null): boolean {
  if (only && lacks(line, keyless).length === 0) return false;
  if (incident && (refused(line.content) || line.content.incident !== incident)) return false;
  const type = refused(line.content) ? "" : line.content.type;
  return words === "" || `${line.sender} ${line.serial} ${type} ${says(line.content)}`.toLowerCase().includes(words);
}

export function linesSection(report: RecordReport): HTMLElement {
  const both = parties(report);
  const keyless = keylessIn(report);
  const incidents = new Set(
    report.lines.flatMap(({ content }) => (refused(content) || content.incident === null ? [] : [content.incident])),
  );
  const search = el("input", { test: "search", attrs: { type: "search", placeholder: "Search  (F)", id: "search", "aria-label": "Search" } });
  const incident = el(
    "select", { test: "incident", attrs: { "aria-label": "Incident" } },
    el("option", { attrs: { value: "" } }, "All incidents"),
    ...[...incidents].sort().map((one) => el("option", { attrs: { value: one } }, one)),
  );
  const only = el("input", { test: "only-missing", attrs: { type: "checkbox", id: "only" } });
  const body = el("tbody");
  const count = el("p", { class: "fine", test: "count" });
  const more = el("button", { class: "more", attrs: { type: "button" } }, "Show more lines");
  let shown = LINES_AT_ONCE;
  const draw = (): void => {
    const words = search.value.trim().toLowerCase();
    const found = report.lines.filter((line) => matches(line, words, incident.value, only.checked, keyless));
    body.replaceChildren(...found.slice(0, shown).map((line) => row(line, both, keyless)));
    const drawn = Math.min(shown, found.length);
    count.textContent = `${drawn} of ${report.lines.length} lines, in the order of the statements; each side in the order of its serials.`;
    more.hidden = drawn === found.length;
  };
  const anew = (): void => {
    shown = LINES_AT_ONCE;
    draw();
  };
  search.addEventListener("input", anew);
  incident.addEventListener("change", anew);
  only.addEventListener("change", anew);
  more.addEventListener("click", () => {
    shown += LINES_AT_ONCE;
    draw();
  });
  draw();
  return el(
    "section", { test: "lines", attrs: { "aria-label": "Who said what when" } },
    el("h2", {}, "Who said what when"),
    el("div", { class: "tools" }, search, incident, el("label", {}, only, " Only what lacks something")),
    count,
    el(
      "div", { class: "scroll" },
      el("table", {}, el("thead", {}, el("tr", {}, ...HEADS.map((head) => el("th", { attrs: { scope: "col" } }, head)))), body),
    ),
    more,
  );
}
