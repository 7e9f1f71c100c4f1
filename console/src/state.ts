/** What the officer has chosen on this page. None of it leaves the browser. */
import type { Command, Preview, Refusal } from "./api";
import { DARK, LIGHT, type Palette } from "./palette";

/** A form that is open in the right column; `draft` is what would be sent. */
export interface Form {
  kind: "query" | "reply" | "notice" | "close" | "agree" | "disagree" | "alone" | "warning" | "open" | "status" | "test" | "statement" | "correct" | "cancel";
  draft: Command;
  title: string;
  preview: Preview | null;
  no: Refusal | null;
  sending: boolean;
}

export interface Choice {
  incident: string | null;
  channel: string | null;
  track: string | null;
  sees: string | null;
  form: Form | null;
  panel: "lines" | "feeds" | "report" | "help" | "voice" | "readout" | "release" | "shift" | null;
  theme: "dark" | "light";
  closed: boolean;
  said: { text: string; bad: boolean; until: number } | null;
}

export const choice: Choice = {
  incident: null,
  channel: null,
  track: null,
  sees: null,
  form: null,
  panel: null,
  theme: localStorage.getItem("theme") === "light" ? "light" : "dark",
  closed: false,
  said: null,
};

export const palette = (): Palette => (choice.theme === "light" ? LIGHT : DARK);

export function setTheme(theme: Choice["theme"]): void {
  choice.theme = theme;
  localStorage.setItem("theme", theme);
  document.documentElement.dataset["theme"] = theme;
}
