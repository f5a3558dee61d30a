// The graph of a network with its branches: repeated blocks once, laid out when the page was written.

const BOX = { width: 132, height: 36, gapX: 150, gapY: 54, margin: 20 };

/** The drawing of a network: boxes, edges, folds. */
function drawingOf(model) {
  const packed = DATA.drawings.networks[model], layout = DATA.drawings.layouts[packed.layout];
  let at = 0, edge = 0;
  const nodes = packed.nodes.map((step) => (at += step));
  const edges = layout.from.map((step, place) => { edge += step; return [edge, edge + layout.to[place], layout.bends[place]]; });
  return { nodes, edges, parts: packed.parts, repeats: packed.repeats, x: layout.x, y: layout.y };
}

/** The tab. */
function graphOf(model, choose) {
  const drawing = drawingOf(model), network = layersOf(model);
  if (!drawing.x.length) return h("p", {}, `${plural(drawing.nodes.length, "box")} are too many to draw: the layers tab has them all.`);
  const [low, high] = [Math.min(...drawing.x), Math.max(...drawing.x)];
  const left = (x) => BOX.margin + (x - low) * BOX.gapX + BOX.width / 2, top = (y) => BOX.margin + y * BOX.gapY + BOX.height / 2;
  const width = (high - low) * BOX.gapX + BOX.width + 2 * BOX.margin + 40, height = Math.max(...drawing.y) * BOX.gapY + BOX.height + 2 * BOX.margin;
  const picture = s("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": `graph of ${DATA.models.model[model]}, ${plural(drawing.nodes.length, "node")}` });
  picture.append(s("g", {}, drawing.repeats.map((run) => foldOf(run, drawing, left, top))), s("g", {}, drawing.edges.map((edge) => edgeOf(edge, drawing, left, top))));
  const times = drawing.nodes.map((place) => summed(partsAt(model, place, state.device, state.batch))), most = Math.max(...times, 1e-12);
  picture.append(s("g", {}, drawing.nodes.map((place, at) => boxOf(model, network, place, drawing.parts[at], left(drawing.x[at]), top(drawing.y[at]), times[at] / most, choose))));
  const frame = h("div", { class: "graph", tabindex: 0, role: "region", "aria-label": "graph, scrolls" }, picture);
  let zoom = 1;
  const zoomed = (factor) => { zoom = Math.min(3, Math.max(0.1, factor)); picture.setAttribute("width", width * zoom); picture.setAttribute("height", height * zoom); };
  zoomed(1);
  requestAnimationFrame(() => { frame.scrollLeft = left(drawing.x[0]) - frame.clientWidth / 2; });
  const button = (name, label, factor) => h("button", { "aria-label": label, onclick: () => zoomed(factor()) }, name);
  return h("div", {}, h("div", { class: "toolbar" }, button("−", "smaller", () => zoom / 1.3), button("+", "larger", () => zoom * 1.3), button("1:1", "full size", () => 1),
    button("fit", "fit the width", () => frame.clientWidth / width),
    h("span", { class: "faint" }, "a bar in a box: its share of the slowest box's predicted time; +2: as many layers that an engine folds into it; a dashed frame: a block that stands there several times")), frame);
}

function edgeOf([from, to, bends], drawing, left, top) {
  const points = [[left(drawing.x[from]), top(drawing.y[from]) + BOX.height / 2]];
  for (let i = 0; i < bends.length; i += 2) points.push([left(bends[i]), top(bends[i + 1])]);
  points.push([left(drawing.x[to]), top(drawing.y[to]) - BOX.height / 2]);
  let d = `M${points[0]}`;
  for (let i = 1; i < points.length; i++) {
    const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]], middle = (y0 + y1) / 2;
    d += x0 === x1 ? `L${x1} ${y1}` : `C${x0} ${middle} ${x1} ${middle} ${x1} ${y1}`;
  }
  return s("path", { class: "edge", d });
}

function foldOf([first, last, times], drawing, left, top) {
  const places = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const xs = places.map((at) => left(drawing.x[at])), ys = places.map((at) => top(drawing.y[at]));
  const [x0, x1, y0, y1] = [Math.min(...xs) - BOX.width / 2 - 8, Math.max(...xs) + BOX.width / 2 + 8, Math.min(...ys) - BOX.height / 2 - 6, Math.max(...ys) + BOX.height / 2 + 6];
  return s("g", {}, s("rect", { class: "fold", x: x0, y: y0, width: x1 - x0, height: y1 - y0, rx: 8 }), s("text", { class: "times-n", x: x1 + 6, y: y0 + 16 }, `×${times}`));
}

function boxOf(model, network, place, parts, x, y, heat, choose) {
  const kind = layer(network.kinds[place]), name = network.names[place], size = /kernel=(\[[^\]]*\]|\d+)/.exec(kind.attributes);
  const kernel = size ? (size[1].startsWith("[") ? size[1].slice(1, -1).replaceAll(",", "×") : `${size[1]}×${size[1]}`) : "";
  const found = bounded(`${human(added(network, [place], "multiply_adds"))} multiply-adds, ${human(added(network, [place], "params"))} params`, kind.costed);
  const open = () => choose(name);
  return s("g", { class: "box", tabindex: 0, role: "button", "aria-label": `${name}, ${kind.kind} ${kernel}, ${shape(kind.output)}`, transform: `translate(${x - BOX.width / 2} ${y - BOX.height / 2})`, onclick: open, onkeydown: (event) => { if (event.key === "Enter") open(); } },
    s("title", {}, `${name}\n${kind.kind} ${kind.attributes}\n${shape(kind.output)}; ${found}\npredicted ${duration(summed(partsAt(model, place, state.device, state.batch)))}`),
    s("rect", { width: BOX.width, height: BOX.height, rx: 4 }), s("rect", { class: "heat", x: 2, y: BOX.height - 5, width: Math.max(0, heat * (BOX.width - 4)), height: 3 }),
    s("text", { x: 6, y: 14 }, `${kind.kind.replaceAll("_", " ")} ${kernel}${parts ? ` +${parts}` : ""}`.slice(0, 24)), s("text", { x: 6, y: 27, class: "faint" }, shape(kind.output)));
}
