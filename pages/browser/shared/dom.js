/* Small builders for the elements our views are made of. */

/** @import { Attributes, Choose, Option } from "./types.d.ts" */

/**
 * An element with attributes, listeners under names that start with `on`, and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {(Node | string | null | undefined)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else setAttribute(node, name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Whether the reader points with a finger, which rests on nothing before it presses. */
export const coarse = () => matchMedia("(pointer: coarse)").matches;

/**
 * Set text only when it differs, so that nothing is announced or laid out twice.
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Set or remove an attribute only when it differs.
 * @param {Element} node
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
}

/**
 * A row of choices of which one holds: native radio buttons, so arrow keys work.
 * @param {object} row
 * @param {string} row.group
 * @param {string} row.label
 * @param {readonly Option[]} row.options
 * @param {string} row.value
 * @param {(value: string) => void} row.onChange
 * @returns {HTMLElement}
 */
export function segmented({ group, label, options, value, onChange }) {
  const choices = options.map(([key, text]) => {
    const input = el("input", { type: "radio", name: group, value: key, onchange: () => onChange(key) });
    input.checked = key === value;
    return el("label", { class: "sl-choice", "data-value": key }, input, el("span", {}, text));
  });
  return el("div", { class: "sl-segmented", role: "radiogroup", "aria-label": label }, ...choices);
}

/**
 * What builds rows of choices that are kept in `ui` under a field's name, and draws again.
 * @template {string} Field
 * @param {object} where
 * @param {string} where.key
 * @param {Record<Field, string>} where.ui
 * @param {() => void} where.redraw
 * @returns {Choose<Field>}
 */
export function chooser({ key, ui, redraw }) {
  return (field, label, options) =>
    segmented({
      group: `${key}-${field}`,
      label,
      options,
      value: ui[field],
      onChange: (value) => {
        ui[field] = value;
        redraw();
      },
    });
}

/**
 * A titled box around a chart: heading, its controls, and what is drawn. `retitle` gives it another title, and
 * other words after it.
 * @param {string} title
 * @param {object} parts
 * @param {string} parts.name
 * @param {string} [parts.unit]
 * @param {Node[]} [parts.controls]
 * @param {Node[]} parts.body
 */
export function panel(title, { name, unit, controls = [], body }) {
  const words = el("span", { class: "sl-title-text" }, title);
  const after = el("span", { class: "sl-unit" }, unit && ` ${unit}`);
  const node = el(
    "section",
    { class: `sl-panel sl-panel-${name}`, "aria-label": title },
    el(
      "div",
      { class: "sl-panel-head" },
      el("h2", { class: "sl-title" }, words, after),
      el("div", { class: "sl-controls" }, ...controls),
    ),
    ...body,
  );
  return {
    node,
    /** @param {string} text @param {string} [other] @param {string} [hint] what the other words mean */
    retitle(text, other, hint) {
      setText(words, text);
      if (other !== undefined) setText(after, ` ${other}`);
      setAttribute(after, "title", hint ?? null);
      setAttribute(node, "aria-label", text);
    },
  };
}
