// View: what was found of a record on a page, verdict first. Knows elements.
import { el } from "./dom";
import type { EvidenceReport } from "./evidence";
import type { Caution, Contradiction } from "./report";
import { spokenSection } from "./spoken";
import type { ShownFinding, Side, Summary } from "./summary";
import { counted } from "./words";

function banner(mood: string, sign: string, title: string, sentences: string[]): HTMLElement {
  return el(
    "section", { class: `verdict ${mood}`, test: "verdict" },
    el("div", { class: "sign", attrs: { "aria-hidden": "true" } }, sign),
    el("h2", {}, title),
    ...sentences.map((sentence) => el("p", {}, sentence)),
  );
}

export const unreadable = (name: string, why: string): HTMLElement =>
  banner("bad", "✕", "This can not be read as a record", [
    `${name}: ${why}`, "Nothing is said of what it might hold. Ask for another copy.",
  ]);

export const failed = (why: string): HTMLElement =>
  banner("bad", "✕", "This page has failed", [
    `It says nothing of the record: ${why}`, "Open it in another browser, or use redshank verify.",
  ]);

function about(summary: Summary): HTMLElement | null {
  if (summary.about === null) return null;
  const exercise = summary.exercise
    ? el("div", { class: "exercise", test: "exercise" }, el("span", {}, "EXERCISE: nothing here was said in operation"))
    : null;
  return el("div", {}, exercise, el("p", { class: "about fine", test: "about" }, summary.about));
}

function counter(count: number, name: string, bad: boolean): HTMLElement {
  return el("div", { class: bad && count > 0 ? "warns" : "" }, el("b", {}, `${bad && count > 0 ? "✕ " : ""}${counted(count)}`), el("span", {}, name));
}

/** The side of a party that has no keys: nothing to count. */
function keylessSide(party: string, partner: string): HTMLElement {
  return el(
    "section", { test: `side-${party}` },
    el("h2", {}, `${party} to ${partner}`),
    el("p", {}, `${party} has no keys and signs nothing. What it said by voice stands below as the exporter noted it, if anywhere, and proves nothing.`),
  );
}

/** How far the messages of a party came; towards one without keys, as far as anybody can know. */
function counters(one: Side, alone: boolean): HTMLElement[] {
  const { partner, sent, received, read, answered, disputed } = one.tally;
  if (alone) return [counter(sent, "sent", false), counter(one.readBack, "noted as read back", false), counter(disputed, "disputed by it", true)];
  return [
    counter(sent, "sent", false), counter(received, `received by ${partner}`, false),
    counter(read, "read by a person", false), counter(answered, "answered", false),
    counter(one.unreceipted, "without receipt", true), counter(disputed, "disputed by it", true),
  ];
}

function receiptsOf(one: Side, alone: boolean): string {
  const { party, partner } = one.tally;
  if (alone) return `${partner} has no keys: no receipt can come. That it was read back is noted by the exporter, and proves nothing.`;
  if (one.size === 0) return `${party} has signed nothing here.`;
  const behind = one.size - one.receipted;
  return `${partner} has signed ${counted(one.receipts)} receipt${one.receipts === 1 ? "" : "s"} for the first ${counted(one.receipted)} of ${counted(one.size)} messages; ${behind === 0 ? "none is" : `${counted(behind)} ${behind === 1 ? "is" : "are"}`} without receipt.`;
}

function side(summary: Summary, one: Side): HTMLElement {
  const { party, partner } = one.tally;
  if (party === summary.keyless) return keylessSide(party, partner);
  const alone = partner === summary.keyless;
  const third = summary.thirdParties !== null && one.size > 0;
  return el(
    "section", { test: `side-${party}` },
    el("h2", {}, `${party} to ${partner}`),
    el(
      "div", { class: "levels" },
      ...counters(one, alone),
      ...(third ? [counter(one.witnessed, "witnessed", false)] : []),
      one.forked ? el("div", { class: "warns" }, el("b", {}, "✕"), el("span", {}, "forked or contradicted")) : null,
    ),
    el("p", {}, receiptsOf(one, alone)),
    third ? el("p", { test: `witnessed-${party}` }, `${summary.thirdParties}: ${counted(one.witnessed)} of ${counted(one.size)} messages are witnessed as sent. ${summary.witnessesPinned ? "They are those of the agreement that you brought." : "The record itself names them; compare with the agreement."}`) : null,
    el("details", {}, el("summary", {}, "Log and root"), el("p", { class: "mono" }, one.origin), el("p", { class: "mono" }, `root ${one.root}`)),
  );
}

function list(title: string, test: string, sentences: string[]): HTMLElement | null {
  if (sentences.length === 0) return null;
  return el("section", { test }, el("h2", {}, title), el("ul", {}, ...sentences.map((one) => el("li", {}, one))));
}

function findings({ findings: found, findingCount }: Summary): HTMLElement | null {
  if (findingCount === 0) return null;
  const one = (said: ShownFinding): HTMLElement =>
    el(
      "div", { class: `finding ${said.weight === "form" || said.weight === "absent" ? "care" : ""}`, test: `finding-${said.reason}` },
      el("h3", {}, said.title),
      el("p", {}, said.means),
      el("p", { class: "todo" }, said.todo),
      el("p", { class: "mono fine" }, said.told),
    );
  const rest = findingCount - found.length;
  const more = rest > 0 ? el("p", {}, `And ${rest} more: save the report to see them all.`) : null;
  return el("section", { test: "findings" }, el("h2", {}, "What was found"), ...found.map(one), more);
}

/** What files of evidence in the record show: who contradicted whom. */
function contradictions({ evidence }: Summary): HTMLElement | null {
  if (evidence.length === 0) return null;
  const one = (shown: Contradiction): HTMLElement =>
    el(
      "div", { class: `finding ${shown.convicts ? "" : "care"}`, test: `contradiction-${shown.kind}` },
      el("h3", {}, `${shown.words}.`),
      el("p", {}, shown.convicts ? `It was signed with the keys of ${shown.accused}: this convicts ${shown.accused}, whoever shows it.` : `This is the word of ${shown.reporter}: ${shown.clears}.`),
      el("p", { class: "mono fine" }, `${shown.path}: ${shown.kind}, kept by ${shown.reporter}`),
    );
  return el("section", { test: "contradictions" }, el("h2", {}, "Who contradicted whom"), ...evidence.map(one));
}

const DATED: Record<Caution["code"], string> = {
  "dated-before-statement": "is dated before what it covers was said",
  "dated-after-next": "is dated after the next receipt",
};

function cautions({ cautions: found, cautionCount }: Summary): HTMLElement | null {
  const told = found.map(({ path, code, detail }) => `${path} ${DATED[code]}: ${detail}. One of two clocks is off; the signature holds.`);
  const rest = cautionCount - found.length;
  return list("Cautions: dates that can not be right", "cautions", rest > 0 ? [...told, `And ${rest} more: save the report to see them all.`] : told);
}

function keys(summary: Summary): HTMLElement | null {
  if (summary.keys.length === 0) return null;
  const rows = summary.keys.flatMap(([name, text]) => [el("dt", {}, name), el("dd", { class: "mono" }, text)]);
  const title = summary.pinned ? "Keys: those that you brought" : "Keys: those that the record claims";
  return el("section", { test: "record-keys" }, el("details", {}, el("summary", {}, title), el("dl", {}, ...rows)));
}

/** The whole result, verdict first; `lines` is the section of the lines. */
export function result(summary: Summary, lines: HTMLElement | null): HTMLElement[] {
  const { verdict, sides } = summary;
  const parts = [
    about(summary),
    banner(verdict.mood, verdict.sign, verdict.title, verdict.sentences),
    findings(summary),
    contradictions(summary),
    sides.length > 0 ? el("div", { class: "sides" }, ...sides.map((one) => side(summary, one))) : null,
    list("Disputed", "disputed", summary.disputed),
    list("What is missing", "missing", summary.missing),
    cautions(summary),
    lines,
    summary.voiceCount > 0 ? spokenSection(summary.voice, summary.voiceCount) : null,
    keys(summary),
  ];
  return parts.filter((part) => part !== null);
}

/** What a file of evidence shows that was dropped by itself. */
export function evidenceSection(name: string, shown: EvidenceReport, away: () => void): HTMLElement {
  const { evidence, refusal } = shown;
  const gone = el("button", { class: "bare", attrs: { type: "button", "aria-label": `Remove ${name}` }, onclick: away }, "✕");
  const keys = shown.pinned
    ? "Checked with the keys that you brought."
    : "Checked only with the keys that the file itself claims. Add public.json of the accused party to know who signed.";
  const who = evidence === null ? null : el("p", {}, `Against ${evidence.accused}, kept by ${evidence.reporter}, channel ${evidence.channel}, logs of ${evidence.year}.`);
  const says =
    refusal !== null
      ? [el("h3", {}, "The file shows nothing"), el("p", { class: "mono" }, refusal.toString())]
      : [
          el("h3", {}, `${shown.words}.`),
          el("p", {}, shown.convicts ? "Both were signed with that party's own key: this convicts, whoever shows it." : `This is one side's word: ${shown.clears}.`),
        ];
  const mood = refusal === null && shown.convicts ? "" : "care";
  return el(
    "section", { test: "evidence" },
    el("h2", {}, `Evidence: ${name} `, gone),
    el("div", { class: `finding ${mood}`, test: refusal === null ? `evidence-${evidence?.kind}` : "evidence-refused" }, ...says, who, el("p", { class: "fine" }, keys)),
  );
}
