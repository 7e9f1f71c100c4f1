/** The console page: puts the columns together, owns the maps and the keys. */
import "./console.css";
import { html, nothing, render, type TemplateResult } from "lit";
import { ACT_KEYS, act, cancelForm, issueWarning, knowTime, onChange, say } from "./actions";
import { Chart, sharedView } from "./chart";
import { differences, seesBar } from "./sees";
import { comingIn, isToDecide, mineScene, queue, risks, theirScene, warningsInHaste } from "./derive";
import { knowLanguages, knowThreads, pickChoice } from "./forms";
import { chosenThread, incidentColumn } from "./incident";
import { feedsPanel, linesPanel, strip } from "./lines";
import { fetchLanguages, firstLanguage, settleLanguage, speak } from "./language";
import { Live } from "./live";
import { queueColumn } from "./queue";
import { reportForm } from "./report_form";
import { EMPTY, xy } from "./scene";
import { choice, palette, setTheme, type Choice } from "./state";
import { learnWho, may, releasePanel, shiftPanel } from "./people";
import { t } from "./texts";
import { topbar } from "./topbar";
import { trackBox } from "./track_box";
import type { IncidentView, View } from "./view";
import { keyInPanel, onVoiceChange, openKeyIn, openReadOut, readOutPanel } from "./voice";

const TICK_MS = 500;

const root = document.getElementById("app")!;
let live: Live<View>;
let mine: Chart | null = null;
let theirs: Chart | null = null;
let asked = 0;

const chosen = (view: View): IncidentView | undefined => view.incidents.find((incident) => incident.id === choice.incident);

/** Draws once per frame at most, however much came in. */
function draw(): void {
  asked ||= window.requestAnimationFrame(() => {
    asked = 0;
    drawNow();
  });
}

function drawNow(): void {
  const view = live.view;
  if (!view) {
    render(html`<p class="waiting">${t("waiting")}</p>`, root);
    return;
  }
  void settleLanguage(view.party, draw);
  fetchLanguages(view.lines.flatMap(({ languages }) => languages), draw);
  if (!choice.incident || !chosen(view)) choice.incident = queue(view, choice.closed)[0]?.id ?? null;
  if (choice.said && choice.said.until < performance.now()) choice.said = null;
  document.title = `${view.party} · Redshank${view.exercise ? ` · ${t("exercise")}` : ""}`;
  render(page(view, live.now()), root);
  showMaps(view, live.now());
}

function page(view: View, now: number): TemplateResult {
  const picture = view.partner_pictures.find(({ partner }) => partner === choice.sees);
  const track = view.tracks.find(({ id }) => id === choice.track);
  return html`${topbar(view, now, live.link(), { theme: toggleTheme, panel: togglePanel, next: pickIncident, language: (code) => void speak(code, draw) })}
    <main class=${view.exercise ? "with-hatch" : ""}>
      ${queueColumn(view, now, pickIncident, toggleClosed)}
      <section class="middle ${picture ? "split" : ""}">
        ${seesBar(view, pickSees, fit)}
        <div class="maps">
          <figure><div class="map" id="map-mine" data-test="map-mine" aria-label=${t("map-mine")}></div>
            ${picture ? html`<figcaption>${t("map-mine")}</figcaption>` : nothing}</figure>
          <figure ?hidden=${!picture}><div class="map" id="map-theirs" data-test="map-theirs" aria-label=${t("map-theirs", { partner: choice.sees ?? "" })}></div>
            <figcaption>${t("map-theirs", { partner: choice.sees ?? "" })}</figcaption></figure>
          ${picture ? nothing : legend()}
          ${track ? trackBox(view, track, now, () => pickTrack(null)) : nothing}
        </div>
        ${picture ? differences(view, picture, pickTrack) : nothing} ${strip(view, now, togglePanel)}
      </section>
      ${incidentColumn(view, now, pickThread)}
    </main>
    ${choice.panel ? panel(choice.panel, view, now) : nothing}
    ${choice.said ? html`<div class="said ${choice.said.bad ? "bad" : ""}" role="status" data-test="said">${choice.said.bad ? "✕ " : "✓ "}${choice.said.text}</div>` : nothing}`;
}

const legend = (): TemplateResult => html`<ul class="legend" aria-hidden="true">
  <li><i class="own"></i>${t("legend-own")}</li>
  <li><i class="received"></i>${t("legend-received")}</li>
  <li><i class="fused"></i>${t("legend-fused")}</li>
  <li><i class="search"></i>${t("legend-search")}</li>
  <li><i class="stretch"></i>${t("legend-stretch")}</li>
  <li><i class="district"></i>${t("legend-district")}</li>
</ul>`;

function panel(name: NonNullable<Choice["panel"]>, view: View, now: number): TemplateResult {
  const body = {
    lines: () => linesPanel(view, now),
    feeds: () => feedsPanel(view, now),
    report: () => reportForm(now, view.party, () => togglePanel("report")),
    help: helpPanel,
    voice: () => keyInPanel(view),
    readout: readOutPanel,
    release: () => releasePanel(view, now),
    shift: () => shiftPanel(view, now),
  }[name]();
  return html`<div class="panel ${name}" role="dialog" aria-label=${t(`panel-${name}`)} data-test="panel-${name}">
    <h2>${t(`panel-${name}`)} <button class="quiet" data-test="panel-close" aria-label=${t("close")} @click=${() => togglePanel(name)}>✕ <kbd>Esc</kbd></button></h2>
    ${body}
  </div>`;
}

function helpPanel(): TemplateResult {
  const keys: [string, string][] = [
    ["1 – 9", t("help-digits")],
    ["↑ ↓", t("help-arrows")],
    ...Object.entries(ACT_KEYS).map(([code, key]): [string, string] => [key.toUpperCase(), t(`act-${code}`)]),
    ["W", t("help-warning")],
    ["S", t("sees-title")],
    ["F", t("map-fit")],
    ["L", t("panel-lines")],
    ["P", t("top-report")],
    ["E", t("panel-release")],
    ["H", t("panel-shift")],
    ["V", t("panel-voice")],
    ["O", t("panel-readout")],
    ["T", t("top-theme")],
    ["Esc", t("help-escape")],
  ];
  return html`${legend()}<dl class="keys">${keys.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl>`;
}

function showMaps(view: View, now: number): void {
  const first = document.getElementById("map-mine");
  const second = document.getElementById("map-theirs");
  if (!first || !second) return;
  if (!mine) {
    const shared = sharedView(view.party);
    mine = new Chart(first, shared, view.party, palette(), pickTrack);
    theirs = new Chart(second, shared, view.party, palette(), pickTrack);
    fitSoon(); // the first look shows what is coming; after that the map moves only when it is told to
  }
  const selected = new Set(choice.track ? [choice.track] : (chosen(view)?.tracks ?? []));
  mine.show(mineScene(view, now, selected));
  mine.showRisks(risks(view));
  const picture = view.partner_pictures.find(({ partner }) => partner === choice.sees);
  theirs?.show(picture ? theirScene(picture, selected) : EMPTY);
  mine.recolor(palette());
  theirs?.recolor(palette());
}

// --- what the officer chooses ---------------------------------------------------------------------------------

function pickIncident(id: string): void {
  if (choice.incident !== id) choice.channel = choice.track = choice.form = null;
  choice.incident = id;
  draw();
  fitSoon();
}

function pickThread(channel: string): void {
  choice.channel = channel;
  choice.form = null;
  draw();
}

function pickTrack(id: string | null): void {
  choice.track = id;
  const incident = live.view?.tracks.find((track) => track.id === id)?.incident;
  if (incident) choice.incident = incident;
  draw();
}

function pickSees(partner: string | null): void {
  choice.sees = partner;
  draw();
  fitSoon(); // the map is now half or twice as wide: what was chosen must stay in sight
}

function toggleClosed(): void {
  choice.closed = !choice.closed;
  draw();
}

function toggleTheme(): void {
  setTheme(choice.theme === "dark" ? "light" : "dark");
  draw();
}

function togglePanel(name: NonNullable<Choice["panel"]>): void {
  choice.panel = choice.panel === name ? null : name;
  draw();
}

/** Once the layout is drawn, so that the map knows its size. */
function fitSoon(): void {
  window.requestAnimationFrame(() => window.requestAnimationFrame(fit));
}

function fit(): void {
  const view = live.view;
  const incident = view && chosen(view);
  if (!view || !incident) return;
  const tracks = view.tracks.filter((track) => incident.tracks.includes(track.id) || track.incident === incident.id);
  const ends = comingIn(view, incident).flatMap((border) => border.stretch);
  mine?.fit([...tracks.map((track) => xy(track.lat, track.lon)), ...ends.map(([lat, lon]) => xy(lat, lon))]);
}

// --- keys -----------------------------------------------------------------------------------------------------

const SIMPLE_KEYS: Readonly<Record<string, () => void>> = {
  t: toggleTheme,
  f: fit,
  l: () => togglePanel("lines"),
  p: () => togglePanel("report"),
  e: () => togglePanel("release"),
  h: () => togglePanel("shift"),
  "?": () => togglePanel("help"),
};

function pressed(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.key === "Escape") return escape();
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("select, textarea, input:not([type=radio])")) return;
  const view = live.view;
  if (!view) return;
  const key = event.key.toLowerCase();
  const digit = Number(key);
  if (digit >= 1 && digit <= 9) {
    const incident = queue(view, choice.closed)[digit - 1];
    if (!pickChoice(digit) && !choice.form && incident) pickIncident(incident.id);
    return;
  }
  if (choice.form) return;
  if (SIMPLE_KEYS[key]) SIMPLE_KEYS[key]();
  else if (key === "s") cycleSees(view);
  else if (key === "arrowdown" || key === "arrowup") step(view, key === "arrowdown" ? 1 : -1);
  else if (key === "w") firstWarning(view);
  else if (key === "v") keyIn(view);
  else if (key === "o") readNewest(view);
  else actByKey(view, key);
}

function escape(): void {
  if (choice.form) return cancelForm();
  if (choice.panel) choice.panel = null;
  else if (choice.track) choice.track = null;
  else if (choice.sees) pickSees(null);
  draw();
}

function cycleSees(view: View): void {
  const partners = [null, ...view.partner_pictures.map(({ partner }) => partner)];
  pickSees(partners[(partners.indexOf(choice.sees) + 1) % partners.length] ?? null);
}

function step(view: View, by: number): void {
  const ids = queue(view, choice.closed).map(({ id }) => id);
  const next = ids[Math.max(0, Math.min(ids.length - 1, ids.indexOf(choice.incident ?? "") + by))];
  if (next) pickIncident(next);
}

function firstWarning(view: View): void {
  const incident = chosen(view);
  const warning = incident && warningsInHaste(incident).find(isToDecide);
  if (warning) issueWarning(warning);
  else say(t("said-no-warning"));
}

/** Keys in on the channel of the chosen thread, or on the first. */
function keyIn(view: View): void {
  const incident = chosen(view);
  const channel = (incident && chosenThread(incident)?.channel) || view.lines[0]?.channel;
  const known = view.lines.find((line) => line.channel === channel) ?? view.lines[0];
  if (known) openKeyIn(known.channel);
}

/** Reads out the newest message that has no receipt yet, or else the newest; to a partner by voice alone the oldest that
 * it has still to hear. */
function readNewest(view: View): void {
  const incident = chosen(view);
  const thread = incident ? chosenThread(incident) : null;
  const lines = view.lines.filter((line) => line.lone && (!thread || line.channel === thread.channel));
  const waiting = lines.flatMap((line) => line.to_read_out.map((one) => ({ channel: line.channel, ...one })));
  const next = waiting.find(({ read_out_ms }) => read_out_ms === null) ?? waiting[0];
  if (next) return void openReadOut(next.channel, next.serial, 0); // its log has no later generation (VOICE-25)
  const sent = (incident && chosenThread(incident)?.messages.filter(({ direction }) => direction === "sent")) || [];
  const message = sent.find(({ received_ms, read_back_ms }) => received_ms === null && read_back_ms === null) ?? sent.at(-1);
  if (message) openReadOut(message.channel, message.serial, message.generation);
  else say(t("said-nothing-sent"));
}

function actByKey(view: View, key: string): void {
  const code = Object.entries(ACT_KEYS).find(([, letter]) => letter === key)?.[0];
  const incident = chosen(view);
  const thread = incident && chosenThread(incident);
  if (code && incident && thread) act(code, incident, thread);
}

async function start(): Promise<void> {
  setTheme(choice.theme);
  await Promise.all([firstLanguage(), learnWho()]);
  if (may("releasing-authority") && !may("duty-officer")) choice.panel = "release"; // what this person is here for
  knowTime(() => live.now());
  knowThreads((channel) => (live.view && chosen(live.view)?.threads.find((thread) => thread.channel === channel)) ?? null);
  knowLanguages((channel) => live.view?.lines.find((line) => line.channel === channel)?.languages ?? []);
  onChange(draw);
  onVoiceChange(draw);
  live = new Live<View>(
    "/api/stream",
    { tracks: "id", forecasts: "track", incidents: "id", partner_pictures: "partner", lines: "channel", feeds: "source", approvals: "number" },
    draw,
    () => void learnWho().catch(() => undefined), // a node that is down is no reason to leave the page
  );
  drawNow();
  window.setInterval(draw, TICK_MS);
  window.addEventListener("keydown", pressed);
}

void start();
