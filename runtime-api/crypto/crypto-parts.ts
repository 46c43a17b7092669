import { LatePart } from "../globals/late-part.ts";
import type * as DigestStreams from "./digest-stream.ts";
import type * as Subtle from "./subtle-crypto.ts";
import type * as Pieces from "./subtle/digest-pieces.ts";
import type * as Methods from "./subtle/methods.ts";

/** `crypto.subtle` itself, and digests. */
export const subtlePart: LatePart<Pick<typeof Subtle, "subtle" | "SubtleCrypto">> = new LatePart(
  "Web Crypto",
);

/** What works with keys. */
export const keysPart: LatePart<typeof Methods & Pick<typeof Pieces, "digestPieces">> = new LatePart(
  "Web Crypto's keys",
);

export const digestStreamPart: LatePart<Pick<typeof DigestStreams, "DigestStream">> = new LatePart(
  "DigestStream",
);
