"""``python -m joint``: run the service until it is told to stop."""

from joint.main import parts
from joint.settings import JointSettings
from service_kit.app import serve

serve(parts(JointSettings()))
