/* On a phone the menu lies over the page: it closes once a page has been chosen. */

/** @import { Component } from "./types.d.ts" */

const CHOICE = "[data-testid=stSidebarNavLink]";
const CLOSE = "[data-testid=stSidebar][data-collapsed=false] [data-testid=stSidebarCollapseButton] button";

const [opened] = performance.getEntriesByType("navigation");
/** The page whose choice has been seen: at first, the one that was opened. */
let seen = new URL(opened?.name ?? location.href).pathname;

export class Menu {
  constructor() {
    /** @param {Event} event */
    this.chosen = ({ target }) => {
      if (target instanceof Element && target.closest(CHOICE)) close();
    };
    document.addEventListener("click", this.chosen);
  }

  /**
   * A quick visitor chooses before this module is there to see it, but not without another page.
   * @param {Component<Record<string, never>>} _component
   */
  update(_component) {
    if (location.pathname === seen) return;
    seen = location.pathname;
    close();
  }

  close() {
    document.removeEventListener("click", this.chosen);
  }
}

function close() {
  const button = document.querySelector(CLOSE);
  if (button instanceof HTMLElement) button.click();
}
