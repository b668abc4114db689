// Evaluates expressions with the JavaScript library, as an oracle for our own reading of them.
// stdin: [[expression, startMs, endMs], …]; stdout: [[[startMs, endMs, unknown], …] or null, …]
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/package.json`);
const OpeningHours = require("opening_hours");
const where = { lat: 50.87, lon: 20.63, address: { country_code: "pl", state: "Województwo świętokrzyskie" } };

const answers = JSON.parse(readFileSync(0, "utf8")).map(([expression, start, end]) => {
  try {
    const hours = new OpeningHours(expression, where);
    return hours
      .getOpenIntervals(new Date(start), new Date(end))
      .map(([from, to, unknown]) => [from.getTime(), to.getTime(), unknown]);
  } catch {
    return null;
  }
});
process.stdout.write(JSON.stringify(answers));
