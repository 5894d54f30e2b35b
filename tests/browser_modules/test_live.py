"""The live view's numbers and words, apart from its charts."""

import pytest

from core.lesson_link import PARTS
from tests.browser_modules.runs import SPEC, change, point, update

HISTORY = """
  const { History } = await import("/live/history.js");
  const history = new History(run, spec);
  for (const update of updates) history.apply(update);
"""


def test_labels_are_told_right_and_angles_off(modules):
    script = """async (datasets) => {
      const { lossOf, scoreRange } = await import("/live/score.js");
      const point = { train_accuracy: 0.5, valid_accuracy: 0.25, train_error: 30, valid_error: 41 };
      return datasets.map((dataset) => {
        const { name, score } = lossOf({ dataset });
        const text = score.write(score.of(point, "valid"));
        return [name, score.title, text, scoreRange(score, [point], Math.max)];
      });
    }"""
    assert modules.run(script, ["digits", "rotated_digits"]) == [
        ["cross-entropy", "Accuracy", "25\u00a0%", [0, 104]],
        ["mean squared error", "Error", "41.0°", [0, 41]],
    ]


def test_the_score_s_title_says_what_its_images_leave_open_and_at_the_end_the_test(modules):
    script = """async (points) => {
      const { lossOf, scoreShown } = await import("/live/score.js");
      const [labels, angles] = ["digits", "rotated_digits"].map((dataset) => lossOf({ dataset }).score);
      return [...points.map((point) => scoreShown(labels, point)), scoreShown(angles, { valid_error: 3 })];
    }"""
    going = {"valid_accuracy": 0.95, "n_valid": 258}
    done = going | {"test_accuracy": 0.9, "n_test": 400}
    assert modules.run(script, [None, going, done]) == [
        "validation and training",
        "± 1.4 points: 258 validation images",
        "test, looked at once: 90.0 ± 1.5\u00a0%",
        "validation and training",
    ]


def test_two_lanes_that_tell_labels_have_images_to_look_at(modules):
    script = """async (cases) => {
      const { lossOf, showsMistakes } = await import("/live/score.js");
      return cases.map(([dataset, now]) => showsMistakes(lossOf({ dataset }).score, now));
    }"""
    both = {"own": {}, "other": {}}
    cases = [("digits", both), ("digits", {"own": {}}), ("digits", {}), ("rotated_digits", both)]
    assert modules.run(script, cases) == [True, False, False, False]


def test_the_axis_of_an_error_reaches_where_guessing_ends_up(modules):
    script = """async () => {
      const { lossOf, scoreRange } = await import("/live/score.js");
      const { score } = lossOf({ dataset: "rotated_digits" });
      return scoreRange(score, [{ train_error: 3, valid_error: 4 }], Math.max);
    }"""
    assert modules.run(script) == [0, 25]


@pytest.mark.parametrize(("value", "text"), [(0.5, "50\u00a0% of λ"), (1, "1.00 × λ"), (12.34, "12.3 × λ")])
def test_a_residual_below_lambda_is_a_share_of_it(modules, value, text):
    assert modules.call("live/optimality.js", "multiple", value) == text


def test_a_network_without_an_optimum_says_why_whatever_was_kept_of_it(modules):
    script = """async () => {
      const { OptimalityLine } = await import("/live/optimality.js");
      const numbers = { kkt_max: 547, kkt_mean: 1, noise: 0, gap: null, strength_max: null };
      const optimality = { step: 5, strength: 1e-3, ...numbers };
      const now = { own: { step: 5, epoch: 0.1, strength: 1e-3, optimality } };
      const history = { spec: { lanes: [{ penalty: "l1" }] }, yours: 0, status: { state: "running" } };
      return ["", "There is none."].map((unjudged) => {
        const line = new OptimalityLine();
        line.draw({ history, now, unjudged });
        return [line.lead.textContent, line.parts.filter((part) => !part.hasAttribute("hidden")).length];
      });
    }"""
    assert modules.run(script) == [["Optimality at step 5 (0 off: pulls balance):", 3], ["There is none.", 0]]


def test_a_run_that_is_over_promises_no_look_at_optimality(modules):
    script = """async (states) => {
      const { OptimalityLine } = await import("/live/optimality.js");
      const now = { own: { step: 5, epoch: 0.1, strength: 1e-3, optimality: null } };
      return states.map((state) => {
        const line = new OptimalityLine();
        const history = { spec: { lanes: [{ penalty: "l1" }] }, yours: 0, status: { state } };
        line.draw({ history, now, unjudged: "" });
        return line.lead.textContent.split(/[.:]/)[1].trim();
      });
    }"""
    waits, over = "looked at when there is time, and when you pause", "not known here"
    assert modules.run(script, ["running", "paused", "finished", "stopped"]) == [waits, waits, over, over]


@pytest.mark.parametrize(
    ("step", "epoch", "strength", "is_fresh"),
    [
        (37, 1, 1e-3, True),
        (74, 2, 1e-3, True),
        (75, 75 / 37, 1e-3, False),
        (661, 661 / 37, 1e-3, False),
        (38, 38 / 37, 3e-3, False),
        (57, 57, 1e-3, True),
        (58, 58, 1e-3, False),
    ],
)
def test_optimality_is_of_the_lambda_in_force_and_not_more_than_an_epoch_old(
    modules, step, epoch, strength, is_fresh
):
    found = {"step": 37, "strength": 1e-3}
    point = {"step": step, "epoch": epoch, "strength": strength, "optimality": found}
    assert modules.call("live/optimality.js", "fresh", point) == (found if is_fresh else None)


def test_nearly_zero_is_told_for_the_bound_that_was_chosen(modules):
    script = """async () => {
      const { NearlyZero } = await import("/live/nearly.js");
      const chosen = [];
      const nearly = new NearlyZero({ chosen: 1, onChange: (value) => chosen.push(value) });
      const frame = (below) => ({ layers: { fc1: { below } } });
      const frames = { own: frame([0.1, 0.9]), other: frame([0, 0.2]) };
      nearly.draw({ ui: { layer: "fc1", epsilon: 1 }, frames, epsilons: [1e-6, 1e-5] });
      nearly.input.value = 0;
      nearly.input.dispatchEvent(new Event("input"));
      const { words, input } = nearly;
      return [words.textContent, input.getAttribute("aria-valuetext"), input.max, chosen];
    }"""
    words = "nearly zero, |w| < 1e-5: 90\u00a0% (λ = 0: 20\u00a0%)"
    assert modules.run(script) == [words, "ε = 1e-5", "1", [0]]


STATE = f"""async ([spec, updates, run, connection]) => {{
  {HISTORY}
  const {{ stateShown }} = await import("/live/status.js");
  return stateShown({{ history, connection }});
}}"""


@pytest.mark.parametrize(
    ("run", "status", "connection", "shown"),
    [
        (None, {}, "open", "none"),
        ("r", {}, "open", "running"),
        ("r", {}, "lost", "lost"),
        ("r", {"state": "finished"}, "lost", "finished"),
        ("r", {}, "refused", "refused"),
        ("r", {"share": 0.25}, "open", "loading"),
        ("r", {"state": "queued"}, "open", "queued"),
    ],
)
def test_the_state_shown_is_the_runs_unless_there_is_no_run_or_connection(
    modules, run, status, connection, shown
):
    news = update()
    news["status"] = news["status"] | status
    assert modules.run(STATE, [SPEC, [news], run, connection]) == shown


@pytest.mark.parametrize(
    ("state", "over"),
    [("running", False), ("paused", False), ("queued", False), ("finished", True), ("failed", True)],
)
def test_a_run_is_over_or_goes_on(modules, state, over):
    assert modules.call("live/status.js", "ended", state) is over


NOTE = f"""async ([spec, updates, model]) => {{
  const run = "r";
  {HISTORY}
  const {{ Status }} = await import("/live/status.js");
  const status = new Status();
  const now = {{ own: history.pointAt(history.yours, null), other: undefined }};
  status.draw({{ history, now, at: null, connection: "open", message: "", broken: "", ...model }});
  return [status.note.textContent, status.sentence.textContent];
}}"""


@pytest.mark.parametrize(
    ("status", "model", "note"),
    [
        ({}, {}, ""),
        ({}, {"broken": "No charts."}, "No charts. Reload the page to try again."),
        ({"state": "queued", "position": 1}, {}, "Waiting: next in the queue."),
        ({"state": "queued", "position": 3}, {}, "Waiting: number 3 in the queue."),
        ({"state": "queued", "reason": "waiting for yours"}, {}, "Waiting for yours."),
        ({"state": "running", "reason": "nothing can be saved"}, {}, "Nothing can be saved."),
        ({"state": "finished", "reason": "done"}, {}, ""),
        ({"state": "failed", "reason": "out of memory"}, {}, "Out of memory. Press Play to start again."),
        ({"state": "failed"}, {}, "The run failed. Press Play to start again."),
        (
            {},
            {"connection": "refused", "message": "No such run."},
            "No such run. Press Play to start a new run.",
        ),
    ],
)
def test_the_note_says_what_needs_an_eye(modules, status, model, note):
    news = update(points=[point(1, text="It learns.")])
    news["status"] = news["status"] | status
    assert modules.run(NOTE, [SPEC, [news], model]) == [note, "It learns."]


def test_the_last_trouble_of_the_readers_lane_stays_until_it_recovers(modules):
    trouble = change(5, "", "") | {"kind": "collapsed", "text": "All zero."}
    better = change(9, "", "") | {"kind": "recovered", "text": "Back."}
    assert modules.run(NOTE, [SPEC, [update(points=[point(9)], events=[trouble])], {}])[0] == "All zero."
    assert modules.run(NOTE, [SPEC, [update(points=[point(9)], events=[trouble, better])], {}])[0] == ""
    lowered = change(7, 0.01, 0.0001)
    assert modules.run(NOTE, [SPEC, [update(points=[point(9)], events=[trouble, lowered])], {}])[0] == ""
    gone = trouble | {"kind": "diverged"}
    stays = update(points=[point(9)], events=[gone, lowered])
    assert modules.run(NOTE, [SPEC, [stays], {}])[0] == "All zero."
    other = trouble | {"lane": 0}
    assert modules.run(NOTE, [SPEC, [update(points=[point(9)], events=[other])], {}])[0] == ""


FORMULA = f"""async ([spec, updates, at]) => {{
  const run = "r";
  {HISTORY}
  const {{ Formula }} = await import("/live/formula.js");
  const formula = new Formula();
  const now = {{ own: history.pointAt(history.yours, at), other: history.pointAt(0, at) }};
  const words = {{ penalty: "Σ|w|", method: "Proximal step: exact zeros", optimizer: "Adam" }};
  formula.draw({{ history, at, now, words }});
  const value = (term) => formula.node.querySelector(`[data-term=${{term}}] .lv-value`).textContent;
  return {{ values: ["total", "data", "lambda", "norm"].map(value), notes: formula.notes.textContent,
    warming: formula.node.dataset.warming ?? null }};
}}"""
SUM = {"total": 0.6428, "data_loss": 0.5, "penalty": 0.1428, "norm": 142.84}


def test_the_sum_is_written_with_the_numbers_of_the_moment(modules):
    found = modules.run(FORMULA, [SPEC, [update(points=[point(50, strength=1e-3, **SUM)])], None])
    assert found["values"] == ["0.643", "0.500", "1e-3", "142.8"]
    assert "λ·Σ|w| = 0.143" in found["notes"]
    assert found["warming"] is None


def test_a_lambda_below_the_one_that_was_set_is_warming_up(modules):
    found = modules.run(FORMULA, [SPEC, [update(points=[point(50, strength=1e-4, **SUM)])], None])
    assert "warming up to 1e-3" in found["notes"]
    assert found["warming"] == "true"


def test_before_a_run_the_sum_has_no_numbers(modules):
    found = modules.run(FORMULA, [SPEC, [], None])
    assert found["values"] == ["–", "–", "1e-3", "–"]


HISTOGRAM = """async ([own, other, log]) => {
  const { histogramChart } = await import("/weights/histogram.js");
  const look = { layers: { fc1: "#112233" }, ink: "#000000", background: "#ffffff", reference: "#666666" };
  const weights = { layer: "fc1", own, other, log, hatch: "/", look, invitation: "Play" };
  const { traces, layout, label } = histogramChart(weights);
  return { x: traces[0].x, outline: [traces[1].x, traces[1].y], zeros: traces.slice(2).map(({ y }) => y),
    words: layout.annotations.length, label };
}"""
BINS = {"weights": 100, "zeros": 80, "limit": 1.0, "counts": [5, 0, 5, 10]}


def test_a_bar_stands_in_the_middle_of_its_bin_and_zeros_apart(modules):
    found = modules.run(HISTOGRAM, [BINS, BINS | {"zeros": 0}, False])
    assert found["x"] == [-0.75, -0.25, 0.25, 0.75]
    assert found["zeros"] == [[80], [0]]
    assert found["outline"] == [[-1.5, -1, -0.5, 0, 0.5, 1], [0, 5, 0, 5, 10, 0]]
    assert "80 exactly zero (80\u00a0%)" in found["label"]
    assert found["words"] == 0


def test_a_logarithmic_outline_has_a_floor(modules):
    found = modules.run(HISTOGRAM, [BINS, BINS, True])
    assert found["outline"][1] == [0.5, 5, 0.5, 5, 10, 0.5]


def test_without_weights_the_axes_are_empty_and_say_what_to_do(modules):
    found = modules.run(HISTOGRAM, [None, None, True])
    assert (found["x"], found["zeros"], found["words"]) == ([], [[], []], 1)


def test_the_first_layer_is_drawn_as_kernels_or_as_images(modules):
    title = [
        ("conv1", {"dataset": "digits"}),
        ("fc", {"dataset": "mnist"}),
        ("fc", {"dataset": "fashion_mnist"}),
    ]
    assert modules.each("weights/kernels.js", "kernelsTitle", title) == [
        ["Kernels", "of conv1"],
        ["Weights", "of fc, one image per digit"],
        ["Weights", "of fc, one image per kind"],
    ]


@pytest.mark.parametrize(
    ("on", "factor", "words"),
    [
        (True, 1, ["penalised", "conv2"]),
        (False, 1, ["free", "conv2"]),
        (True, 0, ["free", "conv2 λ × 0"]),
        (True, 3, ["penalised", "conv2 λ × 3"]),
        (False, 3, ["free", "conv2"]),
    ],
)
def test_a_card_says_free_where_nothing_pulls(modules, on, factor, words):
    script = """async ([on, factor]) => {
      const { Cards } = await import("/live/cards.js");
      const cards = new Cards(() => {});
      const history = { yours: 0, spec: { lanes: [{ multipliers: { conv2: factor } }] } };
      const targeted = on ? ["conv2"] : [];
      const common = { layers: ["conv2"], targeted, editable: true, at: null, zeros: {} };
      cards.draw({ frames: {}, history, ...common });
      const text = (mark) => cards.node.querySelector(mark).textContent.replaceAll("\\u00a0", " ");
      return [text(".lv-switch-word"), text("h3")];
    }"""
    assert modules.run(script, [on, factor]) == words


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("running", ["Waiting for the first numbers.", "waiting for the first numbers"]),
        ("stopped", ["This run ended before its first numbers.", "Press Play: the loss"]),
    ],
)
def test_who_left_the_queue_waits_for_nothing(modules, state, said):
    script = f"""async ([spec, updates]) => {{
      const run = "r";
      {HISTORY}
      const {{ Status }} = await import("/live/status.js");
      const {{ timeLayout }} = await import("/live/timeaxis.js");
      const status = new Status();
      const quiet = {{ connection: "open", message: "", broken: "" }};
      const model = {{ history, look: {{}}, now: {{}}, at: null, ...quiet }};
      status.draw(model);
      const [invitation] = timeLayout(model, {{}}, "the loss").annotations;
      return [status.sentence.textContent, invitation.text];
    }}"""
    news = update()
    news["status"] = news["status"] | {"state": state}
    assert modules.run(script, [SPEC, [news]]) == said


def test_the_table_compares_the_sizes_of_both_lanes_layer_by_layer(modules):
    script = f"""async ([spec, updates]) => {{
      const run = "r";
      {HISTORY}
      const {{ NumbersTable }} = await import("/live/table.js");
      const table = new NumbersTable(() => {{}});
      table.node.open = true;
      const layer = (norm) => ({{ weights: 9, zeros: 0, norm, below: [0], dead: 0, units: 3 }});
      const frame = (norm) => ({{ layers: {{ fc1: layer(norm) }} }});
      const frames = {{ own: frame(12.5), other: frame(400) }};
      const now = {{}};
      const words = {{ penalty: "Σ|w|" }};
      table.draw({{ history, layers: ["fc1"], words, now, frames, ui: {{ epsilon: 0 }}, epsilons: [1e-5] }});
      const found = [...table.node.querySelectorAll("tr")].find((row) => row.textContent.includes("fc1: Σ"));
      return [...found.children].map((cell) => cell.textContent);
    }}"""
    assert modules.run(script, [SPEC, [update()]]) == ["fc1: Σ|w|", "400.0", "12.50"]


LAYOUT = """async (hidden) => {
  const { build } = await import("/live/layout.js");
  const ui = { lossScale: "linear", histogramScale: "log", layer: "fc1", epsilon: 3, kernels: "own" };
  const nothing = () => {};
  const on = { onMove: nothing, onBranch: nothing, onToggle: nothing, onMistakes: nothing };
  const { nodes, place } = build({ key: "k", ui, redraw: nothing, ...on });
  document.body.append(...nodes);
  const marks = { formula: "[data-testid=formula]", optimality: "[data-testid=optimality]",
    sentence: "[data-testid=sentence]", clock: ".lv-clock", loss: ".sl-panel-loss",
    accuracy: ".sl-panel-accuracy", zeros: ".sl-panel-zeros", weights: ".sl-panel-histogram",
    kernels: ".sl-panel-kernels", layers: ".sl-panel-layers", numbers: ".sl-numbers",
    status: ".lv-status", note: ".lv-note" };
  return hidden.map((names) => {
    place(names);
    return Object.keys(marks).filter((name) => !document.querySelector(marks[name]));
  });
}"""


def test_what_is_hidden_is_not_in_the_page_and_comes_back_in_its_place(modules):
    everything = [part for part in PARTS if part not in ("bands", "steps", "presets", "more")]
    wanted = [[], *([part] for part in everything), everything, ["loss", "clock"], []]
    found = modules.run(LAYOUT, wanted)
    assert [set(each) for each in found] == [set(each) for each in wanted]
    order = "[...document.querySelectorAll('.sl-panel')].map((each) => each.ariaLabel)"
    names = ["Loss", "Accuracy", "Exact zeros", "Weights", "Kernels", "Layers"]
    assert modules._page.evaluate(order) == names


def test_a_switch_that_is_held_says_why(modules):
    script = """async (held) => {
      const { Cards } = await import("/live/cards.js");
      const used = [];
      const cards = new Cards({ onToggle: (name) => used.push(name) });
      const history = { yours: 0, spec: { lanes: [{ multipliers: {} }] } };
      const common = { layers: ["conv2"], targeted: ["conv2"], editable: !held, held, at: null, zeros: {} };
      cards.draw({ frames: {}, history, ...common });
      const toggle = cards.node.querySelector(".lv-switch");
      toggle.click();
      return [toggle.title, toggle.getAttribute("aria-disabled"), used];
    }"""
    assert modules.run(script, "Set by the lesson.") == ["Set by the lesson.", "true", []]
    assert modules.run(script, "") == ["", None, ["conv2"]]
