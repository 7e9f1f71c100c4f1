/** The chosen track: all that this node holds of it, and what an officer may do with it. */
import { html, nothing, type TemplateResult } from "lit";
import { openIncident, setStatus } from "./actions";
import { forecastOf, partId } from "./derive";
import { age, countdown, course, distance, height, kmh, percent, place, shortId } from "./format";
import { t, word } from "./texts";
import type { TrackView, View } from "./view";

export function trackBox(view: View, track: TrackView, now: number, close: () => void): TemplateResult {
  const forecast = forecastOf(view, track.id);
  const kind = track.fused ? "kind-fused" : track.mine ? "kind-own" : "kind-received";
  const rows: [string, string][] = [
    [t("track-held"), `${word("status", track.status)} · ${word("life", track.life)}`],
    [t("track-kind"), t(kind, { observer: track.observer, parts: [partId(track.id), ...track.fused_with].map(shortId).join(", ") })],
    [t("track-place"), `${place(track.lat, track.lon)}`],
    [t("track-motion"), `${track.course_deg === null ? "–" : course(track.course_deg)} · ${kmh(track.speed_mps)}${
      track.altitude_m === null ? "" : ` · ${height(track.altitude_m)}`}`],
    [t("track-sure"), `95 %: ${distance(track.ellipse.major_m)} × ${distance(track.ellipse.minor_m)}`],
    [t("track-age"), `${age(now - track.last_report_ms)} · ${t("track-sources", { count: track.sources })}`],
  ];
  return html`<aside class="track-box" data-test="track-box">
    <h3 title=${track.id}>${shortId(track.id)} <button class="quiet" data-test="track-close" aria-label=${t("close")} @click=${close}>✕</button></h3>
    <dl>${rows.map(([what, value]) => html`<dt>${what}</dt><dd>${value}</dd>`)}</dl>
    ${forecast?.districts.length
      ? html`<ul>${forecast.districts.slice(0, 4).map(
          (district) => html`<li>${district.name} <b>${percent(district.probability)}</b> ${countdown(district.p50_ms - now)}</li>`,
        )}</ul>`
      : nothing}
    <div class="form-end">
      ${track.incident ? html`<span class="fine">${track.incident}</span>` : html`<button class="act" data-test="track-open-incident" @click=${() => openIncident(track)}>${t("track-open")}</button>`}
      <button class="act" data-test="track-status" @click=${() => setStatus(track)}>${t("track-status")}</button>
    </div>
  </aside>`;
}
