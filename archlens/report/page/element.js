// Elements from their parts, and what all views share: fields, choices, copying.

const SVG = "http://www.w3.org/2000/svg";

/** h("button", {onclick, class: "x"}, "Copy") */
function h(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** The same for pictures. */
function s(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A labelled choice. options: pairs of a value and what people read. */
function choice(label, options, value, chosen) {
  const made = options.map(([key, text]) => h("option", { value: key, selected: String(key) === String(value) }, text));
  return h("label", { class: "choice" }, h("span", {}, label), h("select", { onchange: (e) => chosen(e.target.value) }, made));
}

/** A labelled field of text, heard while somebody types. */
function field(label, value, heard, attributes = {}) {
  const input = h("input", { type: "search", value, autocomplete: "off", spellcheck: "false", ...attributes, oninput: (e) => heard(e.target.value) });
  return h("label", { class: "field" }, h("span", {}, label), input);
}

/** Put a text where others can paste it; files may have no clipboard, so that a selection does it then. */
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { style: "position:fixed;opacity:0" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  announce(`copied ${plural(text.split("\n").length, "line")}`);
  if (button) {
    const before = button.textContent;
    button.textContent = "copied";
    setTimeout(() => { button.textContent = before; }, 1200);
  }
}

/** Say it to those who listen. */
function announce(text) {
  const place = document.getElementById("said");
  if (place) place.textContent = text;
}

/** Tabs: pairs of a key and a name. */
function tabs(label, pairs, current, chosen) {
  const list = h("div", { class: "tabs", role: "tablist", "aria-label": label });
  pairs.forEach(([key, name], at) => {
    list.append(h("button", {
      role: "tab", id: `tab-${key}`, "aria-selected": String(key === current), tabindex: key === current ? 0 : -1, "aria-controls": "panel",
      onclick: () => chosen(key),
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        chosen(pairs[(at + step + pairs.length) % pairs.length][0], true);
      },
    }, name));
  });
  return list;
}
