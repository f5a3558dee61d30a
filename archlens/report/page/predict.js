// Seconds of a network on a device, as `archlens.devices` predicts them from the same sums.

const PARTS = ["arithmetic", "memory", "weights", "launches"];
const counted = new Map();
const priced = new Map();

/** How often each kind of layer occurs in a network. */
function kindsOf(model) {
  if (!counted.has(model)) {
    const counts = new Map();
    for (const kind of DATA.layers.networks[model].kinds) counts.set(kind, (counts.get(kind) || 0) + 1);
    counted.set(model, [...counts]);
  }
  return counted.get(model);
}

// Terms by number: sums over them run some ten thousand times before the first view.
const termNames = [], termNumbers = new Map();

/** The number of a term. */
function numbered(name) {
  if (!termNumbers.has(name)) termNumbers.set(name, termNames.push(name) - 1);
  return termNumbers.get(name);
}

const [WEIGHTS, UNALIGNED, UNALIGNED_MEMORY, SCORES, POOLED, SPILLED_MEMORY, SPILLED_WEIGHTS] =
  ["weights", "unaligned", "unaligned_memory", "scores", "pooled", "spilled_memory", "spilled_weights"].map(numbered);
const kindTerms = [];

/** The terms that a kind of work has: numbers of memory, launches and products. */
function termsOfKind(kind) {
  if (!kindTerms[kind]) {
    const name = DATA.works.kinds[kind], own = DATA.rules.arithmetic.includes(name) ? name : "product";
    kindTerms[kind] = [`memory.${name}`, `launches.${name}`, `arithmetic.${own}`].map(numbered);
  }
  return kindTerms[kind];
}

/** Tell each term of one work at so many times the batch: its number, and an amount. */
function terms(work, scale, tell) {
  const { works } = DATA, { cache } = DATA.rules;
  const [memory, launches, product] = termsOfKind(works.kind[work]);
  const moved = (works.moved[work] - works.fixed[work]) * scale + works.fixed[work], weights = works.weights[work];
  const products = works.multiply_adds[work] * scale;
  tell(memory, moved);
  tell(WEIGHTS, weights);
  tell(launches, works.kernels[work]);
  if (products) tell(product, products);
  if (works.unaligned[work]) { tell(UNALIGNED, products); tell(UNALIGNED_MEMORY, moved); }
  if (works.scores[work]) tell(SCORES, works.scores[work] * scale);
  if (works.pooled[work]) tell(POOLED, works.pooled[work] * scale);
  if (moved > cache.memory) tell(SPILLED_MEMORY, moved);
  if (weights > cache.weights) tell(SPILLED_WEIGHTS, weights);
}

const CAUSES = { scores: 0, pooled: 0, unaligned: 0, spilled_memory: 1, unaligned_memory: 1, spilled_weights: 2 };

/** Where in PARTS a term belongs. */
function cause(term) {
  CAUSES[term] ??= PARTS.indexOf(term.split(".")[0]);
  return CAUSES[term];
}

/** What works cost on a measured device at so many times the batch, as far as it was asked for. */
function pricesOf(device, scale) {
  const key = `${device.name} ${scale}`;
  if (!priced.has(key)) priced.set(key, []);
  return priced.get(key);
}

/** Seconds of one work: by what they go to, and by term. */
function priceOf(work, device, scale, known = pricesOf(device, scale)) {
  if (!known[work]) {
    const parts = [0, 0, 0, 0], numbers = [], seconds = [];
    terms(work, scale, (number, amount) => {
      const name = termNames[number], spent = (device.rates[name] || 0) * amount;
      parts[cause(name)] += spent;
      numbers.push(number);
      seconds.push(spent);
    });
    known[work] = { parts, numbers, seconds };
  }
  return known[work];
}

/** Seconds of one kind of layer by a data sheet: the longest of its parts, which run at once. */
function roofOf(kind, device, scale) {
  const { kinds } = DATA.layers, { flops, bandwidth, launch } = device.sheet;
  const weights = Math.min(kinds.params[kind] + kinds.shared[kind], kinds.reads[kind]);
  const arithmetic = scale * 2 * kinds.multiply_adds[kind] / flops;
  const memory = device.itemsize * (scale * (kinds.memory_access[kind] - weights - kinds.fixed[kind]) + kinds.fixed[kind]) / bandwidth;
  const read = device.itemsize * weights / bandwidth;
  const launches = launch * kinds.kernels[kind];
  if (launches >= Math.max(arithmetic, memory + read)) return [0, 0, 0, launches];
  return arithmetic >= memory + read ? [arithmetic, 0, 0, 0] : [0, memory, read, 0];
}

/** Seconds of the layer at a place of a network, by what they go to. */
function partsAt(model, place, device, batch) {
  const packed = DATA.layers.networks[model], scale = batch / DATA.models.input[model][0];
  if (device.sheet) return roofOf(packed.kinds[place], device, scale);
  const work = packed.work[device.view][place];
  return work < 0 ? [0, 0, 0, 0] : priceOf(work, device, scale).parts;
}

/** Seconds of some layers together, by what they go to. */
function partsOf(model, places, device, batch) {
  const parts = [0, 0, 0, 0];
  for (const place of places) partsAt(model, place, device, batch).forEach((seconds, at) => { parts[at] += seconds; });
  return parts;
}

function binding(parts) {
  const most = Math.max(...parts);
  return most > 0 ? PARTS[parts.indexOf(most)] : "";
}

function summed(parts) { return parts.reduce((sum, each) => sum + each, 0); }

/** Of works, each before how often it occurs: seconds, what they go to, and how it differs from all that the device was seen to run. */
function predictWorks(counts, device, batch, scale) {
  const parts = [0, 0, 0, 0], spent = new Map(), known = pricesOf(device, scale);
  for (let at = 0; at < counts.length; at += 2) {
    const price = priceOf(counts[at], device, scale, known), times = counts[at + 1], { numbers } = price;
    for (let part = 0; part < 4; part++) parts[part] += times * price.parts[part];
    for (let i = 0; i < numbers.length; i++) spent.set(numbers[i], (spent.get(numbers[i]) || 0) + times * price.seconds[i]);
  }
  const constant = device.rates.constant || 0;
  const seconds = constant + summed(parts);
  const outside = seconds && device.seen ? differences(spent, device.seen, batch, seconds) : [];
  return told({ parts, constant, seconds, outside, counted: true }, device);
}

/** A prediction with its interval and what binds. */
function told(found, device) {
  const { interval } = device, power = interval && found.outside.length ? interval.outside : 1;
  const far = found.outside.filter((each) => each.far);
  return {
    ...found,
    low: interval && interval.low ** power * found.seconds,
    high: interval && interval.high ** power * found.seconds,
    level: interval && interval.level,
    refused: far.length > 0,
    bound: binding(found.parts.map((each, at) => (at === 3 ? each + found.constant : each))),
  };
}

function differences(spent, seen, batch, seconds) {
  const { near, room, far_share, reach, far_reach } = DATA.rules, found = [];
  for (const [number, part] of spent) {
    const term = termNames[number], most = seen.shares[term] || 0, now = part / seconds;
    if (now > near * most + room) {
      found.push({
        sentence: `${term} is ${percent(now)} of the predicted time, and ${percent(most)} was the most that was seen`,
        far: now > most + far_share,
      });
    }
  }
  const [least, largest] = seen.batch, [shortest, longest] = seen.seconds;
  if (batch < least || batch > largest) {
    const range = least === largest ? `${least}` : `${least} to ${largest}`;
    found.push({ sentence: `a batch of ${batch}, and batches of ${range} were seen`, far: false });
  }
  const distance = Math.max(shortest / seconds, seconds / longest);
  if (distance > reach) {
    found.push({
      sentence: `${duration(seconds)} a batch, and ${duration(shortest)} to ${duration(longest)} were seen`,
      far: distance > far_reach,
    });
  }
  return found;
}

const predictions = new Map();

/** What a network takes on a device for a batch; `complete` is false where it is a lower bound. */
function predict(model, device, batch) {
  const key = `${model} ${device.name} ${batch}`;
  if (!predictions.has(key)) {
    const scale = batch / DATA.models.input[model][0];
    let found;
    if (device.sheet) {
      const parts = [0, 0, 0, 0];
      for (const [kind, times] of kindsOf(model)) {
        roofOf(kind, device, scale).forEach((seconds, at) => { parts[at] += times * seconds; });
      }
      found = told({ parts, constant: 0, seconds: summed(parts), outside: [] }, device);
    } else {
      found = predictWorks(DATA.counts[model][device.view], device, batch, scale);
    }
    predictions.set(key, { ...found, complete: DATA.models.complete[model] === 1 });
  }
  return predictions.get(key);
}

/** A predicted time as it is told: never without its interval. */
function predicted(found) {
  if (!found.complete) return `≥${duration(found.seconds)}`;
  if (found.refused) return "too far from what was seen";
  const interval = found.low === null || found.low === undefined ? "nobody knows how far off" : spread(found.low, found.high);
  return `${duration(found.seconds)} (${interval})`;
}
