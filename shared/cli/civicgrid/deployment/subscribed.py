"""What each service listens to and follows at once, as its own ``subscriptions.py`` says.

Asked in a process of its own: the command line imports no service.
"""

import functools
import json
import subprocess
import sys
from collections.abc import Mapping

from civicgrid.deployment.names import SERVICES
from civicgrid.local import LocalError

_ASK = """
import importlib, json, sys
found = {}
for name in sys.argv[1:]:
    module = importlib.import_module(name + ".subscriptions")
    at_once = {each.event.SPEC.type for each in getattr(module, "FOLLOW_UPS", ())}
    found[name] = [sorted(module.SUBSCRIPTIONS.types), sorted(at_once)]
print(json.dumps(found))
"""


def subscribed_types() -> Mapping[str, tuple[str, ...]]:
    """Event types by subscribing service. LocalError when a service cannot be imported."""
    return {name: tuple(subscribed) for name, (subscribed, _) in _asked().items()}


def followed_types() -> Mapping[str, tuple[str, ...]]:
    """Event types by the service that follows them at once: its own, which no queue brings."""
    return {name: tuple(at_once) for name, (_, at_once) in _asked().items()}


@functools.cache
def _asked() -> Mapping[str, tuple[list[str], list[str]]]:
    command = [sys.executable, "-c", _ASK, *SERVICES]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise LocalError(f"the services' subscriptions cannot be read: {last}", "run `make setup`")
    found: dict[str, tuple[list[str], list[str]]] = json.loads(done.stdout)
    return found
