"""The dataset as a whole."""
