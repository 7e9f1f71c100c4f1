// Holds src/voice_code.ts against vectors/voice/forms.json: `node check_voice.mjs`. Ends with 1 at the first difference.
import { build } from "esbuild";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["src/voice_code.ts"],
  bundle: true,
  format: "esm",
  write: false,
});
const code = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
const vectors = JSON.parse(readFileSync(join(here, "..", "vectors", "voice", "forms.json"), "utf8"));
let passed = 0;

for (const { groups, exercise } of vectors.forms) {
  const whole = code.checkTyped(groups, exercise, groups.length);
  assert.deepEqual(whole, { states: groups.map(() => "ok"), faults: [] });
  const other = code.checkTyped(groups, !exercise, groups.length);
  assert.ok(other.faults.length && other.faults.every(({ kind }) => kind === "exercise"));
  for (let typed = 0; typed < groups.length; typed++) {
    const { states, faults } = code.checkTyped(groups.slice(0, typed), exercise, groups.length);
    assert.ok(!faults.length && !states.includes("wrong"));
  }
  // Every single wrong symbol and every swap, of every form.
  for (let place = 0; place < groups.length; place++) {
    for (const symbol of code.SYMBOLS) {
      if (symbol === groups[place][1]) continue;
      const changed = groups.with(place, groups[place][0] + symbol + groups[place].slice(2));
      const { faults } = code.checkTyped(changed, exercise, groups.length);
      assert.ok(faults.some((fault) => fault.groups.includes(place + 1)));
    }
    for (let second = place + 1; second < groups.length; second++) {
      if (groups[place] === groups[second]) continue;
      const swapped = [...groups];
      [swapped[place], swapped[second]] = [groups[second], groups[place]];
      const { faults } = code.checkTyped(swapped, exercise, groups.length);
      assert.ok(faults.some((fault) => fault.groups.includes(place + 1) && fault.groups.includes(second + 1)));
    }
  }
  passed++;
}
for (const { name, groups, count, states, faults } of vectors.slips) {
  assert.deepEqual(code.checkTyped(groups, false, count), { states, faults }, name);
  passed++;
}
assert.deepEqual(code.splitGroups(" 15sg, W1MZ-QQ89\n0180 "), ["15SG", "W1MZ", "QQ89", "0180"]);
console.log(`${passed} passed, 0 failed`);
