test("blobs are made of parts, sliced and read", async () => {
  const blob = new Blob(["ab", bytes(99, 100), new Blob(["e"])], { type: "Text/X" });
  equal([blob.size, blob.type, await blob.text()], [5, "text/x", "abcde"]);
  equal(await blob.slice(1, -1, "y/z").text(), "bcd");
  equal(await blob.slice(-2).bytes(), utf8("de"));
  equal(await new Response(blob.stream()).text(), "abcde");
});
test("files have a name and a time", () => {
  const file = new File(["x"], "n.txt", { lastModified: 5 });
  equal([file.name, file.lastModified, file instanceof Blob], ["n.txt", 5, true]);
  throws("TypeError", () => new File(["x"]));
  throws("TypeError", () => new Blob("text"));
});
