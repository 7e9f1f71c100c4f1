// Spoken: what the exporter notes of statements by voice, apart from what is proven (VOICE-17). Knows words and elements.
import { el } from "./dom";
import { refused } from "./refusal";
import type { VoiceLine } from "./voice/notes";
import { says, timeOf } from "./words";

const LINES_SHOWN = 500; // a file has 2,000 at most; the report that can be saved has them all
const HEADS = ["Noted at (UTC)", "Noted by", "Serial", "What", "Says", "Against the signed original"];
const STANDING = {
  waiting: "not in this record",
  confirmed: "the same, as far as voice says it",
  differs: "✕ differs; the signed one counts",
  unsigned: "never signed: the speaker has no keys",
};

const EARLIEST_MS = -62_135_596_800_000n; // the year 1; a note may hold any integer
const notedAt = (ms: bigint): string => (ms < EARLIEST_MS ? "before the year 1" : timeOf(ms));

function cell(label: string, text: string, extra = ""): HTMLElement {
  return el("td", { label, class: extra }, el("span", {}, text));
}

function saysOf(line: VoiceLine): string {
  const { content } = line;
  const remark = line.remark === null ? "" : ` Remark: “${line.remark}”`;
  if (content === null) return `${line.read_back ? "Read out, and read back by the other officer" : "Read out"}.${remark}`;
  if (refused(content)) return `These groups say nothing: ${content.toString()}.${remark}`;
  const unspoken = content.unspoken.length > 0 ? ` Not spoken: ${content.unspoken.join(", ")}.` : "";
  return `${says(content.message)}${unspoken}${remark}`;
}

function against(line: VoiceLine): string {
  const fields = line.differences.map((one) => `${one.field}: voice ${one.voice}, signed ${one.signed}`).join("; ");
  return line.standing === null ? "–" : `${STANDING[line.standing]}${fields && ` (${fields})`}`;
}

function row(line: VoiceLine, at: number): HTMLElement {
  return el(
    "tr", { test: `voice-${at}` },
    cell("Noted at (UTC)", notedAt(line.at_ms), "when"),
    el("th", { label: "Noted by", attrs: { scope: "row" } }, el("span", {}, `${line.by}, ${line.role}`)),
    cell("Serial", line.serial < 0n ? "–" : `${line.sender} ${line.serial}`),
    cell("What", line.what === "heard" ? `heard from ${line.sender}` : "read out"),
    cell("Says", saysOf(line), "says"),
    cell("Against the signed original", against(line), line.standing === "differs" ? "none" : ""),
  );
}

export function spokenSection(lines: VoiceLine[]): HTMLElement {
  const rest = lines.length - LINES_SHOWN;
  return el(
    "section", { test: "voice" },
    el("h2", {}, "Said by voice, as the exporter notes it"),
    el("p", {}, "Nobody signed these notes, and they prove nothing: they show what the exporter says was said by telephone. Only the signed messages above count."),
    el(
      "div", { class: "scroll" },
      el(
        "table", {},
        el("thead", {}, el("tr", {}, ...HEADS.map((head) => el("th", { attrs: { scope: "col" } }, head)))),
        el("tbody", {}, ...lines.slice(0, LINES_SHOWN).map(row)),
      ),
    ),
    rest > 0 ? el("p", {}, `And ${rest} more: save the report to see them all.`) : null,
  );
}
