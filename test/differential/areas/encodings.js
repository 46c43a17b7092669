const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join(" ");
export default {
  TextEncoder(see) {
    const e = new TextEncoder();
    see("encoding", e.encoding);
    see("encode", hex(e.encode("aé💥")));
    see("lone surrogate", hex(e.encode("\ud83d")));
    see("nothing", hex(e.encode()));
    see("null", hex(e.encode(null)));
    see("encodeInto", () => {
      const b = new Uint8Array(3);
      return [e.encodeInto("aé💥", b), hex(b)];
    });
    see("encodeInto of an array", () => e.encodeInto("a", []));
    see("argument ignored", new TextEncoder("latin1").encoding);
  },
  TextDecoder(see) {
    see("default", () => {
      const d = new TextDecoder();
      return [d.encoding, d.fatal, d.ignoreBOM];
    });
    see("utf8", new TextDecoder().decode(new Uint8Array([0x61, 0xc3, 0xa9, 0xff])));
    see("fatal", () => new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([0xff])));
    see("BOM", [
      new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])).length,
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])).length,
    ]);
    see("stream", () => {
      const d = new TextDecoder();
      return (
        d.decode(new Uint8Array([0xc3]), { stream: true }) +
        d.decode(new Uint8Array([0xa9]), { stream: true }) +
        d.decode()
      );
    });
    see("buffer", new TextDecoder().decode(new Uint8Array([97]).buffer));
    see("DataView", new TextDecoder().decode(new DataView(new Uint8Array([97, 98]).buffer, 1)));
    see("nothing", new TextDecoder().decode());
    see("text", () => new TextDecoder().decode("x"));
    see("incomplete", new TextDecoder().decode(new Uint8Array([0xf0, 0x9f])));
  },
  "labels of encodings"(see) {
    for (const label of [
      "UTF8",
      " utf-8 ",
      "latin1",
      "ascii",
      "iso-8859-2",
      "windows-1251",
      "utf-16",
      "utf-16be",
      "shift_jis",
      "gbk",
      "gb18030",
      "big5",
      "euc-kr",
      "euc-jp",
      "iso-2022-jp",
      "x-user-defined",
      "replacement",
      "odd",
      "",
      "koi8-r",
      "macintosh",
      "iso-8859-8-i",
    ])
      see(label, () => new TextDecoder(label).encoding);
  },
  "text in other encodings"(see) {
    const bytes = new Uint8Array([0x80, 0x82, 0xa0, 0xb1, 0xe9, 0xff]);
    for (const label of [
      "latin1",
      "iso-8859-2",
      "windows-1251",
      "koi8-r",
      "macintosh",
      "shift_jis",
      "gbk",
      "big5",
      "euc-kr",
      "euc-jp",
      "utf-16le",
      "utf-16be",
    ])
      see(label, () => new TextDecoder(label).decode(bytes));
  },
  async Blob(see) {
    const b = new Blob(["aé", new Uint8Array([98]), new Uint8Array([99]).buffer, new Blob(["d"])], {
      type: "Text/Plain",
    });
    see("main", [b.size, b.type]);
    see("text", b.text());
    see("buffer", b.arrayBuffer());
    see("bytes", () => b.bytes());
    see("slice", b.slice(1, 3, "x/y").text());
    see("slice type", b.slice(0, 1, "x/y").type);
    see("slice from the end", b.slice(-2).text());
    see("stream", new Response(b.stream()).text());
    see("other parts", () => new Blob([1, null, undefined, {}]).text());
    see("no list", () => new Blob("x"));
    see("object", () => new Blob({}));
    see("odd type", new Blob([], { type: "\u00e9" }).type);
    see("endings", () => new Blob(["a\r\nb"], { endings: "native" }).text());
    see("odd endings", () => new Blob([], { endings: "odd" }));
    see("tag", Object.prototype.toString.call(b));
  },
  async File(see) {
    const f = new File(["abc"], "a/b.txt", { type: "text/x", lastModified: 5 });
    see("main", [f.name, f.size, f.type, f.lastModified, f instanceof Blob]);
    see("now", typeof new File([], "x").lastModified);
    see("no name", () => new File([]));
    see("slice is no File", f.slice(0, 1) instanceof File);
  },
  async FormData(see) {
    const f = new FormData();
    f.append("a", "1");
    f.append("a", "2");
    f.append("b", new Blob(["x"], { type: "t/x" }));
    f.append("c", new Blob(["y"]), "own.txt");
    f.append("d", new File(["z"], "z.txt"));
    see("all", f);
    see("get", f.get("a"));
    see("getAll", f.getAll("a"));
    see("none", f.get("none"));
    see("has", f.has("b"));
    f.set("a", "3");
    f.delete("c");
    see("keys", [...f.keys()]);
    see("name of a blob", () => f.get("b").name);
    see("number", () => {
      f.append("n", 5);
      return f.get("n");
    });
    see("file name for text", () => f.append("x", "y", "name"));
    see("one argument", () => f.append("x"));
    see("forEach", () => {
      const seen = [];
      f.forEach((value, name) => {
        seen.push([name, typeof value]);
      });
      return seen;
    });
    see("of a form", () => new FormData({}));
  },
  async "a form as a body"(see) {
    const f = new FormData();
    f.append('a"b', "line\nbreak");
    f.append("file", new File(["content"], 'naïve".txt', { type: "a/b" }));
    const r = new Response(f);
    const type = r.headers.get("content-type");
    see("type", type.replace(/boundary=.*/, ""));
    const boundary = /boundary=(.*)/.exec(type)[1];
    see("body", (await r.clone().text()).replaceAll(boundary.replaceAll('"', ""), "BOUNDARY"));
    see("back", r.formData());
  },
};
