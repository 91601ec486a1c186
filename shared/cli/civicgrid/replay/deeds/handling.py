"""What post-holders do with a task: the work, mediation, services, inquiries; or they ask for more
time, give it back, or ask to void it."""

from datetime import timedelta
from typing import Any

from civicgrid.client import ApiError, As
from civicgrid.replay.deeds.stage import PERSON_SCOPE, Stage, Turn

WAIT_MINUTES, AGAIN_MINUTES = 60.0, 240.0
"""After a word that leaves the task open, such as that more papers are needed."""


async def handle(stage: Stage, turn: Turn, attempt: int) -> None:
    """By the class of the matter; nothing where the turn is over."""
    state = await stage.still(turn)
    if state is None:
        return
    if state["request"] is not None:  # who has asked for more time waits for the answer
        stage.agenda.after(WAIT_MINUTES, lambda: handle(stage, turn, attempt))
        return
    who = await stage.who(turn, PERSON_SCOPE, attempt)
    classed = {"dispute": _mediate, "service": _serve, "inquiry": _advise}
    deed = classed.get(turn["matter"].partition("/")[0], _work)
    await deed(stage, turn, who, state)


async def ask_for_time(stage: Stage, turn: Turn, attempt: int) -> None:
    """A pause or an extension, for some; nothing where the turn is over or there is no limit."""
    habit = stage.scenario.handlers
    shares = {"pause": habit.pause, "extension": habit.extension}
    wanted = stage.lots.which("more_time", _about(turn), shares)
    if wanted is None or turn["due_at"] is None or await stage.still(turn) is None:
        return
    body: dict[str, Any] = {"reason": "needs_approval", "statement": "等待审批。Waiting."}
    if wanted == "pause":
        until = stage.agenda.clock.now() + timedelta(minutes=habit.pause_minutes)
        body["until"] = until.isoformat()
    else:
        body["limit"] = habit.extension_limit.model_dump(mode="json")
    await stage.do(await stage.who(turn, PERSON_SCOPE, attempt), turn, "relief", body)


async def _work(stage: Stage, turn: Turn, who: As, state: dict[str, Any]) -> None:
    habit, about = stage.scenario.handlers, _about(turn)
    if not state["task"]["ruled"] and state["status"] != "lapsed":
        again = "again" if state["returned_by"] else "returns"
        share = habit.again if state["returned_by"] else habit.returns
        drawn = stage.lots.which(again, about, {"return": share, "void": habit.void})
        if drawn == "return":
            body = {"reason": "not_ours", "statement": "不属本网格职责。Not ours."}
            await stage.do(who, turn, "return", body)
            return
        if drawn == "void" and state["voiding"] is None:
            await _ask_to_void(stage, turn, who)
            return
    await _complete(stage, turn, who)


async def _ask_to_void(stage: Stage, turn: Turn, who: As) -> None:
    body = {"reason": "no_such_problem", "statement": "现场两次核查均未发现。Nothing there."}
    await stage.do(who, turn, "voiding", body)
    _later(stage, turn, lambda: _complete(stage, turn, who))


async def _complete(stage: Stage, turn: Turn, who: As) -> None:
    body: dict[str, Any] = {"taskid": turn["taskid"], "evidence": [f"evidence:{turn['taskid']}"]}
    if stage.lots.happens("answers", _about(turn), stage.scenario.handlers.answers):
        body["answer"] = "已处理完毕。It has been done."
    await stage.do(who, turn, "completion", body)


async def _mediate(stage: Stage, turn: Turn, who: As, _: dict[str, Any]) -> None:
    habit = stage.scenario.mediators
    for number in range(1, habit.sittings + 1):
        body = {"words": f"第{number}次调解。Sitting {number}."}
        await stage.do(who, turn, "mediation/sittings", body)
    shares = {"failed": habit.failed, "passed_on": habit.passed_on}
    drawn = stage.lots.which("mediation", _about(turn), shares)
    try:
        await _end(stage, turn, who, drawn or "agreement")
    except ApiError as error:
        if error.code != "passing_on_needed":
            raise
        await _end(stage, turn, who, "passed_on")


async def _end(stage: Stage, turn: Turn, who: As, outcome: str) -> None:
    body: dict[str, Any] = {"outcome": outcome, "words": "调解记录。The record."}
    if outcome == "passed_on":
        body["passed_to"] = "commission"
    await stage.do(who, turn, "mediation", body)


async def _serve(stage: Stage, turn: Turn, who: As, state: dict[str, Any]) -> None:
    habit, about = stage.scenario.services, _about(turn)
    first = state["papers"] is None and state["task"]["assignment"] == 1
    if first and stage.lots.happens("hand_on", about, habit.hand_on):
        to = await _higher_hall(stage, state, who.sub)
        if to is not None:
            body = {"to": to, "documents": ["copy:id-card", "form:application"]}
            await stage.do(who, turn, "documents", body)
            return
    if stage.lots.happens("more_needed", about, habit.more_needed):
        await _result(stage, turn, who, "more_needed")
        _later(stage, turn, lambda: _result(stage, turn, who, "granted"))
        return
    refused = stage.lots.happens("refused", about, habit.refused)
    await _result(stage, turn, who, "refused" if refused else "granted")


async def _result(stage: Stage, turn: Turn, who: As, result: str) -> None:
    body = {"result": result, "words": "办理结果。What came of it."}
    await stage.do(who, turn, "result", body)


async def _higher_hall(stage: Stage, state: dict[str, Any], person: str) -> str | None:
    """The nearest accountable post above that somebody else holds."""
    for grid in reversed(state["grid_path"]):
        for post in await stage.posts.accountable(grid):
            if post["person"] != person and grid != state["task"]["handler"]["grid"]:
                return str(post["posting"])
    return None


async def _advise(stage: Stage, turn: Turn, who: As, _: dict[str, Any]) -> None:
    body: dict[str, Any] = {"words": "请携带身份证到社区办理。Come with your id card."}
    if stage.lots.happens("from_text", _about(turn), stage.scenario.inquiries.from_text):
        known = await stage.api.get("dispatch", "/knowledge", who, matter=turn["matter"])
        for text in known["texts"][:1]:
            body["knowledge"] = {"id": text["knowledge"], "version": text["version"]}
    await stage.do(who, turn, "inquiry-answer", body)


def _later(stage: Stage, turn: Turn, deed: Any) -> None:
    """Some time later, if it is still this turn then."""

    async def act() -> None:
        if await stage.still(turn) is not None:
            await deed()

    stage.agenda.after(AGAIN_MINUTES, act)


def _about(turn: Turn) -> str:
    return f"{turn['case']}:{turn['turn']}"
