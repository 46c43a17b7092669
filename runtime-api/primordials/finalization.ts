import { uncurry } from "./uncurry.ts";

/** V8's own registry. Its callbacks run outside of any slice: they may do no more than note something down. */
export const FinalizationRegistryOf = FinalizationRegistry;
export const registryRegister = uncurry(FinalizationRegistry.prototype.register) as <T>(
  self: FinalizationRegistry<T>,
  target: WeakKey,
  held: T,
) => void;
