// Spoken: what the exporter notes of statements by voice, apart from what is proven (VOICE-17). Knows elements.
import { cell, el } from "./dom";
import type { SpokenRow } from "./spoken_rows";

const HEADS = ["Noted at (UTC)", "Noted by", "Serial", "What", "Says", "Against the signed original"];

function row(line: SpokenRow, at: number): HTMLElement {
  return el(
    "tr", { test: `voice-${at}` },
    cell("Noted at (UTC)", line.at, "when"),
    el("th", { label: "Noted by", attrs: { scope: "row" } }, el("span", {}, line.by)),
    cell("Serial", line.serial),
    cell("What", line.what),
    cell("Says", line.says, "says"),
    cell("Against the signed original", line.against, line.differs ? "none" : ""),
  );
}

/** The notes; `count` of them are in the record. */
export function spokenSection(rows: SpokenRow[], count: number): HTMLElement {
  const rest = count - rows.length;
  return el(
    "section", { test: "voice" },
    el("h2", {}, "Said by voice, as the exporter notes it"),
    el("p", {}, "Nobody signed these notes, and they prove nothing: they show what the exporter says was said by telephone. Only the signed messages above count."),
    el(
      "div", { class: "scroll" },
      el(
        "table", {},
        el("thead", {}, el("tr", {}, ...HEADS.map((head) => el("th", { attrs: { scope: "col" } }, head)))),
        el("tbody", {}, ...rows.map(row)),
      ),
    ),
    rest > 0 ? el("p", {}, `And ${rest} more: save the report to see them all.`) : null,
  );
}
