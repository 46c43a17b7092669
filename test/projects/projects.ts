import { FIXTURES } from "./lists/fixtures.ts";
import { CREATED_PROJECTS, INSTALLED_PROJECTS } from "./lists/npm-projects.ts";
import { OTHER_PROJECTS } from "./lists/other-projects.ts";
import { TEMPLATES } from "./lists/templates.ts";
import type { Project } from "./project.ts";

/** All projects that are tried, in the order of the table. */
export const PROJECTS: readonly Project[] = [
  ...INSTALLED_PROJECTS,
  ...CREATED_PROJECTS,
  ...TEMPLATES,
  ...FIXTURES,
  ...OTHER_PROJECTS,
];
