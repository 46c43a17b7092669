import { channel } from "node:diagnostics_channel";
import type ivm from "isolated-vm";

/** The channel of node:diagnostics_channel on which isolates are published when they get a version: for profilers. */
export const ISOLATES = "skerry:isolate";

/** An isolate that is about to run a version, in this process. */
export interface IsolateMade {
  readonly isolate: ivm.Isolate;
}

const isolates = channel(ISOLATES);

/** Tells of an isolate, if anybody listens. */
export function tellOfIsolate(isolate: ivm.Isolate): void {
  if (!isolates.hasSubscribers) return;
  const made: IsolateMade = { isolate };
  isolates.publish(made);
}
