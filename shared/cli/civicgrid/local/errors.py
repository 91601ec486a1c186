"""The one error of the local runner."""


class LocalError(Exception):
    """Something on this machine is not as the local runner needs it.

    `what` says which thing and where, `remedy` what to set or do. Never carries a password.
    """

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}\n  -> {remedy}")
        self.what = what
        self.remedy = remedy
