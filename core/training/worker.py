r"""The training process: many runs in one process, JSON lines in on stdin and out on stdout.

An experiment without a browser is one line; the worker ends when the run is over:

    echo '{"op": "start", "run": "a", "spec": {"epochs": 20}}' | python -m core.training.worker

In, one object a line (`spec` is a `core.spec.RunSpec`; what it leaves out has the default):

    {"op": "start", "run": ID, "spec": {…}, "paused": false, "speed": 0}
    {"op": "change", "run": ID, "lane": 1, "strength": 0.003}    also `layers` (a list), `include_bias`
    {"op": "change", "run": ID, "speed": 60}      updates per second; 0: as fast as possible
    {"op": "pause", "run": ID}
    {"op": "resume", "run": ID}
    {"op": "stop", "run": ID}
    {"op": "step", "run": ID, "unit": "update"}   or "epoch", to the end of the running one; then it pauses
    {"op": "ask", "id": ID, "run": ID, "step": null, "question": "predict", "indices": [0]}    a question of
                                `core.training.inspect.questions` about the run as it is, or was at the end;
                                with a step, at the nearest one whose weights are known

Out, one object a line:

    {"event": "hello", "device": "cpu", "name": …, "torch": …}    once, when commands are obeyed
    {"event": "loading", "run": ID, "text": "Downloading MNIST: 34 %", "share": 0.34}    its images are on
                                their way, for a dataset's first run; share: of the download, 1 once that is
                                done; commands are obeyed when they are there, and other runs go on
    {"event": "snapshot", …}    a `core.snapshots.Snapshot` of each lane in turn: at step 0, after the first
                                update, after a change and the update that follows, at pause, step and end;
                                in between four times a second, less often when many runs share the worker
    {"event": "event", …}       a `core.snapshots.Event`
    {"event": "checkpoint", "run": ID, "step": 420, "bytes": 3374000}    the weights of all lanes were kept:
                                every 30 s of training, after an event, and before `finished`
    {"event": "unkept", "run": ID, "message": "one sentence"}    they could not be; the training goes on
    {"event": "answer", "id": ID, "run": ID, "question": …, "step": 420, "live": true, "answer": {…}}    step:
                                the moment it is about; live: whether the run was there right then
    {"event": "refused", "id": ID, "run": ID, "message": "one sentence"}    instead of an answer
    {"event": "finished", "run": ID, "reason": "done"}    or "stopped", or "diverged" when every lane did;
                                the snapshots right before it are the final states
    {"event": "failed", "run": ID, "reason": "one sentence"}    this run is over, the others go on
    {"event": "error", "message": "one sentence", "line": "first 200 characters"}    no such command

A lane that diverged repeats its last finite snapshot. If stdin ended before the first update was trained, all
commands were piped in: the worker finishes the runs (paused ones are stopped) and ends. If it ends later the
owner is gone, and the worker ends at once; so it does when nobody reads its output.
"""

import json
import os
import sys
from typing import Any, BinaryIO

from pydantic import BaseModel

from core.checkpoints import Checkpoints
from core.training.inbox import Inbox


class Output:
    """The lines of stdout, which is kept for them: what else prints in this process goes to stderr."""

    def __init__(self) -> None:
        self._stream: BinaryIO = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        sys.stdout = sys.stderr

    def emit(self, event: str, record: BaseModel | dict[str, Any]) -> None:
        """Write one line: strict JSON, whole, at once. Raises BrokenPipeError when nobody reads."""
        if isinstance(record, BaseModel):
            fields = record.model_dump_json()
        else:
            fields = json.dumps(record, allow_nan=False, separators=(",", ":"))
        self._stream.write(f'{{"event":"{event}",{fields[1:]}\n'.encode())
        self._stream.flush()


def main() -> None:
    """Serve until the input ends."""
    output = Output()
    inbox = Inbox(sys.stdin.buffer)
    # Imported here: stdin is read and stdout is safe before torch, which takes two seconds, can say anything.
    import torch

    from core.training.device import best_device, device_name
    from core.training.rounds import Rounds

    # Numbers too small to matter slow a CPU down up to 100 times; weights near zero are our subject.
    torch.set_flush_denormal(True)
    device = best_device()
    hello = {"device": device.type, "name": device_name(device), "torch": str(torch.__version__)}
    output.emit("hello", hello)
    rounds = Rounds(inbox, device, output.emit, Checkpoints.from_environment())
    rounds.warm_up()
    rounds.serve()


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        # Nobody reads, or Ctrl-C: there is nobody to tell, and the exit must not flush into the closed pipe.
        os._exit(0)
