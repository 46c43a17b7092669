import { test } from "uvu";
import * as assert from "uvu/assert";
import type { MessageSocket, SocketHandler } from "../../src/websocket/message-socket.ts";
import { socketPair } from "../../src/websocket/socket-pair.ts";

const soon = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

/** What an end is told, one line each. */
function listen(end: MessageSocket): string[] {
  const told: string[] = [];
  const handler: SocketHandler = {
    message: (data) => void told.push(typeof data === "string" ? data : `bytes ${data.length}`),
    part: (isText, isLast, bytes) =>
      void told.push(`part ${isText ? "text" : "bytes"} ${bytes.length}${isLast ? " last" : ""}`),
    sent: (cost) => void told.push(`sent ${cost}`),
    closed: (code, reason, wasClean) => void told.push(`closed ${code} ${reason} ${wasClean}`),
  };
  end.start(handler);
  return told;
}

test("socketPair hands on what the other end's credit allows, and tells when it was taken", async () => {
  const [a, b] = socketPair(1_000, 1_000);
  a.send("early");
  const [atA, atB] = [listen(a), listen(b)];
  await soon();
  assert.equal([atA, atB], [[], []]);
  b.grant(1);
  await soon();
  assert.equal([atA, atB], [["sent 261"], ["early"]]);
  a.send(new Uint8Array(3));
  a.sendPart(true, false, new Uint8Array(2));
  a.sendPart(true, true, new Uint8Array(1));
  await soon();
  assert.is(atB.length, 1);
  b.grant(10_000);
  await soon();
  assert.equal(atB.slice(1), ["bytes 3", "part text 2", "part text 1 last"]);
  assert.equal(atA.slice(1), ["sent 259", "sent 258", "sent 257"]);
});

test("socketPair closes behind what was sent, for both ends, and throws away what comes against it", async () => {
  const [a, b] = socketPair(1_000, 1_000);
  const [atA, atB] = [listen(a), listen(b)];
  a.send("last");
  a.close(3_000, "bye");
  b.send("against it");
  await soon();
  assert.equal(atB, ["sent 266"]);
  b.grant(1_000);
  await soon();
  assert.equal(atB, ["sent 266", "last", "closed 3000 bye true"]);
  assert.equal(atA, ["closed 3000 bye true"]);
  a.send("after");
  b.close(1_000, "");
  await soon();
  assert.is(atB.length, 3);
  const [c, d] = socketPair(10, 10);
  c.close(0, "");
  await soon();
  const late = listen(d);
  await soon();
  assert.equal(late, ["closed 1005  true"]);
});

test("socketPair ends a connection whose message is too long for its other end, and one that is cut", async () => {
  const [a, b] = socketPair(1_000, 5);
  const [atA, atB] = [listen(a), listen(b)];
  b.grant(10_000);
  a.sendPart(false, false, new Uint8Array(3));
  a.sendPart(false, true, new Uint8Array(3));
  await soon();
  assert.equal(atA.at(-1), "closed 1009 the message is too long true");
  assert.equal(atB.at(-1), "closed 1006  false");
  const [c, d] = socketPair(10, 10);
  const [atC, atD] = [listen(c), listen(d)];
  c.terminate();
  await soon();
  assert.equal([atC, atD], [["closed 1006  false"], ["closed 1006  false"]]);
});

test.run();
