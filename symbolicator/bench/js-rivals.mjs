// Asks @jridgewell/trace-mapping and Mozilla's source-map (wasm) about a map, for framewright-bench.
//
//     node js-rivals.mjs agreement MAP POSITIONS ANSWERS    how many of our answers are those of trace-mapping
//     node js-rivals.mjs speed MAP POSITIONS                milliseconds to read the map, nanoseconds of a lookup
//
// Both print a line of JSON. Run in the folder in which the packages are installed. POSITIONS has a generated line and
// column on each line, both from 0; ANSWERS is what MapReplay answered to them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const { TraceMap, originalPositionFor } = require("@jridgewell/trace-mapping");
const resolveUri = require("@jridgewell/resolve-uri");

const LOOKUPS = 300_000;

const [question, mapFile, positionsFile, answersFile] = process.argv.slice(2);
const lines = (file) => readFileSync(file, "utf8").split("\n").slice(0, -1);
const positions = lines(positionsFile).map((line) => line.split(" ").map(Number));

/** trace-mapping answers with sources in their normal form. */
function theirs(map, [line, column]) {
  const { source, line: original, column: originalColumn } = originalPositionFor(map, { line: line + 1, column });
  return source === null ? "" : [source, original - 1, originalColumn].join("\t");
}

function ours(answer) {
  const [source, ...rest] = answer.split("\t");
  return answer === "" ? "" : [resolveUri(source, ""), ...rest].join("\t");
}

function agreement() {
  const map = new TraceMap(readFileSync(mapFile, "utf8"));
  const answers = lines(answersFile);
  const differences = [];
  let mapped = 0;
  positions.forEach((position, index) => {
    const [mine, their] = [ours(answers[index]), theirs(map, position)];
    mapped += their !== "";
    if (mine !== their) differences.push({ position, ours: mine, theirs: their });
  });
  return { positions: positions.length, answers: answers.length, mapped, differences };
}

function timed(lookup) {
  const run = () => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < LOOKUPS; i++) lookup(positions[i % positions.length]);
    return Number(process.hrtime.bigint() - start) / LOOKUPS;
  };
  run();
  return run();
}

async function speed() {
  const { SourceMapConsumer } = require("source-map");
  const text = readFileSync(mapFile, "utf8");
  let start = performance.now();
  const map = new TraceMap(text);
  theirs(map, positions[0]);
  const traceMs = performance.now() - start;
  start = performance.now();
  const consumer = await new SourceMapConsumer(text);
  const mozilla = ([line, column]) => consumer.originalPositionFor({ line: line + 1, column });
  mozilla(positions[0]);
  const mozillaMs = performance.now() - start;
  return {
    trace_ms: traceMs,
    trace_ns: timed((position) => theirs(map, position)),
    mozilla_ms: mozillaMs,
    mozilla_ns: timed(mozilla),
  };
}

console.log(JSON.stringify(question === "agreement" ? agreement() : await speed()));
