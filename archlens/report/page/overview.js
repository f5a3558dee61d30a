// All networks: any number against any other, what a filter leaves, and a table of it.

const OF_NETWORK = ["model", "year", "input", "params", "multiply_adds", "memory_access", "predicted", "peak_activations", "layers", "receptive_field", "top1"];

/** The columns that the table begins with: what was measured stands beside what is predicted. */
function firstColumns() {
  const place = OF_NETWORK.indexOf("predicted") + 1;
  return [...OF_NETWORK.slice(0, place), ...DATA.measuredBy.keys(), ...OF_NETWORK.slice(place)];
}

/** The numbers that networks have: axes, columns, and what conditions ask for. */
function axisKeys() {
  const plain = DATA.metrics.map((metric) => [metric.key, metric.label]);
  return [["predicted", "predicted time"], ...measuredKeys(), ...plain, ["receptive_field", "receptive field"], ["top1", "ImageNet top-1 as printed"], ["year", "year"]];
}

/** One number of one network; null where it has none, or none that can be told. */
function valueOf(model, key) {
  if (key !== "predicted") return DATA.models[key][model];
  const found = predict(model, state.device, state.batch);
  return found.refused ? null : found.seconds;
}

function shownBy(key) {
  if (key === "predicted" || DATA.measuredBy.has(key)) return duration;
  if (key === "top1") return (value) => (typeof value === "number" ? `${value}%` : "");
  const metric = DATA.byKey.get(key);
  return metric ? SHOW[metric.kind] || SHOW.text : SHOW.text;
}

/** A number of a network as people read it: ≥ where it is a lower bound, predicted times with their interval. */
function told_of(model, key) {
  const value = DATA.models[key] ? DATA.models[key][model] : null;
  if (key === "predicted") return predicted(predict(model, state.device, state.batch));
  if (DATA.measuredBy.has(key)) return measured(DATA.measuredBy.get(key), model);
  const metric = DATA.byKey.get(key);
  return bounded(shownBy(key)(value), !metric || !metric.bounded || DATA.models.complete[model] === 1);
}

function labelOf(key) { return axisKeys().find(([own]) => own === key)[1]; }

function axisLabel(key) {
  if (key === "top1") return "ImageNet top-1 as printed (%)";
  const unit = { count_bytes: "bytes", ratio: "ratio", share: "share" }[DATA.byKey.get(key)?.kind];
  if (key === "predicted") return `predicted time, batch ${state.batch}`;
  const timed = DATA.measuredBy.get(key);
  if (timed) return `measured time, ${measuredShort(timed)}`;
  return unit ? `${labelOf(key)} (${unit})` : labelOf(key);
}

/** Families by how many networks they have, each with a look of its own. */
function families() {
  if (!families.known) {
    const counts = new Map();
    DATA.models.family.forEach((name) => counts.set(name, (counts.get(name) || 0) + 1));
    families.known = [...counts].sort((a, b) => b[1] - a[1]).map(([name, count], place) => ({ name, count, look: look(place) }));
    families.looks = new Map(families.known.map((family) => [family.name, family.look]));
  }
  return families.known;
}

/** The networks that search, families and conditions leave. Throws an Error for what is no condition. */
function left() {
  const fits = state.where.trim() ? where(state.where) : () => true;
  const wanted = state.search.trim().toLowerCase();
  const { model, family, title, aliases } = DATA.models;
  return model.map((_, place) => place).filter((place) => !state.hidden.has(family[place])
    && (!wanted || [model, family, title, aliases].some((column) => column[place].toLowerCase().includes(wanted)))
    && fits((key) => valueOf(place, key === "latency" ? "predicted" : key)));
}

/** Specification of the scatter: the networks, their front, and what is not known as such. */
function scatter(models) {
  const marks = [];
  for (const model of models) {
    const [x, y] = [valueOf(model, state.x), valueOf(model, state.y)];
    if (!usable(x) || !usable(y) || (state.logX && x <= 0) || (state.logY && y <= 0)) continue;
    marks.push(markFor(model, x, y));
  }
  const best = front(marks.filter((mark) => !mark.bound), state.lessX, state.lessY);
  best.forEach((mark) => { mark.front = true; mark.label = mark.name; });
  return {
    title: `${labelOf(state.y)} against ${labelOf(state.x)}: ${plural(marks.length, "network")}, ${best.length} on the front`,
    source: sourceOf([state.x, state.y], models.length - marks.length),
    x: { label: axisLabel(state.x), log: state.logX, show: shownBy(state.x) },
    y: { label: axisLabel(state.y), log: state.logY, show: shownBy(state.y) },
    marks, best,
    lines: [{ points: best.map((mark) => [mark.x, mark.y]), look: "front", step: true }],
  };
}

function markFor(model, x, y) {
  const timed = [state.x, state.y].includes("predicted") ? predict(model, state.device, state.batch) : null;
  const keys = [...new Set([state.y, state.x])], doubted = keys.some((key) => DATA.measuredBy.get(key)?.warnings[model]);
  return {
    x, y, name: DATA.models.model[model],
    about: [...keys.map((key) => `${labelOf(key)} ${told_of(model, key)}`), ...(timed && timed.outside.length ? [`hatched: ${timed.outside[0].sentence}`] : [])],
    look: (families(), families.looks.get(DATA.models.family[model])),
    hatched: (timed ? timed.outside.length > 0 : false) || doubted,
    bound: DATA.models.complete[model] !== 1,
    open: () => go(`network/${addressed([DATA.models.model[model]])}`),
  };
}

function sourceOf(keys, missing) {
  const lines = [];
  if (keys.includes("predicted")) lines.push(`${state.device.about.join("; ")}. Hollow and dotted: outside of what was seen.`);
  for (const key of new Set(keys)) if (DATA.measuredBy.has(key)) lines.push(measuredSource(DATA.measuredBy.get(key)));
  if (keys.includes("top1")) lines.push("Accuracy: as papers and releases print it, each network trained in its own way.");
  if (missing) lines.push(`${missing === 1 ? "1 network is" : `${missing} networks are`} not drawn: without such a number, or too far from what was seen.`);
  lines.push("Counted by archlens from the graphs, one image. The line is the front: no network beats those on it in both.");
  return lines.join(" ");
}

function columnsOfNetworks() {
  const number = (key, label) => ({
    key, label, right: true, value: (model) => valueOf(model, key), show: (_, model) => told_of(model, key),
    raw: (model) => DATA.models[key][model],
  });
  const word = (key, label) => ({ key, label, value: (model) => DATA.models[key][model], show: (value) => value ?? "" });
  return [
    word("model", "name"), { ...number("year", "year"), show: (value) => value ?? "" },
    { key: "input", label: "input", right: true, value: (model) => shape(DATA.models.input[model]), show: (value) => value },
    ...["params", "multiply_adds", "memory_access"].map((key) => number(key, labelOf(key))),
    {
      key: "predicted", label: "predicted time (9 in 10 networks)", right: true, value: (model) => valueOf(model, "predicted"),
      show: (_, model) => predicted(predict(model, state.device, state.batch)), raw: (model) => valueOf(model, "predicted"),
      mark: (model) => (predict(model, state.device, state.batch).outside.length ? "hatched-cell" : ""),
    },
    ...[...DATA.measuredBy].map(([key, column]) => ({
      ...number(key, `measured time, ${measuredShort(column)} (95% interval)`), mark: (model) => (column.warnings[model] ? "hatched-cell" : ""),
    })),
    ...["top1", "peak_activations", "layers", "receptive_field"].map((key) => number(key, labelOf(key))), word("family", "family"), word("title", "title"),
    ...axisKeys().filter(([key]) => !OF_NETWORK.includes(key) && !DATA.measuredBy.has(key)).map(([key, label]) => number(key, label)),
  ];
}

/** The view. */
function overview(root) {
  const results = h("div", { class: "results" });
  const chart = h("section", { class: "panel chart-panel", "aria-label": "scatter" });
  const filter = filters(() => update()), bar = h("div", { class: "axes-bar" });
  const aimed = () => { refocus(bar, () => bar.replaceChildren(...axisChoices(() => update(), aimed))); update(); };
  root.append(h("h1", { class: "unseen" }, "Networks"), h("div", { class: "split" }, h("div", {}, bar, chart), filter.element), results);
  const update = () => {
    let models;
    try {
      models = left();
      filter.wrong("");
    } catch (error) {
      filter.wrong(error.message);
      return;
    }
    const spec = scatter(models);
    chart.replaceChildren(plot(spec, ...room(chart)));
    filter.told(`${models.length} of ${DATA.count} networks, ${spec.best.length} on the front`);
    const draw = () => results.replaceChildren(table({
      columns: columnsOfNetworks(), rows: state.onlyFront ? models.filter((model) => spec.best.some((mark) => mark.name === DATA.models.model[model])) : models,
      chosen: state.columns, sort: state.sort, falling: state.falling, choosing: state.choosing, most: state.most,
      caption: "Networks that the filter leaves", count: plural(models.length, "network"),
      href: (model) => hashOf(`network/${addressed([DATA.models.model[model]])}`),
      changed: (change, quiet) => {
        if (change.chosen) state.columns = change.chosen;
        Object.assign(state, { ...change, chosen: undefined });
        if (!quiet) { remember(); refocus(results, draw); }
      },
    }));
    draw();
    remember();
  };
  aimed();
}

/** Draw anew, and put the focus where it was: the same place among those that can have it. */
function refocus(part, draw) {
  const able = () => [...part.querySelectorAll("button, input, summary, a, select")];
  const place = able().indexOf(document.activeElement);
  draw();
  if (place >= 0) able()[place]?.focus();
}

/** How large a chart may be. */
function room(element) {
  const wide = Math.max(300, Math.min(1240, (element.clientWidth || 776) - 16));
  return [wide, wide < 500 ? 340 : 430];
}

/** How an axis runs, and what is best on both, once another number is chosen: a little cost for much of what is gained. */
function aim(axis) {
  const gained = (key) => ["top1", "year"].includes(key);
  state[axis === "x" ? "logX" : "logY"] = !gained(state[axis]) && !["share", "ratio"].includes(DATA.byKey.get(state[axis])?.kind);
  state.lessY = !gained(state.y);
  state.lessX = gained(state.y) && !gained(state.x);
}

/** Both axes: what they show, how they run, what is best. chosen: called when one shows another number. */
function axisChoices(update, chosen) {
  const axis = (name, key, log, less) => h("div", { class: "axis-choice" },
    choice(name, axisKeys(), state[key], (value) => { state[key] = value; aim(key); chosen(); }),
    h("label", {}, h("input", { type: "checkbox", checked: state[log], onchange: (e) => { state[log] = e.target.checked; update(); } }), "log"),
    choice("best", [["less", "less"], ["more", "more"]], state[less] ? "less" : "more", (value) => { state[less] = value === "less"; update(); }));
  return [axis("y", "y", "logY", "lessY"), axis("x", "x", "logX", "lessX")];
}

function filters(update) {
  const wrong = h("p", { class: "wrong", role: "alert" }), count = h("p", { class: "told", role: "status" });
  const boxes = families().map((family) => h("label", {}, h("input", {
    type: "checkbox", checked: !state.hidden.has(family.name),
    onchange: (event) => { state.hidden[event.target.checked ? "delete" : "add"](family.name); update(); },
  }), swatch(family.look), family.name || "of no family", h("span", { class: "faint" }, ` ${family.count}`)));
  const all = (on) => h("button", {
    onclick: () => {
      state.hidden = new Set(on ? [] : families().map((family) => family.name));
      boxes.forEach((box) => { box.querySelector("input").checked = on; });
      update();
    },
  }, on ? "all" : "none");
  const element = h("aside", { class: "panel filters", "aria-label": "filter" },
    field("name", state.search, (value) => { state.search = value; update(); }, { placeholder: "resnet, mobile…" }),
    field("where", state.where, (value) => { state.where = value; update(); }, { placeholder: "params < 5M and multiply_adds < 300M" }),
    wrong, count,
    h("label", { class: "only" }, h("input", { type: "checkbox", checked: state.onlyFront, onchange: (e) => { state.onlyFront = e.target.checked; update(); } }), "the table shows the front alone"),
    h("fieldset", {}, h("legend", {}, "families ", all(true), all(false)), h("div", { class: "families" }, boxes)));
  return { element, wrong: (text) => { wrong.textContent = text; }, told: (text) => { count.textContent = text; } };
}
