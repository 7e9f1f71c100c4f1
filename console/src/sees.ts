/** What they see: my picture beside the partner's released one, and the rule behind each difference. */
import { html, nothing, type TemplateResult } from "lit";
import { course, distance, height, kmh, place, shortId, speed } from "./format";
import { choice } from "./state";
import { t, word } from "./texts";
import type { PartnerPictureView, SeenView, TrackView, View } from "./view";

const ROWS = 200;

export function seesBar(view: View, pick: (partner: string | null) => void, fit: () => void): TemplateResult {
  const option = (partner: string | null, text: string) => html`<button role="radio"
    aria-checked=${choice.sees === partner ? "true" : "false"} data-test=${partner ? `sees-${partner}` : "sees-mine"}
    @click=${() => pick(partner)}>${text}</button>`;
  return html`<div class="sees-bar">
    <div role="radiogroup" data-test="sees-partner" aria-label=${t("sees-title")}>
      <span>${t("sees-title")} <kbd>S</kbd></span>
      ${option(null, t("sees-mine"))} ${view.partner_pictures.map(({ partner }) => option(partner, partner))}
    </div>
    <button data-test="fit" @click=${fit}>${t("map-fit")} <kbd>F</kbd></button>
  </div>`;
}

export function differences(view: View, picture: PartnerPictureView, pick: (track: string) => void): TemplateResult {
  const tracks = new Map(view.tracks.map((track) => [track.id, track]));
  const rows = [...picture.seen].sort((one, other) => Number(other.released) - Number(one.released));
  const released = rows.filter((seen) => seen.released).length;
  return html`<section class="differences" data-test="differences">
    <h3>${t("sees-sum", { partner: word("party", picture.partner), released: String(released), held: String(rows.length - released) })}</h3>
    <table>
      <tbody>
        ${rows.slice(0, ROWS).map((seen) => difference(seen, tracks.get(seen.track), pick))}
      </tbody>
    </table>
  </section>`;
}

function difference(seen: SeenView, track: TrackView | undefined, pick: (track: string) => void): TemplateResult {
  return html`<tr class=${seen.released ? "" : "held"} data-test="seen-${seen.track}" @click=${() => pick(seen.track)}>
    <th><button class="quiet">${shortId(seen.track)}</button></th>
    <td>${seen.released ? html`◐ ${t("sees-released")}` : html`✕ ${t("sees-held")}`} <span class="rule">§ ${seen.rule}</span></td>
    <td>
      ${seen.hidden.map(
        ([field, rule]) => html`<span class="diff"><b>${word("field", field)}</b> ${values(field, seen, track)} <span class="rule">§ ${rule}</span></span>`,
      )}
      ${seen.hidden.length || !seen.released ? nothing : t("sees-same")}
    </td>
  </tr>`;
}

/** Mine, an arrow, theirs; a dash where they get nothing. */
function values(field: string, seen: SeenView, track: TrackView | undefined): string {
  if (!track || !seen.released) return "";
  const pair = (mine: string | null, theirs: string | null) => `${mine ?? "–"} → ${theirs ?? "–"}`;
  const some = <T>(value: T | null | undefined, write: (value: T) => string) => (value === null || value === undefined ? null : write(value));
  if (/position|^at$|lat|lon/.test(field))
    return pair(place(track.lat, track.lon), seen.lat === null || seen.lon === null ? null : place(seen.lat, seen.lon));
  if (/accuracy|covariance/.test(field)) return pair(distance(track.ellipse.major_m), some(seen.accuracy_m, distance));
  if (/altitude/.test(field)) return pair(some(track.altitude_m, (m) => height(m)), some(seen.altitude_m, (m) => height(m)));
  if (/course/.test(field)) return pair(some(track.course_deg, course), some(seen.course_deg, course));
  if (/speed/.test(field)) return pair(kmh(track.speed_mps), some(seen.speed_kmh, speed));
  if (/status/.test(field)) return pair(word("status", track.status), some(seen.status, (status) => word("status", status)));
  return "";
}
