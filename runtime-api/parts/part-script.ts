import { Ask } from "../contract/sync.ts";
import { io } from "../io/io.ts";
import { ErrorOf } from "../primordials/errors.ts";

/**
 * The script of a part of the runtime whose text is not in the image.
 * @throws Error where the cell does not have it
 */
export function partScript(name: string): string {
  const script = io.ask(Ask.part, name);
  if (typeof script !== "string") throw new ErrorOf(`The runtime's part "${name}" is not available.`);
  return script;
}
