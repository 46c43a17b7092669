export default {
  async WebSocketPair(see) {
    const pair = new WebSocketPair();
    see("keys", Object.keys(pair));
    see(
      "destructured",
      (() => {
        const [a, b] = Object.values(pair);
        return [a instanceof WebSocket, b instanceof WebSocket];
      })(),
    );
    see("states", [pair[0].readyState, pair[1].readyState]);
    see("send before accept", () => pair[0].send("x"));
    pair[0].accept();
    pair[1].accept();
    see("accepted", [
      pair[0].readyState,
      pair[0].url,
      pair[0].protocol,
      pair[0].extensions,
      pair[0].binaryType,
    ]);
    await see(
      "message",
      new Promise((resolve) => {
        pair[1].addEventListener("message", (e) => resolve([e.type, e.data]));
        pair[0].send("hello");
      }),
    );
    await see(
      "bytes",
      new Promise((resolve) => {
        pair[1].addEventListener("message", (e) => resolve(e.data));
        pair[0].send(new Uint8Array([1, 2]));
      }),
    );
    await see(
      "close",
      new Promise((resolve) => {
        pair[1].addEventListener("close", (e) => resolve([e.code, e.reason, e.wasClean]));
        pair[0].close(4001, "bye");
      }),
    );
    see("send after close", () => pair[0].send("x"));
    see("accept twice", () => pair[0].accept());
  },
  "arguments of close"(see) {
    const make = () => {
      const [a, b] = Object.values(new WebSocketPair());
      a.accept();
      b.accept();
      return a;
    };
    for (const args of [
      [],
      [1000],
      [1001],
      [1005],
      [1006],
      [2999],
      [3000],
      [4999],
      [5000],
      [1000, "x".repeat(124)],
      [undefined, "r"],
      ["1000"],
    ])
      see(JSON.stringify(args).slice(0, 30), () => make().close(...args));
  },
  "the WebSocket constructor"(see) {
    see("relative", () => new WebSocket("/x"));
    see("http", () => new WebSocket("http://a.test/").url);
    see("fragment", () => new WebSocket("ws://a.test/#x"));
    see("odd scheme", () => new WebSocket("ftp://a.test/"));
    see("bad protocol", () => new WebSocket("ws://a.test", "a b"));
    see("constants", [
      WebSocket.CONNECTING,
      WebSocket.OPEN,
      WebSocket.CLOSING,
      WebSocket.CLOSED,
      WebSocket.READY_STATE_OPEN,
    ]);
  },
  attachments(see) {
    const [a] = Object.values(new WebSocketPair());
    see("none", a.deserializeAttachment());
    a.serializeAttachment({ x: [1] });
    see("back", a.deserializeAttachment());
    see("function", () => a.serializeAttachment(() => {}));
    see("large", () => a.serializeAttachment("x".repeat(20_000)));
  },
  WebSocketRequestResponsePair(see) {
    const p = new WebSocketRequestResponsePair("a", "b");
    see("all", [p.request, p.response]);
  },
  "a response with a socket"(see) {
    const [client] = Object.values(new WebSocketPair());
    const r = new Response(null, { status: 101, webSocket: client });
    see("all", [r.status, r.webSocket === client, r.body]);
    see("other status", () => new Response(null, { status: 200, webSocket: client }).status);
    see("odd", () => new Response(null, { status: 101, webSocket: {} }));
  },
  "an echo"(see, request) {
    if (request.headers.get("upgrade") !== "websocket")
      return new Response("expected a socket", { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener("message", (e) => {
      if (e.data === "bye") server.close(4005, "as asked");
      else if (e.data === "bytes") server.send(new Uint8Array([1, 2, 3]));
      else server.send(`echo ${typeof e.data} ${e.data}`);
    });
    return new Response(null, { status: 101, webSocket: client });
  },
  "a socket with a protocol"(see, request) {
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.send(`asked for ${request.headers.get("sec-websocket-protocol")}`);
    server.close(1000, "done");
    return new Response(null, { status: 101, webSocket: client, headers: { "sec-websocket-protocol": "b" } });
  },
  "a client that closes"(see, request) {
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener("close", (e) => console.log("closed", e.code, e.reason, e.wasClean));
    return new Response(null, { status: 101, webSocket: client });
  },
  "a socket that was not asked for"() {
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    return new Response(null, { status: 101, webSocket: client });
  },
  "no socket for one who asks": () => new Response("no", { status: 403 }),
  "a handler that throws after it accepted"() {
    const [, server] = Object.values(new WebSocketPair());
    server.accept();
    throw new TypeError("after accept");
  },
};
export const requests = {
  "an echo": [
    { name: "without an upgrade" },
    { name: "texts", socket: { send: ["one", "two", "bye"] } },
    { name: "bytes", socket: { send: ["bytes", "bye"] } },
  ],
  "a socket with a protocol": { socket: { send: [], protocols: ["a", "b"] } },
  "a client that closes": { socket: { send: [], close: [4100, "client says"] } },
  "no socket for one who asks": { socket: { send: [] } },
  "a handler that throws after it accepted": { socket: { send: [] } },
};
