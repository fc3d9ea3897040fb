"""Training weights."""
