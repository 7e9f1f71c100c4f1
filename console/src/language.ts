/** In which language the page speaks: that of its address, else what was chosen here before, else the party's own. */
import { isLanguage, loadTexts, wordingOf } from "./texts";

/** Each by its own name, so that everybody finds it. */
export const LANGUAGE_NAMES: Readonly<Record<string, string>> = {
  lt: "lietuvių",
  lv: "latviešu",
  et: "eesti",
  pl: "polski",
  be: "беларуская",
  ru: "русский",
  en: "English",
};

const OF_PARTY: Readonly<Record<string, string>> = { LT: "lt", LV: "lv", EE: "et", PL: "pl", BY: "be" };
const KEPT = "language";

function asked(): string | null {
  const given = new URLSearchParams(location.search).get("lang");
  const kept = localStorage.getItem(KEPT);
  return isLanguage(given) ? given : isLanguage(kept) ? kept : null;
}

let settled = false;
const fetched = new Set<string>();

/** Before the node has said whose it is. */
export async function firstLanguage(): Promise<void> {
  const language = asked();
  settled = language !== null;
  await loadTexts(language ?? "en");
}

/** Once it has: the party's own language, if nobody chose another. */
export async function settleLanguage(party: string, redraw: () => void): Promise<void> {
  if (settled) return;
  settled = true;
  await loadTexts(OF_PARTY[party] ?? "en");
  redraw();
}

/** An officer chooses: the address says so, and the browser keeps it. */
export async function speak(language: string, redraw: () => void): Promise<void> {
  await loadTexts(language);
  localStorage.setItem(KEPT, language);
  const address = new URL(location.href);
  address.searchParams.set("lang", language);
  history.replaceState(null, "", address);
  redraw();
}

/** Loads the languages in which a partner will read us, once each. */
export function fetchLanguages(languages: readonly string[], redraw: () => void): void {
  const fresh = [...new Set(languages)].filter((language) => isLanguage(language) && !fetched.has(language));
  if (!fresh.length) return;
  for (const language of fresh) fetched.add(language);
  void Promise.all(fresh.map(wordingOf)).then(redraw);
}
