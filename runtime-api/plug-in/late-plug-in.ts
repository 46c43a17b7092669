import type { EnvEntry } from "../contract/boot.ts";
import { LatePart } from "../globals/late-part.ts";

/** Bindings that a plug-in of the host answers; `plug-in-binding.ts` has their code. */
export const plugIns: LatePart<{ make(entry: EnvEntry & { type: "plugIn" }): object }> = new LatePart(
  "Bindings of plug-ins",
);
