"""The encoding of the file."""
