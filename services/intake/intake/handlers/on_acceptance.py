"""Work that somebody has taken on: it releases the first receiver, where there is one."""

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import TaskAccepted, TaskCompleted
from intake.commands.release_receiver import ReleaseReceiver
from service_kit.events.subscriptions import Translated


def on_work_taken(data: TaskAccepted | TaskCompleted, _: Envelope) -> Translated | None:
    """A post has no acceptance of its own: doing the work is one."""
    return Translated(data.case, ReleaseReceiver()) if data.receiver else None
