import type { ModulePositions } from "../positions.ts";
import { mapBytes } from "../source-map.ts";

/**
 * Leaves out what takes too much. First come the edits: a module without its own has its lines, but the columns of the
 * script, in which its source map would find the wrong places. Source maps have what is left.
 *
 * @param maxBytes for edits and source maps together, as {@link mapBytes} counts
 */
export function fitPositions(modules: readonly ModulePositions[], maxBytes: number): ModulePositions[] {
  let left = maxBytes;
  const shifted = modules.map((module) => {
    const { byteLength } = module.shifts;
    if (byteLength > left) return { ...module, shifts: new Uint32Array(), sourceMap: null };
    left -= byteLength;
    return module;
  });
  return shifted.map((module) => {
    const bytes = module.sourceMap === null ? 0 : mapBytes(module.sourceMap);
    if (bytes > left) return { ...module, sourceMap: null };
    left -= bytes;
    return module;
  });
}
