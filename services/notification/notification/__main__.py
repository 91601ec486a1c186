"""``python -m notification``: run the service until it is told to stop."""

from notification.main import parts
from notification.settings import NotificationSettings
from service_kit.app import serve

serve(parts(NotificationSettings()))
