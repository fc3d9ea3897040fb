"""Rules on reinforcement: a prompt, and further keys for its grader."""
