"""One line's JSON."""
