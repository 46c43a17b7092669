import { LatePart } from "../globals/late-part.ts";

/** Makes rate limits; `rate-limit.ts` has their code. */
export const rateLimits: LatePart<{ make(slot: number): object }> = new LatePart("Rate limits");
