"""The file as a whole, and its lines as lines."""
