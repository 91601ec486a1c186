"""Charter entries as people see them."""

from collections.abc import Mapping, Sequence
from typing import Any

from civicgrid.show import console, table

Row = Mapping[str, Any]
MOST_MATTERS = 6


def show_list(found: Sequence[Row]) -> None:
    rows = []
    for each in found:
        entry, waits = each["in_force"], each["pending"]
        said = entry or waits
        state = f"v{entry['version']}" if entry else "-"
        if waits:
            state += f" · v{waits['version']} waits 待批 {len(each['approved_by'])}/2"
        rows.append(
            (each["charter"], said["department"], said["role"], ", ".join(said["matters"]),
             said["grid"], state)
        )  # fmt: skip
    columns = (
        "entry 条目",
        "department 部门",
        "role 角色",
        "matters 事项",
        "grid 网格",
        "state 状态",
    )
    console.print(table("charters 权责清单", columns, rows))


def show_charter(found: Row) -> None:
    rows = []
    for each in found["versions"]:
        entry = each["entry"]
        rows.append(
            (entry["version"], each["state"], entry["department"], entry["role"],
             ", ".join(entry["matters"]), entry["grid"], entry["legal_basis"],
             f"{each['stands_from'] or '-'} – {each['stands_to'] or ''}", _words(each))
        )  # fmt: skip
    columns = ("version 版本#", "state 状态", "department 部门", "role 角色", "matters 事项",
               "grid 网格", "legal basis 依据", "stands 有效", "who said what 经过")  # fmt: skip
    console.print(table(found["charter"], columns, rows))


def _words(version: Row) -> str:
    said = [("proposed 申请", version["proposed"]), ("rejected 退回", version["rejected"])]
    said += [("approved 批准", word) for word in version["approvals"]]
    said += [("granted 授予", version["granted"]), ("revoked 撤销", version["revoked"])]
    return "\n".join(f"{what} {word['by']} {word['at']}" for what, word in said if word)


def show_explanation(found: Row) -> None:
    lead = [("lead 主责", found["lead"])] if found["lead"] else []
    rows = [
        (what, e["charter"], e["version"], e["department"], e["pattern"], e["ground"],
         e["legal_basis"])
        for what, e in (*lead, *(("support 协同", each) for each in found["support"]))
    ]  # fmt: skip
    columns = ("role 角色", "entry 条目", "version 版本#", "department 部门", "pattern 事项",
               "ground 网格", "legal basis 依据")  # fmt: skip
    console.print(table(f"{found['matter']} · {found['grid']}", columns, rows))
    if found["fallback"]:
        console.print(f"nobody leads: it falls back to grid {found['fallback']} 属地兜底")
    if found["considered"]:
        why = [
            (e["charter"], e["department"], e["why"], e["at"] or "") for e in found["considered"]
        ]
        title = "do not apply 不适用"
        console.print(table(title, ("entry 条目", "department 部门", "why 原因", "at 时间"), why))


def show_unled(found: Sequence[Row]) -> None:
    rows = [
        (each["grid"], each["level"], len(each["matters"]), _shown(each["matters"]),
         _post(each["falls_back_to"]))
        for each in found
    ]  # fmt: skip
    columns = ("ground 网格", "level 层级", "matters 事项数#", "which 事项", "falls back to 兜底")
    console.print(table("nobody leads 无主责", columns, rows))


def _shown(matters: Sequence[str]) -> str:
    more = len(matters) - MOST_MATTERS
    return ", ".join(matters[:MOST_MATTERS]) + (f" + {more}" if more > 0 else "")


def _post(post: Row | None) -> str:
    if post is None:
        return "the post where it lies 所在网格"
    return f"{post['role']} {post['person']} ({post['grid']})"
