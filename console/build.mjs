// Builds the pages: console/src, texts and static -> src/redshank/console/pages. One esbuild call; prints the sizes.
import { build } from "esbuild";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT_BYTES = 1_500_000; // compressed, without the map data
const here = dirname(fileURLToPath(import.meta.url));
const pages = join(here, "..", "src", "redshank", "console", "pages");
const fonts = join(here, "node_modules", "@fontsource-variable", "noto-sans", "files");

rmSync(pages, { recursive: true, force: true });
mkdirSync(join(pages, "fonts"), { recursive: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: { console: "src/main.ts", director: "src/director.ts", enter: "src/enter.ts", compliance: "src/compliance.ts" },
  outdir: pages,
  bundle: true,
  splitting: true,
  chunkNames: "shared-[hash]",
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none", // licences.txt has them whole
  metafile: true,
  external: ["/fonts/*"],
  alias: { "milsymbol-parts": "./node_modules/milsymbol/index.mjs" },
  logLevel: "warning",
});
for (const subset of ["latin", "latin-ext", "cyrillic"]) {
  const name = `noto-sans-${subset}-wght-normal.woff2`;
  cpSync(join(fonts, name), join(pages, "fonts", name));
}
cpSync(join(here, "static"), pages, { recursive: true });
cpSync(join(here, "texts"), join(pages, "texts"), { recursive: true });

// The licence of every package that went into the pages goes with them.
const used = new Set(["@fontsource-variable/noto-sans"]);
for (const input of Object.keys(metafile.inputs)) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(input);
  if (found) used.add(found[1]);
}
const licences = [...used].sort().map((name) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : "(its package holds no licence text)";
  return `== ${name} ${version}, ${license}\n\n${text}\n`;
});
writeFileSync(join(pages, "licences.txt"), licences.join("\n"));

let total = 0;
for (const entry of readdirSync(pages, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath ?? entry.path, entry.name);
  const bytes = readFileSync(file);
  const packed = gzipSync(bytes).length;
  total += packed;
  console.log(`${file.slice(pages.length + 1).padEnd(48)} ${String(bytes.length).padStart(8)} B ${String(packed).padStart(8)} B gzip`);
}
console.log(`${"all".padEnd(48)} ${" ".repeat(10)} ${String(total).padStart(8)} B gzip, limit ${LIMIT_BYTES}`);
if (total > LIMIT_BYTES) throw new Error("the pages are too large");
