"""What somebody may look into the vault for. Each look is written down with its purpose."""

from enum import StrEnum

from case_contracts.values import Text


class Purpose(StrEnum):
    """A closed list: who needs another purpose has it added here, with its label."""

    NOTICE = "notice"
    HANDLE_TASK = "handle-task"
    TRIAGE = "triage"
    CALLBACK = "callback"
    VERIFY = "verify"
    PLACE = "place"
    SUPERVISE = "supervise"
    COMPLAINT = "complaint"
    SAFETY = "safety"
    SPOT_CHECK = "spot-check"
    ERASURE_REQUEST = "erasure-request"
    RETENTION = "retention"
    AUDIT = "audit"


PURPOSES = {
    Purpose.NOTICE: Text(zh="告知上报人办理进展", en="To tell the reporter how it goes"),
    Purpose.HANDLE_TASK: Text(zh="办理任务", en="To do the work"),
    Purpose.TRIAGE: Text(zh="审核立案", en="To decide what the report opens"),
    Purpose.CALLBACK: Text(zh="电话回访", en="To call the reporter back"),
    Purpose.VERIFY: Text(zh="核实结果", en="To check the result"),
    Purpose.PLACE: Text(zh="确定位置", en="To find where it lies"),
    Purpose.SUPERVISE: Text(zh="督办", en="To supervise"),
    Purpose.COMPLAINT: Text(zh="处理对办理人员的投诉", en="To look into a complaint"),
    Purpose.SAFETY: Text(zh="确认工作人员安全", en="To see that somebody on duty is safe"),
    Purpose.SPOT_CHECK: Text(zh="抽查走访与签到", en="To check a visit or check-in at random"),
    Purpose.ERASURE_REQUEST: Text(zh="应上报人要求删除", en="The reporter asks for erasure"),
    Purpose.RETENTION: Text(zh="保存期限已到", en="The time of keeping has ended"),
    Purpose.AUDIT: Text(zh="审计", en="To audit who looked"),
}
