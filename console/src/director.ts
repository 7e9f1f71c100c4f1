/** The exercise director's page: the truth, what each node knows, and the score beside what really happened. */
import "./director.css";
import { html, nothing, render, type TemplateResult } from "lit";
import { post, type Refusal } from "./api";
import { Chart, sharedView } from "./chart";
import type { DirectorView, KnownTrackView, NodeCardView, ScenarioView, ScoreView } from "./director_view";
import { age, clock, day, height, kilometres, kmh, lead } from "./format";
import { Live } from "./live";
import { mercatorScale, xy, type Mark, type Scene } from "./scene";
import { palette, setTheme } from "./state";
import { firstLanguage } from "./language";
import { t, word } from "./texts";

const SPEEDS = [1, 5, 10, 20, 60] as const;
const TICK_MS = 500;

const root = document.getElementById("app")!;
const choice = {
  scenario: "",
  speed: 10 as number,
  seats: {} as Record<string, "robot" | "person">,
  knows: new Set<string>(),
  truth: true,
  again: false,
  no: null as Refusal | null,
};
let live: Live<DirectorView>;
let chart: Chart | null = null;
let asked = 0;
/** The scenario that the map was last fitted to: once each, the director moves it from there. */
let fitted = "";

function draw(): void {
  asked ||= window.requestAnimationFrame(() => {
    asked = 0;
    drawNow();
  });
}

function drawNow(): void {
  const view = live.view;
  if (!view) {
    render(html`<p class="waiting">${t("director-waiting")}</p>`, root);
    return;
  }
  choice.scenario ||= view.scenario ?? view.scenarios[0]?.id ?? "";
  document.title = `${t("director-title")} · Redshank`;
  render(page(view, live.now()), root);
  const target = document.getElementById("map-truth");
  if (!target) return;
  chart ??= new Chart(target, sharedView("REGION"), "", palette(), () => undefined);
  chart.show(scene(view, live.now()));
  chart.recolor(palette());
  if (view.scenario && view.scenario !== fitted && view.paths.length) {
    fitted = view.scenario;
    chart.fit(view.paths.flatMap(({ points }) => points.map(([lat, lon]) => xy(lat, lon))));
  }
}

function page(view: DirectorView, now: number): TemplateResult {
  const idle = view.phase === "choosing" || choice.again;
  const linked = live.link();
  return html`<header class="top">
      <b>${t("director-title")}</b>
      <div class="exercise" data-test="exercise"><span>${t("exercise")}</span></div>
      <div class="clock" data-test="clock"><b>${clock(now)}</b><span>${day(now)} · ${t("clock-rate", { rate: String(view.clock_rate) })}</span></div>
      <div class="phase ${view.phase}" data-test="phase">${word("director-phase", view.phase)}${view.message ? ` · ${view.message}` : ""}</div>
      ${linked.connected ? nothing : html`<div class="link bad" role="alert">✕ ${t("director-lost", { seconds: String(Math.floor(linked.silent_s)) })}</div>`}
      <nav>${controls(view)}</nav>
    </header>
    <div class="hatch" aria-hidden="true"></div>
    <main>
      <section class="left">
        ${idle ? chooser(view) : html`<h2>${view.scenarios.find(({ id }) => id === view.scenario)?.title ?? view.scenario}</h2>`}
        <h2>${t("director-nodes")}</h2>
        ${view.nodes.map((node) => nodeCard(node, now))}
      </section>
      <section class="centre">
        <div class="knows" role="group" aria-label=${t("director-shows")}>
          <span>${t("director-shows")}</span>
          ${toggle("truth", t("director-truth"), choice.truth, () => (choice.truth = !choice.truth))}
          ${view.knows.map(({ party, tracks }) =>
            toggle(party, `${party} (${tracks.length})`, choice.knows.has(party), () => {
              if (!choice.knows.delete(party)) choice.knows.add(party);
            }),
          )}
        </div>
        <div class="maps"><figure><div class="map" id="map-truth" data-test="map-truth"></div></figure></div>
        ${scoreTable(view.scores)}
      </section>
      <section class="right">
        <h2>${t("director-events")}</h2>
        <ol class="ticker" data-test="ticker">
          ${[...view.ticker].sort((one, other) => other.id - one.id).slice(0, 120).map(
            (event) => html`<li class=${event.kind}><time>${clock(event.at_ms)}</time> <b>${event.party ?? "–"}</b>
              <span>${word("ticker", event.kind)}</span> ${event.text}</li>`,
          )}
        </ol>
      </section>
    </main>`;
}

const toggle = (name: string, text: string, on: boolean, flip: () => void): TemplateResult =>
  html`<button aria-pressed=${on ? "true" : "false"} data-test="show-${name}" @click=${() => (flip(), draw())}>${text}</button>`;

function controls(view: DirectorView): TemplateResult {
  const button = (id: string, text: string, run: () => void) =>
    html`<button class="act" data-test="director-${id}" @click=${run}>${text}</button>`;
  return html`${view.phase === "running" ? button("pause", t("director-pause"), () => void call("/api/pause", {})) : nothing}
    ${view.phase === "paused" ? button("resume", t("director-resume"), () => void call("/api/resume", {})) : nothing}
    ${view.phase === "choosing" ? nothing : button("again", t(choice.again ? "form-cancel" : "director-again"), () => ((choice.again = !choice.again), draw()))}`;
}

async function call(path: string, body: object): Promise<void> {
  const answer = await post(path, body);
  choice.no = answer.ok ? null : answer.no;
  if (answer.ok) choice.again = false;
  draw();
}

function chooser(view: DirectorView): TemplateResult {
  const seats = view.nodes.map(({ party }) => party);
  return html`<div class="chooser" data-test="chooser">
    <h2>${t("director-choose")}</h2>
    ${view.scenarios.map(scenarioCard)}
    <fieldset><legend>${t("director-speed")}</legend>
      ${SPEEDS.map((speed) => html`<label data-test="speed-${speed}"><input type="radio" name="speed" .checked=${choice.speed === speed}
        @change=${() => (choice.speed = speed)} /> × ${speed}</label>`)}
    </fieldset>
    <fieldset><legend>${t("director-seats")}</legend>
      ${seats.map((party) => html`<label data-test="seat-${party}"><input type="checkbox" .checked=${choice.seats[party] === "person"}
        @change=${(event: Event) => (choice.seats[party] = (event.target as HTMLInputElement).checked ? "person" : "robot")} /> ${party}</label>`)}
    </fieldset>
    <button class="act primary" data-test="director-start" ?disabled=${!choice.scenario || view.phase === "starting"}
      @click=${() => void call("/api/start", { scenario: choice.scenario, speed: choice.speed, seats: choice.seats })}>${t("director-start")}</button>
    ${choice.no ? html`<p class="no" role="alert">✕ ${word("reason", choice.no.reason)}: ${choice.no.detail || choice.no.field}</p>` : nothing}
  </div>`;
}

function scenarioCard(scenario: ScenarioView): TemplateResult {
  const chosen = scenario.id === choice.scenario;
  const list = (title: string, lines: string[]) => html`<b>${title}</b><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
  return html`<label class="scenario ${chosen ? "chosen" : ""}" data-test="scenario-${scenario.id}">
    <span><input type="radio" name="scenario" .checked=${chosen} @change=${() => ((choice.scenario = scenario.id), draw())} />
      <b>${scenario.title}</b></span>
    <small>${scenario.id} · ${day(scenario.start_ms)} ${clock(scenario.start_ms)} – ${clock(scenario.end_ms)} · ${t("director-objects", { count: scenario.objects })}</small>
    ${chosen ? html`<div class="facts">${list(t("director-documented"), scenario.documented)} ${list(t("director-invented"), scenario.invented)}</div>` : nothing}
  </label>`;
}

function nodeCard(node: NodeCardView, now: number): TemplateResult {
  return html`<article class="node ${node.up ? "" : "down"}" data-test="node-${node.party}">
    <h3><b>${node.party}</b> ${word("party", node.party)}
      <a class="act" href=${node.console_url} target="_blank" rel="noopener" data-test="console-${node.party}">${t("director-console")} ↗</a>
      <a class="act" href=${node.authority_url} target="_blank" rel="noopener" data-test="authority-${node.party}">${t("director-authority")} ↗</a></h3>
    <p>${node.up ? `● ${t("director-up")}` : `✕ ${t("director-down")}`}${node.heard_ms === null ? "" : ` · ${age(now - node.heard_ms)}`}
      · ${t("director-counts", { incidents: String(node.open_incidents), tracks: String(node.tracks) })}
      · ${word("seat", node.seat)}</p>
    <p class="lines">${node.lines.map(([partner, state]) => html`<span class="rule ${state}">${state === "up" ? "●" : state === "amber" ? "▲" : "✕"} ${partner}</span> `)}</p>
  </article>`;
}

function scoreTable(scores: ScoreView[]): TemplateResult {
  const when = (ms: number | null) => (ms === null ? "–" : clock(ms));
  const gained = (seconds: number | null) =>
    seconds === null ? html`<td>–</td>` : html`<td class=${seconds >= 0 ? "early" : "late"}>${seconds >= 0 ? "✓" : "▲"} <b>${lead(seconds)}</b></td>`;
  return html`<section class="scores" data-test="scores">
    <table>
      <thead><tr><th>${t("score-object")}</th><th>${t("score-place")}</th><th>${t("score-noticed")}</th><th>${t("score-crossed")}</th>
        <th>${t("score-notice-lead")}</th><th>${t("score-warned")}</th><th>${t("score-impact")}</th><th>${t("score-warning-lead")}</th><th>${t("score-documented")}</th></tr></thead>
      <tbody>
        ${scores.map(
          (score) => html`<tr data-test="score-${score.id}">
            <th>${score.object}</th><td>${score.party} · ${score.place}</td>
            <td>${when(score.noticed_ms)}${score.notice_by ? ` ${score.notice_by}` : ""}</td><td>${when(score.crossed_ms)}</td>${gained(score.notice_lead_s)}
            <td>${when(score.warned_ms)}</td><td>${when(score.impact_ms)}</td>${gained(score.warning_lead_s)}
            <td class="documented">${score.documented_lead_min === null ? "–" : html`<b>${lead(score.documented_lead_min * 60)}</b>`} ${score.documented ?? ""}</td>
          </tr>`,
        )}
        ${scores.length ? nothing : html`<tr><td colspan="9" class="empty">${t("score-none")}</td></tr>`}
      </tbody>
    </table>
  </section>`;
}

// --- the map -------------------------------------------------------------------------------------------------------

function scene(view: DirectorView, now: number): Scene {
  const marks: Mark[] = [];
  if (choice.truth) {
    const paths = new Map(view.paths.map(({ id, points }) => [id, points]));
    for (const object of view.truth) {
      const flown = (paths.get(object.id) ?? []).filter(([, , ms]) => ms <= now);
      if (object.state === "waiting") continue;
      marks.push({
        ...plain(object.id, object.lat, object.lon),
        kind: "truth",
        course_deg: object.state === "flying" ? object.course_deg : null,
        speed_mps: object.speed_mps,
        trail: flown.map(([lat, lon]) => xy(lat, lon)),
        label: `${object.id} ${object.state === "ended" ? word("ended", object.ended_how ?? "ended") : word("status", object.kind)}`,
        detail: object.state === "flying" ? `${kmh(object.speed_mps)} · ${height(object.altitude_m)}` : "",
        tone: "act",
      });
    }
  }
  for (const { party, tracks } of view.knows) if (choice.knows.has(party)) for (const track of tracks) marks.push(known(party, track));
  return { marks, threats: [] };
}

const plain = (id: string, lat: number, lon: number) => ({
  id,
  at: xy(lat, lon),
  scale: mercatorScale(lat),
  status: "unknown",
  life: "live",
  ellipse: null,
  search: null,
  selected: false,
});

function known(party: string, track: KnownTrackView): Mark {
  return {
    ...plain(`${party} ${track.id}`, track.lat, track.lon),
    kind: track.observer === party ? "own" : "received",
    life: track.life,
    course_deg: track.course_deg,
    speed_mps: track.speed_mps,
    trail: [],
    label: `${party}: ${track.truth ?? t("director-false")}${track.error_m === null ? "" : ` ±${kilometres(track.error_m)}`}`,
    detail: "",
    tone: track.truth === null ? "urgent" : "idle",
  };
}

async function start(): Promise<void> {
  setTheme(localStorage.getItem("theme") === "light" ? "light" : "dark");
  await firstLanguage();
  live = new Live<DirectorView>(
    "/api/stream",
    { scenarios: "id", truth: "id", paths: "id", nodes: "party", knows: "party", scores: "id", ticker: "id" },
    draw,
  );
  drawNow();
  window.setInterval(draw, TICK_MS);
}

void start();
