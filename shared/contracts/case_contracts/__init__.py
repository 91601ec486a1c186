"""Events, commands and values that civicgrid's services and departments exchange."""

__version__ = "1.2.0"
