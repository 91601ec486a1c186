"""What somebody may read statements for. Each look is written down with its purpose."""

from enum import StrEnum

from case_contracts.values import Text


class Purpose(StrEnum):
    """A closed list: who needs another purpose has it added here, with its label."""

    HANDLE_TASK = "handle-task"
    VERIFY = "verify"
    RULE = "rule"
    SUPERVISE = "supervise"
    APPROVE = "approve"
    COMPLAINT = "complaint"
    ERASURE_REQUEST = "erasure-request"
    RETENTION = "retention"


PURPOSES = {
    Purpose.HANDLE_TASK: Text(zh="办理任务", en="To do the work"),
    Purpose.VERIFY: Text(zh="核实结果", en="To check the result"),
    Purpose.RULE: Text(zh="裁定责任", en="To rule who is responsible"),
    Purpose.SUPERVISE: Text(zh="督办", en="To supervise"),
    Purpose.APPROVE: Text(zh="审批", en="To approve or refuse"),
    Purpose.COMPLAINT: Text(zh="处理投诉", en="To look into a complaint"),
    Purpose.ERASURE_REQUEST: Text(zh="应当事人要求删除", en="Somebody asks for erasure"),
    Purpose.RETENTION: Text(zh="保存期限已到", en="The time of keeping has ended"),
}
