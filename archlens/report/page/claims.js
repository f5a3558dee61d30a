// What papers and libraries print, beside what is counted.

const VERDICTS = ["different", "open", "explained", "incomparable", "equal"];
const chosenClaims = { search: "", verdict: "", sort: "", falling: false, chosen: ["model", "subject", "source", "expected", "found", "difference", "verdict", "why"], most: undefined };

const CLAIM_LABELS = { model: "network", subject: "figure", source: "whose", expected: "printed", found: "counted", difference: "difference", verdict: "verdict", why: "why" };

function claimColumns() {
  return Object.entries(CLAIM_LABELS).map(([key, label]) => ({
    key, label, right: ["expected", "found", "difference"].includes(key), value: (row) => DATA.claims[key][row], show: (value) => value,
    mark: key === "verdict" ? (row) => `verdict-${DATA.claims.verdict[row]}` : null,
  }));
}

function claimsView(root) {
  const counts = new Map(VERDICTS.map((verdict) => [verdict, DATA.claims.verdict.filter((each) => each === verdict).length]));
  root.append(h("h1", {}, "Claims"), h("p", {}, `${plural(DATA.claims.model.length, "printed figure")} beside what is counted here: ${[...counts].filter(([, n]) => n).map(([verdict, n]) => `${n} ${verdict}`).join(", ")}. `
    + "Explained: the spec shows the arithmetic behind another figure. Open: none was found."));
  const part = h("div");
  const draw = () => {
    const wanted = chosenClaims.search.toLowerCase();
    const rows = DATA.claims.model.map((_, row) => row).filter((row) => (!chosenClaims.verdict || DATA.claims.verdict[row] === chosenClaims.verdict)
      && (!wanted || ["model", "subject", "source", "why"].some((key) => DATA.claims[key][row].toLowerCase().includes(wanted))));
    part.replaceChildren(table({ columns: claimColumns(), rows, ...chosenClaims, caption: "Claims", count: plural(rows.length, "figure"),
      href: (row) => hashOf(`network/${addressed([DATA.claims.model[row].split(" ")[0]])}`),
      changed: (change, quiet) => { Object.assign(chosenClaims, change); if (!quiet) refocus(part, draw); } }));
  };
  root.append(h("div", { class: "axes-bar" }, field("find", chosenClaims.search, (value) => { chosenClaims.search = value; draw(); }),
    choice("verdict", [["", "all"], ...VERDICTS.map((verdict) => [verdict, verdict])], chosenClaims.verdict, (value) => { chosenClaims.verdict = value; draw(); })), part);
  draw();
}

/** The claims about one network. */
function claimsOf(name) {
  const rows = DATA.claims.model.map((_, row) => row).filter((row) => DATA.claims.model[row].split(" ")[0] === name);
  if (!rows.length) return h("p", {}, "Nothing that is printed about this network has been typed in.");
  const columns = claimColumns().slice(1);
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "claims" }, h("table", { class: "data" }, h("caption", { class: "unseen" }, `What is printed about ${name}`),
    h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col", class: column.right ? "number" : "" }, column.label)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, columns.map((column) => h("td", { class: column.right ? "number" : column.mark ? column.mark(row) : "" }, column.value(row))))))));
}
