"""One message."""
