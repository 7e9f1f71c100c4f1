// Strip: the whole record at a glance, a bar for each stretch of its lines and each side; a click goes there. Knows elements.
import { el } from "./dom";
import type { Stretch } from "./lines";
import { counted } from "./words";

const SPACE = "http://www.w3.org/2000/svg";
const BAR = 10; // units of the drawing; it is stretched to the width of the page
const HALF = 40;

function shape(tag: string, attrs: Record<string, string | number>, ...inside: Element[]): SVGElement {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attrs)) made.setAttribute(name, String(value));
  made.append(...inside);
  return made;
}

function bars(stretch: Stretch, at: number, side: 0 | 1, most: number): SVGElement[] {
  const of = stretch.sides[side];
  if (of === undefined || of.sent === 0) return [];
  const height = (count: number): number => (count === 0 ? 0 : Math.max(2, (count / most) * HALF));
  const parts: SVGElement[] = [];
  let used = 0;
  for (const [kind, count] of [["open", of.unreceipted], ["lacking", of.lacking], ["sent", of.sent - of.unreceipted - of.lacking]] as const) {
    const tall = Math.min(height(count), HALF - used);
    if (tall <= 0) continue;
    const y = side === 0 ? HALF - used - tall : HALF + 1 + used;
    parts.push(shape("rect", { class: `bar ${kind}`, x: at * BAR, y, width: BAR - 1, height: tall }));
    used += tall;
  }
  if (of.disputed > 0) {
    parts.push(shape("circle", { class: "bar disputed", cx: at * BAR + BAR / 2, cy: side === 0 ? 3 : 2 * HALF - 2, r: 3 }));
  }
  return parts;
}

function told(stretch: Stretch, sides: string[], alone: boolean): string {
  const of = sides.map((name, at) => {
    const { sent, unreceipted, lacking, disputed } = stretch.sides[at] as Stretch["sides"][0];
    const rest = [[unreceipted, "without receipt"], [lacking, alone ? "no message" : "not read or not answered"], [disputed, "disputed"]] as const;
    const more = rest.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
    return `${name}: ${sent} messages${more.length > 0 ? ` (${more.join(", ")})` : ""}`;
  });
  return `From line ${counted(stretch.from + 1)}. ${of.join(". ")}.`;
}

const KEY = [["sent", "received, and read or answered where it should be"], ["lacking", "not read or not answered"], ["open", "no receipt"], ["disputed", "disputed"]];
const KEY_ALONE = [["sent", "sent; no receipt can come"], ["lacking", "no message"], ["disputed", "disputed"]];

/** The first side stands above the middle, the second below; null for a record without lines. `alone`: one of the two
 * has no keys. */
export function strip(stretches: Stretch[], sides: string[], alone: boolean, go: (place: number) => void): HTMLElement | null {
  if (stretches.length === 0) return null;
  const most = Math.max(...stretches.flatMap((stretch) => stretch.sides.map((side) => side.sent)));
  const width = stretches.length * BAR;
  const drawn = stretches.map((stretch, at) => {
    const title = shape("title", {});
    title.textContent = told(stretch, sides, alone);
    const room = shape("rect", { class: "room", x: at * BAR, y: 0, width: BAR, height: 2 * HALF + 1 });
    const one = shape("g", {}, title, room, ...bars(stretch, at, 0, most), ...bars(stretch, at, 1, most));
    one.addEventListener("click", () => go(stretch.from));
    return one;
  });
  const middle = shape("line", { class: "middle", x1: 0, x2: width, y1: HALF + 0.5, y2: HALF + 0.5 });
  const picture = shape(
    "svg", { viewBox: `0 0 ${width} ${2 * HALF + 1}`, preserveAspectRatio: "none", role: "img", "aria-label": `All lines in their order: ${sides.join(" above, ")} below` },
    ...drawn, middle,
  );
  const legend = (alone ? KEY_ALONE : KEY).map(([kind, text]) => el("span", {}, el("i", { class: `swatch ${kind}` }), text as string));
  const names = el("p", { class: "fine legend" }, `${sides[0]} above, ${sides[1]} below; a click goes there.`, ...legend);
  const frame = el("div", { class: "strip", test: "strip" });
  frame.append(picture, names);
  return frame;
}
