"""A tab without a browser: it speaks Streamlit's own protocol over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import httpx2
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Origin, Subprotocol

from tests.core.runs.live.unpacking import Inflater

PATIENCE = 60.0
"""Seconds in which everything comes. Machines are shared."""


class Tab:
    """One session.

    Attributes:
        elements: what is on the page now, by its place.
        query: the page's address, behind the ?.
        errors: exceptions that the page showed.
    """

    def __init__(self, socket: websockets.ClientConnection, headers: dict[str, str], url: str) -> None:
        self.elements: dict[tuple[int, ...], Any] = {}
        self.query = ""
        self.errors: list[str] = []
        self._headers = headers
        self._socket = socket
        self._url = url
        self._page = ""
        self._widgets: dict[str, Any] = {}
        self._known: dict[str, ForwardMsg] = {}
        self._drawn: set[tuple[int, ...]] = set()

    async def rerun(self, **triggered: Any) -> None:
        """Let the page be made, with what its widgets say; until it is."""
        state = self._asked(triggered)
        await self._socket.send(state.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while not await self._receive():
                pass

    async def press(self, label: str) -> None:
        """Press a button."""
        button = self.one(lambda each: each.HasField("button") and each.button.label == label).button
        await self.rerun(**{button.id: ("trigger_value", True)})

    async def choose(self, label: str, option: str) -> None:
        """Move a slider that has options."""
        slider = self.one(lambda each: each.HasField("slider") and each.slider.label == label).slider
        self._widgets[slider.id] = ("string_array_value", [option])
        await self.rerun()

    @asynccontextmanager
    async def watching(self) -> AsyncIterator["Live"]:
        """The live picture of the page's run, as long as it is looked at."""
        url = f"{self._url.replace('http', 'ws', 1)}/api/live"
        async with websockets.connect(
            url, origin=Origin(self._url), additional_headers=self._headers, max_size=None
        ) as socket:
            await socket.send(json.dumps({"op": "watch", "run": self.run, "since": 0, "rate": 4}))
            yield Live(socket)

    def one(self, wanted: Callable[[Any], bool]) -> Any:
        """The first element that is wanted."""
        return next(each for _, each in sorted(self.elements.items()) if wanted(each))

    @property
    def run(self) -> str:
        """The run in the page's address."""
        return next(iter(parse_qs(self.query).get("run", [])), "")

    def _asked(self, triggered: dict[str, Any]) -> BackMsg:
        asked = BackMsg()
        asked.rerun_script.query_string = self.query
        asked.rerun_script.page_script_hash = self._page
        for id, (kind, value) in {**self._widgets, **triggered}.items():
            state = asked.rerun_script.widget_states.widgets.add(id=id)
            if kind.endswith("array_value"):
                getattr(state, kind).data.extend(value)
            else:
                setattr(state, kind, value)
        return asked

    async def _receive(self) -> bool:
        """Take a message in; whether the page is made."""
        data = await self._socket.recv()
        assert isinstance(data, bytes)
        said = ForwardMsg.FromString(data)
        if said.WhichOneof("type") == "ref_hash":
            # The same as before, maybe at another place.
            place, said = said.metadata, self._known[said.ref_hash]
            said.metadata.CopyFrom(place)
        elif said.hash:
            self._known[said.hash] = said
        kind = said.WhichOneof("type")
        if kind == "new_session":
            self._page = said.new_session.page_script_hash
            self._drawn = set()
        elif kind == "page_info_changed":
            self.query = said.page_info_changed.query_string
        elif kind == "delta":
            self._draw(tuple(said.metadata.delta_path), said.delta)
        elif kind == "script_finished":
            self.elements = {at: each for at, each in self.elements.items() if at in self._drawn}
        return kind == "script_finished"

    def _draw(self, at: tuple[int, ...], delta: Any) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        self._drawn.add(at)
        self.elements[at] = delta.new_element
        if delta.new_element.HasField("exception"):
            self.errors.append(delta.new_element.exception.message)


class Live:
    """What the live picture has been told.

    Attributes:
        step: the one shown last; -1 before the first.
        strengths: every λ that a lane has had, as the events tell it.
        mine: whether the run is the tab's own.
    """

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.step = -1
        self.strengths: list[str] = []
        self.mine = False
        self._socket = socket
        self._inflater = Inflater()

    async def until(self, true: Callable[[], bool]) -> None:
        """Take news in until something is true."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                data = await self._socket.recv()
                if isinstance(data, bytes):
                    self._take(json.loads(self._inflater.text(data)))

    def _take(self, message: dict[str, Any]) -> None:
        self.mine = message["mine"]
        self.step = max([self.step, *(point["step"] for point in message["points"])])
        self.strengths += [each["new"] for each in message["events"] if each["field"] == "strength"]


@asynccontextmanager
async def opened(url: str, path: str = "/") -> AsyncIterator[Tab]:
    """A tab on a page, as a browser that has never been here opens it."""
    async with httpx2.AsyncClient(base_url=url, headers={"Origin": url}) as client:
        (await client.get(path, headers={"Accept": "text/html"})).raise_for_status()
        (await client.get("/_stcore/health")).raise_for_status()
        kept = {each.name: each.value for each in client.cookies.jar}
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())}
    async with websockets.connect(
        f"{url.replace('http', 'ws', 1)}/_stcore/stream",
        origin=Origin(url),
        subprotocols=[Subprotocol("streamlit"), Subprotocol(kept["_streamlit_xsrf"])],
        additional_headers=headers,
        max_size=None,
    ) as socket:
        tab = Tab(socket, headers, url)
        await tab.rerun()
        yield tab
