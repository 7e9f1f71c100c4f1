/** Texts of the pages, in Fluent. A missing text shows its own id, so that no fault is silent. */
import type { FluentVariable } from "@fluent/bundle";
import { LANGUAGES, Wording, type Names, type Plan } from "./wording";

const NONE = new Wording("en", "", {}, {});
let chosen = NONE;
/** What stands in for a text that a language lacks: an officer rather reads English than a name. */
let english = NONE;
let plan: Promise<[Plan, Names]> | null = null;
const shelf = new Map<string, Promise<Wording>>();
const loaded = new Map<string, Wording>();

async function got(path: string): Promise<Response> {
  const answer = await fetch(`texts/${path}`);
  if (!answer.ok) throw new Error(`no ${path}`);
  return answer;
}

async function load(language: string): Promise<Wording> {
  plan ??= Promise.all([got("plan.json"), got("districts.json")]).then(
    (both) => Promise.all(both.map((answer) => answer.json())) as Promise<[Plan, Names]>,
  );
  const [[steps, names], source] = await Promise.all([plan, got(`${language}.ftl`).then((answer) => answer.text())]);
  const wording = new Wording(language, source, steps, names);
  loaded.set(language, wording);
  return wording;
}

/** The texts of a language; read once. */
export function wordingOf(language: string): Promise<Wording> {
  let found = shelf.get(language);
  if (!found) shelf.set(language, (found = load(language)));
  return found;
}

/** The same, if it is here already. */
export const wordingNow = (language: string): Wording | null => loaded.get(language) ?? null;

export async function loadTexts(language: string): Promise<void> {
  [chosen, english] = await Promise.all([wordingOf(language), wordingOf("en")]);
  document.documentElement.lang = language;
}

export const isLanguage = (language: string | null | undefined): language is string =>
  (LANGUAGES as readonly string[]).includes(language ?? "");

/** The texts in which this page speaks. */
export const wording = (): Wording => chosen;

export const t = (id: string, values?: Record<string, FluentVariable>): string =>
  chosen.find(id, values) ?? english.say(id, values);

/** The text of a code out of a closed set; a code that this page does not know is shown as it is. */
export const word = (set: string, code: string | null | undefined): string =>
  code ? (chosen.findWord(set, code) ?? english.word(set, code)) : "";
