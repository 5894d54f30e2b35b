"""Weights on their way, where they stand on a canvas, which of them are zero; drawings; questions."""

import numpy as np
import pytest
import torch

from core.inspect import packing

PAIRS = """async (each) => {
  const { pairsText } = await import("/inside/mistakes.js");
  return each.map(([lost, won, p]) => pairsText(
    { images: 258, p, lane_wrong: { count: lost }, other_wrong: { count: won } }, "λ = 0", "L1"));
}"""


def test_two_lanes_are_compared_as_pairs_of_answers(modules):
    even, better, worse, same = modules.run(PAIRS, [[5, 3, 0.727], [1, 12, 0.0034], [30, 2, 1e-6], [0, 0, 1]])
    assert even.startswith(
        "5 of 258 images are right only in “λ = 0”, 3 only in “L1”: no difference that 258"
    )
    assert even.endswith("(McNemar’s exact test of the pairs, p = 0.73).")
    assert "“L1” is better" in better
    assert "p = 0.003" in better
    assert "“λ = 0” is better" in worse
    assert "p < 0.001" in worse
    assert "the same mistakes" in same


UNPACK = """async (packed) => {
  const { unpacked, parts } = await import("/inside/unpack.js");
  const values = unpacked(packed);
  return { values: [...values], parts: parts(values, packed.shape.at(-1)).map((part) => [...part]) };
}"""

LEVELS = """async ([values, shape, level]) => {
  const { marked, zerosAt } = await import("/inside/levels.js");
  const layer = { values: Float32Array.from(values), shape };
  return { zeros: [...marked(layer, level)].map((value) => value === 0), counts: zerosAt(layer) };
}"""

GRID = """async ([layer, n]) => {
  const { gridOf } = await import("/inside/levels.js");
  const grid = gridOf(layer);
  const seen = new Set();
  let gaps = 0;
  for (let x = 0; x < n; x += 1) for (let y = 0; y < n; y += 1) {
    const index = grid.indexAt((x + 0.5) / n, (y + 0.5) / n);
    if (index === null) gaps += 1;
    else seen.add(index);
  }
  return { kind: grid.kind, seen: [...seen].sort((a, b) => a - b), gaps };
}"""


def weights(*shape: int, zeros: float = 0.5) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    keep = torch.rand(shape, generator=generator) >= zeros
    return torch.randn(shape, generator=generator) * keep


def test_packed_weights_come_out_as_they_went_in_to_a_step_of_their_scale(modules):
    sent = weights(4, 3, 5)
    packed = packing.packed(sent)
    found = torch.tensor(modules.run(UNPACK, packed)["values"]).reshape(sent.shape)
    assert packed["encoding"] == "int8"
    assert torch.equal(found == 0.0, sent == 0.0)
    assert torch.equal(found.sign(), sent.sign())
    assert (found - sent).abs().max() <= packed["scale"]


def test_of_a_large_layer_the_signs_come_out(modules):
    sent = weights(301, 200, zeros=0.3)
    packed = packing.packed(sent)
    found = torch.tensor(modules.run(UNPACK, packed)["values"]).reshape(sent.shape)
    assert packed["encoding"] == "sign"
    assert torch.allclose(found, sent.sign() * sent.abs().max())


def test_pixels_come_out_to_a_step_of_a_byte_and_in_parts(modules):
    sent = torch.rand((3, 7), generator=torch.Generator().manual_seed(1))
    found = modules.run(UNPACK, packing.pixels(sent))
    assert torch.allclose(torch.tensor(found["values"]).reshape(3, 7), sent, atol=float(sent.max()) / 255)
    assert np.concatenate(found["parts"]).tolist() == found["values"]
    assert [len(part) for part in found["parts"]] == [7, 7, 7]


@pytest.mark.parametrize("shape", [(6, 4, 3, 3), (6, 1, 3, 3), (5, 8)])
@pytest.mark.parametrize("level", ["element", "kernel", "unit"])
def test_a_level_keeps_the_zeros_of_wholes_that_are_zero(modules, shape, level):
    sent = weights(*shape, zeros=0.3)
    sent[0] = 0.0
    sent[2, 0] = 0.0
    flat = sent.reshape(-1).tolist()
    found = modules.run(LEVELS, [flat, list(shape), level])
    axes = {"element": 0, "kernel": max(0, len(shape) - 2), "unit": len(shape) - 1}[level]
    groups = (sent == 0.0).reshape(*shape[: len(shape) - axes], -1)
    wanted = groups.all(-1, keepdim=True).expand(groups.shape).reshape(-1)
    assert found["zeros"] == wanted.tolist()


@pytest.mark.parametrize("shape", [(6, 4, 3, 3), (6, 1, 3, 3), (5, 8)])
def test_zeros_are_counted_by_weight_kernel_and_unit(modules, shape):
    sent = weights(*shape)
    sent[1] = 0.0
    zero = sent == 0.0
    counts = modules.run(LEVELS, [sent.reshape(-1).tolist(), list(shape), "element"])["counts"]
    assert counts["weights"] == {"zero": int(zero.sum()), "all": sent.numel()}
    assert counts["units"] == {"zero": int(zero.reshape(shape[0], -1).all(1).sum()), "all": shape[0]}
    if len(shape) == 4 and shape[1] > 1:
        kernels = zero.reshape(shape[0] * shape[1], -1).all(1)
        assert counts["kernels"] == {"zero": int(kernels.sum()), "all": len(kernels)}
    else:
        assert counts["kernels"] is None


@pytest.mark.parametrize(
    ("shape", "alone", "kind"),
    [
        ((10, 1, 3, 3), False, "mosaic"),
        ((6, 4, 3, 3), False, "sheet"),
        ((10, 64), True, "mosaic"),
        ((10, 64), False, "sheet"),
        ((7, 65), True, "sheet"),
    ],
)
def test_every_weight_has_a_place_of_its_own(modules, shape, alone, kind):
    found = modules.run(GRID, [{"shape": list(shape), "alone": alone}, 400])
    assert found["kind"] == kind
    assert found["seen"] == list(range(int(np.prod(shape))))
    # Between kernels and squares there is nothing; a plain table has no gaps.
    assert (found["gaps"] > 0) == (kind == "mosaic" or len(shape) == 4)


@pytest.mark.parametrize(("n", "side"), [(64, 8), (784, 28), (3072, 32), (192, 8)])
def test_an_image_is_a_square_of_one_channel_or_three(modules, n, side):
    assert modules.call("inside/thumbs.js", "sideOf", n) == pytest.approx(side)


@pytest.mark.parametrize(
    ("lane", "place", "name"),
    [
        ({"strength": 0.0, "penalty": "l1"}, 0, "λ = 0"),
        ({"strength": 0.3, "penalty": "none"}, 1, "λ = 0"),
        ({"strength": 1e-3, "penalty": "l1"}, 0, "λ = 1e-3"),
        ({"strength": 1e-3, "penalty": "l1", "named": "L1"}, 1, "yours, λ = 1e-3"),
        ({"strength": 1e-3, "penalty": "l2", "named": "L2"}, 1, "yours, L2, λ = 1e-3"),
    ],
)
def test_a_lane_is_called_by_its_lambda(modules, lane, place, name):
    assert modules.call("inside/lanes.js", "laneName", lane, place) == name


def test_only_digits_can_be_drawn(modules):
    sets = ["digits", "rotated_digits", "mnist", "fashion_mnist"]
    assert modules.each("inside/strokes.js", "drawable", [(name,) for name in sets]) == [
        True,
        True,
        True,
        False,
    ]
    assert "8 × 8" in modules.call("inside/strokes.js", "treatment", "digits")
    assert "20 × 20 pixels in the middle" in modules.call("inside/strokes.js", "treatment", "mnist")


CROSS = [[[100, 20], [100, 220]], [[30, 120], [170, 120]]]


@pytest.mark.parametrize(("dataset", "size", "box"), [("digits", 8, 8), ("mnist", 28, 20)])
def test_a_drawing_is_centred_and_fills_the_box_of_its_images(modules, dataset, size, box):
    image = np.array(modules.call("inside/strokes.js", "imageOf", CROSS, dataset))
    assert image.shape == (size, size)
    assert image.min() >= 0.0
    assert image.max() <= 1.0
    # The drawing is symmetric, and so is what becomes of it, to a pixel of the fine sheet.
    assert np.allclose(image, image[:, ::-1], atol=0.15)
    assert np.allclose(image, image[::-1], atol=0.15)
    rows = np.nonzero(image.max(1) > 0.05)[0]
    assert abs(rows[-1] - rows[0] + 1 - box) <= 1


def test_who_is_unsure_about_a_drawing_is_said_with_what_to_do(modules):
    sure, unsure, angle = (
        {"name": name, "shares": shares}
        for name, shares in (("λ = 0", [0.6, 0.4]), ("L1", [0.59, 0.41]), ("L2", []))
    )
    nobody, one, both, alone, degrees = modules.each(
        "inside/draw.js",
        "doubt",
        [([sure, sure],), ([sure, unsure],), ([unsure, unsure],), ([unsure],), ([angle, angle],)],
    )
    assert nobody == degrees == ""
    assert one.startswith("“L1” is unsure: less than 60 % for every digit.")
    assert both.startswith("Both networks are unsure")
    assert alone.startswith("The network is unsure")
    assert all(words.endswith("draw it once more, like the images below.") for words in (one, both, alone))


def test_where_and_how_large_one_draws_does_not_matter(modules):
    other = [[[3 * x + 500, 3 * y - 70] for x, y in line] for line in CROSS]
    one, same = modules.each("inside/strokes.js", "imageOf", [(CROSS, "mnist"), (other, "mnist")])
    assert np.allclose(one, same, atol=0.02)


def test_no_lines_are_no_image(modules):
    assert modules.call("inside/strokes.js", "imageOf", [], "mnist") is None


ASK = """async ([about, questions]) => {
  const { Asker } = await import("/inside/asker.js");
  const fetched = [];
  let open = 0;
  const real = globalThis.fetch;
  globalThis.fetch = async (url, { body }) => {
    if (open > 0) throw new Error("two at a time");
    open += 1;
    await new Promise((soon) => setTimeout(soon, 5));
    open -= 1;
    fetched.push(JSON.parse(body));
    const { question } = JSON.parse(body);
    if (question === "gone") throw new TypeError("network");
    if (question === "broken") return new Response("<html>", { status: 502 });
    return Response.json({ said: question, message: "No." }, { status: question === "refused" ? 409 : 200 });
  };
  const asker = new Asker();
  const said = await Promise.allSettled(questions.map((name) => asker.ask(about, name)));
  globalThis.fetch = real;
  const words = said.map(({ value, reason }) => value?.said ?? reason.message);
  return { fetched: fetched.map(({ question }) => question), said: words };
}"""


def test_questions_are_asked_one_at_a_time_in_their_order(modules):
    found = modules.run(ASK, [{"url": "/ask", "step": 3, "fixed": False}, ["a", "b", "a"]])
    assert found == {"fetched": ["a", "b", "a"], "said": ["a", "b", "a"]}


def test_of_a_moment_that_cannot_change_nothing_is_asked_twice(modules):
    found = modules.run(ASK, [{"url": "/ask", "step": 3, "fixed": True}, ["a", "b", "a"]])
    assert found == {"fetched": ["a", "b"], "said": ["a", "b", "a"]}


def test_what_cannot_be_answered_is_said_and_the_next_is_asked(modules):
    found = modules.run(ASK, [{"url": "/ask", "step": 3, "fixed": True}, ["refused", "gone", "broken", "a"]])
    gone = "The server does not answer: is it still there?"
    assert found["said"] == ["No.", gone, "The server answered 502.", "a"]


VIEW = """async ([status, answer]) => {
  const { Inside } = await import("/inside/inside.js");
  const real = { fetch: globalThis.fetch, setTimeout: globalThis.setTimeout };
  const pauses = [];
  globalThis.fetch = async () => Response.json(answer, { status });
  const wait = setTimeout.bind(globalThis);
  globalThis.setTimeout = (call, pause) => (pauses.push(pause), wait(() => {}, 0));
  const view = new Inside(document.body, "k");
  const palette = { background: "#ffffff", layers: {} };
  const data = { run: "r", own: 1, state: "paused", ask: "/ask", model: "small_cnn", dataset: "digits",
    lanes: [{ index: 0, strength: 0, penalty: "none", prune: 0 }], steps: [], part: "mistakes",
    palettes: { light: palette, dark: palette } };
  view.update({ data, setTriggerValue: () => {} });
  await new Promise((soon) => wait(soon, 50));
  Object.assign(globalThis, real);
  const note = view.note.textContent;
  view.close();
  return [note, pauses.includes(2500)];
}"""


@pytest.mark.parametrize("retry", [False, True])
@pytest.mark.parametrize("message", ["Not so, ask again in a moment.", "No."])
def test_the_view_asks_again_where_the_answer_says_so_whatever_its_sentence(modules, message, retry):
    assert modules.run(VIEW, [409, {"message": message, "retry": retry}]) == [message, retry]


DRAW = """async () => {
  const { Draw } = await import("/inside/draw.js");
  const told = [];
  let refuses = true;
  const ask = async (question) => {
    if (question !== "predict") return { images: [], n: 0 };
    if (refuses) throw new Error("Busy, ask again.");
    return { lanes: [{ shares: [1] }] };
  };
  const part = new Draw({ key: "k", data: { dataset: "digits" }, chosen: {}, refresh() {}, draw() {},
    context: () => ({ ask }), say: (error) => told.push(error.message), tell: (name) => told.push(name) });
  part.shelf.load = async () => {};
  const load = () => part.load({ ask }, () => false);
  refuses = false;
  await load();
  refuses = true;
  part.pad.onChange([[[100, 20], [100, 220]]]);
  await new Promise((soon) => setTimeout(soon, 50));
  refuses = false;
  await load();
  await load();
  return told;
}"""


def test_a_drawing_that_is_answered_only_at_the_second_try_is_told_once(modules):
    # Nobody has asked anything at the first load; the drawing is refused, and answered by the next one.
    assert modules.run(DRAW, []) == ["Busy, ask again.", "asked"]


LEGEND = """async ([shape, alone]) => {
  const { Weights } = await import("/inside/weights.js");
  const { lookOf } = await import("/shared/look.js");
  const part = new Weights({ key: "k", draw: () => {}, tell: () => {} });
  const layer = { shape, values: new Float32Array(shape.reduce((a, b) => a * b)), kindOf: new Uint8Array(),
    alone, channels: 0, encoding: "float", zeros: 0 };
  part.found = [{ layers: { first: layer }, dead: {} }];
  const names = ["background", "surface", "border", "ink", "neutral", "negative", "positive", "hatch"];
  const palette = { ...Object.fromEntries(names.map((name) => [name, "#ffffff"])), layers: {} };
  const palettes = { light: palette, dark: palette };
  const lanes = [{ index: 0, strength: 0, penalty: "none", prune: 0 }];
  document.body.append(part.node);
  part.draw({ look: lookOf(document.body, palettes), data: { lanes, palettes } });
  const keys = [...part.node.querySelectorAll(".ins-key:not([hidden])")].map((each) => each.textContent);
  part.node.remove();
  return keys;
}"""


@pytest.mark.parametrize(
    ("shape", "alone", "crossed"),
    [([2, 1, 3, 3], False, ["dead filter"]), ([2, 4], True, ["dead unit"]), ([2, 4], False, [])],
)
def test_every_mark_of_the_drawn_weights_has_its_word(modules, shape, alone, crossed):
    assert modules.run(LEGEND, [shape, alone]) == ["−+", "exactly 0", "cut off", "idle", *crossed]


def test_tiles_stand_in_rows_and_none_sticks_out(modules):
    sizes = [{"width": 88, "height": 88}, {"width": 152, "height": 152}, *[{"width": 340, "height": 90}] * 3]
    found = modules.call("saving/tiles.js", "placed", sizes)
    assert found["places"] == [[0, 0], [108, 0], [280, 0], [0, 192], [360, 192]]
    assert (found["width"], found["height"]) == (860, 302)
