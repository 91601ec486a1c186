"""Asking a running sandbox."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from civicgrid.local import LocalError
from civicgrid.sandbox.running import CONTROL

START = "start one: civicgrid sandbox NAME"
_SPAN = re.compile(r"\+?(?P<amount>\d+(\.\d+)?)(?P<unit>[smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Sandbox:
    url: str
    department: str
    token: str

    def ask(self, method: str, path: str, **request: Any) -> Any:
        """Its answer; raises LocalError with what it says against it."""
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            with httpx.Client(trust_env=False) as http:
                address = f"{self.url}/sandbox{path}"
                answer = http.request(method, address, headers=headers, **request)
        except httpx.TransportError as error:
            raise LocalError(
                f"sandbox {self.department} does not answer: {error}", START
            ) from error
        if answer.is_error:
            said = answer.json().get("detail", answer.text)
            raise LocalError(f"sandbox {self.department}: {said}", "correct it and ask again")
        return answer.json()


def find(folder: Path, department: str | None) -> Sandbox:
    """The named one, or the only one that runs; raises LocalError."""
    running = sorted(folder.glob(f"{department or '*'}/{CONTROL}"))
    if not running:
        raise LocalError(f"no sandbox {department or ''} runs".replace("  ", " "), START)
    if len(running) > 1:
        names = ", ".join(each.parent.name for each in running)
        raise LocalError(f"several sandboxes run: {names}", "say which with --department")
    return Sandbox(**json.loads(running[0].read_text()))


def span(text: str) -> timedelta:
    """``+2h``, ``+30m``, ``+1d``; raises LocalError."""
    found = _SPAN.fullmatch(text)
    if found is None:
        raise LocalError(f"{text!r} is no span of time", "write it as +30m, +2h or +1d")
    return timedelta(**{_UNITS[found["unit"]]: float(found["amount"])})
