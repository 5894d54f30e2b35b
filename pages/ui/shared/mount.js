/* How Streamlit mounts our views: one view per parent element, told again at every rerun of the page. */

/**
 * The function Streamlit calls for a view class `new View(parent, key)` with `update(component)` and `close()`.
 * It is called again with every change of data or theme, and the cleanup of an outdated call may run
 * late: only the newest call's cleanup closes the view.
 */
export function mounting(View) {
  const views = new WeakMap();
  return function mount(component) {
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
  };
}
