// A network as a strip of its stages, each as wide as its share: the same strip through four lenses.

const LENSES = [
  ["params", "params"], ["multiply_adds", "multiply-adds"], ["memory_access", "memory access"], ["predicted", "predicted time"],
];

/** The stages of a network: the first component of the names, in the order in which they run. */
function stages(model) {
  const network = layersOf(model), found = new Map();
  network.names.forEach((name, place) => {
    if (!network.spoken[place]) return;
    const stage = name.split(".")[0];
    if (!found.has(stage)) found.set(stage, []);
    found.get(stage).push(place);
  });
  return [...found].map(([name, places]) => ({ name, places }));
}

/** What some layers have of a lens. */
function seen(model, places, lens) {
  if (lens === "predicted") return summed(partsOf(model, places, state.device, state.batch));
  return added(layersOf(model), places, lens);
}

function lensShown(value, lens) { return lens === "predicted" ? duration(value) : human(value); }

/** One strip, whose names stand where they fit. most: what its full width stands for; parts: [{name, value, open, look}] */
function strip(label, total, parts, most, shown, hatched = false) {
  const bar = h("div", { class: "strip", style: `width:${100 * parts.reduce((a, b) => a + b.value, 0) / most}%` });
  const whole = parts.reduce((sum, part) => sum + part.value, 0);
  parts.forEach((part, at) => {
    const wide = whole ? part.value / whole : 0;
    if (!wide) return;
    bar.append(h("button", {
      class: `part p${at % 6}${hatched ? " hatched" : ""}`, style: `flex:${wide} 1 0`, title: `${part.name}: ${shown(part.value)}, ${share(wide)}`,
      "aria-label": `${part.name}: ${shown(part.value)}, ${share(wide)} of ${label}`, onclick: part.open,
    }, h("span", {}, part.name)));
  });
  return h("div", { class: "lens" }, h("div", { class: "lens-name" }, h("span", {}, label), h("b", {}, total)), h("div", { class: "lens-bar" }, bar));
}
