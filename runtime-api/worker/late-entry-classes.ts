import { LatePart } from "../globals/late-part.ts";

/** Classes of `cloudflare:workers` and `cloudflare:workflows` that few workers touch, by name; `entry-classes.ts` has them. */
export const entryClasses: LatePart<Readonly<Record<string, Function>>> = new LatePart(
  "Classes of cloudflare:workers",
);
