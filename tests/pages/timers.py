"""A page with the timers that a browser would have: AppTest itself never lets one run out."""

from dataclasses import replace
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import RerunData, ScriptRunnerEvent
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner


class Timers:
    """The timers of a page, kept as Streamlit's frontend keeps them, and what each run of it was.

    Attributes:
        app: the page.
        seconds: of each timer, by the fragment that it runs.
        runs: of the script since the last call of a method: the fragments of each, () for the whole page.
    """

    def __init__(self, app: AppTest, patch: pytest.MonkeyPatch) -> None:
        self.app = app
        self.seconds: dict[str, float] = {}
        self.runs: list[tuple[str, ...]] = []
        self._due: list[str] = []
        run, request = LocalScriptRunner.run, LocalScriptRunner.request_rerun

        def noted(runner: LocalScriptRunner, *args: Any, **fields: Any) -> Any:
            tree = run(runner, *args, **fields)
            self._note(runner)
            return tree

        def requested(runner: LocalScriptRunner, data: RerunData) -> bool:
            if runner._script_thread is None and self._due:
                # A new runner wants to run the whole page first: a request beside that would be lost in it.
                runner._requests = ScriptRequests()
                data = replace(data, fragment_id_queue=self._due, is_auto_rerun=True)
            return request(runner, data)

        patch.setattr(LocalScriptRunner, "run", noted)
        patch.setattr(LocalScriptRunner, "request_rerun", requested)

    def visit(self) -> "Timers":
        """Run the whole page."""
        return self._run([])

    def tick(self) -> "Timers":
        """Let every timer run out once."""
        assert self.seconds, "there is no timer"
        return self._run(list(self.seconds))

    def press(self, fragment: str) -> "Timers":
        """What a press inside a fragment does: it runs alone."""
        return self._run([fragment])

    @property
    def n_whole(self) -> int:
        """How often the whole page has run."""
        return self.runs.count(())

    def _run(self, due: list[str]) -> "Timers":
        self.runs, self._due = [], due
        self.app.run()
        assert not self.app.exception
        return self

    def _note(self, runner: LocalScriptRunner) -> None:
        for event, told in zip(runner.events, runner.event_data, strict=True):
            if event == ScriptRunnerEvent.SCRIPT_STARTED:
                fragments = tuple(told["fragment_ids_this_run"] or ())
                self.runs.append(fragments)
                if not fragments:
                    self.seconds.clear()
            elif event == ScriptRunnerEvent.ENQUEUE_FORWARD_MSG:
                message = told["forward_msg"]
                if message.WhichOneof("type") == "auto_rerun":
                    self.seconds[message.auto_rerun.fragment_id] = message.auto_rerun.interval
                for fragment in message.stop_auto_rerun.fragment_ids:
                    self.seconds.pop(fragment, None)
