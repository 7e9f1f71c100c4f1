// JSON: a strict reader over bytes by a schema, and the one canonical spelling (MSG-1). Knows nothing of messages.
//
// The first fault in the order of the bytes gives the reason: unknown-field for a member that the schema does not have,
// malformed for everything else. Integers are bigint, an absent optional member is absent.
import { byCodePoint, textOf, utf8 } from "./bytes";

export type Value = bigint | string | boolean | Value[] | Members | Raw;
export interface Members {
  [name: string]: Value;
}
/** A value that was only checked for its syntax. */
export class Raw {
  constructor(readonly bytes: Uint8Array) {}
}

export interface Field {
  schema: Schema;
  /** Whether it may be missing; null means the same and is not canonical. */
  optional?: "absent" | "null";
  /** A value that is left out. */
  omit?: bigint | "empty";
}
export type Schema =
  | { is: "int" }
  | { is: "str"; codes?: readonly string[] }
  | { is: "bool" }
  | { is: "raw" }
  | { is: "array"; of: Schema }
  | { is: "dict"; of: Schema }
  | { is: "object"; fields: Record<string, Field> };

export class JsonFault extends Error {
  constructor(
    readonly reason: "malformed" | "unknown-field",
    message: string,
  ) {
    super(message);
  }
}

const INTEGER_DIGITS = 4300; // CPython's own bound, which the other implementation has
const NUMBER_BYTES = 8192;
const IN_NUMBER = Array.from({ length: 256 }, (_, byte) => /[-+.0-9eE]/.test(String.fromCharCode(byte)));
const SHORT: Record<string, string> = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

class Reader {
  private at = 0;
  constructor(private readonly data: Uint8Array) {}

  document(schema: Schema): Value {
    const value = this.value(schema);
    this.space();
    if (this.at < this.data.length) this.fault("trailing characters");
    return value;
  }

  private fault(what: string): never {
    throw new JsonFault("malformed", `JSON is malformed: ${what} (byte ${this.at})`);
  }

  private space(): void {
    for (;;) {
      const byte = this.data[this.at];
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return;
      this.at++;
    }
  }

  /** The next character that is not white space; "" at the end. */
  private peek(): string {
    this.space();
    const byte = this.data[this.at];
    return byte === undefined ? "" : String.fromCharCode(byte);
  }

  private take(char: string): boolean {
    if (this.peek() !== char) return false;
    this.at++;
    return true;
  }

  private value(schema: Schema): Value {
    if (schema.is === "raw") {
      this.space();
      const begin = this.at;
      this.skip();
      return new Raw(this.data.slice(begin, this.at));
    }
    const next = this.peek();
    if (schema.is === "int") return /[-0-9]/.test(next) ? this.integer() : this.fault("expected an integer");
    if (schema.is === "str") {
      if (next !== '"') this.fault("expected a string");
      const text = this.string();
      if (schema.codes && !schema.codes.includes(text)) this.fault("not one of the codes");
      return text;
    }
    if (schema.is === "bool") {
      if (next !== "t" && next !== "f") this.fault("expected a truth value");
      this.word(next === "t" ? "true" : "false");
      return next === "t";
    }
    if (schema.is === "array") {
      if (next !== "[") this.fault("expected an array");
      const items: Value[] = [];
      this.items(() => items.push(this.value(schema.of)));
      return items;
    }
    if (next !== "{") this.fault("expected an object");
    return schema.is === "dict" ? this.dict(schema.of) : this.object(schema.fields);
  }

  private dict(of: Schema): Members {
    const members: Members = Object.create(null) as Members;
    this.members((name) => {
      members[name] = this.value(of);
    });
    return members;
  }

  private object(fields: Record<string, Field>): Members {
    const members: Members = Object.create(null) as Members;
    this.members((name) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field === undefined) throw new JsonFault("unknown-field", `Object contains unknown field \`${name}\``);
      if (field.optional === "null" && this.peek() === "n") {
        this.word("null");
        delete members[name];
      } else {
        members[name] = this.value(field.schema);
      }
    });
    for (const [name, field] of Object.entries(fields)) {
      if (!field.optional && !(name in members)) this.fault(`missing required field ${name}`);
    }
    return members;
  }

  private members(member: (name: string) => void): void {
    this.at++;
    if (this.take("}")) return;
    for (;;) {
      if (this.peek() !== '"') this.fault("object keys must be strings");
      const name = this.string();
      if (!this.take(":")) this.fault("expected ':'");
      member(name);
      if (this.take("}")) return;
      if (!this.take(",")) this.fault("expected ',' or '}'");
    }
  }

  private items(item: () => void): void {
    this.at++;
    if (this.take("]")) return;
    for (;;) {
      item();
      if (this.take("]")) return;
      if (!this.take(",")) this.fault("expected ',' or ']'");
    }
  }

  private number(): { text: string; whole: boolean } {
    let end = this.at;
    while (end - this.at < NUMBER_BYTES && IN_NUMBER[this.data[end] ?? 0]) end++;
    const rest = String.fromCharCode(...this.data.subarray(this.at, end));
    const found = /^-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/.exec(rest);
    if (!found) return this.fault("invalid number");
    this.at += found[0].length;
    if (/[0-9.eE]/.test(String.fromCharCode(this.data[this.at] ?? 0))) this.fault("invalid number");
    return { text: found[0], whole: found[1] === undefined && found[2] === undefined };
  }

  private integer(): bigint {
    const { text, whole } = this.number();
    if (!whole) this.fault("expected an integer");
    if (text.length > INTEGER_DIGITS) this.fault("an integer out of range");
    return BigInt(text);
  }

  /** From the opening quote to the closing one; the bytes between, with escapes still in. */
  private quotedBytes(): Uint8Array {
    const begin = ++this.at;
    for (;;) {
      const byte = this.data[this.at];
      if (byte === undefined) this.fault("truncated");
      if (byte < 0x20) this.fault("invalid character");
      if (byte === 0x22) return this.data.subarray(begin, this.at++);
      this.at++;
      if (byte === 0x5c) this.escape();
    }
  }

  private escape(): void {
    const char = String.fromCharCode(this.data[this.at++] ?? 0);
    if (char in SHORT) return;
    if (char !== "u") this.fault("invalid escaped character");
    const unit = this.hex4();
    if (unit >= 0xdc00 && unit <= 0xdfff) this.fault("unexpected low surrogate");
    if (unit < 0xd800 || unit > 0xdbff) return;
    if (this.data[this.at] !== 0x5c || this.data[this.at + 1] !== 0x75) this.fault("unpaired surrogate");
    this.at += 2;
    const low = this.hex4();
    if (low < 0xdc00 || low > 0xdfff) this.fault("unpaired surrogate");
  }

  private hex4(): number {
    const digits = String.fromCharCode(...this.data.subarray(this.at, this.at + 4));
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fault("invalid character in unicode escape");
    this.at += 4;
    return Number.parseInt(digits, 16);
  }

  private string(): string {
    const text = textOf(this.quotedBytes());
    if (text === null) return this.fault("not UTF-8");
    return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, short: string) =>
      code === undefined ? (SHORT[short] as string) : String.fromCharCode(Number.parseInt(code, 16)),
    );
  }

  private word(word: string): void {
    for (const char of word) {
      if (this.data[this.at] !== char.charCodeAt(0)) this.fault("invalid character");
      this.at++;
    }
  }

  private skip(): void {
    const next = this.peek();
    if (next === "{") {
      this.at++;
      if (this.take("}")) return;
      for (;;) {
        if (this.peek() !== '"') this.fault("object keys must be strings");
        this.quotedBytes();
        if (!this.take(":")) this.fault("expected ':'");
        this.skip();
        if (this.take("}")) return;
        if (!this.take(",")) this.fault("expected ',' or '}'");
      }
    }
    if (next === "[") return this.items(() => this.skip());
    if (next === '"') return void this.quotedBytes();
    if (next === "t") return this.word("true");
    if (next === "f") return this.word("false");
    if (next === "n") return this.word("null");
    if (/[-0-9]/.test(next)) return void this.number();
    this.fault("invalid character");
  }
}

/** Reads one document; throws JsonFault. */
export function decode(data: Uint8Array, schema: Schema): Value {
  return new Reader(data).document(schema);
}

const ESCAPES: Record<string, string> = {
  '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
};

export const encodeText = (text: string): string =>
  `"${text.replace(/["\\\x00-\x1f]/g, (char) => ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;

function left(field: Field | undefined, value: Value): boolean {
  if (field?.omit === "empty") return Array.isArray(value) && value.length === 0;
  return field?.omit !== undefined && field.omit === value;
}

function spell(value: Value, schema: Schema): string {
  if (typeof value === "bigint" || typeof value === "boolean") return value.toString();
  if (typeof value === "string") return encodeText(value);
  if (value instanceof Raw) return textOf(value.bytes) ?? "";
  if (Array.isArray(value)) {
    return `[${value.map((item) => spell(item, schema.is === "array" ? schema.of : schema)).join(",")}]`;
  }
  const names = Object.keys(value).sort(byCodePoint);
  const parts: string[] = [];
  for (const name of names) {
    const field: Field | undefined =
      schema.is === "object" ? schema.fields[name] : schema.is === "dict" ? { schema: schema.of } : undefined;
    const member = value[name] as Value;
    if (field && !left(field, member)) parts.push(`${encodeText(name)}:${spell(member, field.schema)}`);
  }
  return `{${parts.join(",")}}`;
}

/** The canonical bytes of a decoded value. */
export const encode = (value: Value, schema: Schema): Uint8Array => utf8(spell(value, schema));
