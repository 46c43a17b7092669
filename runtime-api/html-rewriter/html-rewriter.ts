import { arrayPush, arraySlice } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { stringToWellFormed } from "../primordials/string.ts";
import { EnginePool } from "./engine-pool.ts";
import { readHandlers } from "./handler-set.ts";
import type { HandlerSet } from "./handler-set.ts";
import type { ImageTools } from "./image-tools.ts";
import { Rewriting } from "./rewriting.ts";
import { Transform } from "./transform.ts";

/** Makes the class `HTMLRewriter` of Cloudflare Workers. */
export function makeHTMLRewriter(tools: ImageTools): Function {
  const pool = new EnginePool(tools);

  /** @throws TypeError if the selector does not parse */
  function requireSelector(selector: string): void {
    const engine = pool.take();
    new Rewriting(engine, [{ selector, callbacks: () => ({}) }]).free();
    pool.giveBack(engine);
  }

  return class HTMLRewriter {
    readonly #handlers: HandlerSet[] = [];

    /** Adds handlers of the elements that a CSS selector matches, and of what is in them. */
    on(selector: string, handlers: object): this {
      const own = this.#handlers;
      if (arguments.length < 2) throw new TypeErrorOf("HTMLRewriter.on(): 2 arguments required");
      const text = stringToWellFormed(`${selector}`);
      const set = readHandlers(text, handlers);
      requireSelector(text);
      arrayPush(own, set);
      return this;
    }

    /** Adds handlers of the whole document. */
    onDocument(handlers: object): this {
      arrayPush(this.#handlers, readHandlers(undefined, handlers));
      return this;
    }

    /**
     * The response with a body that is rewritten as it is read. Status and headers stay, but for the length. A body in
     * another encoding than UTF-8 comes out as UTF-8, and its content type says so.
     */
    transform(response: object): object {
      const handlers = arraySlice(this.#handlers);
      const source = tools.take(response);
      if (source === undefined) return response;
      return source.respond(new Transform(tools, pool, source, handlers));
    }
  };
}
