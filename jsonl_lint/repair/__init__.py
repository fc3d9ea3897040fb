"""Repairs files: edits spliced into the original bytes of the lines that need them, and rewrites that lose nothing."""
