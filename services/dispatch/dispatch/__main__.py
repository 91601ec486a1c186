"""``python -m dispatch``: run the service until it is told to stop."""

from dispatch.main import parts
from dispatch.settings import DispatchSettings
from service_kit.app import serve

serve(parts(DispatchSettings()))
