"""What dispatch keeps beside its commits."""
