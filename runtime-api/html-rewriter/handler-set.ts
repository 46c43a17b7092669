import { TypeErrorOf } from "../primordials/errors.ts";
import { Comment } from "./comment.ts";
import { Doctype } from "./doctype.ts";
import { DocumentEnd } from "./document-end.ts";
import { Element } from "./element.ts";
import type { Callback, Engine } from "./engine.ts";
import { handlerCallback } from "./handler-callback.ts";
import { Text } from "./text.ts";

/** The handlers of one call of `on` or `onDocument`. */
export interface HandlerSet {
  /** Undefined for those of the document. */
  readonly selector: string | undefined;
  /** What an engine calls, by what for. */
  callbacks(engine: Engine): Readonly<Record<string, Callback>>;
}

/** By name of the handler: the prefix of the binary's exports for what it gets, and the class of that. */
type Kinds = Readonly<Record<string, { readonly prefix: string; readonly Token: new () => object }>>;

const ELEMENT_KINDS: Kinds = {
  __proto__: null,
  comments: { prefix: "comment", Token: Comment },
  element: { prefix: "element", Token: Element },
  text: { prefix: "textchunk", Token: Text },
} as never;
const DOCUMENT_KINDS: Kinds = {
  __proto__: null,
  comments: { prefix: "comment", Token: Comment },
  doctype: { prefix: "doctype", Token: Doctype },
  end: { prefix: "documentend", Token: DocumentEnd },
  text: { prefix: "textchunk", Token: Text },
} as never;

/**
 * Reads the handlers of a worker's object.
 * @param selector undefined for handlers of the document
 * @throws TypeError if it is no object, or one of its handlers is no function
 */
export function readHandlers(selector: string | undefined, given: unknown): HandlerSet {
  const method = selector === undefined ? "onDocument" : "on";
  if ((typeof given !== "object" || given === null) && typeof given !== "function")
    throw new TypeErrorOf(`HTMLRewriter.${method}(): the handlers are not an object`);
  const kinds = selector === undefined ? DOCUMENT_KINDS : ELEMENT_KINDS;
  const handlers: Record<string, Function> = { __proto__: null } as never;
  for (const name in kinds) {
    const handler: unknown = (given as Record<string, unknown>)[name];
    if (handler === undefined) continue;
    if (typeof handler !== "function")
      throw new TypeErrorOf(`HTMLRewriter.${method}(): the handler "${name}" is not a function`);
    handlers[name] = handler;
  }
  return {
    selector,
    callbacks(engine) {
      const callbacks: Record<string, Callback> = { __proto__: null } as never;
      for (const name in handlers) {
        const { prefix, Token } = kinds[name] as Kinds[string];
        callbacks[name] = handlerCallback(engine, prefix, Token, given, handlers[name] as Function);
      }
      return callbacks;
    },
  };
}
