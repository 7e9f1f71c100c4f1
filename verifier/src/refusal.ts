// Refusals: a named no as a value, with the codes of docs/spec. Knows nothing.

export type Reason =
  | "already-closed" | "bad-key" | "bad-note" | "bad-proof" | "bad-signature" | "bad-time" | "forked" | "malformed"
  | "no-contradiction" | "not-canonical" | "not-hybrid" | "not-witnessed" | "position-not-plausible" | "shrunken" | "time-not-plausible" | "too-large"
  | "truncated" | "unknown-field" | "unknown-message" | "unknown-type" | "value-not-plausible" | "wrong-channel" | "wrong-check"
  | "wrong-origin" | "wrong-sender" | "wrong-serial" | "wrong-size" | "wrong-year" | "wrong-generation" | "wrong-opening"
  | "log-ended" | "not-correctable";

export class Refusal {
  constructor(
    readonly reason: Reason,
    readonly field: string,
    readonly detail = "",
  ) {}

  toString(): string {
    return this.detail ? `${this.reason}: ${this.field}: ${this.detail}` : `${this.reason}: ${this.field}`;
  }
}

export const refused = (value: unknown): value is Refusal => value instanceof Refusal;

/** What was said, quoted and cut: it comes from a file that nobody vouches for. */
export const quoted = (text: string, most = 80): string => `'${[...text].slice(0, most).join("")}'`;
