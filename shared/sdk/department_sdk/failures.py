"""How a failure of somebody's handler is logged."""

import traceback


def lines_of(error: BaseException) -> str:
    """The traceback in plain lines.

    Structlog's own drawing of it, where ``rich`` is installed, shows the values of variables: what
    people wrote would stand in a log. It also keeps the event loop for a second or more.
    """
    return "".join(traceback.format_exception(error)).rstrip()
