/* What the keyboard does on every page: it scrolls it, and keeps the focus where a button gives way to another. */

const MAIN = "[data-testid=stMain]";
const PAGED = "textarea, [role=listbox], [role=menu], [aria-expanded=true], [data-testid=stPopoverBody]";
const PAGE = 0.875; // of what is in sight, as browsers scroll
const SLOT = "[data-testid=stElementContainer]";

/** @type {Record<string, number>} */
const WAYS = { PageUp: -1, PageDown: 1 };

/** Watches the row of the focused button. */
const swaps = new MutationObserver(() => focusSuccessor());
/** The focused button's slot, and where it stands. @type {{ slot: Element, row: Element, place: number } | null} */
let focused = null;

addEventListener("keydown", (event) => turnPage(event), { capture: true });
addEventListener("focusin", ({ target }) => watch(target instanceof HTMLButtonElement ? target : null));

/**
 * A lecturer's clicker turns pages: it moves no slider, and what scrolls is not the body.
 * @param {KeyboardEvent} event
 */
function turnPage(event) {
  const { key, target, altKey, ctrlKey, metaKey } = event;
  const main = document.querySelector(MAIN);
  if (!(key in WAYS) || altKey || ctrlKey || metaKey || !main) return;
  if (target instanceof Element && target.closest(PAGED)) return;
  event.preventDefault();
  event.stopPropagation();
  main.scrollBy({ top: WAYS[key] * PAGE * main.clientHeight });
}

/** @param {HTMLButtonElement | null} button */
function watch(button) {
  const slot = button?.closest(SLOT);
  const row = slot?.parentElement;
  swaps.disconnect();
  focused = slot && row ? { slot, row, place: [...row.children].indexOf(slot) } : null;
  if (row) swaps.observe(row, { childList: true });
}

/** Play has become Pause: the next Space is for that. */
function focusSuccessor() {
  if (!focused || focused.slot.isConnected || document.activeElement !== document.body) return;
  const buttons = focused.row.children[focused.place]?.querySelectorAll("button:not([disabled])") ?? [];
  // A button with a tooltip is there twice, once for phones: one of the two is not shown.
  const shown = [...buttons].find((button) => button.checkVisibility());
  if (shown instanceof HTMLElement) shown.focus({ preventScroll: true });
}
