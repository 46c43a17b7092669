import { arrayIndexOf, arrayPush } from "../primordials/array.ts";
import { objectKeys, reflectGetOwnPropertyDescriptor } from "../primordials/object.ts";
import { INSPECT_LIMITS, inspect } from "./inspect.ts";

const CELL = { ...INSPECT_LIMITS, depth: 1, chars: 200 };
const MOST_ROWS = 100;
const MOST_COLUMNS = 20;

function cell(holder: object, key: string): string {
  const descriptor = reflectGetOwnPropertyDescriptor(holder, key);
  return descriptor === undefined
    ? ""
    : descriptor.get === undefined
      ? inspect(descriptor.value, CELL)
      : "[Getter]";
}

/** A table of rows of objects; undefined where the value is none. */
export function tableText(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const columns: string[] = [];
  const rows: string[][] = [];
  const keys = objectKeys(data);
  for (let i = 0; i < keys.length && i < MOST_ROWS; i++) {
    const key = keys[i] as string;
    const value: unknown = reflectGetOwnPropertyDescriptor(data, key)?.value;
    const row = [key];
    if (typeof value === "object" && value !== null) {
      const fields = objectKeys(value);
      for (let j = 0; j < fields.length; j++) {
        let at = arrayIndexOf(columns, fields[j] as string);
        if (at < 0) {
          if (columns.length >= MOST_COLUMNS) break;
          at = arrayPush(columns, fields[j] as string) - 1;
        }
        while (row.length <= at) arrayPush(row, "");
        row[at + 1] = cell(value, fields[j] as string);
      }
    } else {
      let at = arrayIndexOf(columns, "Values");
      if (at < 0) at = arrayPush(columns, "Values") - 1;
      while (row.length <= at) arrayPush(row, "");
      row[at + 1] = inspect(value, CELL);
    }
    arrayPush(rows, row);
  }
  return draw(columns, rows);
}

function draw(columns: string[], rows: string[][]): string {
  const head = ["(index)"];
  for (let c = 0; c < columns.length; c++) arrayPush(head, columns[c] as string);
  const all = [head];
  for (let r = 0; r < rows.length; r++) arrayPush(all, rows[r] as string[]);
  const widths: number[] = [];
  for (let c = 0; c < head.length; c++) {
    let width = 0;
    for (let r = 0; r < all.length; r++) {
      const size = (all[r]?.[c] ?? "").length;
      if (size > width) width = size;
    }
    arrayPush(widths, width);
  }
  let text = "";
  for (let r = 0; r < all.length; r++) {
    if (r > 0) text += "\n";
    let line = "";
    for (let c = 0; c < head.length; c++) {
      let field = all[r]?.[c] ?? "";
      while (field.length < (widths[c] as number)) field += " ";
      line += `${c > 0 ? " | " : ""}${field}`;
    }
    text += line;
  }
  return text;
}
