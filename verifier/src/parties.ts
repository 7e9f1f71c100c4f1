// Parties: names and keys of a channel (LOG-1, LOG-2), and what a record's manifest claims (REC-2). Knows notes.
import { same, toBase64 } from "./bytes";
import { decode, encode, JsonFault, type Members, type Schema } from "./json";
import { hybridOf, type SignerKeys } from "./keys";
import { LOG_GENERATIONS } from "./limits";
import { LOG, SUBTREE, type VerifierKey, verifierKey, WITNESS } from "./note";
import { quoted, Refusal, refused } from "./refusal";
import { parseWitnesses, type WitnessPolicy } from "./witnessing";

export interface PartyKeys {
  log: SignerKeys;
  witness: SignerKeys;
}

export interface Manifest {
  v: bigint;
  agreement: string;
  prefix: string;
  channel: string;
  year: bigint;
  /** Of the two logs; absent for the first ones. */
  generation?: bigint;
  keys: Record<string, Members>;
  /** The party, if any, that has no keys and therefore no log (REC-20). */
  by_voice?: string;
  /** Third parties: the verifier keys `of` each, and how many are `required`. Version 1 has none. */
  witnesses?: { required: bigint; of: string[][] };
}

/** What a user brought from public.json: raw keys of one party, Ed25519 first; old files have no ML-DSA-44 keys. */
export interface PublicKeys {
  party: string;
  log: Uint8Array[];
  witness: Uint8Array[];
}

export const MANIFEST = "record.json";
export const EXERCISE_PREFIX = "exercise/";
const str: Schema = { is: "str" };
const int: Schema = { is: "int" };
const MANIFEST_FORM: Schema = {
  is: "object",
  fields: {
    v: { schema: int },
    agreement: { schema: str },
    prefix: { schema: str },
    channel: { schema: str },
    year: { schema: int },
    generation: { schema: int, optional: "absent" },
    by_voice: { schema: str, optional: "absent" },
    witnesses: {
      optional: "absent",
      schema: {
        is: "object",
        fields: {
          required: { schema: int, optional: "absent" },
          of: { schema: { is: "array", of: { is: "array", of: str } }, optional: "absent" },
        },
      },
    },
    keys: {
      schema: {
        is: "dict",
        of: {
          is: "object",
          fields: {
            log: { schema: str },
            witness: { schema: str },
            log_mldsa: { schema: str, optional: "null" },
            witness_mldsa: { schema: str, optional: "null" },
          },
        },
      },
    },
  },
};

/** What the names of a channel are made of. */
export interface Named {
  prefix: string;
  channel: string;
  year: bigint;
  /** Of the log; absent for the first one. */
  generation?: bigint;
}

export const partiesOf = (channel: string): [string, string] => [channel.slice(0, 2), channel.slice(3)];
export const generationOf = ({ generation }: Named): number => Number(generation ?? 0n);
export const logOrigin = (m: Named, party: string): string =>
  `${m.prefix}redshank/${m.channel}/${party}/${m.year}${m.generation === undefined ? "" : `/${m.generation}`}`;
export const witnessName = (m: Named, party: string): string => `${m.prefix}redshank/${party}/witness`;

/** The manifest of a record, or why it is none. */
export function readManifest(data: Uint8Array | undefined): Manifest | Refusal {
  if (data === undefined) return new Refusal("truncated", MANIFEST, "missing");
  let members: Members;
  try {
    members = decode(data, MANIFEST_FORM) as Members;
  } catch (fault) {
    if (fault instanceof JsonFault) return new Refusal("malformed", MANIFEST, fault.message.slice(0, 200));
    throw fault;
  }
  if (members.witnesses) members.witnesses = { required: 0n, of: [], ...(members.witnesses as Members) };
  if (!same(encode(members, MANIFEST_FORM), data)) {
    return new Refusal("not-canonical", MANIFEST, "spelled otherwise");
  }
  const manifest = members as unknown as Manifest;
  if (manifest.v !== 1n && manifest.v !== 2n) {
    return new Refusal("unknown-type", "v", `version ${manifest.v}, this is 2`);
  }
  if (manifest.generation === 0n || (manifest.v === 1n && manifest.generation !== undefined)) {
    return new Refusal("malformed", MANIFEST, "the first logs, and those of version 1, name no generation");
  }
  if ((manifest.witnesses === undefined) === (manifest.v === 2n)) {
    const detail = "version 2 names its third parties, if only none; version 1 has none";
    return new Refusal("malformed", MANIFEST, detail);
  }
  if (manifest.by_voice !== undefined && manifest.generation !== undefined) {
    return new Refusal("malformed", MANIFEST, "a lone log is followed by none");
  }
  if (manifest.by_voice !== undefined && manifest.v === 1n) {
    return new Refusal("malformed", MANIFEST, "version 1 has keys of both parties");
  }
  const second = Object.values(manifest.keys).flatMap((held) => [held.log_mldsa, held.witness_mldsa]);
  if (second.some((key) => (key === undefined) === (manifest.v === 2n))) {
    return new Refusal("malformed", MANIFEST, "version 2 has ML-DSA-44 keys, and version 1 has none");
  }
  return checkChannel(manifest) ?? checkKeyHolders(manifest) ?? manifest;
}

function checkKeyHolders({ channel, keys, by_voice }: Manifest): Refusal | null {
  const parties: string[] = partiesOf(channel);
  if (by_voice !== undefined && !parties.includes(by_voice)) {
    return new Refusal("wrong-sender", "by_voice", `${quoted(by_voice, 20)} is no party of the channel`);
  }
  const named = Object.keys(keys).sort().join("-");
  const fits = named === parties.filter((party) => party !== by_voice).join("-");
  return fits ? null : new Refusal("bad-key", "keys", "needs the keys of both parties and no others, but for one by voice");
}

/** Null when these can stand in a name; refuses with wrong-channel, wrong-year or wrong-generation. */
export function checkChannel({ prefix, channel, year, generation = 0n }: Named): Refusal | null {
  const parties = /^([A-Z]{2})-([A-Z]{2})$/.exec(channel);
  if (!parties || (parties[1] as string) >= (parties[2] as string) || !/^(?:[a-z0-9-]{1,32}\/)?$/.test(prefix)) {
    return new Refusal("wrong-channel", "channel", `no channel: ${quoted(prefix, 40)} ${quoted(channel, 40)}`);
  }
  if (year < 2000n || year > 9999n) return new Refusal("wrong-year", "year", "allowed 2000..9999");
  if (generation >= 0n && generation < BigInt(LOG_GENERATIONS)) return null;
  return new Refusal("wrong-generation", "generation", `allowed 0..${LOG_GENERATIONS - 1}`);
}

function claimedKeys(claimed: Members): PartyKeys | Refusal {
  const vkeys = (role: string): string[] => [role, `${role}_mldsa`].flatMap((name) => (claimed[name] as string) ?? []);
  const log = hybridOf(vkeys("log"));
  const witness = hybridOf(vkeys("witness"));
  if (refused(log)) return log;
  return refused(witness) ? witness : { log, witness };
}

function named(name: string, kind: number, raw: Uint8Array[]): SignerKeys | Refusal {
  const keys: VerifierKey[] = [];
  for (const [at, bytes] of raw.entries()) {
    const key = verifierKey(name, at === 0 ? kind : SUBTREE, bytes);
    if (refused(key)) return key;
    keys.push(key);
  }
  return keys as unknown as SignerKeys;
}

function pinnedKeys(manifest: Manifest, brought: PublicKeys): PartyKeys | Refusal {
  const log = named(logOrigin(manifest, brought.party), LOG, brought.log);
  const witness = named(witnessName(manifest, brought.party), WITNESS, brought.witness);
  if (refused(log)) return log;
  return refused(witness) ? witness : { log, witness };
}

const bears = (keys: SignerKeys, name: string, kind: number): boolean =>
  keys.every((key, at) => key.name === name && key.kind === (at === 0 ? kind : SUBTREE));

/** Null when the keys carry the name of this party's log; refuses with bad-key. */
export function checkLogKey(of: Named, party: string, key: SignerKeys): Refusal | null {
  const fits = bears(key, logOrigin(of, party), LOG);
  return fits ? null : new Refusal("bad-key", party, `the key is named for another log: ${quoted(key[0].name)}`);
}

/** The log keys of a party among those that a user brought, under their name: of each set of it. */
export function pinnedLogKeys(of: Named, party: string, brought: PublicKeys[]): SignerKeys[] {
  const sets = brought.filter((one) => one.party === party).map((one) => named(logOrigin(of, party), LOG, one.log));
  return sets.filter((keys): keys is SignerKeys => !refused(keys));
}

function checkNames(manifest: Manifest, party: string, keys: PartyKeys): Refusal | null {
  const fits =
    bears(keys.log, logOrigin(manifest, party), LOG) && bears(keys.witness, witnessName(manifest, party), WITNESS);
  return fits ? null : new Refusal("bad-key", party, `keys are named for another log: ${quoted(keys.log[0].name)}`);
}

const spelling = (keys: PartyKeys): string => [...keys.log, ...keys.witness].map((key) => key.vkey).join(" ");
const equal = (one: PartyKeys, other: PartyKeys): boolean => spelling(one) === spelling(other);

/** The keys to check with, by party: those that were brought, or those that the record claims. */
export function keysOf(manifest: Manifest, brought: PublicKeys[] | null): Map<string, PartyKeys> | Refusal {
  const keys = new Map<string, PartyKeys>();
  for (const party of partiesOf(manifest.channel)) {
    if (party === manifest.by_voice) {
      if (brought?.some((one) => one.party === party)) {
        return new Refusal("bad-key", party, "the record claims that it has no keys, and some are pinned");
      }
      continue;
    }
    const found = claimedKeys(manifest.keys[party] as Members);
    if (refused(found)) return found;
    if (brought !== null) {
      const pinned = brought.filter((one) => one.party === party).map((one) => pinnedKeys(manifest, one));
      if (!pinned.some((wanted) => !refused(wanted) && equal(wanted, found))) {
        return new Refusal("bad-key", party, "the record claims other keys than the pinned ones");
      }
    }
    const bad = checkNames(manifest, party, found);
    if (bad) return bad;
    keys.set(party, found);
  }
  return distinct(keys, []) ?? keys;
}

function distinct(keys: Map<string, PartyKeys>, others: VerifierKey[]): Refusal | null {
  const all = [...[...keys.values()].flatMap((held) => [...held.log, ...held.witness]), ...others];
  const fits = new Set(all.map((key) => toBase64(key.publicKey))).size === all.length;
  return fits ? null : new Refusal("bad-key", "keys", "one key in two roles");
}

/** The third-party witnesses to check with: those that the record claims, which must be the pinned ones. */
export function policyOf(
  manifest: Manifest, keys: Map<string, PartyKeys>, pinned: WitnessPolicy | null,
): WitnessPolicy | Refusal {
  const said = manifest.witnesses ?? { required: 0n, of: [] };
  const policy = parseWitnesses(said.required, said.of);
  if (refused(policy)) return policy;
  const spelling = (one: WitnessPolicy): string =>
    `${one.required} ${one.witnesses.map((witness) => witness.keys.map((key) => key.vkey).join(" ")).join("\n")}`;
  if (pinned !== null && spelling(pinned) !== spelling(policy)) {
    return new Refusal("bad-key", "witnesses", "the record claims other witnesses than the pinned ones");
  }
  return distinct(keys, policy.witnesses.flatMap((witness) => witness.keys)) ?? policy;
}
