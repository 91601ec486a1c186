"""How a command is ended from outside."""

import signal
import subprocess
import sys

WAITING = (
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN);"
    "from civicgrid import main;"
    "main.app = lambda: (print('waiting', flush=True), signal.pause());"
    "main.main()"
)


def test_what_a_script_started_in_the_background_can_be_ended() -> None:
    """Such a shell lets Ctrl-C be ignored; SIGTERM has to end the command all the same."""
    process = subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) != 0
    finally:
        process.kill()
        process.communicate()
