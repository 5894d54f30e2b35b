"""What is cut out of a small program, and what stays as it was."""

from textwrap import dedent
from types import SimpleNamespace

from core.script.specialise import Known, specialised


def cut(text: str, *lanes: dict, shared: tuple[str, ...] = (), **names) -> str:
    known = Known(
        names=names,
        lanes=[SimpleNamespace(**lane) for lane in lanes or ({},)],
        shared=frozenset(shared),
        truths={"isinstance(w, tuple)": False},
        ones=frozenset({"factor"}),
    )
    return specialised(dedent(text).lstrip("\n"), known)


def test_a_branch_that_is_decided_takes_the_place_of_its_if_with_its_remarks():
    text = """
        if SIZE:
            # Some.
            print(1)  # one
            print(2)
        else:
            # None.
            print(3)
    """
    assert cut(text, SIZE=4) == "# Some.\nprint(1)  # one\nprint(2)\n"
    assert cut(text, SIZE=0) == "# None.\nprint(3)\n"


def test_a_branch_stays_when_lanes_differ_and_loses_what_holds_for_all():
    text = "if lane.polish and step > 3:\n    print(step)\n"
    assert cut(text, {"polish": 0.0}) == ""
    assert cut(text, {"polish": 0.2}, {"polish": 0.3}) == "if step > 3:\n    print(step)\n"
    assert cut(text, {"polish": 0.0}, {"polish": 0.3}) == text


def test_conditions_are_asked_of_each_lane_as_a_whole():
    text = "if lane.groups and lane.biases:\n    print(1)\n"
    assert cut(text, {"groups": True, "biases": False}, {"groups": False, "biases": True}) == ""


def test_a_table_with_one_entry_looked_up_is_that_entry_and_others_lose_the_rest():
    text = """
        def a(x):
            return x + 1


        def b(x):
            return x + 2


        TABLE = {
            "a": a,
            "b": b,
            "c": abs,
        }

        print(TABLE[lane.kind](3))
    """
    assert cut(text, {"kind": "a"}) == "def a(x):\n    return x + 1\n\n\nprint(a(3))\n"
    both = cut(text, {"kind": "a"}, {"kind": "b"})
    assert '"a": a' in both
    assert '"b": b' in both
    assert "abs" not in both


def test_shared_settings_are_constants_and_arguments_nobody_reads_go():
    text = """
        RATE = 0.1


        def inner(w, lane):
            return w * lane.rate


        def outer(first, w, lane):
            return inner(w, lane) + 1


        print(outer(1, 2, lane), outer(3, 4, lane))
    """
    assert cut(text, {"rate": 0.1}, shared=("rate",)) == dedent(
        """
        RATE = 0.1


        def inner(w):
            return w * RATE


        def outer(w):
            return inner(w) + 1


        print(outer(2), outer(4))
        """
    ).lstrip("\n")


def test_a_function_in_a_table_keeps_its_arguments():
    text = "def a(x, lane):\n    return x\n\n\nTABLE = {1: a, 2: abs}\nprint(TABLE[kind](1, 2), a(3, 4))\n"
    assert cut(text) == text


def test_a_function_that_gives_an_argument_back_is_not_called():
    text = "def λ(step, lane):\n    return lane.strength\n\n\nprint(λ(3, each))\n"
    assert cut(text) == "print(each.strength)\n"


def test_a_factor_of_one_leaves_products_pairs_and_its_own_line():
    text = "for w, factor in pairs:\n    factor = get()\n    print(3 * w * factor, (w, factor))\n"
    assert cut(text) == "for w in pairs:\n    print(3 * w, w)\n"


def test_what_follows_a_return_goes():
    text = "def f(x):\n    if lane.on:\n        return x + 1\n    # Off.\n    return x\n\n\nprint(f(2))\n"
    assert cut(text, {"on": True}) == "def f(x):\n    return x + 1\n\n\nprint(f(2))\n"


def test_imports_and_constants_nobody_reads_go_and_gaps_stay_even():
    text = """
        import math
        from collections import Counter, deque

        A = 1
        # Of no use.
        B = math.pi


        def unused():
            return A


        print(deque())
    """
    assert cut(text) == "from collections import deque\n\n\nprint(deque())\n"
