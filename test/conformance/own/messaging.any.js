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
