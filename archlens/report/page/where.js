// Conditions in the words of `--where`: params < 5M and multiply_adds < 600M or year >= 2018.

const NAMES = ["model", "family", "title"];
const FACTS = [...NAMES, "year", "top1", "latency"];
const ALSO = { flops: "multiply_adds", macs: "multiply_adds", madds: "multiply_adds", maccs: "multiply_adds" };
const EXAMPLES = { count: "5M", bytes: "320 kB", time: "20 ms", share: "40%", percent: "75%", ratio: "1.1" };
const SIGNS = {
  "<=": (a, b) => a <= b, ">=": (a, b) => a >= b, "<": (a, b) => a < b, ">": (a, b) => a > b,
  "=": (a, b) => a === b, "==": (a, b) => a === b, "!=": (a, b) => a !== b,
};

/** What tells whether a thing fits; an Error says which condition is none. */
function where(text, known = (key) => FACTS.includes(key) || DATA.byKey.has(key) || DATA.measuredBy.has(key)) {
  const groups = text.split(/\bor\b/).map((group) => group.split(/\band\b/).map((part) => condition(part, known)));
  return (value) => groups.some((group) => group.every((each) => each(value)));
}

function condition(text, known) {
  const match = /^\s*([\w-]+)\s*(<=|>=|==|!=|<|>|=)\s*(\S.*?)\s*$/s.exec(text);
  if (!match) throw new Error(`“${text.trim()}” is no condition such as params<5M`);
  let key = match[1].toLowerCase().replaceAll("-", "_");
  key = ALSO[key] || key;
  if (!known(key)) throw new Error(`${match[1]} is no metric`);
  const kind = kindOf(key);
  const wanted = NAMES.includes(key) ? null : limit(match[3], kind || "count");
  if (wanted !== null) return (value) => typeof value(key) === "number" && SIGNS[match[2]](value(key), wanted);
  if (kind) throw new Error(`“${match[3]}” is no number such as ${EXAMPLES[kind]}`);
  if (!["=", "==", "!="].includes(match[2])) throw new Error(`${match[3]} is a text, which = and != compare`);
  const pattern = glob(match[3].toLowerCase());
  return (value) => pattern.test(String(value(key)).toLowerCase()) === (match[2] !== "!=");
}

/** Which units a limit of a fact or a metric has; null for a name, and for a setting, which may be either. */
function kindOf(key) {
  if (key === "latency" || DATA.measuredBy.has(key)) return "time";
  if (key === "top1") return "percent";
  if (/^g[1-4]$/.test(key)) return "ratio";
  const metric = DATA.byKey.get(key);
  if (!metric) return key === "year" ? "count" : null;
  if (metric.kind === "count_bytes") return "bytes";
  return metric.kind in DATA.rules.units ? metric.kind : "count";
}

/** What a limit stands for, in the units that Python has; null where it is no number with a unit of that kind. */
function limit(text, kind) {
  const number = /^(\d{1,18}(?:\.\d{1,9})?)\s*([A-Za-zµ%]*)$/.exec(text), units = DATA.rules.units[kind];
  return number && number[2] in units ? Number(number[1]) * units[number[2]] : null;
}

/** A shell pattern as a regular expression. */
function glob(pattern) {
  const parts = pattern.replace(/[.+^${}()|\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".").replaceAll("[!", "[^");
  return new RegExp(`^${parts}$`, "s");
}
