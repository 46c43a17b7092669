import { defineFunction } from "../globals/define.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import "./describe.ts";
import { fetch } from "./fetch.ts";
import { Headers } from "./headers.ts";
import { Request } from "./request.ts";
import { Response } from "./response.ts";

/** Defines fetch and its classes on the global object, with the attributes of Web IDL. */
export function exposeFetch(global: object): void {
  objectDefineProperty(global, "Headers", dataDescriptor(Headers, false));
  objectDefineProperty(global, "Request", dataDescriptor(Request, false));
  objectDefineProperty(global, "Response", dataDescriptor(Response, false));
  objectDefineProperty(fetch, "length", dataDescriptor(1, false, false));
  defineFunction(global, "fetch", fetch);
}
