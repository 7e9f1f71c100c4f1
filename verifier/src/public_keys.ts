// Public keys: the file public.json that a party gave out, as a user brings it. Knows JSON.
import { fromBase64 } from "./bytes";
import { decode, JsonFault, type Members, type Schema } from "./json";
import { checkPublicKey } from "./ed25519";
import { checkMlDsaKey } from "./mldsa";
import type { PublicKeys } from "./parties";
import { Unreadable } from "./source";

const str = { schema: { is: "str" } as Schema };
const maybe = { ...str, optional: "absent" as const };
const group: Schema = { is: "str", codes: ["X25519MLKEM768", "X25519"] };
const FORM: Schema = {
  is: "object",
  fields: {
    party: str, log_key: str, witness_key: str, log_key_mldsa: maybe, witness_key_mldsa: maybe, authority_pem: str,
    key_exchange: { schema: { is: "array", of: group }, optional: "absent" },
  },
};

/** The keys of one role, Ed25519 first. */
function keysOf(members: Members, name: string, file: string): Uint8Array[] {
  const texts = [members[name], members[`${name}_mldsa`]].filter((text) => text !== undefined);
  return texts.map((text, at) => {
    const key = fromBase64(text as string);
    if (key === null) throw new Unreadable(`${file}: ${name} is not base64`);
    const bad = at === 0 ? checkPublicKey(key, name) : checkMlDsaKey(key, name);
    if (bad) throw new Unreadable(`${file}: ${bad.toString()}`);
    return key;
  });
}

/** The keys in a public.json, of today's form or of that before the second signature. Throws Unreadable. */
export function readPublicKeys(data: Uint8Array, file: string): PublicKeys {
  let members: Members;
  try {
    members = decode(data, FORM) as Members;
  } catch (fault) {
    if (fault instanceof JsonFault) throw new Unreadable(`${file}: is not a file of public keys: ${fault.message}`);
    throw fault;
  }
  const [log, witness] = [keysOf(members, "log_key", file), keysOf(members, "witness_key", file)];
  if (log.length !== witness.length) throw new Unreadable(`${file}: has one ML-DSA-44 key of two`);
  if ((members.key_exchange !== undefined) !== (log.length === 2)) {
    throw new Unreadable(`${file}: has key_exchange with ML-DSA-44 keys, and without them not`);
  }
  return { party: members.party as string, log, witness };
}
