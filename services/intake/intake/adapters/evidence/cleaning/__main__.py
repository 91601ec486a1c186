"""The process: what to clean comes on standard input, the result goes to standard output.

Both are one line of JSON and then bytes: the file; the protected and the public copy.
"""

import json
import os
import resource
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

MEMORY = 2 * 1024**3
CPU_SECONDS = 60


def _confined() -> BinaryIO:
    """Limits on memory, time and files; what a library prints goes nowhere near the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answer


def main() -> None:
    answer = _confined()
    from intake.adapters.evidence.cleaning.clean import clean
    from intake.adapters.evidence.cleaning.made import Limits, Unclean

    asked = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    try:
        made = clean(data, asked["declared"], Limits(**asked["limits"]))
    except Unclean as error:
        _say(answer, {"refused": error.code, "detail": error.detail})
        return
    except MemoryError:
        _say(answer, {"refused": "unreadable", "detail": "the file needs too much memory"})
        return
    said = asdict(made)
    copies = [said.pop("protected"), said.pop("public")]
    said["sizes"] = [None if copy is None else len(copy) for copy in copies]
    _say(answer, said, *(copy for copy in copies if copy is not None))


def _say(answer: BinaryIO, said: dict[str, Any], *copies: bytes) -> None:
    answer.write(json.dumps(said).encode() + b"\n")
    for copy in copies:
        answer.write(copy)
    answer.flush()


if __name__ == "__main__":
    main()
