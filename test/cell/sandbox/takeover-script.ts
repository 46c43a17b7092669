/** What the process that was taken over is told of the host. */
export interface Targets {
  readonly hostPid: number;
  /** Where the host has memory that it can read, in hexadecimal. */
  readonly hostAddress: string;
  /** A file of the host's data, which the host can read. */
  readonly secretFile: string;
  /** A folder in which everybody may write. */
  readonly openFolder: string;
  readonly tcpPort: number;
  readonly udpPort: number;
  readonly unixPath: string;
  readonly abstractName: string;
  /** The folder of Skerry's code. */
  readonly code: string;
  /** Addresses of the host. */
  readonly addresses: readonly string[];
  /** Whether user 0 inside is root of no more than a namespace. */
  readonly rootOfNamespace: boolean;
  /** Attempts to make. @default all */
  readonly only?: readonly string[];
}

/** What came of each attempt: "held: " and why, or what was reached. Names begin with the layer that holds. */
export type Findings = Readonly<Record<string, string>>;

/** Attempts that any process of the host's user succeeds in. */
export const REACHABLE: readonly string[] = [
  "files: /etc/passwd",
  "files: the host's data",
  "files: write among temporary files",
  "files: out by /proc",
  "files: a shell",
  "network: TCP on loopback",
  "network: UDP",
  "network: a Unix socket by path",
  "network: an abstract Unix socket",
  "processes: environment of the host",
  "processes: signal to the host",
  "processes: others in the list",
  "processes: memory of the host",
];

/**
 * Runs in place of a cell's entry and tries what somebody would who took the process over: by Node, and by system
 * calls of his own. It writes its findings to the pipe.
 */
export const TAKEOVER_SCRIPT = `
const fs = require("node:fs"), net = require("node:net"), dgram = require("node:dgram"), os = require("node:os");
const { spawnSync } = require("node:child_process"), { Resolver } = require("node:dns").promises;
const t = JSON.parse(process.argv[1]);
const findings = {};
const attempt = async (name, action) => {
  if (t.only !== undefined && !t.only.includes(name)) return;
  try { findings[name] = String((await action()) ?? "done"); } catch (error) { findings[name] = "held: " + (error.code ?? error.message); }
};
const connect = (options) => new Promise((done, fail) => {
  const socket = net.connect(options, () => { socket.destroy(); done("connected"); });
  socket.on("error", fail).setTimeout(3000, () => { socket.destroy(); fail(new Error("timeout")); });
});
let call, addressOf;
try {
  const ffi = require("node:ffi");
  const seven = Array(7).fill("int64");
  const { functions } = ffi.dlopen("libc.so.6", { syscall: { return: "int64", arguments: seven } });
  const keep = [];
  addressOf = (buffer) => { keep.push(buffer); return ffi.getRawPointer(buffer); };
  call = (name, ...args) => {
    const numbers = { x64: { clone: 56, pause: 34, kill: 62, ptrace: 101, setuid: 105, chroot: 161, mount: 165, socket: 41, unshare: 272, prlimit: 302, vmread: 310, memfd: 319 },
      arm64: { clone: 220, pause: 73, kill: 129, ptrace: 117, setuid: 146, chroot: 51, mount: 40, socket: 198, unshare: 97, prlimit: 261, vmread: 270, memfd: 279 } }[process.arch];
    const flat = args.map((arg) => {
      if (!Buffer.isBuffer(arg)) return BigInt(arg);
      return addressOf(arg);
    });
    while (flat.length < 6) flat.push(0n);
    return Number(functions.syscall(BigInt(numbers[name]), ...flat));
  };
} catch {}
const text = (value) => Buffer.from(value + "\\0");
const native = async (name, action) => {
  if (call === undefined) return;
  await attempt(name, () => { const result = action(); if (result < 0) throw new Error("refused"); return "result " + result; });
};
const words = (...values) => { const buffer = Buffer.alloc(values.length * 8); values.forEach((value, i) => buffer.writeBigUInt64LE(BigInt(value), i * 8)); return buffer; };
(async () => {
  await attempt("files: /etc/passwd", () => fs.readFileSync("/etc/passwd", "utf8").slice(0, 20));
  await attempt("files: the host's data", () => fs.readFileSync(t.secretFile, "utf8"));
  await attempt("files: the home folder", () => fs.readdirSync("/root").concat(fs.readdirSync("/home")).join());
  await attempt("files: write among temporary files", () => fs.writeFileSync(t.openFolder + "/a", "x"));
  await attempt("files: write into the code", () => fs.writeFileSync(t.code + "/a", "x"));
  await attempt("files: a new folder at the root", () => fs.mkdirSync("/new"));
  await attempt("files: a device", () => fs.readFileSync("/dev/mem").length);
  await attempt("files: out by /proc", () => fs.readFileSync("/proc/" + process.pid + "/root/etc/passwd").length);
  await attempt("files: a shell", () => { const { error, status } = spawnSync("/bin/sh", ["-c", "exit 7"]); if (status !== 7) throw error ?? new Error("no"); return "ran"; });
  await attempt("network: TCP on loopback", () => connect({ port: t.tcpPort, host: "127.0.0.1" }));
  for (const address of t.addresses) await attempt("network: TCP to " + address, () => connect({ port: t.tcpPort, host: address }));
  await attempt("network: UDP", () => new Promise((done, fail) => {
    const socket = dgram.createSocket("udp4");
    socket.on("error", fail).send("hello", t.udpPort, "127.0.0.1", (error) => { socket.close(); error ? fail(error) : done("sent"); });
  }));
  await attempt("network: DNS", async () => { const resolver = new Resolver({ timeout: 500, tries: 1 }); resolver.setServers(["127.0.0.1:" + t.udpPort]); return (await resolver.resolve4("example.com")).join(); });
  await attempt("network: a Unix socket by path", () => connect({ path: t.unixPath }));
  await attempt("network: an abstract Unix socket", () => connect({ path: "\\0" + t.abstractName }));
  await attempt("processes: environment of the host", () => fs.readFileSync("/proc/" + t.hostPid + "/environ").length);
  await attempt("processes: environment of init", () => { if (process.pid === 1) throw new Error("it is this one"); return fs.readFileSync("/proc/1/environ").length; });
  await attempt("processes: signal to the host", () => process.kill(t.hostPid, 0));
  await attempt("processes: priority of the host", () => os.setPriority(t.hostPid, 19));
  await attempt("processes: others in the list", () => { const others = fs.readdirSync("/proc").filter((name) => /^\\d+$/.test(name) && Number(name) !== process.pid); if (others.length === 0) throw new Error("none"); return others.join(); });
  await native("processes: ptrace of the host", () => call("ptrace", 16, t.hostPid));
  await native("processes: memory of the host", () => call("vmread", t.hostPid, words(addressOf(Buffer.alloc(8)), 8), 1, words("0x" + t.hostAddress, 8), 1, 0));
  await attempt("environment: any variable", () => { const names = Object.keys(process.env); if (names.length === 0) throw new Error("none"); return names.join(); });
  await native("privileges: become root", () => { if (process.getuid() === 0 && t.rootOfNamespace) throw new Error("root of nothing but its namespace"); return call("setuid", 0); });
  // A folder over itself: where nothing refuses it, nobody on the machine is the worse for it.
  await native("privileges: mount", () => call("mount", text("/proc"), text("/proc"), 0, 4096, 0));
  await native("privileges: chroot", () => call("chroot", text("/")));
  await native("privileges: a raw socket", () => call("socket", 2, 3, 1));
  await native("privileges: a network namespace", () => call("unshare", 0x40000000));
  await native("privileges: a user namespace", () => { const child = call("clone", 0x10000000 | 17); if (child === 0) for (;;) call("pause"); return child; });
  await native("limits: raise", () => call("prlimit", 0, 7, words(4096, 4096), 0));
  await native("limits: core dumps", () => call("prlimit", 0, 4, words(1, 1), 0));
  await native("limits: a file of 1 GB", () => { process.on("SIGXFSZ", () => {}); const fd = call("memfd", text("m"), 0); fs.ftruncateSync(fd, 2 ** 30); return fs.fstatSync(fd).size; });
  await native("limits: 400 processes", () => { for (let i = 0; i < 400; i++) { const child = call("clone", 17); if (child < 0) throw new Error("after " + i); if (child === 0) for (;;) call("pause"); } return 400; });
  fs.writeSync(3, JSON.stringify(findings) + "\\n");
})();
`;
