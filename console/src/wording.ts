/** Wording: what a message says, as sentences of one language; the twin of `src/redshank/wording/wording.py`.
 *
 * Plan and texts are the same files. What the plan does not name is said by its code, and a text that is missing shows its
 * own name: nothing of a message is ever left out. */
import { FluentBundle, FluentNumber, FluentResource, type FluentVariable } from "@fluent/bundle";
import * as figures from "./figures";

export const LANGUAGES = ["lt", "lv", "et", "pl", "be", "ru", "en"] as const;

export interface Step {
  say?: string;
  with?: Record<string, string>;
  of?: string;
  each?: string;
  use?: string;
  nested?: string;
  type?: string;
  except?: Record<string, unknown>;
}

export type Plan = Record<string, Step[]>;
/** District to its names by language; under "" the one that it bears at home. */
export type Names = Record<string, Record<string, string>>;
type Scope = Record<string, unknown>;
type Places = Record<string, FluentVariable>;

interface Done {
  members: string[];
  said: string[];
}

const isScope = (value: unknown): value is Scope => typeof value === "object" && value !== null && !Array.isArray(value);
const absent = (value: unknown): value is null | undefined => value === null || value === undefined;
const isPoint = (value: unknown): value is { lat_e7: number; lon_e7: number } =>
  isScope(value) && Number.isInteger(value["lat_e7"]) && Number.isInteger(value["lon_e7"]);

/** What no text is for, as it stands on the wire. */
export const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(sorted(value)));

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : isScope(value)
      ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]))
      : value;

export class Wording {
  readonly language: string;
  private readonly bundle: FluentBundle;
  private readonly kinds: Record<string, (...values: number[]) => FluentVariable>;

  constructor(
    language: string,
    source: string,
    private readonly plan: Plan,
    private readonly names: Names,
  ) {
    this.language = language;
    this.bundle = new FluentBundle(language, { useIsolating: false });
    for (const error of this.bundle.addResource(new FluentResource(source))) console.error(error);
    this.kinds = {
      number: (value) => new FluentNumber(value!, { useGrouping: false }),
      time: (at) => this.time(at!),
      window: (begin, end) => figures.window(begin!, end!) ?? `${this.time(begin!)} – ${this.time(end!)}`,
      metres: (value) => this.say("figure-m", { value: figures.signed(value!) }),
      distance: (value) => this.distance(value!),
      kmh: (value) => this.say("figure-kmh", { value: String(value) }),
      percent: (value) => this.say("figure-percent", { value: figures.percent(value!) }),
      course: (value) => figures.course(value!),
    };
  }

  /** One text; its own name when there is none. */
  say(text: string, places: Places = {}): string {
    return this.find(text, places) ?? text;
  }

  /** The word for a code of a closed set; the code when there is none. */
  word(group: string, code: string): string {
    return this.findWord(group, code) ?? code;
  }

  /** The same; null when there is none. */
  findWord(group: string, code: string): string | null {
    return this.find(`${group}-${code.toLowerCase().replaceAll(/[^a-z0-9]/g, "-")}`);
  }

  /** Its name in this language or else at home, and its code; the code alone when it is not known. */
  district(code: string): string {
    const names = Object.hasOwn(this.names, code) ? this.names[code] : undefined;
    return names ? `${names[this.language] ?? names[""]} (${code})` : code;
  }

  /** Date and time, UTC. */
  time(ms: number): string {
    return figures.moment(ms) ?? this.say("figure-beyond", { value: String(ms) });
  }

  /** All that a body says: `kind` is the message's type, `body` has the members of the wire. */
  sentences(kind: string, body: Scope): string[] {
    return this.bodySaid(kind, body, 0);
  }

  private bodySaid(kind: string, body: Scope, depth: number): string[] {
    const known = kind === kind.toUpperCase() && Object.hasOwn(this.plan, kind) ? this.plan[kind] : undefined;
    return this.steps(known ?? [], body, depth);
  }

  private steps(steps: Step[], scope: Scope, depth: number): string[] {
    const done = steps.map((step) => this.step(step, scope, depth));
    const named = new Set(done.flatMap(({ members }) => members));
    const rest = Object.entries(scope)
      .filter(([member, value]) => !named.has(member) && !absent(value))
      .map(([member, value]) => this.say("text-unnamed", { member, value: shown(value) }));
    return [...done.flatMap(({ said }) => said), ...rest];
  }

  private step(step: Step, scope: Scope, depth: number): Done {
    if (step.nested !== undefined) return this.nested(step, scope, depth);
    const { of, each, ...inner } = step;
    const member = of ?? each;
    if (member !== undefined) {
      const given = scope[member];
      const parts = absent(given) ? [] : each !== undefined && Array.isArray(given) ? given : [given];
      return { members: [member], said: parts.flatMap((part) => this.one(inner, part, depth)) };
    }
    if (step.use !== undefined) {
      const done = (this.plan[step.use] ?? []).map((part) => this.step(part, scope, depth));
      return { members: done.flatMap(({ members }) => members), said: done.flatMap(({ said }) => said) };
    }
    return this.sayStep(step, scope);
  }

  /** One step over a part of a body that has members of its own, or that is a bare value (`.`). */
  private one(step: Step, part: unknown, depth: number): string[] {
    if (isScope(part)) return this.steps(step.use === undefined ? [step] : (this.plan[step.use] ?? []), part, depth);
    const bare = step.say === undefined ? [] : this.sayStep(step, { ".": part }).said;
    return bare.length ? bare : [shown(part)];
  }

  /** A body within a body (CORRECT); one within that is shown by its members. */
  private nested(step: Step, scope: Scope, depth: number): Done {
    const inner = scope[step.nested!];
    if (depth || !isScope(inner)) return { members: [step.type!], said: [] };
    return { members: [step.nested!, step.type!], said: this.bodySaid(String(scope[step.type!]), inner, depth + 1) };
  }

  private sayStep(step: Step, scope: Scope): Done {
    const text = step.say ?? "";
    const members = Object.values(step.with ?? {}).flatMap((recipe) => recipe.split(" ").slice(1));
    const [before, chosen] = text.split(/[{}]/);
    if (chosen !== undefined) {
      const code = scope[chosen];
      if (absent(code)) return { members: [chosen], said: [] };
      const said = this.find(`${before}${String(code)}`, this.filled(step, scope) ?? {});
      return { members: [chosen, ...members], said: [said ?? this.say("text-unnamed", { member: chosen, value: shown(code) })] };
    }
    const excepted = Object.entries(step.except ?? { "": 0 }).every(([member, value]) => scope[member] === value);
    if (excepted) return { members, said: [] };
    const places = this.filled(step, scope);
    return places === null ? { members: [], said: [] } : { members, said: [this.say(text, places)] };
  }

  /** The places of a text; null when a member is absent. */
  private filled(step: Step, scope: Scope): Places | null {
    const places: Places = {};
    for (const [place, recipe] of Object.entries(step.with ?? {})) {
      const [kind = "code", ...members] = recipe.split(" ");
      const values = members.map((member) => scope[member]);
      if (values.some(absent)) return null;
      places[place] = this.figure(kind, values);
    }
    return places;
  }

  /** A value as its kind is written; one that is not of its kind, as it is. */
  private figure(kind: string, values: unknown[]): FluentVariable {
    const [first] = values;
    if (kind.startsWith("word:")) return this.word(kind.slice(5), String(first));
    if (kind === "place") return isPoint(first) ? figures.place(first.lat_e7, first.lon_e7) : shown(first);
    if (kind === "district") return typeof first === "string" ? this.district(first) : shown(first);
    const write = this.kinds[kind];
    return write && values.every((value) => Number.isInteger(value)) ? write(...(values as number[])) : values.map(shown).join(", ");
  }

  /** `850 m`, `3.2 km`, `41 km` */
  private distance(metres: number): string {
    if (metres < 1000) return this.say("figure-m", { value: String(metres) });
    const whole = metres >= 9950;
    const value = whole
      ? String(Math.floor((metres + 500) / 1000))
      : figures.tenths(Math.floor((metres + 50) / 100), this.say("figure-decimal"));
    return this.say("figure-km", { value });
  }

  /** The text with its places filled; null for one that is missing, or that needs a place which is not given. */
  find(text: string, places: Places = {}): string | null {
    const message = this.bundle.getMessage(text);
    if (!message?.value) return null;
    const errors: Error[] = [];
    const said = this.bundle.formatPattern(message.value, places, errors);
    return errors.length ? null : said;
  }
}
