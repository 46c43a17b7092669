test("the ends of a pair talk and close", async () => {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  client.accept();
  const closed = new Promise((resolve) => client.addEventListener("close", resolve));
  const answer = new Promise((resolve) => client.addEventListener("message", ({ data }) => resolve(data)));
  server.addEventListener("message", ({ data }) => server.send(`${data}!`));
  client.send("hello");
  equal(await answer, "hello!");
  server.close(4_000, "enough");
  const { code, reason } = await closed;
  equal([code, reason], [4_000, "enough"]);
});
test("what is no address, protocol or code throws", () => {
  throws("SyntaxError", () => new WebSocket("ftp://x/"));
  throws("SyntaxError", () => new WebSocket("ws://x/", ["a", "a"]));
  const [socket] = Object.values(new WebSocketPair());
  socket.accept();
  throws("InvalidAccessError", () => socket.close(999));
  throws("SyntaxError", () => socket.close(4_000, "x".repeat(124)));
});
test("only a response with a socket has status 101", () => {
  throws("RangeError", () => new Response(null, { status: 101 }));
  const [client] = Object.values(new WebSocketPair());
  equal(new Response(null, { status: 101, webSocket: client }).status, 101);
});
