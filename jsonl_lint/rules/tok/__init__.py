"""Rules on tokens: how long examples and jobs are."""
