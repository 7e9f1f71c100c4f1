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
  rule: string;
  body: Record<string, unknown>;
  text: string | null;
  hidden: [string, string][];
}

/** A command as `src/redshank/node/commands.py` defines it. */
export type Command = { text?: string } & (
  | { act: "open-incident"; track: string }
  | { act: "send-notice"; incident: string; channel: string }
  | { act: "acknowledge"; channel: string; serial: number }
  | { act: "send-query"; incident: string; channel: string; object: number }
  | { act: "send-reply"; channel: string; serial: number; answer: string }
  | { act: "close-incident"; incident: string; channel: string; outcome: string }
  | { act: "agree-close"; incident: string; channel: string; agrees: boolean }
  | { act: "close-alone"; incident: string; channel: string }
  | { act: "issue-warning"; warning: string }
  | { act: "set-status"; track: string; status: string }
  | { act: "test-line"; channel: string }
  | { act: "see-contradiction"; channel: string; number: number }
);

export type Answer<T> = { ok: true; value: T } | { ok: false; no: Refusal };

export async function post<T>(path: string, body: unknown): Promise<Answer<T>> {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const value: unknown = await answer.json();
    return answer.ok ? { ok: true, value: value as T } : { ok: false, no: value as Refusal };
  } catch (error) {
    return { ok: false, no: { reason: "no-answer", field: "node", detail: String(error) } };
  }
}

export const command = (form: Command): Promise<Answer<unknown>> => post("/api/command", form);
export const preview = (form: Command): Promise<Answer<Preview>> => post("/api/preview", form);
export const report = (form: object): Promise<Answer<unknown>> => post("/api/reports", form);
