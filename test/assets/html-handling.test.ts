import { test } from "uvu";
import * as assert from "uvu/assert";
import { intentOf } from "../../src/assets/html-handling.ts";
import { HTML_HANDLINGS, type HtmlHandling, type NotFoundHandling } from "../../src/assets/worker-assets.ts";

/** What a path leads to in a site whose files have their paths as hashes. */
function lead(
  path: string,
  files: readonly string[],
  htmlHandling: HtmlHandling,
  notFoundHandling: NotFoundHandling = "none",
): string {
  const intent = intentOf(path, {
    find: (wanted) => (files.includes(wanted) ? { hash: wanted, sizeBytes: 1, contentType: null } : null),
    htmlHandling,
    notFoundHandling,
  });
  if (intent === null) return "-";
  if ("redirect" in intent) return `> ${intent.redirect}`;
  return intent.status === 200 ? intent.path : `${intent.status} ${intent.path}`;
}

// For each path: what auto, force, drop and none make of it.
type Row = readonly [path: string, auto: string, force: string, drop: string, none: string];

const TABLES: readonly { readonly files: readonly string[]; readonly rows: readonly Row[] }[] = [
  {
    // A page beside a folder of another name, as most sites are.
    files: ["/index.html", "/page.html", "/folder/index.html", "/data.json"],
    rows: [
      ["/", "/index.html", "/index.html", "/index.html", "-"],
      ["/index.html", "> /", "> /", "> /", "/index.html"],
      ["/index", "> /", "> /", "> /", "-"],
      ["/page", "/page.html", "> /page/", "/page.html", "-"],
      ["/page/", "> /page", "/page.html", "> /page", "-"],
      ["/page.html", "> /page", "> /page/", "> /page", "/page.html"],
      ["/page/index", "> /page", "> /page/", "> /page", "-"],
      ["/page/index.html", "> /page", "> /page/", "> /page", "-"],
      ["/folder", "> /folder/", "> /folder/", "/folder/index.html", "-"],
      ["/folder/", "/folder/index.html", "/folder/index.html", "> /folder", "-"],
      ["/folder.html", "> /folder/", "> /folder/", "> /folder", "-"],
      ["/folder/index", "> /folder/", "> /folder/", "> /folder", "-"],
      ["/folder/index.html", "> /folder/", "> /folder/", "> /folder", "/folder/index.html"],
      ["/data.json", "/data.json", "/data.json", "/data.json", "/data.json"],
      ["/data", "-", "-", "-", "-"],
      ["/missing", "-", "-", "-", "-"],
    ],
  },
  {
    // A page and a folder of the same name.
    files: ["/both.html", "/both/index.html"],
    rows: [
      ["/both", "/both.html", "> /both/", "/both.html", "-"],
      ["/both/", "/both/index.html", "/both/index.html", "> /both", "-"],
      ["/both.html", "> /both", "/both.html", "> /both", "/both.html"],
      ["/both/index.html", "> /both/", "> /both/", "/both/index.html", "/both/index.html"],
      ["/both/index", "> /both/", "> /both/", "> /both", "-"],
    ],
  },
  {
    // Files without an ending come first.
    files: ["/bin", "/bin.html", "/index", "/index.html", "/f/index"],
    rows: [
      ["/bin", "/bin", "/bin", "/bin", "/bin"],
      ["/bin.html", "/bin.html", "> /bin/", "/bin.html", "/bin.html"],
      ["/bin/", "-", "/bin.html", "-", "-"],
      ["/index", "/index", "/index", "/index", "/index"],
      ["/f/index", "/f/index", "/f/index", "/f/index", "/f/index"],
      ["/f/", "-", "-", "-", "-"],
    ],
  },
];

for (const [column, handling] of HTML_HANDLINGS.entries()) {
  test(`intentOf leads paths to files with ${handling}`, () => {
    for (const { files, rows } of TABLES)
      for (const [path, ...expected] of rows)
        assert.is(lead(path, files, handling), expected[column], `${path} of ${files.join(" ")}`);
  });
}

test("intentOf gives what notFoundHandling says where nothing fits", () => {
  const files = ["/index.html", "/404.html", "/docs/404.html", "/docs/a.html"];
  const rows: readonly [path: string, spa: string, page: string][] = [
    ["/x", "/index.html", "404 /404.html"],
    ["/docs/x", "/index.html", "404 /docs/404.html"],
    ["/docs/deep/er/x", "/index.html", "404 /docs/404.html"],
    ["/docs/x/", "/index.html", "404 /docs/404.html"],
    ["/docs/a", "/docs/a.html", "/docs/a.html"],
    ["/", "/index.html", "/index.html"],
  ];
  for (const [path, spa, page] of rows) {
    assert.is(lead(path, files, "auto-trailing-slash", "single-page-application"), spa, path);
    assert.is(lead(path, files, "auto-trailing-slash", "404-page"), page, path);
  }
  assert.is(lead("/x", ["/a.html"], "auto-trailing-slash", "404-page"), "-");
  assert.is(lead("/x", ["/a.html"], "none", "single-page-application"), "-");
});

test.run();
