"""What is said of a refusal, and what to do that several have in common."""

from dataclasses import dataclass

from case_contracts.values import Text


@dataclass(frozen=True)
class Refusal:
    """``when`` it is said, and what to ``do`` about it; ``status`` only over HTTP."""

    when: Text
    do: Text
    retry: bool = False
    status: int | None = None


def said(
    zh: str, en: str, do_zh: str, do_en: str, *, retry: bool = False, status: int | None = None
) -> Refusal:
    return Refusal(Text(zh=zh, en=en), Text(zh=do_zh, en=do_en), retry, status)


STOP = ("停止这项工作，不再发送。", "Stop this work and say no more about it.")
PROGRAM = ("程序有误：改正后用新编号发送。", "A fault of the program: mend it, use a new id.")
NOTHING = ("无需处理。", "Nothing: it is as you want it.")
WORK_ON = ("按原时限继续处理。", "Work on under the limit as it is.")
