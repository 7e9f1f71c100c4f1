// Limits: the bounds of the specification that a verifier needs; terms/limits.py has them with reasons. Knows nothing.

export const ENTRY_BYTES = 4096;
export const ENTRY_BRACKETS = 512;
export const MESSAGE_TEXT_CHARS = 200;
export const MESSAGE_AHEAD_MS = 60_000n;
export const MESSAGE_BACK_MS = 60_000n;
export const CONTRADICTIONS_PER_CHANNEL = 64;
export const EVIDENCE_BYTES = 262_144;
export const DISTRICTS_PER_MESSAGE = 40;
export const DISTRICTS_WARNED = 32;
export const STATED_SPAN_MS = 31n * 86_400_000n;
export const STATED_PAST_MS = 366n * 86_400_000n;
export const FLIGHT_END_MS = 7n * 86_400_000n;
export const EVIDENCE_ITEM_BYTES = 2n ** 40n;
export const NOTE_BYTES = 65_536;
export const NOTE_SIGNATURES = 100;
export const LOG_ENTRIES = 2 ** 40;
export const LOG_GENERATIONS = 1_000;
export const RECORD_BYTES = 2 * 1024 ** 3;
export const RECORD_FILES = 2_000_000;
export const RECORD_PATH_CHARS = 128;
export const RECORD_INFLATION = 50;
export const RECORD_INFLATION_FROM_BYTES = 1024 ** 2;
export const WITNESSES = 8;
export const CALENDAR_MAX_S = 253_402_300_799n; // the end of the year 9999
