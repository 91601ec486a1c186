"""Collection and filing: takes reports, opens cases."""
