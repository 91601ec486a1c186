"""Why an HTTP request is refused: the codes of problem documents."""

from case_contracts.refusals.said import PROGRAM, Refusal, said

OF_HTTP: dict[str, Refusal] = {
    "unauthenticated": said(
        "没有令牌，或令牌过期、签名或受众不对。",
        "No token, or one that has expired or is meant for another service.",
        "取新令牌，再发同一请求。",
        "Get a new token, then send the same request.",
        status=401,
    ),
    "missing_right": said(
        "令牌没有 department 权限。",
        "The token lacks the scope department.",
        "请运维人员更正凭据的权限。",
        "Have the operator mend the client's scopes.",
        status=403,
    ),
    "not_found": said(
        "不是本部门的地址，或没有这个地址。",
        "Not your department's address, or none at all.",
        "核对部门编号与路径。",
        "Check the department's id and the path.",
        status=404,
    ),
    "method_not_allowed": said(
        "该地址不支持此方法。",
        "The address does not take this method.",
        "查 /openapi.json。",
        "See /openapi.json.",
        status=405,
    ),
    "too_large": said("请求体过大。", "The body is too large.", *PROGRAM, status=413),
    "invalid": said(
        "参数或命令不合规；errors 列出字段。",
        "A parameter or the command is not valid; errors names the fields.",
        *PROGRAM,
        status=422,
    ),
    "too_many_requests": said(
        "请求过于频繁。",
        "Asked too often.",
        "按 Retry-After 等待后再发。",
        "Wait as Retry-After says, then send the same request.",
        retry=True,
        status=429,
    ),
    "internal_error": said(
        "系统内部错误，已记录。",
        "An error of ours; it has been logged.",
        "同一编号可稍后再发；仍然失败请联系运维。",
        "The same command may be sent again under its id; if it stays, tell the operator.",
        status=500,
    ),
    "unavailable": said(
        "存储、消息或保险库暂不可用；没有丢失任何内容。",
        "The store, the broker or the vault does not answer; nothing is lost.",
        "按 Retry-After 等待后再发同一请求。",
        "Wait as Retry-After says, then send the same request.",
        retry=True,
        status=503,
    ),
}
"""The codes of the problem documents (RFC 9457) that the gateway answers a department."""
