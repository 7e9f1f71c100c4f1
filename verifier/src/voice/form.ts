// Form: the groups of a read-out as a message, and a signed message as a read-out would have it heard (VOICE-1, VOICE-3,
// VOICE-11, VOICE-12). Knows rows and layout. The twin of src/redshank/exchange/voice/form.py and reconcile.py.
import { checkMessage } from "../bounds";
import { type Members, type Value } from "../json";
import type { Message } from "../message";
import { partiesOf } from "../parties";
import { Refusal, refused } from "../refusal";
import { GROUP_BITS, Reader, UnreadableForm } from "./bits";
import { dataOf, failing, groupValue, ROW } from "./faults";
import { type Heard, read, write } from "./layout";

const DATA_GROUPS = 21;
export const GROUPS_MAX = 24;
const ABSENT = "-";

/** A field in which voice and the signed message are not the same; the signed one counts. */
export interface Difference {
  field: string;
  voice: string;
  signed: string;
}

/** The message of a whole read-out, read without a clock, or why it is none. */
export function decode(groups: readonly string[], exercise: boolean): Heard | Refusal {
  if (groups.length > GROUPS_MAX) {
    return new Refusal("too-large", "form", `${groups.length} groups, at most ${GROUPS_MAX}`);
  }
  const values = groups.map(groupValue);
  const foreign = values.indexOf(null);
  if (foreign >= 0) {
    return new Refusal("malformed", `group ${foreign + 1}`, "four of the 32 symbols are a group");
  }
  if (values.length % ROW === 1 || values.length === 0) {
    return new Refusal("truncated", "form", "a row has a group and its check at least");
  }
  return failing(values as number[], exercise) ?? heardIn(dataOf(values as number[]));
}

function heardIn(data: readonly number[]): Heard | Refusal {
  const bits = new Reader(data);
  let heard: Heard;
  try {
    heard = read(bits);
  } catch (fault) {
    if (fault instanceof UnreadableForm) return fault.refusal;
    throw fault;
  }
  if (Math.ceil(bits.at / GROUP_BITS) !== data.length) {
    return new Refusal("too-large", "form", "groups follow after its end");
  }
  if (!bits.restIsPadding()) return new Refusal("not-canonical", "form", "not filled up with zeros");
  return checkMessage(heard.message) ?? heard;
}

/** What a read-out of a message within bounds says. */
function coarsened(message: Message): Heard | Refusal {
  if (!partiesOf(message.channel).includes(message.sender)) {
    return new Refusal("wrong-sender", "sender", `${message.sender} is no party of ${message.channel}`);
  }
  const out = write(message, DATA_GROUPS * GROUP_BITS);
  const count = Math.ceil(out.size / GROUP_BITS);
  const whole = out.value << BigInt(count * GROUP_BITS - out.size);
  const value = (place: number): number => Number(BigInt.asUintN(GROUP_BITS, whole >> BigInt(GROUP_BITS * place)));
  return read(new Reader(Array.from({ length: count }, (_, at) => value(count - 1 - at))));
}

/** Nothing when a read-out of the signed message would have been heard as this was. */
export function differences(heard: Heard, signed: Message | Refusal): Difference[] {
  const should = refused(signed) ? signed : coarsened(signed);
  if (refused(should)) {
    return [{ field: "entry", voice: heard.message.type, signed: `refused: ${should.reason}` }];
  }
  const [said, meant] = [flat(heard), flat(should)];
  const fields = [...said.keys(), ...[...meant.keys()].filter((field) => !said.has(field))];
  return fields
    .map((field) => ({ field, voice: said.get(field) ?? ABSENT, signed: meant.get(field) ?? ABSENT }))
    .filter(({ field }) => said.get(field) !== meant.get(field));
}

/** Each field by its name with dots, as text; what is absent is left out. */
function flat({ message, unspoken }: Heard): Map<string, string> {
  const out = new Map<string, string>();
  spread("", message as unknown as Members, out);
  if (unspoken.length > 0) out.set("unspoken", unspoken.join(", "));
  return out;
}

function spread(name: string, value: Value | number | null, out: Map<string, string>): void {
  if (value === null) return;
  if (typeof value !== "object") return void out.set(name, String(value));
  const numbered: [string, Value][] = Array.isArray(value)
    ? value.map((inner, at) => [String(at + 1), inner])
    : Object.entries(value as Members);
  for (const [member, inner] of numbered) spread(name ? `${name}.${member}` : member, inner, out);
}
