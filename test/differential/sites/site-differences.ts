import type { Difference } from "../differences.ts";

/** Where static assets differ. */
export const SITE_DIFFERENCES: readonly Difference[] = [
  {
    reason:
      "Static assets: ranges are answered by the host; on Cloudflare the cache in front does it, and the asset worker gives all of the file",
    at: [
      "ranges//about first bytes/*",
      "ranges//about from a byte on/*",
      "ranges//about last bytes/*",
      "ranges//about beyond the end/*",
      "ranges//about if the tag holds/*",
    ],
  },
  {
    reason:
      "RFC 9110: `If-None-Match` of static assets is a list, and `*` stands for any; the asset worker compares all of it with the one tag",
    at: [
      "conditional//about with its tag among others/*",
      "conditional//about with a star/*",
      "conditional/HEAD /about with its tag among others/*",
      "conditional/HEAD /about with a star/*",
    ],
  },
  {
    reason:
      "A binding is asked for `http:` and `https:` URLs; workerd answers a `data:` URL before it is asked",
    at: ["binding-404-page//data/body"],
  },
];
