/* Entry of the live view: one view per parent element, told again at every rerun of the page. */

import { View } from "./view.js";

const views = new WeakMap();

/**
 * Mount or update. Streamlit calls this again with every change of data or theme, and may run the
 * cleanup of an outdated call late: only the newest call's cleanup closes the view.
 */
export default function mount(component) {
  const parent = component.parentElement;
  const mounted = views.get(parent) ?? { view: new View(parent, component.key), call: 0 };
  views.set(parent, mounted);
  const call = ++mounted.call;
  mounted.view.update(component);
  return () => {
    if (mounted.call !== call) return;
    mounted.view.close();
    views.delete(parent);
  };
}
