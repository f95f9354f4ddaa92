"""The kit's commands for whoever runs it: each file one group."""
