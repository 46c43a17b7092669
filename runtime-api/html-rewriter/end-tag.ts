import { callPiece, callWithText, pieceText, putContent, shapeToken, takePiece } from "./token.ts";
import type { Piece } from "./token.ts";

/** The end tag of an element, as handlers of `onEndTag` get it. */
export class EndTag {
  readonly #piece: Piece = takePiece();

  get name(): string {
    return pieceText(this.#piece, "name");
  }

  set name(name: string) {
    callWithText(this.#piece, "set_name", name);
  }

  before(content: string, options?: object): this {
    putContent(this.#piece, "before", content, options);
    return this;
  }

  after(content: string, options?: object): this {
    putContent(this.#piece, "after", content, options);
    return this;
  }

  remove(): this {
    callPiece(this.#piece, "remove");
    return this;
  }
}
shapeToken(EndTag, "EndTag");
