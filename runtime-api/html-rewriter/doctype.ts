import { pieceValue, shapeToken, takePiece } from "./token.ts";
import type { Piece } from "./token.ts";

/** The doctype of the document, as handlers of `doctype` get it. */
export class Doctype {
  readonly #piece: Piece = takePiece();

  get name(): string | null {
    return (pieceValue(this.#piece, "name") as string | null | undefined) ?? null;
  }

  get publicId(): string | null {
    return (pieceValue(this.#piece, "public_id") as string | null | undefined) ?? null;
  }

  get systemId(): string | null {
    return (pieceValue(this.#piece, "system_id") as string | null | undefined) ?? null;
  }
}
shapeToken(Doctype, "Doctype");
