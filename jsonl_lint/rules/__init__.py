"""The built-in rules: one folder per family, one file per rule."""
