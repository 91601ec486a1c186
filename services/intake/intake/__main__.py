"""``python -m intake``."""

from intake.main import parts
from intake.settings import IntakeSettings
from service_kit.app import serve

serve(parts(IntakeSettings()))
