"""Rules on preferences: an input, and two outputs of which one is preferred."""
