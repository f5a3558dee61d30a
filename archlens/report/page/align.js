// Which layer of one network is which of another: as `archlens/budgets/align.py` has it, step by step.

/** What two layers must have in common to be taken for the same. */
const KEYS = {
  work: (network, place) => { const { kinds } = DATA.layers, kind = network.kinds[place]; return `${kinds.operator[kind]} ${kinds.into[kind]} ${kinds.out[kind]}`; },
  operator: (network, place) => String(DATA.layers.kinds.operator[network.kinds[place]]),
  kind: (network, place) => DATA.layers.operators.kind[DATA.layers.kinds.operator[network.kinds[place]]],
};
const NAMES_FIRST = [["name", "work"], ["name", "kind"], ["sequence", "work"], ["anywhere", "work"], ["sequence", "operator"], ["sequence", "kind"]];
const STRUCTURE_FIRST = [["name", "work"], ["sequence", "work"], ["anywhere", "work"], ["sequence", "operator"], ["name", "kind"], ["sequence", "kind"]];

/** Pairs of places in the order of the second network; null where there is no counterpart. */
function align(before, after) {
  const readings = [NAMES_FIRST, STRUCTURE_FIRST].map((steps) => matched(before, after, steps));
  const counts = readings.map((matches) => unlike(before, after, matches));
  return inOrder(before, after, readings[counts[1] < counts[0] ? 1 : 0]);
}

function matched(before, after, steps) {
  const matches = new Map();
  let left = before.names.map((_, place) => place), right = after.names.map((_, place) => place);
  for (const [way, key] of steps) {
    for (const [i, j] of WAYS[way](before, after, left, right, KEYS[key])) matches.set(i, j);
    const taken = new Set(matches.values());
    left = left.filter((i) => !matches.has(i));
    right = right.filter((j) => !taken.has(j));
  }
  return matches;
}

const WAYS = {
  /** Layers that have their name and the key in common. */
  name(before, after, left, right, key) {
    const places = new Map(right.map((j) => [after.names[j], j]));
    return left.flatMap((i) => {
      const j = places.get(before.names[i]);
      return j !== undefined && key(before, i) === key(after, j) ? [[i, j]] : [];
    });
  },
  /** The longest runs of layers whose keys follow one another in both. */
  sequence(before, after, left, right, key) {
    const blocks = matchingBlocks(left.map((i) => key(before, i)), right.map((j) => key(after, j)));
    return blocks.flatMap(([a, b, size]) => Array.from({ length: size }, (_, at) => [left[a + at], right[b + at]]));
  },
  /** Layers that have the key in common wherever they stand. */
  anywhere(before, after, left, right, key) {
    const places = new Map();
    for (const j of [...right].reverse()) places.set(key(after, j), [...(places.get(key(after, j)) || []), j]);
    return left.flatMap((i) => {
      const found = places.get(key(before, i));
      return found && found.length ? [[i, found.pop()]] : [];
    });
  },
};

/** Ratcliff and Obershelp's matching blocks, as Python's difflib finds them without junk. */
function matchingBlocks(a, b) {
  const where = new Map();
  b.forEach((value, j) => { if (!where.has(value)) where.set(value, []); where.get(value).push(j); });
  const waiting = [[0, a.length, 0, b.length]], found = [];
  while (waiting.length) {
    const [alo, ahi, blo, bhi] = waiting.pop(), [i, j, size] = longest(a, b, where, alo, ahi, blo, bhi);
    if (!size) continue;
    found.push([i, j, size]);
    if (alo < i && blo < j) waiting.push([alo, i, blo, j]);
    if (i + size < ahi && j + size < bhi) waiting.push([i + size, ahi, j + size, bhi]);
  }
  return found.sort((x, y) => x[0] - y[0] || x[1] - y[1]);
}

function longest(a, b, where, alo, ahi, blo, bhi) {
  let [besti, bestj, bestsize] = [alo, blo, 0], lengths = new Map();
  for (let i = alo; i < ahi; i++) {
    const next = new Map();
    for (const j of where.get(a[i]) || []) {
      if (j < blo) continue;
      if (j >= bhi) break;
      const size = (lengths.get(j - 1) || 0) + 1;
      next.set(j, size);
      if (size > bestsize) [besti, bestj, bestsize] = [i - size + 1, j - size + 1, size];
    }
    lengths = next;
  }
  while (besti > alo && bestj > blo && b[bestj - 1] === a[besti - 1]) [besti, bestj, bestsize] = [besti - 1, bestj - 1, bestsize + 1];
  while (besti + bestsize < ahi && bestj + bestsize < bhi && b[bestj + bestsize] === a[besti + bestsize]) bestsize++;
  return [besti, bestj, bestsize];
}

function unlike(before, after, matches) {
  let changed = 0;
  for (const [i, j] of matches) if (KEYS.work(before, i) !== KEYS.work(after, j)) changed++;
  return changed + before.names.length + after.names.length - 2 * matches.size;
}

function inOrder(before, after, matches) {
  const counterpart = new Map([...matches].map(([i, j]) => [j, i]));
  const removed = before.names.map((_, place) => place).filter((place) => !matches.has(place)), found = [];
  after.names.forEach((_, j) => {
    const i = counterpart.has(j) ? counterpart.get(j) : null;
    while (i !== null && removed.length && removed[0] < i) found.push([removed.shift(), null]);
    found.push([i, j]);
  });
  return [...found, ...removed.map((i) => [i, null])];
}
