// One drawer for every chart. A chart is a function from a result to a plain specification:
//   {title, source, x: axis, y: axis, marks: [mark], lines: [line], bands: [band]}
//   axis   {label, log, show}         show: how its numbers look
//   mark   {x, y, name, about, look, hatched, low, high, open, label}
//   line   {points: [[x, y]], look, dashed, name, step}

const COLOURS = 6;
const FORMS = [
  "M0 -4.6A4.6 4.6 0 1 1 0 4.6A4.6 4.6 0 1 1 0 -4.6Z", "M-4 -4H4V4H-4Z", "M0 -5.4L5 3.8H-5Z", "M0 -5.8L5 0L0 5.8L-5 0Z",
  "M-1.7 -5H1.7V-1.7H5V1.7H1.7V5H-1.7V1.7H-5V-1.7H-1.7Z", "M-5 -3.8H5L0 5.4Z",
];

/** The look of the n-th of many: six colours that hold for colour-blind readers, six forms, full and hollow. */
function look(place) {
  return { colour: place % COLOURS, form: Math.floor(place / COLOURS + place) % FORMS.length, hollow: place >= COLOURS * FORMS.length };
}

function markOf(each, attributes = {}) {
  const { colour, form, hollow } = each;
  return s("path", { d: FORMS[form], class: `mark c${colour}${hollow ? " hollow" : ""}`, ...attributes });
}

function swatch(each) {
  return s("svg", { class: "swatch", viewBox: "-7 -7 14 14", "aria-hidden": "true" }, markOf(each));
}

/** A scale from numbers to places, with ticks at round numbers. */
function scaleOf(values, axis, from, to) {
  const finite = values.filter((value) => Number.isFinite(value) && (!axis.log || value > 0));
  let low = axis.zero ? 0 : Math.min(...finite), high = Math.max(...finite);
  if (!finite.length) [low, high] = [1, 10];
  const f = axis.log ? Math.log10 : (value) => value;
  let [a, b] = [f(low), f(high)];
  if (a === b) [a, b] = [a - (axis.log ? 0.3 : Math.abs(a) * 0.1 || 1), b + (axis.log ? 0.3 : Math.abs(b) * 0.1 || 1)];
  const room = (b - a) * 0.03;
  [a, b] = [axis.zero ? a : a - room, b + room];
  return Object.assign((value) => from + (f(value) - a) / (b - a) * (to - from), { ticks: thinned(axis.log ? decades(a, b) : steps(a, b), Math.abs(to - from) / 58) });
}

/** At most so many of some ticks, in equal steps. */
function thinned(ticks, most) {
  const step = Math.ceil(ticks.length / Math.max(2, most));
  return ticks.filter((_, at) => at % step === 0);
}

/** 100.0 ms → 100 ms: the number of a tick without digits that say nothing. */
function short(text) { return text.replace(/(\.\d*?)0+(?=\D|$)/, "$1").replace(/\.(?=\D|$)/, ""); }

/** Ticks of a logarithmic axis, by its ends as powers of ten: powers; of less than a decade, round numbers. */
function decades(a, b) {
  if (b - a < 0.8) return steps(10 ** a, 10 ** b);
  const found = [], wide = b - a > 2.2;
  for (let power = Math.floor(a); power <= b; power++) {
    for (const times of wide ? [1] : b - a > 1 ? [1, 3] : [1, 2, 5]) {
      const value = times * 10 ** power;
      if (Math.log10(value) >= a && Math.log10(value) <= b) found.push(value);
    }
  }
  return found.length > 1 ? found : [10 ** a, 10 ** b].map((value) => Number(value.toPrecision(2)));
}

function steps(a, b, most = 6) {
  const rough = (b - a) / most, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((times) => times * power >= rough);
  const found = [];
  for (let value = Math.ceil(a / step) * step; value <= b + step * 1e-9; value += step) found.push(Number(value.toPrecision(12)));
  return found;
}

/** Draw a specification, as wide as there is room. */
function plot(spec, width = 760, height = 420) {
  const left = 82, right = width - 14, top = 14, bottom = height - 46;
  const all = [...spec.marks || [], ...(spec.lines || []).flatMap((line) => line.points.map(([x, y]) => ({ x, y })))];
  const x = scaleOf(all.map((each) => each.x), spec.x, left, right);
  const y = scaleOf(all.flatMap((each) => [each.y, each.low, each.high].filter((v) => v !== undefined && v !== null)), spec.y, bottom, top);
  const picture = s("svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": spec.title });
  picture.append(axes(spec, x, y, left, right, top, bottom));
  for (const line of spec.lines || []) picture.append(lineOf(line, x, y));
  if ((spec.marks || []).length > 2500) picture.append(...clouds(spec.marks, x, y));
  else picture.append(s("g", {}, [...spec.marks || []].sort((a, b) => Boolean(a.front) - Boolean(b.front)).map((mark) => dot(mark, x, y, spec.small ? 0.55 : 1))));
  picture.append(labels(spec.marks || [], x, y, right, bottom));
  const tip = h("div", { class: "tip", role: "status" });
  const figure = h("figure", { class: "chart" }, h("figcaption", {}, spec.title), h("div", { class: "canvas" }, picture, tip),
    spec.source ? h("p", { class: "source" }, spec.source) : null);
  if ((spec.marks || []).length) pointed(picture, tip, spec.marks, x, y, width, height);
  return figure;
}

/** Ticks with what they say; of some that say the same, where an axis is very short, the first. */
function ticksOf(ticks, axis) {
  const pairs = ticks.map((value) => [value, short(axis.show(value))]);
  return pairs.filter(([, text], at) => !at || text !== pairs[at - 1][1]);
}

function axes(spec, x, y, left, right, top, bottom) {
  const group = s("g", { class: "axes", "aria-hidden": "true" });
  for (const [value, text] of ticksOf(x.ticks, spec.x)) {
    group.append(s("line", { x1: x(value), x2: x(value), y1: top, y2: bottom }), s("text", { x: x(value), y: bottom + 16, "text-anchor": "middle" }, text));
  }
  for (const [value, text] of ticksOf(y.ticks, spec.y)) {
    group.append(s("line", { x1: left, x2: right, y1: y(value), y2: y(value) }), s("text", { x: left - 7, y: y(value) + 4, "text-anchor": "end" }, text));
  }
  group.append(s("text", { class: "axis", x: (left + right) / 2, y: bottom + 37, "text-anchor": "middle" }, spec.x.label),
    s("text", { class: "axis", transform: `translate(11 ${(top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, spec.y.label));
  return group;
}

function lineOf(line, x, y) {
  let path = "", before = null;
  for (const [at, value] of line.points) {
    const place = [x(at).toFixed(1), y(value).toFixed(1)];
    path += before === null ? `M${place}` : line.step ? `V${place[1]}H${place[0]}` : `L${place}`;
    before = place;
  }
  return s("path", { d: path, class: `line ${line.look || ""}${line.dashed ? " dashed" : ""}` });
}

function dot(mark, x, y, size) {
  const made = markOf(mark.look, { transform: `translate(${x(mark.x).toFixed(1)} ${y(mark.y).toFixed(1)}) scale(${mark.front ? 1 : size})` });
  if (mark.hatched) made.classList.add("hatched");
  if (mark.front) made.classList.add("front");
  if (mark.low === undefined || mark.low === null) return made;
  return s("g", {}, s("line", { class: "whisker", x1: x(mark.x), x2: x(mark.x), y1: y(mark.low), y2: y(mark.high) }), made);
}

/** Very many marks as one path for each colour. */
function clouds(marks, x, y) {
  const paths = new Map();
  for (const mark of marks) {
    const key = `${mark.look.colour}${mark.front ? " front" : ""}`;
    paths.set(key, `${paths.get(key) || ""}M${x(mark.x).toFixed(1)} ${y(mark.y).toFixed(1)}h0`);
  }
  return [...paths].sort(([a], [b]) => a.includes("front") - b.includes("front")).map(([key, d]) => s("path", { d, class: `cloud c${key}` }));
}

/** Names beside the marks that ask for it, where they cover least; none where that is still much. */
function labels(marks, x, y, right, bottom) {
  const group = s("g", { class: "labels", "aria-hidden": "true" }), taken = [];
  const dots = marks.length > 2500 ? [] : marks.map((mark) => [x(mark.x), y(mark.y)]);
  for (const mark of marks.filter((each) => each.label)) {
    const width = mark.label.length * 6.2, [at, height] = [x(mark.x), y(mark.y)];
    const able = [[at + 9, height - 6], [at - 9 - width, height - 6], [at - 4, height - 20], [at + 4 - width, height - 20], [at - 4, height + 8], [at + 4 - width, height + 8]]
      .map(([left, top]) => [left, top, width, 12]).filter((box) => box[0] > 84 && box[0] + width < right && box[1] > 0 && box[1] + 12 < bottom && !taken.some((other) => crossing(box, other)));
    const covered = able.map((box) => dots.filter(([px, py]) => crossing(box, [px - 3, py - 3, 6, 6])).length);
    const least = Math.min(...covered), most = marks.length > 60 ? 2 : Infinity;
    if (!able.length || least > most) continue;
    const box = able[covered.indexOf(least)];
    taken.push(box);
    group.append(s("text", { x: box[0], y: box[1] + 10 }, mark.label));
  }
  return group;
}

/** Whether two boxes, each [left, top, width, height], have something in common. */
function crossing(one, other) {
  return one[0] < other[0] + other[2] && other[0] < one[0] + one[2] && one[1] < other[1] + other[3] && other[1] < one[1] + one[3];
}

/** The nearest mark's name, by pointer and by arrow keys; a click or Enter opens it. */
function pointed(picture, tip, marks, x, y, width, height) {
  const places = marks.map((mark) => [x(mark.x), y(mark.y)]);
  const order = marks.map((_, at) => at).sort((a, b) => places[a][0] - places[b][0]);
  const ring = s("circle", { class: "ring", r: 9, visibility: "hidden" });
  picture.append(ring);
  picture.setAttribute("tabindex", 0);
  picture.setAttribute("aria-label", `${picture.getAttribute("aria-label")}. Arrow keys go from mark to mark, Enter opens.`);
  let current = -1;
  const show = (at) => {
    current = at;
    ring.setAttribute("visibility", at < 0 ? "hidden" : "visible");
    tip.classList.toggle("seen", at >= 0);
    if (at < 0) return;
    const [left, top] = places[at];
    ring.setAttribute("cx", left);
    ring.setAttribute("cy", top);
    tip.replaceChildren(h("b", {}, marks[at].name), ...(marks[at].about || []).map((line) => h("span", {}, line)));
    tip.style.left = `${100 * left / width}%`;
    tip.style.top = `${100 * top / height}%`;
    tip.classList.toggle("left", left > width * 0.6);
  };
  const nearest = (event) => {
    const box = picture.getBoundingClientRect();
    const px = (event.clientX - box.left) * width / box.width, py = (event.clientY - box.top) * height / box.height;
    let best = -1, least = 400;
    places.forEach(([left, top], at) => {
      const distance = (left - px) ** 2 + (top - py) ** 2;
      if (distance < least) [best, least] = [at, distance];
    });
    return best;
  };
  const open = (at) => { if (at >= 0 && marks[at].open) marks[at].open(); };
  picture.addEventListener("pointermove", (event) => show(nearest(event)));
  picture.addEventListener("pointerleave", () => show(-1));
  picture.addEventListener("click", (event) => open(nearest(event)));
  picture.addEventListener("blur", () => show(-1));
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Enter") open(current);
    if (event.key === "Escape") show(-1);
    if (!step) return;
    event.preventDefault();
    const at = current < 0 ? (step > 0 ? 0 : order.length - 1) : order.indexOf(current) + step;
    show(order[(at + order.length) % order.length]);
  });
}

/** The marks that no other beats in both numbers, least first. less: whether less is better, on either axis. */
function front(marks, lessX = true, lessY = true) {
  const sign = [lessX ? 1 : -1, lessY ? 1 : -1], found = [];
  const ordered = [...marks].sort((a, b) => sign[0] * (a.x - b.x) || sign[1] * (a.y - b.y));
  let best = Infinity;
  for (const mark of ordered) {
    if (sign[1] * mark.y < best) {
      best = sign[1] * mark.y;
      found.push(mark);
    }
  }
  return found;
}

/** Bars side by side, a row each: [{name, bars: [{value, low, high, look, name, hatched}]}]; 1 is marked. */
function bars(spec, width = 620) {
  const longest = Math.max(...spec.rows.map((row) => row.name.length));
  const rowHeight = 16, gap = 12, left = Math.max(Math.min(150, width / 4), Math.min(width / 2, 7 * longest + 12)), right = width - 66;
  const rows = spec.rows.map((row) => row.bars.length * rowHeight + gap);
  const height = rows.reduce((a, b) => a + b, 0) + 10;
  const most = Math.max(...spec.rows.flatMap((row) => row.bars.flatMap((bar) => [bar.value, bar.high || 0])), spec.mark || 0), end = Math.min(most, spec.most || most);
  const x = (value) => left + Math.min(value, end) / end * (right - left);
  const picture = s("svg", { class: "plot bars", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${spec.title}: ${spec.rows.map((row) => `${row.name} ${row.bars.map((bar) => `${bar.name} ${spec.show(bar.value)}`).join(", ")}`).join("; ")}` });
  const numbers = s("g", {}), beside = (at) => (spec.mark && at < x(spec.mark) + 2 && at + 34 > x(spec.mark) ? x(spec.mark) + 5 : at); // never on the line
  let top = 8;
  for (const row of spec.rows) {
    picture.append(s("text", { x: left - 8, y: top + row.bars.length * rowHeight / 2 + 4, "text-anchor": "end", class: "name" }, row.name));
    for (const bar of row.bars) {
      picture.append(s("rect", { x: left, y: top + 2, width: Math.max(1, x(bar.value) - left), height: rowHeight - 4, class: `bar c${bar.look}${bar.hatched ? " hatched" : ""}` }));
      if (bar.low) picture.append(s("line", { class: "whisker", x1: x(bar.low), x2: x(bar.high), y1: top + rowHeight / 2, y2: top + rowHeight / 2 }));
      numbers.append(s("text", { class: "over", x: beside(x(Math.max(bar.value, bar.high || 0)) + 5), y: top + rowHeight / 2 + 4 }, `${bar.value > end ? "… " : ""}${spec.show(bar.value)}`));
      top += rowHeight;
    }
    top += gap;
  }
  if (spec.mark) picture.append(s("line", { class: "reference", x1: x(spec.mark), x2: x(spec.mark), y1: 0, y2: top - gap + 4 }));
  picture.append(numbers);
  const names = [...new Map(spec.rows.flatMap((row) => row.bars.map((bar) => [bar.name, bar])))];
  const legend = h("p", { class: "legend" }, names.map(([name, bar]) => h("span", {}, h("i", { class: `key c${bar.look}${bar.hatched ? " hatched" : ""}` }), name)));
  return h("figure", { class: "chart" }, h("figcaption", {}, spec.title), picture, legend, spec.source ? h("p", { class: "source" }, spec.source) : null);
}
