"""Why a command is refused: the codes of ``command.answered``."""

from case_contracts.refusals.said import NOTHING, PROGRAM, STOP, WORK_ON, Refusal, said

OF_COMMANDS: dict[str, Refusal] = {
    "invalid": said(
        "不是命令：缺字段、多字段或值不合规。",
        "It is no command: a field is missing, unknown or has a wrong value.",
        *PROGRAM,
    ),
    "wrong_sender": said(
        "连接的用户与消息的 user_id 不是该部门。",
        "The message's AMQP user is not the department's.",
        "用本部门的凭据连接。",
        "Connect with the department's own credentials.",
    ),
    "command_id_reused": said(
        "同一编号先前发过不同内容。",
        "The id was used before, with another content.",
        *PROGRAM,
    ),
    "not_your_task": said(
        "没有这项任务，或不是本部门的。",
        "There is no such task, or it is not yours.",
        *STOP,
    ),
    "assignment_is_over": said(
        "派遣已结束：已收回、已退回、已重新派遣或待裁定。",
        "The assignment is over: withdrawn, returned, given anew, or waiting for a ruling.",
        *STOP,
    ),
    "charter_revoked": said(
        "所依据的权责条目已终止（权随责走）。",
        "The charter entry that it relied on is no longer in force (power follows responsibility).",
        *STOP,
    ),
    "already_done": said(
        "任务已办结或已收回，当前状态不能这样做。",
        "The task is done or taken away: not possible in the case's present state.",
        *STOP,
    ),
    "already_accepted": said(
        "任务已经接收。",
        "The task is accepted already.",
        "继续处理并发送心跳。",
        "Go on, with heartbeats.",
    ),
    "operation_open": said(
        "本案的联合行动尚未结束。",
        "An operation on this case is still under way.",
        "待 operation.concluded 后用新编号再发；牵头部门先签退。",
        "Say it again after operation.concluded; as its lead, sign off first.",
        retry=True,
    ),
    "evidence_missing": said(
        "该立案条件要求附证据，命令中没有。",
        "The condition asks for evidence and the command names none.",
        "附上证据编号，用新编号再发 complete。",
        "Complete again with evidence, under a new id.",
    ),
    "conflict_of_interest": said(
        "所请部门是投诉所指的对象。",
        "A unit that was called is one that the case is about.",
        "不请该部门，另行吹哨。",
        "Call other units.",
    ),
    "ruled": said(
        "任务系裁定派遣，不得退回。",
        "An arbiter has given the task: it cannot be returned.",
        "由本部门处理。",
        "Do it: the task is yours.",
    ),
    "not_accepted": said(
        "部门须先接收任务，才能申请时间。",
        "Time can be asked for only after the task was accepted.",
        "先发 accept，再用新编号申请。",
        "Accept first, then ask under a new id.",
    ),
    "no_limit": said("本事项没有时限。", "The task has no limit.", *NOTHING),
    "limit_ended": said("时限已到。", "The limit has ended.", *WORK_ON),
    "request_pending": said(
        "已有申请待批。",
        "Another request waits for an answer.",
        "等待 notice 告知结果。",
        "Wait for the notice that says how it was decided.",
    ),
    "paused_already": said("已挂账。", "Time stands still already.", *NOTHING),
    "no_pauses_left": said("挂账次数已用完。", "No more pauses in this case.", *WORK_ON),
    "no_extensions_left": said("延期次数已用完。", "No more extensions in this case.", *WORK_ON),
    "until_is_past": said(
        "挂账的截止时间已过。",
        "The end of the pause is not in the future.",
        "用将来的时间、新编号再申请。",
        "Ask again with a time to come, under a new id.",
    ),
    "too_long": said(
        "所申请的时间超过本区规则的上限。",
        "It is more time than the district's rules allow.",
        "缩短后用新编号再申请。",
        "Ask for less, under a new id.",
    ),
    "not_your_operation": said(
        "没有这次联合行动，或没有请本部门。",
        "There is no such operation, or you were not called.",
        *STOP,
    ),
    "operation_is_over": said("联合行动已结束。", "The operation has been concluded.", *STOP),
    "unit_is_invited": said(
        "本部门尚未到场，不能签退。",
        "You were called and have not arrived: you cannot sign off.",
        "先发 arrive。",
        "Arrive first.",
    ),
    "unit_is_joined": said(
        "本部门已应召；到场前不能签退，也无须再次应召。",
        "You have said that you come: it need not be said again, and you sign off after arriving.",
        "发 arrive。",
        "Arrive.",
    ),
    "unit_is_declined": said(
        "本部门已谢绝；如要参加须先应召。",
        "You have declined: whoever comes after all has to join first.",
        "如要参加，先发 join。",
        "Join first, if you come after all.",
    ),
    "unit_is_arrived": said(
        "本部门已到场；只剩签退。", "You are on the spot: only signing off is left.", *NOTHING
    ),
    "unit_is_signed_off": said("本部门已签退。", "You have signed off.", *NOTHING),
}
"""The codes of ``command.answered``."""
