// Summary: what the page shows of a record that was checked, all of it text and numbers that a worker can hand over. Pure.
import { toHex } from "./bytes";
import { explain, type Explained } from "./explain";
import type { Members } from "./json";
import { stretchesOf, type Stretch } from "./lines";
import { EXERCISE_PREFIX } from "./parties";
import type { Examined } from "./record";
import type { Caution, Contradiction } from "./report";
import { type SpokenRow, spokenRows } from "./spoken_rows";
import { disputed, keylessIn, missing, parties, readBack, type SideTally, tallyOf, verdictOf, type Verdict } from "./story";

const FINDINGS_SHOWN = 200; // the report that can be saved has them all
const CAUTIONS_SHOWN = 200;
const VOICE_SHOWN = 500;
const INCIDENTS_SHOWN = 5_000;
const ORDER = ["convicts", "cut", "broken", "absent", "form"];

export interface Side {
  tally: Omit<SideTally, "lacks">;
  size: number;
  receipts: number;
  receipted: number;
  witnessed: number;
  origin: string;
  root: string;
  unreceipted: number;
  /** Whether a fault of this side's files convicts. */
  forked: boolean;
  /** Of its messages, how many are noted as read back by voice. */
  readBack: number;
}

export interface ShownFinding extends Explained {
  reason: string;
  told: string;
}

export interface Summary {
  verdict: Verdict;
  about: string | null;
  exercise: boolean;
  /** The party that has no keys, by the record's own word. */
  keyless: string | null;
  pinned: boolean;
  witnessesPinned: boolean;
  findings: ShownFinding[];
  findingCount: number;
  sides: Side[];
  thirdParties: string | null;
  disputed: string[];
  missing: string[];
  evidence: Contradiction[];
  cautions: Caution[];
  cautionCount: number;
  voice: SpokenRow[];
  voiceCount: number;
  keys: [string, string][];
  incidents: string[];
  lineCount: number;
  stretches: Stretch[];
}

export function summaryOf(examined: Examined): Summary {
  const { report, lineCount } = examined;
  const { manifest } = report;
  const tallies = examined.logs.map((_, side) => tallyOf(examined, side));
  return {
    verdict: verdictOf(report, lineCount),
    about: manifest && `Channel ${manifest.channel}, logs of ${manifest.year}, agreement “${manifest.agreement}” (a name that nobody signs).`,
    exercise: manifest?.prefix === EXERCISE_PREFIX,
    keyless: keylessIn(report),
    pinned: report.pinned,
    witnessesPinned: report.witnesses_pinned,
    findings: findingsOf(examined),
    findingCount: report.findings.length,
    sides: tallies.map((tally, at) => sideOf(examined, at, tally)),
    thirdParties: thirdPartiesOf(examined),
    disputed: disputed(examined),
    missing: missing(report, tallies),
    evidence: report.evidence,
    cautions: report.cautions.slice(0, CAUTIONS_SHOWN),
    cautionCount: report.cautions.length,
    voice: spokenRows(report.voice.slice(0, VOICE_SHOWN)),
    voiceCount: report.voice.length,
    keys: keysOf(examined),
    incidents: [...examined.incidents.keys()].sort().slice(0, INCIDENTS_SHOWN),
    lineCount,
    stretches: stretchesOf(examined),
  };
}

function findingsOf({ report }: Examined): ShownFinding[] {
  return report.findings
    .map((finding) => ({ finding, said: explain(finding, parties(report), keylessIn(report)) }))
    .sort((a, b) => ORDER.indexOf(a.said.weight) - ORDER.indexOf(b.said.weight))
    .slice(0, FINDINGS_SHOWN)
    .map(({ finding: { path, refusal }, said }) => ({ ...said, reason: refusal.reason, told: `${path}: ${refusal.toString()}` }));
}

function sideOf(examined: Examined, at: number, { lacks, ...tally }: SideTally): Side {
  const { direction } = examined.logs[at] as Examined["logs"][0];
  const { size, receipts, receipted, witnessed, origin, root } = direction;
  const both = parties(examined.report);
  const forked =
    examined.report.evidence.some((one) => one.convicts && one.accused === tally.party) ||
    examined.report.findings.some(
      (finding) => finding.path.startsWith(`${tally.party}/`) && explain(finding, both, keylessIn(examined.report)).weight === "convicts",
    );
  const unreceipted = lacks.get("no receipt")?.count ?? 0;
  const back = readBack(examined.report, tally.party, size);
  return { tally, size, receipts, receipted, witnessed, origin, root: toHex(root), unreceipted, forked, readBack: back };
}

function thirdPartiesOf({ report }: Examined): string | null {
  const { required, witnesses } = report.witnesses;
  if (witnesses.length === 0) return null;
  return `Third parties (${witnesses.map((one) => one.name).join(", ")}; ${required} of ${witnesses.length} required)`;
}

function keysOf({ report: { manifest } }: Examined): [string, string][] {
  return Object.entries(manifest?.keys ?? {}).flatMap(([party, held]) =>
    Object.entries(held as Members).map(([role, vkey]): [string, string] => {
      const text = String(vkey);
      return [`${party} ${role.replace("_", " ")}`, text.length > 200 ? `${text.slice(0, 120)}…` : text];
    }),
  );
}
