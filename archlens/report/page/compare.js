// Two to four networks side by side, at one scale, their layers aligned; what differs comes first.

const MOST = 4;
const COMPARED = ["params", "multiply_adds", "memory_access", "elementwise", "activations", "peak_activations", "fragments", "serial_depth", "kernels", "layers"];
let onlyDifferent = true;

/** The view. */
function compare(root) {
  const models = state.models.slice(0, MOST), names = models.map((model) => DATA.models.model[model]);
  state.compared = addressed(names);
  root.append(h("h1", {}, "Compare"), pickers(models));
  if (models.length < 2) {
    root.append(h("p", {}, models.length ? `${names[0]} stands alone: add a network beside it.` : "Add two to four networks. The address of this view is the comparison: send it to somebody."));
    return;
  }
  root.append(strips(models, (path, model) => { state.at = path; go(`network/${addressed([DATA.models.model[model]])}`); }), h("h2", {}, "In all"), totals(models));
  const part = h("section", { "aria-label": "layer by layer" });
  const draw = () => part.replaceChildren(h("h2", {}, "Layer by layer"), aligned(models, () => refocus(part, draw)));
  root.append(part);
  draw();
}

function pickers(models) {
  const to = (places) => go(places.length ? `compare/${addressed(places.map((model) => DATA.models.model[model]))}` : "compare");
  const made = models.map((model, at) => h("span", {}, DATA.models.model[model], h("button", { "aria-label": `leave out ${DATA.models.model[model]}`, onclick: () => to(models.filter((_, place) => place !== at)) }, "×")));
  const more = models.length < MOST ? h("input", {
    type: "search", list: "names", placeholder: "add a network…", "aria-label": "add a network",
    onchange: (event) => { const place = DATA.places.get(event.target.value); if (place !== undefined) to([...models, place]); },
  }) : null;
  return h("div", { class: "pickers" }, made, more, h("button", { class: "more", onclick: (event) => copy(location.href, event.target) }, "copy the link"));
}

/** The numbers of the whole networks, with ratios against the first. */
function totals(models) {
  const first = models[0], complete = models.every((model) => DATA.models.complete[model] === 1);
  const rows = COMPARED.map((key) => h("tr", {}, h("th", { scope: "row" }, labelOf(key)), models.flatMap((model, at) => {
    const [value, base] = [DATA.models[key][model], DATA.models[key][first]];
    return [h("td", { class: "number" }, told_of(model, key)), ...(at ? [h("td", { class: "number faint" }, complete && base && value !== null ? ratio(value / base) : "")] : [])];
  })));
  const times = models.map((model) => predict(model, state.device, state.batch));
  rows.push(h("tr", {}, h("th", { scope: "row" }, `predicted, batch ${state.batch}, ${state.device.title}`), times.flatMap((found, at) => [
    h("td", { class: `number wraps ${found.outside.length ? "hatched-cell" : ""}` }, predicted(found)),
    ...(at ? [h("td", { class: "number faint" }, complete && !found.refused && !times[0].refused ? ratio(found.seconds / times[0].seconds) : "")] : [])])));
  for (const column of DATA.measuredBy.values()) if (models.some((model) => column.seconds[model] !== null)) rows.push(measuredRow(column, models));
  const head = h("tr", {}, h("th", { scope: "col" }, ""), models.flatMap((model, at) => [h("th", { scope: "col", class: "number" }, DATA.models.model[model]), ...(at ? [h("th", { scope: "col", class: "number" }, "ratio")] : [])]));
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "totals" }, h("table", { class: `data${models.length > 2 ? " many" : ""}` }, h("caption", { class: "unseen" }, "Totals and their ratios"), h("thead", {}, head), h("tbody", {}, rows)));
}

/** Measured times on one machine, with ratios of the medians. */
function measuredRow(column, models) {
  const base = column.seconds[models[0]];
  return h("tr", {}, h("th", { scope: "row", title: `${column.machine}; ${measuredOn(column)}` }, `measured, ${column.conditions}, ${column.on}, ${measuredOn(column)}`), models.flatMap((model, at) => [
    h("td", { class: `number wraps ${column.warnings[model] ? "hatched-cell" : ""}` }, measured(column, model)),
    ...(at ? [h("td", { class: "number faint" }, base && column.seconds[model] ? ratio(column.seconds[model] / base) : "")] : [])]));
}

/** Rows of layers: each network against the first, as `archlens diff` aligns them. */
function alignedRows(models) {
  const [first, ...others] = models.map(layersOf);
  const partners = others.map((other) => {
    const pairs = align(first, other), of = new Map(), added = new Map();
    let last = -1;
    for (const [i, j] of pairs) {
      if (i !== null) { of.set(i, j); last = Math.max(last, i); } else { if (!added.has(last)) added.set(last, []); added.get(last).push(j); }
    }
    return { of, added };
  });
  const rows = [];
  for (let i = -1; i < first.names.length; i++) {
    if (i >= 0) rows.push([i, ...partners.map(({ of }) => of.get(i) ?? null)]);
    const more = Math.max(0, ...partners.map(({ added }) => (added.get(i) || []).length));
    for (let n = 0; n < more; n++) rows.push([null, ...partners.map(({ added }) => (added.get(i) || [])[n] ?? null)]);
  }
  return rows;
}

function aligned(models, draw) {
  const networks = models.map(layersOf), rows = alignedRows(models).filter((row) => row.some((place, at) => place !== null && networks[at].spoken[place]));
  const differs = (row) => new Set(row.map((place, at) => (place === null ? null : KEYS.work(networks[at], place)))).size > 1;
  const different = rows.filter(differs), seenRowsOf = onlyDifferent ? different : rows, shown = seenRowsOf.slice(0, 300);
  const lens = state.lens, most = Math.max(...rows.flatMap((row) => row.map((place, at) => (place === null ? 0 : seen(models[at], [place], lens)))), 1e-12);
  const body = shown.map((row) => h("tr", { class: !onlyDifferent && differs(row) ? "differs" : "" }, row.map((place, at) => (place === null ? [h("td", { class: "faint" }, "–"), h("td", { class: "number" }, "")] : layerCells(models[at], networks[at], place, lens, most)))));
  const head = h("tr", {}, models.flatMap((model) => [h("th", { scope: "col" }, DATA.models.model[model]), h("th", { scope: "col", class: "number" }, LENSES.find(([key]) => key === lens)[1])]));
  return h("div", {},
    h("div", { class: "toolbar" }, h("span", { class: "count" }, `${different.length} of ${plural(rows.length, "row")} differ`),
      choice("numbers", LENSES, lens, (value) => { state.lens = value; remember(); draw(); }),
      h("label", {}, h("input", { type: "checkbox", checked: onlyDifferent, onchange: (event) => { onlyDifferent = event.target.checked; draw(); } }), "differences alone")),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "aligned layers" }, h("table", { class: `data tree${models.length > 2 ? " many" : ""}` }, h("caption", { class: "unseen" }, "Layers, aligned"), h("thead", {}, head), h("tbody", {}, body))),
    shown.length < seenRowsOf.length ? h("p", { class: "faint" }, `and ${seenRowsOf.length - shown.length} more rows`) : null);
}

function layerCells(model, network, place, lens, most) {
  const kind = layer(network.kinds[place]), value = seen(model, [place], lens);
  return [h("td", {}, network.names[place], h("span", { class: "faint" }, ` ${kind.kind} ${kind.attributes} → ${shape(kind.output)}`)),
    h("td", { class: "number", style: `--share:${100 * value / most}%` }, bounded(lensShown(value, lens), kind.costed))];
}
