"""An example as a whole."""
