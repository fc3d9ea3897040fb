"""Rules on tools: those declared, calls of them, and results."""
