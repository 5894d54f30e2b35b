"""What lesson pages share: the theme's colours in formulas, and the way to Train live."""

from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest

from core.figures.theme import PALETTES
from core.link import from_link
from core.spec import PRESETS, LaneSpec, RunSpec
from pages.ui import lesson


@pytest.mark.parametrize(("theme", "palette"), [("light", "light"), ("dark", "dark"), (None, "light")])
@pytest.mark.parametrize("role", ["data_loss", "penalty"])
def test_a_term_has_the_colour_of_its_role_in_the_theme_in_force(tab, theme, palette, role):
    tab.theme.type = theme
    assert lesson.coloured(role, "L") == rf"\textcolor{{{getattr(PALETTES[palette], role)}}}{{L}}"


def test_a_role_that_does_not_exist_is_an_error(tab):
    with pytest.raises(AttributeError, match="no_role"):
        lesson.coloured("no_role", "L")


@pytest.mark.parametrize("spec", [*PRESETS.values(), RunSpec.beside_zero(LaneSpec(strength=3e-4), seed=2)])
@pytest.mark.parametrize("folder", ["", "/lab"])
def test_the_way_to_train_live_carries_the_settings(spec, folder):
    address = urlsplit(urljoin(f"http://lab.example{folder}/what_is_l1", lesson.live_address(spec)))
    assert address.path == f"{folder}/"
    assert from_link(dict(parse_qsl(address.query))) == spec
