import { arrayPush } from "../primordials/array.ts";

/** An object on its way from one owner to another: its successor is there, and what it holds still stays. */
export interface Handover {
  /** What the receiver gets. */
  readonly copy: object;
  /** Whether the object cannot be handed over in the state in which it is now. */
  blocked(): boolean;
  /** Moves what the object holds to the copy. Called when nothing can fail any more. */
  finish(): void;
}

/** Begins to hand over an object; undefined if it is not of the kind that this function knows, by its brand. */
export type Transferer = (value: object) => Handover | undefined;

const transferers: Transferer[] = [];

/** Lets structuredClone and postMessage hand over a kind of platform objects. */
export function registerTransferable(transferer: Transferer): void {
  arrayPush(transferers, transferer);
}

/** Begins to hand over an object; undefined if objects of its kind cannot be. */
export function beginHandover(value: object): Handover | undefined {
  for (let i = 0; i < transferers.length; i++) {
    const handover = (transferers[i] as Transferer)(value);
    if (handover !== undefined) return handover;
  }
  return undefined;
}
