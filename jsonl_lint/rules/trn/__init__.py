"""The order of turns."""
