// Times that were measured: a column for each machine and conditions, never without them.

/** The key of a column of measured times: measured, measured2, … */
function measuredKey(place) { return `measured${place ? place + 1 : ""}`; }

/** What a column is called in a few words: the processor without family and stepping. */
function measuredShort(column) { return `${column.on.replace(/ \(.*\)/, "")}, batch ${column.batch}`; }

/** Put measured times among the numbers of the networks. */
function readMeasured() {
  DATA.measuredBy = new Map(DATA.measured.map((column, place) => [measuredKey(place), column]));
  for (const [key, column] of DATA.measuredBy) DATA.models[key] = column.seconds;
}

/** Columns of measured times as axes: pairs of a key and what people read; the conditions where there are several. */
function measuredKeys() {
  return [...DATA.measuredBy].map(([key, column]) => [key, DATA.measured.length > 1 ? `measured time, ${column.on}, ${column.conditions}` : "measured time"]);
}

/** A measured time as it is told, with the 95 % interval of its median, and a word where warnings stand against it. */
function measured(column, model) {
  if (column.seconds[model] === null) return "";
  const told = `${duration(column.seconds[model])} (${spread(column.low[model], column.high[model])})`;
  return column.warnings[model] ? `${told}, unreliable` : told;
}

/** From when to when a column was measured; nothing where no file tells. */
function measuredOn(column) {
  const dates = column.dates.filter(Boolean).sort();
  if (!dates.length) return "no date was kept";
  return dates[0] === dates[dates.length - 1] ? dates[0] : `${dates[0]} to ${dates[dates.length - 1]}`;
}

/** The machine, its software, the conditions and the date of a column, in a sentence. */
function measuredSource(column) {
  return `Measured: ${column.conditions}, on ${column.machine}; ${measuredOn(column)}. The intervals hold the median with 95%. Hollow and dotted: unreliable.`;
}

/** What was measured of one network: a fact a column, and the machine below. */
function measuredFacts(model) {
  return [...DATA.measuredBy.values()].filter((column) => column.seconds[model] !== null).map((column) => ({
    label: `measured (${column.conditions}) on ${column.on}:`, value: measured(column, model),
    source: `Measured ${column.dates[model] || "on a day that was not kept"} on ${column.machine}.${column.warnings[model] ? ` Unreliable: ${column.warnings[model]}.` : ""}`,
  }));
}
