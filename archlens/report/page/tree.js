// A network as a table that opens: stages, the blocks in them, the layers in those.

/** The layers of a network as a tree by the components of their names. */
function treeOf(model) {
  const network = layersOf(model), root = { name: "", path: "", children: new Map(), places: [] };
  network.names.forEach((name, place) => {
    if (!network.spoken[place]) return;
    let at = root;
    at.places.push(place);
    name.split(".").forEach((part) => {
      const path = at.path ? `${at.path}.${part}` : part;
      if (!at.children.has(part)) at.children.set(part, { name: part, path, children: new Map(), places: [] });
      at = at.children.get(part);
      at.places.push(place);
    });
  });
  return root;
}

/** The rows that are seen: those whose parents are open. */
function seenRows(node, opened, depth = 0) {
  const found = [];
  for (const child of node.children.values()) {
    found.push({ node: child, depth });
    if (opened.has(child.path)) found.push(...seenRows(child, opened, depth + 1));
  }
  return found;
}

const TREE_COLUMNS = ["params", "multiply_adds", "memory_access", "predicted"];

/** The table. chosen: called with the path of a row. */
function tree(model, opened, at, chosen, draw) {
  const network = layersOf(model), root = treeOf(model), complete = DATA.models.complete[model] === 1;
  const totals = Object.fromEntries(TREE_COLUMNS.map((key) => [key, seen(model, root.places, key)]));
  const rows = seenRows(root, opened).map(({ node, depth }) => treeRow(model, network, node, depth, { opened, at, chosen, draw, totals }));
  const found = predict(model, state.device, state.batch);
  const foot = h("tr", {}, h("th", { scope: "row" }, "total"), h("td"),
    ...TREE_COLUMNS.slice(0, 3).map((key) => h("td", { class: "number" }, bounded(human(totals[key]), complete))),
    h("td", { class: "number" }, predicted(found)));
  const head = h("tr", {}, ["layer", "output", "params", "multiply-adds", "memory access", "predicted time"].map((name, place) =>
    h("th", { scope: "col", class: place > 1 ? "number" : "" }, name)));
  const all = [...allPaths(root)];
  return h("div", {},
    h("div", { class: "toolbar" },
      h("button", { onclick: () => { all.forEach((path) => opened.add(path)); draw(); } }, "open all"),
      h("button", { onclick: () => { opened.clear(); draw(); } }, "close all"),
      h("span", { class: "faint" }, found.constant ? `predicted times of rows add up to the total with ${duration(found.constant)} that a batch takes once; the interval is of the total` : "the interval is of the total")),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "stages, blocks and layers" },
      h("table", { class: "data tree" }, h("caption", { class: "unseen" }, "Stages, blocks and layers"), h("thead", {}, head), h("tbody", {}, rows), h("tfoot", {}, foot))));
}

function* allPaths(node) {
  for (const child of node.children.values()) if (child.children.size) { yield child.path; yield* allPaths(child); }
}

function treeRow(model, network, node, depth, { opened, at, chosen, draw, totals }) {
  const open = opened.has(node.path), last = node.places[node.places.length - 1], inner = node.children.size > 0;
  const kind = layer(network.kinds[last]);
  const name = h("th", { scope: "row", style: `padding-left:${8 + depth * 18}px` },
    inner ? h("button", { class: "open", "aria-expanded": String(open), "aria-label": `${open ? "close" : "open"} ${node.path}`, onclick: () => { opened[open ? "delete" : "add"](node.path); draw(); } }, open ? "▾" : "▸") : h("span", { class: "open", style: "display:inline-block" }),
    h("button", { class: "row-name", onclick: () => chosen(node.path) }, node.name, inner ? h("span", { class: "faint" }, ` ${node.places.length}`) : null));
  const numbers = TREE_COLUMNS.map((key) => {
    const value = seen(model, node.places, key);
    const costed = node.places.every((place) => layer(network.kinds[place]).costed);
    return h("td", { class: "number", style: `--share:${totals[key] ? 100 * value / totals[key] : 0}%`, title: totals[key] ? share(value / totals[key]) : "" }, bounded(lensShown(value, key), costed));
  });
  return h("tr", { class: `deep-${depth}`, "aria-selected": at === node.path ? "true" : null, "data-path": node.path }, name, h("td", {}, shape(kind.output)), numbers);
}
