"""Service commitments (服务承诺): what a department promises for a year, in public."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from case_contracts.district import ChangeResult, DistrictPart, Item, Origin
from case_contracts.events.registry import CommitmentPublished, Promise
from case_contracts.indicators import INDICATORS
from case_contracts.values import Ref, Text
from registry.api.answers import REFUSALS
from registry.api.changing import CHANGED, DryRun, Key, change_part
from registry.api.rules.admission_schemas import (
    COMMITTED,
    CommitmentIn,
    CommitmentOut,
    PromiseOut,
)
from registry.api.rules.schemas import Words
from registry.api.rules.shared import Proposer, department_of, known
from registry.api.schemas import example
from registry.domain.admitted import names_of_departments

router = APIRouter(prefix="/commitments", tags=["commitments"])
_KINDS = ("standard", "department", "commitment")


@router.post("", responses=REFUSALS | CHANGED)
async def publish(
    request: Request, body: CommitmentIn, caller: Proposer, key: Key = None,
    dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """Record what a department promises for a year, in indicators that assessment measures.
    Said anew it replaces what was said before; the audit keeps both."""
    value = await request.json() | {"department": department_of(caller, body.department)}
    raw = Item(origin=Origin(file="commitment"), value=value)
    about = f"commitment:{value['department']}:{body.year}"
    return await change_part(
        request, caller, body, lambda _: DistrictPart(commitments=[raw]), kinds=_KINDS,
        kind="publish-commitment", about=[about], purpose=None, key=key, dry_run=dry_run,
    )  # fmt: skip


@router.get("", responses={200: example([COMMITTED]), 422: REFUSALS[422]})
async def listed(
    request: Request,
    department: Annotated[Ref | None, Query(examples=["urban-management"])] = None,
    year: Annotated[int | None, Query(ge=2000, le=2999, examples=[2026])] = None,
) -> list[CommitmentOut]:
    """What departments promise, by department and year. Public: it needs no token."""
    published = await known(request).read(_KINDS)
    names = names_of_departments(published)
    last = [said[-1] for key, said in sorted(published.items()) if key.startswith("commitment:")]
    return [
        _out(each, names)
        for each in last
        if isinstance(each, CommitmentPublished)
        and department in (None, each.department)
        and year in (None, each.year)
    ]


def _out(commitment: CommitmentPublished, names: dict[str, Text]) -> CommitmentOut:
    return CommitmentOut(
        department=commitment.department,
        department_name=names[commitment.department],
        year=commitment.year,
        promises=[_promise(each) for each in commitment.promises],
    )


def _promise(promise: Promise) -> PromiseOut:
    name = INDICATORS.get(promise.indicator, Text(zh=promise.indicator, en=promise.indicator))
    return PromiseOut(**promise.model_dump(), indicator_name=name, words=_words(promise, name))


def _words(promise: Promise, name: Text) -> Words:
    zh, en = [], []
    if promise.at_least is not None:
        zh.append(f"不低于{promise.at_least:.4g}")
        en.append(f"at least {promise.at_least:.4g}")
    if promise.at_most is not None:
        zh.append(f"不高于{promise.at_most:.4g}")
        en.append(f"at most {promise.at_most:.4g}")
    return Words(
        zh=f"{name.zh}{'、'.join(zh)}（{promise.matters}）",
        en=f"{name.en} {' and '.join(en)} ({promise.matters})",
    )
