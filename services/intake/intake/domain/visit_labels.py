"""What people read about visits, in Chinese and English."""

from case_contracts.events.intake import RoundKind, RoundPer, Topic, VisitKind
from case_contracts.values import Text

VISIT_KINDS = {
    VisitKind.ROUTINE: Text(zh="日常走访", en="Routine visit"),
    VisitKind.CONCENTRATED: Text(zh="集中走访", en="Concentrated visit"),
    VisitKind.CARE: Text(zh="关爱走访", en="Visit of care"),
    VisitKind.SERVICE: Text(zh="服务走访", en="Visit for a service"),
    VisitKind.MEDIATION: Text(zh="调解走访", en="Visit for mediation"),
    VisitKind.SAFETY: Text(zh="安全走访", en="Safety visit"),
}

TOPICS = {
    Topic.DOCUMENTS: Text(zh="证照办理", en="Documents and certificates"),
    Topic.SOCIAL_INSURANCE: Text(zh="社会保险", en="Social insurance"),
    Topic.MEDICAL: Text(zh="医疗服务", en="Medical services"),
    Topic.EMPLOYMENT: Text(zh="就业服务", en="Employment services"),
    Topic.SCHOOLING: Text(zh="入学事宜", en="Schooling"),
    Topic.HOUSING: Text(zh="住房与修缮", en="Housing and repairs"),
    Topic.UTILITIES: Text(zh="水电气暖", en="Water, power, gas and heating"),
    Topic.HOME_CARE: Text(zh="居家照料", en="Care at home"),
    Topic.SAFETY: Text(zh="消防与用电安全", en="Fire and electrical safety"),
    Topic.LEGAL_AID: Text(zh="法律援助", en="Legal aid"),
    Topic.ENVIRONMENT: Text(zh="环境卫生", en="Environment and sanitation"),
    Topic.OTHER_SERVICE: Text(zh="其他服务", en="Another service"),
}

ROUND_KINDS = {
    RoundKind.ROUTINE: Text(zh="日常走访", en="Routine visits"),
    RoundKind.CONCENTRATED: Text(zh="集中走访", en="Concentrated visits"),
}

PERIODS = {
    RoundPer.MONTH: Text(zh="每月", en="a month"),
    RoundPer.QUARTER: Text(zh="每季", en="a quarter"),
    RoundPer.YEAR: Text(zh="每年", en="a year"),
}
