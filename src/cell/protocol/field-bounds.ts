import { INLINE_BODY_BYTES, OUTPUT_BYTES_PER_TURN } from "../../../runtime-api/contract/bounds.ts";

/** Largest id of an event, a stream, a call or a timer. */
export const MAX_ID: number = Number.MAX_SAFE_INTEGER;
/** Longest header block of one head or request, in characters. */
export const MAX_HEADERS: number = 1024 * 1024;
/** Longest reason phrase. */
export const MAX_STATUS_TEXT: number = 4 * 1024;
/** Longest reason or message of a stream's, request's or binding's end. */
export const MAX_REASON: number = 64 * 1024;
/** Longest name of an operation. */
export const MAX_OP: number = 64;
/** Arguments of one call, values of one reply. */
export const MAX_ARGS: number = 10_000;
/** Binding slots of one version. */
export const MAX_SLOT: number = 100_000;
/** Bodies that travel in their record. Text counts in UTF-16 units, never more than its bytes. */
export const MAX_INLINE: number = INLINE_BODY_BYTES;
/** Single texts of the host: method, URL, cf, cron. */
export const MAX_HOST_TEXT: number = OUTPUT_BYTES_PER_TURN;
/** Longest delay of a timer, in ms. */
export const MAX_DELAY_MS: number = 2 ** 31 - 1;
