"""A district to try one department's service against: gateway and dispatch played, a clock to
move, fake tasks. ``civicgrid sandbox NAME``."""
