// Record: checks a record without a node, a network or a clock (REC-1 to REC-22). The order of the checks is here; what
// each decides is in audit/.
//
// The twin of src/redshank/exchange/verifier.py: the same checks in the same order, the same codes, the same report.
import { contradictionsIn, voiceIn } from "./audit/beside";
import { doubtfulDates } from "./audit/dates";
import { Desk, type Progress } from "./audit/desk";
import { checkReplies, Levels, Order } from "./audit/levels";
import { noLog, type ProvenLog, verifyLog } from "./audit/proven_log";
import type { Files } from "./files";
import { keysOf, MANIFEST, type Manifest, partiesOf, policyOf, type PublicKeys, readManifest } from "./parties";
import { type Refusal, refused } from "./refusal";
import type { Line, RecordReport } from "./report";
import { NOBODY, type WitnessPolicy } from "./witnessing";

/** What the user brought: keys of parties, and the third parties of the agreement. Null: those that the record claims. */
export interface Pinned {
  keys: PublicKeys[] | null;
  witnesses: WitnessPolicy | null;
}

export const NOTHING_PINNED: Pinned = { keys: null, witnesses: null };

/** The logs of a record that was checked, and where each of their lines is; lines are read again one by one. */
export class Examined {
  readonly order: Order | null;
  readonly levels: Levels[];

  constructor(
    readonly report: RecordReport,
    readonly logs: ProvenLog[] = [],
    readonly incidents: Map<string, number> = new Map(),
  ) {
    const [one, other] = logs;
    const both = one && other;
    this.order = both ? new Order(one, other) : null;
    this.levels = both ? [new Levels(report.witnesses, one, other), new Levels(report.witnesses, other, one)] : [];
  }

  get lineCount(): number {
    return this.order?.length ?? 0;
  }

  /** The line at a place in the order of the statements. */
  lineAt(place: number): Line {
    const { side, serial } = (this.order as Order).at(place);
    return (this.levels[side] as Levels).line(serial);
  }

  *lines(): Generator<Line> {
    for (let place = 0; place < this.lineCount; place++) yield this.lineAt(place);
  }
}

/** Checks a record; with the keys of both parties and the witnesses that the user brought, or with those that it claims. */
export function examineRecord(files: Files, pinned: Pinned = NOTHING_PINNED, progress: Progress = () => {}): Examined {
  const manifest = readManifest(files.get(MANIFEST));
  if (refused(manifest)) return faulty(null, pinned, manifest);
  const keys = keysOf(manifest, pinned.keys);
  if (refused(keys)) return faulty(manifest, pinned, keys);
  const policy = policyOf(manifest, keys, pinned.witnesses);
  if (refused(policy)) return faulty(manifest, pinned, policy);
  const desk = new Desk(files, manifest, policy, progress);
  const incidents = new Map<string, number>();
  const [one, other] = partiesOf(manifest.channel);
  const logOf = (party: string, partner: string): ProvenLog => {
    const held = keys.get(party);
    if (held === undefined) return noLog(desk, files, party, incidents);
    return verifyLog(desk, files, { party, key: held.log, witness: keys.get(partner)?.witness ?? null }, incidents);
  };
  const [first, second] = [logOf(one, other), logOf(other, one)];
  checkReplies(desk, first, second);
  checkReplies(desk, second, first);
  const voice = voiceIn(desk, [first, second]);
  const evidence = contradictionsIn(desk, keys);
  const cautions = [first, second].flatMap((log) => doubtfulDates(desk, log));
  const findings = desk.close();
  const report: RecordReport = {
    ok: findings.length === 0,
    pinned: pinned.keys !== null,
    witnesses: policy,
    witnesses_pinned: pinned.witnesses !== null,
    manifest,
    directions: [first.direction, second.direction],
    voice,
    evidence,
    cautions,
    findings,
  };
  return new Examined(report, [first, second], incidents);
}

function faulty(manifest: Manifest | null, pinned: Pinned, refusal: Refusal): Examined {
  const known = { ok: false, pinned: pinned.keys !== null, witnesses: NOBODY, witnesses_pinned: false };
  const findings = [{ path: MANIFEST, refusal }];
  return new Examined({ ...known, manifest, directions: [], voice: [], evidence: [], cautions: [], findings });
}
