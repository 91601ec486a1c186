"""Pages for people: residents report, follow their report and answer."""
