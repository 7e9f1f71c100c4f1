// Story: the verdict in plain words, what is missing and what is disputed, drawn from a record that was checked. Pure.
import { explain } from "./explain";
import { TYPES, type MessageType } from "./forms";
import { partiesOf } from "./parties";
import type { Examined } from "./record";
import type { Direction, RecordReport } from "./report";
import { counted } from "./words";

export interface Verdict {
  mood: "good" | "care" | "bad";
  sign: string;
  title: string;
  sentences: string[];
}

export const parties = (report: RecordReport): string[] =>
  report.manifest === null ? [] : partiesOf(report.manifest.channel);

/** The party that has no keys, by the record's own word (REC-20). */
export const keylessIn = (report: RecordReport): string | null => report.manifest?.by_voice ?? null;

/** What a record proves of which one party has no keys, and what it does not. */
function loneSentences(report: RecordReport): string[] {
  const keyless = keylessIn(report);
  const log = report.directions.find((direction) => direction.party !== keyless);
  if (keyless === null || log === undefined) return [];
  const proves = report.pinned ? "This record proves" : `With keys of ${log.party} that you bring, this record would prove`;
  return [
    `${keyless} has no keys. ${proves} what ${log.party} said, and in which order.${byWhen(report, log)}`,
    `Nothing here proves what ${keyless} said or heard: that stands only in the notes of what was said by voice, if anywhere, and nobody signed them.`,
    `That ${keyless} has no keys is the record's own word: if you know keys of ${keyless}, add them, and this record is refused.`,
  ];
}

/** Whose word the times of a lone log are. */
function byWhen({ witnesses_pinned: pinned }: RecordReport, { party, size, witnessed }: Direction): string {
  if (size === 0) return "";
  if (witnessed === 0) return ` No third party witnesses when it was said: the times are ${party}'s own.`;
  const named = pinned ? "" : ", those that the record itself names";
  if (witnessed === size) return ` Third parties witness by when it was said${named}.`;
  return ` Third parties witness by when the first ${counted(witnessed)} were said${named}; of the others the times are ${party}'s own.`;
}

const WORDS_SHOWN = 6; // of contradictions in the verdict itself; the section below has them all

export function verdictOf(report: RecordReport, lineCount: number): Verdict {
  const faults = report.findings.length;
  const keys = report.pinned
    ? "Checked with the keys that you brought."
    : `Checked only with the keys that the record itself claims. Add public.json of ${keylessIn(report) === null ? "both parties" : "the party that signed"} to know who signed.`;
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
  const silent = lineCount > 0 ? [] : [keylessIn(report) === null ? "Nobody has said anything on this channel." : "Nobody has signed anything on this channel."];
  const more = [...contradicted(report), ...doubted(report), keys, ...loneSentences(report), ...silent];
  const convicted = report.evidence.find((one) => one.convicts);
  if (convicted) {
    const title = `${convicted.accused} contradicted itself`;
    return { mood: "bad", sign: "✕", title, sentences: ["The record is in order, and the proof is in it.", ...more] };
  }
  if (!report.pinned) {
    return { mood: "care", sign: "!", title: "The record agrees with itself", sentences: ["No fault was found.", ...more] };
  }
  const receipts = keylessIn(report) === null ? ", serial and receipt" : " and serial";
  const sentences = [`Every message, signature, proof${receipts} in it holds.`, ...more];
  const mood = report.evidence.length > 0 ? "care" : "good";
  return { mood, sign: mood === "good" ? "✓" : "!", title: "The record is in order", sentences };
}

/** The title of a fault that convicts, or else of one that shows a cut; null when there is none. */
function heaviest(report: RecordReport): string | null {
  const weighed = report.findings.map((finding) => explain(finding, parties(report), keylessIn(report)));
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
const WANTS_PERSON: readonly MessageType[] = [
  "NOTICE", "UPDATE", "LOST", "QUERY", "CLOSE", "OWN-OBJECT", "MEASURE", "FIND", "EVIDENCE", "NEGATIVE", "WARNING",
  "CORRECT", "CANCEL",
];

export type Lack = "no receipt" | "no message" | "not read by a person" | "not answered";

/** What a message lacks of the three levels of acknowledgement; nothing for an answer itself, nor where the receiver has
 * no keys to give them. */
export function lacksOf(examined: Examined, side: number, serial: number): Lack[] {
  const [log, levels] = [examined.logs[side], examined.levels[side]];
  const found: Lack[] = [];
  const type = TYPES[log?.columns.types[serial] as number];
  if (examined.logs[1 - side]?.keyless) return type === undefined ? ["no message"] : [];
  if (levels?.receivedAt(serial) === null) found.push("no receipt");
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
export function missing(report: RecordReport, tallies: SideTally[]): string[] {
  const keyless = keylessIn(report);
  return tallies.flatMap((tally) => {
    if (keyless === null) return missingOf(tally);
    return tally.party === keyless ? [] : missingAlone(tally, readBack(report, tally.party, tally.sent));
  });
}

const NO_MESSAGE = "are no messages by the specification; they are proven as sent, and have no other effect";

/** Where one party has no keys: no receipt and no answer can be here. What is noted as read back is counted apart. */
function missingAlone(tally: SideTally, back: number): string[] {
  const { partner, sent } = tally;
  const noted = `Of ${counted(sent)} messages ${counted(back)} are noted as read back by voice; nobody signed that.`;
  return [
    `No receipt, ACK or answer signed by ${partner} can be here, for it has no keys. ${noted}`,
    ...lacking(tally, "no message", NO_MESSAGE),
    ...unsaid(tally),
  ];
}

/** How many of a party's messages are noted as read back by the other officer. */
export function readBack({ voice }: RecordReport, party: string, size: number): number {
  const back = new Set(voice.filter((line) => line.read_back === true && line.sender === party).map((line) => line.serial));
  return [...back].filter((serial) => serial >= 0n && serial < BigInt(size)).length;
}

function missingOf(tally: SideTally): string[] {
  const { partner } = tally;
  return [
    ...lacking(tally, "no receipt", `have no receipt of ${partner}; this record does not show whether they arrived`),
    ...lacking(tally, "witnessed", "of these were witnessed as sent by third parties"),
    ...lacking(tally, "not read by a person", `are such that a person should have acknowledged them, and no ACK of ${partner} is here`),
    ...lacking(tally, "not answered", `ask for an answer of ${partner} that is not here`),
    ...lacking(tally, "no message", NO_MESSAGE),
    ...unsaid(tally),
  ];
}

const unsaid = ({ party, sent }: SideTally): string[] =>
  sent === 0 ? [`${party}: nothing was signed, or its log was left out of this record.`] : [];

/** One sentence on what lacks this, or none. */
function lacking({ party, sent, lacks }: SideTally, what: Lack | "witnessed", words: string): string[] {
  const found = lacks.get(what);
  if (found === undefined) return [];
  const few = `${found.first.join(", ")}${found.count > SERIALS_SHOWN ? ", …" : ""}`;
  return [`${party}: ${counted(found.count)} of ${counted(sent)} messages ${words} (serial${found.count === 1 ? "" : "s"} ${few}).`];
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
