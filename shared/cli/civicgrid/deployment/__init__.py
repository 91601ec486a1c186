"""What one run of civicgrid consists of: processes, users, queues, databases."""

from civicgrid.deployment.run import Run
from civicgrid.deployment.services import service_processes

__all__ = ["Run", "service_processes"]
