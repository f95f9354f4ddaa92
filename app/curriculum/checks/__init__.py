"""What has to hold between the files, and what an editor must mend."""
