// Builds the offline verifier: verifier/src -> src/redshank/cli/offline. One esbuild call; prints the sizes.
//   verifier.html   one page without server or network: script, style and licences are in it
//   verify.mjs      the same checks for Node
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const LIMIT_BYTES = 400_000; // of the page; a person may want to read it
const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "src", "redshank", "cli", "offline");

const { outputFiles, metafile } = await build({
  absWorkingDir: here,
  entryPoints: { page: "src/page.ts", style: "src/page.css", verify: "src/node.ts" },
  outdir: "out",
  write: false,
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  minify: true,
  external: ["node:*"],
  legalComments: "none", // the licences are there whole
  metafile: true,
  logLevel: "warning",
});
const built = (name) => outputFiles.find((file) => file.path.endsWith(name)).text.trim();

// The licence of every package that went in goes with it.
const used = new Set();
for (const input of Object.keys(metafile.inputs)) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (found) used.add(found[1]);
}
const licences = [...used].sort().map((name) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `== ${name} ${version}, ${license}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});

const script = built("page.js");
const style = built("style.css");
if (/<\/(script|style)/i.test(script + style)) throw new Error("the script would end its own element");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
// worker-src: the page's own script, out of a Blob that it makes of its own text; the policy binds the worker too.
const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; worker-src blob:; base-uri 'none'; form-action 'none'`;
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const parts = { POLICY: policy, STYLE: style, SCRIPT: script, LICENCES: escaped(licences.join("\n")) };
const page = readFileSync(join(here, "src", "page.html"), "utf8").replace(/\{\{([A-Z]+)\}\}/g, (_, name) => parts[name]);
const comment = licences.join("\n").replaceAll("*/", "* /");
const program = `${built("verify.js")}\n/*\n${comment}*/\n`;

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const [name, text] of Object.entries({ "verify.mjs": program, "verifier.html": page })) {
  writeFileSync(join(out, name), text);
  console.log(`${name.padEnd(16)} ${String(Buffer.byteLength(text)).padStart(8)} B`);
}
if (Buffer.byteLength(page) > LIMIT_BYTES) throw new Error("the page is too large");
