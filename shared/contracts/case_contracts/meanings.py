"""What every event, command and inbox item means, in Chinese.

The English meaning is the docstring of its model; both stand in the schemas and in AsyncAPI.
Keys: an event's name without its version, a command's name, an inbox item's kind.
"""

EVENTS_ZH: dict[str, str] = {
    "district.published": "区县已载入：自上而下的网格层级、根网格、时区与工作日历。",
    "grid.published": "网格在 [valid_from, valid_to) 内有效，含边界与户数。",
    "grid.retired": "网格停用；此前上报的案卷仍归属该网格。",
    "posting.started": "人员在 [valid_from, valid_to) 内担任某网格岗位，并按班次值守。",
    "posting.ended": "人员离任。",
    "portfolio.assigned": "领导分管某网格范围内的部门与事项。",
    "department.registered": "部门已登记，可以授予权责，并有自己的消息空间。",
    "charter.granted": "权责清单条目：事项 × 网格子树 × 角色 × 权力，权随责走。",
    "charter.revoked": "权责条目终止：派遣、收件、查看与办理的权利随之终止。",
    "standard.published": "事项标准的一个不可更改版本：立案条件、时限与结案条件。",
    "calendar.published": "工作日历的一个版本：各工作日时段、节假日与调休上班日。",
    "matter.admitted": "事项准入：在 [valid_from, valid_to) 内可派给网格员。",
    "matter.withdrawn": "事项退出准入，不得再派给网格员。",
    "report.received": "收到上报；原文、联系方式与精确位置保存在受理服务的保险库中。",
    "report.rejected": "上报未立案及其原因；上报本身予以保留。",
    "case.opened": "案卷已建立：事项、上报时有效的网格、锁定的标准版本。",
    "satisfaction.rated": "上报人评价：问题是否解决，满意度 1 至 5。",
    "case.received": "派遣服务接手已立案的案卷：此后各项决定的依据。",
    "task.assigned": "任务已派给一个处理方；每换一次处理方，派遣序号加一。",
    "task.accepted": "处理方已签收，并须在租约到期前发送心跳。",
    "task.progressed": "处理方发来心跳或工作步骤，租约续期。",
    "task.returned": "处理方退回任务（仅限一次），附原因与建议责任方。",
    "task.completed": "处理方称工作已完成，并附证据引用。",
    "task.lapsed": "未按时签收或未发送心跳，任务提请督办人员处理。",
    "task.revoked": "任务被收回；处理方查看与办理的权利随即终止。",
    "task.overdue": "处理时限已到而工作未完成。",
    "clock.started": "某责任方的计时段开始，锁定标准与日历版本。",
    "clock.stopped": "某责任方的计时段结束：完成、收回或结案。",
    "verification.requested": "由非处理人员按结案条件进行核实。",
    "verification.passed": "非处理人员核实：工作符合结案条件。",
    "verification.failed": "核实不通过，由处理方返工。",
    "case.closed": "案卷结案；无时限的事项不计是否按期。",
    "case.reopened": "已结案卷重新打开：新增计时段，保留原有计时段。",
    "case.placed": "由人工确定无位置案卷所在的网格。",
    "whistle.blown": "处理方或网格吹哨，请有关部门共同处置。",
    "command.refused": "部门命令未被采纳及其原因；retry 表示稍后重试是否可能成功。",
    "operation.convened": "吹哨后召集联合执法行动：牵头单位、配合单位与到场时限。",
    "unit.invited": "邀请牵头或配合部门参加。",
    "unit.joined": "被邀部门答复：前来。",
    "unit.declined": "被邀部门答复：不来，并说明原因。",
    "unit.arrived": "单位已到场；on_time 表示是否在到场时限内。",
    "unit.signed_off": "单位已完成其负责的部分。",
    "operation.concluded": "牵头单位签字，行动结束，案卷继续办理。",
    "operation_command.refused": "部门对联合行动的命令未被采纳及其原因；"
    "retry 表示稍后重试是否可能成功。",
    "score.published": "某部门或网格一个月的指标，自发布起冻结。",
    "subscription.created": "将以这些渠道和语言告知上报人案卷进展；历史导入的上报不告知任何人。",
    "notice.queued": "即将告知上报人，等待发送。",
    "notice.sent": "已告知上报人。",
    "notice.failed": "未能告知上报人；原因为代码，不含任何地址。",
}

COMMANDS_ZH: dict[str, str] = {
    "accept": "部门签收任务，取得租约。",
    "heartbeat": "仍在处理：续租。",
    "progress": "由部门命名的工作步骤；同时续租。",
    "return": "不属本部门：退回任务（仅限一次），附原因代码与建议责任方。",
    "complete": "工作已完成；evidence 为证据引用。",
    "ask_help": "吹哨：请其他部门共同处置。",
    "join": "被邀部门前来。",
    "decline": "被邀部门不来，并说明原因。",
    "arrive": "单位已到场。",
    "sign_off": "单位已完成其负责的部分；牵头单位签字即结束行动。",
}

INBOX_ZH: dict[str, str] = {
    "task.assigned": "待签收的任务；text 与 point 为上报人原话与精确位置。",
    "task.withdrawn": "任务已不属本部门：请停止办理，此后的命令不再被接受。",
    "command.answered": "命令的结果：已接受，或被拒绝及其代码与能否重试。",
    "operation.invited": "本部门被召集参加联合执法行动，牵头或配合。",
    "operation.progressed": "告知牵头单位：被邀单位已答复、到场或完成。",
    "operation.concluded": "告知各单位：牵头单位已签字，行动结束。",
}

ENVELOPE_ZH = "一条事件的信封：CloudEvents 1.0 结构化 JSON，data 为事件内容。"
FORWARDED_ZH = "网关转交的部门命令，附消息中间件确认的部门身份。"
