import "../../../runtime-api/crypto/digest-stream.ts";
import "../../../runtime-api/crypto/subtle/methods.ts";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { DOMException } from "../../../runtime-api/dom-exception/dom-exception.ts";
import { setIo } from "../../../runtime-api/io/io.ts";
import { CallError } from "../../../src/bindings/binding.ts";
import { CryptoRig, type CryptoTenant } from "../../bindings/crypto/crypto-rig.ts";
import { standInIo } from "../stand-in-io.ts";

/** What the isolate's face asked the host for, and the host's end that really did it. */
export interface HostCrypto extends AsyncDisposable {
  readonly tenant: CryptoTenant;
  readonly calls: { op: string; args: readonly Flat[] }[];
}

/** Lets the face of Web Crypto in this process talk to a real host's end, without an isolate between them. */
export function hostCrypto(): HostCrypto {
  const rig = new CryptoRig();
  const tenant = rig.tenant("acme", { cpuMs: 60_000 });
  const calls: HostCrypto["calls"] = [];
  const { io } = standInIo();
  setIo({
    ...io,
    call(slot, op, args) {
      calls.push({ op, args });
      if (!op.startsWith("crypto.")) return io.call(slot, op, args);
      const copies = args.map((value) => (value instanceof Uint8Array ? value.slice() : value));
      return { promise: tenant.call(op, ...copies).catch(asTheRuntimeDoes), cancel() {} };
    },
  });
  return { tenant, calls, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

function asTheRuntimeDoes(error: unknown): never {
  if (!(error instanceof CallError)) throw error;
  if (error.errorName === "TypeError") throw new TypeError(error.message);
  throw new DOMException(error.message, error.errorName);
}
