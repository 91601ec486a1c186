"""What every civicgrid service is made with: settings, store, authentication, telemetry, clock."""
