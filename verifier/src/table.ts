// Table: who said what when, who received, read and answered, page by page; the lines come from the worker.
import { cell, el } from "./dom";
import type { Query, Row, Rows, Stretch } from "./lines";
import { strip } from "./strip";
import type { Summary } from "./summary";
import { counted } from "./words";

export const PAGE_LINES = 100; // what a telephone draws without a pause
const HEADS = ["Stated (UTC)", "From", "Serial", "Type", "Says", "Incident", "Received (UTC)", "Read", "Answered"];
const TYPED_MS = 200;

function row(line: Row): HTMLElement {
  const { lacks } = line;
  const none = (what: Row["lacks"][0]): string => (lacks.includes(what) ? "none" : "");
  return el(
    "tr", { test: `line-${line.sender}-${line.serial}` },
    cell("Stated (UTC)", line.stated, "when"),
    el("th", { label: "From", attrs: { scope: "row" } }, el("span", {}, `${line.sender} → ${line.partner}`)),
    cell("Serial", String(line.serial)),
    cell("Type", line.type, none("type")),
    cell("Says", line.says, "says"),
    cell("Incident", line.incident),
    cell("Received (UTC)", line.received, none("received")),
    cell("Read", line.read, none("read")),
    cell("Answered", line.answered, none("answered")),
  );
}

/** The section of the lines; `ask` sends for rows, which come back through `show`. */
export class LinesTable {
  readonly section: HTMLElement;
  private readonly search = el("input", { test: "search", attrs: { type: "search", placeholder: "Search  (F)", id: "search", "aria-label": "Search" } });
  private readonly incident: HTMLSelectElement;
  private readonly only = el("input", { test: "only-missing", attrs: { type: "checkbox", id: "only" } });
  private readonly body = el("tbody");
  private readonly count = el("p", { class: "fine", test: "count", attrs: { "aria-live": "polite" } });
  private readonly pages = el("nav", { class: "pages", attrs: { "aria-label": "Pages of lines" } });
  private from = 0;
  private asked = "";

  constructor(summary: Summary, private readonly ask: (query: Query, near: number | null) => void) {
    this.incident = el(
      "select", { test: "incident", attrs: { "aria-label": "Incident" } },
      el("option", { attrs: { value: "" } }, "All incidents"),
      ...summary.incidents.map((one) => el("option", { attrs: { value: one } }, one)),
    );
    let typed = 0;
    this.search.addEventListener("input", () => {
      clearTimeout(typed);
      typed = setTimeout(() => this.go(0), TYPED_MS) as unknown as number;
    });
    this.incident.addEventListener("change", () => this.go(0));
    this.only.addEventListener("change", () => this.go(0));
    const sides = summary.sides.map((side) => `${side.tally.party} to ${side.tally.partner}`);
    this.section = this.drawn(summary.stretches, sides, summary.keyless !== null);
    this.go(0);
  }

  private drawn(stretches: Stretch[], sides: string[], alone: boolean): HTMLElement {
    const heads = el("tr", {}, ...HEADS.map((head) => el("th", { attrs: { scope: "col" } }, head)));
    return el(
      "section", { test: "lines", attrs: { "aria-label": "Who said what when" } },
      el("h2", {}, "Who said what when"),
      strip(stretches, sides, alone, (place) => this.go(0, place)),
      el("div", { class: "tools" }, this.search, this.incident, el("label", {}, this.only, " Only what lacks something")),
      this.count,
      this.pages,
      el("div", { class: "scroll" }, el("table", {}, el("thead", {}, heads), this.body)),
    );
  }

  private go(from: number, near: number | null = null): void {
    const query: Query = {
      words: this.search.value.trim(), incident: this.incident.value, only: this.only.checked, from, count: PAGE_LINES,
    };
    this.asked = JSON.stringify(query);
    this.section.setAttribute("aria-busy", "true");
    this.ask(query, near);
  }

  /** Draws rows that have come, unless others were asked for since. */
  show(query: Query, { total, found, from, rows }: Rows): void {
    if (JSON.stringify(query) !== this.asked) return;
    this.section.removeAttribute("aria-busy");
    this.from = from;
    this.body.replaceChildren(...rows.map(row));
    const part = rows.length < found ? ` Shown: ${counted(from + 1)} to ${counted(from + rows.length)}.` : "";
    this.count.textContent = `${counted(found)} of ${counted(total)} lines, in the order of the statements; each side in the order of its serials.${part}`;
    this.pages.hidden = rows.length >= found;
    const last = Math.max(0, found - PAGE_LINES);
    this.pages.replaceChildren(
      this.button("First", "first", 0, this.from > 0),
      this.button("Back", "back", Math.max(0, this.from - PAGE_LINES), this.from > 0),
      this.button("Next", "next", this.from + PAGE_LINES, this.from + rows.length < found),
      this.button("Last", "last", last, this.from + rows.length < found),
    );
  }

  private button(text: string, test: string, from: number, usable: boolean): HTMLElement {
    const attrs: Record<string, string> = usable ? { type: "button" } : { type: "button", disabled: "" };
    return el("button", { test: `page-${test}`, attrs, onclick: () => this.go(from) }, text);
  }
}
