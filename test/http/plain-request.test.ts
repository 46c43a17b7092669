import { test } from "uvu";
import * as assert from "uvu/assert";
import { readPlainRequest } from "../../src/http/plain-request.ts";

const MOST = 1_000;
const HOST = "Host: a\r\n";

function read(text: string): ReturnType<typeof readPlainRequest> {
  return readPlainRequest(Buffer.from(text, "latin1"), MOST);
}

test("readPlainRequest() gives target and headers as they came, values without the space around them", () => {
  assert.equal(read("GET /a%20b?c=d HTTP/1.1\r\nHost: A:80\r\nX-A:1\r\nx-a: \t 2 \r\nX-Empty:\r\n\r\n"), {
    method: "GET",
    url: "/a%20b?c=d",
    rawHeaders: ["Host", "A:80", "X-A", "1", "x-a", "2", "X-Empty", ""],
    body: null,
    isLast: false,
  });
});

test("readPlainRequest() gives a body in a buffer of its own", () => {
  const all = Buffer.from(`POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\na\0b`, "latin1");
  const { body } = readPlainRequest(all, MOST)!;
  all.fill(0);
  assert.equal([...body!], [97, 0, 98]);
  assert.is(body!.buffer.byteLength, 3);
  assert.is(Object.getPrototypeOf(body), Uint8Array.prototype);
  assert.is(read(`POST / HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`)!.body!.length, 0);
  assert.is(read(`DELETE / HTTP/1.1\r\n${HOST}\r\n`)!.body, null);
});

test("readPlainRequest() knows what is to become of the connection", () => {
  assert.is(read(`GET / HTTP/1.1\r\n${HOST}Connection: Close\r\n\r\n`)!.isLast, true);
  assert.is(read(`GET / HTTP/1.1\r\n${HOST}Connection: Keep-Alive\r\n\r\n`)!.isLast, false);
});

const OTHERS: readonly (readonly [what: string, text: string])[] = [
  ["nothing", ""],
  ["half a head", `GET / HTTP/1.1\r\n${HOST}`],
  ["a head without a header", "GET / HTTP/1.1\r\n\r\n"],
  ["an empty line before it", `\r\nGET / HTTP/1.1\r\n${HOST}\r\n`],
  ["two requests", `GET / HTTP/1.1\r\n${HOST}\r\n`.repeat(2)],
  ["one byte more", `GET / HTTP/1.1\r\n${HOST}\r\nG`],
  ["a body that is too short", `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nab`],
  ["a body that is too long", `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabcd`],
  ["a body without a length", `POST / HTTP/1.1\r\n${HOST}\r\nabcd`],
  ["a length of a GET", `GET / HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`],
  ["two lengths", `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\ncontent-length: 1\r\n\r\na`],
  ["a list of lengths", `POST / HTTP/1.1\r\n${HOST}Content-Length: 1, 1\r\n\r\na`],
  ["a length with a sign", `POST / HTTP/1.1\r\n${HOST}Content-Length: +1\r\n\r\na`],
  ["a length without a number", `POST / HTTP/1.1\r\n${HOST}Content-Length:\r\n\r\n`],
  ["chunks", `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ["an unknown coding", `POST / HTTP/1.1\r\n${HOST}TRANSFER-ENCODING: x\r\n\r\n`],
  ["an expectation", `POST / HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 0\r\n\r\n`],
  ["an upgrade", `GET / HTTP/1.1\r\n${HOST}Upgrade: x\r\n\r\n`],
  ["another connection header", `GET / HTTP/1.1\r\n${HOST}Connection: close, x\r\n\r\n`],
  ["HTTP/1.0", `GET / HTTP/1.0\r\n${HOST}\r\n`],
  ["HTTP/1.10", `GET / HTTP/1.10\r\n${HOST}\r\n`],
  ["an absolute target", `GET http://a/ HTTP/1.1\r\n${HOST}\r\n`],
  ["an asterisk", `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`],
  ["a fragment", `GET /#a HTTP/1.1\r\n${HOST}\r\n`],
  ["two spaces", `GET  / HTTP/1.1\r\n${HOST}\r\n`],
  ["a tab for a space", `GET\t/ HTTP/1.1\r\n${HOST}\r\n`],
  ["a method in lower case", `get / HTTP/1.1\r\n${HOST}\r\n`],
  ["another method", `TRACE / HTTP/1.1\r\n${HOST}\r\n`],
  ["a byte above ASCII in the target", `GET /\xe4 HTTP/1.1\r\n${HOST}\r\n`],
  ["a byte above ASCII in a value", `GET / HTTP/1.1\r\n${HOST}X: \xe4\r\n\r\n`],
  ["a NUL in a value", `GET / HTTP/1.1\r\n${HOST}X: \0\r\n\r\n`],
  ["a bare CR", `GET / HTTP/1.1\r\n${HOST}X: a\rb: c\r\n\r\n`],
  ["a bare LF", `GET / HTTP/1.1\r\n${HOST}X: a\nb: c\r\n\r\n`],
  ["lines that end with LF", "GET / HTTP/1.1\nHost: a\n\r\n\r\n"],
  ["a folded line", `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`],
  ["a space before the colon", `GET / HTTP/1.1\r\n${HOST}X : a\r\n\r\n`],
  ["a space before the name", `GET / HTTP/1.1\r\n X: a\r\n${HOST}\r\n`],
  ["a line without a colon", `GET / HTTP/1.1\r\n${HOST}X\r\n\r\n`],
  ["a name that is empty", `GET / HTTP/1.1\r\n${HOST}: a\r\n\r\n`],
  ["a name that is no token", `GET / HTTP/1.1\r\n${HOST}X(a): a\r\n\r\n`],
  ["a head that is too long", `GET / HTTP/1.1\r\n${HOST}X: ${"a".repeat(MOST)}\r\n\r\n`],
];

for (const [what, text] of OTHERS) {
  test(`readPlainRequest() leaves to Node: ${what}`, () => assert.is(read(text), null));
}

test.run();
