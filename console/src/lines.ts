/** The strip under the map: health of every line and feed; and the panels behind them. */
import { html, nothing, type TemplateResult } from "lit";
import { seeContradiction, testLine } from "./actions";
import { age, clock, countdown } from "./format";
import { t, word } from "./texts";
import { openKeyIn, openReadOut, printPath, statements } from "./voice";
import type { ContradictionView, FeedView, LineView, ToReadOutView, View } from "./view";

const SIGNS: Readonly<Record<string, string>> = { up: "●", amber: "▲", down: "✕", voice: "◇", dormant: "○", stopped: "■" };
const FEED_LATE_MS = 60_000;

const refusedIn = (refusals: readonly [string, number][]): number => refusals.reduce((sum, [, count]) => sum + count, 0);

export function strip(view: View, now: number, open: (panel: "lines" | "feeds") => void): TemplateResult {
  const late = view.feeds.filter((feed) => feedLate(feed, now)).length;
  const refused = view.feeds.reduce((sum, feed) => sum + refusedIn(feed.refused), 0);
  return html`<footer class="strip">
    ${[...view.lines].sort((one, other) => one.channel.localeCompare(other.channel)).map(
      (line) => html`<button class="chip ${unseen(line) ? "down" : line.state}" data-test="line-${line.channel}" @click=${() => open("lines")}>
        <b>${SIGNS[line.state] ?? "?"} ${line.partner}</b> ${word("line", line.lone ? "lone" : line.state)}
        ${toReadChip(line, now)}
        ${unseen(line) ? html`<em role="alert" data-test="contradicts-${line.channel}">▲ ${t("line-contradicts", { partner: word("party", line.partner) })}</em>` : nothing}
        ${line.queued ? html`<em>${t("line-queued", { count: String(line.queued) })}</em>` : nothing}
      </button>`,
    )}
    <button class="chip ${late ? "amber" : ""}" data-test="feeds" @click=${() => open("feeds")}>
      <b>${late ? "▲" : "●"} ${t("feeds-title")}</b> ${t("feeds-sum", { count: String(view.feeds.length), late: String(late) })}
      ${refused ? html`<em>${t("feeds-refused", { count: String(refused) })}</em>` : nothing}
    </button>
  </footer>`;
}

/** How many messages wait to be read out, and how long the oldest may still wait. */
function toReadChip(line: LineView, now: number): TemplateResult | typeof nothing {
  const waiting = line.to_read_out.filter(({ read_out_ms }) => read_out_ms === null);
  if (!waiting.length) return nothing;
  const due = waiting.map(({ due_ms }) => due_ms).filter((at) => at !== null).sort((one, other) => one - other)[0];
  const late = due !== undefined && due < now;
  return html`<em data-test="to-read-${line.channel}">${late ? "▲ " : ""}${t("to-read-count", { count: waiting.length })}${due === undefined ? "" : ` ${countdown(due - now)}`}</em>`;
}

/** What the partner signed against itself and nobody here has seen yet. */
const unseen = (line: LineView): number => line.contradictions.filter(({ seen_ms }) => seen_ms === null).length;

export function linesPanel(view: View, now: number): TemplateResult {
  return html`${view.lines.filter(({ contradictions }) => contradictions.length).map(contradictionsBox)}
  ${view.lines.filter((line) => line.lone || line.to_read_out.length).map((line) => voiceBox(line, now))}<table>
    <thead><tr>
      <th>${t("line-channel")}</th><th>${t("line-state")}</th><th>${t("line-contact")}</th><th>${t("line-tested")}</th>
      <th>${t("line-sent")}</th><th>${t("line-receipted")}</th><th>${t("line-waiting")}</th><th>${t("line-got")}</th><th>${t("line-refusals")}</th><th>${t("line-witnessed")}</th><th>${t("line-link")}</th><th></th>
    </tr></thead>
    <tbody>${view.lines.map((line) => lineRow(line, now))}</tbody>
  </table>
  ${view.strangers.length ? html`<p class="amber" data-test="strangers">${t("line-strangers", { counts: plain(view.strangers) })}</p>` : nothing}
  ${statements(view)}`;
}

/** A partner whom only a telephone or a courier reaches: what it means, and what it has still to hear. */
function voiceBox(line: LineView, now: number): TemplateResult {
  const partner = word("party", line.partner);
  return html`<section class="to-read" data-test="by-voice-${line.channel}">
    <h3>◇ ${t(line.lone ? "lone-title" : "by-voice-title", { partner })}</h3>
    <p class="fine">${t(line.lone ? "lone-means" : "by-voice-means", { partner })}</p>
    ${line.not_heard.length ? html`<p class="amber" data-test="not-heard-${line.channel}">▲ ${t("not-heard", { partner, serials: line.not_heard.join(", ") })}</p>` : nothing}
    ${line.to_read_out.length
      ? html`<ul>${line.to_read_out.map((one) => toReadLine(line.channel, one, now))}</ul>`
      : html`<p data-test="all-read-${line.channel}">${t("to-read-none")}</p>`}
  </section>`;
}

function toReadLine(channel: string, one: ToReadOutView, now: number): TemplateResult {
  const late = one.due_ms !== null && one.due_ms < now;
  return html`<li class=${late ? "late" : ""} data-test="to-read-${channel}-${one.serial}">
    ${late ? html`▲ <b>${t("overdue")}</b>` : nothing}
    <b>${word("type", one.type)} ${one.serial}</b> ${one.incident ?? ""}
    ${one.due_ms === null ? nothing : html`· ${t("to-read-by", { at: clock(one.due_ms) })} (${countdown(one.due_ms - now)})`}
    ${one.read_out_ms === null ? nothing : html`<em>${t("to-read-back", { at: clock(one.read_out_ms) })}</em>`}
    <button class="act ${one.read_out_ms === null ? "primary" : ""}" data-test="read-${channel}-${one.serial}" @click=${() => openReadOut(channel, one.serial, 0)}>${t("voice-read")}</button>
    <a class="act" download href=${printPath(channel, one.serial, 0)} data-test="print-${channel}-${one.serial}">${t("voice-print")}</a>
  </li>`;
}

function contradictionsBox(line: LineView): TemplateResult {
  return html`<section class="contradictions" data-test="contradictions-${line.channel}">
    <h3>▲ ${t("line-contradicts", { partner: word("party", line.partner) })}</h3>
    <p class="fine">${t("contradiction-means")}</p>
    <ul>${line.contradictions.map((one) => contradictionLine(line.channel, one))}</ul>
  </section>`;
}

function contradictionLine(channel: string, one: ContradictionView): TemplateResult {
  const where = one.serial === null ? t("contradiction-size", { size: String(one.size) }) : t("contradiction-serial", { serial: String(one.serial) });
  return html`<li>
    ${clock(one.found_ms)} <b>${word("contradiction", one.kind)}</b> · ${where}
    ${one.cleared_ms === null ? nothing : html`<em>${t("contradiction-cleared", { at: clock(one.cleared_ms) })}</em>`}
    <a class="act" download href="/api/evidence/${encodeURIComponent(channel)}/${one.number}" data-test="evidence-${channel}-${one.number}">${t("contradiction-save")}</a>
    ${one.seen_ms === null
      ? html`<button class="act primary" data-test="see-${channel}-${one.number}" @click=${() => seeContradiction(channel, one.number)}>${t("contradiction-see")}</button>`
      : html`<em>${t("contradiction-seen", { at: clock(one.seen_ms) })}</em>`}
  </li>`;
}
/** By which key exchange the link is secured, why one was refused, and which certificate ends soon. */
function link(line: LineView): TemplateResult {
  const ends = [
    ["link-own-ends", line.own_certificate_ends_ms],
    ["link-partner-ends", line.partner_certificate_ends_ms],
  ] as const;
  return html`${line.key_exchange ?? "–"}
    ${line.fault ? html`<em data-test="fault-${line.channel}">▲ ${line.fault}</em>` : nothing}
    ${line.next_keys ? html`<em data-test="next-keys-${line.channel}">${line.next_keys === "awaited" ? "▲ " : ""}${t(`next-keys-${line.next_keys}`)}</em>` : nothing}
    ${line.links_refused.length ? html`<em>${t("link-refused", { counts: plain(line.links_refused) })}</em>` : nothing}
    ${ends.map(([text, at]) => (at === null ? nothing : html`<em>▲ ${t(text, { day: new Date(at).toISOString().slice(0, 10) })}</em>`))}`;
}

const plain = (counted: readonly [string, number][]): string => counted.map(([what, count]) => `${what} ${count}`).join(", ");

function lineRow(line: LineView, now: number): TemplateResult {
  const ago = (at: number | null) => (at === null ? t("never") : `${clock(at)} (${age(now - at)})`);
  return html`<tr class=${line.state} data-test="line-row-${line.channel}">
    <th>${line.channel}</th>
    <td>${SIGNS[line.state] ?? "?"} ${word("line", line.lone ? "lone" : line.state)}</td>
    <td>${ago(line.last_contact_ms)}</td>
    <td>${ago(line.last_test_ms)}</td>
    <td>${line.own_size}</td>
    <td>${line.lone ? t("no-receipts") : line.receipted_size}</td>
    <td>${line.queued}</td>
    <td>${line.partner_size}</td>
    <td>${counts(line.refusals)}</td>
    <td data-test="witnessed-${line.channel}">${witnessed(line)}</td>
    <td data-test="link-${line.channel}">${link(line)}</td>
    <td class="ends">
      <button class="act" data-test="test-line-${line.channel}" ?disabled=${line.state === "dormant" || line.state === "stopped"}
        @click=${() => testLine(line.channel)}>${t("line-test")}</button>
      <button class="act" data-test="key-in-${line.channel}" @click=${() => openKeyIn(line.channel)}>${t("voice-key-in")}</button>
      <a class="act" download href="/api/record/${encodeURIComponent(line.channel)}" data-test="record-${line.channel}">${t("line-record")}</a>
      <a class="act" href="/compliance.html?channel=${encodeURIComponent(line.channel)}" target="_blank" rel="noopener" data-test="compliance-${line.channel}">${t("line-compliance")}</a>
    </td>
  </tr>`;
}

function witnessed(line: LineView): TemplateResult | string {
  if (!line.witnesses.length) return t("line-no-witness");
  const required = t("line-witnessed-upto", { size: String(line.witnessed_size), required: String(line.witnesses_required) });
  return html`${required}
    ${line.witnesses.map((one) => html`<br>${one.trouble ? "▲" : "●"} ${one.name}: ${one.size}${one.trouble ? ` (${one.trouble})` : ""}`)}`;
}

export function feedsPanel(view: View, now: number): TemplateResult {
  return html`<table>
    <thead><tr><th>${t("feed-source")}</th><th>${t("feed-last")}</th><th>${t("feed-accepted")}</th><th>${t("feed-refused")}</th></tr></thead>
    <tbody>
      ${view.feeds.map(
        (feed) => html`<tr class=${feedLate(feed, now) ? "amber" : ""} data-test="feed-${feed.source}">
          <th>${feed.source}</th>
          <td>${feed.last_ms === null ? t("never") : `${feedLate(feed, now) ? "▲ " : ""}${clock(feed.last_ms)} (${age(now - feed.last_ms)})`}</td>
          <td>${feed.accepted}</td>
          <td>${counts(feed.refused)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

const feedLate = (feed: FeedView, now: number): boolean => feed.last_ms !== null && now - feed.last_ms > FEED_LATE_MS;

const counts = (refusals: readonly [string, number][]): string =>
  refusals.map(([reason, count]) => `${word("reason", reason)} ${count}`).join(", ") || "0";
