"""What a notice says, in Chinese and English. No word of it comes from a report."""

from dataclasses import dataclass
from string import Template

from notification.domain.state import Kind


@dataclass(frozen=True)
class Written:
    subject: str
    text: str


_ZH: dict[Kind, tuple[str, str]] = {
    "received": ("已收到您的上报", "您的上报已收到，回执号 $receipt。"),
    "rejected": ("您的上报未能立案", "您的上报（回执号 $receipt）不在受理范围内，未能立案。"),
    "linked": (
        "您的上报已并入同一问题的案卷",
        "您上报的问题（回执号 $receipt）此前已有人上报，现并入同一案卷办理。"
        "您的回执、通知、评价和要求重新办理的权利不变。",
    ),
    "unlinked": (
        "您的上报已单独办理",
        "您上报的问题（回执号 $receipt）与原案卷不是同一问题，现单独办理，时限仍自上报时起算。",
    ),
    "assigned": ("您上报的问题已派遣", "您上报的问题（回执号 $receipt）已派给责任单位处理。"),
    "closed": (
        "您上报的问题已办结，请评价",
        "您上报的问题（回执号 $receipt）已经核实并结案。问题解决了吗？请评价。",
    ),
    "voided": (
        "您上报的问题不再办理",
        "您上报的问题（回执号 $receipt）经核查不再办理。"
        "您不同意的，可在查询页面提出，由上一级决定。",
    ),
    "reopened": ("您上报的问题重新办理", "您上报的问题（回执号 $receipt）已重新打开，继续处理。"),
    "reopening_referred": (
        "您的申请已交上一级决定",
        "您上报的问题（回执号 $receipt）是否重新办理，由上一级决定。",
    ),
    "reopening_refused": (
        "您的案卷不再重新办理",
        "您上报的问题（回执号 $receipt）不再重新办理。原因见查询页面；问题仍在的，可重新上报。",
    ),
}
_EN: dict[Kind, tuple[str, str]] = {
    "received": ("Your report has been received", "We have your report. Receipt: $receipt."),
    "rejected": (
        "Your report could not be taken up",
        "Your report (receipt $receipt) is outside what we handle, so no case was opened.",
    ),
    "linked": (
        "Your report has joined a case",
        "Somebody had reported the same problem before, so your report (receipt $receipt) is dealt"
        " with together with theirs. Your receipt, notices, vote and right to reopen it stay.",
    ),
    "unlinked": (
        "Your report is dealt with by itself",
        "Your report (receipt $receipt) turned out to be about another problem than the case it"
        " was joined to. It has a case of its own now; its time runs from your report.",
    ),
    "assigned": (
        "Your report has been assigned",
        "The problem you reported (receipt $receipt) has been assigned to whoever is responsible.",
    ),
    "closed": (
        "Your report has been resolved: please rate it",
        "The problem you reported (receipt $receipt) has been checked and closed."
        " Is it solved? Please tell us.",
    ),
    "voided": (
        "Nothing more is done about your report",
        "The problem you reported (receipt $receipt) was looked into, and nothing more is done"
        " about it. If you do not agree, say so on the page of your receipt: a higher level"
        " decides.",
    ),
    "reopened": (
        "Your report is being worked on again",
        "The problem you reported (receipt $receipt) is open again.",
    ),
    "reopening_referred": (
        "A higher level decides on your wish",
        "Whether the problem you reported (receipt $receipt) is opened again, a higher level"
        " decides.",
    ),
    "reopening_refused": (
        "Your case stays closed",
        "The problem you reported (receipt $receipt) is not opened again. The reason is on the page"
        " of your receipt; if the problem is still there, report it anew.",
    ),
}
_FOLLOW = {"zh": "查看进展：$link", "en": "See how it goes: $link"}
_RATE = {"zh": "评价：$link", "en": "Rate it: $link"}


def write(kind: Kind, language: str, receipt: str, public_url: str) -> Written:
    """The notice's words. ``receipt`` is the reporter's own, so only they may be shown it. In the
    link it stands behind ``#``: a browser sends that to nobody, so that no log has it."""
    subject, text = (_EN if language == "en" else _ZH)[kind]
    closing = (_RATE if kind == "closed" else _FOLLOW)["en" if language == "en" else "zh"]
    link = f"{public_url.rstrip('/')}/track#{receipt}"
    filled = Template(f"{text}\n{closing}").substitute(receipt=receipt, link=link)
    return Written(subject, filled)
