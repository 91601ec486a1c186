"""What people decide: where a case lies, whether work is done, who is responsible, more time,
whether a case is void or opened again; and what they answer."""

from typing import Any

from civicgrid.client import As
from civicgrid.replay.deeds.stage import (
    APPROVER_SCOPE,
    ARBITER_SCOPE,
    PERSON_SCOPE,
    SUPERVISOR_SCOPE,
    Stage,
    Turn,
    name_of,
)

GROUNDS = ("own", "beside", "elsewhere")


async def place(stage: Stage, turn: Turn, attempt: int) -> None:
    who = await stage.who(turn, PERSON_SCOPE, attempt)
    grid = await stage.posts.some_grid(stage.lots.ref(turn["case"]))
    await stage.do(who, turn, "place", {"grid": grid})


async def verify(stage: Stage, turn: Turn, attempt: int) -> None:
    """Passed, or sent back in the first round by the scenario's share."""
    who = await stage.who(turn, f"{PERSON_SCOPE} {SUPERVISOR_SCOPE}", attempt)
    share = stage.scenario.verifiers.fail
    failed = turn["round"] == 1 and stage.lots.happens("fail", turn["case"], share)
    evidence = [f"evidence:{turn['taskid']}:checked-{turn['round']}"]
    body = {"passed": not failed, "reason": "not_done", "evidence": evidence}
    await stage.do(who, turn, "verification", body)


async def assign(stage: Stage, turn: Turn, attempt: int) -> None:
    who = await stage.who(turn, SUPERVISOR_SCOPE, attempt)
    await stage.do(who, turn, "assignment", {"reason": "lapsed"})


async def relief(stage: Stage, turn: Turn, attempt: int) -> None:
    """More time is given or refused."""
    who = await stage.who(turn, SUPERVISOR_SCOPE, attempt)
    grants = stage.lots.happens("grant", name_of(turn), stage.scenario.supervisors.grants)
    body = {"grant": grants, "statement": "已核。Looked into."}
    await stage.do(who, turn, f"relief/{turn['ref']}", body)


async def rule(stage: Stage, turn: Turn, attempt: int) -> None:
    """By the evidence: a department that has a charter for it, the nearest first; else a post."""
    who = await stage.who(turn, ARBITER_SCOPE, attempt)
    seen = await stage.api.get("dispatch", f"/cases/{turn['case']}/ruling", who)
    habit, about = stage.scenario.arbiters, name_of(turn)
    departments = _entitled(seen["charters"])
    if departments and not stage.lots.happens("to_post", about, habit.to_post):
        propose = stage.lots.happens("propose", about, habit.propose)
        lead = {"department": departments[attempt % len(departments)]}
    else:
        propose, lead = False, {"post": await _post_for(stage, turn, attempt)}
    body = {"lead": lead, "reason": "by_the_evidence", "propose": propose,
            "statement": "依据权责清单与现场位置裁定。By the charters and the place."}  # fmt: skip
    await stage.do(who, turn, "ruling", body)


def _entitled(charters: list[dict[str, Any]]) -> list[str]:
    fitting = [c for c in charters if c["holds"] and c["covers_matter"] and c["ground"] == "own"]
    order = sorted(fitting, key=lambda c: c["role"] != "lead")
    return list(dict.fromkeys(str(c["department"]) for c in order))


async def _post_for(stage: Stage, turn: Turn, attempt: int) -> str:
    """An accountable post on the case's path above its grid, a higher one with each attempt."""
    state = await stage.state(turn["case"])
    above = list(reversed(state["grid_path"])) or [state["grid"]]
    posts = [post for grid in above for post in await stage.posts.accountable(grid)]
    return str(posts[attempt % len(posts)]["posting"])


async def void(stage: Stage, turn: Turn, attempt: int) -> None:
    """Somebody else than who asked says whether it ends void."""
    who = await stage.who(turn, APPROVER_SCOPE, attempt)
    share = stage.scenario.approvers.approves
    approve = stage.lots.happens("approve", name_of(turn), share)
    await stage.do(who, turn, "voiding/decision", {"approve": approve})


async def reopen(stage: Stage, turn: Turn, attempt: int) -> None:
    """The higher level's word on a wish to open a case again."""
    who = await stage.who(turn, SUPERVISOR_SCOPE, attempt)
    share = stage.scenario.supervisors.reopens
    again = stage.lots.happens("reopen", name_of(turn), share)
    await stage.do(who, turn, "reopening", {"reopen": again})


async def answer(stage: Stage, turn: Turn, attempt: int) -> None:
    """The reporters of a closed case are told."""
    who = await stage.who(turn, SUPERVISOR_SCOPE, attempt)
    words = {"words": "已办结，感谢您的反映。It has been done; thank you for telling us."}
    await stage.do(who, turn, "answer", words)


async def answer_slip(stage: Stage, turn: Turn, attempt: int) -> None:
    """By whom it was issued to."""
    who: As = await stage.who(turn, PERSON_SCOPE, attempt)
    words = {"words": "已安排处理，将按期办结。Somebody is on it."}
    await stage.do(who, turn, f"slips/{turn['ref']}/answer", words)
