import { uncurry } from "../primordials/uncurry.ts";

export const viewInt32 = uncurry(DataView.prototype.getInt32) as (
  self: DataView,
  at: number,
  littleEndian: boolean,
) => number;
export const viewSetInt32 = uncurry(DataView.prototype.setInt32) as (
  self: DataView,
  at: number,
  value: number,
  littleEndian: boolean,
) => void;
