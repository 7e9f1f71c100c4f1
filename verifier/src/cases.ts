// Cases: one verdict for each line of a file of test cases, so that anybody can check the checker. Knows the checks.
//
// A case is a JSON object with `id`, `kind` and bytes in base64; verifier/README.md has the members. A verdict is
// accepted, refused, or none for a kind that is not known here.
import { fromBase64, utf8 } from "./bytes";
import { follows, type Side } from "./chain";
import { verifyEd25519 } from "./ed25519";
import { openHead } from "./head";
import { type ParameterSet, verifyMlDsa } from "./mldsa";
import { verifyConsistency, verifyInclusion } from "./merkle";
import { parseEntry } from "./message";
import { hybridOf } from "./keys";
import type { PublicKeys } from "./parties";
import { readPublicKeys } from "./public_keys";
import { examineRecord } from "./record";
import { refused } from "./refusal";

interface Case {
  id: string;
  kind: string;
  [member: string]: unknown;
}

interface Verdict {
  verdict: "accepted" | "refused" | "none";
  why: unknown;
}

const text = (c: Case, name: string): string => c[name] as string;
const bytes = (value: unknown): Uint8Array => {
  const found = fromBase64((value ?? "") as string);
  if (found === null) throw new Error("a case with bad base64");
  return found;
};
const all = (value: unknown): Uint8Array[] => ((value ?? []) as unknown[]).map(bytes);
const of = (ok: boolean, why: unknown = null): Verdict => ({ verdict: ok ? "accepted" : "refused", why });
const unless = (refusal: { reason: string } | null): Verdict => of(refusal === null, refusal?.reason ?? null);

export class Judge {
  private readonly bases = new Map<string, Map<string, Uint8Array>>();

  /** The verdict on one line, as a line; null for a blank one, or for one that only names a base record. */
  line(line: string): string | null {
    if (line.trim() === "") return null;
    const found = JSON.parse(line) as Case;
    if (found.kind === "base") {
      const files = Object.entries(found.files as Record<string, string>);
      this.bases.set(found.id, new Map(files.map(([path, data]) => [path, bytes(data)])));
      return null;
    }
    return JSON.stringify({ id: found.id, ...this.judge(found) });
  }

  private judge(c: Case): Verdict {
    switch (c.kind) {
      case "inclusion":
        return unless(
          verifyInclusion(BigInt(text(c, "index")), BigInt(text(c, "size")), bytes(c.leaf), bytes(c.root), all(c.proof)),
        );
      case "consistency":
        return unless(
          verifyConsistency(
            BigInt(text(c, "old")), BigInt(text(c, "size")), bytes(c.old_root), bytes(c.root), all(c.proof),
          ),
        );
      case "ed25519":
        return of(verifyEd25519(bytes(c.key), bytes(c.signature), bytes(c.message)));
      case "mldsa":
        return of(
          verifyMlDsa(
            c.set as ParameterSet, bytes(c.key), bytes(c.signature), bytes(c.message), bytes(c.context),
          ),
        );
      case "note":
        return this.note(c);
      case "entry":
        return this.entry(c);
      case "record":
        return this.record(c);
      case "chain":
        return this.chain(c);
      default:
        return { verdict: "none", why: null };
    }
  }

  /** Accepted: signed by the log and by the witness, and nothing else stands below. */
  private note(c: Case): Verdict {
    const log = hybridOf(c.log as string[]);
    const witness = hybridOf(c.witness as string[]);
    if (refused(log)) return unless(log);
    if (refused(witness)) return unless(witness);
    const head = openHead(bytes(c.note), log, [witness]);
    if (refused(head)) return unless(head);
    return of(head.bare && head.cosigned.length > 0, head.bare ? "not-witnessed" : "bad-signature");
  }

  private entry(c: Case): Verdict {
    const place = {
      channel: text(c, "channel"), sender: text(c, "sender"), year: c.year as number, serial: c.serial as number,
      generation: (c.generation as number | undefined) ?? 0,
    };
    const message = parseEntry(bytes(c.entry), place);
    return refused(message) ? of(false, `${message.reason} ${message.field}`) : of(true);
  }

  private changed(base: string, changes: unknown): Map<string, Uint8Array> {
    const files = new Map(this.bases.get(base) ?? []);
    for (const [path, data] of Object.entries(changes as Record<string, string | null>)) {
      if (data === null) files.delete(path);
      else files.set(path, bytes(data));
    }
    return files;
  }

  /** Two records, each judged by its own claims: does the second follow the first? */
  private chain(c: Case): Verdict {
    const side = (name: "before" | "after"): Side => {
      const files = this.changed(text(c, name), c[`${name}_changes`] ?? {});
      return { files, examined: examineRecord(files) };
    };
    const links = follows(side("before"), side("after"));
    if (refused(links)) return of(false, [`${links.reason} ${links.field}`]);
    const why = links.flatMap(({ party, faults }) => faults.map(({ reason, field }) => `${party} ${reason} ${field}`));
    return of(why.length === 0, why.sort((a, b) => (a < b ? -1 : 1)));
  }

  private record(c: Case): Verdict {
    const files = this.changed(text(c, "base"), c.changes);
    const keys = c.keys as Record<string, string>[] | undefined;
    const brought: PublicKeys[] | null = keys
      ? keys.map((one) => readPublicKeys(utf8(JSON.stringify(one)), "keys"))
      : null;
    const report = examineRecord(files, { keys: brought, witnesses: null }).report;
    const why = report.findings.map(({ path, refusal }) => `${path} ${refusal.reason} ${refusal.field}`);
    return of(report.ok, why.sort((a, b) => (a < b ? -1 : 1)));
  }
}
