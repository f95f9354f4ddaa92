"""What follows from what is taught and what somebody did: plain functions over plain values."""
