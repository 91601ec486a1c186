"""Onboarding: a city's own files become a district directory and a file of reports."""

from civicgrid.onboard.errors import OnboardError
from civicgrid.onboard.report import OnboardReport, report_table
from civicgrid.onboard.run import REPORT, onboard

__all__ = ["REPORT", "OnboardError", "OnboardReport", "onboard", "report_table"]
