"""A whole department over HTTP: no SDK, no broker, nothing but Python's standard library.

It only pulls, so that it can stand behind a firewall. Settings: CIVICGRID_GATEWAY_URL,
CIVICGRID_DEPARTMENT, CIVICGRID_TOKEN_FILE (read anew for each request: whoever rotates the token
writes it there), STATE_FILE.
"""

import json
import os
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

DEPARTMENT = os.environ["CIVICGRID_DEPARTMENT"]
BASE = f"{os.environ['CIVICGRID_GATEWAY_URL']}/departments/{DEPARTMENT}"
TOKEN = Path(os.environ["CIVICGRID_TOKEN_FILE"])
STATE = Path(os.environ.get("STATE_FILE", f"{DEPARTMENT}.json"))
WAIT_SECONDS, PAUSE_SECONDS = 15, 2


def ask(path: str, body: Any = None) -> Any:
    """Ask until there is an answer; 422 and the like are mistakes of ours and end the program."""
    data = None if body is None else json.dumps(body).encode()
    while True:
        headers = {"Authorization": f"Bearer {TOKEN.read_text().strip()}"}
        if data:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(BASE + path, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=WAIT_SECONDS + 15) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code not in (401, 429, 503):
                raise
            time.sleep(float(error.headers.get("Retry-After") or PAUSE_SECONDS))
        except OSError:  # no line: it is tried again after a pause, for ever
            time.sleep(PAUSE_SECONDS)


def say(task: dict[str, Any], name: str, **more: Any) -> None:
    """The same step of the same assignment has the same id, so that it is done once."""
    named = {key: task[key] for key in ("case", "taskid", "assignment", "traceparent")}
    command = f"{task['taskid']}:{task['assignment']}:{name}"
    ask("/commands", {"name": name, "id": command, **named, **more})


def take(item: dict[str, Any], tasks: dict[str, Any]) -> None:
    """One item of the inbox. ``tasks`` are those at hand, by the id of the command awaited."""
    if item["kind"] == "task.assigned":
        tasks[f"{item['taskid']}:{item['assignment']}:accept"] = item
        say(item, "accept")
    elif item["kind"] == "task.withdrawn":
        tasks.pop(f"{item['taskid']}:{item['assignment']}:accept", None)
    elif item["kind"] == "command.answered" and item["name"] == "accept":
        task = tasks.pop(item["command"], None)
        if task and item["accepted"]:
            say(task, "complete", evidence=work(task))


def work(task: dict[str, Any]) -> list[str]:
    """Here the department's own work goes. What lasts longer than a third of the lease
    (``lease_until`` of the answer) has to say ``heartbeat`` meanwhile."""
    return [f"evidence:{task['taskid']}:{kind}" for kind in task["evidence"] or ["done"]]


def main() -> None:
    state: dict[str, Any] = {"after": 0, "tasks": {}}
    if STATE.exists():
        state = json.loads(STATE.read_text())
    while True:
        page = ask(f"/inbox?after={state['after']}&wait={WAIT_SECONDS}")
        for item in page["items"]:
            take(item, state["tasks"])
            state["after"] = item["cursor"]
            new = STATE.with_suffix(".new")
            new.write_text(json.dumps(state))
            new.replace(STATE)


if __name__ == "__main__":
    main()
