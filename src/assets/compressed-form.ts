import type { FoundAsset, Manifest } from "./manifest.ts";

/** A compressed form of a file that was uploaded beside it. */
export interface CompressedForm {
  readonly encoding: "br" | "gzip";
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

/** Whether a client takes an encoding, by its `Accept-Encoding` (RFC 9110 §12.5.3). */
export function acceptsEncoding(header: string, encoding: string): boolean {
  let byStar = false;
  for (const entry of header.toLowerCase().split(",", 100)) {
    const [name = "", ...parameters] = entry.split(";").map((part) => part.trim());
    const isRefused = parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter));
    if (name === encoding) return !isRefused;
    if (name === "*") byStar = !isRefused;
  }
  return byStar;
}
