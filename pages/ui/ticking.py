"""A piece of a page that is drawn again and again while something goes on, and not once more after it."""

from collections.abc import Callable, Hashable

import streamlit as st

TICK_SECONDS = 1.0


def _nothing() -> None:
    """What the page around a piece depends on, as long as nobody says more."""


def ticking(
    draw: Callable[[], None],
    going: Callable[[], bool],
    around: Callable[[], Hashable] = _nothing,
    drawn_for: Hashable = None,
    *,
    seconds: float = TICK_SECONDS,
) -> None:
    """Draw a piece of the page; while something goes on, draw it alone again every second.

        ticking(curves, going=lambda: any(view.state in GOING for view in own()))

    The whole page runs again when `going` or `around` has changed: once when something starts, once when it
    ends, and then no timer is left. A press inside the piece is noticed at once, anything else by the next
    tick.

    What of Streamlit this rests on:

    - A piece's timer lives in the browser. Only a run that comes past this call sets it, and every run of the
      whole page, also of another one, first drops all there are. So the piece itself can neither start nor
      end its ticking: the whole page has to run.
    - With the timer belongs the closure below, which remembers what the page was drawn for. Nothing is kept
      in the session: after leaving and coming back there is nothing to be stale.
    - A run that ends early for another leaves on the screen what it did not come to: nothing flickers.
    - A press inside the piece runs the piece alone. It should act by a callback, which comes before the
      piece: what a button gives back is lost in a run that ends early.

    Args:
        draw: puts the piece on the page.
        going: whether what the piece shows is still changing.
        around: what else the page around the piece depends on, and the piece, or time, can change. It must
            stay equal as long as nothing happens, or the page runs for ever.
        drawn_for: what `around` gave when the page around was drawn; left out, it is asked here. A run may
            end between the top of a page and this call.
        seconds: between two ticks.
    """
    ticks = going()
    page_of = around() if drawn_for is None else drawn_for

    def has_changed() -> bool:
        return going() != ticks or around() != page_of

    def piece() -> None:
        if not has_changed():
            draw()
        # Asked again: `draw` may have changed it, or taken a while.
        if has_changed():
            st.rerun()

    st.fragment(piece, run_every=seconds if ticks else None)()
