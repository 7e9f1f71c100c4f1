// Dates: receipts whose time can not be right by what the record itself says (REC-19). No fault. Pure.
import { MESSAGE_AHEAD_MS } from "../limits";
import type { Caution } from "../report";
import type { Receipt } from "./cosigned";
import type { Desk } from "./desk";
import type { ProvenLog } from "./proven_log";

const SKEW_S = MESSAGE_AHEAD_MS / 1000n;

/** The cautions about the receipts of one log, by size. Of several receipts for one size the earliest counts. */
export function doubtfulDates(desk: Desk, log: ProvenLog): Caution[] {
  const { party } = log.direction;
  const found: Caution[] = [];
  const earliest = log.receipts.filter((one, at, all) => all[at - 1]?.size !== one.size);
  earliest.forEach(({ size, atS }, at) => {
    const named = `${party}/receipts/${size}`;
    const path = desk.has(named) ? named : `${party}/checkpoint`;
    let newest = -1;
    for (let serial = earliest[at - 1]?.size ?? 0; serial < size; serial++) {
      newest = Math.max(newest, log.columns.statedMs[serial] as number);
    }
    const early = BigInt(Math.floor(newest / 1000)) - atS;
    if (early > SKEW_S) {
      const detail = `${early} s before a statement that it is the first to cover`;
      found.push({ path, code: "dated-before-statement", detail });
    }
    const next = earliest[at + 1] as Receipt | undefined;
    if (next !== undefined && atS - next.atS > SKEW_S) {
      found.push({ path, code: "dated-after-next", detail: `${atS - next.atS} s after the receipt for ${next.size}` });
    }
  });
  return found;
}
