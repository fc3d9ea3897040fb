"""What a training job's `results.csv` says."""
