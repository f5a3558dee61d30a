// A table of columns and rows: sorted by its headings, with chosen columns, copied as text of three kinds.
//   column  {key, label, value(row), show(value, row), right, text}

const CUT = 100;

/** options: {columns, rows, chosen, sort, falling, changed({sort, falling, chosen}), caption, open(row)} */
function table(options) {
  const { columns, chosen, changed } = options;
  const seenColumns = columns.filter((column) => chosen.includes(column.key));
  const rows = ordered(options);
  const head = seenColumns.map((column) => heading(column, options));
  const shownRows = rows.slice(0, options.most || CUT);
  const body = h("tbody", {}, shownRows.map((row) => h("tr", {}, seenColumns.map((column, at) => cell(column, row, at, options)))));
  const made = h("table", { class: "data" }, h("caption", { class: "unseen" }, options.caption), h("thead", {}, h("tr", {}, head)), body);
  const more = rows.length > shownRows.length
    ? h("button", { class: "more", onclick: () => changed({ most: (options.most || CUT) * 4 }) }, `${rows.length - shownRows.length} more`) : null;
  return h("div", { class: "table-part" }, toolbar(seenColumns, rows, options),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": options.caption }, made), more);
}

function ordered({ columns, rows, sort, falling }) {
  const column = columns.find((each) => each.key === sort);
  if (!column) return rows;
  const known = rows.filter((row) => usable(column.value(row))), rest = rows.filter((row) => !usable(column.value(row)));
  const sign = falling ? -1 : 1;
  known.sort((a, b) => {
    const [one, other] = [column.value(a), column.value(b)];
    return sign * (typeof one === "string" ? one.localeCompare(other) : one - other);
  });
  return [...known, ...rest];
}

function usable(value) { return value !== null && value !== undefined && value !== ""; }

function heading(column, { sort, falling, changed }) {
  const own = sort === column.key;
  return h("th", { scope: "col", class: column.right ? "number" : "", "aria-sort": own ? (falling ? "descending" : "ascending") : "none" },
    h("button", { onclick: () => changed({ sort: column.key, falling: own ? !falling : false }) },
      column.label, h("span", { class: "arrow", "aria-hidden": "true" }, own ? (falling ? " ↓" : " ↑") : "")));
}

function cell(column, row, at, { open, href }) {
  const shown = column.show(column.value(row), row);
  const inside = at === 0 && href ? h("a", { href: href(row) }, shown) : shown;
  const attributes = { class: [column.right ? "number" : "", column.mark ? column.mark(row) : ""].join(" ").trim() };
  return at === 0 ? h("th", { scope: "row", ...attributes }, inside) : h("td", attributes, inside);
}

function toolbar(seenColumns, rows, options) {
  const boxes = options.columns.map((column) => h("label", {}, h("input", {
    type: "checkbox", checked: options.chosen.includes(column.key),
    onchange: (event) => {
      const chosen = options.columns.map((each) => each.key).filter((key) => (key === column.key ? event.target.checked : options.chosen.includes(key)));
      options.changed({ chosen });
    },
  }), column.label));
  const copies = [["Markdown", markdown], ["CSV", csv], ["LaTeX", latex]].map(([name, write]) =>
    h("button", { onclick: (event) => copy(write(seenColumns, rows), event.target) }, name));
  return h("div", { class: "toolbar" },
    h("span", { class: "count" }, options.count || ""),
    h("details", { class: "columns", open: options.choosing || false, ontoggle: (event) => { options.changed({ choosing: event.target.open }, true); } }, h("summary", {}, "columns"), h("div", { class: "boxes" }, boxes)),
    h("span", { class: "copies" }, "copy as ", copies));
}

function texts(columns, rows) { return rows.map((row) => columns.map((column) => plain(column.show(column.value(row), row)))); }
function plain(shown) { return shown instanceof Node ? shown.textContent : String(shown); }

function markdown(columns, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns.map((column) => column.label)), line(columns.map((column) => (column.right ? "---:" : "---"))),
    ...texts(columns, rows).map(line)].join("\n");
}

/** Raw numbers, so that programs can read them; a bound stands in its own column. */
function csv(columns, rows) {
  const quoted = (value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const raw = (column, row) => { const value = (column.raw || column.value)(row); return usable(value) ? String(value) : ""; };
  return [columns.map((column) => column.key), ...rows.map((row) => columns.map((column) => raw(column, row)))]
    .map((cells) => cells.map(quoted).join(",")).join("\n");
}

function latex(columns, rows) {
  const escaped = (text) => text.replace(/[\\&%$#_{}~^]/g, (sign) => ({ "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" })[sign] || `\\${sign}`)
    .replaceAll("≥", "$\\geq$").replaceAll("×", "$\\times$").replaceAll("–", "--").replaceAll("µ", "\\textmu{}");
  const line = (cells) => `${cells.map(escaped).join(" & ")} \\\\`;
  return [`\\begin{tabular}{${columns.map((column) => (column.right ? "r" : "l")).join("")}}`, "\\toprule",
    line(columns.map((column) => column.label)), "\\midrule", ...texts(columns, rows).map(line), "\\bottomrule", "\\end{tabular}"].join("\n");
}
