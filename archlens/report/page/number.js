// Numbers as people read them, to the digit as `archlens/quantity.py` prints them.

const PREFIXES = [["k", 1e3], ["M", 1e6], ["G", 1e9], ["T", 1e12], ["P", 1e15]];
const TIMES = [["s", 1], ["ms", 1e-3], ["µs", 1e-6]];

/** Four significant digits; a number in the middle goes to the even digit, as Python has it. */
function digits(value, count = 4) {
  const exact = value.toPrecision(40).replace(/e.*/, "").replace(/[-.]/g, "").replace(/^0+/, "");
  const halfway = /^50*$/.test(exact.slice(count)) && Number(exact[count - 1]) % 2 === 0;
  return (halfway ? value * (1 - 1e-12) : value).toPrecision(count);
}

/** 25557032 → 25.56M */
function human(value, unit = "") {
  if (value === null || value === undefined) return "";
  const size = Math.abs(value);
  if (size < 1000) return (Number.isInteger(value) ? String(value) : String(Number(digits(value)))) + unit;
  for (const [prefix, worth] of PREFIXES) {
    if (size >= 1000 * worth) continue;
    const shown = digits(value / worth);
    if (Math.abs(Number(shown)) < 1000) return shown.replace(/\.$/, "") + prefix + unit;
  }
  return value.toExponential(3) + unit;
}

/** 0.01234 → 12.34 ms */
function duration(value) {
  if (value === null || value === undefined) return "";
  if (value === 0) return "0";
  const [unit, worth] = TIMES.find(([, each]) => Number(digits(value / each)) >= 1) || TIMES[2];
  const number = value / worth;
  return `${number < 1000 ? digits(number).replace(/\.$/, "") : number.toFixed(0)} ${unit}`;
}

/** The two ends of an interval of seconds: 12.01–12.62 ms */
function spread(low, high) {
  const [from, to] = [duration(low), duration(high)];
  const unit = from.split(" ")[1];
  return unit === to.split(" ")[1] ? `${from.split(" ")[0]}–${to}` : `${from} – ${to}`;
}

/** So many decimals; a number in the middle goes to the even digit, as Python has it. */
function fixed(value, places) {
  const twice = value * 2 * 10 ** places;
  const halfway = Number.isInteger(twice) && twice % 2 !== 0;
  return halfway ? (2 * Math.round(twice / 4) / 10 ** places).toFixed(places) : value.toFixed(places);
}

function share(value) { return value === null || value === undefined ? "" : `${fixed(100 * value, 1)}%`; }

/** A share without decimals. */
function percent(value) { return `${fixed(100 * value, 0)}%`; }
function ratio(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "";
  return value >= 0.1 ? `${fixed(value, 2)}×` : `${Number(value.toPrecision(2))}×`;
}
function plural(number, noun) { return number === 1 ? `1 ${noun}` : `${number} ${noun}s`; }

/** A shape without a batch of one: 64×56×56 */
function shape(lengths) {
  return (lengths.length > 1 && lengths[0] === 1 ? lengths.slice(1) : lengths).join("×");
}

/** How a metric looks, by the name of what shows it in Python. */
const SHOW = {
  count: (value) => human(value),
  count_bytes: (value) => human(value, "B"),
  ratio, share, duration,
  text: (value) => (value === null || value === undefined ? "" : String(value)),
};
