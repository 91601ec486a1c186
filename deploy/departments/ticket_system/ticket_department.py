"""A department whose crews go on working in their own ticket system: each task is a ticket, and
what they do with the ticket is told to civicgrid. See README.md."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from tickets import Ticket, Tickets

from case_contracts.inbox import WithdrawnItem
from case_contracts.values import Limit, LimitUnit
from department_sdk import Completed, Department, Outcome, Returned, Task

LOOK_SECONDS = float(os.environ.get("TICKETS_LOOK_SECONDS", "5"))
dept = Department.from_env()
tickets = Tickets(Path(os.environ["TICKETS"]))
Tell = Callable[[Task, Ticket], Awaitable[None]]
End = Callable[[Task, Ticket], Outcome | None]


async def crew_sent(task: Task, _: Ticket) -> None:
    await task.progress("crew-sent")


async def on_site(task: Task, _: Ticket) -> None:
    await task.progress("on-site")


async def waits_for_parts(task: Task, ticket: Ticket) -> None:
    """延期: a working day more."""
    answer = await task.ask_extension("parts_ordered", Limit(amount=1, unit=LimitUnit.WORKING_DAYS))
    if not answer.accepted:
        tickets.remark(ticket.external_id, f"no more time 未获延期: {answer.code}")


async def waits_for_approval(task: Task, ticket: Ticket) -> None:
    """挂账, until when the ticket says: the same request each time that it is told."""
    if ticket.wait_until is None:
        tickets.remark(ticket.external_id, "say until when 请填写等待截止时间")
        return
    answer = await task.ask_pause("needs_approval", ticket.wait_until)
    if not answer.accepted:
        tickets.remark(ticket.external_id, f"time goes on 未获挂账: {answer.code}")


def done(task: Task, ticket: Ticket) -> Outcome | None:
    if task.item.evidence and not ticket.photos:
        tickets.remark(ticket.external_id, "a photo is missing 缺少照片")
        return None
    return Completed(ticket.photos)


def rejected(task: Task, ticket: Ticket) -> Outcome | None:
    """A return may be refused; then the task is ours to do."""
    if task.return_refused:
        tickets.remark(ticket.external_id, f"must be done 不得退回: {task.return_refused}")
        return None
    return Returned("not_ours")


TELLS: dict[str, Tell] = {
    "assigned": crew_sent,
    "in_progress": on_site,
    "waiting_parts": waits_for_parts,
    "waiting_approval": waits_for_approval,
}
ENDS: dict[str, End] = {"done": done, "rejected": rejected}
"""Their statuses, and what each is to civicgrid; of others (new, cancelled) nothing is said."""


@dept.handles("*")
async def follow(task: Task) -> Outcome:
    """Open the ticket, once, and tell each status once until one ends the task.

    Told again after a crash, it is the same command under the same id, and done once.
    """
    item = task.item
    place = f"{item.point.lon},{item.point.lat}" if item.point else item.grid
    tickets.open(task.id, item.assignment, f"{item.matter}: {item.condition}", place, item.text)
    told: Ticket | None = None
    while True:
        ticket = tickets.find(task.id)
        if ticket is not None and ticket != told:
            ended = ENDS[ticket.status](task, ticket) if ticket.status in ENDS else None
            if ended is not None:
                return ended
            if ticket.status in TELLS and (told is None or told.says != ticket.says):
                await TELLS[ticket.status](task, ticket)
            told = ticket
        await asyncio.sleep(LOOK_SECONDS)


@dept.withdrawn
async def close(item: WithdrawnItem) -> None:
    """The crews are told not to go on."""
    tickets.cancel(item.taskid, item.assignment, f"withdrawn 已收回: {item.reason}")


if __name__ == "__main__":
    dept.run()
