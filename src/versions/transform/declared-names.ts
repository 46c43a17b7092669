/** The names that a declaration or a pattern binds. */
export function declaredNames(node: unknown, names: string[] = []): string[] {
  if (typeof node !== "object" || node === null) return names;
  const { type, name, id, declarations, elements, properties, value, left, argument } = node as Record<
    string,
    unknown
  >;
  if (type === "Identifier") names.push(name as string);
  else if (type === "VariableDeclaration") {
    for (const declarator of declarations as { id: unknown }[]) declaredNames(declarator.id, names);
  } else if (type === "ArrayPattern")
    for (const element of elements as unknown[]) declaredNames(element, names);
  else if (type === "ObjectPattern")
    for (const property of properties as unknown[]) declaredNames(property, names);
  else if (type === "Property") declaredNames(value, names);
  else if (type === "AssignmentPattern") declaredNames(left, names);
  else if (type === "RestElement") declaredNames(argument, names);
  else declaredNames(id, names);
  return names;
}
