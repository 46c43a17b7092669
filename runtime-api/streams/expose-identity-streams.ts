import { defineInterface } from "../globals/define.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { FixedLengthStream } from "./fixed-length-stream.ts";
import { IdentityTransformStream } from "./identity-transform-stream.ts";

/** Defines the transforms that Workers have beside those of the Streams standard. */
export function exposeIdentityStreams(global: object): void {
  objectDefineProperty(IdentityTransformStream, "length", dataDescriptor(0, false, false));
  objectDefineProperty(FixedLengthStream, "length", dataDescriptor(1, false, false));
  defineInterface(global, "IdentityTransformStream", IdentityTransformStream);
  defineInterface(global, "FixedLengthStream", FixedLengthStream);
}
