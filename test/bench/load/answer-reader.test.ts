import { test } from "uvu";
import * as assert from "uvu/assert";
import { AnswerReader } from "../../../bench/load/answer-reader.ts";

const WITH_LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const CHUNKED = "HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";

for (const [name, text, status] of [
  ["a length", WITH_LENGTH, 200],
  ["chunks", CHUNKED, 503],
] as const) {
  test(`an answer with ${name} is whole at its last byte, however it is cut`, () => {
    for (let cut = 1; cut < text.length; cut++) {
      const reader = new AnswerReader();
      assert.is(reader.push(text.slice(0, cut)), null);
      assert.equal(reader.push(text.slice(cut)), { status, body: "hello" });
      assert.equal(reader.push(text), { status, body: "hello" });
    }
  });
}

test.run();
