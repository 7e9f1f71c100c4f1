// Explanations: what a finding means for a person who is no engineer, and what to do about it. Pure; texts only.
import type { Finding } from "./report";
import { VOICE_FILE } from "./voice/notes";

export interface Explained {
  title: string;
  means: string;
  todo: string;
  /** How heavy: somebody is convicted, proof fails, something is absent, or the form is wrong. */
  weight: "convicts" | "cut" | "broken" | "absent" | "form";
}

const NEW_COPY =
  "Ask whoever gave you the record for a new export, and the other party for its own. If every copy says the same, keep them all: the party whose file it is has to explain.";
const KEEP =
  "Keep this record unchanged: it is evidence. Ask the other party for its own record of the same channel and compare.";

function convicting(path: string, owner: string, partner: string): Record<string, Explained> {
  return {
    forked: {
      title: `Forked: two histories are signed by ${owner}`,
      means: `${path} is a head of ${owner}'s log with valid signatures of ${owner} and ${partner}, but it does not belong to the messages in this record, whose head ${owner} signed as well. An honest log can not lead to both. Whoever holds ${owner}'s log key has signed two different histories.`,
      todo: KEEP,
      weight: "convicts",
    },
    shrunken: {
      title: `Cut: ${owner}'s log was longer than it is shown here`,
      means: `${path} proves that ${owner} signed, and ${partner} received, more messages than this record holds. The export ends early.`,
      todo: `Ask both parties for the whole record. ${KEEP}`,
      weight: "cut",
    },
    "wrong-serial": {
      title: `${owner} signed a message under a serial that it does not have`,
      means: `The message at ${path} says another serial than the place where it stands. ${owner}'s own log is inconsistent: a message was moved, doubled or left out before it was signed.`,
      todo: KEEP,
      weight: "convicts",
    },
    "log-ended": {
      title: `${owner} went on in a log that it had ended`,
      means: `${owner} signed a LOG-END, the last message of this log, and after it the message at ${path}. The two can not both be honest.`,
      todo: KEEP,
      weight: "convicts",
    },
    "wrong-opening": {
      title: "A log that does not say what it follows",
      means: `A log that follows another begins with a LOG-OPEN that names the end of the one before. This log of ${owner} does not.`,
      todo: "Ask for the record of the logs before these, and compare them.",
      weight: "broken",
    },
    "unknown-message": {
      title: "An answer to a message that is not here",
      means: `${path} answers a message of the other log that this record does not hold. The other log was cut, or the answer was made up.`,
      todo: "Ask the other party for its record of this channel: it shows which of the two it is.",
      weight: "cut",
    },
  };
}

function failing(path: string, owner: string, partner: string, alone: boolean): Record<string, Explained> {
  return {
    "bad-proof": path.includes("/receipts/")
      ? {
          title: "A receipt that proves nothing here",
          means: `${path} is validly signed, but the messages in this record are not those that ${owner} signed, so it can not be held against them. It accuses nobody.`,
          todo: NEW_COPY,
          weight: "broken",
        }
      : {
      title: path.endsWith("checkpoint")
        ? `The messages are not those that ${owner} signed`
        : "A tile does not hold the hashes of the messages",
      means: path.endsWith("checkpoint")
        ? `${owner}'s signature covers a root hash that these messages do not give. At least one of them was changed, moved, added or taken away after signing.`
        : `${path} is damaged or changed. The messages themselves are checked against the signed root apart from this.`,
      todo: NEW_COPY,
      weight: "broken",
    },
    "bad-signature": {
      title: "A signature is not valid, is missing, or stands there uncalled for",
      means: `${path} does not carry exactly the valid signatures of ${owner}'s log${alone ? ` and no others: ${partner} has no keys` : ` and ${partner}'s witness`}. What stands under it is not proven to be said by ${owner}.`,
      todo: NEW_COPY,
      weight: "broken",
    },
    "not-hybrid": {
      title: "One of two signatures is missing",
      means: `${path} must carry an Ed25519 and an ML-DSA-44 signature of each signer, so that it still convicts when one of the two is broken. One is missing, or they disagree.`,
      todo: NEW_COPY,
      weight: "broken",
    },
    "bad-note": {
      title: "A signed head can not be read",
      means: `${path} is not the text with signatures that it should be.`,
      todo: NEW_COPY,
      weight: "broken",
    },
    "wrong-origin": {
      title: "A head of another log",
      means: `${path} names another log than that of ${owner} on this channel and year.`,
      todo: NEW_COPY,
      weight: "broken",
    },
    "wrong-size": {
      title: "A receipt under a wrong name",
      means: `${path} is a receipt for another size than its name says.`,
      todo: NEW_COPY,
      weight: "form",
    },
    "not-witnessed": {
      title: "A receipt without the receiver's signature",
      means: `${path} is signed by ${owner} only. It does not show that ${partner} received anything${alone ? ", and no file can: by this record it has no keys" : ""}.`,
      todo: alone ? NEW_COPY : `Ask ${partner} whether it holds the receipt.`,
      weight: "broken",
    },
    truncated: {
      title: "Something is missing",
      means: `${path} is missing, or shorter than the signed size asks for. What it held can not be checked.`,
      todo: NEW_COPY,
      weight: "absent",
    },
    "too-large": {
      title: "Larger than the rules allow",
      means: `${path} is beyond the bounds of the specification.`,
      todo: NEW_COPY,
      weight: "form",
    },
  };
}

function manifest(reason: string, keyless: string | null): Explained {
  const bad = reason === "bad-key";
  const none = keyless === null ? "" : `, or none for ${keyless}, of which you brought some`;
  return {
    title: bad ? "The keys do not fit" : "record.json does not say what it must",
    means: bad
      ? `The record claims other keys than those that you brought${none}, or keys that are none, or keys of another channel. So nothing in it was checked.`
      : "record.json names the channel, the year and the keys. It is missing, spelled otherwise than the specification asks, or of a version that this page does not know. So nothing else was checked.",
    todo: bad
      ? `Bring public.json of ${keyless === null ? "both parties" : "each party that has keys"}, as each gave it out, and compare their fingerprints by voice. If they are right, this record was not made with these parties' keys: do not rely on it.`
      : NEW_COPY,
    weight: bad ? "broken" : "form",
  };
}

/** What a finding means, with the two parties of the channel named, and which of them has no keys. */
export function explain({ path, refusal }: Finding, parties: readonly string[], keyless: string | null): Explained {
  if (path === "record.json") return manifest(refusal.reason, keyless);
  if (path === VOICE_FILE) {
    return {
      title: "The notes of what was said by voice are not of their form",
      means: `${path} should hold the exporter's own notes, which prove nothing. What it holds is something else, so it is not shown. What is signed is checked apart from this.`,
      todo: NEW_COPY,
      weight: "form",
    };
  }
  if (path.startsWith("evidence/")) {
    return {
      title: "A file of evidence that shows nothing",
      means: `${path} should prove that a party contradicted itself, and does not: it is damaged, made under other keys, or claims what its own contents do not show. It accuses nobody.`,
      todo: "Ask whoever gave you the record for the file by itself, or for an export without it.",
      weight: "broken",
    };
  }
  const owner = parties.find((party) => path.startsWith(`${party}/`)) ?? "?";
  const partner = parties.find((party) => party !== owner) ?? "?";
  if (refusal.reason === "unknown-field") {
    return {
      title: "A file that is no part of a record",
      means: `${path} does not belong here. Nothing in a record may go unchecked, so a record with it is not in order.`,
      todo: "Do not rely on what this file says. Ask for an export without it.",
      weight: "form",
    };
  }
  if (path.includes("/witnessed/") && refusal.reason === "forked") {
    return {
      title: `A third party was shown another history of ${owner}'s log`,
      means: `${path} is validly signed by a third-party witness, for a head of ${owner}'s log that does not belong to the messages in this record. A witness cosigns only what ${owner} has signed.`,
      todo: `Ask the witness for that head with ${owner}'s own signature: together with this record it convicts. ${KEEP}`,
      weight: "convicts",
    };
  }
  const known = { ...failing(path, owner, partner, partner === keyless), ...convicting(path, owner, partner) }[refusal.reason];
  return known ?? { title: refusal.reason, means: refusal.toString(), todo: NEW_COPY, weight: "form" };
}
