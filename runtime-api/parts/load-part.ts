import type { PartName } from "../contract/parts.ts";
import { Ask } from "../contract/sync.ts";
import { withPristine } from "../globals/pristine.ts";
import { io } from "../io/io.ts";
import { MapOf, mapGet, mapSet } from "../primordials/collections.ts";
import { ErrorOf } from "../primordials/errors.ts";
import { evaluate } from "../primordials/evaluate.ts";

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
    const script = io.ask(Ask.part, name);
    if (typeof script !== "string") throw new ErrorOf(`The runtime's part "${name}" is not available.`);
    part = withPristine(() => evaluate(script));
    mapSet(loaded, name, part);
  }
  return part as T;
}
