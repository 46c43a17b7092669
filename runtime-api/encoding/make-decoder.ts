import type { part as encodings } from "../parts/encodings.ts";
import { loadPart } from "../parts/load-part.ts";
import type { part as multiByte } from "../parts/multi-byte.ts";
import type { StreamDecoder } from "./stream-decoder.ts";
import { Utf16Decoder } from "./utf16-decoder.ts";
import { Utf8Decoder } from "./utf8-decoder.ts";
import { windows1252 } from "./windows-1252.ts";

/** Makes a decoder of an encoding, by its name as `encodingOf` gives it. The rare ones come as parts of the runtime. */
export function makeDecoder(encoding: string, fatal: boolean): StreamDecoder {
  switch (encoding) {
    case "utf-8":
      return new Utf8Decoder(fatal);
    case "utf-16le":
      return new Utf16Decoder(false, fatal);
    case "utf-16be":
      return new Utf16Decoder(true, fatal);
    case "windows-1252":
      return { decode: windows1252 };
    case "big5":
    case "euc-jp":
    case "euc-kr":
    case "gb18030":
    case "gbk":
    case "iso-2022-jp":
    case "shift_jis":
      return fromPart(fatal, () =>
        loadPart<typeof multiByte>("multi-byte").createMultibyteDecoder(encoding, !fatal),
      );
    default:
      return fromPart(fatal, () =>
        loadPart<typeof encodings>("encodings").createSinglebyteDecoder(encoding, !fatal),
      );
  }
}

/** Some decoders of parts keep their state through an error, so the next call after one has a new decoder. */
function fromPart(
  fatal: boolean,
  make: () => (bytes: Uint8Array, stream?: boolean) => string,
): StreamDecoder {
  let decode = make();
  return {
    decode(bytes, stream) {
      try {
        return decode(bytes, stream);
      } catch (error) {
        if (!fatal) throw error;
        decode = make();
        return null;
      }
    },
  };
}
