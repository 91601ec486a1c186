"""What can be wrong, in words."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """The kinds of faults; a program can look for them."""

    CRASHES = "crashes"
    NOT_ACCEPTED = "not_accepted"
    NO_OUTCOME = "no_outcome"
    NO_EVIDENCE = "no_evidence"
    TWICE = "twice"
    NO_HEARTBEAT = "no_heartbeat"
    IGNORES_WITHDRAWAL = "ignores_withdrawal"
    BLOCKS_LOOP = "blocks_loop"
    WRONG_ID = "wrong_id"


WORDS: dict[Fault, tuple[str, str]] = {
    Fault.CRASHES: (
        "处理程序出错：{what}。正式运行时会重试四次，之后租约失效，任务回到督办人。",
        "It crashes: {what}. In service this is tried four times more; then the lease lapses and"
        " the supervisor has the task back.",
    ),
    Fault.NOT_ACCEPTED: (
        "{seconds:g} 秒内没有接收任务（accept）。",
        "It did not accept the task within {seconds:g} s.",
    ),
    Fault.NO_OUTCOME: (
        "接收后 {seconds:g} 秒内没有结果（complete、return 或 ask_help）。"
        "处理确需更久，请加大 --within。",
        "No outcome (complete, return or ask_help) came within {seconds:g} s of the task. If the"
        " work takes longer, give more with --within.",
    ),
    Fault.NO_EVIDENCE: (
        "办结时没有附证据，而任务要求：{what}。",
        "It completes without evidence, though the task asks for {what}.",
    ),
    Fault.TWICE: (
        "同一次派遣报告了两次结果（{what}）。收件至少一次，可能重复：请记住已处理的任务，"
        "重发时用同一个命令编号。",
        "It ends one assignment twice ({what}). Items can come twice: remember what was worked on,"
        " and send a command again under the same id.",
    ),
    Fault.NO_HEARTBEAT: (
        "租约 {lease:g} 秒，却有 {seconds:g} 秒没有心跳（heartbeat）：租约会失效。",
        "No heartbeat for {seconds:g} s under a lease of {lease:g} s: the lease would have lapsed.",
    ),
    Fault.IGNORES_WITHDRAWAL: (
        "任务撤回后仍在发送：{what}。请停止处理。",
        "After the task was withdrawn it still sends {what}. Stop the work.",
    ),
    Fault.BLOCKS_LOOP: (
        "事件循环停顿了 {seconds:.1f} 秒，位置：{what}。"
        "请用 await，或写成普通函数（在线程中运行）。",
        "It blocks the event loop for {seconds:.1f} s at {what}. Await instead, or make the"
        " handler a plain function: those run in a thread.",
    ),
    Fault.WRONG_ID: (
        "命令编号 {what} 不以 <taskid>:<assignment>: 开头：重启后会重复执行。",
        "The command id {what} does not begin with <taskid>:<assignment>: so that after a restart"
        " it would be done again.",
    ),
}
"""In Chinese and in English."""


@dataclass(frozen=True)
class Finding:
    """One fault, found while ``scenario`` was played."""

    fault: Fault
    scenario: str
    zh: str
    en: str


def finding(fault: Fault, scenario: str, **values: object) -> Finding:
    zh, en = WORDS[fault]
    return Finding(fault, scenario, zh.format(**values), en.format(**values))
