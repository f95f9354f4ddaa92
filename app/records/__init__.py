"""What is remembered: sealed under each learner's own key, opened by nobody else."""
