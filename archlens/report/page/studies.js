// The guidelines and the savings: as printed, as measured where reports hold it, as predicted on the device.

/** What a device takes for a network of a study. */
function studied(work) {
  const { device } = state;
  if (device.sheet) return null;
  return told(predictWorks(work[device.view], device, state.batch, state.batch), device);
}

function guidelinesView(root) {
  root.append(h("h1", {}, "Guidelines"), h("p", {}, "The four guidelines of ShuffleNet V2 (Ma et al., arXiv 1807.11164, Tables 1 to 4): at equal multiply-adds, how many times as fast as the first row each other is."),
    state.device.sheet ? h("p", { class: "outside" }, "A data sheet predicts no such small networks: choose a device that was measured.") : "",
    h("div", { class: "grid" }, DATA.guidelines.map(guideline)));
}

function guideline(found) {
  const holds = Object.entries(found.judged).map(([device, [on, all]]) => `${on} of ${all} on ${found.printed_on[device]}`).join(", ");
  return h("section", {}, h("h2", {}, `${found.key.toUpperCase()}: ${found.says}`), bars(guidelineChart(found), 560),
    h("p", {}, `As printed, ${found.slower ? "slower" : "faster"} than the first: ${holds}.`),
    h("p", {}, found.where ? `Measured: ${found.where}; the guideline ${found.word} there.` : "Not measured on this page: archlens guidelines measures it on a machine at hand."),
    guidelineTable(found));
}

/** Specification of the bars: speed over the first row's at scale 1. */
function guidelineChart(found) {
  const cases = found.cases.filter((each) => each.scale === 1), first = cases[0], base = studied(first.work);
  const rows = cases.slice(1).map((each) => {
    const here = studied(each.work);
    return {
      name: each.row,
      bars: [
        { name: `${found.printed_on.gpu}, printed`, value: each.printed.gpu / first.printed.gpu, look: 0 },
        { name: `${found.printed_on.arm}, printed`, value: each.printed.arm / first.printed.arm, look: 2 },
        ...(each.measured ? [{ name: "measured", value: each.measured[0], low: each.measured[1], high: each.measured[2], look: 4 }] : []),
        ...(here && !here.refused && !base.refused ? [{ name: `${state.device.title}, predicted`, value: base.seconds / here.seconds, look: 1, hatched: here.outside.length > 0 }] : []),
      ],
    };
  });
  return {
    title: `${found.table}: speed over that of ${first.row} (${found.heading}), at scale 1`, rows, mark: 1, show: ratio,
    source: `Printed: the paper's. Predicted: ratio of predicted times, batch ${state.batch}; each alone is known within ${intervalOf(state.device)}. Hatched: outside of what was seen${cases.some((each) => studied(each.work)?.refused) ? "; no bar: too far from it" : ""}.${found.assumed ? ` ${found.assumed[0].toUpperCase()}${found.assumed.slice(1)}.` : ""}`,
  };
}

function intervalOf(device) {
  return device.interval ? `${device.interval.low.toFixed(2)}–${device.interval.high.toFixed(2)}× for ${Math.round(100 * device.interval.level)}% of networks` : "nobody knows what";
}

function guidelineTable(found) {
  const head = h("tr", {}, [found.heading, "scale", "channels", "multiply-adds", "memory access", ...Object.values(found.printed_on), "predicted"].map((name, at) => h("th", { scope: "col", class: at ? "number" : "" }, name)));
  const rows = found.cases.map((each) => h("tr", {}, h("th", { scope: "row" }, each.row), [`×${each.scale}`, each.channels.join(":"), human(each.multiply_adds), human(each.memory_access), String(each.printed.gpu), String(each.printed.arm), timeOf(each.work)].map((text) => h("td", { class: "number" }, text))));
  return h("details", {}, h("summary", {}, "all numbers"), h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `numbers of ${found.key}` }, h("table", { class: "data" }, h("caption", { class: "unseen" }, `${found.key}: printed speeds, in batches and images a second`), h("thead", {}, head), h("tbody", {}, rows))));
}

function timeOf(work) {
  const found = studied(work);
  return found ? predicted({ ...found, complete: true }) : "";
}

function savingsView(root) {
  const ratioOf = (found, key) => (found.networks[0][key] && found.networks[1][key] ? found.networks[1][key] / found.networks[0][key] : null);
  const speed = (found) => {
    const [base, other] = found.networks.map((network) => studied(network.work));
    return base && other && !base.refused && !other.refused && base.seconds ? other.seconds / base.seconds : null;
  };
  root.append(h("h1", {}, "Savings"), h("p", {}, "What classic blocks cost over what they stand for: below 1× is saved, 0.50× is half. Predicted times are of one block alone."));
  const chart = {
    title: `What is left of multiply-adds, of memory access, and of predicted time on ${state.device.title}, batch ${state.batch}`, mark: 1, show: ratio,
    source: `Predicted: ratio of predicted times; each alone is known within ${intervalOf(state.device)}. Bars end at 2×.`,
    rows: DATA.savings.map((found) => ({
      name: found.name,
      bars: [["multiply_adds", "multiply-adds", 0], ["memory_access", "memory access", 2]].filter(([key]) => ratioOf(found, key)).map(([key, name, look]) => ({ name, value: ratioOf(found, key), look }))
        .concat(speed(found) ? [{ name: "predicted time", value: speed(found), look: 1, hatched: found.networks.some((network) => studied(network.work).outside.length) }] : []),
    })).filter((row) => row.bars.length),
  };
  root.append(bars({ ...chart, most: 2 }, Math.min(1200, root.clientWidth || 900)), h("h2", {}, "With the arithmetic"), ...DATA.savings.map(saving));
}

function saving(found) {
  const keys = ["params", "multiply_adds", "elementwise", "memory_access"];
  const head = h("tr", {}, ["", ...keys.map((key) => labelOf(key)), "predicted"].map((name, at) => h("th", { scope: "col", class: at ? "number" : "" }, name)));
  const rows = found.networks.map((network) => h("tr", {}, h("th", { scope: "row" }, network.title), keys.map((key) => h("td", { class: "number" }, network[key].toLocaleString("en"))), h("td", { class: "number" }, timeOf(network.work))));
  return h("details", {}, h("summary", {}, `${found.name}: ${found.what}`),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": found.name }, h("table", { class: "data" }, h("caption", { class: "unseen" }, found.what), h("thead", {}, head), h("tbody", {}, rows))),
    found.formulas.map(([metric, written, numbers, value]) => h("p", {}, `${labelOf(metric)}: ${written} = ${numbers} = ${Number(value).toLocaleString("en")}`)), h("p", { class: "source" }, `${found.source}; ${found.year}`));
}
