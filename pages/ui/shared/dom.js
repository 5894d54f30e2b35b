/* Small builders for the elements our views are made of. */

/** An element with attributes, properties that start with `on`, and children. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Set text only when it differs, so that nothing is announced or laid out twice. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Set or remove an attribute only when it differs. */
export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/**
 * A row of choices of which one holds: native radio buttons, so arrow keys work.
 * Returns {node, set(value)}.
 */
export function segmented({ group, label, options, value, onChange }) {
  const inputs = options.map(([key]) =>
    el("input", {
      type: "radio",
      name: group,
      value: key,
      onchange: () => onChange(key),
    }),
  );
  const choices = options.map(([key, text], i) =>
    el("label", { class: "lv-choice", "data-value": key }, inputs[i], el("span", {}, text)),
  );
  const node = el("div", { class: "lv-segmented", role: "radiogroup", "aria-label": label }, ...choices);
  const set = (chosen) => inputs.forEach((input) => (input.checked = input.value === String(chosen)));
  set(value);
  return { node, set };
}

/** What builds rows of choices that are kept in `ui` under a field's name, and draws again: (field, label, options). */
export function chooser({ key, ui, redraw }) {
  return (field, label, options) =>
    segmented({
      group: `${key}-${field}`, label, options, value: ui[field],
      onChange: (value) => {
        ui[field] = value;
        redraw();
      },
    }).node;
}

/** Give a panel another title, and other words after it. */
export function retitle(node, title, unit) {
  setText(node.querySelector(".lv-title-text"), title);
  if (unit !== undefined) setText(node.querySelector(".lv-unit"), ` ${unit}`);
  setAttribute(node, "aria-label", title);
}

/** A titled box around a chart: heading, its controls, and what is drawn. */
export function panel(title, { name, unit, controls = [], body }) {
  return el(
    "section",
    { class: `lv-panel lv-panel-${name}`, "aria-label": title },
    el(
      "div",
      { class: "lv-panel-head" },
      el("h2", { class: "lv-title" }, el("span", { class: "lv-title-text" }, title), unit ? el("span", { class: "lv-unit" }, ` ${unit}`) : null),
      el("div", { class: "lv-controls" }, ...controls),
    ),
    ...body,
  );
}
