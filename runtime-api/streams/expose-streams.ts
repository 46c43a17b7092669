import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { streamClasses } from "./stream-classes.ts";
import { STREAM_NAMES } from "./stream-names.ts";

/** Defines the globals of the Streams standard. */
export function exposeStreams(global: object): void {
  for (let i = 0; i < STREAM_NAMES.length; i++) {
    const name = STREAM_NAMES[i] as (typeof STREAM_NAMES)[number];
    objectDefineProperty(global, name, dataDescriptor(streamClasses[name], false));
  }
}
