// Says messages as the pages do: `node check_wording.mjs < cases.json`, where a case is {language, type, body}; prints the
// sentences of each. A test holds them against those of `src/redshank/wording`.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["src/wording.ts"],
  bundle: true,
  format: "esm",
  write: false,
});
const { Wording } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
const folder = join(here, "..", "src", "redshank", "wording");
const plan = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"));
const { names, cases } = JSON.parse(readFileSync(0, "utf8"));
const words = new Map();
const wordsOf = (language) => {
  if (!words.has(language)) {
    const source = ["codes", "message"].map((name) => readFileSync(join(folder, "texts", language, `${name}.ftl`), "utf8")).join("\n");
    words.set(language, new Wording(language, source, plan, names));
  }
  return words.get(language);
};
console.log(JSON.stringify(cases.map(({ language, type, body }) => wordsOf(language).sentences(type, body))));
