import { defineInterface } from "../globals/define.ts";
import { TextDecoderStream } from "./text-decoder-stream.ts";
import { TextEncoderStream } from "./text-encoder-stream.ts";

/** Defines the two streams of the Encoding standard. */
export function exposeTextStreams(global: object): void {
  defineInterface(global, "TextEncoderStream", TextEncoderStream);
  defineInterface(global, "TextDecoderStream", TextDecoderStream);
}
