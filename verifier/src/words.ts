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

/** Why a message stands outside an agreement in force. */
export const OUTSIDE: Readonly<Record<string, string>> = {
  "before-activation": "Stated before its sender had activated the agreement",
  "own-suspension": "Stated while its sender itself had suspended the agreement",
  "own-end": "Stated after its sender had ended the agreement",
  "not-taken": "Not read yet when its receiver suspended the agreement",
};

/** One line in plain words. A remark is quoted as such: it is unofficial. */
export function says(content: Message | Refusal): string {
  if (refused(content)) return `This is no message: ${content.toString()}`;
  const text = content.text === null ? "" : ` Remark: “${content.text}”`;
  return `${bodyWords(content)}.${text}`;
}

function bodyWords({ type, body, in_reply_to: reply, reply_generation: earlier }: Message): string {
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
    case "ACTIVATE":
      return `Activates the agreement ${text(body)}`;
    case "SUSPEND":
      return `SUSPENDS the agreement ${text(body)}: ${body.why}`;
    case "RESUME":
      return `Resumes the agreement ${text(body)}`;
    case "END":
      return `ENDS the agreement ${text(body)}: ${body.why}; from ${timeOf(body.from_ms as bigint)} UTC`;
    case "LOG-END":
      return `Ends this log (${body.why}); log ${body.generation} follows, under other keys`;
    case "LOG-OPEN":
      return `Opens this log (${body.why}) after ${(body.end as Members).size} messages of the one before`;
  }
}

/** Which text and which life, and how far its sender had read the other log when it acted. */
function text(body: Members): string {
  return `${(body.agreement as string).slice(0, 12)} (life ${body.life}), having taken ${body.taken} of the other log`;
}
