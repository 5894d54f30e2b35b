"""The trainer's code, as pages show it, is what runs."""

import ast
import inspect
import textwrap
from operator import attrgetter

import pytest

from core.lessons.l1_in_pytorch import SOURCES
from core.maths import methods, optimizers, penalties
from core.script.source import listing


@pytest.mark.parametrize("name", SOURCES.values())
def test_what_the_page_shows_is_what_runs(name):
    shown = listing(name)
    module = next(each for each in (penalties, optimizers, methods) if hasattr(each, name.split(".")[0]))
    running = attrgetter(name)(module)
    assert ast.dump(ast.parse(shown.text)) == ast.dump(ast.parse(textwrap.dedent(inspect.getsource(running))))
    assert shown.line == inspect.getsourcelines(running)[1]


def test_a_name_nobody_defines_is_an_error():
    with pytest.raises(LookupError, match="defines Nothing"):
        listing("Nothing")
