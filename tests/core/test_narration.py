"""The sentence says what the numbers say."""

from core.narration import describe
from core.snapshots import Event, LayerSnapshot, Score, Snapshot
from core.spec import LaneSpec, RunSpec

SPEC = RunSpec()


def snapshot(lane=1, step=0, zeros=0, accuracy=0.9, strength=1e-4, nearly=0.0, **kinds):
    fc1 = LayerSnapshot(
        weights=1000,
        zeros=zeros,
        targeted=True,
        norm=1.0,
        below=(0.0, 0.0, nearly, nearly, nearly),
        units=10,
        dead=0,
        limit=1.0,
        counts=(),
        **kinds,
    )
    return Snapshot(
        run="r", lane=lane, step=step, epoch=step / 23, strength=strength, norm=1.0, data_loss=0.5,
        penalty=strength, total=0.5 + strength, score=Score("accuracy", accuracy, accuracy, 258),
        valid_step=step, layers={"fc1": fc1}, kernels=(),
    )  # fmt: skip


def change(step, text="λ 0.0001 → 0.003"):
    return Event(run="r", lane=1, step=step, kind="change", text=text, field="strength", old="", new="")


def told(mine, events=(), rival_accuracy=0.95, spec=SPEC):
    rival = [snapshot(0, s.step, 0, rival_accuracy, 0.0) for s in mine]
    return describe(spec, [rival, mine], events)


def test_share_of_weights_lost_in_the_look_back_worked_by_hand():
    # 100 zeros at step 800, 510 at step 1000: 410 of 1000 weights.
    mine = [snapshot(step=0), snapshot(step=800, zeros=100), snapshot(step=1000, zeros=510)]
    assert told(mine) == (
        "In the last 200 updates the zeros of fc1 rose by 41 points to 51 %; "
        "validation accuracy unchanged at 90.0 ± 1.9 % (95.0 ± 1.4 % without penalty)."
    )


def test_zeros_that_nobody_selected_are_told_from_those_that_were():
    mine = [
        snapshot(step=0),
        snapshot(step=800, zeros=100),
        snapshot(step=1000, zeros=510, idle=300, cut_off=0),
    ]
    assert (
        "the zeros of fc1 rose by 41 points to 51 % (at step 1,000: 21 % selected, 30 % idle); validation"
        in told(mine)
    )
    still = [snapshot(step=800, zeros=510), snapshot(step=1000, zeros=510, idle=300, cut_off=110)]
    assert "51 % of all weights (at step 1,000: 10 % selected, 11 % cut off, 30 % idle); validation" in told(
        still
    )
    first = [snapshot(step=0), snapshot(step=20, zeros=230)]
    assert (
        "the zeros of fc1 rose by 23 points to 23 % (which of them λ selected shows after epoch 1)"
        in told(first)
    )


def test_news_after_a_change_count_from_before_it_even_where_history_was_thinned():
    # The snapshot of step 418 itself is gone; at 430 the weights had already come back.
    mine = [snapshot(step=400, zeros=800), snapshot(step=430, zeros=220), snapshot(step=440, zeros=220)]
    assert "since then the zeros of fc1 fell by 58 points to 22 %" in told(mine, [change(418)])


def test_of_a_run_that_goes_on_from_elsewhere_nothing_is_said_of_what_is_not_at_hand():
    first, later = snapshot(step=168, zeros=400), snapshot(step=188, zeros=450)
    assert told([first]) == ""
    assert told([first], [change(160)]) == ""
    assert told([first, later], [change(160)]).startswith(
        "In the last 20 updates the zeros of fc1 rose by 5 points to 45 %"
    )


def test_no_word_on_accuracy_before_the_test_images_were_looked_at():
    stale = snapshot(step=180, zeros=400).model_copy(
        update={"valid_step": 0, "score": Score("accuracy", 0.9, 0.1, 258)}
    )
    assert told([snapshot(step=0), stale]) == "So far the zeros of fc1 rose by 40 points to 40 %."


def test_without_a_penalised_layer_strength_does_nothing():
    spec = RunSpec.beside_zero(LaneSpec(strength=1e-2, layers=frozenset()))
    assert "no layer was penalised, so λ did nothing" in told([snapshot(step=0), snapshot(step=9)], spec=spec)


def test_degrees_off_where_angles_are_told():
    def off(degrees, **fields):
        return snapshot(**fields).model_copy(update={"score": Score("error", 5.0, degrees, 258)})

    rival = [off(6.04, lane=0, step=step) for step in (0, 800, 1000)]
    mine = [off(22.5, step=0), off(9.0, step=800), off(7.26, step=1000, zeros=500)]
    news = "In the last 200 updates the zeros of fc1 rose by 50 points to 50 %; validation error"
    assert describe(SPEC, [rival, mine], ()) == f"{news} fell from 9.0° to 7.3° (6.0° without penalty)."
    worse = [*mine[:2], off(9.3, step=1000, zeros=500)]
    assert f"{news} rose from 9.0° to 9.3°" in describe(SPEC, [rival, worse], ())
    assert f"{news} unchanged at 9.1°" in describe(
        SPEC, [rival, [*mine[:2], off(9.1, step=1000, zeros=500)]], ()
    )


def test_weights_that_come_back():
    mine = [snapshot(step=800, zeros=500), snapshot(step=1000, zeros=250, accuracy=0.93)]
    news = "the zeros of fc1 fell by 25 points to 25 %; validation accuracy rose from 90.0 to 93.0 ± 1.6 %"
    assert news in told(mine)


def test_news_count_from_a_fresh_change_of_strength():
    mine = [snapshot(step=400, zeros=700), snapshot(step=420, zeros=700), snapshot(step=500, zeros=900)]
    assert told(mine, [change(420)]).startswith(
        "λ 0.0001 → 0.003 at step 420: since then the zeros of fc1 rose by 20 points"
    )
    assert told(mine[:2], [change(420)]) == "λ 0.0001 → 0.003 at step 420. No weight has moved yet."


def test_what_was_set_before_the_first_update_is_no_change():
    mine = [snapshot(step=0), snapshot(step=80, zeros=400)]
    assert told(mine, [change(0)]).startswith("So far the zeros of fc1 rose by 40 points")


def test_an_old_change_is_no_news():
    mine = [snapshot(step=1800, zeros=700), snapshot(step=2000, zeros=700)]
    assert told(mine, [change(420)]).startswith(
        "In the last 200 updates no layer's zeros moved by 1 point: they are 70 % of all weights"
    )


def test_the_textbook_method_makes_no_zero_and_we_say_so():
    mine = [snapshot(step=100), snapshot(step=200, nearly=0.52)]
    assert "not one weight became exactly zero, though 52 % are below 1e-4" in told(mine)
    assert "not one weight became exactly zero; validation" in told([snapshot(step=100), snapshot(step=200)])


def test_no_penalty_no_zeros():
    spec = RunSpec.beside_zero(LaneSpec(strength=0.0))
    assert "λ was 0" in told([snapshot(step=0), snapshot(step=5, strength=0.0)], spec=spec)


def test_collapse_outranks_everything_until_recovered():
    mine = [snapshot(step=0), snapshot(step=200, zeros=1000, accuracy=0.1)]
    collapsed = Event(run="r", lane=1, step=190, kind="collapsed", text="All weights died.")
    recovered = Event(run="r", lane=1, step=195, kind="recovered", text="Weights came back.")
    assert told(mine, [collapsed]) == "All weights died."
    # λ was lowered since: what stood there of the old λ is no longer so.
    assert told(mine, [collapsed, change(195)]).startswith("λ 0.0001 → 0.003 at step 195: since then")
    assert told(mine, [collapsed, recovered]).startswith(
        "So far the zeros of fc1 rose by 100 points to 100 %"
    )


def test_a_part_is_never_called_all():
    layer = snapshot().layers["fc1"].model_copy(update={"weights": 10_000, "zeros": 9_997})
    now = snapshot(step=100).model_copy(update={"layers": {"fc1": layer}})
    assert "rose by 100 points to >99.9 %" in told([snapshot(step=0), now])


def test_nothing_yet():
    assert told([]) == ""
    assert "same weights" in told([snapshot(step=0)])
