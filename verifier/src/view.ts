// View: the report on a page, verdict first. Knows story, words and elements.
import { toHex } from "./bytes";
import { el } from "./dom";
import { explain } from "./explain";
import type { Members } from "./json";
import { EXERCISE_PREFIX } from "./parties";
import type { Direction, RecordReport } from "./report";
import { spokenSection } from "./spoken";
import { disputed, keylessIn, levelsOf, missing, parties, verdictOf } from "./story";
import { linesSection } from "./table";

export function unreadable(name: string, why: string): HTMLElement {
  return el(
    "section", { class: "verdict bad", test: "verdict" },
    el("div", { class: "sign", attrs: { "aria-hidden": "true" } }, "✕"),
    el("h2", {}, "This can not be read as a record"),
    el("p", {}, `${name}: ${why}`),
    el("p", {}, "Nothing is said of what it might hold. Ask for another copy."),
  );
}

function verdict(report: RecordReport): HTMLElement {
  const found = verdictOf(report);
  return el(
    "section", { class: `verdict ${found.mood}`, test: "verdict" },
    el("div", { class: "sign", attrs: { "aria-hidden": "true" } }, found.sign),
    el("h2", {}, found.title),
    ...found.sentences.map((sentence) => el("p", {}, sentence)),
  );
}

function about(report: RecordReport): HTMLElement | null {
  const { manifest } = report;
  if (manifest === null) return null;
  const exercise = manifest.prefix === EXERCISE_PREFIX
    ? el("div", { class: "exercise", test: "exercise" }, el("span", {}, "EXERCISE: nothing here was said in operation"))
    : null;
  const text = `Channel ${manifest.channel}, logs of ${manifest.year}, agreement “${manifest.agreement}” (a name that nobody signs).`;
  return el("div", {}, exercise, el("p", { class: "about fine", test: "about" }, text));
}

function side(report: RecordReport, direction: Direction): HTMLElement {
  const { party } = direction;
  const partner = parties(report).find((one) => one !== party) ?? "?";
  const levels = levelsOf(report, party);
  const names = { sent: "sent", received: `received by ${partner}`, read: "read by a person", answered: "answered" };
  const counts = Object.entries(names).map(([level, name]) =>
    el("div", {}, el("b", {}, String(levels[level as keyof typeof levels])), el("span", {}, name)),
  );
  const behind = direction.size - direction.receipted;
  const keyless = keylessIn(report);
  if (party === keyless) return keylessSide(party, partner);
  const receipts =
    keyless !== null
      ? `${party} signed ${direction.size} message${direction.size === 1 ? "" : "s"}. ${keyless} has no keys: no receipt can come.`
      : direction.size === 0
      ? `${party} has signed nothing here.`
      : `${partner} has signed ${direction.receipts} receipt${direction.receipts === 1 ? "" : "s"} for the first ${direction.receipted} of ${direction.size} messages; ${behind === 0 ? "none is" : `${behind} ${behind === 1 ? "is" : "are"}`} without receipt.`;
  return el(
    "section", { test: `side-${party}` },
    el("h2", {}, `${party} to ${partner}`),
    el("div", { class: "levels" }, ...counts),
    el("p", {}, receipts),
    thirdParties(report, direction),
    el("details", {}, el("summary", {}, "Log and root"), el("p", { class: "mono" }, direction.origin), el("p", { class: "mono" }, `root ${toHex(direction.root)}`)),
  );
}

function keylessSide(party: string, partner: string): HTMLElement {
  return el(
    "section", { test: `side-${party}` },
    el("h2", {}, `${party} to ${partner}`),
    el("p", {}, `${party} has no keys and signs nothing. What it said by voice stands below as ${partner} noted it, and proves nothing.`),
  );
}

function thirdParties(report: RecordReport, { party, size, witnessed }: Direction): HTMLElement | null {
  const { required, witnesses } = report.witnesses;
  if (witnesses.length === 0 || size === 0) return null;
  const names = witnesses.map((one) => one.name).join(", ");
  const text = `Third parties (${names}; ${required} of ${witnesses.length} required): ${witnessed} of ${size} messages are witnessed as sent. The record itself names them; compare with the agreement.`;
  return el("p", { test: `witnessed-${party}` }, text);
}

function list(title: string, test: string, sentences: string[]): HTMLElement | null {
  if (sentences.length === 0) return null;
  return el("section", { test }, el("h2", {}, title), el("ul", {}, ...sentences.map((one) => el("li", {}, one))));
}

const ORDER = ["convicts", "cut", "broken", "absent", "form"];
const FINDINGS_SHOWN = 200; // the report that can be saved has them all

function findings(report: RecordReport): HTMLElement | null {
  if (report.findings.length === 0) return null;
  const explained = report.findings
    .map((finding) => ({ finding, said: explain(finding, parties(report)) }))
    .sort((a, b) => ORDER.indexOf(a.said.weight) - ORDER.indexOf(b.said.weight));
  const shown = explained.slice(0, FINDINGS_SHOWN).map(({ finding, said }) =>
    el(
      "div", { class: `finding ${said.weight === "form" || said.weight === "absent" ? "care" : ""}`, test: `finding-${finding.refusal.reason}` },
      el("h3", {}, said.title),
      el("p", {}, said.means),
      el("p", { class: "todo" }, said.todo),
      el("p", { class: "mono fine" }, `${finding.path}: ${finding.refusal.toString()}`),
    ),
  );
  const rest = explained.length - shown.length;
  const more = rest > 0 ? el("p", {}, `And ${rest} more: save the report to see them all.`) : null;
  return el("section", { test: "findings" }, el("h2", {}, "What was found"), ...shown, more);
}

function keys(report: RecordReport): HTMLElement | null {
  const { manifest } = report;
  if (manifest === null) return null;
  const rows = Object.entries(manifest.keys).flatMap(([party, held]) =>
    Object.entries(held as Members).flatMap(([role, vkey]) => [
      el("dt", {}, `${party} ${role.replace("_", " ")}`),
      el("dd", { class: "mono" }, String(vkey).length > 200 ? `${String(vkey).slice(0, 120)}…` : String(vkey)),
    ]),
  );
  const title = report.pinned ? "Keys: those that you brought" : "Keys: those that the record claims";
  return el("section", { test: "record-keys" }, el("details", {}, el("summary", {}, title), el("dl", {}, ...rows)));
}

/** The whole result, verdict first. */
export function result(report: RecordReport): HTMLElement[] {
  const sides = report.directions.map((direction) => side(report, direction));
  const parts = [
    about(report),
    verdict(report),
    findings(report),
    sides.length > 0 ? el("div", { class: "sides" }, ...sides) : null,
    list("Disputed", "disputed", disputed(report)),
    list("What is missing", "missing", report.manifest && report.directions.length > 0 ? missing(report) : []),
    report.lines.length > 0 ? linesSection(report) : null,
    report.voice.length > 0 ? spokenSection(report.voice) : null,
    keys(report),
  ];
  return parts.filter((part) => part !== null);
}
