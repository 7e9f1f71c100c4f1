/** The parts of milsymbol that the pages use; its package exports only the whole. build.mjs maps the name. */
declare module "milsymbol-parts" {
  import type whole from "milsymbol";
  export const ms: typeof whole & { addIcons(icons: unknown): void };
  export const numberair: unknown;
}
