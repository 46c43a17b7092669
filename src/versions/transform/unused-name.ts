/** Returns `wish`, or `wish$1`, … : the first that is not in `used`, and adds it there. */
export function unusedName(wish: string, used: Set<string>): string {
  let name = wish;
  for (let count = 1; used.has(name); count += 1) name = `${wish}$${count}`;
  used.add(name);
  return name;
}
