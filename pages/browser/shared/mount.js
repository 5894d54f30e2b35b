/* How Streamlit mounts our views: one view per parent element, told again at every rerun of the page. */

/** @import { Component, View } from "./types.d.ts" */

import "./keyboard.js";

/** @type {WeakMap<HTMLElement, View<unknown>>} */
const mounted = new WeakMap();

/**
 * Show what the page says in a view of this class, the one that stands there already or a new one.
 * It is called again with every change of data or theme. The cleanup of an outdated call may run at
 * any time: a view is closed when its parent has left the page, which Streamlit sees to first.
 * @template Data
 * @param {new (parent: HTMLElement, key: string) => View<Data>} View
 * @param {Component<Data>} component
 * @returns {() => void} the cleanup
 */
export function mount(View, component) {
  const parent = component.parentElement;
  const view = mounted.get(parent) ?? new View(parent, component.key);
  mounted.set(parent, view);
  view.update(component);
  return () => {
    if (parent.isConnected || !mounted.has(parent)) return;
    view.close();
    mounted.delete(parent);
  };
}
