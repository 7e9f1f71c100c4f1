// Story: the verdict in plain words, what is missing and what is disputed, drawn from a report. Pure.
import { explain } from "./explain";
import { partiesOf } from "./parties";
import { refused } from "./refusal";
import type { Line, RecordReport } from "./report";

export interface Verdict {
  mood: "good" | "care" | "bad";
  sign: string;
  title: string;
  sentences: string[];
}

export const parties = (report: RecordReport): string[] =>
  report.manifest === null ? [] : partiesOf(report.manifest.channel);

/** The party that has no keys, by the record's own word. */
export const keylessIn = (report: RecordReport): string | null => report.manifest?.by_voice ?? null;

/** What a record of a lone log proves, and what it does not. */
function loneSentences(report: RecordReport): string[] {
  const keyless = keylessIn(report);
  if (keyless === null) return [];
  const speaker = parties(report).find((party) => party !== keyless) ?? "?";
  const times = report.witnesses.witnesses.length > 0
    ? "Third parties witness by when it was said."
    : `No third party witnesses when it was said: the times are ${speaker}'s own.`;
  return [
    `${keyless} has no keys. This record proves what ${speaker} said, and in which order. ${times}`,
    `Nothing here proves what ${keyless} said or heard: that stands only in the notes of what was said by voice, if anywhere, and nobody signed them.`,
  ];
}

export function verdictOf(report: RecordReport): Verdict {
  const faults = report.findings.length;
  const weights = report.findings.map((finding) => explain(finding, parties(report)));
  const keys = report.pinned
    ? "Checked with the keys that you brought."
    : `Checked only with the keys that the record itself claims. Add public.json of ${keylessIn(report) === null ? "both parties" : "the party that signed"} to know who signed.`;
  const convicting = weights.find((found) => found.weight === "convicts");
  const cut = weights.find((found) => found.weight === "cut");
  if (convicting ?? cut) {
    const title = (convicting ?? cut)?.title as string;
    const sentence = `${faults === 1 ? "One fault was found" : `${faults} faults were found`}; this one is not a matter of a damaged copy.`;
    return { mood: "bad", sign: "✕", title, sentences: [sentence, keys] };
  }
  if (!report.ok) {
    const title = faults === 1 ? "Not in order: one fault" : `Not in order: ${faults} faults`;
    return { mood: "bad", sign: "✕", title, sentences: ["Do not rely on this record before each fault is explained.", keys] };
  }
  const silent = report.lines.length === 0 ? ["Nobody has said anything on this channel."] : [];
  if (!report.pinned) {
    const sentences = ["No fault was found.", keys, ...loneSentences(report), ...silent];
    return { mood: "care", sign: "!", title: "The record agrees with itself", sentences };
  }
  return {
    mood: "good",
    sign: "✓",
    title: "The record is in order",
    sentences: ["Every message, signature, proof, serial and receipt in it holds.", keys, ...loneSentences(report), ...silent],
  };
}

/** How far the messages of a party came: sent, received, read, answered. */
export function levelsOf(report: RecordReport, party: string): Record<"sent" | "received" | "read" | "answered", number> {
  const lines = report.lines.filter((line) => line.sender === party);
  return {
    sent: lines.length,
    received: lines.filter((line) => line.received_at_s !== null).length,
    read: lines.filter((line) => line.read_by !== null).length,
    answered: lines.filter((line) => line.answered_by !== null).length,
  };
}

const WANTS_ANSWER = ["QUERY", "TEST", "CLOSE"];
const WANTS_PERSON = ["NOTICE", "UPDATE", "LOST", "QUERY", "CLOSE"];

/** What a message lacks of the three levels of acknowledgement; nothing for an answer itself, nor where the receiver has
 * no keys to give them. */
export function lacks(
  { content, received_at_s: received, read_by: read, answered_by: answered }: Line, keyless: string | null = null,
): string[] {
  const found: string[] = [];
  if (keyless !== null) return refused(content) ? ["no message"] : [];
  if (received === null) found.push("no receipt");
  if (refused(content)) return [...found, "no message"];
  if (WANTS_PERSON.includes(content.type) && read === null) found.push("not read by a person");
  if (WANTS_ANSWER.includes(content.type) && answered === null) found.push("not answered");
  return found;
}

/** What is missing between the two, one sentence each. */
export function missing(report: RecordReport): string[] {
  const both = parties(report);
  const keyless = keylessIn(report);
  if (keyless !== null) return [loneMissing(report, keyless)];
  const sentences: string[] = [];
  for (const party of both) {
    const partner = both.find((one) => one !== party);
    const lines = report.lines.filter((line) => line.sender === party);
    const say = (what: string, found: Line[]): void => {
      if (found.length === 0) return;
      const few = found.slice(0, 8).map((line) => line.serial).join(", ");
      const serials = `serial${found.length === 1 ? "" : "s"} ${few}${found.length > 8 ? ", …" : ""}`;
      sentences.push(`${party}: ${found.length} of ${lines.length} messages ${what.replace("PARTNER", partner ?? "?")} (${serials}).`);
    };
    const having = (lack: string): Line[] => lines.filter((line) => lacks(line).includes(lack));
    const unreceipted = having("no receipt");
    say("have no receipt of PARTNER; this record does not show whether they arrived", unreceipted);
    say("of these were witnessed as sent by third parties", unreceipted.filter((line) => line.witnessed_by.length > 0));
    say("are such that a person should have acknowledged them, and no ACK of PARTNER is here", having("not read by a person"));
    say("ask for an answer of PARTNER that is not here", having("not answered"));
    say("are no messages by the specification; they are proven as sent, and have no other effect", having("no message"));
    if (lines.length === 0) sentences.push(`${party}: nothing was signed, or its log was left out of this record.`);
  }
  return sentences;
}

/** Where one party has no keys: no receipt and no answer can be here. What is noted as read back is counted apart. */
function loneMissing(report: RecordReport, keyless: string): string {
  const back = new Set(report.voice.filter((line) => line.read_back === true).map((line) => line.serial));
  const noted = report.lines.filter((line) => back.has(BigInt(line.serial))).length;
  return `No receipt, ACK or answer signed by ${keyless} can be here, for it has no keys. Of ${report.lines.length} messages ${noted} are noted as read back by voice; nobody signed that.`;
}

/** On what the two parties do not agree, as they say themselves. */
export function disputed(report: RecordReport): string[] {
  return report.lines.flatMap(({ sender, serial, content }) => {
    if (refused(content) || content.type !== "AGREE-CLOSE" || content.body.agrees !== "no") return [];
    const to = content.in_reply_to === null ? "" : ` in serial ${content.in_reply_to} of the other`;
    return [`${sender} does not agree to the close of ${content.incident}${to} (its serial ${serial}).`];
  });
}
