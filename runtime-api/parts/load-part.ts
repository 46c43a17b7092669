import type { PartName } from "../contract/parts.ts";
import { withPristine } from "../globals/pristine.ts";
import { MapOf, mapGet, mapSet } from "../primordials/collections.ts";
import { evaluate } from "../primordials/evaluate.ts";
import { partScript } from "./part-script.ts";

const loaded = new MapOf<PartName, unknown>();

/**
 * What a part of the runtime outside the image exports as `part`. Evaluated once per isolate, when it is first
 * asked for: beside the worker's code, whose patches of prototypes it sees when it is used. So it may hold nothing
 * that accounts or limits depend on. Works wherever code runs, also once strings become no code any more.
 *
 * @throws Error where the cell does not have the part
 * @example const { normalizeEncoding } = loadPart<typeof import("./encodings.ts").part>("encodings");
 */
export function loadPart<T>(name: PartName): T {
  let part = mapGet(loaded, name);
  if (part === undefined) {
    const script = partScript(name);
    part = withPristine(() => evaluate(script));
    mapSet(loaded, name, part);
  }
  return part as T;
}
