"""Intake's own metrics."""

from prometheus_client import Gauge

WAITING = Gauge("civicgrid_intake_triage_waiting", "Reports that wait for a reviewer")
OVERDUE = Gauge("civicgrid_intake_triage_overdue", "Of those, how many have waited too long")
