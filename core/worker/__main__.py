r"""The training process: many runs in one process, JSON lines in on stdin and out on stdout.

A run without a browser is one line; the worker ends when the run is over:

    echo '{"op": "start", "run": "a", "spec": {"epochs": 20}}' | python -m core.worker

Its one argument may be left out: the folder of the example runs, whose weights it is asked about.

In, one object a line (`spec` is a `core.spec.RunSpec`; what it leaves out has the default):

    {"op": "start", "run": ID, "spec": {…}, "paused": false, "speed": 0}
    {"op": "start", …, "until": 420, "moves": [{"step": 99, "lane": 1, "move": {"strength": 0.003}}]}    go on
                                with a run that was shown up to that step, with all moves made in it by then;
                                also "branch": true if it was another; "planned": moves to make when due
    {"op": "start", …, "share": KEY}              each key has the same share of the time, whatever its runs
                                cost
                                also "branch": true if it was another; "planned": moves to make when due;
                                "twin": an equal run, whose kept states serve as well as its own;
                                "followed": true as the order of this name has it
    {"op": "followed", "run": ID, "value": true}  equal runs are shown what this one shows and may begin with
                                "twin" at any step shown of it: its states of some seconds are kept for them
    {"op": "change", "run": ID, "lane": 1, "strength": 0.003}    also `layers` (a list), `include_bias`
    {"op": "change", "run": ID, "speed": 60}      updates per second; 0: as fast as possible
    {"op": "pause", "run": ID}
    {"op": "resume", "run": ID}
    {"op": "stop", "run": ID}
    {"op": "step", "run": ID, "unit": "update"}   or "epoch", to the end of the running one; then it pauses
    {"op": "ask", "id": ID, "run": ID, "step": null, "question": "predict", "indices": [0]}    a question of
                                `core.inspect.questions` about the run as it is, or was at the end;
                                with a step, at the nearest one whose weights are known; also "twin": an
                                equal run that is trained in its place
    {"op": "withdraw", "id": ID, "run": ID}       nobody waits for the answer any more: it is refused

Out, one object a line:

    {"event": "hello", "device": "cpu", "name": …, "version": …, "torch": …, "trainers": 2}    once, when
                                commands are obeyed; version: of this program; trainers: how many such
                                processes pay off on this machine
    {"event": "alive", "worked": 12.3}    each second while the thread that trains waits or works, however
                                long its turn, and the input is not over; worked: the processor's seconds
    {"event": "loading", "run": ID, "text": "Downloading MNIST: 34 %", "share": 0.34}    its images are on
                                their way, for a dataset's first run; share: of the download, 1 once that is
                                done; commands are obeyed when they are there, and other runs go on
    {"event": "snapshot", …}    a `core.snapshots.Snapshot` of each lane in turn: at step 0, after the first
                                update, after a change and the update that follows, at pause, step and end;
                                in between four times a second, less often when many runs share the worker
    {"event": "event", …}       a `core.snapshots.Event`
    {"event": "moved", "run": ID, "step": 99, "lane": 1, "move": {…}}    a change was made, before its events
    {"event": "resumed", "run": ID, "step": 420, "kept": 400}    it is where it was shown last; kept: the step
                                it went on from, 0 for a new beginning; nothing up to here is said twice
    {"event": "checkpoint", "run": ID, "step": 420, "bytes": 3374000}    the weights of all lanes were kept:
                                every 30 s of training, after an event, and before `finished`
    {"event": "unkept", "run": ID, "message": "one sentence"}    they could not be; the training goes on
    {"event": "answer", "id": ID, "run": ID, "question": …, "step": 420, "live": true, "answer": {…}}    step:
                                the moment it is about; live: whether the run was there right then
    {"event": "refused", "id": ID, "run": ID, "message": "one sentence", "retry": false}    instead of an
                                answer; retry: whether it is worth asking again in a moment
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
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

from pydantic import BaseModel

from core.checkpoints import Checkpoints
from core.version import version
from core.worker.inbox import Inbox


class Output:
    """The lines of stdout, which is kept for them: what else prints in this process goes to stderr."""

    def __init__(self) -> None:
        # The pulse has a thread of its own.
        self._lock = Lock()
        self._stream: BinaryIO = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        sys.stdout = sys.stderr

    def emit(self, event: str, record: BaseModel | dict[str, Any]) -> None:
        """Write one line: strict JSON, whole, at once. Raises BrokenPipeError when nobody reads."""
        if isinstance(record, BaseModel):
            fields = record.model_dump_json()
        else:
            fields = json.dumps(record, allow_nan=False, separators=(",", ":"))
        with self._lock:
            self._stream.write(f'{{"event":"{event}",{fields[1:]}\n'.encode())
            self._stream.flush()


def main() -> None:
    """Serve until the input ends."""
    output = Output()
    inbox = Inbox(sys.stdin.buffer)
    # Imported here: stdin is read and stdout is safe before torch, which takes two seconds, can say anything.
    import torch

    from core.data.device import best_device, device_name, n_trainers, take_gpu, use_one_thread
    from core.worker.pulse import Pulse, worked_by
    from core.worker.rounds import Rounds

    # Numbers too small to matter slow a CPU down up to 100 times; weights near zero are our subject.
    torch.set_flush_denormal(True)
    use_one_thread()
    take_gpu(int(os.environ.get("SPARSITY_LAB_TRAINER", "0")))
    device = best_device()
    hello = {
        "device": device.type,
        "name": device_name(device),
        "version": version(),
        "torch": str(torch.__version__),
        "trainers": n_trainers(device),
    }
    output.emit("hello", hello)
    Pulse(inbox, output.emit, worked_by()).start()
    examples = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    store = Checkpoints.from_environment(examples=examples)
    rounds = Rounds(inbox, device, output.emit, store)
    rounds.warm_up()
    rounds.serve()


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        # Nobody reads, or Ctrl-C: there is nobody to tell, and the exit must not flush into the closed pipe.
        os._exit(0)
