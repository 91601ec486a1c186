"""How long a file may take to come and to be cleaned."""

from intake.adapters.evidence import workshop
from intake.settings import IntakeSettings
from service_kit.http.within import InTime


class WithFile(InTime):
    """A file has to come and to be cleaned first."""

    def seconds(self, settings: IntakeSettings) -> float:
        return settings.evidence_seconds + workshop.SECONDS + settings.request_seconds
