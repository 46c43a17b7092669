import type { Coding } from "../egress/coding.ts";
import type { FoundAsset, Manifest } from "./manifest.ts";

/** A compressed form of a file that was uploaded beside it. */
export interface CompressedForm {
  readonly encoding: Coding;
  readonly file: FoundAsset;
}

/** Types that compression makes smaller: only there a file named `x.gz` is taken for the same as `x`. */
const COMPRESSIBLE =
  /^(?:text\/|application\/(?:javascript|json|xml|wasm|manifest\+json|[\w.-]+\+(?:json|xml)|x-javascript)|image\/svg\+xml|font\/(?:ttf|otf))/;
/** By preference. */
const FORMS = [
  { encoding: "br", ending: ".br" },
  { encoding: "gzip", ending: ".gz" },
] as const;

/**
 * The smaller forms of a file that the site has, `app.js.br` and `app.js.gz` beside `app.js`, best first. One that is not
 * smaller than the file does not count.
 */
export function compressedForms(manifest: Manifest, path: string, file: FoundAsset): CompressedForm[] {
  if (file.contentType === null || !COMPRESSIBLE.test(file.contentType)) return [];
  return FORMS.flatMap(({ encoding, ending }) => {
    const form = manifest.find(path + ending);
    return form === null || form.sizeBytes >= file.sizeBytes ? [] : [{ encoding, file: form }];
  });
}
