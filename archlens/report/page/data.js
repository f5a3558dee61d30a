// The data of the page, and the networks in it unpacked when they are looked at.

let DATA;
const unpacked = new Map();

/** What stands in an element of the page, inflated by the browser. */
async function inflated(id) {
  const letters = atob(document.getElementById(id).textContent), bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i); // Uint8Array.from takes twenty times as long
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

/** What the first view takes: the networks as wholes, and the devices. */
async function readWholes() {
  DATA = await inflated("wholes");
  DATA.count = DATA.models.model.length;
  for (const device of DATA.devices) device.about = device.about.map((text) => text.replaceAll(" %", "\u00a0%"));
  DATA.places = new Map(DATA.models.model.map((name, place) => [name, place]));
  DATA.byKey = new Map(DATA.metrics.map((metric) => [metric.key, metric]));
  readMeasured();
}

/** What the view of variants takes. Read once. */
async function readSweep() {
  DATA.sweep ??= await inflated("sweep");
}

/** What the views of networks take: the layers of every network, drawings, findings, claims. Read once. */
function readParts() {
  readParts.begun ??= inflated("parts").then((parts) => {
    Object.assign(DATA, parts);
    const { kinds } = DATA.layers;
    kinds.memory_access = kinds.reads.map((reads, place) => reads + kinds.writes[place]);
    readParts.done = true;
  });
  return readParts.begun;
}

/** Pairs of a value and how often it follows itself → the values. */
function unrolled(pairs) {
  const found = [];
  for (let i = 0; i < pairs.length; i += 2) for (let n = 0; n < pairs[i + 1]; n++) found.push(pairs[i]);
  return found;
}

/** Names that were coded by what they share with the one before. */
function names(coded) {
  let last = [];
  return coded.split(" ").map((word) => {
    const [same, rest] = word.split(":");
    last = [...last.slice(0, Number(same)), ...(rest ? rest.split(".") : [])];
    return last.join(".");
  });
}

/** A network's layers: names, kinds, inputs by place, elements alive, receptive fields, lines. */
function layersOf(model) {
  if (!unpacked.has(model)) {
    const packed = DATA.layers.networks[model];
    const inputs = packed.inputs.split(",").map((text, place) =>
      text === "" ? [place - 1] : text === "0" ? [] : text.split(" ").map((back) => place - Number(back)));
    unpacked.set(model, {
      ...packed, inputs, names: names(packed.names), fields: unrolled(packed.fields), lines: unrolled(packed.lines),
      spoken: packed.kinds.map((kind, place) => inputs[place].length > 0 || costs(kind)),
    });
  }
  return unpacked.get(model);
}

function costs(kind) {
  const { kinds } = DATA.layers;
  return kinds.params[kind] + kinds.memory_access[kind] + kinds.multiply_adds[kind] + kinds.elementwise[kind] > 0;
}

/** What a layer is: operator, attributes, shapes. */
function layer(kind) {
  const { kinds, operators, into, shapes } = DATA.layers;
  const operator = kinds.operator[kind];
  return {
    kind: operators.kind[operator],
    attributes: operators.attributes[operator],
    costed: operators.costed[operator] === 1,
    input: into[kinds.into[kind]].map((place) => shapes[place]),
    output: shapes[kinds.out[kind]],
  };
}

/** One metric of some layers of a network, added up. */
function added(network, places, metric) {
  const column = DATA.layers.kinds[metric];
  let sum = 0;
  for (const place of places) sum += column[network.kinds[place]];
  return sum;
}

/** A number with ≥ before it where it is a lower bound. */
function bounded(text, complete) { return complete || text === "" ? text : `≥${text}`; }
