import { Blob } from "../blob/blob.ts";
import { File } from "../blob/file.ts";
import { registerDescriber } from "../console/kinds.ts";
import { describeBy } from "../console/platform.ts";
import { FormData, formDataEntries } from "../form-data/form-data.ts";
import { arrayPush } from "../primordials/array.ts";
import { objectCreate, reflectApply } from "../primordials/object.ts";
import { Headers } from "./headers.ts";
import { Request } from "./request.ts";
import { Response } from "./response.ts";

describeBy(Request.prototype, ["method", "url", "headers", "redirect", "bodyUsed"]);
describeBy(Response.prototype, ["status", "statusText", "headers", "ok", "redirected", "url", "bodyUsed"]);
describeBy(Blob.prototype, ["size", "type"]);
describeBy(File.prototype, ["name", "size", "type", "lastModified"]);

const headersForEach = Headers.prototype.forEach;
registerDescriber(Headers.prototype, (value) => {
  const shown = new Pairs();
  reflectApply(headersForEach, value, [(text: string, name: string) => shown.add(name, text)]);
  return shown.byName;
});
registerDescriber(FormData.prototype, (value) => {
  const shown = new Pairs();
  const entries = formDataEntries(value as FormData);
  for (let i = 0; i < entries.length; i++) {
    const { 0: name, 1: entry } = entries[i] as (typeof entries)[number];
    shown.add(name, entry);
  }
  return shown.byName;
});

/** Names with their values; a name that comes again has a list of them. */
class Pairs {
  readonly byName: Record<string, unknown> = objectCreate(null) as Record<string, unknown>;
  readonly #lists: Record<string, unknown[]> = objectCreate(null) as Record<string, unknown[]>;

  add(name: string, value: unknown): void {
    const list = this.#lists[name];
    if (list !== undefined) {
      arrayPush(list, value);
      this.byName[name] = list;
    } else {
      this.#lists[name] = [value];
      this.byName[name] = value;
    }
  }
}
