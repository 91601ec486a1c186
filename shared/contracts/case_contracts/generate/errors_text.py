"""``errors.md``: every code that a department can be answered, and what to do about it."""

from collections.abc import Mapping

from case_contracts.refusals import OF_COMMANDS, OF_EVIDENCE, OF_HTTP, Refusal

_INTRO = """\
# Codes of refusals

<!-- Written by `python -m case_contracts.generate`; edit case_contracts/refusals instead. -->

A refused command changed nothing. Do not send it again under its old id: the same id is the same
command, and gets the same answer for ever. *Again* says whether the same step can succeed later,
under a new id (`retry` of the answer); otherwise do what the last column says.
命令被拒绝时什么都没有改变。同一编号永远得到同一答复；“可重试”表示稍后用新编号可能成功。

## Answers to commands (`command.answered`)

"""
_HTTP = """
## HTTP problems of the gateway

The body is a problem document (RFC 9457) with `code` and `retry`; where `retry` is true there is a
`Retry-After`. A command is deduplicated by its id, so that the same request may always be sent
again when no answer came. 没有收到答复时，可以用同一编号重发同一请求。

"""
_EVIDENCE = """
## Evidence of a task, over HTTP

Besides those above. A file that was sent is known by its `Idempotency-Key`.
上传证据另有以下代码；同一文件以 `Idempotency-Key` 辨认。

"""


def errors_text() -> str:
    return _INTRO + _table(OF_COMMANDS) + _HTTP + _table(OF_HTTP) + _EVIDENCE + _table(OF_EVIDENCE)


def _table(refusals: Mapping[str, Refusal]) -> str:
    head = "| code | when 何时 | again 可重试 | what to do 怎么办 |\n|---|---|---|---|\n"
    return head + "".join(_row(code, said) for code, said in refusals.items())


def _row(code: str, said: Refusal) -> str:
    name = f"{said.status} `{code}`" if said.status else f"`{code}`"
    again = "yes 是" if said.retry else "no 否"
    when, do = (f"{text.en} {text.zh}" for text in (said.when, said.do))
    return f"| {name} | {when} | {again} | {do} |\n"
