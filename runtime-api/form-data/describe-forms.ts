import { Blob } from "../blob/blob.ts";
import { File } from "../blob/file.ts";
import { Pairs } from "../console/pairs.ts";
import { registerDescriber } from "../console/kinds.ts";
import { describeBy } from "../console/platform.ts";
import { FormData, formDataEntries } from "./form-data.ts";

describeBy(Blob.prototype, ["size", "type"]);
describeBy(File.prototype, ["name", "size", "type", "lastModified"]);

registerDescriber(FormData.prototype, (value) => {
  const shown = new Pairs();
  const entries = formDataEntries(value as FormData);
  for (let i = 0; i < entries.length; i++) {
    const { 0: name, 1: entry } = entries[i] as (typeof entries)[number];
    shown.add(name, entry);
  }
  return shown.byName;
});
