import type { EnvEntry } from "../contract/boot.ts";
import { Op } from "../contract/calls.ts";
import { BodyKind, type Flat } from "../contract/flat.ts";
import { fetchThrough } from "../fetch/fetch.ts";
import type { Request } from "../fetch/request.ts";
import type { RequestInit } from "../fetch/request-init.ts";
import { io } from "../io/io.ts";
import { arrayPush, arraySlice } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { dataDescriptor, objectDefineProperty, objectKeys } from "../primordials/object.ts";
import { waitUntilCurrent } from "../worker/execution-context.ts";
import { decodePlain } from "./decode-plain.ts";
import { encodePlain, type EncodedPlain } from "./encode-plain.ts";
import { plugIns } from "./late-plug-in.ts";

/** A binding as `env` shows it: methods that ask the host, and values that it gave. */
function makeBinding({ slot, methods, oneWay, fetches, values }: EnvEntry & { type: "plugIn" }): object {
  const binding = {};
  const define = (name: string, value: unknown, enumerable: boolean): void => {
    objectDefineProperty(binding, name, dataDescriptor(value, enumerable));
  };
  for (let i = 0; i < methods.length; i++) {
    const method = methods[i] as string;
    define(method, async (...args: unknown[]) => await invoke(slot, method, args), false);
  }
  for (let i = 0; i < oneWay.length; i++) {
    const method = oneWay[i] as string;
    define(method, (...args: unknown[]) => tell(slot, method, args), false);
  }
  if (fetches)
    define(
      "fetch",
      async (input: Request | string, init?: RequestInit) => await fetchThrough(slot, input, init),
      false,
    );
  const names = objectKeys(values);
  for (let i = 0; i < names.length; i++) define(names[i] as string, values[names[i] as string], true);
  return binding;
}

/** Calls a method and gives its answer. */
async function invoke(slot: number, method: string, args: readonly unknown[]): Promise<unknown> {
  const plain = encodePlain(args);
  if (plain.ready !== undefined) await plain.ready;
  const reply = await call(slot, method, plain);
  if (reply[0] === BodyKind.stream) return io.hostBody(reply[1] as number).open();
  return decodePlain(reply[2] as string, arraySlice(reply, 3));
}

/** Calls a method that answers nothing; the event goes on until the host has taken it. */
function tell(slot: number, method: string, args: readonly unknown[]): void {
  const plain = encodePlain(args);
  if (plain.ready !== undefined) throw new TypeErrorOf(`${method}() takes no streams`);
  waitUntilCurrent(call(slot, method, plain));
}

function call(slot: number, method: string, { json, parts }: EncodedPlain): Promise<readonly Flat[]> {
  const args: Flat[] = [method, json];
  for (let i = 0; i < parts.length; i++) arrayPush(args, parts[i] as Uint8Array);
  return io.call(slot, Op.invoke, args).promise;
}

plugIns.provide({ make: makeBinding });
