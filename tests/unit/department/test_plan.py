"""What a reference department makes of a task: drawn, but always alike."""

import uuid
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from case_contracts.inbox import EXAMPLES, InvitationItem, TaskItem
from case_contracts.values import Limit
from department.behaviour.config import BadConfig, DepartmentConfig, config_of, load, load_all
from department.behaviour.plan import Fate, plan, visit
from department_sdk import Completed, NeedHelp, Returned

DEPLOY = Path(__file__).resolve().parents[3] / "deploy" / "departments"


def task(**fields: Any) -> TaskItem:
    fresh = {"taskid": f"task:{uuid.uuid4()}"}
    return TaskItem.model_validate(EXAMPLES["task.assigned"] | fresh | fields)


def config(**behaviour: Any) -> DepartmentConfig:
    given = {"matters": ["part/*"], "minutes": [10, 60]} | behaviour
    return DepartmentConfig.model_validate({"department": "um", "behaviours": [given]})


def test_the_same_assignment_always_ends_alike_and_the_next_is_drawn_anew() -> None:
    shares = {"returned": {"share": 0.5}, "ignored": 0.2}
    items = [task() for _ in range(50)]
    once = [plan(config(**shares), item) for item in items]
    assert once == [plan(config(**shares), item) for item in items]
    again = [item.model_copy(update={"assignment": 2}) for item in items]
    assert once != [plan(config(**shares), item) for item in again]


def test_steady_a_task_that_lapsed_ends_as_it_would_have_ended() -> None:
    shares = {"returned": {"share": 0.3}, "help": {"share": 0.2, "units": ["wa"]}, "ignored": 0.2}
    steady = config(**shares).model_copy(update={"steady": True})
    items = [task(grid=f"4101990010{number:05}") for number in range(200)]
    given_anew = [item.model_copy(update={"assignment": 2}) for item in items]
    first, second = ([plan(steady, each) for each in all_] for all_ in (items, given_anew))
    pairs = [
        (a, b) for a, b in zip(first, second, strict=True) if Fate.IGNORED not in {a.fate, b.fate}
    ]
    assert len(pairs) > 80
    assert all((a.fate, a.lasts) == (b.fate, b.lasts) for a, b in pairs)
    assert [p.fate for p in first] != [p.fate for p in second]
    other_run = [plan(steady, each.model_copy(update={"taskid": "task:9"})) for each in items]
    assert [p.fate for p in other_run] == [p.fate for p in first]
    elsewhere = [plan(steady, each.model_copy(update={"department": "wa"})) for each in items]
    assert elsewhere != first


def test_shares_come_out_as_written() -> None:
    urban = config(returned={"share": 0.2}, help={"share": 0.1, "units": ["wa"]}, ignored=0.05)
    fates = Counter(plan(urban, task()).fate for _ in range(2000))
    assert fates[Fate.RETURNED] == pytest.approx(400, abs=80)
    assert fates[Fate.HELP] == pytest.approx(200, abs=60)
    assert fates[Fate.IGNORED] == pytest.approx(100, abs=45)
    assert fates[Fate.COMPLETED] == pytest.approx(1300, abs=110)


def test_a_late_task_outlasts_its_limit_unless_that_is_too_long() -> None:
    late = {"share": 1.0, "of_limit": [1.1, 1.2], "at_most_minutes": 180}
    item = task()  # the example's limit is two hours
    assert item.due_at is not None
    limit = item.due_at - item.assigned_at
    assert limit * 1.1 <= plan(config(late=late), item).lasts <= limit * 1.2
    far = item.model_copy(update={"due_at": item.assigned_at + timedelta(days=5)})
    assert plan(config(late=late), far).lasts <= timedelta(minutes=60)
    without = item.model_copy(update={"due_at": None})
    assert plan(config(late=late), without).lasts <= timedelta(minutes=60)


def test_outcomes_carry_what_the_task_asks_for() -> None:
    done = plan(config(), task(taskid="task:1", evidence=["photo-after"])).outcome
    assert done == Completed(("evidence:photo-after:task:1:1",))
    back = plan(config(returned={"share": 1, "proposed": "wa"}), task()).outcome
    assert back == Returned("not_ours", "wa")
    helped = plan(config(help={"share": 1, "units": ["wa"]}), task()).outcome
    assert helped == NeedHelp(("wa",), "needs_other_powers")
    assert plan(config(), task(matter="event/order/parking")).fate == Fate.UNKNOWN


def test_what_somebody_else_had_before_is_returned_by_a_share_of_its_own() -> None:
    twice = config(returned={"share": 0, "again": 1})
    assert plan(twice, task()).fate == Fate.COMPLETED
    assert plan(twice, task(assignment=2)).fate == Fate.RETURNED
    assert plan(twice, task(assignment=2, rework=True)).fate == Fate.COMPLETED


def test_more_time_is_asked_for_within_the_limit_and_a_pause_makes_the_work_longer() -> None:
    item = task()
    assert item.due_at is not None
    usual = plan(config(), item)
    paused = plan(config(pause={"share": 1, "minutes": [60, 90]}), item)
    assert paused.more_time is not None
    assert item.assigned_at + paused.more_time.after < item.due_at
    assert timedelta(minutes=60) <= paused.lasts - usual.lasts <= timedelta(minutes=90)
    asked = paused.more_time.wanted
    assert asked == item.assigned_at + paused.more_time.after + (paused.lasts - usual.lasts)
    day = {"amount": 1, "unit": "working_days"}
    longer = plan(config(extension={"share": 1, "limit": day}), item)
    assert longer.more_time is not None
    assert longer.more_time.wanted == Limit.model_validate(day)
    assert longer.lasts == usual.lasts
    without = item.model_copy(update={"due_at": None})
    assert plan(config(pause={"share": 1, "minutes": [1, 2]}), without).more_time is None


def test_a_call_is_answered_alike_every_time() -> None:
    item = InvitationItem.model_validate(EXAMPLES["operation.invited"])
    operations = config().operations
    assert visit(operations, 1, item) == visit(operations, 1, item)
    assert visit(operations.model_copy(update={"declined": 1.0}), 1, item).declined


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.yaml")), ids=lambda p: p.stem)
def test_each_sample_department_has_a_bit_of_everything(path: Path) -> None:
    shipped = load(path)
    matters = ["part/drainage/blocked", "event/market/fake", "hazard/flood/road", "part/x/y"]
    fates = Counter(plan(shipped, task(matter=m)).fate for _ in range(500) for m in matters)
    assert shipped.department == path.stem
    assert fates[Fate.COMPLETED] > 0.85 * fates.total()
    for fate in (Fate.RETURNED, Fate.HELP, Fate.IGNORED):
        assert 0 < fates[fate] < 0.1 * fates.total()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("department: um\nbehaviours: []\n", "behaviours"),
        ("department: [", "not YAML"),
        ("department: um\nbehaviours:\n- {matters: [a], minutes: [9, 3]}\n", "smaller number"),
        ("department: um\nbehaviours:\n- {matters: [a], minuts: [3, 9]}\n", "minuts"),
        (
            "department: um\nbehaviours:\n- {matters: [a], minutes: [1, 2], ignored: 0.9,"
            " returned: {share: 0.2}}\n",
            "more than all tasks",
        ),
    ],
)
def test_a_broken_file_is_refused_with_its_name_and_the_place(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    with pytest.raises(BadConfig) as refused:
        load(path)
    assert str(path) in str(refused.value)
    assert says in str(refused.value)


def test_files_and_folders_and_one_for_any_department(tmp_path: Path) -> None:
    behaviours = [{"matters": ["*"], "minutes": [1, 2]}]
    (tmp_path / "any.yaml").write_text(
        "department: '*'\nbehaviours:\n- {matters: ['*'], minutes: [1, 2]}\n"
    )
    configs = load_all(f"{DEPLOY}, {tmp_path}/any.yaml")
    named, other = config_of("water-affairs", configs), config_of("public-works", configs)
    assert named is not None
    assert named.seed == 3
    assert other == DepartmentConfig.model_validate({"department": "*", "behaviours": behaviours})
    assert config_of("public-works", load_all(str(DEPLOY))) is None
    with pytest.raises(BadConfig, match="same department"):
        load_all(f"{DEPLOY},{DEPLOY}")
    with pytest.raises(BadConfig, match="names no"):
        load_all(" ")
