"""Rules on prompts with completions."""
