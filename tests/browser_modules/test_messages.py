"""What Python sends the browser has the fields that are declared there: one form, told on both sides."""

import dataclasses
import json

import pytest

from core.figures.theme import PALETTES
from core.figures.traces import Position, axis, figure, line
from core.inspect.packing import packed
from core.runs.live import encoding
from core.snapshots import Event, Frame, Optimality, Point
from core.spec import RunSpec
from pages.ui import figure as figures
from pages.ui.components import common
from pages.ui.inside_the_network import view as inside
from pages.ui.train_live import view as live
from tests.browser_modules.declared import fields
from tests.browser_modules.test_inside import weights
from tests.core.runs.made import Lab, snapshot

SPEC = json.loads(RunSpec().to_json())


@pytest.fixture
def told(monkeypatch):
    """What a view is told beside what all of them are."""
    calls: list = []
    for module in (live, figures, inside):
        monkeypatch.setattr(module, "_mount", lambda **call: calls.append(call["data"]))
    return calls


def test_every_view_is_told_the_colours_and_where_modules_are():
    assert fields("shared", "CommonData") == set(common())
    assert all(fields("shared", "Palette") == set(palette.model_dump()) for palette in PALETTES.values())


def test_a_point_has_scores_of_one_kind():
    sent = json.loads(encoding.point(Point.of(snapshot(), "It learns.")))
    assert fields("live", "Point") - set(sent) == {"train_error", "valid_error", "test_error"}
    assert set(sent) <= fields("live", "Point")


def test_a_frame_and_its_layers():
    known = snapshot().model_copy(update={"kernel_kinds": "100"})
    sent = json.loads(encoding.frame(Frame.of(known)))
    assert set(sent) == fields("live", "Frame")
    assert all(set(layer) == fields("live", "LayerState") for layer in sent["layers"].values())


def test_an_event_and_a_look_at_optimality():
    assert fields("live", "RunEvent") == set(Event.model_fields)
    assert fields("live", "Optimality") == {field.name for field in dataclasses.fields(Optimality)}


def test_packed_messages_unpack_to_the_text(modules):
    texts = [json.dumps({"said": "λ " * n, "numbers": list(range(n))}) for n in (1, 3, 9000, 9001, 2)]
    sent: list[encoding.Sent] = []
    for text in texts:
        sent.append(encoding.Sent.of(text, sent[-1] if sent else None))
    script = """async (messages) => {
      const { Inflater } = await import("/live/socket/inflate.js");
      const inflater = new Inflater();
      const texts = [];
      for (const bytes of messages) texts.push(await inflater.text(Uint8Array.from(bytes).buffer));
      return texts;
    }"""
    assert modules.run(script, [list(each.packed) for each in sent]) == texts


def test_settings_are_those_of_the_spec():
    assert fields("live", "Spec") <= set(SPEC)
    assert all(fields("live", "Lane") <= set(lane) for lane in SPEC["lanes"])


def test_a_message_of_the_feed(tmp_path):
    lab = Lab(tmp_path)
    run = lab.start()
    lab.worker.say({"event": "snapshot"} | snapshot(run).model_dump(mode="json"))
    _, text = lab.runs.attach(run).feed.update(0, True)
    message = json.loads(text)
    assert set(message) == fields("live", "Update")
    assert set(message["status"]) == fields("live", "Status")


def test_the_live_view_and_a_figure(told):
    live.live_view(None, RunSpec(), editable=True, key="k")
    figures.figure(figure([line("w", "ink", [0], [0])], x=axis("x"), y=axis("y")), key="k", summary="A line.")
    assert [set(data) for data in told] == [fields("live", "LiveData"), fields("figure", "FigureData")]
    assert fields("figure", "Position") == set(Position.__annotations__)


def test_the_view_into_a_network(told, tmp_path):
    lab = Lab(tmp_path)
    run = lab.runs.view(lab.start())
    inside.inside(run, [0], [0], "weights", on_weight=print, on_step=print, on_asked=print, key="k")
    [data] = told
    assert set(data) == fields("inside", "InsideData")
    assert all(set(lane) == fields("inside", "Lane") for lane in data["lanes"])
    assert fields("inside", "Packed") <= set(packed(weights(3, 4)))
