"""The settings under "more": each waits for a reset, fits the others, or is refused in one sentence."""

import re
from functools import partial

import pytest

from core.runs import runs
from core.spec import MATRIX_LAYERS
from core.words import LOSSES, METHODS
from pages.ui.train_live.bar import MORE
from pages.ui.transport import DEFAULT_SPEED
from tests.browser.serving import wait_until
from tests.pages.visiting import ROOT, run_of, said, setting, train_live

with_more = partial(train_live, {MORE: True})
"""Train live with More open."""

pytestmark = pytest.mark.usefixtures("service")


def test_more_is_built_once_somebody_looks():
    app = train_live()
    assert not app.number_input
    app.session_state[MORE] = True
    app.run()
    assert {"train_seed", "train_epochs"} <= {each.key for each in app.number_input}
    app.session_state[MORE] = False
    app.run()
    assert not app.number_input


def test_a_run_has_the_speed_that_more_shows_whether_it_was_looked_at_or_not():
    app = train_live()
    app.button(key="train_play").click().run()
    assert runs().view(run_of(app).id).speed == setting(app, "train_speed").value == DEFAULT_SPEED


def test_another_dataset_waits_for_a_reset():
    app = train_live()
    app.button(key="train_play").click().run()
    first = run_of(app)
    images = setting(app, "train_dataset")
    images.set_value("mnist").run()
    assert run_of(app).id == first.id
    assert said(app, "Your new settings start with")
    assert app.query_params["dataset"] == "mnist"
    assert not any("digits" in text.value for text in app.markdown)
    app.button(key="train_reset").click().run()
    assert run_of(app).spec.dataset == "mnist"
    assert not said(app, "Your new settings start with")
    runs().steering.stop(run_of(app).owner, run_of(app).id)


def test_a_dataset_in_the_link_is_chosen():
    assert with_more(dataset="cifar10").selectbox(key="train_dataset").value == "cifar10"


def test_the_small_network_waits_for_a_reset():
    app = train_live()
    app.button(key="train_play").click().run()
    setting(app, "train_model").set_value("small_cnn").run()
    assert said(app, "Your new settings start with")
    app.button(key="train_reset").click().run()
    assert run_of(app).spec.model == "small_cnn"


def test_rotated_digits_are_chosen_under_more_and_trained():
    app = train_live()
    setting(app, "train_dataset").set_value("rotated_digits").run()
    assert setting(app, "train_label_noise").label == "Wrong angles (share)"
    app.button(key="train_reset").click().run()
    run = run_of(app)
    assert (run.spec.dataset, run.spec.loss) == ("rotated_digits", "mean_squared_error")
    assert app.query_params["dataset"] == "rotated_digits"
    own = wait_until(lambda: runs().history(run.id).points[-1], 30)
    assert own[0].score.kind == "error"
    assert 15.0 < own[0].score.valid < 30.0


def test_a_penalty_and_a_method_wait_for_a_reset():
    app = train_live()
    app.button(key="train_play").click().run()
    first = run_of(app)
    setting(app, "train_penalty").set_value("group_lasso").run()
    assert not any(each.key == "train_alpha" for each in app.number_input)
    setting(app, "train_method").set_value("clip_and_kill").run()
    assert any(METHODS["clip_and_kill"].caption == caption.value for caption in app.caption)
    assert run_of(app).id == first.id
    assert run_of(app).spec == first.spec
    app.button(key="train_reset").click().run()
    lane = run_of(app).spec.lanes[-1]
    assert (lane.penalty, lane.method) == ("group_lasso", "clip_and_kill")
    assert run_of(app).spec.lanes[0].penalty == "none"


def test_the_precision_waits_for_a_reset():
    app = train_live()
    setting(app, "train_precision").set_value("bfloat16").run()
    app.button(key="train_reset").click().run()
    assert run_of(app).spec.precision == "bfloat16"


def test_a_mixture_asks_for_its_share():
    app = train_live()
    setting(app, "train_penalty").set_value("elastic_net").run()
    setting(app, "train_alpha").set_value(0.8).run()
    app.button(key="train_reset").click().run()
    assert (run_of(app).spec.lanes[-1].penalty, run_of(app).spec.lanes[-1].alpha) == ("elastic_net", 0.8)


def test_the_browser_calls_the_losses_as_python_does():
    text = (ROOT / "pages" / "browser" / "live" / "score.js").read_text(encoding="utf-8")
    assert set(re.findall(r'\bname: "([^"]+)"', text)) == {loss.name for loss in LOSSES.values()}


def test_the_warning_before_batch_norm_goes_when_only_gamma_is_penalised():
    warned = "BatchNorm undoes"
    assert said(train_live(model="textbook_cnn_bn"), warned)
    assert not said(train_live(model="textbook_cnn_bn", layers="conv1.fc1,bn1.bn2.fc1"), warned)
    assert not said(train_live(), warned)


def test_a_layer_that_is_switched_off_is_free_here_too():
    app = train_live(layers="conv1.fc1.fc2")
    free, pulled = (setting(app, f"train_multiplier_{name}") for name in ("conv2", "conv1"))
    assert (free.label, free.disabled) == ("conv2: free", True)
    assert (pulled.label, pulled.disabled) == ("conv1: λ ×", False)


def test_a_layer_gets_its_own_share_of_strength():
    app = with_more()
    keys = {each.key for each in app.selectbox}
    assert {f"train_multiplier_{name}" for name in ("conv1", "conv2", "fc1", "fc2")} <= keys
    assert "train_multiplier_bn1" not in keys
    setting(app, "train_multiplier_conv1").set_value(0.1).run()
    assert app.query_params["multipliers"] == "conv1:0.1"
    setting(app, "train_multiplier_conv1").set_value(1.0).run()
    assert "multipliers" not in app.query_params


def test_another_network_keeps_the_layers_it_has():
    app = train_live(model="textbook_cnn_bn", layers="conv1.fc1,bn1.fc2")
    setting(app, "train_model").set_value("textbook_cnn").run()
    assert app.session_state["train_spec"].lanes[-1].layers == {"fc2"}
    setting(app, "train_model").set_value("linear").run()
    assert app.session_state["train_spec"].lanes[-1].layers == MATRIX_LAYERS


def test_spred_with_another_penalty_is_one_sentence_and_changes_nothing():
    app = train_live()
    setting(app, "train_method").set_value("spred").run()
    setting(app, "train_penalty").set_value("l2").run()
    assert said(app, "penalty must be l1 for spred, got 'l2'")
    assert setting(app, "train_penalty").value == "l1"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("seed", -4, "at least 0, got '-4'"),
        ("epochs", 0, "at least 1, got '0'"),
        ("learning_rate", 5.0, "at most 1"),
        ("train_size", 1158, "at most 1157 for digits, got '1158'"),
    ],
)
def test_a_refused_entry_is_one_sentence_and_loses_nothing(field, value, expected):
    app = with_more()
    before = app.number_input(key=f"train_{field}").value
    app.number_input(key=f"train_{field}").set_value(value).run()
    assert said(app, field)
    assert said(app, expected)
    assert app.number_input(key=f"train_{field}").value == before
    assert field not in app.query_params


def test_an_emptied_field_is_refused():
    app = train_live()
    setting(app, "train_learning_rate").set_value(None).run()
    assert said(app, "learning_rate must be a number, got nothing")
    assert setting(app, "train_learning_rate").value == 1e-3


def test_what_fista_does_not_use_is_not_asked_for():
    unused = {"train_learning_rate", "train_batch_size"}
    app = with_more(model="linear")
    assert unused <= {each.key for each in app.number_input}
    setting(app, "train_method").set_value("fista").run()
    assert not unused & {each.key for each in app.number_input}
    assert "train_optimizer" not in {each.key for each in app.selectbox}
    setting(app, "train_method").set_value("proximal").run()
    assert unused <= {each.key for each in app.number_input}


def test_smaller_data_means_all_of_it_where_more_was_asked_for():
    app = train_live(dataset="mnist", train_size="3000")
    setting(app, "train_dataset").set_value("cifar10").run()
    assert setting(app, "train_train_size").value == 3000
    setting(app, "train_dataset").set_value("digits").run()
    assert setting(app, "train_train_size").value == 0
    assert app.session_state["train_spec"].dataset == "digits"
