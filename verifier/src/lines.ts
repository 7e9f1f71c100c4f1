// Lines: which lines of a record a reader wants to see, and each as text for a table. Runs beside the page. Pure.
import type { Examined } from "./record";
import { refused } from "./refusal";
import type { Line } from "./report";
import { lacksOf, parties } from "./story";
import { OUTSIDE, says, secondsOf, timeOf } from "./words";

/** What a reader asks for: lines with these words, of this incident, only what lacks something; from where, how many. */
export interface Query {
  words: string;
  incident: string;
  only: boolean;
  from: number;
  count: number;
}

/** A row of the table; `lacks` names the columns whose text is about something that is missing. */
export interface Row {
  sender: string;
  partner: string;
  serial: number;
  stated: string;
  type: string;
  says: string;
  incident: string;
  received: string;
  read: string;
  answered: string;
  lacks: ("type" | "received" | "read" | "answered")[];
}

export interface Rows {
  total: number;
  found: number;
  from: number;
  rows: Row[];
}

export class Lines {
  private texts: string[] | null = null;
  private asked = "";
  private places: Float64Array | null = null;

  constructor(private readonly examined: Examined) {}

  /** The rows at `from` among the lines that fit. A search for words reads all lines once. */
  rows({ words, incident, only, from, count }: Query): Rows {
    const total = this.examined.lineCount;
    const asked = JSON.stringify([words, incident, only]);
    if (asked !== this.asked) {
      this.places = words || incident || only ? this.matching(words.toLowerCase(), incident, only) : null;
      this.asked = asked;
    }
    const found = this.places?.length ?? total;
    const begin = Math.max(0, Math.min(from, found - 1));
    const rows: Row[] = [];
    for (let at = begin; at < Math.min(found, begin + count); at++) rows.push(this.row(this.places?.[at] ?? at));
    return { total, found, from: begin, rows };
  }

  /** Where the lines at or after a place begin among those that fit. */
  nearest(place: number): number {
    const found = this.places?.findIndex((one) => one >= place);
    return found === undefined ? place : found < 0 ? (this.places as Float64Array).length - 1 : found;
  }

  private matching(words: string, incident: string, only: boolean): Float64Array {
    const wanted = incident ? (this.examined.incidents.get(incident) ?? NaN) : null;
    if (words && this.texts === null) this.texts = Array.from(this.examined.lines(), textOf);
    const found: number[] = [];
    for (let place = 0; place < this.examined.lineCount; place++) {
      const { side, serial } = (this.examined.order as NonNullable<Examined["order"]>).at(place);
      if (wanted !== null && this.examined.logs[side]?.columns.incidentOf[serial] !== wanted) continue;
      if (only && lacksOf(this.examined, side, serial).length === 0) continue;
      if (words && !this.texts?.[place]?.includes(words)) continue;
      found.push(place);
    }
    return Float64Array.from(found);
  }

  private row(place: number): Row {
    const { side, serial } = (this.examined.order as NonNullable<Examined["order"]>).at(place);
    const line = this.examined.lineAt(place);
    const { sender, content } = line;
    const lack = lacksOf(this.examined, side, serial);
    const partner = parties(this.examined.report).find((party) => party !== sender) ?? "?";
    const mark = line.outside === null ? "" : ` ▲ ${OUTSIDE[line.outside]}.`;
    const toVoice = line.to_voice ? ` Replies to what ${partner} said by voice.` : "";
    const seen = line.witnessed_by.map(([name, at]) => `Witnessed as sent by ${name} at ${secondsOf(at)}.`).join(" ");
    const unread = lack.includes("not read by a person");
    const unanswered = lack.includes("not answered");
    const lacks: Row["lacks"] = [];
    if (refused(content)) lacks.push("type");
    if (lack.includes("no receipt")) lacks.push("received");
    if (unread) lacks.push("read");
    if (unanswered) lacks.push("answered");
    return {
      sender,
      partner,
      serial,
      stated: refused(content) ? "–" : timeOf(content.stated_ms),
      type: refused(content) ? "✕ no message" : content.type,
      says: `${says(content)}${mark}${toVoice}${seen && ` ${seen}`}`,
      incident: refused(content) ? "–" : (content.incident ?? "–"),
      received: line.received_at_s !== null ? secondsOf(line.received_at_s) : lack.includes("no receipt") ? "✕ no receipt" : "–",
      read: line.read_by === null ? (unread ? "✕ no" : "–") : `ACK, serial ${line.read_by}`,
      answered: line.answered_by === null ? (unanswered ? "✕ no" : "–") : `serial ${line.answered_by}`,
      lacks,
    };
  }
}

function textOf({ sender, serial, content }: Line): string {
  return `${sender} ${serial} ${refused(content) ? "" : content.type} ${says(content)}`.toLowerCase();
}

// --- the whole at a glance ---------------------------------------------------------------------------------

/** A stretch of lines: how many of each side, how many of them without receipt, otherwise lacking, disputed. */
export interface Stretch {
  from: number;
  sides: { sent: number; unreceipted: number; lacking: number; disputed: number }[];
}

const STRETCHES = 120;

/** The record in at most 120 stretches, in the order of its lines. */
export function stretchesOf(examined: Examined): Stretch[] {
  const { lineCount: count, order, logs } = examined;
  if (order === null || count === 0) return [];
  const disputes = logs.map((log) => new Set(log.columns.disputes));
  const stretches = Array.from({ length: Math.min(STRETCHES, count) }, (_, at): Stretch => {
    const sides = logs.map(() => ({ sent: 0, unreceipted: 0, lacking: 0, disputed: 0 }));
    return { from: Math.ceil((at * count) / Math.min(STRETCHES, count)), sides };
  });
  for (let place = 0; place < count; place++) {
    const { side, serial } = order.at(place);
    const of = stretches[Math.floor((place * stretches.length) / count)]?.sides[side] as Stretch["sides"][0];
    const lacks = lacksOf(examined, side, serial);
    of.sent++;
    if (lacks.includes("no receipt")) of.unreceipted++;
    else if (lacks.length > 0) of.lacking++;
    if (disputes[side]?.has(serial)) of.disputed++;
  }
  return stretches;
}

