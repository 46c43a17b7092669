import { registerCloneable } from "../clone/kinds.ts";
import { Blob, blobBytes, blobOf } from "./blob.ts";
import { File, fileOf, isFile } from "./file.ts";

function cloneBlob(value: object): Blob {
  const bytes = blobBytes(value);
  if (bytes === undefined)
    throw new TypeError("Cannot clone an object that only has the prototype of a Blob");
  const { type } = value as Blob;
  // Blobs never change, so the copy shares the memory.
  return isFile(value) ? fileOf(bytes, value.name, type, value.lastModified) : blobOf(bytes, type);
}

registerCloneable(Blob.prototype, cloneBlob);
registerCloneable(File.prototype, cloneBlob);
