/** A person's report, in the words in which people say it; the fields of `decode/report_json.py`. */
import { html, type TemplateResult } from "lit";
import { STATUSES, sendReport } from "./actions";
import { t, word } from "./texts";

const WINDS = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"] as const;
const REPORTERS = ["border-guard", "police", "resident", "acoustic", "officer"] as const;
const SPEEDS = ["hovering", "slow", "medium", "fast"] as const;
const HEIGHTS = ["treetop", "low", "medium", "high"] as const;

export function reportForm(now: number, party: string, done: () => void): TemplateResult {
  return html`<form class="report-form" data-test="report-form" @submit=${(event: SubmitEvent) => void submit(event, now, party, done)}>
    <p class="fine">${t("report-says")}</p>
    ${select("reporter", REPORTERS, "reporter", false)}
    <label>${t("report-minutes")}<input name="minutes" type="number" min="0" max="9" step="1" value="0" required data-test="report-minutes" /></label>
    <label>${t("report-distance")}<input name="distance_km" type="number" min="0" max="100" step="0.1" value="0" required data-test="report-distance" /></label>
    ${select("direction", WINDS, "wind", true)}
    <label class="wide">${t("report-reference")}<input name="reference" required maxlength="80" autocomplete="off" data-test="report-reference" /></label>
    ${select("heading", WINDS, "wind", true)} ${select("speed", SPEEDS, "speed", true)} ${select("height", HEIGHTS, "height", true)}
    ${select("what", STATUSES, "status", false)}
    <label>${t("report-count")}<input name="count" type="number" min="1" max="999" step="1" value="1" required data-test="report-count" /></label>
    <label class="wide">${t("report-remark")}<input name="remark" maxlength="200" autocomplete="off" data-test="report-remark" /></label>
    <div class="form-end wide"><button type="submit" class="act primary" data-test="report-send">${t("report-send")}</button></div>
  </form>`;
}

function select(name: string, codes: readonly string[], set: string, optional: boolean): TemplateResult {
  return html`<label>${t(`report-${name}`)}
    <select name=${name} data-test="report-${name}">
      ${optional ? html`<option value="">${t("report-unknown")}</option>` : ""}
      ${codes.map((code) => html`<option value=${code}>${word(set, code)}</option>`)}
    </select>
  </label>`;
}

async function submit(event: SubmitEvent, now: number, party: string, done: () => void): Promise<void> {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const given = new FormData(form);
  const text = (name: string): string => String(given.get(name) ?? "").trim();
  const report: Record<string, unknown> = {
    at: new Date(now - Number(text("minutes")) * 60_000).toISOString(),
    reporter: text("reporter"),
    reference: { name: text("reference"), country: party },
    distance_km: Number(text("distance_km")),
    what: text("what"),
    count: Number(text("count")),
  };
  for (const name of ["direction", "heading", "speed", "height", "remark"]) if (text(name)) report[name] = text(name);
  if (await sendReport(report)) {
    form.reset();
    done();
  }
}
