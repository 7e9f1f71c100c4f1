/** Texts of the pages, in Fluent. A missing text shows its own id, so that no fault is silent. */
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";

let bundle = new FluentBundle("en", { useIsolating: false });

export async function loadTexts(language: string): Promise<void> {
  const answer = await fetch(`texts/${language}.ftl`);
  if (!answer.ok) throw new Error(`no texts for ${language}`);
  const fresh = new FluentBundle(language, { useIsolating: false });
  const errors = fresh.addResource(new FluentResource(await answer.text()));
  for (const error of errors) console.error(error);
  bundle = fresh;
  document.documentElement.lang = language;
}

export function t(id: string, values?: Record<string, FluentVariable>): string {
  const message = bundle.getMessage(id);
  return message?.value ? bundle.formatPattern(message.value, values) : id;
}

/** The text of a code out of a closed set; a code that this page does not know is shown as it is. */
export function word(set: string, code: string | null | undefined): string {
  if (!code) return "";
  const message = bundle.getMessage(`${set}-${code.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`);
  return message?.value ? bundle.formatPattern(message.value) : code;
}
