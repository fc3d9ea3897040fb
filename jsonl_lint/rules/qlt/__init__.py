"""The quality of texts."""
