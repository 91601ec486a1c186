"""Why evidence is not taken, or not shown."""

from case_contracts.refusals.said import NOTHING, PROGRAM, Refusal, said

_OTHER_FILE = ("换一个文件，用新的幂等键再发。", "Send another file, under a new key.")

OF_EVIDENCE: dict[str, Refusal] = {
    "too_slow": said(
        "文件未在时限内传完。",
        "The file did not come in time.",
        "用同一幂等键再发。",
        "Send it again under the same key.",
        retry=True,
        status=408,
    ),
    "evidence_full": said(
        "该任务处理前或处理后的证据已达上限。",
        "The task has as much evidence before, or after, the work as it may have.",
        "办结时引用已有的证据。",
        "Complete with what there is.",
        status=409,
    ),
    "task_not_known": said(
        "尚无这项任务的消息。",
        "The news of this task has not come yet, or there is none.",
        "按 Retry-After 等待后再发同一请求。",
        "Wait as Retry-After says, then send the same request.",
        retry=True,
        status=409,
    ),
    "removed": said(
        "证据曾经有过，已删除。", "It was there once and was removed.", *NOTHING, status=410
    ),
    "erased": said(
        "案件的密钥已销毁，内容无法再读。",
        "The case's key was destroyed: it can be read no longer.",
        *NOTHING,
        status=410,
    ),
    "link_expired": said(
        "取证链接已过期。",
        "It took too long to be opened.",
        "再请求一次。",
        "Ask again.",
        status=410,
    ),
    "unsupported_type": said(
        "不收这种文件。", "Files of this type are not taken.", *_OTHER_FILE, status=415
    ),
    "type_mismatch": said(
        "内容与所称类型不符。", "The content is not what Content-Type says.", *PROGRAM, status=415
    ),
    "unreadable": said(
        "文件损坏或不完整。", "The file is damaged or cut off.", *_OTHER_FILE, status=422
    ),
    "encrypted": said(
        "文件已加密。",
        "The document is encrypted.",
        "去掉密码后再发。",
        "Send it without password.",
        status=422,
    ),
    "active_content": said(
        "文件含脚本、动作或附件。",
        "The document has scripts, actions or attached files.",
        *_OTHER_FILE,
        status=422,
    ),
    "too_many_pages": said("页数过多。", "It has too many pages.", *_OTHER_FILE, status=422),
    "too_many_frames": said("动画帧数过多。", "It has too many frames.", *_OTHER_FILE, status=422),
    "too_many_pixels": said("像素过多。", "It has too many pixels.", *_OTHER_FILE, status=422),
    "idempotency_key_reused": said(
        "同一幂等键先前发过另一文件。",
        "The key came before with another file.",
        *PROGRAM,
        status=422,
    ),
}
"""What the gateway passes on of evidence from intake, besides those of ``OF_HTTP``."""
