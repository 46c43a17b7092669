import { putContent, shapeToken, takePiece } from "./token.ts";
import type { Piece } from "./token.ts";

/** The end of the document, as handlers of `end` get it. */
export class DocumentEnd {
  readonly #piece: Piece = takePiece();

  append(content: string, options?: object): this {
    putContent(this.#piece, "append", content, options);
    return this;
  }
}
shapeToken(DocumentEnd, "DocumentEnd");
