import { arrayValues } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { EndTag } from "./end-tag.ts";
import { handlerCallback } from "./handler-callback.ts";
import {
  callPiece,
  callWithText,
  pieceText,
  pieceValue,
  putContent,
  requireLive,
  shapeToken,
  takePiece,
} from "./token.ts";
import type { Piece } from "./token.ts";

/** An element of the document, as handlers of `element` get it. */
export class Element {
  readonly #piece: Piece = takePiece();

  get tagName(): string {
    return pieceText(this.#piece, "tag_name");
  }

  set tagName(name: string) {
    callWithText(this.#piece, "set_tag_name", name);
  }

  /** Name and value of each attribute, as they are now. */
  get attributes(): ArrayIterator<[string, string]> {
    return arrayValues(pieceValue(this.#piece, "attributes") as [string, string][]);
  }

  get removed(): boolean {
    return callPiece(this.#piece, "removed") !== 0;
  }

  get namespaceURI(): string {
    return pieceValue(this.#piece, "namespace_uri") as string;
  }

  getAttribute(name: string): string | null {
    const { heap } = this.#piece.engine;
    return (heap.take(callWithText(this.#piece, "getAttribute", name)) as string | null | undefined) ?? null;
  }

  hasAttribute(name: string): boolean {
    return callWithText(this.#piece, "hasAttribute", name) !== 0;
  }

  setAttribute(name: string, value: string): this {
    callWithText(this.#piece, "setAttribute", name, value);
    return this;
  }

  removeAttribute(name: string): this {
    callWithText(this.#piece, "removeAttribute", name);
    return this;
  }

  before(content: string, options?: object): this {
    putContent(this.#piece, "before", content, options);
    return this;
  }

  after(content: string, options?: object): this {
    putContent(this.#piece, "after", content, options);
    return this;
  }

  prepend(content: string, options?: object): this {
    putContent(this.#piece, "prepend", content, options);
    return this;
  }

  append(content: string, options?: object): this {
    putContent(this.#piece, "append", content, options);
    return this;
  }

  replace(content: string, options?: object): this {
    putContent(this.#piece, "replace", content, options);
    return this;
  }

  setInnerContent(content: string, options?: object): this {
    putContent(this.#piece, "setInnerContent", content, options);
    return this;
  }

  remove(): this {
    callPiece(this.#piece, "remove");
    return this;
  }

  removeAndKeepContent(): this {
    callPiece(this.#piece, "removeAndKeepContent");
    return this;
  }

  /** Calls `handler` with the element's end tag. A later call takes the place of an earlier one. */
  onEndTag(handler: (endTag: EndTag) => unknown): void {
    const piece = this.#piece;
    if (typeof handler !== "function") throw new TypeErrorOf("onEndTag(): the handler is not a function");
    requireLive(piece);
    const callback = handlerCallback(piece.engine, "endtag", EndTag, undefined, handler);
    callPiece(piece, "onEndTag", [piece.engine.heap.add(callback)]);
  }
}
shapeToken(Element, "Element");
