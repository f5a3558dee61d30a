// Conditions in the words of `--where`: params < 5M and multiply_adds < 600M or year >= 2018.

const NAMES = ["model", "family", "title"];
const FACTS = [...NAMES, "year", "top1", "latency"];
const ALSO = { flops: "multiply_adds", macs: "multiply_adds", madds: "multiply_adds", maccs: "multiply_adds" };
const WORTH = {
  count: { "": 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, B: 1e9, T: 1e12 },
  count_bytes: { B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 },
  time: { s: 1, ms: 1e-3, us: 1e-6, "µs": 1e-6 },
  share: { "%": 0.01, "": 1 },
  percent: { "%": 1, "": 1 },
  ratio: { "": 1 },
};
const EXAMPLES = { count: "5M", count_bytes: "320 kB", time: "20 ms", share: "40%", percent: "75%", ratio: "1.1" };
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
  return metric ? (metric.kind in WORTH ? metric.kind : "count") : key === "year" ? "count" : null;
}

/** What a limit stands for; null where it is no number with a unit of that kind. */
function limit(text, kind) {
  const number = /^(\d{1,18}(?:\.\d{1,9})?)\s*([A-Za-zµ%]*)$/.exec(text);
  return number && number[2] in WORTH[kind] ? Number(number[1]) * WORTH[kind][number[2]] : null;
}

/** A shell pattern as a regular expression. */
function glob(pattern) {
  const parts = pattern.replace(/[.+^${}()|\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".").replaceAll("[!", "[^");
  return new RegExp(`^${parts}$`, "s");
}
