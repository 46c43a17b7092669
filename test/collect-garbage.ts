import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

// V8 gives it to realms that are made from here on.
setFlagsFromString("--expose-gc");

/** Collects all the garbage of this thread's heap, at once. */
export const collectGarbage = runInNewContext("gc") as () => void;
