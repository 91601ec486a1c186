"""``python -m assessment``: run the service until it is told to stop."""

from assessment.main import parts
from assessment.settings import AssessmentSettings
from service_kit.app import serve

serve(parts(AssessmentSettings()))
