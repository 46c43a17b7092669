import { callPiece, callWithText, pieceText, putContent, shapeToken, takePiece } from "./token.ts";
import type { Piece } from "./token.ts";

/** A comment of the document, as handlers of `comments` get it. */
export class Comment {
  readonly #piece: Piece = takePiece();

  get text(): string {
    return pieceText(this.#piece, "text");
  }

  set text(text: string) {
    callWithText(this.#piece, "set_text", text);
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
shapeToken(Comment, "Comment");
