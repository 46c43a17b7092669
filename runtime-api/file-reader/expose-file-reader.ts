import { defineInterface } from "../globals/define.ts";
import { FileReader } from "./file-reader.ts";
import { ProgressEvent } from "./progress-event.ts";

/** Defines the globals of the File API that only old code asks for. */
export function exposeFileReader(global: object): void {
  defineInterface(global, "ProgressEvent", ProgressEvent);
  defineInterface(global, "FileReader", FileReader);
}
