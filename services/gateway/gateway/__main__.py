"""``python -m gateway``."""

from gateway.main import parts
from gateway.settings import GatewaySettings
from service_kit.app import serve

serve(parts(GatewaySettings()))
