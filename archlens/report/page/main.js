// What is looked at, kept in the address, and the frame around every view.

const VIEWS = [["networks", "Networks"], ["compare", "Compare"], ["guidelines", "Guidelines"], ["savings", "Savings"], ["claims", "Claims"], ["variants", "Variants"]];
const BATCHES = [1, 2, 4, 8, 12, 16, 32, 64, 128, 256];

/** What a new reader sees; the address holds what differs from it. */
const START = {
  x: "multiply_adds", y: "predicted", logX: true, logY: true, lessX: false, lessY: true, where: "", search: "", onlyFront: false,
  sort: "", falling: false, tab: "layers", lens: "predicted", at: "",
};
const state = { ...START, hidden: new Set(), columns: [], device: null, batch: 1, view: "networks", models: [] };

/** The address of a view, with everything that was chosen. */
function hashOf(view) {
  const told = new URLSearchParams();
  if (state.device.name !== DATA.start.device) told.set("device", state.device.name);
  if (state.batch !== batchOf(state.device)) told.set("batch", state.batch);
  if (view === "networks") {
    for (const key of ["x", "y", "where", "search", "sort"]) if (state[key] !== START[key]) told.set(key, state[key]);
    for (const key of ["logX", "logY", "lessX", "lessY", "onlyFront", "falling"]) if (state[key] !== START[key]) told.set(key, state[key] ? 1 : 0);
    if (state.hidden.size) told.set("without", [...state.hidden].join("~"));
    if (state.columns.join() !== firstColumns().join()) told.set("columns", state.columns.join("~"));
  }
  if (/^(network|compare)\//.test(view)) {
    if (state.lens !== START.lens) told.set("lens", state.lens);
    if (view.startsWith("network/") && state.tab !== START.tab) told.set("tab", state.tab);
    if (view.startsWith("network/") && state.at) told.set("at", state.at);
  }
  const text = told.toString();
  return `#${encodeURI(view)}${text ? `?${text}` : ""}`;
}

/** Take over what an address says. */
function readHash() {
  const [path, query] = decodeURI(location.hash.slice(1)).split("?");
  const told = new URLSearchParams(query || "");
  const [view, names = ""] = (path || DATA.start.view).split("/");
  Object.assign(state, { view, models: names.split(",").map((name) => DATA.places.get(readName(name))).filter((place) => place !== undefined) });
  state.device = DATA.devices.find((device) => device.name === (told.get("device") || DATA.start.device)) || DATA.devices[0];
  state.batch = Number(told.get("batch")) || batchOf(state.device);
  if (!state.columns.length) state.columns = firstColumns();
  const known = axisKeys().map(([key]) => key);
  for (const key of ["x", "y"]) state[key] = known.includes(told.get(key)) ? told.get(key) : view === "networks" ? START[key] : state[key];
  if (view === "networks") {
    for (const key of ["where", "search", "sort"]) state[key] = told.get(key) ?? START[key];
    for (const key of ["logX", "logY", "lessX", "lessY", "onlyFront", "falling"]) state[key] = told.has(key) ? told.get(key) === "1" : START[key];
    state.hidden = new Set((told.get("without") || "").split("~").filter(Boolean));
    state.columns = told.get("columns")?.split("~") || firstColumns();
  }
  if (view === "network" || view === "compare") for (const key of ["lens", "tab", "at"]) state[key] = told.get(key) ?? START[key];
}

/** The batch at which most networks are inside of what a device was seen to run: one image, if that is. */
function batchOf(device) {
  if (!device.seen) return 1;
  const [least, most] = device.seen.batch;
  if (least <= 1 || least === most) return least;
  if (!batchOf.known) batchOf.known = new Map();
  if (!batchOf.known.has(device.name)) {
    const some = DATA.models.model.map((_, place) => place).filter((place) => place % 32 === 0);
    const inside = (batch) => some.filter((place) => !predict(place, device, batch).outside.length).length;
    const able = BATCHES.filter((batch) => batch >= least && batch <= most);
    const counts = able.map(inside);
    batchOf.known.set(device.name, able[counts.indexOf(Math.max(...counts))] || least);
  }
  return batchOf.known.get(device.name);
}

/** Names of networks as an address holds them: what separates there is escaped in each. */
function addressed(names) { return names.map((name) => name.replace(/[%,/?#]/g, (sign) => encodeURIComponent(sign))).join(","); }

/** A name from an address; what somebody has broken stays as it is, and is no network's. */
function readName(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

/** Put what was chosen into the address, without a new entry in the history. */
function remember() {
  const names = addressed(state.models.map((place) => DATA.models.model[place]));
  const hash = hashOf(names ? `${state.view}/${names}` : state.view);
  if (decodeURI(location.hash || `#${DATA.start.view}`) !== decodeURI(hash)) {
    remember.own = true;
    location.replace(hash);
  }
}

function go(view) { location.hash = hashOf(view).slice(1); }

function header() {
  const find = h("input", { type: "search", list: "names", id: "find", placeholder: "find a network…", autocomplete: "off", "aria-label": "find a network",
    onchange: (event) => { if (DATA.places.has(event.target.value)) { state.at = ""; go(`network/${addressed([event.target.value])}`); } } });
  const list = h("datalist", { id: "names" }, DATA.models.model.map((name) => h("option", { value: name })));
  const batches = [...new Set([...BATCHES, state.batch])].sort((a, b) => a - b);
  return h("header", {},
    h("a", { class: "brand", href: "#networks" }, "archlens"), h("span", { class: "faint" }, plural(DATA.count, "network")),
    choice("device", DATA.devices.map((device) => [device.name, device.title]), state.device.name, (name) => {
      state.device = DATA.devices.find((device) => device.name === name);
      state.batch = batchOf(state.device);
      render();
    }),
    choice("batch", batches.map((batch) => [batch, batch]), state.batch, (batch) => { state.batch = Number(batch); render(); }),
    find, list,
    h("button", { class: "theme", "aria-label": "dark or light", title: "dark or light", onclick: theme }, "☾"));
}

function theme() {
  const dark = getComputedStyle(document.documentElement).colorScheme.trim() === "dark"
    || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "light" : "dark";
}

function navigation() {
  const current = state.view === "network" ? "networks" : state.view;
  const there = VIEWS.filter(([key]) => (key !== "variants" || DATA.tells.sweep) && (DATA.tells.studies || !["guidelines", "savings"].includes(key)));
  return h("nav", { "aria-label": "views" }, there.map(([key, name]) =>
    h("a", { href: hashOf(key === "compare" && state.compared ? `compare/${state.compared}` : key), "aria-current": key === current ? "page" : null }, name)));
}

/** Draw the whole page anew; what the first view does not take is waited for. */
async function render() {
  if (state.view === "variants" && DATA.tells.sweep) await readSweep();
  else if (state.view !== "networks" || state.device.sheet) await readParts();
  const app = document.getElementById("app"), view = { networks: overview, network, compare, guidelines: guidelinesView, savings: savingsView, claims: claimsView, variants }[state.view] || overview;
  const main = h("main", { id: "main", tabindex: -1 });
  app.replaceChildren(h("a", { class: "skip", href: "#main", onclick: (event) => { event.preventDefault(); main.focus(); } }, "to the content"),
    header(), navigation(), main, footer(), h("div", { id: "said", class: "unseen", "aria-live": "polite" }));
  view(main);
  remember();
}

function footer() {
  return h("footer", {}, `archlens ${DATA.version}. 1 multiply-add = 1 multiply-accumulate; memory access = elements read + written. Nothing on this page was loaded from anywhere: it is drawn by scripts of archlens itself (MIT licence); graphs were laid out by python-igraph when it was written.`);
}

addEventListener("hashchange", () => {
  if (remember.own) { remember.own = false; return; }
  readHash();
  render();
  scrollTo(0, 0);
});

/** Draw the page; where the browser cannot, the tables that others see without JavaScript. */
async function start() {
  const app = document.getElementById("app");
  try {
    await readWholes();
    readHash();
    await render();
    document.documentElement.dataset.drawn = "true";
    await readParts();
    document.documentElement.dataset.complete = "true";
  } catch (error) {
    app.innerHTML = document.querySelector("noscript").textContent;
    app.prepend(h("p", { class: "wrong", role: "alert" }, `This browser cannot draw the page (${error.message}); its tables follow.`));
    throw error;
  }
}

start();
