// Words: what a message says, in one line, and how times and codes read. Pure; texts only.
import type { Members } from "./json";
import type { Message } from "./message";
import { type Refusal, refused } from "./refusal";

const YEAR_10000_MS = 253_402_300_800_000n;

/** A count as people read it: 100,000. */
export const counted = (count: number): string => count.toLocaleString("en");

/** UTC to the second; a clock may say anything in 64 bits, and a calendar ends with the year 9999. */
export function timeOf(ms: bigint): string {
  if (ms >= YEAR_10000_MS) return "beyond the year 9999";
  return new Date(Number(ms)).toISOString().slice(0, 19).replace("T", " ");
}

export const secondsOf = (s: bigint): string => timeOf(s * 1000n);
const clock = (ms: unknown): string => timeOf(ms as bigint).slice(11, 16);

const STATUS: Record<string, string> = {
  unknown: "unknown object", unidentified: "unidentified object", strayed: "strayed object", uav: "unmanned aircraft",
  balloon: "balloon", aircraft: "aircraft", helicopter: "helicopter", birds: "birds",
};
const PHASE: Record<string, string> = { possible: "may cross", crossing: "is crossing", crossed: "has crossed" };
const ANSWER: Record<string, string> = {
  ours: "It is ours", known: "It is known to us", unknown: "It is not known to us",
  "no-information": "We have no information", "cannot-say": "We can not say",
};
const OUTCOME: Record<string, string> = {
  crossed: "it crossed", "did-not-cross": "it did not cross", identified: "it was identified", lost: "it was lost",
  found: "it was found", "no-further-information": "there is no further information",
};

const CONDITION: Record<string, string> = {
  "out-of-control": "is out of our control", "in-flight": "is in flight", "under-control": "is under our control again",
  landed: "has landed",
};
const MEASURE: Record<string, string> = {
  "airspace-closed": "airspace closed", "airspace-restricted": "airspace restricted",
  "response-flight": "a response flight stays", "search-flight": "a search flight stays",
};
const FOUND: Record<string, string> = {
  debris: "debris", "whole-object": "a whole object", balloon: "a balloon", payload: "a payload",
};
const HAZARD: Record<string, string> = {
  "none-seen": "no hazard seen", possible: "a hazard is possible", confirmed: "a hazard is confirmed",
};
const LEVEL: Record<string, string> = {
  possible: "that a danger is possible", shelter: "to take shelter", "all-clear": "that the danger is over",
};
const WHY: Record<string, string> = {
  "sent-in-error": "sent in error", "wrong-object": "about the wrong object", "wrong-partner": "to the wrong partner",
  superseded: "superseded",
};

function place(point: Members): string {
  const [lat, lon] = [Number(point.lat_e7) / 1e7, Number(point.lon_e7) / 1e7];
  return `${lat.toFixed(4)} N ${lon.toFixed(4)} E`;
}

function object(state: Members): string {
  const count = state.count === undefined ? "" : `${state.count} × `;
  const parts = [`object ${state.object}, ${count}${STATUS[state.status as string] ?? state.status}`];
  parts.push(`at ${place(state.at as Members)} within ${state.accuracy_m} m`);
  if (state.altitude_m !== undefined) parts.push(`${state.altitude_m} m high`);
  if (state.course_deg !== undefined) parts.push(`course ${state.course_deg}°`);
  if (state.speed_kmh !== undefined) parts.push(`${state.speed_kmh} km/h`);
  return parts.join(", ");
}

function notice(body: Members): string {
  const claim = body.crossing as Members | undefined;
  const what = object(body.object as Members);
  const phase = PHASE[body.phase as string];
  if (claim === undefined) return `${what}; it ${phase}`;
  const odds = `${(Number(claim.permille) / 10).toFixed(0)} %`;
  const when = `about ${clock(claim.p50_ms)} UTC (${clock(claim.p10_ms)} to ${clock(claim.p90_ms)})`;
  const districts = ((body.districts ?? []) as Members[]).map((one) => one.district).join(", ");
  const path = districts ? `; in its path: ${districts}` : "";
  return `${what}; it ${phase} from ${claim.out_of} into ${claim.into}, ${odds}, ${when}${path}`;
}

/** One line in plain words. A remark is quoted as such: it is unofficial. */
export function says(content: Message | Refusal): string {
  if (refused(content)) return `This is no message: ${content.toString()}`;
  const text = content.text === null ? "" : ` Remark: “${content.text}”`;
  return `${bodyWords(content)}.${text}`;
}

const within = (body: Members): string => `within ${body.radius_m} m of ${place(body.centre as Members)}`;
const span = (body: Members): string =>
  `from ${timeOf(body.from_ms as bigint)} until ${timeOf(body.until_ms as bigint)} UTC`;
const ofLog = (generation: unknown): string => (generation === undefined ? "" : ` of log ${generation}`);

function measure(body: Members): string {
  const floor = body.floor_m === undefined ? "" : `, from ${body.floor_m} m`;
  const ceiling = body.ceiling_m === undefined ? "" : `, up to ${body.ceiling_m} m`;
  return `Own measure: ${MEASURE[body.measure as string]} ${within(body)}, ${span(body)}${floor}${ceiling}`;
}

function find(body: Members): string {
  const which = body.object === undefined ? "" : ` (object ${body.object})`;
  const where = `at ${place(body.at as Members)} within ${body.accuracy_m} m`;
  const secured = body.secured === "yes" ? "guarded" : "not guarded";
  return (
    `Found ${FOUND[body.what as string]}${which} ${where}, ${timeOf(body.found_ms as bigint)} UTC; ` +
    `${HAZARD[body.hazard as string]}; ${secured}`
  );
}

function evidence(body: Members): string {
  const of = body.find === undefined ? "" : ` of the find of serial ${body.find}${ofLog(body.generation)}`;
  const when = timeOf(body.obtained_ms as bigint);
  return `Offers ${body.kind}${of}, ${body.bytes} bytes, obtained ${when} UTC, SHA-256 ${body.sha256}`;
}

/** Words of the types by which a side tells of its own doing and findings, or takes something back. */
function statementWords(message: Message): string {
  const { type, body } = message;
  switch (type) {
    case "OWN-OBJECT": {
      const end = body.until_ms === undefined ? "" : `; its flight should end ${timeOf(body.until_ms as bigint)} UTC`;
      return `Own ${object(body.object as Members)}; it ${CONDITION[body.condition as string]}${end}`;
    }
    case "MEASURE":
      return measure(body);
    case "FIND":
      return find(body);
    case "EVIDENCE":
      return evidence(body);
    case "NEGATIVE":
      return `Looked by ${body.means} ${within(body)}, ${span(body)}, and saw nothing`;
    case "WARNING":
      return `Has told its public ${LEVEL[body.level as string]}, in ${(body.districts as string[]).join(", ")}, ${span(body)}`;
    case "CANCEL":
      return `Cancels its serial ${body.serial}${ofLog(body.generation)}: ${WHY[body.why as string]}`;
    case "CORRECT": {
      const inner = bodyWords({ ...message, type: body.type as Message["type"], body: body.body as Members });
      return `Corrects its serial ${body.serial}${ofLog(body.generation)}, which should have said: ${inner}`;
    }
    default:
      return type;
  }
}

function bodyWords(message: Message): string {
  const { type, body, in_reply_to: reply, reply_generation: earlier } = message;
  const log = earlier === null ? "" : ` of log ${earlier}`;
  const to = reply === null ? "" : ` (to serial ${reply}${log})`;
  switch (type) {
    case "TEST":
      return `Line test ${body.number}`;
    case "TEST-REPLY":
      return `Answer to line test ${body.number}${to}`;
    case "NOTICE":
      return `Notice: ${notice(body)}`;
    case "UPDATE":
      return `Update: ${notice(body)}`;
    case "LOST":
      return (
        `Lost: ${object(body.object as Members)}; search within ${body.search_radius_m} m of ` +
        place(body.search_centre as Members)
      );
    case "QUERY":
      return `Asks whether object ${body.object} is theirs or known to them`;
    case "REPLY":
      return `${ANSWER[body.answer as string]}${to}`;
    case "ACK":
      return `Read by a person, role ${body.role}${to}`;
    case "CLOSE":
      return `Close: ${OUTCOME[body.outcome as string]}; ${body.objects} objects, seen ${timeOf(body.first_observed_ms as bigint)} to ${timeOf(body.last_observed_ms as bigint)} UTC`;
    case "AGREE-CLOSE":
      return body.agrees === "yes" ? `Agrees to the close${to}` : `Does NOT agree to the close${to}`;
    case "LOG-END":
      return `Ends this log (${body.why}); log ${body.generation} follows, under other keys`;
    case "LOG-OPEN":
      return `Opens this log (${body.why}) after ${(body.end as Members).size} messages of the one before`;
    default:
      return statementWords(message);
  }
}
