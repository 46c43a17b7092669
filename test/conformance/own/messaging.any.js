test("ports carry clones both ways, in order", async () => {
  const { port1, port2 } = new MessageChannel();
  const seen = [];
  const done = new Promise((resolve) => {
    port1.onmessage = ({ data }) => {
      seen.push(data);
      if (data === "end") resolve();
    };
  });
  port2.onmessage = ({ data }) => port2.postMessage(data);
  port1.postMessage({ a: [1] });
  port1.postMessage("end");
  await done;
  equal(seen, [{ a: [1] }, "end"]);
  throws("DataCloneError", () => port1.postMessage(() => {}));
  port1.close();
});
test("ports and streams travel; what came before they arrived is not lost", async () => {
  const [outer, inner] = [new MessageChannel(), new MessageChannel()];
  inner.port1.postMessage("early");
  const stream = streamOf("chunk");
  outer.port1.postMessage({ stream }, [inner.port2, stream]);
  const { data, ports } = await new Promise((resolve) => {
    outer.port2.onmessage = resolve;
  });
  equal((await data.stream.getReader().read()).value, "chunk");
  equal(stream.locked, true);
  const early = new Promise((resolve) => {
    ports[0].onmessage = (event) => resolve(event.data);
  });
  equal(await early, "early");
  throws("DataCloneError", () => outer.port1.postMessage(null, [inner.port2]));
});
test("channels of one name hear each other", async () => {
  const [first, second] = [new BroadcastChannel("news"), new BroadcastChannel("news")];
  const heard = new Promise((resolve) => {
    second.onmessage = ({ data }) => resolve(data);
  });
  first.postMessage({ a: [1] });
  equal(await heard, { a: [1] });
  second.close();
  throws("InvalidStateError", () => second.postMessage(1));
});
