"""A connection that stands and says nothing is noticed, given up and tried again."""

import pytest

TOLD = """async ([module, steps]) => {
  const replaced = ["WebSocket", "setInterval", "clearInterval", "setTimeout", "clearTimeout"];
  const kept = Object.fromEntries(replaced.map((name) => [name, window[name]]));
  const sockets = [], ticking = new Map(), later = new Map(), states = [];
  let made = 0;
  window.WebSocket = class {
    constructor() {
      sockets.push(this);
      this.closed = false;
    }
    send() {}
    close() {
      this.closed = true;
    }
  };
  window.setInterval = (run) => (ticking.set(++made, run), made);
  window.clearInterval = (id) => ticking.delete(id);
  window.setTimeout = (run) => (later.set(++made, run), made);
  window.clearTimeout = (id) => later.delete(id);
  const turn = () => new Promise((done) => kept.setTimeout.call(window, done));
  const follow = {
    feed: async () => {
      const { Feed } = await import("/live/socket/feed.js");
      return new Feed({
        url: "/api/live", news: "/news", name: "", run: "r", since: () => 0,
        onUpdate: () => states.push("update"), onState: (state) => states.push(state),
      });
    },
    room: async () => {
      const { Room } = await import("/class/room.js");
      const room = new Room("ABCD", () => states.push(room.state.link));
      return room;
    },
  };
  const say = (socket, data) => socket.onmessage({ data: JSON.stringify(data) });
  const update = (state) => ({ type: "update", run: "r", status: { state } });
  const doing = {
    open: () => sockets.at(-1).onopen?.(),
    update: (state) => say(sockets.at(-1), update(state)),
    old: (state) => say(sockets[0], update(state)),
    end: () => sockets[0].onclose(),
    still: () => say(sockets.at(-1), { type: "still" }),
    tell: (frame) => say(sockets.at(-1), frame),
    refuse: () => say(sockets.at(-1), { type: "error", message: "No." }),
    tick: (n) => {
      for (let i = 0; i < n; i++) for (const run of [...ticking.values()]) run();
    },
    wait: () => {
      const due = [...later.values()];
      later.clear();
      for (const run of due) run();
    },
  };
  try {
    const followed = await follow[module]();
    for (const [name, argument] of steps) {
      doing[name](argument);
      await turn();
    }
    const closed = sockets.map((socket) => socket.closed);
    followed.close?.();
    return { states, closed, left: ticking.size };
  } finally {
    Object.assign(window, kept);
  }
}"""

UP = [["open"], ["update", "running"]]


@pytest.mark.parametrize(
    ("steps", "states"),
    [
        ([["tick", 9]], []),
        ([["tick", 10]], ["lost"]),
        ([["tick", 9], ["still"], ["tick", 9], ["still"], ["tick", 9]], []),
        ([["tick", 9], ["update", "running"], ["tick", 9]], ["open", "update"]),
        ([["update", "paused"], ["tick", 10]], ["open", "update", "lost"]),
        ([["update", "finished"], ["tick", 100]], ["open", "update"]),
        ([["refuse"], ["tick", 100]], ["refused"]),
    ],
)
def test_a_going_run_s_socket_is_lost_after_ten_seconds_without_a_word(modules, steps, states):
    told = modules.run(TOLD, ["feed", [*UP, *steps]])
    assert told["states"] == ["connecting", "open", "update", *states]
    assert told["closed"] == ["lost" in states]
    assert told["left"] == 0


def test_one_that_answers_to_nothing_or_does_not_even_stand_is_lost(modules):
    assert modules.run(TOLD, ["feed", [["open"], ["tick", 10]]])["states"] == ["connecting", "lost"]
    assert modules.run(TOLD, ["feed", [["tick", 19]]])["states"] == ["connecting"]
    assert modules.run(TOLD, ["feed", [["tick", 20]]])["states"] == ["connecting", "lost"]


def test_the_next_socket_goes_on_and_the_last_words_of_the_old_one_are_nobody_s(modules):
    again = [["wait"], ["old", "paused"], ["open"], ["old", "paused"], ["end"], ["update", "running"]]
    told = modules.run(TOLD, ["feed", [*UP, ["tick", 10], *again, ["tick", 9]]])
    assert told["states"] == ["connecting", "open", "update", "lost", "lost", "open", "update"]
    assert told["closed"] == [True, False]


SCENE = {"n": 1, "phase": "predict"}
TICK = {"n": 1, "count": 0, "joined": 1}


@pytest.mark.parametrize(
    ("steps", "links", "closed"),
    [
        ([["tick", 11]], ["open"], [False]),
        ([["tick", 12]], ["open", "lost"], [True]),
        ([["tick", 11], ["tell", TICK], ["tick", 11]], ["open", "open"], [False]),
        ([["tick", 12], ["wait"], ["tell", TICK]], ["open", "lost", "open"], [True, False]),
        ([["tell", {"gone": True}], ["tick", 100]], ["open", "gone"], [False]),
    ],
)
def test_a_class_s_socket_is_lost_after_twelve(modules, steps, links, closed):
    told = modules.run(TOLD, ["room", [["tell", SCENE], *steps]])
    assert (told["states"], told["closed"]) == (links, closed)
