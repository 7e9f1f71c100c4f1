// Story: the verdict in plain words, what is missing and what is disputed, drawn from a record that was checked. Pure.
import { explain } from "./explain";
import { TYPES, type MessageType } from "./forms";
import { partiesOf } from "./parties";
import type { Examined } from "./record";
import type { RecordReport } from "./report";
import { counted } from "./words";

export interface Verdict {
  mood: "good" | "care" | "bad";
  sign: string;
  title: string;
  sentences: string[];
}

export const parties = (report: RecordReport): string[] =>
  report.manifest === null ? [] : partiesOf(report.manifest.channel);

const WORDS_SHOWN = 6; // of contradictions in the verdict itself; the section below has them all

export function verdictOf(report: RecordReport, lineCount: number): Verdict {
  const faults = report.findings.length;
  const keys = report.pinned
    ? "Checked with the keys that you brought."
    : "Checked only with the keys that the record itself claims. Add public.json of both parties to know who signed.";
  const heavy = heaviest(report);
  if (heavy !== null) {
    const sentence = `${faults === 1 ? "One fault was found" : `${counted(faults)} faults were found`}; this one is not a matter of a damaged copy.`;
    return { mood: "bad", sign: "✕", title: heavy, sentences: [sentence, ...contradicted(report), keys] };
  }
  if (!report.ok) {
    const title = faults === 1 ? "Not in order: one fault" : `Not in order: ${counted(faults)} faults`;
    const sentence = "Do not rely on this record before each fault is explained.";
    return { mood: "bad", sign: "✕", title, sentences: [sentence, ...contradicted(report), keys] };
  }
  const silent = lineCount === 0 ? ["Nobody has said anything on this channel."] : [];
  const more = [...contradicted(report), ...doubted(report), keys, ...silent];
  const convicted = report.evidence.find((one) => one.convicts);
  if (convicted) {
    const title = `${convicted.accused} contradicted itself`;
    return { mood: "bad", sign: "✕", title, sentences: ["The record is in order, and the proof is in it.", ...more] };
  }
  if (!report.pinned) {
    return { mood: "care", sign: "!", title: "The record agrees with itself", sentences: ["No fault was found.", ...more] };
  }
  const sentences = ["Every message, signature, proof, serial and receipt in it holds.", ...more];
  const mood = report.evidence.length > 0 ? "care" : "good";
  return { mood, sign: mood === "good" ? "✓" : "!", title: "The record is in order", sentences };
}

/** The title of a fault that convicts, or else of one that shows a cut; null when there is none. */
function heaviest(report: RecordReport): string | null {
  const weighed = report.findings.map((finding) => explain(finding, parties(report)));
  const found = weighed.find((one) => one.weight === "convicts") ?? weighed.find((one) => one.weight === "cut");
  return found?.title ?? null;
}

function contradicted({ evidence }: RecordReport): string[] {
  const said = evidence.slice(0, WORDS_SHOWN).map((one) => `${one.words}${one.convicts ? "." : `; so says ${one.reporter}.`}`);
  return evidence.length > WORDS_SHOWN ? [...said, `And ${evidence.length - WORDS_SHOWN} contradictions more.`] : said;
}

function doubted({ cautions }: RecordReport): string[] {
  const count = cautions.length;
  return count === 0 ? [] : [`${count === 1 ? "One receipt has a date" : `${counted(count)} receipts have dates`} that can not be right: see the cautions.`];
}

// --- one message -------------------------------------------------------------------------------------------

const WANTS_ANSWER: readonly MessageType[] = ["QUERY", "TEST", "CLOSE"];
const WANTS_PERSON: readonly MessageType[] = ["NOTICE", "UPDATE", "LOST", "QUERY", "CLOSE"];

export type Lack = "no receipt" | "no message" | "not read by a person" | "not answered";

/** What a message lacks of the three levels of acknowledgement; nothing for an answer itself. */
export function lacksOf(examined: Examined, side: number, serial: number): Lack[] {
  const [log, levels] = [examined.logs[side], examined.levels[side]];
  const found: Lack[] = [];
  if (levels?.receivedAt(serial) === null) found.push("no receipt");
  const type = TYPES[log?.columns.types[serial] as number];
  if (type === undefined) return [...found, "no message"];
  if (WANTS_PERSON.includes(type) && levels?.readBy(serial) === null) found.push("not read by a person");
  if (WANTS_ANSWER.includes(type) && levels?.answeredBy(serial) === null) found.push("not answered");
  return found;
}

// --- a whole side ------------------------------------------------------------------------------------------

const SERIALS_SHOWN = 8;

class Tally {
  count = 0;
  readonly first: number[] = [];

  add(serial: number): void {
    this.count++;
    if (this.first.length < SERIALS_SHOWN) this.first.push(serial);
  }
}

/** How far the messages of a party came, and what they lack. */
export interface SideTally {
  party: string;
  partner: string;
  sent: number;
  received: number;
  read: number;
  answered: number;
  disputed: number;
  lacks: Map<Lack | "witnessed", Tally>;
}

export function tallyOf(examined: Examined, side: number): SideTally {
  const both = parties(examined.report);
  const [log, levels] = [examined.logs[side] as Examined["logs"][0], examined.levels[side] as Examined["levels"][0]];
  const tally: SideTally = {
    party: log.direction.party, partner: both.find((one) => one !== log.direction.party) ?? "?",
    sent: log.columns.length, received: 0, read: 0, answered: 0, disputed: log.columns.disputes.length, lacks: new Map(),
  };
  const add = (what: Lack | "witnessed", serial: number): void => {
    const found = tally.lacks.get(what) ?? new Tally();
    tally.lacks.set(what, found);
    found.add(serial);
  };
  for (let serial = 0; serial < log.columns.length; serial++) {
    const received = levels.receivedAt(serial) !== null;
    if (received) tally.received++;
    else if (levels.witnessedBy(serial).length > 0) add("witnessed", serial);
    if (levels.readBy(serial) !== null) tally.read++;
    if (levels.answeredBy(serial) !== null) tally.answered++;
    for (const lack of lacksOf(examined, side, serial)) add(lack, serial);
  }
  return tally;
}

/** What is missing between the two, one sentence each. */
export function missing(tally: SideTally): string[] {
  const { party, partner, sent, lacks } = tally;
  const sentences: string[] = [];
  const say = (what: Lack | "witnessed", words: string): void => {
    const found = lacks.get(what);
    if (found === undefined) return;
    const few = `${found.first.join(", ")}${found.count > SERIALS_SHOWN ? ", …" : ""}`;
    sentences.push(`${party}: ${counted(found.count)} of ${counted(sent)} messages ${words} (serial${found.count === 1 ? "" : "s"} ${few}).`);
  };
  say("no receipt", `have no receipt of ${partner}; this record does not show whether they arrived`);
  say("witnessed", "of these were witnessed as sent by third parties");
  say("not read by a person", `are such that a person should have acknowledged them, and no ACK of ${partner} is here`);
  say("not answered", `ask for an answer of ${partner} that is not here`);
  say("no message", "are no messages by the specification; they are proven as sent, and have no other effect");
  if (sent === 0) sentences.push(`${party}: nothing was signed, or its log was left out of this record.`);
  return sentences;
}

const DISPUTES_SHOWN = 100;

/** On what the two parties do not agree, as they say themselves. */
export function disputed(examined: Examined): string[] {
  const all = examined.logs.flatMap((log) => log.columns.disputes.map((serial) => ({ log, serial })));
  const incidents = [...examined.incidents.keys()];
  const said = all.slice(0, DISPUTES_SHOWN).map(({ log: { direction, columns }, serial }) => {
    const incident = incidents[columns.incidentOf[serial] as number];
    const to = (columns.repliesTo[serial] as number) < 0 ? "" : ` in serial ${columns.repliesTo[serial]} of the other`;
    return `${direction.party} does not agree to the close of ${incident}${to} (its serial ${serial}).`;
  });
  return all.length > DISPUTES_SHOWN ? [...said, `And ${all.length - DISPUTES_SHOWN} more.`] : said;
}
