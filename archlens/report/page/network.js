// One network: where its cost goes, stage by stage, and what binds each layer on the device.

const TABS = [["layers", "Layers"], ["graph", "Graph"], ["roofline", "Roofline"], ["field", "Receptive field"], ["live", "Activations"], ["lint", "Lint"], ["claims", "Claims"]];
const opened = new Map();

/** The view. */
function network(root) {
  const model = state.models[0];
  if (model === undefined) {
    root.append(h("p", {}, "There is no such network on this page. ", h("a", { href: "#networks" }, "All networks")));
    return;
  }
  if (!opened.has(model)) opened.set(model, new Set());
  const panel = h("div", { id: "panel", role: "tabpanel", "aria-labelledby": `tab-${state.tab}` }), aside = h("aside", { class: "panel", "aria-label": "what is selected", "aria-live": "polite" });
  const bar = h("div"), work = h("div", { class: "work" }, panel, aside);
  const choose = (path) => { state.at = path; remember(); draw(); };
  const draw = () => {
    refocus(bar, () => bar.replaceChildren(tabs("parts of the network", TABS, state.tab, (tab, focus) => {
      state.tab = tab;
      remember();
      draw();
      if (focus) document.getElementById(`tab-${tab}`).focus();
    })));
    work.classList.toggle("whole", state.tab === "claims");
    panel.setAttribute("aria-labelledby", `tab-${state.tab}`);
    refocus(panel, () => panel.replaceChildren(panelOf(model, choose, draw, room(panel))));
    aside.classList.toggle("picked", Boolean(state.at));
    aside.replaceChildren(selected(model, state.at, (path) => { openTo(model, path); choose(path); }));
  };
  root.append(heads(model), strips([model], (path) => { opened.get(model).add(path); state.tab = "layers"; choose(path); }), bar, work);
  draw();
}

function panelOf(model, choose, draw, size) {
  switch (state.tab) {
    case "graph": return graphOf(model, choose);
    case "roofline": return plot(roofline(model, choose), ...size);
    case "field": return plot(fieldDepth(model, choose), ...size);
    case "live": return plot(liveness(model, choose), ...size);
    case "lint": return lintOf(model, (path) => { openTo(model, path); state.tab = "layers"; choose(path); });
    case "claims": return claimsOf(DATA.models.model[model]);
    default: return tree(model, opened.get(model), state.at, choose, draw);
  }
}

/** Open every row above a path. */
function openTo(model, path) {
  const parts = path.split(".");
  parts.slice(0, -1).forEach((_, at) => opened.get(model).add(parts.slice(0, at + 1).join(".")));
}

/** Name, facts, and what is to be known about the prediction. */
function heads(model) {
  const { models } = DATA, found = predict(model, state.device, state.batch), complete = models.complete[model] === 1;
  const fact = (label, value) => h("li", {}, `${label} `, h("b", {}, value));
  const timed = measuredFacts(model), known = (key, label) => fact(label, bounded(SHOW[DATA.byKey.get(key).kind](models[key][model]), complete));
  return h("div", {},
    h("div", { class: "head" }, h("h1", {}, models.model[model]), h("span", { class: "faint" }, [models.title[model], models.year[model], models.aliases[model] ? `also ${models.aliases[model]}` : ""].filter(Boolean).join(" · ")),
      h("a", { href: hashOf(`compare/${addressed([models.model[model]])}`) }, "compare with…")),
    h("ul", { class: "facts" }, fact("input", shape(models.input[model])), known("params", "params"), known("multiply_adds", "multiply-adds"), known("memory_access", "memory access"),
      known("peak_activations", "peak activations"), fact("layers", models.layers[model] ?? ""), fact("receptive field", models.receptive_field[model] ?? ""),
      ...(models.top1[model] === null ? [] : [fact("ImageNet top-1 as printed", `${models.top1[model]}%, ${models.top1_where[model]}`)]),
      fact(`predicted for a batch of ${state.batch} on ${state.device.title}:`, predicted(found)), found.bound ? fact("most of it", found.bound) : null, timed.map(({ label, value }) => fact(label, value))),
    h("p", { class: "source" }, `Predicted: ${state.device.about.join("; ")}`), timed.map(({ source }) => h("p", { class: "source" }, source)),
    complete ? null : h("p", { class: "outside" }, "≥ is a lower bound: some operator has no rule that tells its cost."),
    found.outside.length ? h("div", { class: "outside" }, "outside of what the device was seen to run, so the interval is wider:", h("ul", {}, found.outside.map((each) => h("li", {}, each.sentence)))) : null);
}

/** The strips of networks, a group a lens, at one scale. */
function strips(models, open) {
  const total = (model, lens) => seen(model, layersOf(model).kinds.map((_, place) => place).filter((place) => layersOf(model).spoken[place]), lens);
  return h("section", { "aria-label": "where the cost goes, stage by stage" }, LENSES.map(([lens, name]) => {
    const most = Math.max(...models.map((model) => total(model, lens)));
    return h("div", { class: "lenses" }, models.length > 1 ? h("h3", {}, name) : null, models.map((model) => {
      const parts = stages(model).map((stage) => ({ name: stage.name, value: seen(model, stage.places, lens), open: () => open(stage.name, model) }));
      const found = predict(model, state.device, state.batch), timed = lens === "predicted";
      const label = models.length > 1 ? DATA.models.model[model] : name;
      const whole = timed ? predicted(found) : bounded(human(total(model, lens)), DATA.models.complete[model] === 1);
      return strip(label, whole, parts, most || 1, (value) => lensShown(value, lens), timed && found.outside.length > 0);
    }));
  }));
}

/** What is selected: a layer, a block or a stage. */
function selected(model, path, jump) {
  const network = layersOf(model);
  const places = network.names.map((_, place) => place).filter((place) => network.spoken[place] && (!path || network.names[place] === path || network.names[place].startsWith(`${path}.`)));
  if (!places.length) return h("p", { class: "faint" }, "no such layer");
  const first = layer(network.kinds[places[0]]), last = layer(network.kinds[places[places.length - 1]]), alone = places.length === 1;
  const costed = places.every((place) => layer(network.kinds[place]).costed);
  const parts = partsOf(model, places, state.device, state.batch), seconds = summed(parts);
  const field = network.fields[places[places.length - 1]], line = network.lines[places[0]];
  const rows = [
    ["input", first.input.map(shape).join(" + ")], ["output", shape(last.output)],
    ...(alone && last.attributes ? [["attributes", last.attributes]] : []),
    ...["params", "multiply_adds", "memory_access", "elementwise"].map((key) => [(DATA.byKey.get(key) || {}).label || key, bounded(human(added(network, places, key)), costed)]),
    ["receptive field", DATA.layers.fields.text[field]],
    ["alive, at most", human(places.reduce((most, place) => Math.max(most, network.live[place]), 0))],
    ["predicted", path ? bounded(duration(seconds), costed) : predicted(predict(model, state.device, state.batch))],
    ...(line ? [["written", `${DATA.models.file[model]} line ${line}`]] : []),
  ];
  return h("div", {}, h("h2", {}, path || DATA.models.model[model], h("span", { class: "faint" }, alone ? ` ${last.kind}` : ` ${plural(places.length, "operator")}`)),
    h("dl", {}, rows.filter(([, value]) => value !== "").map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    h("h3", {}, seconds ? `on ${state.device.title}, bound by ${binding(parts)}` : `nothing to do on ${state.device.title}`),
    h("div", { class: "times" }, PARTS.map((name, at) => h("div", {}, h("span", {}, name), h("i", { style: `width:${seconds ? 100 * parts[at] / seconds : 0}%` }), h("b", {}, duration(parts[at]))))),
    alone ? connections(network, places[0], jump) : null,
    path ? h("p", { class: "source" }, `The interval is of the whole network: ${predicted(predict(model, state.device, state.batch))}.`) : null,
    path ? h("button", { class: "more", onclick: () => { state.at = ""; remember(); render(); } }, "the whole network") : null);
}

/** Who feeds a layer, and whom it feeds: a click goes there. */
function connections(network, place, jump) {
  const feeds = network.inputs.flatMap((inputs, other) => (inputs.includes(place) ? [other] : []));
  const listed = (title, places) => (places.length ? h("p", {}, `${title} `, places.map((other) => h("button", { class: "more", onclick: () => jump(network.names[other]) }, network.names[other]))) : null);
  return h("div", {}, listed("fed by", network.inputs[place]), listed("feeds", feeds));
}

/** Specification of the roofline: what layers reach of the device, by multiply-adds a byte. */
function roofline(model, choose) {
  const network = layersOf(model), { device, batch } = state, { kinds } = DATA.layers, marks = [];
  network.kinds.forEach((kind, place) => {
    const parts = partsAt(model, place, device, batch), seconds = summed(parts), scale = batch / DATA.models.input[model][0];
    const work = scale * kinds.multiply_adds[kind], moved = device.itemsize * (scale * (kinds.memory_access[kind] - kinds.params[kind]) + kinds.params[kind]);
    if (!work || !seconds || moved <= 0) return;
    marks.push({ x: work / moved, y: work / seconds, name: network.names[place], look: { colour: PARTS.indexOf(binding(parts)), form: PARTS.indexOf(binding(parts)), hollow: false },
      about: [`${human(work)} multiply-adds in ${duration(seconds)}`, `bound by ${binding(parts)}`], open: () => choose(network.names[place]) });
  });
  const bound = PARTS.map((part, at) => [part, marks.filter((mark) => mark.look.colour === at).length]).filter(([, n]) => n);
  return {
    title: `${DATA.models.model[model]}: of its ${plural(marks.length, "operator")} with dot products ${bound.map(([part, n]) => `${n} ${n === 1 ? "is" : "are"} bound by ${part}`).join(", ")}`,
    source: `Predicted on ${device.title}, batch ${batch}. ● arithmetic, ■ memory, ▲ weights, ◆ launches bind. Dashed: ${device.sheet ? "the roof of the data sheet" : "the ridge, left of which memory takes longer than arithmetic for the profile's middle kinds of work"}.`,
    x: { label: "multiply-adds a byte", log: true, show: (value) => human(Number(value.toPrecision(3))) },
    y: { label: "multiply-adds a second", log: true, show: (value) => human(value) }, marks,
    lines: marks.length && device.ridge ? [{ points: roofOver(marks, device), dashed: true, look: "front" }] : [],
  };
}

/** The roof of a data sheet; of a measured device, whose kinds of work each have their own, the ridge alone. */
function roofOver(marks, device) {
  const ys = marks.map((mark) => mark.y), { ridge } = device;
  if (!device.sheet) return [[ridge, Math.min(...ys)], [ridge, Math.max(...ys)]];
  const xs = marks.map((mark) => mark.x), roof = device.sheet.flops / 2;
  const low = Math.min(...xs, ridge / 3);
  return [[low, roof * low / ridge], [ridge, roof], [Math.max(...xs, ridge * 3), roof]];
}

/** Specification: the receptive field along the order of the layers. */
function fieldDepth(model, choose) {
  const network = layersOf(model), { fields } = DATA.layers, side = Math.max(...DATA.models.input[model].slice(-2));
  const points = network.fields.map((field, place) => [place, fields.longest[field], fields.everything[field]]).filter(([place, longest]) => longest && network.spoken[place]);
  const marks = points.map(([place, longest, everything]) => ({ x: place, y: longest, name: network.names[place], about: [`sees ${fields.text[network.fields[place]]}`], look: { colour: everything ? 1 : 0, form: everything ? 1 : 0, hollow: false }, open: () => choose(network.names[place]) }));
  const full = points.find(([, longest]) => longest >= side);
  return {
    title: full ? `${DATA.models.model[model]} sees a whole side of its input, ${side}, from ${network.names[full[0]]} on` : `${DATA.models.model[model]} never sees a whole side of its input, ${side}`,
    source: "Longest side of what an output sees along local paths. ● local paths alone, ■ some path sees everything: a gate, a global pool, attention. Dashed: the side of the input.",
    x: { label: "layer, in order of execution", show: (value) => String(value) }, y: { label: "receptive field, places", zero: true, show: (value) => human(value) }, marks, small: marks.length > 60,
    lines: [{ points: points.map(([place, longest]) => [place, longest]), look: "c0" }, { points: [[0, side], [network.names.length, side]], dashed: true }],
  };
}

/** Specification: the activations alive over the order of execution, with the peak. */
function liveness(model, choose) {
  const network = layersOf(model), most = Math.max(...network.live), at = network.live.indexOf(most);
  const marks = network.live.map((elements, place) => ({ x: place, y: elements, name: network.names[place], about: [`${human(elements)} elements alive`, layer(network.kinds[place]).kind], look: { colour: place === at ? 1 : 0, form: place === at ? 3 : 0, hollow: false }, label: place === at ? `peak ${human(elements)} at ${network.names[place]}` : "", front: place === at, open: () => choose(network.names[place]) }));
  return {
    title: `${DATA.models.model[model]}: ${bounded(human(most), DATA.models.complete[model] === 1)} elements at most are alive at once, at ${network.names[at]}`,
    source: "Elements alive while each layer runs at inference, freed after their last reader; weights are not among them.",
    x: { label: "layer, in order of execution", show: (value) => String(value) }, y: { label: "elements alive", zero: true, show: (value) => human(value) },
    marks, small: marks.length > 60, lines: [{ points: network.live.map((elements, place) => [place, elements]), look: "c0" }],
  };
}

/** What lint finds; a click on a place goes to its layer. */
function lintOf(model, jump) {
  const found = DATA.lint.networks[model], { says } = DATA.lint;
  const scores = h("ul", { class: "facts" }, Object.entries(found.scores).map(([key, score]) => h("li", { title: says[key] }, `${key.toUpperCase()} `, h("b", {}, score === null ? "–" : ratio(score)))));
  const listed = found.findings.map((finding) => h("div", { class: "finding" },
    h("p", {}, h("b", {}, `${finding.guideline.toUpperCase()} ${finding.subject}`), `, ${plural(finding.count, "place")}: ${finding.advice}; saves ${human(finding.saved)} elements, ${share(found.moved ? finding.saved / found.moved : 0)} of the memory access${finding.kernels ? `, and ${plural(finding.kernels, "launch").replace("launchs", "launches")}` : ""}`),
    h("ul", {}, finding.places.map(([path, now, instead, saved]) => h("li", {}, h("button", { onclick: () => jump(path) }, path), ` ${now}${instead ? `, instead ${instead}` : ""}: saves ${human(saved)}`)),
      finding.count > finding.places.length ? h("li", { class: "faint" }, `and ${finding.count - finding.places.length} more`) : null)));
  return h("div", {}, h("p", {}, "The four guidelines of ShuffleNet V2 (arXiv 1807.11164), on the network as it runs at inference. ", Object.entries(says).map(([key, text]) => `${key.toUpperCase()}: ${text}`).join("; "), "."), scores,
    listed.length ? listed : h("p", {}, "Nothing that would save half a percent of the memory access."));
}
