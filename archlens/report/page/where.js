// Conditions in the words of `--where`: params < 5M and multiply_adds < 600M or year >= 2018.

const FACTS = ["model", "family", "title", "year", "top1"];
const ALSO = { flops: "multiply_adds", macs: "multiply_adds", madds: "multiply_adds", maccs: "multiply_adds" };
const WORTH = { "": 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, B: 1e9, T: 1e12, "%": 0.01, s: 1, ms: 1e-3, us: 1e-6, "µs": 1e-6 };
const SIGNS = {
  "<=": (a, b) => a <= b, ">=": (a, b) => a >= b, "<": (a, b) => a < b, ">": (a, b) => a > b,
  "=": (a, b) => a === b, "==": (a, b) => a === b, "!=": (a, b) => a !== b,
};

/** What tells whether a thing fits; an Error says which condition is none. */
function where(text, known = (key) => FACTS.includes(key) || DATA.byKey.has(key)) {
  const groups = text.split(/\bor\b/).map((group) => group.split(/\band\b/).map((part) => condition(part, known)));
  return (value) => groups.some((group) => group.every((each) => each(value)));
}

function condition(text, known) {
  const match = /^\s*([\w-]+)\s*(<=|>=|==|!=|<|>|=)\s*(\S+)\s*$/.exec(text);
  if (!match) throw new Error(`“${text.trim()}” is no condition such as params<5M`);
  let key = match[1].toLowerCase().replaceAll("-", "_");
  key = ALSO[key] || key;
  if (!known(key)) throw new Error(`${match[1]} is no metric`);
  const number = /^([-+]?\d{1,30}(?:\.\d{1,30})?)([kKMGBT%]?|ms|[uµ]?s)$/.exec(match[3]);
  if (number && (!number[2].endsWith("s") || key === "latency")) {
    const wanted = Number(number[1]) * WORTH[number[2]];
    return (value) => typeof value(key) === "number" && SIGNS[match[2]](value(key), wanted);
  }
  if (!["=", "==", "!="].includes(match[2]) || DATA.byKey.has(key)) {
    throw new Error(`“${match[3]}” is no number such as 5M, 0.5 or 40%`);
  }
  const pattern = glob(match[3].toLowerCase());
  return (value) => pattern.test(String(value(key)).toLowerCase()) === (match[2] !== "!=");
}

/** A shell pattern as a regular expression. */
function glob(pattern) {
  const parts = pattern.replace(/[.+^${}()|\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".").replaceAll("[!", "[^");
  return new RegExp(`^${parts}$`, "s");
}
