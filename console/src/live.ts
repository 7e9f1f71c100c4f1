/** The live view: one event stream, merged by changed member; knows how old what it shows is. */

/** Members that are keyed lists, and their key. The server uses the same table. */
export type Keys<V> = { readonly [M in keyof V]?: string };

interface Part {
  set: Record<string, unknown>[];
  gone: string[];
}

export interface Link {
  /** Seconds since anything came over the line, of this computer's time. */
  silent_s: number;
  /** Seconds since the node last drew a new view. */
  stale_s: number;
  connected: boolean;
}

export const SILENT_LIMIT_S = 8;
export const STALE_LIMIT_S = 5;

export class Live<V extends { now_ms: number; clock_rate: number }> {
  view: V | null = null;
  private heard = performance.now();
  private drawn = performance.now();
  private open = false;

  constructor(
    private readonly path: string,
    private readonly keys: Keys<V>,
    private readonly news: () => void,
    /** The stream was refused, not broken: perhaps nobody is logged in any more. */
    private readonly refused: () => void = () => undefined,
  ) {
    this.connect();
  }

  /** The node's time now, carried on by its clock rate since the last event. */
  now(): number {
    if (!this.view) return 0;
    const since = Math.min(performance.now() - this.drawn, 2000);
    return this.view.now_ms + since * this.view.clock_rate;
  }

  link(): Link {
    const silent_s = (performance.now() - this.heard) / 1000;
    const paused = this.view?.clock_rate === 0;
    const stale_s = paused ? silent_s : (performance.now() - this.drawn) / 1000;
    return { silent_s, stale_s, connected: this.open && silent_s < SILENT_LIMIT_S };
  }

  private connect(): void {
    const source = new EventSource(this.path);
    source.addEventListener("open", () => {
      this.open = true;
      this.heard = performance.now();
    });
    source.addEventListener("error", () => {
      this.open = false;
      this.news();
      if (source.readyState !== EventSource.CLOSED) return;
      this.refused();
      window.setTimeout(() => this.connect(), 2000);
    });
    source.addEventListener("whole", (event) => this.take(JSON.parse(event.data) as V));
    source.addEventListener("part", (event) => {
      if (this.view) this.take(merge(this.view, JSON.parse(event.data) as Record<string, unknown>, this.keys));
    });
    source.addEventListener("beat", () => {
      this.heard = performance.now();
    });
  }

  private take(view: V): void {
    this.view = view;
    this.heard = this.drawn = performance.now();
    this.open = true;
    this.news();
  }
}

export function merge<V extends object>(view: V, part: Record<string, unknown>, keys: Keys<V>): V {
  const merged = { ...view } as Record<string, unknown>;
  for (const [member, change] of Object.entries(part)) {
    const key = (keys as Record<string, string | undefined>)[member];
    merged[member] = key ? mergeList(merged[member] as Record<string, unknown>[], change as Part, key) : change;
  }
  return merged as V;
}

function mergeList(list: Record<string, unknown>[], part: Part, key: string): Record<string, unknown>[] {
  const items = new Map(list.map((item) => [String(item[key]), item]));
  for (const gone of part.gone) items.delete(gone);
  for (const item of part.set) items.set(String(item[key]), item);
  return [...items.values()];
}
