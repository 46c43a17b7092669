import { Blob } from "../blob/blob.ts";
import "../blob/clone-blob.ts";
import { File } from "../blob/file.ts";
import { refuseClone } from "../clone/kinds.ts";
import { FormData } from "../form-data/form-data.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import "./describe.ts";
import { fetch } from "./fetch.ts";
import { Headers } from "./headers.ts";
import { Request } from "./request.ts";
import { Response } from "./response.ts";

/** Defines blobs, forms and fetch on the global object, with the attributes of Web IDL. */
export function exposeFetch(global: object): void {
  const classes = { Blob, File, FormData, Headers, Request, Response };
  for (const [name, value] of Object.entries(classes)) {
    objectDefineProperty(global, name, dataDescriptor(value, false));
    refuseClone(value.prototype);
  }
  objectDefineProperty(fetch, "name", {
    value: "fetch",
    configurable: true,
    enumerable: false,
    writable: false,
  });
  objectDefineProperty(fetch, "length", { value: 1, configurable: true, enumerable: false, writable: false });
  objectDefineProperty(global, "fetch", dataDescriptor(fetch, true));
}
