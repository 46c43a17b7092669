import { DENO_AND_BUN } from "./deno-and-bun.ts";
import { NODE_SERVERS } from "./node-servers.ts";
import { skerry } from "./skerry.ts";
import type { Subject } from "./subject.ts";
import { WORKERD } from "./workerd.ts";

/** The one that all others are compared with. */
export const OURS: Subject = skerry("process");
/** All that can be measured, by name, in the order of reports. */
export const SUBJECTS: ReadonlyMap<string, Subject> = new Map(
  [OURS, skerry("in-process"), ...WORKERD, ...DENO_AND_BUN, ...NODE_SERVERS].map((subject) => [
    subject.name,
    subject,
  ]),
);
