test("entries keep their order and their files", async () => {
  const form = new FormData();
  form.append("a", "1");
  form.append("f", new Blob(["hello"], { type: "text/x" }), "f.txt");
  form.append("a", "2");
  form.set("a", "3");
  equal([...form.keys()], ["a", "f"]);
  equal(form.getAll("a"), ["3"]);
  const file = form.get("f");
  equal([file.name, file.type, file.size, await file.text()], ["f.txt", "text/x", 5, "hello"]);
});
test("multipart goes out and comes back", async () => {
  const form = new FormData();
  form.append('quo"te\r\n', "line\nfeed");
  form.append("file", new File([bytes(0, 255, 13, 10)], "bin ä.dat", { type: "a/b" }));
  const back = await new Response(form).formData();
  equal([...back.keys()], ['quo"te\r\n', "file"]);
  equal(back.get('quo"te\r\n'), "line\r\nfeed");
  equal([back.get("file").name, await back.get("file").bytes()], ["bin ä.dat", bytes(0, 255, 13, 10)]);
});
test("urlencoded comes in", async () => {
  const form = await new Response(new URLSearchParams({ a: "1 ü" })).formData();
  equal([...form], [["a", "1 ü"]]);
});
