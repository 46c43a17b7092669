import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseConfigDocument } from "../../../src/config/document/parse-document.ts";

const TEXT = `name = "a" # [x]
a.b = 1
desc = """
[not]
k = 1
"""
list = [
  { binding = "A", id = 7 }, # {
  { binding = "B", props = { x = [1, [2,
   3]] } },
]
when = 1979-05-27 07:32:00
[[services]]
binding = "X"
[services.props]
z = 1
[[services]]
binding = 'Y'
"quo.ted" = true
[env.prod]
vars = { "A B" = 1 }
[[env.prod.kv]]
id = 1
[[env.prod.kv]]
id = 2
`;

test("positionOf finds keys, tables and elements of a TOML document wherever they are", () => {
  const { positionOf } = parseConfigDocument("x.toml", TEXT);
  const cases: readonly (readonly [(string | number)[], string])[] = [
    [["name"], "1:1"],
    [["a", "b"], "2:1"],
    [["desc"], "3:1"],
    [["list"], "7:1"],
    [["list", 0, "id"], "8:20"],
    [["list", 1, "props", "x", 1, 1], "10:4"],
    [["when"], "12:1"],
    [["services"], "13:1"],
    [["services", 0, "props", "z"], "16:1"],
    [["services", 1, "binding"], "18:1"],
    [["services", 1, "quo.ted"], "19:1"],
    [["env", "prod"], "20:1"],
    [["env", "prod", "vars", "A B"], "21:10"],
    [["env", "prod", "kv", 1, "id"], "25:1"],
  ];
  for (const [path, expected] of cases) {
    const place = positionOf(path);
    assert.is(`${place?.line}:${place?.column}`, expected, path.join("."));
  }
  assert.is(positionOf(["k"]), undefined);
});

test("documents that are nested absurdly deep are refused, whatever their kind", () => {
  const deep = "[".repeat(100_000);
  for (const [file, text] of [
    ["a.toml", `a = ${deep}`],
    ["a.json", `{"a": ${deep}`],
    ["a.json", `{"a": ${deep}${"]".repeat(100_000)}}`],
  ] as const) {
    const refused = (): unknown => parseConfigDocument(file, text);
    assert.throws(refused, (error: { code?: string }) => error.code === "INVALID_CONFIG");
  }
});

test.run();
