import { Blob, blobBytes, blobOf } from "../blob/blob.ts";
import "../blob/clone-blob.ts";
import { contentOfUrl, createObjectUrl, revokeObjectUrl } from "../blob/object-urls.ts";
import { File } from "../blob/file.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import "./describe-forms.ts";
import { FormData, formDataEntries, isFormData } from "./form-data.ts";
import { forms } from "./late-forms.ts";
import { encodeMultipart } from "./multipart-encode.ts";
import { parseMultipart } from "./multipart-parse.ts";
import { parseUrlencoded } from "./urlencoded-parse.ts";

forms.provide({
  blobBytes,
  blobOf,
  isForm: isFormData,
  encode: (form) => encodeMultipart(formDataEntries(form)),
  parseMultipart,
  parseUrlencoded,
  createObjectUrl,
  revokeObjectUrl,
  contentOfUrl,
});

/** Defines the globals of blobs and forms. Evaluated late, see `late-forms.ts`. */
export function exposeForms(global: object): void {
  objectDefineProperty(global, "Blob", dataDescriptor(Blob, false));
  objectDefineProperty(global, "File", dataDescriptor(File, false));
  objectDefineProperty(global, "FormData", dataDescriptor(FormData, false));
}
