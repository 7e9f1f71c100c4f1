// Public keys: the file public.json that a party gave out, as a user brings it. Knows JSON.
import { fromBase64 } from "./bytes";
import { decode, JsonFault, type Members, type Schema } from "./json";
import { PUBLIC_KEY_BYTES } from "./ed25519";
import { checkPublicKey } from "./ed25519";
import type { PublicKeys } from "./parties";
import { Unreadable } from "./zip";

const str = { schema: { is: "str" } as Schema };
const FORM: Schema = { is: "object", fields: { party: str, log_key: str, witness_key: str, authority_pem: str } };

function keyOf(members: Members, name: string, file: string): Uint8Array {
  const key = fromBase64(members[name] as string);
  const bad = key === null ? "not base64" : checkPublicKey(key, name)?.toString();
  if (key === null || bad) throw new Unreadable(`${file}: ${name}: ${bad} (needs ${PUBLIC_KEY_BYTES} bytes)`);
  return key;
}

/** The keys in a public.json. Throws Unreadable. */
export function readPublicKeys(data: Uint8Array, file: string): PublicKeys {
  let members: Members;
  try {
    members = decode(data, FORM) as Members;
  } catch (fault) {
    if (fault instanceof JsonFault) throw new Unreadable(`${file}: is not a file of public keys: ${fault.message}`);
    throw fault;
  }
  return {
    party: members.party as string,
    log: keyOf(members, "log_key", file),
    witness: keyOf(members, "witness_key", file),
  };
}
