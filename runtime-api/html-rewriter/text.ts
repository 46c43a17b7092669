import { callPiece, pieceText, putContent, shapeToken, takePiece } from "./token.ts";
import type { Piece } from "./token.ts";

/** A piece of a text of the document, as handlers of `text` get it. */
export class Text {
  readonly #piece: Piece = takePiece();

  get text(): string {
    return pieceText(this.#piece, "text");
  }

  /** Whether the text ends with this piece, which may be empty. */
  get lastInTextNode(): boolean {
    return callPiece(this.#piece, "last_in_text_node") !== 0;
  }

  get removed(): boolean {
    return callPiece(this.#piece, "removed") !== 0;
  }

  before(content: string, options?: object): this {
    putContent(this.#piece, "before", content, options);
    return this;
  }

  after(content: string, options?: object): this {
    putContent(this.#piece, "after", content, options);
    return this;
  }

  replace(content: string, options?: object): this {
    putContent(this.#piece, "replace", content, options);
    return this;
  }

  remove(): this {
    callPiece(this.#piece, "remove");
    return this;
  }
}
shapeToken(Text, "Text");
