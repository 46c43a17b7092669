import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseAddress } from "../../src/egress/address.ts";
import { isDestination, parseDestination, reaches } from "../../src/egress/destination.ts";

/** Entry, then what it means and what it does not, as "host address port". */
const TABLE: readonly (readonly [entry: string, means: readonly string[], other: readonly string[]])[] = [
  [
    "api.example.com",
    ["api.example.com 192.0.2.1 80", "api.example.com ::1 9"],
    ["example.com 192.0.2.1 80"],
  ],
  ["API.Example.COM.", ["api.example.com 192.0.2.1 80"], ["xapi.example.com 192.0.2.1 80"]],
  ["bücher.example", ["xn--bcher-kva.example 192.0.2.1 80"], []],
  [
    "*.example.com",
    ["a.example.com 192.0.2.1 80", "a.b.example.com 192.0.2.1 80"],
    ["example.com 192.0.2.1 80", "badexample.com 192.0.2.1 80", ".example.com 192.0.2.1 80"],
  ],
  ["*.example.com:443", ["a.example.com 192.0.2.1 443"], ["a.example.com 192.0.2.1 80"]],
  ["*:443", ["any.example 192.0.2.1 443"], ["any.example 192.0.2.1 444"]],
  ["*", ["any.example 192.0.2.1 1"], []],
  [
    "a.example:8000-8999",
    ["a.example 192.0.2.1 8000", "a.example 192.0.2.1 8999"],
    ["a.example 192.0.2.1 9000"],
  ],
  ["192.0.2.0/24", ["a.example 192.0.2.9 80"], ["192.0.2.9 198.51.100.1 80"]],
  ["192.0.2.7", ["a.example 192.0.2.7 80", "a.example ::ffff:192.0.2.7 80"], ["a.example 192.0.2.8 80"]],
  ["192.0.2.7:80", ["a.example 192.0.2.7 80"], ["a.example 192.0.2.7 81"]],
  ["2001:db8::/32", ["a.example 2001:db8::1 80"], ["a.example 2001:db9::1 80"]],
  ["[2001:db8::]/32:80", ["a.example 2001:db8::1 80"], ["a.example 2001:db8::1 81"]],
  ["[::1]:80", ["a.example ::1 80"], ["a.example ::1 81"]],
  ["[::1]", ["a.example ::1 81"], []],
];

for (const [entry, means, other] of TABLE) {
  test(`parseDestination() takes "${entry}" for what it means`, () => {
    const destination = parseDestination(entry);
    const asked = (text: string): boolean => {
      const [host = "", address = "", port] = text.split(" ");
      return reaches(destination, { host, address: parseAddress(address)!, port: Number(port) });
    };
    for (const text of means) assert.ok(asked(text), text);
    for (const text of other) assert.not(asked(text), text);
  });
}

const WRONG =
  " |a b|a.example:|a.example:0|a.example:65536|a.example:9-8|a.example:x|a.example:1-2-3|*.|*a.example|a.*.example|**|http://a.example|a.example/|a@b|2130706433|0x7f.1|127.1|10.0.0.0/33|10.0.0.0/8/8|[10.0.0.1]|[::1|[::1]x|::1%lo|.a.example|a..example|-a.example|a.example#|*.127.1";

test("parseDestination() refuses all else", () => {
  for (const entry of ["", ...WRONG.split("|")]) assert.not(isDestination(entry), entry);
});

test.run();
