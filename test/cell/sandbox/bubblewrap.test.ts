import { test } from "uvu";
import * as assert from "uvu/assert";
import { bubblewrapArgs } from "../../../src/cell/sandbox/bubblewrap.ts";
import { namespaceArgs } from "../../../src/cell/sandbox/namespaces.ts";

const ROOT = {
  files: new Map([["/opt/node", "/opt/node"]]),
  folders: new Map([["/app/node_modules/isolated-vm", "/store/isolated vm"]]),
};

test("bubblewrapArgs gives new namespaces, what the cell reads and nothing that it could write", () => {
  const args = bubblewrapArgs(ROOT, ["/opt/node", "--version"]);
  for (const kind of ["user", "pid", "net", "ipc", "uts"])
    assert.ok(args.includes(`--unshare-${kind}`), kind);
  for (const flag of ["--die-with-parent", "--as-pid-1"]) assert.ok(args.includes(flag), flag);
  assert.equal(args.slice(args.indexOf("--cap-drop"), args.indexOf("--cap-drop") + 2), ["--cap-drop", "ALL"]);
  const text = args.join(" ");
  assert.match(text, "--ro-bind /store/isolated vm /app/node_modules/isolated-vm");
  assert.match(text, "--ro-bind /opt/node /opt/node");
  assert.not.match(text, /--(bind|dev|share)/);
  assert.ok(text.endsWith("--remount-ro / --chdir / -- /opt/node --version"));
  assert.ok(
    args.indexOf("--remount-ro") > args.lastIndexOf("--ro-bind"),
    "mounted before the root is closed",
  );
});

test("namespaceArgs writes paths as a table of mounts has them", () => {
  const options = { sh: "/bin/sh", chroot: "/usr/sbin/chroot", base: "/base", root: ROOT, user: true };
  const args = namespaceArgs(options, ["/opt/node"]);
  const table = args.at(-2)!.split("\n");
  assert.equal(table, [
    "/store/isolated\\040vm /base/app/node_modules/isolated-vm none bind,ro,nosuid,nodev 0 0",
    "/opt/node /base/opt/node none bind,ro,nosuid,nodev 0 0",
  ]);
  assert.ok(args.includes("--kill-child=SIGKILL"));
});

test.run();
