"""Cohorts: who trains with whom, what they are to take, and what of it they share."""
