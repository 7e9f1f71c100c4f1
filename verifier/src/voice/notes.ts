// Notes: what an exporter's record tells of statements by voice (REC-15, VOICE-17). Knows forms. Nobody signed them.
//
// The twin of src/redshank/exchange/voice/notes.py.
import { same } from "../bytes";
import { decode as decodeJson, encode, JsonFault, type Members, type Schema } from "../json";
import type { Message } from "../message";
import { quoted, Refusal, refused } from "../refusal";
import { type Difference, decode, differences, GROUPS_MAX } from "./form";
import type { Heard } from "./layout";

export const VOICE_FILE = "voice.json";
const VERSION = 1n;
const STANDS_FOR = "notes of the exporter; nobody signed them";
const STATEMENTS = 1_000;

/** What is said of one note. It shows what the exporter says was said by telephone; no more. */
export interface VoiceLine {
  by: string;
  what: "heard" | "read-out";
  sender: string;
  /** -1 when the groups say none. An exporter may write any integer. */
  serial: bigint;
  at_ms: bigint;
  role: string;
  /** What the groups say, or why they say nothing; null for a read-out. */
  content: Heard | Refusal | null;
  /** `unsigned`: the speaker has no keys, so nothing can be held against it. */
  standing: "waiting" | "confirmed" | "differs" | "unsigned" | null;
  differences: Difference[];
  read_back: boolean | null;
  remark: string | null;
}

/** The signed entries of each party, to be asked for by serial. */
export type Contents = Map<string, { at(serial: number): Message | Refusal | undefined }>;

interface StatementNote {
  groups: string[];
  taken_ms: bigint;
  role: string;
  remark?: string;
}

interface ReadOutNote {
  serial: bigint;
  at_ms: bigint;
  role: string;
  read_back: boolean;
  remark?: string;
}

interface Notes {
  v: bigint;
  stands_for: string;
  by: string;
  heard: StatementNote[];
  read_out: ReadOutNote[];
}

const str: Schema = { is: "str" };
const int: Schema = { is: "int" };
const list = (fields: Extract<Schema, { is: "object" }>["fields"]): Schema => ({ is: "array", of: { is: "object", fields } });
const who = { role: { schema: str }, remark: { schema: str, optional: "null" } } as const;
const FORM: Schema = {
  is: "object",
  fields: {
    v: { schema: int },
    stands_for: { schema: str },
    by: { schema: str },
    heard: { schema: list({ groups: { schema: { is: "array", of: str } }, taken_ms: { schema: int }, ...who }) },
    read_out: {
      schema: list({ serial: { schema: int }, at_ms: { schema: int }, read_back: { schema: { is: "bool" } }, ...who }),
    },
  },
};

/** The lines of the file, or why it is none. */
export function voiceLines(
  data: Uint8Array, exercise: boolean, contents: Contents, keyless?: string,
): VoiceLine[] | Refusal {
  const notes = parseNotes(data, [...contents.keys()]);
  if (refused(notes)) return notes;
  const heard = notes.heard.map((note) => {
    const line = heardLine(notes.by, note, exercise, contents);
    const unsigned = line.sender === keyless && line.standing === "waiting";
    return unsigned ? { ...line, standing: "unsigned" as const } : line;
  });
  const lines = [...heard, ...notes.read_out.map((note) => readOutLine(notes.by, note))];
  return lines.sort((a, b) => (a.at_ms < b.at_ms ? -1 : a.at_ms > b.at_ms ? 1 : 0));
}

function parseNotes(data: Uint8Array, parties: string[]): Notes | Refusal {
  let members: Members;
  try {
    members = decodeJson(data, FORM) as Members;
  } catch (fault) {
    if (fault instanceof JsonFault) return new Refusal("malformed", VOICE_FILE, fault.message.slice(0, 200));
    throw fault;
  }
  if (!same(encode(members, FORM), data)) return new Refusal("not-canonical", VOICE_FILE, "spelled otherwise");
  const notes = members as unknown as Notes;
  if (notes.v !== VERSION || notes.stands_for !== STANDS_FOR) {
    return new Refusal("unknown-type", "v", `version ${notes.v}, this is ${VERSION}`);
  }
  if (!parties.includes(notes.by)) {
    return new Refusal("wrong-sender", "by", `${quoted(notes.by, 20)} is no party of the channel`);
  }
  const long = notes.heard.some((note) => note.groups.length > GROUPS_MAX);
  if (long || Math.max(notes.heard.length, notes.read_out.length) > STATEMENTS) {
    return new Refusal("too-large", VOICE_FILE, `at most ${STATEMENTS} notes of a kind`);
  }
  return notes;
}

function readOutLine(by: string, note: ReadOutNote): VoiceLine {
  const { at_ms, role, read_back, remark = null } = note;
  return {
    by, what: "read-out", sender: by, serial: note.serial, at_ms, role, content: null,
    standing: null, differences: [], read_back, remark,
  };
}

/** The statement read anew and held against the signed entry of the record. */
function heardLine(by: string, note: StatementNote, exercise: boolean, contents: Contents): VoiceLine {
  const sender = [...contents.keys()].find((party) => party !== by) as string;
  const content = decode(note.groups, exercise);
  const line: VoiceLine = {
    by, what: "heard", sender, serial: -1n, at_ms: note.taken_ms, role: note.role, content, standing: null,
    differences: [], read_back: null, remark: note.remark ?? null,
  };
  if (refused(content)) return line;
  const serial = BigInt(content.message.serial);
  if (content.message.sender !== sender) {
    return { ...line, content: new Refusal("wrong-sender", "sender", "not the partner's") };
  }
  const signed = contents.get(sender)?.at(content.message.serial);
  if (signed === undefined) return { ...line, serial, standing: "waiting" };
  const found = differences(content, signed);
  return { ...line, serial, standing: found.length > 0 ? "differs" : "confirmed", differences: found };
}
