// Builds the pages: console/src, texts and static -> src/redshank/console/pages. One esbuild call; prints the sizes.
import { build } from "esbuild";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";

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

// One file of texts for each language: the words of messages, which Python reads as well, and those of the pages.
const wording = join(here, "..", "src", "redshank", "wording");
mkdirSync(join(pages, "texts"));
for (const language of readdirSync(join(wording, "texts"))) {
  const own = join(here, "texts", `${language}.ftl`);
  const parts = ["codes", "message"].map((name) => join(wording, "texts", language, `${name}.ftl`));
  writeFileSync(join(pages, "texts", `${language}.ftl`), [...parts, own].map((part) => readFileSync(part, "utf8")).join("\n"));
}
cpSync(join(wording, "plan.json"), join(pages, "texts", "plan.json"));

// Names of districts, as `src/redshank/edges/wording.py` has them: home's, and those in the letters of a reader.
const geodata = join(here, "..", "src", "redshank", "geodata", "districts.geojson.gz");
const { features } = JSON.parse(gunzipSync(readFileSync(geodata)).toString());
const namesOf = ({ name, names }) => {
  const latin = /[\u0400-\u04ff]/.test(name) && names?.en ? ["lt", "lv", "et", "pl", "en"].map((to) => [to, names.en]) : [];
  const cyrillic = ["be", "ru"].filter((to) => names?.[to]).map((to) => [to, names[to]]);
  return Object.fromEntries([["", name], ...cyrillic, ...latin]);
};
const districts = Object.fromEntries(features.map(({ properties }) => [properties.id, namesOf(properties)]));
writeFileSync(join(pages, "texts", "districts.json"), JSON.stringify(districts));

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
