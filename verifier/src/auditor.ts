// Auditor: the page's end of its worker. The worker runs this very script out of a Blob: no second file, no network.
import type { Answer, Request } from "./talk";

export class Auditor {
  private readonly worker: Worker;

  constructor(script: string, hear: (answer: Answer) => void) {
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    this.worker = new Worker(url);
    this.worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => hear(data));
    this.worker.addEventListener("error", (event) => hear({ told: "failed", why: event.message || "it could not be started" }));
    this.worker.addEventListener("messageerror", () => hear({ told: "failed", why: "its answer could not be read" }));
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  ask(request: Request): void {
    this.worker.postMessage(request);
  }

  /** At once, whatever it is at. */
  stop(): void {
    this.worker.terminate();
  }
}
