// Bits: a message's fields as one string of bits, highest bit first, and back (VOICE-7). Knows refusals.
//
// The twin of src/redshank/exchange/voice/bits.py. All integers are bigint: a second may have 44 bits.
import { type Reason, Refusal } from "../refusal";

export const GROUP_BITS = 20;
const STEPS = [7, 14, 21];

/** Ends the reading of a form from any depth; `decode` turns it into its refusal. */
export class UnreadableForm extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.toString());
  }
}

export function refuse(reason: Reason, field: string, detail: string): never {
  throw new UnreadableForm(new Refusal(reason, field, detail));
}

/** Collects fields. */
export class Writer {
  value = 0n;
  size = 0;

  copy(): Writer {
    const other = new Writer();
    [other.value, other.size] = [this.value, this.size];
    return other;
  }

  put(value: bigint | number | boolean, width: number): void {
    const whole = BigInt(value);
    if (whole < 0n || whole >> BigInt(width)) throw new Error(`${whole} does not fit into ${width} bits`);
    this.value = (this.value << BigInt(width)) | whole;
    this.size += width;
  }

  /** An integer in the narrowest of four widths. */
  putNumber(value: bigint | number, widest: number): void {
    const widths = [...STEPS, widest];
    const choice = widths.findIndex((width) => BigInt(value) >> BigInt(width) === 0n);
    this.put(choice, 2);
    this.put(value, widths[choice] as number);
  }

  /** One bit, and the integer if there is one. */
  putOptional(value: bigint | number | null | undefined, width: number): void {
    const there = value !== null && value !== undefined;
    this.put(there, 1);
    if (there) this.put(value, width);
  }
}

/** Takes fields off the values of groups. */
export class Reader {
  private readonly whole: bigint;
  private readonly size: number;
  at = 0;

  constructor(values: readonly number[]) {
    this.whole = values.reduce((sum, value) => (sum << BigInt(GROUP_BITS)) | BigInt(value), 0n);
    this.size = values.length * GROUP_BITS;
  }

  /** An integer of a fixed width, at most `top`. */
  take(width: number, field: string, top: number | null = null): bigint {
    if (this.at + width > this.size) refuse("truncated", field, "the form ends in the middle of this");
    this.at += width;
    const value = BigInt.asUintN(width, this.whole >> BigInt(this.size - this.at));
    if (top !== null && value > BigInt(top)) refuse("value-not-plausible", field, `${value} is no code of this field`);
    return value;
  }

  /** One of the codes of a list, by its place. */
  takeCode<Code>(width: number, field: string, codes: readonly Code[]): Code {
    return codes[Number(this.take(width, field, codes.length - 1))] as Code;
  }

  /** An integer in one of four widths; a wider one than it needs is refused: one message has one form. */
  takeNumber(widest: number, field: string): bigint {
    const widths = [...STEPS, widest];
    const choice = Number(this.take(2, field));
    const value = this.take(widths[choice] as number, field);
    if (choice && value >> BigInt(widths[choice - 1] as number) === 0n) {
      refuse("not-canonical", field, "written wider than it needs");
    }
    return value;
  }

  takeOptional(width: number, field: string, top: number | null = null): bigint | null {
    return this.take(1, field) ? this.take(width, field, top) : null;
  }

  /** Whether what is left holds only zeros. */
  restIsPadding(): boolean {
    return BigInt.asUintN(this.size - this.at, this.whole) === 0n;
  }
}
