// Agreement: the third parties that a user pins, out of the YAML file of an agreement (WIT-9). Knows witnessing.
//
// Not a reader of YAML: of the block `witnesses:` it takes `required` and the verifier keys of each `keys:`. What is read
// too little or too much is then another policy than the record's, and refused; nothing is accepted by it.
import { refused } from "./refusal";
import { Unreadable } from "./source";
import { parseWitnesses, type WitnessPolicy } from "./witnessing";

const VKEY = /[^\s"'[\],+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*/g;

/** The witnesses of an agreement's file; an agreement without any pins that there are none. Throws Unreadable. */
export function readAgreement(text: string, file: string): WitnessPolicy {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*#/.test(line));
  if (!lines.some((line) => /^channel:/.test(line))) throw new Unreadable(`${file}: is not the file of an agreement`);
  const begin = lines.findIndex((line) => /^witnesses:/.test(line));
  const rest = begin < 0 ? [] : lines.slice(begin + 1);
  const end = rest.findIndex((line) => /^[^\s-]/.test(line));
  const block = [begin < 0 ? "" : lines[begin], ...rest.slice(0, end < 0 ? rest.length : end)]
    .map((line) => (line as string).replace(/\s#.*$/, ""))
    .join("\n");
  const required = /\brequired:\s*(\d{1,4})\b/.exec(block)?.[1] ?? "0";
  const keys = block.split(/\bkeys:/).slice(1).map((part) => part.match(VKEY) ?? []);
  const policy = parseWitnesses(BigInt(required), keys);
  if (refused(policy)) throw new Unreadable(`${file}: witnesses: ${policy.toString()}`);
  return policy;
}
