/** Calls of the web API. A no of the node is a value here as well. */

export interface Refusal {
  reason: string;
  field: string;
  detail: string;
}

export interface Preview {
  type: string;
  channel: string;
  partner: string;
  released: boolean;
  /** How many of a releasing authority have to say yes before it leaves; 0 where nobody is asked. */
  asks: number;
  rule: string;
  body: Record<string, unknown>;
  text: string | null;
  hidden: [string, string][];
  missing: string[];
}

type StatementAct = "send-own-object" | "send-measure" | "send-find" | "send-evidence" | "send-negative" | "send-warning";

/** A command as `src/redshank/node/commands.py` defines it. */
export type Command = { text?: string } & (
  | { act: "open-incident"; track: string }
  | { act: "send-notice"; incident: string; channel: string }
  | { act: "acknowledge"; channel: string; serial: number; generation: number }
  | { act: "send-query"; incident: string; channel: string; object: number }
  | { act: "send-reply"; channel: string; serial: number; generation: number; answer: string }
  | { act: "close-incident"; incident: string; channel: string; outcome: string }
  | { act: "agree-close"; incident: string; channel: string; agrees: boolean }
  | { act: "close-alone"; incident: string; channel: string }
  | { act: "issue-warning"; warning: string }
  | { act: "set-status"; track: string; status: string }
  | { act: "test-line"; channel: string }
  | { act: "take-voice"; channel: string; groups: string }
  | { act: "note-read-out"; channel: string; serial: number; generation: number; read_back: boolean }
  | { act: "see-contradiction"; channel: string; number: number }
  | { act: "approve-release"; question: number; sight: string }
  | { act: "refuse-release"; question: number }
  | { act: "take-shift" }
  | { act: "offer-shift" }
  | { act: "accept-shift"; obligations: string[] }
  | { act: StatementAct; incident: string; channel: string }
  | { act: "correct-message"; channel: string; serial: number; generation: number; by: Command }
  | { act: "cancel-message"; channel: string; serial: number; generation: number; why: string }
);

export type Answer<T> = { ok: true; value: T } | { ok: false; no: Refusal };

export const post = <T>(path: string, body: unknown): Promise<Answer<T>> =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

async function ask<T>(path: string, how: RequestInit): Promise<Answer<T>> {
  try {
    const answer = await fetch(path, { ...how, signal: AbortSignal.timeout(10_000) });
    const value: unknown = await answer.json();
    return answer.ok ? { ok: true, value: value as T } : { ok: false, no: value as Refusal };
  } catch (error) {
    return { ok: false, no: { reason: "no-answer", field: "node", detail: String(error) } };
  }
}

/** What a voice form says, in the steps of the form (`src/redshank/console/voice.py`). */
export interface Heard {
  type: string;
  channel: string;
  sender: string;
  serial: number;
  stated_ms: number;
  observed_ms: number | null;
  incident: string | null;
  in_reply_to: number | null;
  body: Record<string, unknown>;
  unspoken: string[];
}

export interface ReadOut {
  opening: string;
  groups: { place: number; text: string; spoken: string; check: boolean }[];
  seconds: number;
  heard: Heard;
}

export interface VoiceCheck {
  expected: number | null;
  heard: Heard | null;
  refusal: Refusal | null;
}

export const voicePath = (channel: string, serial: number, generation: number, end = ""): string =>
  `/api/voice/${encodeURIComponent(channel)}/${serial}${end}?generation=${generation}`;

export async function readOut(channel: string, serial: number, generation: number): Promise<Answer<ReadOut>> {
  return ask<ReadOut>(voicePath(channel, serial, generation), {});
}

export const voiceCheck = (groups: string, count: number | null): Promise<Answer<VoiceCheck>> =>
  post("/api/voice/check", count === null ? { groups } : { groups, count });

export const command = (form: Command): Promise<Answer<unknown>> => post("/api/command", form);
export const preview = (form: Command): Promise<Answer<Preview>> => post("/api/preview", form);
export const report = (form: object): Promise<Answer<unknown>> => post("/api/reports", form);
