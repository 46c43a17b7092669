test("event streams are read across chunks and ends of lines", async () => {
  const source = EventSource.from(
    streamOf(utf8("\uFEFF: hi\nid: 1\ndata: a\r"), utf8("\ndata:b\n\nevent: tick\nda"), utf8("ta\r\r")),
  );
  const seen = [];
  await new Promise((resolve) => {
    source.onmessage = ({ data, lastEventId }) => seen.push(data, lastEventId);
    source.addEventListener("tick", ({ data }) => seen.push(data));
    source.onerror = resolve;
  });
  equal(seen, ["a\nb", "1", ""]);
  equal([source.readyState, source.url], [EventSource.CLOSED, ""]);
  throws("SyntaxError", () => new EventSource("/relative"));
});
