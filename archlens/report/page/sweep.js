// A store of variants of one design: any number against any other, the front, and the best under a budget.

const ofVariants = { x: "", y: "", logX: false, logY: false, lessX: true, lessY: true, budget: "", share: 0.5, goal: "", goalLess: false, where: "", sort: "", falling: false, chosen: null, most: 100 };

/** The view. */
function variants(root) {
  const { sweep } = DATA, keys = Object.keys(sweep.metrics), settings = Object.keys(sweep.settings);
  const count = sweep.metrics[keys[0]].length, values = (key) => sweep.metrics[key] || sweep.settings[key];
  startVariants(keys, settings);
  const chart = h("section", { class: "panel chart-panel" }), best = h("div"), results = h("div"), wrong = h("p", { class: "wrong", role: "alert" });
  const update = () => {
    let places = Array.from({ length: count }, (_, at) => at);
    try {
      const fits = ofVariants.where.trim() ? where(ofVariants.where, (key) => values(key) !== undefined) : () => true;
      places = places.filter((place) => fits((key) => values(key)[place]));
      wrong.textContent = "";
    } catch (error) {
      wrong.textContent = error.message;
      return;
    }
    chart.replaceChildren(places.length ? plot(variantChart(places, values, sweep), ...room(chart)) : emptied(count, values, [...settings, ...keys]));
    best.replaceChildren(bestUnder(places, values, keys, settings));
    const draw = () => results.replaceChildren(table({ columns: variantColumns(keys, settings, values), rows: places, ...ofVariants, caption: "Variants", count: plural(places.length, "variant"),
      changed: (change, quiet) => { Object.assign(ofVariants, change); if (!quiet) refocus(results, draw); } }));
    draw();
  };
  const axis = (name, key, log, less) => h("div", { class: "axis-choice" }, choice(name, keys.concat(settings).map((each) => [each, variantLabel(each)]), ofVariants[key], (value) => { ofVariants[key] = value; update(); }),
    h("label", {}, h("input", { type: "checkbox", checked: ofVariants[log], onchange: (event) => { ofVariants[log] = event.target.checked; update(); } }), "log"),
    choice("best", [["less", "less"], ["more", "more"]], ofVariants[less] ? "less" : "more", (value) => { ofVariants[less] = value === "less"; update(); }));
  const slider = h("input", { type: "range", min: 0, max: 1, step: 0.002, value: ofVariants.share, "aria-label": "budget", oninput: (event) => { ofVariants.share = Number(event.target.value); update(); } });
  root.append(h("h1", {}, sweep.title || "Variants"), h("div", { class: "axes-bar" }, axis("y", "y", "logY", "lessY"), axis("x", "x", "logX", "lessX")), chart,
    h("div", { class: "slider" }, choice("most of", keys.map((key) => [key, variantLabel(key)]), ofVariants.budget, (value) => { ofVariants.budget = value; update(); }), slider,
      choice("best of", keys.map((key) => [key, variantLabel(key)]), ofVariants.goal, (value) => { ofVariants.goal = value; update(); }),
      choice("is", [["less", "least"], ["more", "most"]], ofVariants.goalLess ? "less" : "more", (value) => { ofVariants.goalLess = value === "less"; update(); })), best,
    field("where", ofVariants.where, (value) => { ofVariants.where = value; update(); }, { placeholder: "params < 5M and width = 32" }), wrong, results);
  update();
}

/** What there is, where the condition leaves nothing: from where to where what it names goes. */
function emptied(count, values, keys) {
  const named = keys.filter((key) => new RegExp(`\\b${key}\\b`).test(ofVariants.where)).flatMap((key) => {
    const known = values(key).filter((value) => typeof value === "number").sort((a, b) => a - b);
    return known.length ? [`${variantLabel(key)} goes from ${variantTick(key)(known[0])} to ${variantTick(key)(known[known.length - 1])}`] : [];
  });
  return h("p", { role: "status" }, `No variant of ${count} has ${ofVariants.where}${named.length ? `: ${named.join(", ")}` : ""}.`);
}

function startVariants(keys, settings) {
  if (ofVariants.x) return;
  const at = (wanted, place) => (keys.includes(wanted) ? wanted : keys[Math.min(place, keys.length - 1)]);
  Object.assign(ofVariants, { x: at("multiply_adds", 0), y: keys.find((key) => /predicted|latency|seconds/.test(key)) || at("memory_access", 1) });
  Object.assign(ofVariants, { budget: ofVariants.y, goal: ofVariants.x, lessX: false, where: DATA.sweep.where || "", chosen: [...settings, ...keys] });
  const [up, across] = DATA.sweep.aims || [];
  if (across) Object.assign(ofVariants, { x: across.key, y: up.key, lessX: across.less, lessY: up.less, budget: up.key, goal: across.key, goalLess: across.less });
}

function variantLabel(key) { return (DATA.byKey.get(key) || {}).label || key.replaceAll("_", " "); }

/** How a number of variants looks: a latency with its interval. */
function variantShown(key) {
  const { interval } = DATA.sweep, times = (value) => (interval ? `${duration(value)} (${spread(interval.low * value, interval.high * value)})` : duration(value));
  if (key === "latency") return (value) => (typeof value === "number" ? times(value) : "");
  return (value) => (typeof value === "number" ? human(value) : String(value ?? ""));
}

function variantTick(key) { return key === "latency" ? duration : variantShown(key); }

/** Specification: all variants, those on the front larger, the budget as a line. */
function variantChart(places, values, sweep) {
  const { x, y } = ofVariants, plain = { colour: 0, form: 0, hollow: false };
  const marks = places.filter((place) => typeof values(x)[place] === "number" && typeof values(y)[place] === "number").map((place) => ({
    place, x: values(x)[place], y: values(y)[place], look: plain, name: Object.entries(sweep.settings).map(([key, column]) => `${key} ${column[place]}`).join(", "),
    about: [`${variantLabel(y)} ${variantShown(y)(values(y)[place])}`, `${variantLabel(x)} ${variantShown(x)(values(x)[place])}`],
  }));
  const on = front(marks, ofVariants.lessX, ofVariants.lessY);
  on.forEach((mark) => { mark.front = true; mark.look = { colour: 1, form: 1, hollow: false }; });
  const low = values(ofVariants.budget), bound = budgetOf(places, values), xs = marks.map((mark) => mark.x), ys = marks.map((mark) => mark.y);
  const line = !marks.length || low === undefined ? [] : ofVariants.budget === y ? [{ points: [[xs.reduce((a, b) => Math.min(a, b)), bound], [xs.reduce((a, b) => Math.max(a, b)), bound]], dashed: true }]
    : ofVariants.budget === x ? [{ points: [[bound, ys.reduce((a, b) => Math.min(a, b))], [bound, ys.reduce((a, b) => Math.max(a, b))]], dashed: true }] : [];
  return {
    title: `${variantLabel(y)} against ${variantLabel(x)}: ${plural(marks.length, "variant")}, ${on.length} on the front`, source: [sweep.source, sweep.device ? `latency predicted for ${sweep.device}` : ""].filter(Boolean).join("; "), marks,
    x: { label: variantLabel(x), log: ofVariants.logX, show: variantTick(x) }, y: { label: variantLabel(y), log: ofVariants.logY, show: variantTick(y) },
    lines: [{ points: on.map((mark) => [mark.x, mark.y]), look: "front", step: true }, ...line],
  };
}

function budgetOf(places, values) {
  const known = places.map((place) => values(ofVariants.budget)[place]).filter((value) => typeof value === "number").sort((a, b) => a - b);
  return known.length ? known[Math.round(ofVariants.share * (known.length - 1))] : 0;
}

/** The variant with the most of the goal among those within the budget. */
function bestUnder(places, values, keys, settings) {
  const bound = budgetOf(places, values), known = (place, key) => typeof values(key)[place] === "number";
  const within = places.filter((place) => known(place, ofVariants.budget) && known(place, ofVariants.goal) && values(ofVariants.budget)[place] <= bound);
  if (!within.length) return h("p", {}, "no variant");
  const { goal, goalLess } = ofVariants, column = values(goal);
  const best = within.reduce((a, b) => ((goalLess ? column[b] < column[a] : column[b] > column[a]) ? b : a));
  return h("p", { role: "status" }, `At most ${variantTick(ofVariants.budget)(bound)} of ${variantLabel(ofVariants.budget)}: ${plural(within.length, "variant")}; ${goalLess ? "least" : "most"} ${variantLabel(goal)} has `,
    h("b", {}, settings.map((key) => `${key} ${values(key)[best]}`).join(", ")), ": ", keys.map((key) => `${variantLabel(key)} ${variantShown(key)(values(key)[best])}`).join(", "));
}

function variantColumns(keys, settings, values) {
  return [...settings, ...keys].map((key) => ({ key, label: variantLabel(key), right: typeof values(key)[0] === "number", value: (place) => values(key)[place], show: variantShown(key) }));
}
