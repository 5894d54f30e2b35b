"""One view per place on the page, however often and in whatever order Streamlit calls."""

import pytest
import streamlit as st

from pages.ui import components

SCRIPT = """async (steps) => {
  const { mount } = await import("/shared/mount.js");
  const said = [];
  class View {
    constructor(parent, key) { said.push(`new ${key}`); }
    update({ data }) { said.push(`told ${data}`); }
    close() { said.push("closed"); }
  }
  const place = document.createElement("div");
  document.body.append(place);
  const cleanups = [];
  for (const [what, value] of steps) {
    if (what === "call") cleanups.push(mount(View, { parentElement: place, key: "k", data: value }));
    if (what === "clean") cleanups[value]();
    if (what === "leave") place.remove();
  }
  return said;
}"""


def test_a_view_is_made_once_and_told_at_every_call(modules):
    assert modules.run(SCRIPT, [["call", "a"], ["call", "b"]]) == ["new k", "told a", "told b"]


@pytest.mark.parametrize("call", [0, 1])
def test_a_cleanup_closes_nothing_that_is_on_the_page(call, modules):
    assert "closed" not in modules.run(SCRIPT, [["call", "a"], ["call", "b"], ["clean", call]])


def test_a_view_is_closed_once_when_its_place_has_left_the_page(modules):
    steps = [["call", "a"], ["call", "b"], ["leave", None], ["clean", 1], ["clean", 0]]
    assert modules.run(SCRIPT, steps) == ["new k", "told a", "told b", "closed"]


# As Streamlit does it: the cleanup of a call that a later one has overtaken runs as soon as there is one.
OVERTAKEN = """async (stub) => {
  const { default: show } = await import(URL.createObjectURL(new Blob([stub], { type: "text/javascript" })));
  const place = document.createElement("div");
  document.body.append(place);
  globalThis.said = [];
  const call = (assets) => show({ parentElement: place, key: "k", data: { assets } });
  const late = call("/late").then((cleanup) => cleanup?.());
  await call("");
  await late;
  return globalThis.said;
}"""

VIEW = """export class View {
  update({ data }) { globalThis.said.push(data.assets); }
  close() { globalThis.said.push("closed"); }
}"""


def test_a_call_that_gets_its_modules_last_does_not_undo_the_newer_one(modules, monkeypatch):
    stubs = []
    monkeypatch.setattr(st.components.v2, "component", lambda *_, js, **__: stubs.append(js))
    components.component("c", "view.js", "View")
    # Each call has its own modules, so that those of the first can come last.
    for folder, wait in (("", ""), ("/late", "await new Promise((on) => setTimeout(on, 300));")):
        modules.answer(f"{folder}/view.js", wait + VIEW)
        modules.answer(f"{folder}/shared/mount.js", components.style("shared/mount.js"))
        modules.answer(f"{folder}/shared/keyboard.js", "")
    assert modules.run(OVERTAKEN, stubs[0]) == [""]
