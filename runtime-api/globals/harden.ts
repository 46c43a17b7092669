import { limitBuffers } from "./buffers.ts";
import { guardCodeGeneration, lockCodeGeneration } from "./code-generation.ts";
import { fixStackTraces } from "./error-stack.ts";
import { deferFinalizers, runFinalizers } from "./finalizers.ts";
import { freezeClocks } from "./frozen-clock.ts";
import { leastUs, monotonicUs, setFineClock } from "./real-clock.ts";
import { capSizes } from "./size-caps.ts";

export { leastUs, lockCodeGeneration, monotonicUs, runFinalizers, setFineClock };

/**
 * Removes or wraps what breaks limits, clocks or the process. Once per realm, after the runtime's
 * modules captured what they need and before tenant code.
 */
export function hardenRealm(): void {
  fixStackTraces();
  freezeClocks(globalThis);
  limitBuffers(globalThis);
  deferFinalizers(globalThis);
  guardCodeGeneration(globalThis);
  capSizes(globalThis);
}
