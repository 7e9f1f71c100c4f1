// Elements: text only, never markup from a file. Knows the browser.

type Child = Node | string | null | undefined;
interface Props {
  class?: string;
  test?: string;
  label?: string;
  attrs?: Record<string, string>;
  onclick?: () => void;
}

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, props: Props = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (props.class) made.className = props.class;
  if (props.test) made.dataset.test = props.test;
  if (props.label) made.dataset.label = props.label;
  for (const [name, value] of Object.entries(props.attrs ?? {})) made.setAttribute(name, value);
  if (props.onclick) made.addEventListener("click", props.onclick);
  made.append(...children.filter((child): child is Node | string => child !== null && child !== undefined));
  return made;
}

/** A cell of a table; on a narrow screen its label stands beside it. */
export const cell = (label: string, text: string, extra = ""): HTMLElement =>
  el("td", { label, class: extra }, el("span", {}, text));

/** Offers bytes as a file to save; nothing is sent. */
export function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  el("a", { attrs: { href: url, download: name } }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
