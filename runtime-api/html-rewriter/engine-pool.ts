import { arrayPop, arrayPush } from "../primordials/array.ts";
import { Engine } from "./engine.ts";
import type { ImageTools } from "./image-tools.ts";

/** Engines that wait for the next document: making one takes longer than parsing a small page. */
const WAITING = 4;
/** Memory, in bytes, with which an engine is given up: it never gives any back. */
const LARGE_BYTES = 4 * 1024 * 1024;

/** The engines of an isolate that nobody uses. */
export class EnginePool {
  readonly #tools: ImageTools;
  readonly #waiting: Engine[] = [];

  constructor(tools: ImageTools) {
    this.#tools = tools;
  }

  /** @throws RangeError if the isolate's memory has no room for one more */
  take(): Engine {
    return arrayPop(this.#waiting) ?? new Engine(this.#tools);
  }

  /** Takes back an engine that has nothing of a document in it any more. */
  giveBack(engine: Engine): void {
    const isGood = !engine.isBroken && engine.failure === undefined && engine.memoryBytes <= LARGE_BYTES;
    if (isGood && this.#waiting.length < WAITING) arrayPush(this.#waiting, engine);
  }
}
