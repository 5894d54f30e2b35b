"""Values on the page are data: what a symbol is here, and whether a control is where a stop wants it."""

import pytest

from core.figures.theme import PALETTES

PALETTES_SENT = {name: palette.model_dump() for name, palette in PALETTES.items()}

PAGE = """
  const figure = document.createElement("div");
  Object.assign(figure.dataset, { testid: "figure", ...data });
  const key = document.createElement("div");
  key.className = "st-key-control";
  key.append(figure);
  document.body.append(key);
"""

POINTED = f"""async ([data, goal, palettes]) => {{
  {PAGE}
  const {{ Pointer }} = await import("/guide/pointer.js");
  const told = [];
  const pointer = new Pointer(document.body);
  const stop = {{ stop: "here", control: "control", goal, done: false, said: "", watch: "" }};
  pointer.update({{ data: {{ ...stop, palettes }}, setTriggerValue: (...call) => told.push(call) }});
  figure.dispatchEvent(new Event("input", {{ bubbles: true }}));
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
  for (let i = 0; i < 4; i += 1) await frame();
  pointer.close();
  return told;
}}"""


@pytest.mark.parametrize(
    ("data", "goal", "reached"),
    [
        ({"frame": "many images", "value": "128"}, [128, 1e9], True),
        ({"frame": "128 of many", "value": "64"}, [128, 1e9], False),
        ({"frame": "w = −0.05", "value": "-0.05"}, [-0.1, 0.1], True),
        ({"frame": "128 images"}, [128, 1e9], False),
        ({"frame": "anywhere"}, None, True),
    ],
)
def test_a_control_is_where_it_should_be_by_its_value_not_its_label(modules, data, goal, reached):
    wanted = [["moved", "here"]] if reached else []
    assert modules.run(POINTED, [data, goal, PALETTES_SENT]) == wanted


NOTE = f"""async ([data, sliders, now, palettes]) => {{
  {PAGE}
  const slider = document.createElement("div");
  slider.className = "st-key-lambda_slider";
  slider.dataset.testid = "stSlider";
  slider.innerHTML = '<input type="range" aria-label="Strength" aria-valuetext="1e-3">';
  document.body.append(slider);
  const {{ Terms }} = await import("/glossary/terms.js");
  const terms = new Terms(document.body, "k");
  const told = {{ terms: [{{ term: "λ", text: "the price.", now, here: true, sliders }}], palettes }};
  terms.update({{ data: told, setTriggerValue: () => {{}} }});
  const note = terms.root.querySelector("li .glossary-note").textContent;
  terms.close();
  return note;
}}"""


@pytest.mark.parametrize(
    ("data", "sliders", "now", "note"),
    [
        ({}, [], "", "λ: the price."),
        ({}, [], "1e-4", "λ: the price. On Train live: 1e-4."),
        ({"frame": "at 0.3", "term": "λ", "said": "0.30"}, [], "", "λ: the price. On this page: 0.30."),
        ({"frame": "λ = 0.30", "term": "τ", "said": "0.30"}, [], "", "λ: the price."),
        ({}, ["lambda_slider"], "", "λ: the price. On this page: 1e-3."),
        (
            {"term": "λ", "said": "2"},
            ["lambda_slider"],
            "3",
            "λ: the price. On this page: 1e-3, 2. On Train live: 3.",
        ),
    ],
)
def test_a_note_says_what_a_symbol_is_on_this_page_and_on_train_live(modules, data, sliders, now, note):
    assert modules.run(NOTE, [data, sliders, now, PALETTES_SENT]) == note


def test_a_symbol_in_a_formula_shows_its_note_until_the_pointer_leaves(modules):
    script = """async (palettes) => {
      const formula = document.createElement("span");
      formula.className = "katex-html";
      formula.innerHTML = '<span class="mord">λ</span><span class="mop">∑</span><span class="mord">q</span>';
      document.body.append(formula);
      const { Terms } = await import("/glossary/terms.js");
      const terms = new Terms(document.body, "k");
      const known = [["λ", "the price."], ["Σ|w|", "the sum."]];
      const list = known.map(([term, text]) => ({ term, text, now: "", here: false, sliders: [] }));
      terms.update({ data: { terms: list, palettes }, setTriggerValue: () => {} });
      const seen = [...formula.children, document.body].map((node) => {
        node.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
        return terms.hover.hasAttribute("data-open") ? terms.hover.textContent : null;
      });
      terms.close();
      return seen;
    }"""
    assert modules.run(script, PALETTES_SENT) == ["λ: the price.", "Σ|w|: the sum.", None, None]
