"""What the examples of dispatch's events share."""

CASE = "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11"
TASK = "task:6f0b1c52-97e7-5b8f-8d0b-d2a9b3c4d5e6"
AT = "2026-01-05T09:12:30+08:00"
DUE = "2026-01-05T11:12:30+08:00"
DEPARTMENT = {"kind": "department", "id": "urban-management"}
POST = {
    "kind": "post",
    "id": "posting:410199001001:leader:1",
    "person": "p-000077",
    "grid": "410199001001",
}
