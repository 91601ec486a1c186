"""What each service listens to, as its own ``subscriptions.py`` says.

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
    table = importlib.import_module(name + ".subscriptions").SUBSCRIPTIONS
    found[name] = sorted(table.types)
print(json.dumps(found))
"""


@functools.cache
def subscribed_types() -> Mapping[str, tuple[str, ...]]:
    """Event types by subscribing service. LocalError when a service cannot be imported."""
    command = [sys.executable, "-c", _ASK, *SERVICES]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise LocalError(f"the services' subscriptions cannot be read: {last}", "run `make setup`")
    return {name: tuple(types) for name, types in json.loads(done.stdout).items()}
