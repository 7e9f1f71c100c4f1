// Beside the logs: files of evidence (REC-16, REC-17), and the exporter's notes of what was said by voice (REC-15).
import { checkEvidence, type EvidenceReport } from "../evidence";
import { CONTRADICTIONS_PER_CHANNEL } from "../limits";
import { EXERCISE_PREFIX, generationOf, type PartyKeys } from "../parties";
import { Refusal, refused } from "../refusal";
import type { Contradiction } from "../report";
import { VOICE_FILE, type VoiceLine, voiceLines } from "../voice/notes";
import type { Desk } from "./desk";
import type { ProvenLog } from "./proven_log";

const FOLDER = "evidence/";

/** What each file of evidence shows, by its number. One that shows nothing is a fault. */
export function contradictionsIn(desk: Desk, keys: Map<string, PartyKeys>): Contradiction[] {
  const found: [number, Contradiction][] = [];
  for (const path of desk.takeAll(FOLDER)) {
    const name = /^evidence\/(0|[1-9][0-9]{0,3})\.json$/.exec(path);
    const number = Number(name?.[1] ?? CONTRADICTIONS_PER_CHANNEL);
    if (number >= CONTRADICTIONS_PER_CHANNEL) {
      const most = `${FOLDER}0.json to ${CONTRADICTIONS_PER_CHANNEL - 1}.json`;
      desk.fault(path, "unknown-field", "path", `files of evidence are ${most}`);
      continue;
    }
    const report = checkEvidence(desk.read(path), ({ accused }) => {
      const held = keys.get(accused);
      return held === undefined ? [] : [held.log];
    });
    const shown = shownBy(desk, path, report);
    if (refused(shown)) desk.find(path, shown);
    else found.push([number, shown]);
  }
  return found.sort(([one], [other]) => one - other).map(([, shown]) => shown);
}

function shownBy(desk: Desk, path: string, report: EvidenceReport): Contradiction | Refusal {
  const { evidence, refusal, convicts, words, clears } = report;
  const { prefix, channel, year } = desk.manifest;
  if (evidence !== null && (evidence.prefix !== prefix || evidence.channel !== channel || evidence.year !== year)) {
    return new Refusal("wrong-channel", "evidence", "is about another channel or year than the record");
  }
  if (evidence !== null && generationOf(evidence) !== generationOf(desk.manifest)) {
    return new Refusal("wrong-generation", "evidence", "is about a log of another generation than the record");
  }
  if (evidence === null || refusal !== null) return refusal as Refusal;
  const { kind, accused, reporter, found_ms } = evidence;
  return { path, kind, accused, reporter, found_ms, convicts, words, clears };
}

/** What the exporter notes of statements by voice. A record without such notes is as good as one with them. */
export function voiceIn(desk: Desk, logs: ProvenLog[]): VoiceLine[] {
  if (!desk.has(VOICE_FILE)) return [];
  const contents = new Map(logs.map((log) => [log.direction.party, log.contents]));
  const keyless = logs.find((log) => log.keyless)?.direction.party;
  const exercise = desk.manifest.prefix === EXERCISE_PREFIX;
  const found = voiceLines(desk.take(VOICE_FILE) as Uint8Array, exercise, contents, keyless);
  if (!refused(found)) return found;
  desk.find(VOICE_FILE, found);
  return [];
}
