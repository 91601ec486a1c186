"""The operator's command line of civicgrid, with a local runner."""
